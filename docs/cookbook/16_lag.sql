-- How long after publication do articles arrive?
-- Only articles that tell the time of day. result: depends on when you ask
SELECT source_id, count(*) AS articles,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY first_seen_at - published_at) AS median_lag,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY first_seen_at - published_at) AS nine_of_ten
FROM news.article
WHERE published_at >= '2026-03-01' AND published_at < '2026-03-08' AND published_precision <> 'day' AND first_seen_at > published_at
GROUP BY source_id ORDER BY median_lag LIMIT 20;
