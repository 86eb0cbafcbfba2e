"""Whose turn it is at a host, for all workers: one request at a time, a pause behind each, and rests.

PostgreSQL's clock is the only one, so workers need not agree on the time. A turn is taken and given back by one
statement each, committed at once and without waiting for the disk (synchronous_commit off): what a crash of the
server can lose is the last half second of turns, and its restart takes longer than their pauses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import psycopg2

from newsdesk.errors import DatabaseUnreachable
from newsdesk.model import Outcome
from newsdesk.store.database import Connection, Cursor, connect, is_lost, rows

LOOK_AGAIN = 0.1  # seconds until a turn that another worker holds is asked for again


@dataclass(frozen=True, slots=True)
class Turn:
    """Leave to make one request to the host."""

    host: str
    number: int
    failures: int  # of the host, in a row, before this turn


@dataclass(frozen=True, slots=True)
class Wait:
    """The turn is another's, or the pause is not over."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Deferred:
    """The host is left alone."""

    seconds: float  # from now
    outcome: Outcome
    why: str


@dataclass(frozen=True, slots=True)
class Rest:
    """What the end of a request may bring upon its host."""

    seconds: float
    outcome: Outcome
    why: str


@dataclass(frozen=True, slots=True)
class Pace:
    """What is known of a host when a run is planned; seconds."""

    crawl_delay: float  # that its robots.txt asks for; 0: none
    response: float  # of a request
    deferred: float  # from now; 0: is not


# A lease, a pause and a rest each have a longest (turns.py, manners.py). What lies further ahead was written by a clock
# that has been set back since, and would keep the host shut until it is that late again: it does not count.
# Prepared once a connection: to plan them takes four times as long as to run them.
_TAKE = """
PREPARE take_turn (text, text, interval) AS
WITH mine AS (
    INSERT INTO ops.host AS h (host, held_by, held_until) VALUES ($1, $2, clock_timestamp() + $3)
    ON CONFLICT (host) DO UPDATE
    SET held_by = EXCLUDED.held_by, held_until = EXCLUDED.held_until, turns = h.turns + 1
    WHERE greatest(
            CASE WHEN h.held_until < clock_timestamp() + $3 + interval '1 minute' THEN h.held_until END,
            CASE WHEN h.next_turn_at < clock_timestamp() + interval '2 minutes' THEN h.next_turn_at END,
            CASE WHEN h.deferred_until < clock_timestamp() + interval '25 hours' THEN h.deferred_until END,
            '-infinity') <= clock_timestamp()
    RETURNING turns, failures)
SELECT turns, failures, NULL, NULL, NULL, NULL, NULL FROM mine
UNION ALL
SELECT NULL, NULL, extract(epoch FROM next_turn_at - clock_timestamp())::float8, held_until > clock_timestamp(),
    extract(epoch FROM deferred_until - clock_timestamp())::float8, deferred_as, deferred_why
FROM ops.host WHERE host = $1 AND NOT EXISTS (SELECT FROM mine)
"""

# The order is the one of the parameters of the function below; a rest is its seconds, outcome and reason.
_GIVE_BACK = """
PREPARE give_back (text, bigint, float8, float8, boolean, float8, text, text, integer, text, float8) AS
UPDATE ops.host
SET held_by = CASE WHEN turns <> $2 THEN held_by END,
    held_until = CASE WHEN turns <> $2 THEN held_until END,
    next_turn_at = greatest(next_turn_at, clock_timestamp() + make_interval(secs => $3)),
    pause = $3, crawl_delay = coalesce($4, crawl_delay),
    failures = CASE WHEN $5 THEN failures + 1 ELSE 0 END,
    deferred_until = CASE
        WHEN $6 IS NOT NULL THEN greatest(deferred_until, clock_timestamp() + make_interval(secs => $6))
        WHEN deferred_until > clock_timestamp() THEN deferred_until END,
    deferred_as = CASE
        WHEN $6 IS NOT NULL THEN $7 WHEN deferred_until > clock_timestamp() THEN deferred_as END,
    deferred_why = CASE
        WHEN $6 IS NOT NULL THEN $8 WHEN deferred_until > clock_timestamp() THEN deferred_why END,
    last_asked_at = clock_timestamp(), last_status = $9, last_outcome = $10,
    response_ms = coalesce(response_ms * 0.8 + $11 * 0.2, $11)
WHERE host = $1
"""


def open_pacing(dsn: str) -> Connection:
    """A connection on which every statement commits at once. Threads may share it."""
    connection = connect(dsn)
    connection.autocommit = True
    with statement(connection) as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute(_TAKE)
        cursor.execute(_GIVE_BACK)
    return connection


@contextmanager
def statement(connection: Connection) -> Iterator[Cursor]:
    """A cursor on a connection that commits by itself. DatabaseUnreachable when the connection is lost."""
    try:
        with connection.cursor() as cursor:
            yield cursor
    except psycopg2.Error as error:
        if not is_lost(connection, error):
            raise
        raise DatabaseUnreachable(f"lost the database: {str(error).strip()}") from error


def take_turn(connection: Connection, host: str, who: str, lease: float) -> Turn | Wait | Deferred:
    """The host's turn, if it can be had now. It lapses after `lease` seconds, so that a dead worker blocks nobody."""
    with statement(connection) as cursor:
        cursor.execute("EXECUTE take_turn (%s, %s, %s)", (host, who, timedelta(seconds=lease)))
        found = cursor.fetchone()
    if found is None:  # another worker met this host at this very moment
        return Wait(LOOK_AGAIN)
    number, failures, pause, held, deferred, outcome, why = found
    if number is not None:
        return Turn(host, number, failures)
    if deferred is not None and deferred > 0:
        return Deferred(deferred, Outcome(outcome), why)
    return Wait(max(pause, LOOK_AGAIN if held else 0.0, 0.001))


def give_back(
    connection: Connection, turn: Turn, *, pause: float, crawl_delay: float | None, failed: bool, rest: Rest | None,
    status: int | None, outcome: Outcome | None, elapsed: float,
) -> None:  # fmt: skip
    """The request is over: the pause runs from now. Of a turn that lapsed, the rest and the pause still count."""
    with statement(connection) as cursor:
        cursor.execute(
            "EXECUTE give_back (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                turn.host, turn.number, pause, crawl_delay, failed, rest and rest.seconds, rest and rest.outcome,
                rest and rest.why, status, outcome, elapsed * 1000,
            ),
        )  # fmt: skip


def leave_turn(connection: Connection, turn: Turn) -> None:
    """No request was made: the next worker may have the turn at once."""
    with statement(connection) as cursor:
        cursor.execute(
            "UPDATE ops.host SET held_by = NULL, held_until = NULL WHERE host = %s AND turns = %s",
            (turn.host, turn.number),
        )


def read_paces(cursor: Cursor, hosts: Collection[str]) -> dict[str, Pace]:
    """Those of the hosts that were asked before."""
    cursor.execute(
        """
        SELECT host, coalesce(crawl_delay, 0)::float8 AS crawl_delay, coalesce(response_ms, 0)::float8 AS response_ms,
            greatest(extract(epoch FROM CASE WHEN deferred_until < now() + interval '25 hours' THEN deferred_until END - now()), 0)::float8
                AS deferred
        FROM ops.host WHERE host = ANY(%s)
        """,
        (list(hosts),),
    )
    return {row["host"]: Pace(row["crawl_delay"], row["response_ms"] / 1000, row["deferred"]) for row in rows(cursor)}
