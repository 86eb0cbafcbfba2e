-- In which forms is somebody's name printed?
-- From one form to all: a bare surname counts where the full name stands in the same article.
SELECT e.name, e.type, a.alias, a.mentions
FROM news.entity AS e JOIN news.entity_alias AS a USING (entity_id)
WHERE e.entity_id IN (SELECT entity_id FROM news.entity_alias WHERE lower(alias) IN ('orrin', 'ashcombe', 'coyle'))
ORDER BY e.name, a.mentions DESC, a.alias;
