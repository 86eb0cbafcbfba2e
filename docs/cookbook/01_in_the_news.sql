-- Who is in the news, each reprinted text counted once?
-- Reprints would make an agency's favourites everybody's: `is_primary` counts each text once. `outlets` are those that had
-- a text of their own.
-- chart: bars name articles
SELECT e.name, e.type, count(*) AS articles, count(DISTINCT a.source_id) AS outlets
FROM news.article AS a
JOIN news.article_entity USING (article_id)
JOIN news.entity AS e USING (entity_id)
WHERE a.is_primary AND a.published_at >= '2026-03-01' AND a.published_at < '2026-03-08'
GROUP BY e.entity_id, e.name, e.type
ORDER BY articles DESC, outlets DESC, e.name LIMIT 10;
