-- Did everything come in?
-- `found` = published + other addresses + waiting + refused. `news.source_health` holds each day against the source's usual
-- one of that weekday: `WHERE verdict = 'few'` is where to look.
SELECT d.source_id, sum(d.found) AS found, sum(d.published) AS published, sum(d.other_addresses) AS other_addresses,
    sum(d.waiting) AS waiting, sum((SELECT sum(n::integer) FROM jsonb_each_text(d.refused) AS r (why, n))) AS refused
FROM news.source_day AS d
WHERE d.day > current_date - 7
GROUP BY d.source_id ORDER BY found DESC, d.source_id LIMIT 20;
