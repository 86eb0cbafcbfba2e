-- How often was somebody named, day by day?
-- Any printed form finds the entity (`news.entity_alias`); days without an article are days with 0.
-- chart: bars day articles
SELECT day::date AS day, coalesce(d.articles, 0) AS articles, coalesce(d.originals, 0) AS originals, coalesce(d.titles, 0) AS in_titles
FROM generate_series('2026-03-01'::date, '2026-03-06'::date, interval '1 day') AS day
LEFT JOIN (
    SELECT day, sum(articles) AS articles, sum(originals) AS originals, sum(titles) AS titles
    FROM news.entity_daily
    WHERE entity_id IN (SELECT entity_id FROM news.entity_alias WHERE lower(alias) = 'miriam talbot')
    GROUP BY day) AS d USING (day)
ORDER BY day;
