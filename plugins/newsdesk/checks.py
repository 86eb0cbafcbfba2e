"""What a run brought in against what was expected of each source: by its file, and by its own weeks before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from newsdesk.alerting.content import judge_content
from newsdesk.alerting.facts import SourceFacts
from newsdesk.alerting.problem import MIN_PAGES, Problem, Verdicts
from newsdesk.alerting.supply import judge_supply
from newsdesk.model import Source
from newsdesk.store.runs import RunMarks

__all__ = ["MIN_PAGES", "Problem", "SourceFacts", "Verdicts", "judge", "judge_run", "problems_of"]


def judge(source: Source, facts: SourceFacts) -> Verdicts:
    """Kind -> what is not as expected, or None where it is. Says nothing on what it has too little to judge."""
    return {**judge_supply(source, facts), **judge_content(source, facts)}


def problems_of(verdicts: Verdicts) -> list[Problem]:
    """The gravest first."""
    return sorted((problem for problem in verdicts.values() if problem is not None), key=lambda one: not one.grave)


def judge_run(marks: RunMarks, unfinished: Mapping[int, int]) -> Verdicts:
    """Is the run itself whole? `unfinished`: batch -> URLs whose visits have not ended."""
    late = [
        f"batch {batch_id}: {count} URLs are unfinished: clear its red task, or let the next run take them over"
        for batch_id, count in unfinished.items()
    ]
    return {
        "source_files": _of_run(
            "source_files",
            [f"source file {fault}" for fault in marks.faults],
            "Mend the file; `newsdesk sources check` says line and remedy. The other sources come in.",
        ),
        "unfinished": _of_run("unfinished", late, "On the run's page: which batch, and where it stopped."),
        "unpublished": _of_run(
            "unpublished",
            [] if marks.published else ["nothing was published: see the log of the task publish"],
            "Nothing is lost: clear the task publish in Airflow, with its downstream tasks.",
        ),
    }


def _of_run(kind: str, said: Sequence[str], remedy: str) -> Problem | None:
    return Problem(kind, "\n".join(said), remedy, grave=True) if said else None
