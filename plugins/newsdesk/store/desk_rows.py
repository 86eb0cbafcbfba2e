"""The rows behind the desk's figures: lists by name, each narrowed by values from an address.

A figure and the list that it leads to count the same rows: a test holds them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newsdesk.store.asking import Answer, ask
from newsdesk.store.database import Cursor
from newsdesk.store.desk_overview import RETRYABLE
from newsdesk.store.desk_run import AT, STAGES
from newsdesk.store.runs import OWN

PAGE = 100
MOST_COUNTED = 10_000
_STAGES = f"ARRAY{list(STAGES)}"


@dataclass(frozen=True, slots=True)
class RowList:
    """`sql` without LIMIT; its values are named in `takes`, each None unless told."""

    title: str
    sql: str
    takes: Mapping[str, type]
    needs: tuple[str, ...] = ()  # of `takes`: one of these must be told


LISTS: Mapping[str, RowList] = {
    # by the runs of that time, so that no index over all visits is needed
    "visits": RowList(
        "Visits",
        f"""
        SELECT v.url_id, f.url, f.source_id, v.outcome, v.reason, {AT} AS stage, v.fetched_at, v.settled_at, b.run_id, b.batch_id
        FROM ops.run AS r JOIN ops.batch AS b USING (run_id) JOIN ops.visit AS v USING (batch_id) JOIN ops.frontier AS f USING (url_id)
        LEFT JOIN news.outcome AS o ON o.outcome = v.outcome
        WHERE (%(run)s IS NULL OR r.run_id = %(run)s AND {OWN}) AND (%(batch)s IS NULL OR b.batch_id = %(batch)s)
          AND (%(since)s::timestamptz IS NULL OR v.settled_at >= %(since)s::timestamptz AND b.import_id IS NULL AND b.reprocess_id IS NULL
               AND coalesce(r.finished_at, now()) >= %(since)s::timestamptz)
          AND (%(until)s::timestamptz IS NULL OR v.settled_at < %(until)s::timestamptz AND r.started_at < %(until)s::timestamptz)
          AND (%(source)s IS NULL OR f.source_id = %(source)s) AND (%(host)s IS NULL OR f.host = %(host)s)
          AND (%(outcome)s IS NULL OR v.outcome = %(outcome)s) AND (%(group)s IS NULL OR ops.reason_group(v.reason) = %(group)s)
          AND (%(kind)s IS NULL OR CASE %(kind)s WHEN 'known' THEN o.has_article AND v.outcome <> 'published'
               WHEN 'refused' THEN NOT o.has_article AND NOT o.retryable WHEN 'failed' THEN o.retryable
               WHEN 'open' THEN v.outcome IS NULL WHEN 'none' THEN NOT o.has_article
               WHEN 'same' THEN o.has_article AND v.outcome NOT IN ('published', 'updated')
               WHEN 'fetched' THEN v.capture_id IS NOT NULL OR v.outcome IS NOT NULL WHEN 'settled' THEN v.settled_at IS NOT NULL ELSE false END)
          AND (%(stage)s IS NULL OR {AT} = %(stage)s)
          AND (%(from)s IS NULL OR array_position({_STAGES}, {AT}) >= array_position({_STAGES}, %(from)s))
        ORDER BY v.batch_id DESC, v.url_id
        """,
        {"run": int, "batch": int, "since": datetime, "until": datetime, "source": str, "host": str, "outcome": str, "group": str,
         "kind": str, "stage": str, "from": str},
        ("run", "batch", "since"),
    ),
    "found": RowList(
        "URLs first found",
        f"""
        SELECT f.url_id, f.url, f.source_id, f.title, coalesce(f.outcome, 'pending') AS outcome, f.reason, f.first_found_at,
            f.next_visit_at, e.url AS endpoint
        FROM ops.frontier AS f LEFT JOIN ops.endpoint AS e USING (endpoint_id)
        LEFT JOIN ops.run AS r ON r.run_id = %(run)s
        WHERE (%(run)s IS NULL OR f.first_found_at BETWEEN r.started_at AND coalesce(r.discovered_at, r.finished_at, now())
               AND f.source_id IN (SELECT s.source_id FROM ops.source AS s WHERE r.sources = '{{}}' OR s.source_id = ANY(r.sources))
               AND f.endpoint_id IS NOT NULL)
          AND (%(source)s IS NULL OR f.source_id = %(source)s) AND (%(endpoint)s IS NULL OR f.endpoint_id = %(endpoint)s)
          AND (%(days)s IS NULL OR f.first_found_at > now() - %(days)s * interval '1 day')
          AND (%(day)s::timestamptz IS NULL OR f.first_found_at >= %(day)s::timestamptz AND f.first_found_at < %(day)s::timestamptz + interval '1 day')
          AND (%(outcome)s IS NULL OR coalesce(f.outcome, 'pending') = %(outcome)s)
          AND (%(kind)s IS NULL OR CASE %(kind)s WHEN 'article' THEN f.article_id IS NOT NULL
               WHEN 'refused' THEN f.article_id IS NULL AND f.outcome IS NOT NULL
               WHEN 'waiting' THEN f.article_id IS NULL AND f.outcome IS NULL
               WHEN 'own' THEN EXISTS (SELECT 1 FROM news.article AS a WHERE a.article_id = f.url_id)
               WHEN 'other' THEN f.article_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM news.article AS a WHERE a.article_id = f.url_id)
               WHEN 'taken' THEN EXISTS (SELECT 1 FROM ops.visit AS v JOIN ops.batch AS b USING (batch_id)
                                         WHERE v.url_id = f.url_id AND b.run_id = %(run)s AND {OWN})
               WHEN 'excluded' THEN f.outcome = 'excluded' AND NOT EXISTS (
                    SELECT 1 FROM ops.visit AS v JOIN ops.batch AS b USING (batch_id) WHERE v.url_id = f.url_id AND b.run_id = %(run)s AND {OWN})
               WHEN 'later' THEN f.outcome IS DISTINCT FROM 'excluded' AND NOT EXISTS (
                    SELECT 1 FROM ops.visit AS v JOIN ops.batch AS b USING (batch_id) WHERE v.url_id = f.url_id AND b.run_id = %(run)s AND {OWN})
               ELSE false END)
        ORDER BY f.first_found_at DESC, f.url_id DESC
        """,
        {"run": int, "source": str, "endpoint": int, "days": int, "day": datetime, "outcome": str, "kind": str},
        ("run", "source"),
    ),
    "waiting": RowList(
        "URLs that are due",
        """
        SELECT f.url_id, f.url, f.source_id, f.host, f.next_visit_at, f.failures, f.outcome, f.reason, h.deferred_until, h.deferred_why
        FROM ops.frontier AS f LEFT JOIN ops.host AS h USING (host)
        WHERE f.next_visit_at <= now() AND f.open_batch_id IS NULL AND (%(source)s IS NULL OR f.source_id = %(source)s)
        ORDER BY f.next_visit_at, f.url_id
        """,
        {"source": str},
    ),
    "ended": RowList(
        "URLs without an article",
        """
        SELECT f.url_id, f.url, f.source_id, f.outcome, f.reason, f.stage, f.failures, f.last_tried_at, f.next_visit_at
        FROM ops.frontier AS f
        WHERE f.article_id IS NULL AND f.outcome = %(outcome)s AND (%(source)s IS NULL OR f.source_id = %(source)s)
          AND (%(group)s IS NULL OR ops.reason_group(f.reason) = %(group)s)
        ORDER BY f.last_tried_at DESC, f.url_id DESC
        """,
        {"outcome": str, "source": str, "group": str},
        ("outcome",),
    ),
    "given_up": RowList(
        "URLs that are left alone after failures",
        f"""
        SELECT f.url_id, f.url, f.source_id, f.outcome, f.reason, f.failures, f.last_tried_at
        FROM ops.frontier AS f
        WHERE f.article_id IS NULL AND f.next_visit_at IS NULL AND f.outcome IN ({RETRYABLE})
        ORDER BY f.last_tried_at DESC, f.url_id DESC
        """,
        {},
    ),
    "articles": RowList(
        "Articles",
        """
        SELECT a.article_id AS url_id, a.title, a.url, a.source_id, a.published_at, a.first_seen_at, a.loaded_at, a.version, a.word_count,
            a.language, a.is_primary
        FROM news.article AS a
        WHERE (%(source)s IS NULL OR a.source_id = %(source)s) AND (%(cluster)s IS NULL OR a.cluster_id = %(cluster)s)
          AND (%(story)s IS NULL OR a.story_id = %(story)s)
          AND (%(days)s IS NULL OR a.first_seen_at > now() - %(days)s * interval '1 day' AND a.published_precision <> 'day'
               AND a.published_at BETWEEN a.first_seen_at - interval '7 days' AND a.first_seen_at)
        ORDER BY a.published_at DESC NULLS LAST, a.article_id DESC
        """,
        {"source": str, "cluster": int, "story": int, "days": int},
        ("source", "cluster", "story", "days"),
    ),
    "entity": RowList(
        "Articles that name it",
        """
        SELECT a.article_id AS url_id, a.title, a.url, a.source_id, a.published_at, n.mentions, n.in_title, e.name, e.type
        FROM news.article_entity AS n JOIN news.entity AS e USING (entity_id) JOIN news.article AS a USING (article_id)
        WHERE n.entity_id = %(entity)s::uuid ORDER BY a.published_at DESC NULLS LAST, a.article_id DESC
        """,
        {"entity": str},
        ("entity",),
    ),
    "line": RowList(
        "Pages that show this line",
        """
        SELECT f.url_id, f.url, f.source_id, f.title, p.fetched_at, %(block)s = ANY(p.left_out) AS left_out
        FROM ops.template_page AS p JOIN ops.frontier AS f USING (url_id)
        WHERE p.site = %(site)s AND %(block)s = ANY(p.blocks) ORDER BY p.fetched_at DESC, f.url_id DESC
        """,
        {"site": str, "block": int},
        ("site", "block"),
    ),
    "times": RowList(
        "What stages took",
        """
        SELECT run_id, batch_id AS batch, stage, began_at, seconds * interval '1 second' AS took, counts FROM ops.stage_time
        WHERE run_id = %(run)s AND (%(stage)s IS NULL OR stage = %(stage)s) ORDER BY seconds DESC, stage_time_id
        """,
        {"run": int, "stage": str},
        ("run",),
    ),
    "endpoints": RowList(
        "Endpoints, the next one first",
        "SELECT * FROM ops.poll_schedule AS p WHERE (%(source)s IS NULL OR p.source_id = %(source)s) AND (%(state)s IS NULL OR p.state = %(state)s) "
        "ORDER BY next_poll_at NULLS LAST, endpoint_id",
        {"source": str, "state": str},
    ),
    "hosts": RowList(
        "Hosts that are left alone for now",
        """
        SELECT host, deferred_until, deferred_as, deferred_why, failures, last_status, last_asked_at FROM ops.host
        WHERE deferred_until > now() ORDER BY deferred_until DESC, host
        """,
        {},
    ),
    "runs": RowList(
        "Runs",
        "SELECT run_id, run_key, kind, state, started_at, finished_at, sources, faults FROM ops.run ORDER BY run_id DESC",
        {},
    ),
    "alerts": RowList(
        "Alerts",
        """
        SELECT a.source_id, a.kind, a.grave, a.what, a.remedy, a.opened_at, a.seen_at, a.closed_at, a.closed_why, a.run_id
        FROM ops.alert AS a
        WHERE (%(source)s IS NULL OR a.source_id = %(source)s) AND (%(kind)s IS NULL OR a.kind = %(kind)s)
        ORDER BY a.closed_at DESC NULLS FIRST, a.grave DESC, a.alert_id DESC
        """,
        {"source": str, "kind": str},
    ),
    "audit": RowList(
        "What people did",
        """
        SELECT at, actor, action, source_id, target, result, detail FROM ops.audit
        WHERE (%(source)s IS NULL OR source_id = %(source)s) ORDER BY audit_id DESC
        """,
        {"source": str},
    ),
}  # fmt: skip


def read(cursor: Cursor, name: str, values: Mapping[str, Any], page: int) -> tuple[Answer, int]:
    """A page of the list, from 0, and how many rows it has in all (counted up to MOST_COUNTED)."""
    found = LISTS[name]
    told: dict[str, Any] = {taken: values.get(taken) for taken in found.takes}
    listed = ask(cursor, f"{found.sql.rstrip()}\nLIMIT {PAGE} OFFSET %(offset)s", {**told, "offset": page * PAGE})
    if page == 0 and len(listed.rows) < PAGE:
        return listed, len(listed.rows)
    counted = ask(
        cursor, f"SELECT count(*)::int AS rows FROM ({found.sql.rstrip()}\nLIMIT {MOST_COUNTED}) AS counted", told
    )
    return listed, int(counted.one["rows"])
