"""What the desk's first page asks: did everything come in, and if not, which source and why."""

from __future__ import annotations

from newsdesk.model import Outcome
from newsdesk.store.asking import Answer, ask
from newsdesk.store.database import Cursor

# Arrivals of the hours before: the same hour of the day and its neighbours, over two weeks. Fewer than three days of
# history say nothing on what is usual.
_HOURS = """
WITH arrived AS (
    SELECT hour, sum(urls)::int AS articles FROM ops.arrivals
    WHERE outcome = 'published' AND hour > date_trunc('hour', now()) - interval '18 days'
      AND (%(source)s IS NULL OR source_id = %(source)s)
    GROUP BY hour),
shown AS (SELECT generate_series(date_trunc('hour', now()) - interval '47 hours', date_trunc('hour', now()), interval '1 hour') AS hour),
usual AS (
    SELECT before.shown AS hour, percentile_disc(ARRAY[0.1, 0.5, 0.9]) WITHIN GROUP (ORDER BY coalesce(a.articles, 0)) AS articles
    FROM (SELECT hour AS shown, hour - days * interval '1 day' + beside * interval '1 hour' AS hour
        FROM shown, generate_series(1, 14) AS days, generate_series(-1, 1) AS beside) AS before
    LEFT JOIN arrived AS a USING (hour)
    WHERE before.hour >= (SELECT min(hour) FROM arrived)
    GROUP BY 1 HAVING count(*) >= 9)
SELECT hour, coalesce(a.articles, 0) AS articles, usual.articles[1] AS low, usual.articles[2] AS middle, usual.articles[3] AS high
FROM shown LEFT JOIN arrived AS a USING (hour) LEFT JOIN usual USING (hour)
ORDER BY hour
"""

_OUTCOMES = """
SELECT a.outcome, o.has_article, o.retryable, o.meaning, sum(a.urls)::int AS urls
FROM ops.arrivals AS a JOIN news.outcome AS o USING (outcome)
WHERE a.hour >= date_trunc('hour', now()) - interval '23 hours' AND (%(source)s IS NULL OR a.source_id = %(source)s)
GROUP BY 1, 2, 3, 4 ORDER BY o.has_article DESC, urls DESC, a.outcome
"""

# Dates of the day only tell no lag; a date in the future none either.
_LAG = """
SELECT articles, found[1] AS found_half, found[2] AS found_most, loaded[1] AS loaded_half, loaded[2] AS loaded_most
FROM (SELECT count(*) AS articles,
        percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY first_seen_at - published_at) AS found,
        percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY loaded_at - first_seen_at) FILTER (WHERE version = 1) AS loaded
    FROM news.article
    WHERE first_seen_at > now() - interval '1 day' AND published_precision <> 'day'
      AND published_at BETWEEN first_seen_at - interval '7 days' AND first_seen_at) AS lags
"""

_WAITING = """
SELECT count(*) AS urls, min(next_visit_at) AS since FROM ops.frontier
WHERE next_visit_at <= now() AND open_batch_id IS NULL
"""

# ended in a way that may be over
RETRYABLE = ", ".join(f"'{outcome}'" for outcome in Outcome if outcome.retryable)

_STUCK = f"""
SELECT count(*) FILTER (WHERE outcome = 'quarantined') AS quarantined,
    count(*) FILTER (WHERE outcome <> 'quarantined' AND next_visit_at IS NULL) AS given_up
FROM ops.frontier
WHERE article_id IS NULL AND outcome IS NOT NULL AND outcome IN ('{Outcome.QUARANTINED}', {RETRYABLE})
"""

