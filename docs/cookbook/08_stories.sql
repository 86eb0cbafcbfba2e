-- Which events did most outlets report?
-- A story holds different texts on one event; `texts` counts reprints once.
-- chart: bars title outlets
SELECT title, language, articles, texts, outlets, first_published_at::date AS first_day, last_published_at::date AS last_day
FROM news.story
WHERE last_published_at >= '2026-03-01' AND last_published_at < '2026-03-08'
ORDER BY outlets DESC, articles DESC, title LIMIT 8;
