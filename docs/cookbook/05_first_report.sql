-- Who had a text first, and who printed it when?
-- The primary of a group is the earliest that newsdesk knows. `delay` is NULL where a page tells the day only.
SELECT p.title, r.original_source_id AS first_at, r.source_id AS then_at, r.delay
FROM news.reprint AS r JOIN news.article AS p ON p.article_id = r.original_article_id
WHERE r.of_another_source AND r.published_at >= '2026-03-01' AND r.published_at < '2026-03-08'
ORDER BY p.title, r.delay NULLS LAST, r.source_id LIMIT 20;
