-- What is new since I last looked?
-- Remember the highest `load_id` that you have read and put it in the place of the sub-query (here: the last ten loads): no
-- change is ever missed, whoever publishes meanwhile. Each article's last word counts.
SELECT kind, count(*) AS articles
FROM (
    SELECT DISTINCT ON (article_id) article_id, kind FROM news.changes
    WHERE load_id > (SELECT max(load_id) - 10 FROM news.load) ORDER BY article_id, load_id DESC) AS latest
GROUP BY kind ORDER BY articles DESC, kind;
