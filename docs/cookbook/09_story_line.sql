-- How did a story unfold?
-- Its articles in the order of publication; `reprint` marks texts that another outlet had before.
SELECT a.published_at::date AS day, a.source_id, a.title, NOT a.is_primary AS reprint, a.version
FROM news.article AS a
WHERE a.story_id = (
    SELECT s.story_id FROM news.story AS s
    WHERE s.last_published_at >= '2026-03-01' AND s.last_published_at < '2026-03-08' AND s.language = 'en'
    ORDER BY s.outlets DESC, s.articles DESC, s.title LIMIT 1)
ORDER BY a.published_at, a.source_id, a.title;
