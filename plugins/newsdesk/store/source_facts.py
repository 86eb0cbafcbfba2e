"""What the checks need to know of each source: its part in the run, and its weeks before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from newsdesk.alerting.facts import WEEKS_BACK, WINDOWS, Content, Rhythm, SourceFacts
from newsdesk.store.database import Cursor, rows
from newsdesk.store.runs import OWN

LATEST = 200  # articles of the day, and as many before, whose texts are looked at
WEEK = 168  # hours
_BACKLOG = 24  # hours from its first arrival that are no baseline: what a new source has in stock comes at once

_RUN = f"""
WITH run AS (SELECT * FROM ops.run WHERE run_id = %(run)s),
visited AS (
    SELECT f.source_id, v.outcome, v.article_id FROM run JOIN ops.batch AS b USING (run_id)
    JOIN ops.visit AS v USING (batch_id) JOIN ops.frontier AS f USING (url_id)
    WHERE v.settled_at IS NOT NULL AND {OWN}),
polled AS (
    SELECT source_id, url, coalesce(off_reason, reason) AS reason,
        off_since IS NOT NULL OR failures >= 3 OR failures > 0 AND worked_at IS NULL AS failing
    FROM ops.endpoint WHERE active AND source_id = ANY(%(sources)s))
SELECT s.source_id,
    (SELECT count(*) FROM ops.frontier AS f WHERE f.source_id = s.source_id AND f.first_found_at >= run.started_at)::int
        AS found,
    coalesce((SELECT jsonb_object_agg(outcome, n) FROM (
        SELECT outcome, count(*) AS n FROM visited AS v WHERE v.source_id = s.source_id GROUP BY 1) AS c), '{{}}') AS outcomes,
    fresh.duplicates, fresh.median_words, p.endpoints, p.failing, p.failing_reason,
    (SELECT count(*) FROM news.article AS a
        WHERE a.source_id = s.source_id AND a.first_seen_at > now() - interval '1 day')::int AS published_today,
    coalesce(extract(epoch FROM now() - (
        SELECT min(f.first_found_at) FROM ops.frontier AS f
        WHERE f.source_id = s.source_id AND f.endpoint_id IS NOT NULL)) / 3600, 0)::float  -- not an import's old pages
        AS known_for_hours,
    ARRAY(SELECT kind FROM ops.alert AS a
          WHERE a.source_id = s.source_id AND a.closed_at IS NULL AND a.run_id IS DISTINCT FROM %(run)s) AS told,
    ARRAY(SELECT kind FROM ops.alert AS a
          WHERE a.source_id = s.source_id AND a.closed_why = 'well' AND a.closed_at > now() - interval '1 day') AS mended
FROM ops.source AS s
CROSS JOIN run
CROSS JOIN LATERAL (
    SELECT (count(*) FILTER (WHERE NOT a.is_primary))::int AS duplicates,
        (percentile_disc(0.5) WITHIN GROUP (ORDER BY a.word_count))::int AS median_words
    FROM visited AS v JOIN news.article AS a USING (article_id)
    WHERE v.source_id = s.source_id AND v.outcome = 'published') AS fresh
CROSS JOIN LATERAL (
    SELECT count(*)::int AS endpoints, (count(*) FILTER (WHERE failing))::int AS failing,
        min(url || ': ' || reason) FILTER (WHERE failing) AS failing_reason
    FROM polled AS p WHERE p.source_id = s.source_id) AS p
WHERE s.source_id = ANY(%(sources)s)
ORDER BY s.source_id
"""

# Whole hours back from the present one, which is not over: `ago` 0. Of a week before, the hour in which this one falls
# is left out, since it would be counted whole.
_ARRIVALS = f"""
WITH arrived AS MATERIALIZED (  -- else the hours are reckoned anew for each window
    SELECT source_id, urls, (extract(epoch FROM date_trunc('hour', now()) - hour)::int / 3600) AS ago
    FROM ops.arrivals WHERE source_id = ANY(%(sources)s) AND outcome = 'published'
      AND hour > date_trunc('hour', now()) - interval '{(WEEKS_BACK + 1) * WEEK} hours'),
