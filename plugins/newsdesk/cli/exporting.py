"""The command that writes the analysts' tables to files."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated

import typer

from newsdesk.cli.opening import open_desk, told

commands = typer.Typer()


class Format(enum.StrEnum):
    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"


@commands.command()
@told
def export(
    to: Annotated[
        str | None,
        typer.Option(metavar="FOLDER", help="A folder, or an address such as s3://…. Default: $NEWSDESK_HOME/export"),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How the rows are written.")] = Format.PARQUET,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only articles first seen on this day (UTC) or later.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only articles first seen on this day or earlier.")
    ] = None,
    quiet: Annotated[bool, typer.Option(help="No progress.")] = False,
) -> None:
    """Write the tables of schema news to files, by the day on which articles were first seen.

    A folder that holds an export is brought up to date: only days with a change are written anew. Stopped at any point
    and started again, it goes on. Example: `newsdesk export --format csv --since 2026-03-01`
    """
    from rich.progress import Progress

    from newsdesk import terminal
    from newsdesk.exporting.export import describe
    from newsdesk.exporting.export import export as write

    with open_desk() as desk, Progress(console=terminal.err, transient=True, disable=quiet) as progress:
        task = progress.add_task("export", total=None)
        target = to or str(desk.settings.home / "export")
        done = write(
            desk.dsn,
            target,
            form.value,
            since=since.date() if since else None,
            until=until.date() if until else None,
            tell=lambda what, number, of: progress.update(task, description=what, completed=number, total=of or None),
        )
    for line in describe(done):
        terminal.out.print(line, markup=False)
    terminal.out.print(f"export: {target}", markup=False)
