-- Why are pages not in the table?
-- Of those found in the last week. For one page: `WHERE url = '…'`; `reason` tells more, `newsdesk explain` all.
SELECT u.outcome, count(*) AS urls, o.meaning
FROM news.url_status AS u JOIN news.outcome AS o USING (outcome)
WHERE u.first_found_at > now() - interval '7 days' AND NOT o.has_article
GROUP BY u.outcome, o.meaning ORDER BY urls DESC, u.outcome;
