-- Who was named together with somebody?
-- In a week. Over all time: `news.entity_together`, asked for one entity_id (a second for one who is in 2% of a million
-- articles). `originals` counts reprinted texts once.
SELECT other.name, other.type, count(*) FILTER (WHERE a.is_primary) AS originals, count(*) AS articles
FROM news.article_entity AS one
JOIN news.article_entity AS company ON company.article_id = one.article_id AND company.entity_id <> one.entity_id
JOIN news.article AS a ON a.article_id = one.article_id
JOIN news.entity AS other ON other.entity_id = company.entity_id
WHERE one.entity_id = (SELECT entity_id FROM news.entity WHERE lower(name) = 'miriam talbot' ORDER BY articles DESC LIMIT 1)
    AND one.seen_at >= '2026-03-01' AND one.seen_at < '2026-03-08'
GROUP BY other.entity_id, other.name, other.type
ORDER BY originals DESC, articles DESC, other.name LIMIT 8;
