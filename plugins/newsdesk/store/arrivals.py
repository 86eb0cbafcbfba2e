"""What each hour brought, by source and outcome: counted in the transaction that settles the visits."""

from __future__ import annotations

# The visits that this transaction settled: their settled_at is its now(). Exactly once, since a visit is settled once.
COUNT = """
INSERT INTO ops.arrivals AS a (hour, source_id, outcome, urls, last_at)
SELECT date_trunc('hour', now()), f.source_id, v.outcome, count(*), now()
FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id) JOIN ops.frontier AS f USING (url_id)
WHERE b.run_id = %(run)s AND v.settled_at = now() AND b.import_id IS NULL AND b.reprocess_id IS NULL
GROUP BY f.source_id, v.outcome
ORDER BY f.source_id, v.outcome
ON CONFLICT (hour, source_id, outcome) DO UPDATE
SET urls = a.urls + EXCLUDED.urls, last_at = greatest(a.last_at, EXCLUDED.last_at)
"""
