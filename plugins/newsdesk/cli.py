"""The command line. Each command says with --help what it does and shows an example.

Exit codes: 0 all is well · 1 it ran, and something needs a person · 2 it could not run (setting, file, database).
"""

from __future__ import annotations

import enum
import functools
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from newsdesk import __version__
from newsdesk.errors import CheckFailed, NewsdeskError
from newsdesk.settings import Settings, read_settings

if TYPE_CHECKING:
    from newsdesk.desk import Desk

app = typer.Typer(
    no_args_is_help=True,
    help="Scheduled news ingestion: from feeds to clean rows of PostgreSQL.",
    epilog="Settings are environment variables: NEWSDESK_HOME, NEWSDESK_SOURCES, NEWSDESK_ARCHIVE, NEWSDESK_DSN …",
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
sources_app = typer.Typer(no_args_is_help=True, help="The source files: list and check them.")
app.add_typer(sources_app, name="sources")

Command = TypeVar("Command", bound=Callable[..., Any])


class Step(enum.StrEnum):
    URL = "url"
    EXTRACT = "extract"
    DEDUPE = "dedupe"
    ENTITIES = "entities"


def _told(command: Command) -> Command:
    """Our own errors as one clear line, without a traceback."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except CheckFailed as error:
            _say(f"check failed: {error}")
            raise typer.Exit(1) from None
        except NewsdeskError as error:
            _say(f"newsdesk: {error}")
            raise typer.Exit(2) from None

    return run  # type: ignore[return-value]


def _say(line: str) -> None:
    print(line, file=sys.stderr)


@contextmanager
def _database(settings: Settings, *, keep: bool = False) -> Iterator[str]:
    """The DSN of the news database: NEWSDESK_DSN, else the embedded one, started where it does not run.

    What was started here is stopped again, but for `keep`.
    """
    from newsdesk.local import postgres
    from newsdesk.store.migrate import migrate

    if settings.dsn:
        migrate(settings.dsn)
        yield settings.dsn
        return
    was_running = postgres.running(settings.home) is not None
    dsn = postgres.start(settings.home)
    try:
        migrate(dsn)
        yield dsn
    finally:
        if not was_running and not keep:
            postgres.stop(settings.home)


@contextmanager
def _desk() -> Iterator[Desk]:
    from newsdesk.desk import Desk

    settings = read_settings()
    with _database(settings) as dsn:
        yield Desk(settings, dsn)


@app.callback(invoke_without_command=True)
def main(version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False) -> None:
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    if version:
        print(f"newsdesk {__version__}")
        raise typer.Exit


@app.command()
@_told
def demo(
    once: Annotated[bool, typer.Option(help="End by itself once the rows have arrived.")] = False,
    port: Annotated[int, typer.Option(help="First of the ports of the demo's web servers.")] = 8701,
) -> None:
    """The whole pipeline on a small web of made-up newspapers, run by Airflow.

    Prints what arrived and where to look; stays up until Ctrl-C. Example: `newsdesk demo --once`
    """
    from newsdesk.local.demo import run_demo

    raise typer.Exit(run_demo(read_settings(), port, once=once))


@app.command()
@_told
def start(
    schedule: Annotated[str | None, typer.Option(help="Cron of the runs, or `none`. Default: hourly.")] = None,
) -> None:
    """PostgreSQL and Airflow on this machine with your sources, until Ctrl-C.

    Example: `NEWSDESK_SOURCES=my-sources newsdesk start`
    """
    from newsdesk.local.demo import run_start

    run_start(read_settings(), schedule)


@app.command()
@_told
def stop() -> None:
    """Stop the embedded PostgreSQL, where a command such as `newsdesk dsn` left it running."""
    from newsdesk.local import postgres

    postgres.stop(read_settings().home)


@app.command()
@_told
def ingest(
    source: Annotated[list[str] | None, typer.Option(help="Only this source; may be given more than once.")] = None,
    max_per_run: Annotated[int | None, typer.Option(min=1, help="At most so many URLs of each source.")] = None,
    quiet: Annotated[bool, typer.Option(help="No progress; only what needs a person.")] = False,
) -> None:
    """One whole run in the foreground, without Airflow.

    Ends with 0 if all is well, with 1 if something needs a person (it is named).
    Example: `newsdesk ingest --source example-times --max-per-run 20`
    """
    from newsdesk import terminal
    from newsdesk.ingest import ingest as run
    from newsdesk.store import reports, stock
    from newsdesk.store.database import transaction

    with _desk() as desk:
        if quiet:
            result = run(desk, source or (), max_per_run)
        else:
            with terminal.RunProgress() as progress:
                result = run(desk, source or (), max_per_run, progress.tell)
            with transaction(desk.dsn) as cursor:
                terminal.out.print(
                    terminal.arrivals(reports.read_reports(cursor, result.run_id), stock.articles_by_source(cursor))
                )
    for failure in result.failures:
        _say(f"needs a person: {failure}")
    if result.failures:
        raise typer.Exit(1)


@app.command()
@_told
def status() -> None:
    """The last run, and each source's state."""
    from newsdesk import terminal
    from newsdesk.store import stock
    from newsdesk.store.database import transaction

    with _desk() as desk, transaction(desk.dsn) as cursor:
        run = stock.last_run(cursor)
        if run is None:
            terminal.out.print("Nothing has run yet. `newsdesk ingest` runs once, `newsdesk start` on a schedule.")
            return
        end = f", ended {terminal.shown(run['finished_at'])}" if run["finished_at"] else ""
        terminal.out.print(
            f"last run {run['run_id']} ({run['run_key']}): {run['state']}, started {terminal.shown(run['started_at'])}{end}"
        )
        terminal.out.print(terminal.result_table("Sources", stock.source_states(cursor)))


@app.command()
@_told
def dsn() -> None:
    """Print the address of the news database; starts the embedded one, and leaves it running.

    Example: `psql "$(newsdesk dsn)" -c 'SELECT count(*) FROM news.article'`
    """
    with _database(read_settings(), keep=True) as found:
        print(found)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
@_told
def psql(context: typer.Context) -> None:
    """Open psql on the news database; further arguments are psql's.

    Example: `newsdesk psql -c 'SELECT title FROM news.article LIMIT 3'`
    """
    import shutil
    import subprocess

    from newsdesk.local import postgres

    program = shutil.which("psql") or postgres.program("psql")
    with _database(read_settings()) as found:
        # the password, if any, goes by the environment: arguments are for all to see
        code = subprocess.call([str(program), *context.args], env={**os.environ, **_psql_environment(found)})
    raise typer.Exit(code)


def _psql_environment(dsn: str) -> dict[str, str]:
    from psycopg2.extensions import parse_dsn

    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
        "sslmode": "PGSSLMODE",
    }
    return {names[key]: value for key, value in parse_dsn(dsn).items() if key in names}


