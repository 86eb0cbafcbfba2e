-- Who writes?
SELECT author, a.source_id, count(*) AS articles, sum(a.word_count) AS words
FROM news.article AS a, unnest(a.authors) AS author
WHERE a.published_at >= '2026-03-01' AND a.published_at < '2026-03-08'
GROUP BY author, a.source_id ORDER BY articles DESC, words DESC, author LIMIT 8;
