"""What each hour brought, by source and outcome: counted in the transaction that settles the visits."""

from __future__ import annotations

# The visits that this transaction settled: their settled_at is its now(). Exactly once, since a visit is settled once.
COUNT = """
WITH counted AS (
    SELECT f.source_id, v.outcome, count(*) AS urls
    FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id) JOIN ops.frontier AS f USING (url_id)
    WHERE b.run_id = %(run)s AND v.settled_at = now() AND b.import_id IS NULL AND b.reprocess_id IS NULL
    GROUP BY 1, 2),
hours AS (
    INSERT INTO ops.arrivals AS a (hour, source_id, outcome, urls, last_at)
    SELECT date_trunc('hour', now()), source_id, outcome, urls, now() FROM counted ORDER BY source_id, outcome
    ON CONFLICT (hour, source_id, outcome) DO UPDATE
    SET urls = a.urls + EXCLUDED.urls, last_at = greatest(a.last_at, EXCLUDED.last_at))
INSERT INTO ops.outcome_total AS t (outcome, visits)
SELECT outcome, sum(urls) FROM counted GROUP BY outcome ORDER BY outcome
ON CONFLICT (outcome) DO UPDATE SET visits = t.visits + EXCLUDED.visits
"""
