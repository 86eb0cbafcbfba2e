"""For a dry run: work in transactions that are undone, and hosts left as they were."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep
from typing import TypeVar

import psycopg2.errors

from newsdesk.errors import Retryable
from newsdesk.store.database import Begin, Cursor, connect, rows, session

# Below PostgreSQL's deadlock_timeout: where a real run and this one wait for each other, this one steps back
LOCK_TIMEOUT = "500ms"
TRIES = 20
PAUSES = 15.0  # seconds, at most, that the pauses of hosts are waited out

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Planned:
    """A source's share in a run."""

    pages: int
    first: tuple[str, ...]  # addresses, the newest first


def undone(dsn: str, work: Callable[[Cursor], Result]) -> Result:
    """What `work` gives, done in a transaction that is rolled back.

    Done again where a run that is under way has the same rows in hand; Retryable where that goes on.
    """
    for _ in range(TRIES):
        connection = connect(dsn)
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                return work(cursor)
        except psycopg2.errors.LockNotAvailable:
            pass
        finally:
            connection.rollback()
            connection.close()
        sleep(0.5)
    raise Retryable("a run that is under way has the same rows in hand: try again when it is over")


@contextmanager
def hosts_as_before(dsn: str, turns: Mapping[str, int], origins: Callable[[], Collection[str]]) -> Iterator[None]:
    """What the block's requests leave in ops.host and ops.robots is taken back at its end.

    `turns`: how many it took, by host; `origins`: those whose robots.txt it looked at. A host that another worker asked
    meanwhile keeps its row, and so does one that wants a pause longer than PAUSES or has asked us to stay away.
    """
    with session(dsn) as begin:
        with begin() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE host_before AS TABLE ops.host; CREATE TEMP TABLE robots_before AS TABLE ops.robots"
            )
        try:
            yield
        finally:
            _wait_out_pauses(begin, turns)
            with begin() as cursor:
                _take_back(cursor, turns, origins())


def _wait_out_pauses(begin: Begin, turns: Mapping[str, int]) -> None:
    until = monotonic() + PAUSES
    while monotonic() < until:
        with begin() as cursor:
            cursor.execute(
                """
                SELECT coalesce(extract(epoch FROM max(next_turn_at) - clock_timestamp()), 0)::float8 FROM ops.host
                WHERE host = ANY(%s) AND next_turn_at < clock_timestamp() + make_interval(secs => %s)
                """,
                (list(turns), PAUSES),
            )
            (wait,) = cursor.fetchone()  # type: ignore[misc]
        if wait <= 0:
            return
        sleep(min(wait + 0.01, PAUSES))


def _take_back(cursor: Cursor, turns: Mapping[str, int], origins: Collection[str]) -> None:
    cursor.execute(
        """
        WITH ours AS (
            DELETE FROM ops.host AS h USING unnest(%s::text[], %s::bigint[]) AS mine (host, turns)
            WHERE h.host = mine.host AND h.held_until IS NULL
              AND h.turns = mine.turns + coalesce((SELECT b.turns FROM host_before AS b WHERE b.host = h.host), 0)
              AND greatest(h.next_turn_at, h.deferred_until) <= clock_timestamp()
            RETURNING h.host)
        SELECT host FROM ours
        """,
        (list(turns), list(turns.values())),
    )
    taken_back = [row["host"] for row in rows(cursor)]
    cursor.execute("INSERT INTO ops.host SELECT * FROM host_before WHERE host = ANY(%s)", (taken_back,))
    cursor.execute(
        "DELETE FROM ops.robots AS r WHERE origin = ANY(%s) AND asked_until IS NULL RETURNING origin", (list(origins),)
    )
    taken_back = [row["origin"] for row in rows(cursor)]
    cursor.execute("INSERT INTO ops.robots SELECT * FROM robots_before WHERE origin = ANY(%s)", (taken_back,))


def planned(cursor: Cursor, run_id: int, first: int) -> dict[str, Planned]:
    """What the run's batches hold, by source; of each the addresses of the `first` pages."""
    cursor.execute(
        """
        SELECT f.source_id, count(*) AS pages,
            (array_agg(f.url ORDER BY f.published_at DESC NULLS LAST, f.url_id))[1:%s] AS first
        FROM ops.visit AS v JOIN ops.batch AS b USING (batch_id) JOIN ops.frontier AS f USING (url_id)
        WHERE b.run_id = %s AND v.settled_at IS NULL
        GROUP BY f.source_id ORDER BY f.source_id
        """,
        (first, run_id),
    )
    return {row["source_id"]: Planned(row["pages"], tuple(row["first"])) for row in rows(cursor)}
