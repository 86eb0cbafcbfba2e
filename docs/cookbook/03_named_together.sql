-- Who is named together with somebody?
-- Of one entity this is fast; of all it is large. `originals` counts reprinted texts once.
SELECT other.name, other.type, t.originals, t.articles
FROM news.entity AS e
JOIN news.entity_together AS t USING (entity_id)
JOIN news.entity AS other ON other.entity_id = t.other_id
WHERE e.name = 'Miriam Talbot'
ORDER BY t.originals DESC, t.articles DESC, other.name LIMIT 8;
