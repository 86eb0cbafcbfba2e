"""One whole run in the foreground, without Airflow: the same steps, batches side by side.

Fetching waits on the network, so it runs in threads here; extraction and enrichment compute, so they run in as many
processes as there are cores, each of which loads its models once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from newsdesk import logs, stages
from newsdesk.desk import Desk
from newsdesk.errors import CheckFailed, NewsdeskError
from newsdesk.process_pool import computing_pool
from newsdesk.run_keys import own_key
from newsdesk.settings import FETCHED_AT_ONCE, HOSTS_AT_ONCE
from newsdesk.store import reports, runs
from newsdesk.store.database import transaction

log = logs.logger(__name__)

TELL_EVERY = 0.5  # seconds between two reports of progress

Tell = Callable[[str, dict[str, int]], None]


@dataclass(slots=True)
class Ingested:
    """How a run in the foreground ended."""

    run_id: int
    counts: dict[str, dict[str, int]] = field(default_factory=dict)  # by stage
    failures: list[str] = field(default_factory=list)  # what a person must look at; empty: all is well


def ingest(
    desk: Desk, sources: Sequence[str] = (), max_per_run: int | None = None, tell: Tell | None = None, *,
    max_pages: int | None = None, pool: Callable[[int], Executor] = computing_pool,
) -> Ingested:  # fmt: skip
    """Run all steps once. `tell(stage, counts)` is called as a stage ends, and now and then while batches are worked off.

    `pool`, given how many batches there are, computes them; a caller that runs often may keep its models loaded in it.

    A batch that fails does not hold back the others: it is among the failures, and its rest is left for the next run.
    """
    tell = tell or (lambda stage, counts: None)
    run_id = stages.open_run(desk, own_key("cli"), "cli", sources, max_per_run, max_pages)
    result = Ingested(run_id)

    def step(name: str, work: Callable[[Desk, int], dict[str, int]]) -> None:
        result.counts[name] = work(desk, run_id)
        tell(name, result.counts[name])

    with runs.alive(desk.dsn, run_id):
        step("discover", stages.discover)
        batches = stages.plan(desk, run_id)
        tell("plan", {"batches": len(batches)})
        result.failures += work_off(desk, run_id, batches, tell, pool)
        step("deduplicate", stages.deduplicate)
        step("publish", stages.publish)
        try:
            step("check", stages.check)
        except CheckFailed as error:
            result.failures += str(error).splitlines()
    return result


def work_off(
    desk: Desk, run_id: int, batches: Sequence[int], tell: Tell, pool: Callable[[int], Executor] = computing_pool
) -> list[str]:
    """Fetch, extract and enrich the batches. Returns what failed."""
    if not batches:
        return []
    failures: list[str] = []
    waiting = deque(batches)
    fetched: dict[Future[Any], int] = {}
    computed: dict[Future[Any], int] = {}
    with transaction(desk.dsn) as cursor:
        hosts = runs.hosts_of_batches(cursor, batches)
    threads = desk.settings.fetch_threads  # of a batch: beyond them its hosts wait
    computing = pool(len(batches))
    fetching = ThreadPoolExecutor(max(FETCHED_AT_ONCE, HOSTS_AT_ONCE), thread_name_prefix="fetch")
    try:
        while waiting or fetched or computed:
            # a host is asked once in a second or so: what keeps the cores busy is how many hosts there are
            while waiting and (
                len(fetched) < FETCHED_AT_ONCE
                or sum(min(hosts[batch], threads) for batch in fetched.values()) < HOSTS_AT_ONCE
            ):
                batch = waiting.popleft()
                fetched[fetching.submit(stages.fetch, desk, batch)] = batch
            done, _ = wait([*fetched, *computed], timeout=TELL_EVERY, return_when=FIRST_COMPLETED)
            for future in done:
                was_fetch = future in fetched
                batch = fetched.pop(future) if was_fetch else computed.pop(future)
                error = future.exception()
                if error is not None:
                    failures.append(f"batch {batch}: {error}")
                    log.error("batch %d failed", batch, exc_info=None if isinstance(error, NewsdeskError) else error)
                elif was_fetch:
                    computed[computing.submit(compute, desk, batch)] = batch
            with transaction(desk.dsn) as cursor:
                tell("batches", reports.progress(cursor, run_id))
    finally:
        fetching.shutdown(wait=True, cancel_futures=True)
        computing.shutdown(wait=True, cancel_futures=True)
    return failures


def compute(desk: Desk, batch_id: int) -> None:
    """Extract and enrich one batch."""
    stages.extract(desk, batch_id)
    stages.enrich(desk, batch_id)
