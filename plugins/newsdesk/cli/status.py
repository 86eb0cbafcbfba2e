"""The command that tells how it stands, once or for as long as you watch."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsdesk.cli.opening import open_desk, put_json, told

if TYPE_CHECKING:
    from rich.console import RenderableType

commands = typer.Typer()

_EVERY = 2.0  # seconds between two looks of --watch; more where a look takes long
_SHARE = 4  # a look may take so small a part of the time
_BAR = 30  # characters
_COLOURS = {"failing": "bold red", "partly": "yellow", "paused": "yellow", "off": "dim"}


@commands.command()
@told
def status(
    watch: Annotated[bool, typer.Option("--watch", help="Look again every two seconds, until Ctrl-C.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="All of it as one JSON object.")] = False,
) -> None:
    """The run under way or the last one, by stage; each source's state; what is due.

    Without a terminal, --watch looks once. Example: `newsdesk status --watch`
    """
    from rich.live import Live

    from newsdesk import terminal

    if watch and as_json:
        raise typer.BadParameter("JSON is told once, without --watch", param_hint="--json")
    with open_desk() as desk:
        found, took = _look(desk.dsn)
        if as_json:
            put_json(found)
        elif not (watch and terminal.out.is_terminal):
            terminal.out.print(_view(found))
        else:
            with Live(_view(found), console=terminal.out, auto_refresh=False, vertical_overflow="crop") as live:
                try:
                    while True:
                        time.sleep(max(_EVERY, took * _SHARE))
                        found, took = _look(desk.dsn)
                        live.update(_view(found), refresh=True)
                except KeyboardInterrupt:  # the way out, not a fault
                    return


def _look(dsn: str) -> tuple[dict[str, Any], float]:
    """How it stands, and the seconds that it took to see."""
    from newsdesk.store import reports, stock
    from newsdesk.store.database import transaction

    began = time.monotonic()
    with transaction(dsn) as cursor:
        run = stock.last_run(cursor)
        if run is not None:
            run["progress"] = reports.progress(cursor, run["run_id"])
        found = {"run": run, "sources": stock.source_states(cursor), "due": stock.frontier(cursor)}
    return found, time.monotonic() - began


def _view(found: Mapping[str, Any]) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from newsdesk import terminal
    from newsdesk.store.reports import PHASES

    run, due = found["run"], found["due"]
    if run is None:
        return Text("Nothing has run yet. `newsdesk ingest` runs once, `newsdesk start` on a schedule.")
    verb = "under way since" if run["finished_at"] is None else "last run, began"
    end = f", ended {terminal.shown(run['finished_at'])}" if run["finished_at"] else ""
    lines = [
        Text(
            f"run {run['run_id']} ({run['run_key']}): {run['state']}; {verb} {terminal.shown(run['started_at'])}{end}"
        ),
        *(_bar(step, run["progress"]) for step in PHASES if run["progress"]["planned"]),
    ]
    table = terminal.result_table("Sources", found["sources"])
    for row, source in zip(table.rows, found["sources"], strict=True):
        row.style = _COLOURS.get(source["state"])
    since = f", the oldest since {terminal.shown(due['since'])}" if due["since"] else ""
    poll = f"; the next endpoint is asked {terminal.shown(due['next_poll_at'])}" if due["next_poll_at"] else ""
    waiting = Text(f"due: {due['urls']:,} URLs{since}; {due['endpoints']:,} endpoints{poll}")
    return Group(*lines, table, waiting)


def _bar(step: str, progress: Mapping[str, int]) -> RenderableType:
    from rich.text import Text

    done, planned = progress[step], progress["planned"]
    full = _BAR * done // planned
    return Text.assemble(
        f"  {step:<10} ", ("━" * full, "green"), ("━" * (_BAR - full), "dim"), f" {done:,} of {planned:,}"
    )
