-- Why are pages not in the table?
-- For one page: `WHERE url LIKE '%words-of-its-address%'`; `reason` tells more.
SELECT u.outcome, count(*) AS urls, o.meaning
FROM news.url_status AS u JOIN news.outcome AS o USING (outcome)
WHERE NOT o.has_article
GROUP BY u.outcome, o.meaning ORDER BY urls DESC, u.outcome;
