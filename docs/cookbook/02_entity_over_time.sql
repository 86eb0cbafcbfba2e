-- How often was somebody named, day by day?
-- Any printed form finds the entity. Give the view its entities as an array and its days: it then reads these only. Days
-- without an article are days with 0.
-- chart: bars day articles
SELECT days.day::date AS day, coalesce(sum(d.articles), 0) AS articles, coalesce(sum(d.originals), 0) AS originals,
    coalesce(sum(d.titles), 0) AS in_titles
FROM generate_series('2026-03-01'::date, '2026-03-06'::date, interval '1 day') AS days (day)
LEFT JOIN (
    SELECT * FROM news.entity_daily
    WHERE entity_id = ANY(ARRAY(SELECT entity_id FROM news.entity_alias WHERE lower(alias) = 'miriam talbot'))
        AND day >= '2026-03-01' AND day <= '2026-03-06') AS d ON d.day = days.day
GROUP BY days.day ORDER BY days.day;
