"""What a person does at the desk, and the row that tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg2.extras import Json

from newsdesk.store.asking import Answer, ask
from newsdesk.store.database import Cursor, single

_AUDIT = """
SELECT audit_id, at, actor, action, source_id, target, detail, result FROM ops.audit
WHERE %(source)s IS NULL OR source_id = %(source)s
ORDER BY audit_id DESC LIMIT %(most)s
"""


def record(
    cursor: Cursor, actor: str, action: str, target: str, *, source_id: str | None = None,
    detail: Mapping[str, Any] | None = None, result: str | None = None,
) -> int:  # fmt: skip
    """Note an action. `result` None: told later, by `conclude`, since it is not this database's to do."""
    cursor.execute(
        """
        INSERT INTO ops.audit (actor, action, source_id, target, detail, result) VALUES (%s, %s, %s, %s, %s, %s)
        RETURNING audit_id
        """,
        (actor, action, source_id, target, Json(dict(detail or {})), result),
    )
    return int(single(cursor))


def conclude(cursor: Cursor, audit_id: int, result: str) -> None:
    cursor.execute("UPDATE ops.audit SET result = %s WHERE audit_id = %s", (result, audit_id))


def audit(cursor: Cursor, source_id: str | None = None, most: int = 12) -> Answer:
    """The latest actions."""
    return ask(cursor, _AUDIT, {"source": source_id, "most": most})


def pause(cursor: Cursor, source_id: str, who: str, why: str | None) -> bool:
    """Nothing of the source is asked for from now on. False: it was paused already, or there is none."""
    cursor.execute(
        "UPDATE ops.source SET paused_at = now(), paused_by = %s, paused_why = %s WHERE source_id = %s AND paused_at IS NULL",
        (who, why or None, source_id),
    )
    return bool(cursor.rowcount)


def resume(cursor: Cursor, source_id: str) -> bool:
    cursor.execute(
        "UPDATE ops.source SET paused_at = NULL, paused_by = NULL, paused_why = NULL WHERE source_id = %s AND paused_at IS NOT NULL",
        (source_id,),
    )
    return bool(cursor.rowcount)


def endpoint(cursor: Cursor, endpoint_id: int) -> tuple[str, str] | None:
    """Source and address of an endpoint in use."""
    cursor.execute("SELECT source_id, url FROM ops.endpoint WHERE endpoint_id = %s AND active", (endpoint_id,))
    row = cursor.fetchone()
    return (row[0], row[1]) if row else None
