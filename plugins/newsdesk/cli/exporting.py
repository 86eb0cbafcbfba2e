"""The command that writes the analysts' tables to files."""

from __future__ import annotations

import enum
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from newsdesk.cli.opening import open_desk, put_json, told

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
    as_json: Annotated[bool, typer.Option("--json", help="What was written, as one JSON object.")] = False,
    quiet: Annotated[bool, typer.Option(help="No progress.")] = False,
) -> None:
    """Write the tables of schema news to files, by the day on which articles were first seen.

    A folder that holds an export is brought up to date: only days with a change are written anew. Stopped at any point
    and started again, it goes on. Example: `newsdesk export --format csv --since 2026-03-01`
    """
    from newsdesk import terminal
    from newsdesk.exporting.export import describe
    from newsdesk.exporting.export import export as write
    from newsdesk.progress import Progress

    with open_desk() as desk, Progress(quiet=quiet, as_json=as_json) as progress:
        target = to or str(desk.settings.home / "export")
        done = write(
            desk.dsn,
            target,
            form.value,
            since=since.date() if since else None,
            until=until.date() if until else None,
            tell=lambda day, number, of: progress.bar("export", number, of or None, f"days {day}"),
        )
    if as_json:
        put_json({"export": target, "format": form.value, **asdict(done)})
        return
    for line in describe(done):
        terminal.out.print(line, markup=False)
    terminal.out.print(f"export: {target}", markup=False)
