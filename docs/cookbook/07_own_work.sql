-- How much of an outlet is its own work?
SELECT source_id, articles, primaries, reprints, round(100.0 * primaries / nullif(articles, 0)) AS own_percent, reprints_elsewhere
FROM news.source_reprint ORDER BY own_percent DESC NULLS LAST, articles DESC, source_id;
