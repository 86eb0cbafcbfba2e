-- Who is named together with somebody?
-- Ask the view for one entity, by its id. `originals` counts reprinted texts once.
SELECT other.name, other.type, t.originals, t.articles
FROM news.entity_together AS t
JOIN news.entity AS other ON other.entity_id = t.other_id
WHERE t.entity_id = (SELECT entity_id FROM news.entity WHERE lower(name) = 'miriam talbot' ORDER BY articles DESC LIMIT 1)
ORDER BY t.originals DESC, t.articles DESC, other.name LIMIT 8;
