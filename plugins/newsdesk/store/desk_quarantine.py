"""URLs that came to nothing, by why: what the desk shows of them."""

from __future__ import annotations

from newsdesk.store.asking import Answer, ask
from newsdesk.store.database import Cursor

LATEST = 5_000  # of an outcome, that are looked at for groups

_OUTCOMES = """
SELECT f.outcome, o.meaning, o.retryable, count(*)::int AS urls
FROM ops.frontier AS f JOIN news.outcome AS o USING (outcome)
WHERE f.article_id IS NULL AND f.outcome IS NOT NULL
GROUP BY 1, 2, 3 ORDER BY f.outcome = 'quarantined' DESC, o.retryable DESC, urls DESC
"""

_LATEST = """
SELECT f.url_id, f.url, f.source_id, f.reason, f.last_tried_at, f.next_visit_at, f.title, f.failures
    FROM ops.frontier AS f
    WHERE f.article_id IS NULL AND f.outcome = %(outcome)s AND (%(source)s IS NULL OR f.source_id = %(source)s)
    ORDER BY f.last_tried_at DESC LIMIT %(latest)s"""

_GROUPS = f"""
WITH latest AS ({_LATEST})
SELECT ops.reason_group(reason) AS reason, count(*)::int AS urls, count(DISTINCT source_id)::int AS sources,
    count(*) FILTER (WHERE next_visit_at IS NOT NULL)::int AS planned, max(last_tried_at) AS last_at,
    (array_agg(url_id ORDER BY last_tried_at DESC))[:3] AS examples
FROM latest GROUP BY 1 ORDER BY urls DESC, 1 LIMIT 100
"""

_EXAMPLES = """
SELECT f.url_id, f.url, f.source_id, f.title, f.reason, f.stage, f.last_tried_at, f.next_visit_at, v.evidence, v.capture_id
FROM ops.frontier AS f
LEFT JOIN LATERAL (
    SELECT evidence, capture_id FROM ops.visit AS v WHERE v.url_id = f.url_id AND v.settled_at IS NOT NULL ORDER BY batch_id DESC LIMIT 1) AS v ON true
WHERE f.url_id = ANY(%(urls)s) ORDER BY f.last_tried_at DESC
"""


def outcomes(cursor: Cursor) -> Answer:
    """Ways in which URLs came to no article, with how many: what is quarantined first."""
    return ask(cursor, _OUTCOMES)


def groups(cursor: Cursor, outcome: str, source_id: str | None = None) -> Answer:
    """The latest URLs of an outcome, by what their reasons have in common."""
    return ask(cursor, _GROUPS, {"outcome": outcome, "source": source_id, "latest": LATEST})


def examples(cursor: Cursor, url_ids: list[int]) -> Answer:
    """URLs with the evidence of their last visit."""
    return ask(cursor, _EXAMPLES, {"urls": url_ids})