# usual: totals of the 24 hours that ended 1 … 14 days ago. The state names the gravest thing first.
_SOURCES = """
WITH began AS (SELECT date_trunc('hour', now()) - interval '23 hours' AS today),
days AS (
    SELECT source_id, floor(extract(epoch FROM today - day) / 86400)::int AS ago, published, last_at
    FROM began CROSS JOIN LATERAL (
        SELECT source_id, date_bin('1 day', hour, today) AS day, sum(urls)::int AS published, max(last_at) AS last_at
        FROM ops.arrivals
        WHERE outcome = 'published' AND hour >= today - interval '14 days' AND (%(source)s IS NULL OR source_id = %(source)s)
        GROUP BY 1, 2) AS counted),
known AS (
    SELECT s.source_id, least(14, floor(extract(epoch FROM date_trunc('hour', now()) - first.hour) / 86400))::int AS days
    FROM ops.source AS s CROSS JOIN LATERAL (SELECT min(a.hour) AS hour FROM ops.arrivals AS a WHERE a.source_id = s.source_id) AS first
    WHERE (%(source)s IS NULL OR s.source_id = %(source)s) AND first.hour IS NOT NULL),
usual AS (
    SELECT k.source_id, percentile_disc(ARRAY[0.1, 0.5, 0.9]) WITHIN GROUP (ORDER BY coalesce(d.published, 0)) AS published
    FROM known AS k CROSS JOIN LATERAL generate_series(1, k.days) AS back (ago)
    LEFT JOIN days AS d ON d.source_id = k.source_id AND d.ago = back.ago
    WHERE k.days >= 3 GROUP BY 1),
polled AS (
    SELECT source_id, count(*) AS endpoints, count(*) FILTER (WHERE failures > 0 OR off_since IS NOT NULL) AS failing,
        min(coalesce(off_reason, reason)) FILTER (WHERE failures > 0 OR off_since IS NOT NULL) AS reason, max(polled_at) AS polled_at,
        min(next_poll_at) FILTER (WHERE off_since IS NULL) AS next_poll_at
    FROM ops.endpoint WHERE active AND (%(source)s IS NULL OR source_id = %(source)s) GROUP BY 1)
SELECT * FROM (
SELECT s.source_id, coalesce(n.name, s.source_id) AS name,
    CASE WHEN NOT s.enabled THEN 'off'
        WHEN s.paused_at IS NOT NULL THEN 'paused'
        WHEN p.failing = p.endpoints THEN 'failing'
        WHEN told.grave THEN 'problem'
        WHEN coalesce(today.published, 0) < u.low AND u.middle >= 3 AND coalesce(today.published, 0) < 0.5 * u.middle THEN 'quiet'
        WHEN p.failing > 0 OR told.problems IS NOT NULL THEN 'watch'
        WHEN coalesce(today.published, 0) > 3 * u.high AND u.middle >= 3 THEN 'flood'
        WHEN p.polled_at IS NULL THEN 'new' ELSE 'ok' END AS state,
    coalesce(today.published, 0) AS published, u.low, u.middle, u.high,
    p.endpoints, p.failing, p.reason, p.polled_at, p.next_poll_at,
    coalesce(told.problems, '[]') AS problems,
    s.paused_at, s.paused_by, s.paused_why, last.at AS last_at, s.enabled
FROM ops.source AS s
LEFT JOIN news.source AS n USING (source_id)
LEFT JOIN days AS today ON today.source_id = s.source_id AND today.ago = 0
LEFT JOIN (SELECT source_id, published[1] AS low, published[2] AS middle, published[3] AS high FROM usual) AS u ON u.source_id = s.source_id
LEFT JOIN polled AS p ON p.source_id = s.source_id
LEFT JOIN (SELECT source_id, max(last_at) AS at FROM days GROUP BY 1) AS last ON last.source_id = s.source_id
LEFT JOIN LATERAL (
    SELECT bool_or(a.grave) AS grave, jsonb_agg(jsonb_build_object('kind', a.kind, 'what', a.what, 'remedy', a.remedy, 'page', a.page,
        'grave', a.grave, 'since', a.opened_at) ORDER BY a.grave DESC, a.opened_at, a.alert_id) AS problems
    FROM ops.alert AS a WHERE a.source_id = s.source_id AND a.closed_at IS NULL) AS told ON true
WHERE (%(source)s IS NULL AND (s.enabled OR NOT s.imported) OR s.source_id = %(source)s)
) AS judged
ORDER BY array_position(ARRAY['failing', 'problem', 'quiet', 'flood', 'watch', 'paused', 'new', 'ok', 'off'], state), source_id
"""

