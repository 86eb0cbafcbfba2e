"""Commands on the source files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from newsdesk.cli.opening import say, told
from newsdesk.settings import read_settings

commands = typer.Typer(no_args_is_help=True, help="The source files: list and check them.")


@commands.command("list")
@told
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
        say(str(fault))
    if faults:
        raise typer.Exit(1)


@commands.command("check")
@told
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
