"""The files of the archive as they were last read through: ops.archive_file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsdesk.store.database import Cursor, rows


@dataclass(frozen=True, slots=True)
class Verified:
    """A file of the archive as it was last read through."""

    verified_at: datetime
    faults: int


def verified(cursor: Cursor) -> dict[str, Verified]:
    cursor.execute("SELECT file, verified_at, faults FROM ops.archive_file")
    return {row["file"]: Verified(row["verified_at"], row["faults"]) for row in rows(cursor)}


def save(
    cursor: Cursor, key: str, file: str, size: int | None, records: int, faults: int, damage: Sequence[str]
) -> None:
    """`key`: the maintenance that found the faults, if nobody had found the same ones before."""
    cursor.execute(
        """
        INSERT INTO ops.archive_file AS a (file, verified_at, size, records, faults, damage, found_by)
        VALUES (%(file)s, clock_timestamp(), %(size)s, %(records)s, %(faults)s, %(damage)s,
            CASE WHEN %(faults)s > 0 THEN %(key)s END)
        ON CONFLICT (file) DO UPDATE
        SET verified_at = EXCLUDED.verified_at, size = EXCLUDED.size, records = EXCLUDED.records, faults = EXCLUDED.faults,
            damage = EXCLUDED.damage,
            found_by = CASE WHEN a.damage = EXCLUDED.damage AND a.faults = EXCLUDED.faults THEN a.found_by
                            ELSE EXCLUDED.found_by END
        """,
        {"file": file, "size": size, "records": records, "faults": faults, "damage": list(damage), "key": key},
    )


def forget(cursor: Cursor, there: Sequence[str]) -> None:
    """Files that are in the archive no more, and that no row of the database names."""
    cursor.execute("DELETE FROM ops.archive_file WHERE file <> ALL(%s)", (list(there),))


def damaged(cursor: Cursor) -> list[tuple[str, list[str], str]]:
    """(file, its first faults in words, the maintenance that found them) of each damaged file."""
    cursor.execute("SELECT file, damage, found_by FROM ops.archive_file WHERE faults > 0 ORDER BY file")
    return [(file, damage, found_by) for file, damage, found_by in cursor.fetchall()]