# a source's hosts: those of its endpoints, and of the URLs found last
_RESTS = """
SELECT s.source_id, coalesce(n.name, s.source_id) AS name, h.host, h.deferred_until, h.deferred_as, h.deferred_why
FROM ops.host AS h
JOIN ops.source AS s ON h.deferred_until > now() AND s.enabled AND s.paused_at IS NULL AND h.host IN (
    SELECT f.host FROM (SELECT host FROM ops.frontier AS f WHERE f.source_id = s.source_id ORDER BY first_found_at DESC LIMIT 5) AS f
    UNION SELECT lower(substring(e.url FROM '^https?://([^/?#]+)')) FROM ops.endpoint AS e WHERE e.source_id = s.source_id AND e.active)
LEFT JOIN news.source AS n USING (source_id)
WHERE %(source)s IS NULL OR s.source_id = %(source)s
ORDER BY h.deferred_until DESC, s.source_id LIMIT 20
"""

_RUNS = """
SELECT r.run_id, r.run_key, r.kind, r.state, r.started_at, r.finished_at, r.finished_at - r.started_at AS took, report.found,
    report.published, report.updated, report.problems, cardinality(r.faults) AS faults
FROM ops.run AS r
LEFT JOIN LATERAL (
    SELECT sum(found)::int AS found, sum((outcomes ->> 'published')::int)::int AS published,
        sum((outcomes ->> 'updated')::int)::int AS updated, sum(jsonb_array_length(problems))::int AS problems
    FROM ops.run_report AS p WHERE p.run_id = r.run_id) AS report ON true
WHERE (%(dag)s IS NULL OR r.run_key LIKE %(dag)s || '/%%') AND r.run_id < %(before)s
ORDER BY r.run_id DESC LIMIT %(most)s
"""


def hours(cursor: Cursor, source_id: str | None = None) -> Answer:
    """The last 48 hours: hour, articles; low, middle, high of what is usual, NULL where that is not known yet."""
    return ask(cursor, _HOURS, {"source": source_id})


def outcomes(cursor: Cursor, source_id: str | None = None) -> Answer:
    """How the visits of the last 24 hours ended."""
    return ask(cursor, _OUTCOMES, {"source": source_id})


def lag(cursor: Cursor) -> Answer:
    return ask(cursor, _LAG)


def waiting(cursor: Cursor) -> Answer:
    """URLs that are due and in no batch, and since when the oldest is."""
    return ask(cursor, _WAITING)


def stuck(cursor: Cursor) -> Answer:
    """URLs that nothing is done about any more, though they may hold articles."""
    return ask(cursor, _STUCK)


def sources(cursor: Cursor, source_id: str | None = None) -> Answer:
    """A row a source, those that need somebody first."""
    return ask(cursor, _SOURCES, {"source": source_id})


def rests(cursor: Cursor, source_id: str | None = None) -> Answer:
    """Hosts that are left alone for now, each with a source that it is of."""
    return ask(cursor, _RESTS, {"source": source_id})


def latest_runs(cursor: Cursor, most: int = 8, dag_id: str | None = None, before: int = 2**62) -> Answer:
    return ask(cursor, _RUNS, {"most": most, "dag": dag_id, "before": before})


def running(cursor: Cursor) -> list[int]:
    """The runs under way, the newest first."""
    cursor.execute("SELECT run_id FROM ops.run WHERE state = 'running' ORDER BY run_id DESC LIMIT 5")
    return [run_id for (run_id,) in cursor.fetchall()]
