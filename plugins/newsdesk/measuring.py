"""How long each stage took and what it counted: a row of ops.stage_time for each time that it was worked at."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from time import monotonic
from typing import Concatenate, Literal, ParamSpec, TypeVar

from newsdesk import logs
from newsdesk.desk import Desk
from newsdesk.store import stage_times
from newsdesk.store.database import transaction

Result = TypeVar("Result")
More = ParamSpec("More")
Stage = Callable[Concatenate[Desk, int, More], Result]

log = logs.logger(__name__)


def measured(of: Literal["run", "batch"]) -> Callable[[Stage[More, Result]], Stage[More, Result]]:
    """For a stage that is handed the desk and the id of a run or a batch: noted, and named in the lines that it logs.

    Where it fails only the log tells: its error is raised, and the next try is noted.
    """

    def around(stage: Stage[More, Result]) -> Stage[More, Result]:
        name = stage.__name__

        @wraps(stage)
        def work(desk: Desk, key: int, /, *more: More.args, **named: More.kwargs) -> Result:
            began = monotonic()
            with logs.about(stage=name, **{of: key}):
                try:
                    result = stage(desk, key, *more, **named)
                except Exception as fault:
                    log.error("failed after %.1f s: %s", monotonic() - began, type(fault).__name__)
                    raise
                seconds = monotonic() - began
                counts = counts_of(result)
                with transaction(desk.dsn) as cursor:
                    stage_times.note(cursor, name, of, key, seconds, counts)
                log.info("took %.1f s: %s", seconds, " ".join(f"{what}={many}" for what, many in counts.items()))
            return result

        return work

    return around


def counts_of(result: object) -> dict[str, int]:
    """What a stage counted, by its result: counts as they are, ids by their number."""
    if isinstance(result, dict):
        return {str(what): many for what, many in result.items() if isinstance(many, int)}
    return {"batches": len(result)} if isinstance(result, list) else {}
