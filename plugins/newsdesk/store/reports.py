"""What a run brought in, source by source, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg2.extras import Json

from newsdesk.store.database import Cursor, insert_values, rows
from newsdesk.store.runs import OWN


@dataclass(frozen=True, slots=True)
class Report:
    source_id: str
    found: int
    outcomes: Mapping[str, int]
    duplicates: int
    problems: Sequence[Mapping[str, str]]  # {"kind", "what", "remedy"}


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


PHASES = ("fetched", "extracted", "enriched", "settled")  # of a visit, in their order


def progress(cursor: Cursor, run_id: int) -> dict[str, int]:
    """How far the run's visits have come: how many are `planned`, and how many of them are through each of PHASES."""
    cursor.execute(
        f"""
        SELECT count(*) AS planned,
            count(*) FILTER (WHERE v.capture_id IS NOT NULL OR v.outcome IS NOT NULL) AS fetched,
            count(*) FILTER (WHERE v.document_id IS NOT NULL OR v.outcome IS NOT NULL) AS extracted,
            count(*) FILTER (WHERE v.enriched_at IS NOT NULL OR v.outcome IS NOT NULL) AS enriched,
            count(*) FILTER (WHERE v.settled_at IS NOT NULL) AS settled
        FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id)
        WHERE b.run_id = %s AND {OWN}
        """,
        (run_id,),
    )
    return rows(cursor)[0]
