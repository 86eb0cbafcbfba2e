-- Did everything come in? Each source's day in numbers, beside what is usual for it.
CREATE TABLE news.source_day (
    source_id text NOT NULL REFERENCES news.source,
    day date NOT NULL,
    found integer NOT NULL,
    fetched integer NOT NULL,
    published integer NOT NULL,
    reprints integer NOT NULL,
    other_addresses integer NOT NULL,
    waiting integer NOT NULL,
    refused jsonb NOT NULL,
    lag_minutes real,
    words integer,
    PRIMARY KEY (source_id, day)
);
CREATE INDEX source_day_day ON news.source_day (day);
CREATE INDEX frontier_source_day ON ops.frontier (source_id, first_found_at);
COMMENT ON TABLE news.source_day IS 'One row for each source and each day (UTC) on which URLs of it were found, as of the last publish that touched one of them.';
COMMENT ON COLUMN news.source_day.source_id IS 'The source.';
COMMENT ON COLUMN news.source_day.day IS 'The day on which the URLs were first found, UTC.';
COMMENT ON COLUMN news.source_day.found IS 'URLs; found = published + other_addresses + waiting + the sum over refused.';
COMMENT ON COLUMN news.source_day.fetched IS 'Of these, the URLs whose page was received whole at least once.';
COMMENT ON COLUMN news.source_day.published IS 'Of these, the URLs that are articles.';
COMMENT ON COLUMN news.source_day.reprints IS 'Of the articles, those that are not the primary of their group.';
COMMENT ON COLUMN news.source_day.other_addresses IS 'URLs that lead to an article which another URL stands for.';
COMMENT ON COLUMN news.source_day.waiting IS 'URLs that are not visited yet, or are in a batch.';
COMMENT ON COLUMN news.source_day.refused IS 'The rest: outcome -> number of URLs; the words are those of news.outcome.';
COMMENT ON COLUMN news.source_day.lag_minutes IS 'Median, over the articles that tell their time to the minute, of the minutes from their publication to the day''s finding of their URL.';
COMMENT ON COLUMN news.source_day.words IS 'Median of the articles'' words.';

CREATE FUNCTION ops.refresh_source_days(sources text[], days date[]) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO news.source_day AS d (source_id, day, found, fetched, published, reprints, other_addresses, waiting, refused,
        lag_minutes, words)
    SELECT wanted.source_id, wanted.day, count(*), count(*) FILTER (WHERE u.is_fetched),
        count(*) FILTER (WHERE u.ended = 'published'),
        count(*) FILTER (WHERE u.ended = 'published' AND NOT u.is_primary),
        count(*) FILTER (WHERE u.ended = 'other'), count(*) FILTER (WHERE u.ended = 'waiting'),
        coalesce(jsonb_object_agg(u.ended, u.times) FILTER (WHERE u.is_first AND u.ended NOT IN ('published', 'other', 'waiting')), '{}'),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY u.lag_minutes) FILTER (WHERE u.lag_minutes IS NOT NULL),
        round(percentile_cont(0.5) WITHIN GROUP (ORDER BY u.word_count) FILTER (WHERE u.ended = 'published'))
    FROM (SELECT DISTINCT * FROM unnest(sources, days) AS w (source_id, day)) AS wanted
    CROSS JOIN LATERAL (
        SELECT *, count(*) OVER (PARTITION BY ended) AS times, row_number() OVER (PARTITION BY ended) = 1 AS is_first
        FROM (
            SELECT a.is_primary, a.word_count,
                EXISTS (SELECT 1 FROM ops.capture AS c WHERE c.url_id = f.url_id) AS is_fetched,
                CASE WHEN a.article_id IS NOT NULL THEN 'published'
                     WHEN f.article_id IS NOT NULL THEN 'other'
                     ELSE coalesce(f.outcome, 'waiting') END AS ended,
                CASE WHEN a.published_precision <> 'day' AND a.published_at <= f.first_found_at
                     THEN extract(epoch FROM f.first_found_at - a.published_at) / 60 END AS lag_minutes
            FROM ops.frontier AS f LEFT JOIN news.article AS a ON a.article_id = f.url_id
            WHERE f.source_id = wanted.source_id
              AND f.first_found_at >= wanted.day::timestamp AT TIME ZONE 'UTC'
              AND f.first_found_at < (wanted.day + 1)::timestamp AT TIME ZONE 'UTC') AS url) AS u
    WHERE EXISTS (SELECT 1 FROM news.source AS s WHERE s.source_id = wanted.source_id)
    GROUP BY wanted.source_id, wanted.day
    ON CONFLICT (source_id, day) DO UPDATE
    SET found = EXCLUDED.found, fetched = EXCLUDED.fetched, published = EXCLUDED.published, reprints = EXCLUDED.reprints,
        other_addresses = EXCLUDED.other_addresses, waiting = EXCLUDED.waiting, refused = EXCLUDED.refused,
        lag_minutes = EXCLUDED.lag_minutes, words = EXCLUDED.words
$$;

SELECT ops.refresh_source_days(array_agg(source_id), array_agg(day))
FROM (SELECT DISTINCT source_id, (first_found_at AT TIME ZONE 'UTC')::date AS day FROM ops.frontier) AS f;

CREATE VIEW news.source_health AS
SELECT d.source_id, d.day, d.published, usual.published AS usually, usual.days AS days_compared,
    CASE WHEN usual.days >= 3 AND d.published < usual.published / 2 THEN 'few'
         WHEN usual.days >= 3 AND d.published > usual.published * 3 THEN 'many'
         ELSE 'as usual' END AS verdict
FROM news.source_day AS d
CROSS JOIN LATERAL (
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(o.published, 0)) AS published, count(*) AS days
    FROM generate_series(1, 8) AS week
    LEFT JOIN news.source_day AS o ON o.source_id = d.source_id AND o.day = d.day - (7 * week)::integer
    WHERE d.day - (7 * week)::integer >= (SELECT min(b.day) FROM news.source_day AS b WHERE b.source_id = d.source_id)) AS usual;
COMMENT ON VIEW news.source_health IS
    'One row for each source and day: what was published, beside what is usual for the source on that weekday. What did I miss? WHERE verdict = ''few''.';
COMMENT ON COLUMN news.source_health.source_id IS 'The source.';
COMMENT ON COLUMN news.source_health.day IS 'The day, UTC. The present one is not over.';
COMMENT ON COLUMN news.source_health.published IS 'Articles whose URL was found on that day.';
COMMENT ON COLUMN news.source_health.usually IS 'Median over the same weekday of the eight weeks before, as far as the source goes back; a day without a row counts as 0.';
COMMENT ON COLUMN news.source_health.days_compared IS 'How many such days there are.';
COMMENT ON COLUMN news.source_health.verdict IS 'few: less than half of the usual. many: more than three times. as usual: neither, or fewer than three days to compare with.';
