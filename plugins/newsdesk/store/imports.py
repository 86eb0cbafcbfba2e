"""Imports of foreign archives: which file, how far it was read, what its records and pages came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg2.extras import Json

from newsdesk.characters import storable
from newsdesk.store.database import Cursor, rows
from newsdesk.store.runs import is_at_work, take_over

MOST_DAMAGES = 20  # are kept in words; all are counted


@dataclass(frozen=True, slots=True)
class Import:
    """A row of ops.import."""

    import_id: int
    file: str
    size: int
    run_id: int | None
    source_id: str | None
    state: str  # reading, read, done
    place: tuple[int, int]  # where to read on: offset of the gzip member (or record), plain bytes of it before that
    records: int
    captures: int
    left_out: Mapping[str, int]
    damages: list[str]
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Account:
    """What a file's records and captures came to, as the database tells it."""

    captures: int  # visits that the import's batches have
    outcomes: Mapping[str, int]  # of those that are settled
    unsettled: int


def open_import(cursor: Cursor, digest: bytes, file: str, size: int, *, again: bool) -> Import:
    """The latest import of the file with this digest, made where there is none; `again`: a new one where it is done."""
    latest = "SELECT import_id, reading, state FROM ops.import WHERE digest = %s ORDER BY reading DESC LIMIT 1"
    cursor.execute(latest, (digest,))
    found = cursor.fetchone()
    if found is None or (again and found[2] == "done"):
        cursor.execute(
            "INSERT INTO ops.import (digest, reading, file, size) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (digest, 1 if found is None else found[1] + 1, file, size),
        )
        cursor.execute(latest, (digest,))
        found = cursor.fetchone()
    import_id = int(found[0])  # type: ignore[index]
    cursor.execute("UPDATE ops.import SET file = %s WHERE import_id = %s", (file, import_id))
    return read_import(cursor, import_id)


def read_import(cursor: Cursor, import_id: int, *, lock: bool = False) -> Import:
    cursor.execute(
        f"""
        SELECT import_id, file, size, run_id, source_id, state, member_offset, inside_offset, records, captures, left_out,
            damages, finished_at
        FROM ops.import WHERE import_id = %s {"FOR UPDATE" if lock else ""}
        """,
        (import_id,),
    )
    row = rows(cursor)[0]
    place = (row.pop("member_offset"), row.pop("inside_offset"))
    return Import(**row, place=place)


def imports_of(cursor: Cursor, run_id: int) -> list[Import]:
    """The imports that the run has in hand, or had last."""
    cursor.execute("SELECT import_id FROM ops.import WHERE run_id = %s ORDER BY import_id", (run_id,))
    return [read_import(cursor, import_id) for (import_id,) in cursor.fetchall()]


def worked_on(cursor: Cursor, import_id: int, run_id: int) -> bool:
    """Another run has the import in hand now."""
    cursor.execute("SELECT run_id FROM ops.import WHERE import_id = %s AND state <> 'done'", (import_id,))
    found = cursor.fetchone()
    return found is not None and is_at_work(cursor, found[0], run_id)


def take_up(cursor: Cursor, import_id: int, run_id: int, source_id: str | None) -> None:
    """Put the import, with the batches that an earlier run of it left unfinished, into this run's hands."""
    cursor.execute(
        "UPDATE ops.import SET run_id = %s, source_id = %s WHERE import_id = %s", (run_id, source_id, import_id)
    )
    cursor.execute(
        """
        SELECT batch_id FROM ops.batch AS b
        WHERE b.import_id = %s
          AND EXISTS (SELECT 1 FROM ops.visit AS v WHERE v.batch_id = b.batch_id AND v.settled_at IS NULL)
        ORDER BY batch_id FOR UPDATE
        """,
        (import_id,),
    )
    take_over(cursor, run_id, [batch_id for (batch_id,) in cursor.fetchall()])


def mark(cursor: Cursor, import_id: int, state: str) -> None:
    """`read`: its end was reached; `done`: all its pages are settled."""
    column = {"read": "read_at", "done": "finished_at"}[state]
    cursor.execute(
        f"UPDATE ops.import SET state = %s, {column} = clock_timestamp() WHERE import_id = %s", (state, import_id)
    )


def advance(
    cursor: Cursor, import_id: int, after: tuple[int, int], records: int, captures: int, left_out: Mapping[str, int],
    damages: Sequence[str] = (),
) -> None:  # fmt: skip
    """A chunk of the file is dealt with: read on at `after`. The counts are added."""
    found = read_import(cursor, import_id)
    cursor.execute(
        """
        UPDATE ops.import
        SET member_offset = %s, inside_offset = %s, records = records + %s, captures = captures + %s, left_out = %s,
            damages = %s
        WHERE import_id = %s
        """,
        (
            *after, records, captures, Json(_sum(found.left_out, left_out)),
            [*found.damages, *map(storable, damages)][:MOST_DAMAGES], import_id,
        ),
    )  # fmt: skip


def account(cursor: Cursor, import_id: int) -> Account:
    cursor.execute(
        """
        SELECT v.outcome, v.settled_at IS NOT NULL AS settled, count(*)
        FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id)
        WHERE b.import_id = %s AND v.capture_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1
        """,
        (import_id,),
    )
    found = cursor.fetchall()
    return Account(
        captures=sum(count for _, _, count in found),
        outcomes={outcome: count for outcome, settled, count in found if settled},
        unsettled=sum(count for _, settled, count in found if not settled),
    )


def _sum(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, Any]:
    return {key: left.get(key, 0) + right.get(key, 0) for key in sorted({*left, *right})}