@app.command()
@_told
def migrate() -> None:
    """Bring the news database to this version: schemas, tables, comments. Safe to run again."""
    from newsdesk.store.migrate import migrate as apply

    settings = read_settings()
    if settings.dsn:
        applied = apply(settings.dsn)
        print("\n".join(f"applied {name}" for name in applied) or "the database is up to date")
    else:
        with _database(settings):
            print("the embedded database is up to date")


@app.command()
@_told
def explain(url: str) -> None:
    """Everything known about one URL, in order: found where and when, each fetch, each stage, its outcome and row.

    Example: `newsdesk explain https://www.example.com/2026/03/02/some-article`
    """
    from newsdesk import terminal, urls
    from newsdesk.store import explain as store
    from newsdesk.store.database import transaction

    try:
        key = urls.canonical_key(url)
    except ValueError as error:
        _say(f"newsdesk: {url!r} is not the address of a page: {error}")
        raise typer.Exit(2) from None
    with _desk() as desk, transaction(desk.dsn) as cursor:
        url_id = store.find_url(cursor, url, key)
        if url_id is None:
            _say(f"{url} was never found. `newsdesk status` shows when each source was last polled.")
            raise typer.Exit(1)
        found = store.found_where(cursor, url_id)
        article = store.article(cursor, found["article_id"]) if found["article_id"] else None
        terminal.out.print(terminal.story_of(found, store.visits(cursor, url_id), article))


@app.command(name="try")
@_told
def try_step(
    step: Step,
    online: Annotated[bool, typer.Option(help="dedupe: decide row by row, as they come.")] = False,
) -> None:
    """One craft alone as a filter: JSON lines in, JSON lines out, one for each in order. Needs no database.

    Example: `echo '{"url": "HTTP://Example.com/a?utm_source=x"}' | newsdesk try url`
    """
    from newsdesk import filters

    filters.run(step.value, read_settings(), sys.stdin, sys.stdout, online=online)


@sources_app.command("list")
@_told
def sources_list() -> None:
    """The sources in NEWSDESK_SOURCES."""
    from newsdesk import terminal
    from newsdesk.sources import load_sources

    found, faults = load_sources(read_settings().sources)
    terminal.out.print(
        terminal.result_table(
            "Sources",
            (
                {
                    "id": source.id, "name": source.name, "language": source.language, "enabled": "yes" if source.enabled else "no",
                    "endpoints": ", ".join(f"{e.kind.value} {e.url}" for e in source.endpoints) or "found from the homepage",
                }
                for source in found
            ),
        )
    )  # fmt: skip
    for fault in faults:
        _say(str(fault))
    if faults:
        raise typer.Exit(1)


@sources_app.command("check")
@_told
def sources_check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders; default: NEWSDESK_SOURCES.")] = None,
) -> None:
    """Check source files: each fault with file, line and remedy; exit code 1 if there is one.

    Example: `newsdesk sources check dags/sources/example-times.yaml`
    """
    from newsdesk.sources import load_sources, read_source

    good, faults = 0, []
    for path in paths or [read_settings().sources]:
        if path.is_dir() or not path.exists():
            found, wrong = load_sources(path)
        else:
            source, wrong = read_source(path)
            found = [source] if source else []
        good += len(found)
        faults += wrong
    for fault in faults:
        print(fault)
    print(f"{good} sources are well, {len(faults)} faults")
    if faults:
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
