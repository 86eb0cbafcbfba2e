-- Who writes?
SELECT author, a.source_id, count(*) AS articles, sum(a.word_count) AS words
FROM news.article AS a, unnest(a.authors) AS author
GROUP BY author, a.source_id ORDER BY articles DESC, words DESC, author LIMIT 8;
