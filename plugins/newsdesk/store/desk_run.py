"""One run or one batch at the desk: where each URL stands or ended, so that the counts add up; slow hosts; errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsdesk.store.asking import Answer, ask
from newsdesk.store.database import Cursor, first_row
from newsdesk.store.runs import OWN

STAGES = ("fetch", "extract", "enrich", "deduplicate", "publish")

# where a visit that is not over stands: before the first stage whose mark it lacks
AT = """CASE WHEN v.outcome IS NOT NULL THEN coalesce(v.stage, 'publish') WHEN v.capture_id IS NULL THEN 'fetch'
        WHEN v.document_id IS NULL THEN 'extract' WHEN v.enriched_at IS NULL THEN 'enrich'
        WHEN v.deduplicated_at IS NULL THEN 'deduplicate' ELSE 'publish' END"""

_LEDGER = f"""
SELECT {AT} AS at, v.outcome, o.has_article, o.retryable, o.meaning, count(*)::int AS urls
FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id) LEFT JOIN news.outcome AS o USING (outcome)
WHERE b.run_id = %(run)s AND CASE WHEN %(batch)s IS NULL THEN {OWN} ELSE b.batch_id = %(batch)s END
GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC, 2
"""

_FOUND = f"""
WITH run AS (SELECT run_id, started_at, coalesce(discovered_at, finished_at, now()) AS until, sources FROM ops.run WHERE run_id = %(run)s)
SELECT count(*)::int AS found, count(*) FILTER (WHERE taken)::int AS taken,
    count(*) FILTER (WHERE NOT taken AND outcome = 'excluded')::int AS excluded,
    count(*) FILTER (WHERE NOT taken AND outcome IS DISTINCT FROM 'excluded')::int AS later
FROM (
    SELECT f.outcome, EXISTS (
        SELECT 1 FROM ops.visit AS v JOIN ops.batch AS b USING (batch_id) WHERE v.url_id = f.url_id AND b.run_id = run.run_id AND {OWN}) AS taken
    FROM run JOIN ops.source AS s ON run.sources = '{{}}' OR s.source_id = ANY(run.sources)
    JOIN ops.frontier AS f ON f.source_id = s.source_id AND f.first_found_at BETWEEN run.started_at AND run.until
        AND f.endpoint_id IS NOT NULL) AS found
"""

_RUN = """
SELECT r.*, r.finished_at - r.started_at AS took, coalesce(r.finished_at, now()) - r.started_at AS lasted,
    (SELECT count(*) FROM ops.batch AS b WHERE b.run_id = r.run_id)::int AS batches,
    (SELECT sum(b.urls) FROM ops.batch AS b WHERE b.run_id = r.run_id)::int AS planned
FROM ops.run AS r WHERE r.run_id = %(run)s
"""

_BATCHES = """
SELECT b.batch_id, b.hosts, b.urls, b.created_at, count(*) FILTER (WHERE v.capture_id IS NOT NULL OR v.outcome IS NOT NULL)::int AS fetched,
    count(*) FILTER (WHERE v.settled_at IS NOT NULL)::int AS settled, count(*) FILTER (WHERE v.outcome = 'published')::int AS published,
    max(v.fetched_at) - min(v.fetched_at) AS fetching
FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id)
WHERE b.run_id = %(run)s GROUP BY b.batch_id ORDER BY b.batch_id LIMIT 200
"""

_TIMES = """
SELECT stage, count(*)::int AS times, sum(seconds) AS seconds, max(seconds) AS longest, min(began_at) AS began_at,
    max(began_at + seconds * interval '1 second') - min(began_at) AS lasted
FROM ops.stage_time WHERE run_id = %(run)s GROUP BY 1 ORDER BY min(began_at), 1
"""

_HOSTS = f"""
SELECT f.host, count(*)::int AS urls, count(v.capture_id)::int AS received,
    count(*) FILTER (WHERE o.retryable)::int AS failed, max(v.fetched_at) - min(v.fetched_at) AS span,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY c.elapsed_ms) AS half_ms, max(c.elapsed_ms) AS most_ms,
    h.pause, h.crawl_delay, CASE WHEN h.deferred_until > now() THEN h.deferred_until END AS deferred_until, h.deferred_why
FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id) JOIN ops.frontier AS f USING (url_id)
LEFT JOIN ops.capture AS c ON c.capture_id = v.capture_id AND c.batch_id = v.batch_id
LEFT JOIN news.outcome AS o ON o.outcome = v.outcome
LEFT JOIN ops.host AS h ON h.host = f.host
WHERE b.run_id = %(run)s AND {OWN}
GROUP BY f.host, h.host ORDER BY span DESC NULLS LAST, most_ms DESC NULLS LAST LIMIT 12
"""

_ERRORS = f"""
SELECT v.outcome, ops.reason_group(v.reason) AS reason, count(*)::int AS urls, count(DISTINCT f.host)::int AS hosts,
    min(v.reason) AS example
FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id) JOIN ops.frontier AS f USING (url_id) JOIN news.outcome AS o ON o.outcome = v.outcome
WHERE b.run_id = %(run)s AND {OWN} AND (o.retryable OR v.outcome = 'quarantined')
GROUP BY 1, 2 ORDER BY urls DESC, 1, 2 LIMIT 20
"""

_PROBLEMS = """
SELECT p.source_id, one ->> 'kind' AS kind, one ->> 'what' AS what, one ->> 'remedy' AS remedy, one ->> 'grave' = 'true' AS grave
FROM ops.run_report AS p, jsonb_array_elements(p.problems) AS one
WHERE p.run_id = %(run)s ORDER BY grave DESC, p.source_id
"""

_BY_SOURCE = f"""
SELECT f.source_id, count(*)::int AS urls, count(*) FILTER (WHERE v.outcome = 'published')::int AS published,
    count(*) FILTER (WHERE v.outcome = 'updated')::int AS updated,
    count(*) FILTER (WHERE o.has_article AND v.outcome NOT IN ('published', 'updated'))::int AS known,
    count(*) FILTER (WHERE NOT o.has_article)::int AS none, count(*) FILTER (WHERE v.outcome IS NULL)::int AS open
FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id) JOIN ops.frontier AS f USING (url_id) LEFT JOIN news.outcome AS o ON o.outcome = v.outcome
WHERE b.run_id = %(run)s AND {OWN} GROUP BY 1 ORDER BY urls DESC, 1
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the ledger: came == the sum of ended + open + went."""

    stage: str
    came: int
    ended: Sequence[Mapping[str, Any]]  # rows of outcome, urls, meaning, has_article, retryable
    open: int  # stand before it now
    went: int  # on to the next; of the last stage 0
    passed: int  # of all that are planned: went on from here, or ended here or before


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where each URL of a run is: planned == the sum of all that ended or is open."""

    planned: int
    steps: Sequence[Step]
    sql: str
    totals: Mapping[str, int] = field(default_factory=dict)  # by outcome; '': under way


def ledger(cursor: Cursor, run_id: int, batch_id: int | None = None) -> Ledger:
    """The run's visits, or one batch's, stage by stage."""
    answer = ask(cursor, _LEDGER, {"run": run_id, "batch": batch_id})
    planned = left = passed = sum(row["urls"] for row in answer.rows)
    steps = []
    totals: dict[str, int] = {}
    for row in answer.rows:
        totals[row["outcome"] or ""] = totals.get(row["outcome"] or "", 0) + row["urls"]
    for stage in STAGES:
        here = [row for row in answer.rows if row["at"] == stage]
        ended = [row for row in here if row["outcome"] is not None]
        waits = sum(row["urls"] for row in here if row["outcome"] is None)
        went = left - waits - sum(row["urls"] for row in ended)
        passed -= waits
        steps.append(Step(stage, left, ended, waits, went, passed))
        left = went
    return Ledger(planned, steps, answer.sql, totals)


def run(cursor: Cursor, run_id: int) -> dict[str, Any] | None:
    answer = ask(cursor, _RUN, {"run": run_id})
    return answer.rows[0] if answer.rows else None


def batch(cursor: Cursor, batch_id: int) -> dict[str, Any] | None:
    cursor.execute(
        """
        SELECT b.batch_id, b.run_id, b.hosts, b.urls, b.created_at, b.import_id, b.reprocess_id, r.run_key, r.kind
        FROM ops.batch AS b JOIN ops.run AS r USING (run_id) WHERE b.batch_id = %s
        """,
        (batch_id,),
    )
    return first_row(cursor)


def batch_at(cursor: Cursor, run_id: int, place: int) -> int | None:
    """The batch that a mapped task of this place has, from 0: they are planned in the order of their ids."""
    cursor.execute(
        "SELECT batch_id FROM ops.batch WHERE run_id = %s ORDER BY batch_id OFFSET %s LIMIT 1", (run_id, place)
    )
    found = cursor.fetchone()
    return int(found[0]) if found else None


def found(cursor: Cursor, run_id: int) -> Answer:
    """New URLs of the run's discovery, and what became of them."""
    return ask(cursor, _FOUND, {"run": run_id})


def batches(cursor: Cursor, run_id: int) -> Answer:
    return ask(cursor, _BATCHES, {"run": run_id})


def times(cursor: Cursor, run_id: int) -> Answer:
    """What each stage took: its batches' seconds together, the longest of them, and from first begin to last end."""
    return ask(cursor, _TIMES, {"run": run_id})


def slowest_hosts(cursor: Cursor, run_id: int) -> Answer:
    """By the time from the first to the last of its answers."""
    return ask(cursor, _HOSTS, {"run": run_id})


def errors(cursor: Cursor, run_id: int) -> Answer:
    return ask(cursor, _ERRORS, {"run": run_id})


def problems(cursor: Cursor, run_id: int) -> Answer:
    return ask(cursor, _PROBLEMS, {"run": run_id})


def by_source(cursor: Cursor, run_id: int) -> Answer:
    return ask(cursor, _BY_SOURCE, {"run": run_id})
