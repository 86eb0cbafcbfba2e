-- What was changed in an article after it was published?
-- `diff` is to be read: `[-removed-]`, `{+added+}`, `[…]` what is left out.
SELECT source_id, title_after AS title, changed, words_added, words_removed, left(diff, 300) AS diff
FROM news.article_change WHERE by_publisher
ORDER BY source_id, article_id, version LIMIT 5;
