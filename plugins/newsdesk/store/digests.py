"""What a day's digest asks beside the desk's overview: what was refused most, what is late, how the runs went."""

from __future__ import annotations

from typing import Any

from newsdesk.store.database import Cursor, rows

LATE_AFTER = "3 hours"
_LATEST = 2_000  # of an outcome, that are looked at for reasons


def refused(cursor: Cursor, most: int = 8) -> list[dict[str, Any]]:
    """The URLs that came to nothing in the last 24 hours, by what their reasons have in common: the most first."""
    cursor.execute(
        """
        SELECT f.outcome, f.reason, sum(f.urls)::int AS urls, array_agg(f.source_id ORDER BY f.urls DESC, f.source_id) AS sources
        FROM news.outcome AS o
        CROSS JOIN LATERAL (
            SELECT outcome, source_id, ops.reason_group(reason) AS reason, count(*)::int AS urls FROM (
                SELECT * FROM ops.frontier AS f
                WHERE f.article_id IS NULL AND f.outcome = o.outcome AND f.last_tried_at > now() - interval '1 day'
                ORDER BY f.last_tried_at DESC LIMIT %s) AS latest
            GROUP BY 1, 2, 3) AS f
        WHERE f.outcome NOT IN ('excluded', 'withdrawn')
        GROUP BY 1, 2 ORDER BY urls DESC, 1, 2 LIMIT %s
        """,
        (_LATEST, most),
    )
    return rows(cursor)


def late(cursor: Cursor) -> list[dict[str, Any]]:
    """Runs with batches that have not ended LATE_AFTER they were cut: run_id, batches, urls, since."""
    cursor.execute(
        f"""
        SELECT b.run_id, count(DISTINCT b.batch_id)::int AS batches, count(*)::int AS urls, min(b.created_at) AS since
        FROM ops.visit AS v JOIN ops.batch AS b USING (batch_id)
        WHERE v.settled_at IS NULL AND b.created_at < now() - interval '{LATE_AFTER}' AND b.run_id IS NOT NULL
        GROUP BY 1 ORDER BY 1
        """
    )
    return rows(cursor)


def runs_of_the_day(cursor: Cursor) -> dict[str, Any]:
    """Of the last 24 hours: runs, failed, and the longest as an interval (None: none has ended)."""
    cursor.execute(
        """
        SELECT count(*)::int AS runs, (count(*) FILTER (WHERE state = 'failed'))::int AS failed,
            max(finished_at - started_at) AS longest
        FROM ops.run WHERE started_at > now() - interval '1 day' AND kind IN ('airflow', 'cli')
        """
    )
    return rows(cursor)[0]
