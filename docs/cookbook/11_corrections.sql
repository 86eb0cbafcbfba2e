-- Who corrects how often?
-- Only changes that a visit saw are counted, so compare outlets that are visited alike.
SELECT source_id, articles, changed_articles, changes, titles, bodies, words_added, words_removed
FROM news.source_correction WHERE changes > 0
ORDER BY changed_share DESC, source_id;
