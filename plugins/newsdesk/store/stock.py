"""What is in the tables now, and what is to come: for `newsdesk status` and the end of a run."""

from __future__ import annotations

from typing import Any

from newsdesk.store.database import Cursor, first_row, rows


def articles_by_source(cursor: Cursor) -> dict[str, int]:
    cursor.execute("SELECT source_id, count(*) FROM news.article GROUP BY 1")
    return dict(cursor.fetchall())


def last_run(cursor: Cursor) -> dict[str, Any] | None:
    cursor.execute("SELECT run_id, run_key, state, started_at, finished_at FROM ops.run ORDER BY run_id DESC LIMIT 1")
    return first_row(cursor)


def frontier(cursor: Cursor) -> dict[str, Any]:
    """What waits: urls that are due and in no batch, the oldest of them since when, endpoints due, the next poll."""
    cursor.execute(
        """
        SELECT f.urls, f.since, e.endpoints, e.next_poll_at
        FROM (SELECT count(*) AS urls, min(next_visit_at) AS since FROM ops.frontier
            WHERE next_visit_at <= now() AND open_batch_id IS NULL) AS f,
            (SELECT count(*) FILTER (WHERE p.next_poll_at <= now()) AS endpoints, min(p.next_poll_at) AS next_poll_at
            FROM ops.endpoint AS p JOIN ops.source AS s USING (source_id)
            WHERE p.active AND p.off_since IS NULL AND s.enabled AND s.paused_at IS NULL) AS e
        """
    )
    return rows(cursor)[0]


def source_states(cursor: Cursor) -> list[dict[str, Any]]:
    """A row a source: its articles, when one last came, its URLs by fate, its endpoints. Times in UTC."""
    cursor.execute(
        """
        SELECT s.source_id AS source,
            CASE WHEN NOT s.enabled THEN 'off' WHEN s.paused_at IS NOT NULL THEN 'paused' WHEN e.failing = e.all THEN 'failing' WHEN e.failing > 0 THEN 'partly'
                WHEN e.polled IS NULL THEN 'not polled yet' ELSE 'ok' END
                AS state,
            a.articles, a.last_24h AS "last 24 h", to_char(a.newest, 'YYYY-MM-DD HH24:MI') AS "newest arrival",
            f.waiting, f.refused, coalesce(e.failing, 0) || '/' || coalesce(e.all, 0) AS "endpoints failing",
            to_char(e.polled, 'YYYY-MM-DD HH24:MI') AS "last polled"
        FROM ops.source AS s
        LEFT JOIN LATERAL (
            SELECT count(*) AS articles, count(*) FILTER (WHERE first_seen_at > now() - interval '1 day') AS last_24h,
                max(first_seen_at) AS newest
            FROM news.article WHERE source_id = s.source_id) AS a ON true
        LEFT JOIN LATERAL (
            SELECT count(*) FILTER (WHERE outcome IS NULL) AS waiting,
                count(*) FILTER (WHERE outcome IS NOT NULL AND article_id IS NULL) AS refused
            FROM ops.frontier WHERE source_id = s.source_id) AS f ON true
        LEFT JOIN LATERAL (
            SELECT count(*) AS all, count(*) FILTER (WHERE failures > 0) AS failing, max(polled_at) AS polled
            FROM ops.endpoint WHERE source_id = s.source_id AND active) AS e ON true
        WHERE s.enabled OR NOT s.imported  -- an import makes thousands of sources that nobody polls
        ORDER BY s.source_id
        """
    )
    return rows(cursor)
