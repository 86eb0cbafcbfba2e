"""The command that finds what is wrong with a set-up."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from newsdesk.cli.opening import put_json, told

if TYPE_CHECKING:
    from newsdesk.diagnosis.checking import Finding

commands = typer.Typer()

_SIGNS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fault": ("✗", "bold red"), "unknown": ("?", "dim")}


@commands.command()
@told
def doctor(
    airflow: Annotated[bool, typer.Option(help="Ask Airflow, too, where there is one; takes some seconds.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Every check as one JSON object.")] = False,
) -> None:
    """Look for what is likely wrong with the set-up: settings, disk, sources, database, archive, models, Airflow.

    Each check says what it saw and the remedy; one that could not be made says why. Nothing is changed, and none takes
    longer than a minute. Ends with 0 if nothing is at fault (there may be warnings), with 1 if something is.
    Example: `newsdesk doctor`, or `newsdesk doctor --json | jq '.checks[] | select(.state == "fault")'`
    """
    from newsdesk.diagnosis.all_checks import diagnose
    from newsdesk.diagnosis.checking import State

    found = diagnose(os.environ, with_airflow=airflow)
    counts = Counter(finding.state.value for finding in found)
    if as_json:
        sums = {state.value: counts[state.value] for state in State}
        put_json({**sums, "checks": found})
    else:
        _show(found, counts)
    if counts[State.FAULT]:
        raise typer.Exit(1)


def _show(found: Sequence[Finding], counts: Counter[str]) -> None:
    from rich.table import Table
    from rich.text import Text

    from newsdesk import terminal

    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in found:
        sign, style = _SIGNS[finding.state.value]
        words = Text(finding.seen)
        if finding.remedy:
            words.append(f"\n→ {finding.remedy}", style="bold")
        table.add_row(Text(sign, style=style), Text(finding.check, style=style), words)
    terminal.out.print(table)
    names = {"ok": "well", "warn": "to be looked at", "fault": "at fault", "unknown": "could not be looked at"}
    terminal.out.print(", ".join(f"{counts[state]} {words}" for state, words in names.items() if counts[state]))
