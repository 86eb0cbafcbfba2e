-- Who prints whose texts?
-- An edge for each pair of outlets. Agencies that are no source of yours do not show: their first customer stands for them.
-- chart: matrix original reprinted_by texts
SELECT original_source_id AS original, source_id AS reprinted_by, count(*) AS texts
FROM news.reprint
WHERE of_another_source AND published_at >= '2026-03-01' AND published_at < '2026-03-08'
GROUP BY 1, 2 ORDER BY texts DESC, 1, 2 LIMIT 30;
