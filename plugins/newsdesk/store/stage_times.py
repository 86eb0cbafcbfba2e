"""ops.stage_time: how long stages took."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg2.extras import Json

from newsdesk.store.database import Cursor


def note(cursor: Cursor, stage: str, of: str, key: int, seconds: float, counts: Mapping[str, int]) -> None:
    """A stage of the run (or of the batch) `key` ended now, after so many seconds."""
    cursor.execute(
        f"""
        INSERT INTO ops.stage_time (run_id, batch_id, stage, began_at, seconds, counts)
        SELECT run_id, {"batch_id" if of == "batch" else "NULL"}, %(stage)s, now() - %(seconds)s * interval '1 second', %(seconds)s,
            %(counts)s
        FROM {"ops.batch WHERE batch_id" if of == "batch" else "ops.run WHERE run_id"} = %(key)s
        """,
        {"stage": stage, "seconds": seconds, "counts": Json(dict(counts)), "key": key},
    )
