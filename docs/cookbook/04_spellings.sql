-- In which forms is a name printed?
-- What the article itself makes one: a surname or title counts where the full name stands in the same article.
SELECT e.name, e.type, a.alias, a.mentions
FROM news.entity AS e JOIN news.entity_alias AS a USING (entity_id)
WHERE e.type = 'PER' AND e.entity_id IN (
    SELECT entity_id FROM news.entity_alias GROUP BY entity_id HAVING count(*) > 1)
ORDER BY e.name, a.mentions DESC, a.alias LIMIT 12;
