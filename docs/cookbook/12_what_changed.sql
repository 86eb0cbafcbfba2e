-- What was changed in an article after it was published?
-- The latest changes. `diff` is to be read: `[-removed-]`, `{+added+}`, `[…]` what is left out.
SELECT source_id, title_after AS title, changed, words_added, words_removed, left(diff, 300) AS diff
FROM (SELECT * FROM news.article_change WHERE by_publisher AND version > 1 ORDER BY seen_at DESC LIMIT 5) AS latest
ORDER BY source_id, title;
