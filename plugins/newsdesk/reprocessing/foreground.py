"""A reprocess in the foreground, without Airflow: portions and batches side by side in processes."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import Any

from newsdesk import logs, stages
from newsdesk.desk import Desk
from newsdesk.errors import CheckFailed, ConfigError, NewsdeskError
from newsdesk.ingest import TELL_EVERY, Tell, work_off
from newsdesk.process_pool import computing_pool
from newsdesk.reprocessing import applying, steps
from newsdesk.run_keys import own_key
from newsdesk.store import reprocess, runs
from newsdesk.store.database import transaction
from newsdesk.store.reprocess import Scope

log = logs.logger(__name__)


@dataclass(slots=True)
class Applied:
    """How the application of a report ended."""

    counts: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)  # what a person must look at


def read_anew(desk: Desk, stage: str, scope: Scope, *, apply: bool, tell: Tell | None = None) -> int:
    """Read all pages in scope anew, or the rest of them. Returns the reprocess's id: its report can be made now.

    `tell("read", {"pages", "read"})` is called now and then. `apply`: see `steps.open_report`.
    """
    tell = tell or (lambda stage, counts: None)
    reprocess_id = steps.open_report(desk, own_key("report"), stage, scope, apply=apply)
    portions = steps.unread_portions(desk, reprocess_id)
    failures = _read_portions(desk, reprocess_id, portions, tell) if portions else []
    _tell_of(desk, reprocess_id, tell)
    if failures:
        raise CheckFailed("\n".join([*failures, "run it again: it goes on with what is not read yet"]))
    return reprocess_id


def _read_portions(desk: Desk, reprocess_id: int, portions: Sequence[int], tell: Tell) -> list[str]:
    failures: list[str] = []
    computing = computing_pool(len(portions))
    try:
        running: dict[Future[Any], int] = {
            computing.submit(steps.read_portion, desk, reprocess_id, portion): portion for portion in portions
        }
        while running:
            done, _ = wait(running, timeout=TELL_EVERY, return_when=FIRST_COMPLETED)
            for future in done:
                portion, error = running.pop(future), future.exception()
                if isinstance(error, ConfigError):  # it is the same for all others
                    raise error
                if error is not None:
                    failures.append(f"portion {portion}: {error}")
                    log.error(
                        "portion %d failed", portion, exc_info=None if isinstance(error, NewsdeskError) else error
                    )
            _tell_of(desk, reprocess_id, tell)
    finally:
        computing.shutdown(wait=True, cancel_futures=True)
    return failures


def _tell_of(desk: Desk, reprocess_id: int, tell: Tell) -> None:
    with transaction(desk.dsn) as cursor:
        tell("read", reprocess.progress(cursor, reprocess_id))


def apply_report(desk: Desk, reprocess_id: int, tell: Tell | None = None) -> Applied:
    """Make current what the report found, or the rest of it. `tell(stage, counts)` is called as `ingest` does."""
    tell = tell or (lambda stage, counts: None)
    run_id = applying.open_run(desk, reprocess_id, own_key("reprocess"), "reprocess")
    result = Applied()
    with runs.alive(desk.dsn, run_id):
        batches = applying.admit(desk, reprocess_id, run_id)
        result.failures += work_off(desk, run_id, batches, tell)
        tell("deduplicate", stages.deduplicate(desk, run_id))
        tell("publish", stages.publish(desk, run_id))
        try:
            result.counts = applying.check(desk, reprocess_id, run_id)
        except CheckFailed as error:
            result.failures += str(error).splitlines()
    return result
