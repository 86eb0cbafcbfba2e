"""Alerts from opening to closing. Each step is one statement over all that a run found, and done again it changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newsdesk.alerting.problem import Problem
from newsdesk.store.database import Cursor, insert_values, rows


@dataclass(frozen=True, slots=True)
class Judged:
    """What a check of a run says of a kind; `source_id` None: of the run itself, `problem` None: it is well."""

    source_id: str | None
    kind: str
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Alert:
    alert_id: int
    source_id: str | None
    name: str | None  # of the source
    kind: str
    grave: bool
    what: str
    remedy: str
    page: str
    opened_at: datetime
    closed_at: datetime | None
    closed_why: str | None


_COLUMNS = """
a.alert_id, a.source_id, n.name, a.kind, a.grave, a.what, a.remedy, a.page, a.opened_at, a.closed_at, a.closed_why
FROM ops.alert AS a LEFT JOIN news.source AS n USING (source_id)
"""


def record(cursor: Cursor, run_id: int, judged: Sequence[Judged]) -> None:
    """Open, keep and close alerts by what a run's check found."""
    insert_values(
        cursor,
        """
        INSERT INTO ops.alert AS a (source_id, kind, grave, what, remedy, page, run_id, grave_run_id) VALUES %s
        ON CONFLICT (source_id, kind) WHERE closed_at IS NULL DO UPDATE
        SET what = EXCLUDED.what, remedy = EXCLUDED.remedy, page = EXCLUDED.page, seen_at = now(),
            told_in = CASE WHEN a.grave OR NOT EXCLUDED.grave THEN a.told_in END,
            grave_run_id = coalesce(a.grave_run_id, EXCLUDED.grave_run_id), grave = a.grave OR EXCLUDED.grave
        """,
        [
            (
                one.source_id, one.kind, p.grave, p.what, p.remedy, p.page or (f"/sources/{one.source_id}" if one.source_id else f"/runs/{run_id}"),
                run_id, run_id if p.grave else None,
            )
            for one in sorted(judged, key=lambda one: (one.source_id or "", one.kind)) if (p := one.problem) is not None
        ],
    )  # fmt: skip
    well = [(one.source_id, one.kind) for one in judged if one.problem is None]
    cursor.execute(
        """
        UPDATE ops.alert AS a SET closed_at = now(), closed_why = 'well'
        FROM unnest(%s::text[], %s::text[]) AS w (source_id, kind)
        WHERE a.closed_at IS NULL AND a.source_id IS NOT DISTINCT FROM w.source_id AND a.kind = w.kind
        """,
        ([source for source, _ in well], [kind for _, kind in well]),
    )
    cursor.execute(
        """
        UPDATE ops.alert AS a SET closed_at = now(), closed_why = CASE WHEN s.enabled THEN 'paused' ELSE 'off' END
        FROM ops.source AS s
        WHERE a.closed_at IS NULL AND s.source_id = a.source_id AND (NOT s.enabled OR s.paused_at IS NOT NULL)
        """
    )


def became_grave(cursor: Cursor, run_id: int) -> list[Alert]:
    """The alerts that make the run red: those that are grave since its check."""
    cursor.execute(
        f"SELECT {_COLUMNS} WHERE a.grave_run_id = %s AND a.closed_at IS NULL ORDER BY a.source_id NULLS FIRST, a.kind",
        (run_id,),
    )
    return _alerts(cursor)


def untold(cursor: Cursor) -> list[Alert]:
    """Alerts that opened, or became grave, and those that closed, of which no message tells yet."""
    cursor.execute(
        f"""
        SELECT {_COLUMNS}
        WHERE CASE WHEN a.closed_at IS NULL THEN a.told_in IS NULL ELSE a.told_in IS NOT NULL AND a.taken_back_in IS NULL END
        ORDER BY a.closed_at NULLS FIRST, a.grave DESC, a.source_id NULLS FIRST, a.kind
        """
    )
    return _alerts(cursor)


def note_told(cursor: Cursor, alerts: Sequence[Alert], message_id: int) -> None:
    cursor.execute(
        """
        UPDATE ops.alert
        SET told_in = CASE WHEN closed_at IS NULL THEN %(message)s ELSE told_in END,
            taken_back_in = CASE WHEN closed_at IS NOT NULL THEN %(message)s END
        WHERE alert_id = ANY(%(alerts)s)
        """,
        {"message": message_id, "alerts": [alert.alert_id for alert in alerts]},
    )


def open_alerts(cursor: Cursor) -> list[Alert]:
    """The gravest first."""
    cursor.execute(f"SELECT {_COLUMNS} WHERE a.closed_at IS NULL ORDER BY a.grave DESC, a.opened_at, a.alert_id")
    return _alerts(cursor)


def _alerts(cursor: Cursor) -> list[Alert]:
    found: list[dict[str, Any]] = rows(cursor)
    return [Alert(**row) for row in found]
