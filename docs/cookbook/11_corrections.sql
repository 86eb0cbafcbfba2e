-- Who corrects how often?
-- Of a week's articles. Only changes that a visit saw are counted, so compare outlets that are visited alike. Over all time:
-- `news.source_correction`.
SELECT a.source_id, count(DISTINCT a.article_id) AS articles, count(DISTINCT a.article_id) FILTER (WHERE c.version IS NOT NULL) AS changed,
    count(*) FILTER (WHERE 'title' = ANY(c.changed)) AS titles, sum(c.words_added) AS words_added, sum(c.words_removed) AS words_removed
FROM news.article AS a
LEFT JOIN news.article_version AS c ON c.article_id = a.article_id AND c.version > 1 AND NOT c.reread
WHERE a.published_at >= '2026-03-01' AND a.published_at < '2026-03-08'
GROUP BY a.source_id HAVING count(c.version) > 0 ORDER BY changed DESC, a.source_id LIMIT 10;
