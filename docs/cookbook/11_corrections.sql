-- Who corrects how often?
-- Of a week's articles. Only changes that a visit saw are counted, so compare outlets that are visited alike. Over all time:
-- `news.source_correction`.
WITH week AS (
    SELECT article_id, source_id, version FROM news.article
    WHERE published_at >= '2026-03-01' AND published_at < '2026-03-08'),
corrected AS (
    SELECT w.source_id, count(DISTINCT c.article_id) AS changed, count(*) FILTER (WHERE 'title' = ANY(c.changed)) AS titles,
        sum(c.words_added) AS words_added, sum(c.words_removed) AS words_removed
    FROM week AS w JOIN news.article_version AS c ON c.article_id = w.article_id AND c.version > 1 AND NOT c.reread
    WHERE w.version > 1 GROUP BY w.source_id)
SELECT c.source_id, (SELECT count(*) FROM week AS w WHERE w.source_id = c.source_id) AS articles, c.changed, c.titles,
    c.words_added, c.words_removed
FROM corrected AS c
ORDER BY c.changed DESC, c.source_id LIMIT 10;
