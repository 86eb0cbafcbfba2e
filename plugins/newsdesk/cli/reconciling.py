"""The command that decides all groups of near-duplicates anew."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from newsdesk.cli.opening import open_desk, put_json, told

commands = typer.Typer()

# what a reconcile did, as a person is told of it
_DONE = {
    "sketches_forgotten": "texts too old to be compared with new ones",
    "sketches_made_anew": "texts whose fingerprints were of an older version",
    "common_fingerprints": "fingerprints that more than 100 articles have",
    "pairs_new": "pairs that were not known",
    "pairs_again": "pairs that are candidates again",
    "pairs_no_longer": "pairs that are no candidates any more",
    "articles_counted": "articles counted for the frequencies of words",
    "runs_kept": "runs of words that return",
    "pairs_verified": "pairs decided anew",
    "pairs_otherwise": "of these: otherwise than before",
    "pairs_verified_late": "pairs that came meanwhile",
    "articles_regrouped": "articles in another group than before",
    "articles_visibly_regrouped": "of these in schema news: see news.cluster_change",
    "retold_in_stories": "texts in another story than before: see news.story_change",
}


@commands.command()
@told
def reconcile(
    months: Annotated[
        int, typer.Option(min=1, help="Pairs found in so many months are decided anew, and texts of them counted.")
    ] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="The counts as one JSON object, instead of a table.")] = False,
    quiet: Annotated[bool, typer.Option(help="No progress.")] = False,
) -> None:
    """Decide anew which articles are the same text, by all that came.

    What comes out does not depend on what came first. Nothing is fetched; changes are in news.cluster_change. Stopped
    at any point and started again, it goes on. Airflow's DAG reconcile_news does the same each day.
    Ends with 0 if all is well, with 1 if the groups do not add up, with 2 if it could not run.
    Example: `newsdesk reconcile`
    """
    from newsdesk import reconciling, terminal
    from newsdesk.progress import Progress

    with open_desk() as desk, Progress(quiet=quiet, as_json=as_json) as progress:
        key = f"cli/{datetime.now(UTC).isoformat(timespec='microseconds')}"
        counts = reconciling.run(desk, key, months, progress.tell)
    if as_json:
        put_json(counts)
        return
    rows = [{"": told_as, "count": counts.get(name, 0)} for name, told_as in _DONE.items()]
    terminal.out.print(terminal.result_table("Reconciled", rows))
