"""The command of the nightly upkeep."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from newsdesk.cli.opening import open_desk, put_json, told

commands = typer.Typer()


@commands.command()
@told
def maintain(
    as_json: Annotated[bool, typer.Option("--json", help="The counts as one JSON object, instead of a table.")] = False,
) -> None:
    """Forget what only tells of days gone by, clean up behind it, and read a share of the archive through.

    How long what is kept: NEWSDESK_KEEP_VISITS, _RUNS, _REPORTS, _LOGS (days). No article, no address, and nothing that an
    article came from is touched. Stopped at any point and started again, it goes on. Airflow's DAG maintain_news does the
    same each night. Ends with 0 if all is well, with 1 if a file of the archive is newly damaged, with 2 if it could not
    run. Example: `newsdesk maintain`
    """
    from newsdesk import maintaining, terminal

    with open_desk() as desk:
        with terminal.err.status("upkeep …"):
            counts = maintaining.run(desk, f"cli/{datetime.now(UTC).isoformat(timespec='microseconds')}")
        kept = desk.settings.keep
    if as_json:
        put_json(counts)
        return
    rows = [{"": name.replace("_", " "), "count": count} for name, count in counts.items()]
    title = "Upkeep; kept for days: " + ", ".join(f"{kind} {days:g}" for kind, days in kept.items())
    terminal.out.print(terminal.result_table(title, rows))
