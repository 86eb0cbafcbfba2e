-- How much of an outlet is its own work?
-- Of a week. Over all time: `news.source_reprint`.
SELECT a.source_id, count(*) AS articles, count(*) FILTER (WHERE a.is_primary) AS own,
    count(*) FILTER (WHERE p.source_id <> a.source_id) AS reprints, round(100.0 * count(*) FILTER (WHERE a.is_primary) / count(*)) AS own_percent
FROM news.article AS a JOIN news.article AS p ON p.article_id = a.cluster_id
WHERE a.published_at >= '2026-03-01' AND a.published_at < '2026-03-08'
GROUP BY a.source_id ORDER BY own_percent DESC, articles DESC, a.source_id LIMIT 15;
