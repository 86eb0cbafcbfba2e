"""One source at the desk: its rhythm, its endpoints and what they yield, how its visits ended, what was refused."""

from __future__ import annotations

from typing import Any

from newsdesk.store.asking import Answer, ask
from newsdesk.store.database import Cursor, first_row

_DAYS = """
SELECT d.day::date AS day, coalesce(sum(a.urls) FILTER (WHERE a.outcome = 'published'), 0)::int AS published,
    coalesce(sum(a.urls) FILTER (WHERE o.has_article AND a.outcome <> 'published'), 0)::int AS known,
    coalesce(sum(a.urls) FILTER (WHERE NOT o.has_article AND NOT o.retryable), 0)::int AS refused,
    coalesce(sum(a.urls) FILTER (WHERE o.retryable), 0)::int AS failed
FROM generate_series(date_trunc('day', now()) - interval '27 days', date_trunc('day', now()), interval '1 day') AS d (day)
LEFT JOIN ops.arrivals AS a ON a.source_id = %(source)s AND a.hour >= d.day AND a.hour < d.day + interval '1 day'
LEFT JOIN news.outcome AS o USING (outcome)
GROUP BY 1 ORDER BY 1
"""

# yield: of the URLs that this endpoint was the first to name in the last seven days
_ENDPOINTS = """
SELECT e.endpoint_id, e.kind, e.url, p.state, p.next_poll_at, p.poll_every, p.new_per_day, p.why, e.polled_at, e.worked_at,
    e.changed_at, e.status, e.failures, e.failing_since, e.links_seen, e.links_new, e.moved_to, e.off_since,
    coalesce(y.urls, 0) AS urls, coalesce(y.articles, 0) AS articles, coalesce(y.refused, 0) AS refused, coalesce(y.waiting, 0) AS waiting
FROM ops.endpoint AS e
LEFT JOIN ops.poll_schedule AS p USING (endpoint_id)
LEFT JOIN (
    SELECT f.endpoint_id, count(*)::int AS urls, count(f.article_id)::int AS articles,
        count(*) FILTER (WHERE f.article_id IS NULL AND f.outcome IS NOT NULL)::int AS refused,
        count(*) FILTER (WHERE f.article_id IS NULL AND f.outcome IS NULL)::int AS waiting
    FROM ops.frontier AS f WHERE f.source_id = %(source)s AND f.first_found_at > now() - interval '7 days' GROUP BY 1) AS y
    ON y.endpoint_id = e.endpoint_id
WHERE e.source_id = %(source)s AND e.active
ORDER BY e.endpoint_id
"""

_REFUSED = """
SELECT outcome, meaning, urls, url_id, url, title, reason, last_tried_at FROM (
    SELECT f.outcome, o.meaning, f.url_id, f.url, f.title, f.reason, f.last_tried_at,
        count(*) OVER (PARTITION BY f.outcome)::int AS urls,
        row_number() OVER (PARTITION BY f.outcome ORDER BY f.last_tried_at DESC, f.url_id DESC) AS place
    FROM ops.frontier AS f JOIN news.outcome AS o USING (outcome)
    WHERE f.source_id = %(source)s AND f.first_found_at > now() - interval '7 days' AND f.article_id IS NULL) AS one
WHERE place <= 3 ORDER BY urls DESC, outcome, place
"""

# as the analysts have it: by the day on which the URLs were found, beside what is usual on that weekday
_SUPPLY = """
SELECT d.day, d.found, d.published, h.usually, h.days_compared, h.verdict, d.reprints, d.other_addresses, d.waiting,
    (SELECT coalesce(sum(r.value::int), 0)::int FROM jsonb_each_text(d.refused) AS r) AS refused, d.lag_minutes, d.words
FROM news.source_day AS d JOIN news.source_health AS h USING (source_id, day)
WHERE d.source_id = %(source)s AND d.day > current_date - 14
ORDER BY d.day DESC
"""

_LEARNED = """
SELECT t.site, t.block, t.text, t.path, t.kind, t.state, t.by_hand, t.pages, t.articles, t.why, t.first_seen_at, t.last_seen_at
FROM ops.template AS t
WHERE t.site IN (
    SELECT p.site FROM ops.template_page AS p JOIN (
        SELECT url_id FROM ops.frontier WHERE source_id = %(source)s ORDER BY first_found_at DESC LIMIT 2000) AS latest USING (url_id))
ORDER BY array_position(ARRAY['furniture', 'gone', 'seen'], t.state), t.articles DESC, t.text LIMIT 60
"""

_ARTICLES = """
SELECT article_id AS url_id, title, url, published_at, first_seen_at, word_count, version, is_primary FROM news.article
WHERE source_id = %(source)s ORDER BY published_at DESC NULLS LAST, article_id DESC LIMIT 8
"""

_HOSTS = """
SELECT host, deferred_until, deferred_as, deferred_why, pause, crawl_delay, failures, last_status, last_asked_at FROM ops.host
WHERE host IN (SELECT DISTINCT host FROM ops.frontier WHERE source_id = %(source)s AND first_found_at > now() - interval '7 days')
ORDER BY deferred_until > now() DESC NULLS LAST, host LIMIT 12
"""


def source(cursor: Cursor, source_id: str) -> dict[str, Any] | None:
    """Its definition, as its file says it, and whether somebody paused it."""
    cursor.execute(
        """
        SELECT s.source_id, s.definition, s.enabled, s.loaded_at, s.paused_at, s.paused_by, s.paused_why,
            coalesce(n.name, s.source_id) AS name, n.homepage, n.language, n.country
        FROM ops.source AS s LEFT JOIN news.source AS n USING (source_id) WHERE s.source_id = %s
        """,
        (source_id,),
    )
    return first_row(cursor)


def days(cursor: Cursor, source_id: str) -> Answer:
    """The last 28 days (UTC): visits by how they ended."""
    return ask(cursor, _DAYS, {"source": source_id})


def endpoints(cursor: Cursor, source_id: str) -> Answer:
    return ask(cursor, _ENDPOINTS, {"source": source_id})


def refused(cursor: Cursor, source_id: str) -> Answer:
    """Of the URLs found in the last seven days: three of each way of being no article."""
    return ask(cursor, _REFUSED, {"source": source_id})


def supply(cursor: Cursor, source_id: str) -> Answer:
    """Its last 14 days in news.source_day, the newest first, with the verdict of news.source_health."""
    return ask(cursor, _SUPPLY, {"source": source_id})


def learned(cursor: Cursor, source_id: str) -> Answer:
    """Lines of its sites' templates: what is left out of bodies, what was, what returns and is kept."""
    return ask(cursor, _LEARNED, {"source": source_id})


def latest_articles(cursor: Cursor, source_id: str) -> Answer:
    return ask(cursor, _ARTICLES, {"source": source_id})


def hosts(cursor: Cursor, source_id: str) -> Answer:
    return ask(cursor, _HOSTS, {"source": source_id})
