"""Messages to people, and what became of each at each channel: an outbox, so that none is lost with a killed task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from newsdesk.store.database import Cursor, single

GIVEN_UP_AFTER = timedelta(days=1)  # older news is in the next digest


@dataclass(frozen=True, slots=True)
class Due:
    message_id: int
    channel: str
    subject: str
    lines: tuple[str, ...]


def write(
    cursor: Cursor, subject: str, lines: Sequence[str], channels: Sequence[str], key: str | None = None
) -> int | None:
    """Note a message, to be told through the channels. None: the key has one already."""
    cursor.execute(
        "INSERT INTO ops.message (message_key, subject, lines) VALUES (%s, %s, %s) ON CONFLICT (message_key) DO NOTHING RETURNING message_id",
        (key, subject, list(lines)),
    )
    row = cursor.fetchone()
    if row is None:
        return None
    cursor.execute(
        "INSERT INTO ops.telling (message_id, channel) SELECT %s, unnest(%s::text[])",
        (row[0], list(dict.fromkeys(channels))),
    )
    return int(row[0])


def lock_due(cursor: Cursor, channels: Sequence[str], begun: float) -> Due | None:
    """The oldest message that a channel is still to be told, held until this transaction ends.

    `begun`: seconds since 1970 on this clock; what was tried since then waits for the next occasion.
    """
    cursor.execute(
        """
        SELECT t.message_id, t.channel, m.subject, m.lines FROM ops.telling AS t JOIN ops.message AS m USING (message_id)
        WHERE t.told_at IS NULL AND t.channel = ANY(%s) AND m.written_at > now() - %s
          AND (t.tried_at IS NULL OR t.tried_at < to_timestamp(%s))
        ORDER BY t.message_id, t.channel LIMIT 1 FOR UPDATE OF t SKIP LOCKED
        """,
        (list(channels), GIVEN_UP_AFTER, begun),
    )
    row = cursor.fetchone()
    return Due(row[0], row[1], row[2], tuple(row[3])) if row else None


def clock(cursor: Cursor) -> float:
    """Seconds since 1970, as the database tells the time."""
    cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
    return float(single(cursor))


def note_tried(cursor: Cursor, due: Due, failure: str | None) -> None:
    """The channel was tried; `failure` None: it took the message."""
    cursor.execute(
        """
        UPDATE ops.telling
        SET tries = tries + 1, tried_at = clock_timestamp(), failure = %(failure)s,
            told_at = CASE WHEN %(failure)s IS NULL THEN clock_timestamp() END
        WHERE message_id = %(message)s AND channel = %(channel)s
        """,
        {"failure": failure, "message": due.message_id, "channel": due.channel},
    )
