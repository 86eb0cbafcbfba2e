"""Sources being added at the desk: what was tried on a site, and the file drafted from it."""

from __future__ import annotations

from typing import Any

from newsdesk.store.database import Cursor, first_row, rows, single

_SILENT = "5 minutes"  # a search tells of itself with each address it tries


def open_draft(cursor: Cursor, homepage: str, source_id: str, who: str) -> int:
    cursor.execute(
        "INSERT INTO ops.source_draft (homepage, source_id, asked_by) VALUES (%s, %s, %s) RETURNING draft_id",
        (homepage, source_id, who),
    )
    return int(single(cursor))


def searching(cursor: Cursor) -> int:
    """Searches under way."""
    cursor.execute(
        f"SELECT count(*) FROM ops.source_draft WHERE finished_at IS NULL AND seen_at > now() - interval '{_SILENT}'"
    )
    return int(single(cursor))


def note(cursor: Cursor, draft_id: int, line: str) -> None:
    cursor.execute(
        "UPDATE ops.source_draft SET lines = lines || %s::text, seen_at = clock_timestamp() WHERE draft_id = %s",
        (line, draft_id),
    )


def finish(
    cursor: Cursor, draft_id: int, *, endpoints: int = 0, yaml: str | None = None, failure: str | None = None
) -> None:
    cursor.execute(
        "UPDATE ops.source_draft SET finished_at = clock_timestamp(), endpoints = %s, yaml = %s, failure = %s WHERE draft_id = %s",
        (endpoints, yaml, failure, draft_id),
    )


def written(cursor: Cursor, draft_id: int, file: str) -> None:
    cursor.execute("UPDATE ops.source_draft SET file = %s, written_at = now() WHERE draft_id = %s", (file, draft_id))


def read(cursor: Cursor, draft_id: int) -> dict[str, Any] | None:
    """The draft; `silent`: its search was interrupted."""
    cursor.execute(
        f"""
        SELECT *, finished_at IS NULL AND seen_at < now() - interval '{_SILENT}' AS silent FROM ops.source_draft WHERE draft_id = %s
        """,
        (draft_id,),
    )
    return first_row(cursor)


def latest(cursor: Cursor) -> list[dict[str, Any]]:
    cursor.execute("SELECT * FROM ops.source_draft ORDER BY draft_id DESC LIMIT 10")
    return rows(cursor)