hours AS MATERIALIZED (
    SELECT source_id, urls, ago, ago / {WEEK} AS week, CASE WHEN ago > 0 AND ago %% {WEEK} = 0 THEN {WEEK} ELSE ago %% {WEEK} END AS at
    FROM arrived)
SELECT source_id, week, min(ago) AS latest,
    {", ".join(f"coalesce(sum(urls) FILTER (WHERE at < {h}), 0)::int AS h{h}" for h in WINDOWS)}
FROM hours GROUP BY 1, 2
"""

_DAYS = """
SELECT source_id, (ago - 1) / 24 AS day, sum(urls)::int AS urls
FROM (
    SELECT source_id, urls, (extract(epoch FROM date_trunc('hour', now()) - hour) / 3600)::int AS ago
    FROM ops.arrivals WHERE source_id = ANY(%(sources)s) AND outcome = 'published'
      AND hour > date_trunc('hour', now()) - interval '21 days') AS a
WHERE ago > 24 AND (ago - 1) %% 24 < 23 GROUP BY 1, 2
"""

# For how many hours it was asked without a break: since the last pause of its own, and since the last time that no run
# of all sources began for much longer than is usual here.
_WATCHED = """
WITH began AS (
    SELECT started_at, started_at - lag(started_at) OVER (ORDER BY started_at) AS gap FROM ops.run
    WHERE sources = '{}' AND kind IN ('airflow', 'cli') AND started_at > now() - interval '8 weeks'),
usual AS (SELECT percentile_disc(0.9) WITHIN GROUP (ORDER BY gap) AS gap FROM began WHERE gap IS NOT NULL),
woke AS (SELECT max(started_at) AS at FROM began, usual WHERE began.gap > greatest(3 * usual.gap, usual.gap + interval '2 hours'))
SELECT s.source_id, extract(epoch FROM date_trunc('hour', now()) - (SELECT min(hour) FROM ops.arrivals AS a WHERE a.source_id = s.source_id))::float
        / 3600 AS known,
    extract(epoch FROM now() - greatest(
        (SELECT at FROM woke), (SELECT max(at) FROM ops.audit AS u WHERE u.source_id = s.source_id AND u.action = 'resume')))::float
        / 3600 AS watched
FROM unnest(%(sources)s::text[]) AS s (source_id)
"""

_OUTCOMES = """
SELECT source_id, hour > date_trunc('hour', now()) - interval '24 hours' AS today, outcome, sum(urls)::int AS urls
FROM ops.arrivals
WHERE source_id = ANY(%(sources)s) AND hour > date_trunc('hour', now()) - interval '28 days' GROUP BY 1, 2, 3
"""

_CONTENT = """
WITH latest AS (
    SELECT s.source_id, part.today, part.language, part.cluster_id, part.lag
    FROM unnest(%(sources)s::text[]) AS s (source_id)
    CROSS JOIN (VALUES (true, now() - interval '1 day', now()), (false, '-infinity', now() - interval '1 day')) AS t (today, since, until)
    CROSS JOIN LATERAL (
        SELECT t.today, coalesce(a.language, '') AS language, a.cluster_id,
            CASE WHEN a.published_precision <> 'day' AND a.published_at <= a.first_seen_at
                 THEN extract(epoch FROM a.first_seen_at - a.published_at)::float / 60 END AS lag
        FROM ops.frontier AS f JOIN news.article AS a ON a.article_id = f.url_id
        WHERE f.source_id = s.source_id AND f.endpoint_id IS NOT NULL AND f.first_found_at > t.since AND f.first_found_at <= t.until
        ORDER BY f.first_found_at DESC LIMIT %(latest)s) AS part),
clusters AS (
    SELECT source_id, today, max(n) AS same FROM (
        SELECT source_id, today, count(*)::int AS n FROM latest GROUP BY source_id, today, cluster_id) AS c GROUP BY 1, 2),
languages AS (
    SELECT source_id, today, jsonb_object_agg(language, n) AS languages FROM (
        SELECT source_id, today, language, count(*)::int AS n FROM latest WHERE language <> '' GROUP BY 1, 2, 3) AS g GROUP BY 1, 2),
