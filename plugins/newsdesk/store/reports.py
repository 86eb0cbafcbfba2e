"""What a run brought in, source by source, and what its checks need to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg2.extras import Json

from newsdesk.store.database import Cursor, insert_values, rows


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One source's part in a run."""

    source_id: str
    found: int  # URLs first found since the run began
    outcomes: Mapping[str, int]  # settled visits
    duplicates: int  # published now, and not the primary of their group
    median_words: int | None  # of what was published now
    endpoints: int
    failing: int  # endpoints whose last poll failed
    failing_reason: str | None
    published_today: int  # articles first seen in the last 24 hours
    known_for_hours: float  # since its first article or URL was found
    had_problems: tuple[str, ...]  # the kinds that its last report named


@dataclass(frozen=True, slots=True)
class Report:
    source_id: str
    found: int
    outcomes: Mapping[str, int]
    duplicates: int
    problems: Sequence[Mapping[str, str]]  # {"kind", "what", "remedy"}


def source_facts(cursor: Cursor, run_id: int, sources: Sequence[str]) -> list[SourceFacts]:
    cursor.execute(
        """
        WITH run AS (SELECT * FROM ops.run WHERE run_id = %(run)s),
        visited AS (
            SELECT f.source_id, v.outcome, v.article_id FROM ops.batch AS b
            JOIN ops.visit AS v USING (batch_id) JOIN ops.frontier AS f USING (url_id)
            WHERE b.run_id = %(run)s AND v.settled_at IS NOT NULL)
        SELECT s.source_id,
            (SELECT count(*) FROM ops.frontier AS f WHERE f.source_id = s.source_id AND f.first_found_at >= run.started_at)::int
                AS found,
            coalesce((SELECT jsonb_object_agg(outcome, n) FROM (
                SELECT outcome, count(*) AS n FROM visited AS v WHERE v.source_id = s.source_id GROUP BY 1) AS c), '{}') AS outcomes,
            fresh.duplicates, fresh.median_words,
            (SELECT count(*) FROM ops.endpoint AS e WHERE e.source_id = s.source_id AND e.active)::int AS endpoints,
            (SELECT count(*) FROM ops.endpoint AS e WHERE e.source_id = s.source_id AND e.active AND e.failures > 0)::int AS failing,
            (SELECT min(e.url || ': ' || e.reason) FROM ops.endpoint AS e
                WHERE e.source_id = s.source_id AND e.active AND e.failures > 0) AS failing_reason,
            (SELECT count(*) FROM news.article AS a
                WHERE a.source_id = s.source_id AND a.first_seen_at > now() - interval '1 day')::int AS published_today,
            coalesce(extract(epoch FROM now() - (
                SELECT min(f.first_found_at) FROM ops.frontier AS f
                WHERE f.source_id = s.source_id AND f.endpoint_id IS NOT NULL)) / 3600, 0)::float  -- not an import's old pages
                AS known_for_hours,
            coalesce((SELECT array_agg(p ->> 'kind') FROM (
                SELECT r.problems FROM ops.run_report AS r
                WHERE r.source_id = s.source_id AND r.run_id < %(run)s ORDER BY r.run_id DESC LIMIT 1) AS last,
                jsonb_array_elements(last.problems) AS p), '{}') AS had_problems
        FROM ops.source AS s
        CROSS JOIN run
        CROSS JOIN LATERAL (
            SELECT (count(*) FILTER (WHERE NOT a.is_primary))::int AS duplicates,
                (percentile_disc(0.5) WITHIN GROUP (ORDER BY a.word_count))::int AS median_words
            FROM visited AS v JOIN news.article AS a USING (article_id)
            WHERE v.source_id = s.source_id AND v.outcome = 'published') AS fresh
        WHERE s.source_id = ANY(%(sources)s)
        ORDER BY s.source_id
        """,
        {"run": run_id, "sources": list(sources)},
    )
    return [SourceFacts(**{**row, "had_problems": tuple(row["had_problems"])}) for row in rows(cursor)]


def unfinished(cursor: Cursor, run_id: int) -> dict[int, int]:
    """Batches of the run with visits that have not ended: batch_id -> how many."""
    cursor.execute(
        """
        SELECT b.batch_id, count(*) FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id)
        WHERE b.run_id = %s AND v.settled_at IS NULL GROUP BY 1 ORDER BY 1
        """,
        (run_id,),
    )
    return dict(cursor.fetchall())


def save_reports(cursor: Cursor, run_id: int, reports: Sequence[Report]) -> None:
    insert_values(
        cursor,
        """
        INSERT INTO ops.run_report (run_id, source_id, found, outcomes, duplicates, problems) VALUES %s
        ON CONFLICT (run_id, source_id) DO UPDATE
        SET found = EXCLUDED.found, outcomes = EXCLUDED.outcomes, duplicates = EXCLUDED.duplicates, problems = EXCLUDED.problems
        """,
        [
            (run_id, r.source_id, r.found, Json(dict(r.outcomes)), r.duplicates, Json([dict(p) for p in r.problems]))
            for r in reports
        ],
    )


def read_reports(cursor: Cursor, run_id: int) -> list[Report]:
    cursor.execute(
        "SELECT source_id, found, outcomes, duplicates, problems FROM ops.run_report WHERE run_id = %s ORDER BY source_id",
        (run_id,),
    )
    return [Report(**row) for row in rows(cursor)]


def progress(cursor: Cursor, run_id: int) -> dict[str, int]:
    """How far the run's visits have come: planned, fetched, extracted, enriched, ended, settled."""
    cursor.execute(
        """
        SELECT count(*) AS planned,
            count(*) FILTER (WHERE v.capture_id IS NOT NULL OR v.outcome IS NOT NULL) AS fetched,
            count(*) FILTER (WHERE v.document_id IS NOT NULL OR v.outcome IS NOT NULL) AS extracted,
            count(*) FILTER (WHERE v.enriched_at IS NOT NULL OR v.outcome IS NOT NULL) AS enriched,
            count(*) FILTER (WHERE v.settled_at IS NOT NULL) AS settled
        FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id)
        WHERE b.run_id = %s
        """,
        (run_id,),
    )
    return rows(cursor)[0]
