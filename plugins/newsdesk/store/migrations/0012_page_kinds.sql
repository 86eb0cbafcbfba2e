-- A page that is no article says which kind of page it is.
INSERT INTO news.outcome (outcome, has_article, retryable, meaning) VALUES
    ('index', false, false, 'A home or section page, a list or search results.'),
    ('gallery', false, false, 'Pictures with captions.'),
    ('video', false, false, 'A player with little text.'),
    ('live', false, false, 'A live report in timed entries; its text as it was is in ops.document.');
UPDATE news.outcome SET meaning = 'Another page than an article: a product, a forum''s thread, documentation, a company''s page.'
WHERE outcome = 'not_article';
UPDATE news.outcome SET meaning = 'The server says that there is no such page (404, 410), or the page itself does.'
WHERE outcome = 'gone';

-- As in 0009, with the new kinds among those that teach what a site's addresses lead to.
CREATE OR REPLACE VIEW ops.link_shape AS
SELECT f.source_id, f.shape,
    count(*) FILTER (WHERE o.has_article) AS articles, count(*) FILTER (WHERE NOT o.has_article) AS others
FROM ops.frontier AS f JOIN news.outcome AS o USING (outcome)
WHERE (o.has_article OR f.outcome IN ('not_article', 'index', 'gallery', 'video', 'live', 'no_text', 'gone', 'wrong_type'))
    -- what is left out is tried anew when the evidence has grown old: sites are rebuilt
    AND f.last_tried_at > now() - interval '90 days'
GROUP BY 1, 2;
