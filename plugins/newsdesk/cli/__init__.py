"""The command line. Each command says with --help what it does and shows an example.

Exit codes: 0 all is well · 1 it ran, and something needs a person · 2 it could not run (setting, file, database).
"""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from newsdesk import __version__
from newsdesk.cli import (
    alerting,
    archive,
    database,
    doctor,
    entities,
    exporting,
    importing,
    looking,
    maintaining,
    reconciling,
    reprocessing,
    retrying,
    running,
    sources,
    status,
    withdrawing,
)
from newsdesk.private_files import tighten_umask

app = typer.Typer(
    no_args_is_help=True,
    help="Scheduled news ingestion: from feeds to clean rows of PostgreSQL.",
    epilog="Settings are environment variables: NEWSDESK_HOME, NEWSDESK_SOURCES, NEWSDESK_ARCHIVE, NEWSDESK_DSN … "
    "Examples: `newsdesk ingest`, `newsdesk explain https://www.example.com/a-story`",
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
for commands in (
    running.commands, status.commands, importing.commands, reprocessing.commands, reconciling.commands,
    maintaining.commands, looking.commands,
    alerting.commands, retrying.commands, exporting.commands, withdrawing.commands, database.commands, doctor.commands,
):  # fmt: skip
    app.add_typer(commands)
app.add_typer(sources.commands, name="sources")
app.add_typer(archive.commands, name="archive")
app.add_typer(entities.commands, name="entities")


@app.callback(invoke_without_command=True)
def main(version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False) -> None:
    tighten_umask()
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    if version:
        print(f"newsdesk {__version__}")
        raise typer.Exit