lags AS (
    SELECT source_id, today, count(*)::int AS articles, percentile_cont(0.5) WITHIN GROUP (ORDER BY lag) AS lag,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY lag) AS long_lag
    FROM latest GROUP BY 1, 2)
SELECT source_id, today, articles, lag, long_lag, same, coalesce(languages, '{}') AS languages
FROM lags JOIN clusters USING (source_id, today) LEFT JOIN languages USING (source_id, today)
"""


def source_facts(cursor: Cursor, run_id: int, sources: Sequence[str]) -> list[SourceFacts]:
    """What each source brought in this run, and what it is judged by. Six statements, whatever the number of sources."""
    cursor.execute(_RUN, {"run": run_id, "sources": list(sources)})
    known = rows(cursor)
    rhythms, outcomes, contents = _rhythms(cursor, sources), _outcomes(cursor, sources), _contents(cursor, sources)
    return [
        SourceFacts(
            **{**row, "told": frozenset(row["told"]), "mended": frozenset(row["mended"])},
            rhythm=rhythms[row["source_id"]],
            outcomes_today=outcomes[row["source_id"], True],
            outcomes_before=outcomes[row["source_id"], False],
            content=contents.get(row["source_id"], Content()),
        )
        for row in known
    ]


def _rhythms(cursor: Cursor, sources: Sequence[str]) -> dict[str, Rhythm]:
    values = {"sources": list(sources)}
    cursor.execute(_ARRIVALS, values)
    weeks = {(row["source_id"], row["week"]): row for row in rows(cursor)}
    cursor.execute(_DAYS, values)
    days = {(row["source_id"], row["day"]): row["urls"] for row in rows(cursor)}
    cursor.execute(_WATCHED, values)
    return {row["source_id"]: _rhythm(row, weeks, days) for row in rows(cursor)}


def _rhythm(
    row: Mapping[str, Any], weeks: Mapping[tuple[str, int], Mapping[str, Any]], days: Mapping[tuple[str, int], int]
) -> Rhythm:
    source, known, watched = row["source_id"], (row["known"] or 0.0) - _BACKLOG, row["watched"]
    came = {week: weeks.get((source, week), {}) for week in range(WEEKS_BACK + 1)}
    windows = {
        hours: (
            came[0].get(f"h{hours}", 0),
            tuple(came[week].get(f"h{hours}", 0) for week in range(1, WEEKS_BACK + 1) if week * WEEK + hours <= known),
        )
        for hours in WINDOWS
        if watched is None or hours <= watched
    }
    silent = min((float(some["latest"]) for some in came.values() if some), default=None)
    return Rhythm(
        windows,
        tuple(days.get((source, day), 0) for day in range(1, 21) if (day + 1) * 24 <= known),
        silent if silent is None or watched is None else min(silent, watched),
    )


def _outcomes(cursor: Cursor, sources: Sequence[str]) -> Mapping[tuple[str, bool], dict[str, int]]:
    cursor.execute(_OUTCOMES, {"sources": list(sources)})
    found: defaultdict[tuple[str, bool], dict[str, int]] = defaultdict(dict)
    for source, today, outcome, urls in cursor.fetchall():
        found[source, today][outcome] = urls
    return found


def _contents(cursor: Cursor, sources: Sequence[str]) -> dict[str, Content]:
    cursor.execute(_CONTENT, {"sources": list(sources), "latest": LATEST})
    found = {(row["source_id"], row["today"]): row for row in rows(cursor)}
    return {source: _content(found.get((source, True)), found.get((source, False))) for source, _ in found}


def _content(today: Mapping[str, Any] | None, past: Mapping[str, Any] | None) -> Content:
    content = Content()
    if today:
        content = replace(
            content, articles=today["articles"], languages=today["languages"], same=today["same"], lag=today["lag"]
        )
    if past:
        content = replace(
            content, past=past["articles"], past_languages=past["languages"], past_same=past["same"], past_lag=past["lag"],
            past_long_lag=past["long_lag"],
        )  # fmt: skip
    return content
