"""Each source's day in numbers, for analysts: news.source_day."""

from __future__ import annotations

from newsdesk.store.database import Cursor


def refresh_days(cursor: Cursor, run_id: int | None) -> None:
    """Count anew the days on which the URLs were found that the run visited, and the last two of all sources.

    Those two: what was found and not visited counts too. And the days of all articles that this transaction changed,
    since a reprint of today may make one of last week the primary of its group.
    """
    cursor.execute(
        """
        SELECT ops.refresh_source_days(array_agg(touched.source_id), array_agg(touched.day))
        FROM (
            SELECT DISTINCT f.source_id, (f.first_found_at AT TIME ZONE 'UTC')::date AS day
            FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id) JOIN ops.frontier AS f USING (url_id)
            WHERE b.run_id = %(run)s
            UNION
            SELECT f.source_id, (f.first_found_at AT TIME ZONE 'UTC')::date
            FROM news.changes AS c JOIN ops.frontier AS f ON f.url_id = c.article_id
            WHERE c.load_id = nullif(current_setting('newsdesk.load', true), '')::bigint
            UNION
            SELECT f.source_id, (f.first_found_at AT TIME ZONE 'UTC')::date
            FROM ops.source AS s JOIN ops.frontier AS f USING (source_id)
            WHERE f.first_found_at >= now() - interval '1 day') AS touched
        """,
        {"run": run_id},
    )
