-- How much is written in which language?
-- chart: bars language articles
SELECT coalesce(language, '?') AS language, count(*) AS articles, count(*) FILTER (WHERE is_primary) AS originals,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY word_count) AS median_words, count(DISTINCT source_id) AS outlets
FROM news.article
WHERE published_at >= '2026-02-20' AND published_at < '2026-03-20'
GROUP BY 1 ORDER BY articles DESC, language;
