"""Runs and batches: opening, adopting what a dead run left, closing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from newsdesk.store.database import Cursor, autocommitting, rows, single

# the first key of the advisory locks that say "this run's process lives"
_LOCK = 0x72756E

# of a row `r` of ops.run
_PROCESS_LIVES = f"""
EXISTS (
    SELECT 1 FROM pg_locks AS l
    WHERE l.locktype = 'advisory' AND l.classid = {_LOCK} AND l.objid = r.run_id::bigint::oid AND l.granted
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""

# of a row `v` of ops.visit, in the batch `b` of a run: no other run had settled it before this one took the batch over
OWN = "(v.settled_in IS NULL OR v.settled_in = b.run_id)"


@dataclass(frozen=True, slots=True)
class Run:
    run_id: int
    key: str
    kind: str  # airflow, cli; import, airflow_import; reprocess, airflow_reprocess
    sources: tuple[str, ...]  # empty: all
    max_per_run: int | None
    max_pages: int | None = None  # of the whole run

    @property
    def by_hand(self) -> bool:
        """Somebody asked for it now: from the command line, or by Airflow's trigger, whose run ids say so."""
        return self.kind == "cli" or self.key.partition("/")[2].startswith("manual__")


@dataclass(frozen=True, slots=True)
class RunMarks:
    """How far a run has come."""

    discovered: bool
    planned: bool
    published: bool
    faults: tuple[str, ...]  # source files that could not be read


def open_run(
    cursor: Cursor, key: str, kind: str, sources: Sequence[str], max_per_run: int | None, max_pages: int | None = None
) -> int:
    """The id of the run of this key, made where there is none: a retried task finds its own run again."""
    cursor.execute(
        """
        INSERT INTO ops.run (run_key, kind, sources, max_per_run, max_pages) VALUES (%s, %s, %s, %s, %s)
        ON CONFLICT (run_key) DO UPDATE SET state = 'running', finished_at = NULL
        RETURNING run_id
        """,
        (key, kind, list(sources), max_per_run, max_pages),
    )
    return int(single(cursor))


def read_run(cursor: Cursor, run_id: int) -> Run:
    cursor.execute(
        "SELECT run_id, run_key, kind, sources, max_per_run, max_pages FROM ops.run WHERE run_id = %s", (run_id,)
    )
    found = cursor.fetchone()
    if found is None:
        raise LookupError(f"there is no run {run_id} in ops.run")
    return Run(found[0], found[1], found[2], tuple(found[3]), found[4], found[5])


def by_key(cursor: Cursor, key: str) -> int | None:
    cursor.execute("SELECT run_id FROM ops.run WHERE run_key = %s", (key,))
    found = cursor.fetchone()
    return int(found[0]) if found else None


def save_faults(cursor: Cursor, run_id: int, faults: Sequence[str]) -> None:
    """Note the source files that could not be read."""
    cursor.execute("UPDATE ops.run SET faults = %s WHERE run_id = %s", (list(faults), run_id))


def mark(cursor: Cursor, run_id: int, column: str) -> None:
    """Note that a step of the run is over."""
    if column not in ("discovered_at", "planned_at", "published_at"):
        raise ValueError(f"ops.run has no mark {column!r}")
    cursor.execute(f"UPDATE ops.run SET {column} = clock_timestamp() WHERE run_id = %s", (run_id,))


def marks(cursor: Cursor, run_id: int) -> RunMarks:
    cursor.execute(
        """
        SELECT discovered_at IS NOT NULL, planned_at IS NOT NULL, published_at IS NOT NULL, faults
        FROM ops.run WHERE run_id = %s
        """,
        (run_id,),
    )
    discovered, planned, published, faults = cursor.fetchone()  # type: ignore[misc]
    return RunMarks(discovered, planned, published, tuple(faults))


def finish(cursor: Cursor, run_id: int, *, failed: bool) -> None:
    cursor.execute(
        "UPDATE ops.run SET state = %s, finished_at = clock_timestamp() WHERE run_id = %s",
        ("failed" if failed else "done", run_id),
    )


@contextmanager
def alive(dsn: str, run_id: int) -> Iterator[None]:
    """Hold the sign that this run's process lives; it goes with the process, however that ends."""
    with autocommitting(dsn) as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", (_LOCK, run_id))
        yield


def is_at_work(cursor: Cursor, run_id: int | None, me: int) -> bool:
    """Whether that run has its import or reprocess in hand now, as the run `me`, which wants it too, must take it.

    A run of the command line does while its process lives, one of Airflow while it is not over. But Airflow has one run of
    such a DAG at a time, so to another one of its runs an unfinished one is dead.
    """
    cursor.execute(
        f"""
        SELECT EXISTS (
            SELECT 1 FROM ops.run AS r, ops.run AS me
            WHERE r.run_id = %s AND me.run_id = %s AND r.run_id <> me.run_id
              AND CASE WHEN r.kind LIKE 'airflow%%' THEN r.state = 'running' AND me.kind <> r.kind ELSE {_PROCESS_LIVES} END)
        """,
        (run_id, me),
    )
    return bool(single(cursor))


def adopt_orphans(cursor: Cursor, run_id: int) -> int:
    """Take over the unfinished batches of runs that nobody works on any more. Returns how many.

    A command-line run lives as long as its lock is held. Of Airflow's runs only one is active at a time
    (max_active_runs=1), so to another Airflow run an unfinished one is dead; to a command-line run it is
    dead only once it is over. An import or a reprocess by Airflow runs beside the others, and is dead only once it is
    over; what it left needs no fetching, so any run can finish it. What it settled stays its own: see OWN.
    """
    cursor.execute(
        f"""
        SELECT b.batch_id
        FROM ops.batch AS b JOIN ops.run AS r USING (run_id), ops.run AS me
        WHERE me.run_id = %s AND r.run_id <> me.run_id
          AND EXISTS (SELECT 1 FROM ops.visit AS v WHERE v.batch_id = b.batch_id AND v.settled_at IS NULL)
          AND CASE
                WHEN r.kind = 'airflow' THEN me.kind = 'airflow' OR r.state <> 'running'
                WHEN r.kind IN ('airflow_import', 'airflow_reprocess') THEN r.state <> 'running'
                ELSE NOT {_PROCESS_LIVES}
              END
        ORDER BY b.batch_id FOR UPDATE OF b
        """,
        (run_id,),
    )
    orphans = [batch_id for (batch_id,) in cursor.fetchall()]
    take_over(cursor, run_id, orphans)
    return len(orphans)


def take_over(cursor: Cursor, run_id: int, batch_ids: Sequence[int]) -> None:
    """Put batches, whose rows are locked, into this run's hands. Of each visit that is settled it is noted by which run."""
    cursor.execute(
        """
        WITH settled AS (
            SELECT v.batch_id, v.url_id, b.run_id
            FROM ops.visit AS v JOIN ops.batch AS b USING (batch_id)
            WHERE b.batch_id = ANY(%(batches)s) AND b.run_id <> %(run)s AND v.settled_at IS NOT NULL AND v.settled_in IS NULL
            ORDER BY v.batch_id, v.capture_id, v.url_id FOR NO KEY UPDATE OF v)
        UPDATE ops.visit AS v SET settled_in = s.run_id
        FROM settled AS s WHERE v.batch_id = s.batch_id AND v.url_id = s.url_id
        """,
        {"batches": list(batch_ids), "run": run_id},
    )
    cursor.execute("UPDATE ops.batch SET run_id = %s WHERE batch_id = ANY(%s)", (run_id, list(batch_ids)))


def open_batch(
    cursor: Cursor, run_id: int, hosts: Sequence[str], url_ids: Sequence[int], *, import_id: int | None = None,
    reprocess_id: int | None = None,
) -> int:  # fmt: skip
    """A batch that has these URLs in hand from now on; their rows are the caller's already. Returns its id."""
    cursor.execute(
        "INSERT INTO ops.batch (run_id, import_id, reprocess_id, hosts, urls) VALUES (%s, %s, %s, %s, %s) RETURNING batch_id",
        (run_id, import_id, reprocess_id, list(hosts), len(url_ids)),
    )
    batch_id = int(single(cursor))
    cursor.execute("UPDATE ops.frontier SET open_batch_id = %s WHERE url_id = ANY(%s)", (batch_id, list(url_ids)))
    return batch_id


def batches(cursor: Cursor, run_id: int) -> list[int]:
    """The run's batches that still have work, in order."""
    cursor.execute(
        """
        SELECT b.batch_id FROM ops.batch AS b
        WHERE b.run_id = %s
          AND EXISTS (SELECT 1 FROM ops.visit AS v WHERE v.batch_id = b.batch_id AND v.settled_at IS NULL)
        ORDER BY b.batch_id
        """,
        (run_id,),
    )
    return [batch_id for (batch_id,) in cursor.fetchall()]


def hosts_of_batches(cursor: Cursor, batch_ids: Sequence[int]) -> dict[int, int]:
    """How many hosts each of the batches visits."""
    cursor.execute("SELECT batch_id, cardinality(hosts) FROM ops.batch WHERE batch_id = ANY(%s)", (list(batch_ids),))
    return dict(cursor.fetchall())


def batch_name(cursor: Cursor, batch_id: int) -> str:
    """What Airflow's grid calls the batch: its number, and the hosts in it."""
    cursor.execute("SELECT hosts, urls FROM ops.batch WHERE batch_id = %s", (batch_id,))
    found = rows(cursor)
    if not found:
        raise LookupError(f"there is no batch {batch_id} in ops.batch")
    hosts, urls = found[0]["hosts"], found[0]["urls"]
    shown = ", ".join(hosts[:2]) + (f" +{len(hosts) - 2}" if len(hosts) > 2 else "")
    return f"{batch_id}: {urls} URLs of {shown}"
