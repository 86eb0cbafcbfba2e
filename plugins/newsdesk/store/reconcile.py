"""Reconciles: which one is under way, and what its steps did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg2.extras import Json

from newsdesk.store.database import Cursor, single, wait_for_turn

_TURN = 0x7265636F  # "reco": one is opened at a time


@dataclass(frozen=True, slots=True)
class Reconcile:
    reconcile_id: int
    months: int
    state: str  # running, done, dropped
    df_version: int | None
    counts: dict[str, int]


def open_one(cursor: Cursor, key: str, months: int) -> int:
    """The reconcile to work on: that of this key, the one under way, or a new one.

    Which one is under way does not matter to what comes out, so whoever comes goes on with it. One that has stood for
    a day, or was asked for other months, is dropped: what it decided is decided again.
    """
    wait_for_turn(cursor, _TURN)
    cursor.execute(
        "SELECT reconcile_id FROM ops.reconcile WHERE reconcile_key = %s AND state = 'done' ORDER BY 1 DESC LIMIT 1",
        (key,),
    )
    if (found := cursor.fetchone()) is not None:
        return int(found[0])
    cursor.execute(
        """
        UPDATE ops.reconcile SET state = 'dropped'
        WHERE state = 'running' AND (months <> %s OR opened_at < now() - interval '1 day')
        """,
        (months,),
    )
    cursor.execute(
        """
        INSERT INTO ops.reconcile (reconcile_key, months) VALUES (%s, %s)
        ON CONFLICT (state) WHERE state = 'running' DO UPDATE SET state = 'running' RETURNING reconcile_id
        """,
        (key, months),
    )
    return int(single(cursor))


def read(cursor: Cursor, reconcile_id: int, *, lock: bool = False) -> Reconcile:
    """`lock`: nobody else changes it until the transaction ends. LookupError where there is none."""
    cursor.execute(
        "SELECT reconcile_id, months, state, df_version, counts FROM ops.reconcile WHERE reconcile_id = %s"
        + (" FOR UPDATE" if lock else ""),
        (reconcile_id,),
    )
    found: tuple[Any, ...] | None = cursor.fetchone()
    if found is None:
        raise LookupError(f"there is no reconcile {reconcile_id} in ops.reconcile")
    return Reconcile(*found)


def note(cursor: Cursor, reconcile_id: int, counts: dict[str, int]) -> None:
    """What a step did; of a step that was run again, what it did last."""
    cursor.execute(
        "UPDATE ops.reconcile SET counts = counts || %s WHERE reconcile_id = %s", (Json(counts), reconcile_id)
    )


def set_version(cursor: Cursor, reconcile_id: int, df_version: int) -> None:
    cursor.execute("UPDATE ops.reconcile SET df_version = %s WHERE reconcile_id = %s", (df_version, reconcile_id))


def finish(cursor: Cursor, reconcile_id: int) -> None:
    cursor.execute(
        "UPDATE ops.reconcile SET state = 'done', published_at = now() WHERE reconcile_id = %s", (reconcile_id,)
    )
