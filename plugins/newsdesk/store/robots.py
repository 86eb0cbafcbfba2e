"""robots.txt files as last received, shared by all workers."""

from __future__ import annotations

from datetime import timedelta

from newsdesk.store.database import Cursor

FRESH_FOR = timedelta(days=1)  # RFC 9309 2.4: not longer than 24 hours
UNREACHABLE_FOR = timedelta(minutes=15)  # a server fault closes the host only for now


def read_robots(cursor: Cursor, origin: str) -> tuple[int | None, bytes] | None:
    """Status and body, where we have them and they are fresh."""
    cursor.execute(
        """
        SELECT status, body FROM ops.robots
        WHERE origin = %s AND fetched_at > now() - CASE WHEN status BETWEEN 200 AND 499 THEN %s ELSE %s END
        """,
        (origin, FRESH_FOR, UNREACHABLE_FOR),
    )
    found = cursor.fetchone()
    return (found[0], bytes(found[1])) if found else None


def save_robots(cursor: Cursor, origin: str, status: int | None, body: bytes) -> None:
    cursor.execute(
        """
        INSERT INTO ops.robots (origin, status, body, fetched_at) VALUES (%s, %s, %s, now())
        ON CONFLICT (origin) DO UPDATE SET status = EXCLUDED.status, body = EXCLUDED.body, fetched_at = now()
        """,
        (origin, status, body),
    )
