-- Which outlets left out what most others had?
-- Stories of three outlets or more, and the outlets of the same language without an article in them.
SELECT s.title, s.outlets, array_agg(o.source_id ORDER BY o.source_id) AS not_at
FROM (
    SELECT story_id, title, language, outlets FROM news.story
    WHERE outlets >= 3 AND last_published_at >= '2026-03-01' AND last_published_at < '2026-03-08'
    ORDER BY outlets DESC, title LIMIT 10) AS s
JOIN news.source AS o ON o.language = s.language
WHERE NOT EXISTS (SELECT 1 FROM news.article AS a WHERE a.story_id = s.story_id AND a.source_id = o.source_id)
GROUP BY s.story_id, s.title, s.outlets ORDER BY s.outlets DESC, s.title;
