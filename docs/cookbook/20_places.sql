-- Which places are in the news, with ids to join on?
-- Places that nobody can vouch for have no id. `country_code` groups them, peoples included ("German").
SELECT e.name, e.geonames_id, e.iso_code, e.country_code, e.articles, round(e.link_confidence::numeric, 2) AS confidence
FROM news.entity AS e
WHERE e.geonames_id IS NOT NULL OR e.country_code IS NOT NULL
ORDER BY e.articles DESC, e.name LIMIT 10;
