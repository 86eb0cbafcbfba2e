"""Commands on the news database: its address, psql, logins for analysts, migrations."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from newsdesk.cli.opening import open_database, open_server, put_json, say, told
from newsdesk.settings import read_settings

commands = typer.Typer()


@commands.command()
@told
def dsn() -> None:
    """Print the address of the news database; starts the embedded one, and leaves it running.

    Example: `psql "$(newsdesk dsn)" -c 'SELECT count(*) FROM news.article'`
    """
    with open_database(read_settings(), keep=True) as found:
        print(found)


@commands.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
@told
def psql(context: typer.Context) -> None:
    """Open psql on the news database; further arguments are psql's.

    Example: `newsdesk psql -c 'SELECT title FROM news.article LIMIT 3'`
    """
    import shutil
    import signal
    import subprocess

    from newsdesk.local import postgres_programs
    from newsdesk.store.dsn import without_passwords

    program = shutil.which("psql") or postgres_programs.program("psql")
    with open_database(read_settings()) as found:
        # Ctrl-C is psql's, which cancels its query and goes on; what is ignored here would be ignored by its children too
        before = signal.signal(signal.SIGINT, lambda number, frame: None)
        try:
            code = subprocess.call(
                [str(program), *_psql_arguments(without_passwords(found), context.args)],
                env={**os.environ, **_psql_environment(found)},
            )
        finally:
            signal.signal(signal.SIGINT, before)
    raise typer.Exit(code)


def _psql_arguments(dsn: str, args: list[str]) -> list[str]:
    """After --dbname, psql would take a name that stands alone for the user's, and after -d forget the address."""
    if not args or args[0].startswith("-"):
        return [f"--dbname={dsn}", *args]
    from psycopg2.extensions import make_dsn

    name, *others = args
    if "=" in name or "://" in name:
        return [f"--dbname={name}", *others]
    return [f"--dbname={make_dsn(dsn, dbname=name)}", *others]


def _psql_environment(dsn: str) -> dict[str, str]:
    """The password, which may not stand in arguments; and the place, where the caller's own arguments name a database."""
    from psycopg2.extensions import parse_dsn

    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "sslmode": "PGSSLMODE"}
    return {names[key]: value for key, value in parse_dsn(dsn).items() if key in names}


@commands.command()
@told
def reader(
    name: Annotated[str, typer.Argument(help="The login, such as an analyst's or a BI tool's.")],
    timeout: Annotated[int, typer.Option(min=1, help="Seconds after which its statements end.")] = 300,
) -> None:
    """Make a login that may read the schema news and nothing else; done again, it gets another password.

    The password is asked for, or taken from NEWSDESK_READER_PASSWORD: never from the command line, which others can
    see. Example: `newsdesk reader metabase --timeout 60`
    """
    from newsdesk.store.database import transaction
    from newsdesk.store.logins import make_reader

    password = os.environ.get("NEWSDESK_READER_PASSWORD") or typer.prompt(
        f"Password for {name}", hide_input=True, confirmation_prompt=True, err=True
    )
    with open_database(read_settings()) as dsn, transaction(dsn) as cursor:
        is_new = make_reader(cursor, name, password, timeout)
    say(
        f"{name} {'may read' if is_new else 'has another password; it may read'} the schema news, {timeout} s a statement"
    )


@commands.command()
@told
def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing: say what would be applied, and end with 1 if there is any.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="The migrations applied, or to apply, as one JSON object.")
    ] = False,
) -> None:
    """Bring the news database to this version: schemas, tables, comments, roles. Safe to run again.

    Each migration is one transaction. One that waits for half a minute on a table that others use gives up: run it again.
    Example: `newsdesk migrate --check`
    """
    from newsdesk.store.migrate import migrate as apply
    from newsdesk.store.migrate import pending

    applied: list[str] = []
    lacking: list[str] = []
    with open_server(read_settings()) as dsn:
        if check:
            lacking = pending(dsn)
        else:
            applied = apply(dsn)
    if as_json:
        put_json({"applied": applied, "to_apply": lacking})
    else:
        lines = [f"to apply: {name}" for name in lacking] + [f"applied {name}" for name in applied]
        print("\n".join(lines) or "the database is up to date")
    raise typer.Exit(bool(lacking))
