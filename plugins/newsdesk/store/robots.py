"""robots.txt files as last received, shared by all workers: each is asked for by one of them at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from newsdesk.model import Outcome
from newsdesk.store.database import Connection, rows
from newsdesk.store.hosts import statement

FRESH_FOR = timedelta(days=1)  # RFC 9309 2.4: not longer than 24 hours
# While it cannot be reached it is asked for again after a quarter of the time that this has lasted, within these.
SOONEST = timedelta(minutes=15)
LATEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of an origin's robots.txt."""

    status: int | None  # of the last answer that told the rules: 200 a file, 4xx none; None: there was none yet
    body: bytes
    due_in: float  # seconds until it is asked for again; 0 and less: now
    unreachable_for: float | None  # seconds; None: the last request worked
    outcome: Outcome | None  # how the last request failed
    reason: str | None


def read_robots(connection: Connection, origin: str) -> Kept | None:
    """None: nobody has asked for it yet."""
    with statement(connection) as cursor:
        cursor.execute(
            """
            SELECT status, body,
                extract(epoch FROM next_fetch_at - clock_timestamp())::float8 AS due_in,
                extract(epoch FROM clock_timestamp() - unreachable_since)::float8 AS unreachable_for, outcome, reason
            FROM ops.robots WHERE origin = %s
            """,
            (origin,),
        )
        found = rows(cursor)
    if not found:
        return None
    row = found[0]
    outcome = Outcome(row["outcome"]) if row["outcome"] else None
    return Kept(**{**row, "body": bytes(row["body"]), "outcome": outcome})


def claim_robots(connection: Connection, origin: str, lease: float) -> bool:
    """Is it for the caller to ask for it now? False: it is fresh, or another asks for it (for `lease` seconds at most)."""
    with statement(connection) as cursor:
        cursor.execute(
            """
            INSERT INTO ops.robots AS r (origin, asked_until) VALUES (%s, clock_timestamp() + %s)
            ON CONFLICT (origin) DO UPDATE SET asked_until = EXCLUDED.asked_until
            WHERE r.next_fetch_at <= clock_timestamp()
              AND (r.asked_until IS NULL OR r.asked_until <= clock_timestamp())
            RETURNING true
            """,
            (origin, timedelta(seconds=lease)),
        )
        return cursor.fetchone() is not None


def save_robots(connection: Connection, origin: str, status: int, body: bytes) -> None:
    """An answer that tells the rules: a file (200), or that there is none (4xx)."""
    with statement(connection) as cursor:
        cursor.execute(
            """
            UPDATE ops.robots
            SET status = %s, body = %s, fetched_at = clock_timestamp(), next_fetch_at = clock_timestamp() + %s,
                asked_until = NULL, unreachable_since = NULL, outcome = NULL, reason = NULL
            WHERE origin = %s
            """,
            (status, body, FRESH_FOR, origin),
        )


def save_unreachable(connection: Connection, origin: str, outcome: Outcome, reason: str) -> None:
    """A server or network error: what was known before stays."""
    with statement(connection) as cursor:
        cursor.execute(
            """
            UPDATE ops.robots
            SET unreachable_since = coalesce(unreachable_since, clock_timestamp()), asked_until = NULL,
                outcome = %s, reason = %s,
                next_fetch_at = clock_timestamp()
                    + least(greatest((clock_timestamp() - unreachable_since) / 4, %s), %s)
            WHERE origin = %s
            """,
            (outcome, reason, SOONEST, LATEST, origin),
        )
