-- When each endpoint is polled next and why; what was learned of a site's addresses; where an endpoint went.
ALTER TABLE ops.source ADD COLUMN endpoints_sought_at timestamptz;
COMMENT ON COLUMN ops.source.endpoints_sought_at IS
    'When its endpoints were last looked for, as its file names none; NULL: never, or the site could not be reached.';

ALTER TABLE ops.endpoint
    ADD COLUMN worked_at timestamptz,
    ADD COLUMN poll_every interval,
    ADD COLUMN new_per_day real,
    ADD COLUMN why text,
    ADD COLUMN digest bytea,
    ADD COLUMN changed_at timestamptz,
    ADD COLUMN whole_at timestamptz,
    ADD COLUMN tree jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN failing_since timestamptz,
    ADD COLUMN moved_to text,
    ADD COLUMN moved_since timestamptz,
    ADD COLUMN off_since timestamptz,
    ADD COLUMN off_reason text;
COMMENT ON COLUMN ops.endpoint.etag IS 'As the server sent it with the last body that was processed to its end; goes back byte for byte.';
COMMENT ON COLUMN ops.endpoint.last_modified IS 'Likewise.';
COMMENT ON COLUMN ops.endpoint.polled_at IS 'When it was last asked, with whatever success.';
COMMENT ON COLUMN ops.endpoint.next_poll_at IS 'When scheduled runs ask it next; a run by hand asks at once, but waits for a failing one.';
COMMENT ON COLUMN ops.endpoint.links_seen IS 'Links that the last poll named; 0 where the answer was as before.';
COMMENT ON COLUMN ops.endpoint.links_new IS 'Those of them that were new.';
COMMENT ON COLUMN ops.endpoint.worked_at IS 'When a poll last worked.';
COMMENT ON COLUMN ops.endpoint.poll_every IS 'The pause that its rhythm asks for; NULL: it never worked.';
COMMENT ON COLUMN ops.endpoint.new_per_day IS 'New links a day, a weighted mean with a time constant of 3 days; NULL: not known yet.';
COMMENT ON COLUMN ops.endpoint.why IS 'Why the pause until the next poll is as long as it is.';
COMMENT ON COLUMN ops.endpoint.digest IS 'SHA-256 of the last body that was processed to its end; the same again is not read again.';
COMMENT ON COLUMN ops.endpoint.changed_at IS 'When a body last differed from the one before.';
COMMENT ON COLUMN ops.endpoint.whole_at IS
    'When a body last came; three days of nothing but 304 later it is asked for without validators.';
COMMENT ON COLUMN ops.endpoint.tree IS 'The sitemaps below a sitemap index as last read: address -> [etag, last_modified, lastmod, when its body last came].';
COMMENT ON COLUMN ops.endpoint.failing_since IS 'When the failed polls in a row began; NULL: the last one worked.';
COMMENT ON COLUMN ops.endpoint.moved_to IS
    'Where permanent redirects (301, 308) lead; three days after moved_since it is polled there. The source file is not rewritten.';
COMMENT ON COLUMN ops.endpoint.moved_since IS 'Since when they lead to that address.';
COMMENT ON COLUMN ops.endpoint.off_since IS 'Since when it is not polled, as the server said 410; `newsdesk sources switch-on URL` sets it back.';
COMMENT ON COLUMN ops.endpoint.off_reason IS 'Why it was switched off.';

CREATE VIEW ops.poll_schedule AS
SELECT e.endpoint_id, e.source_id, e.kind, e.url,
    CASE WHEN e.off_since IS NOT NULL THEN 'off' WHEN e.failures > 0 THEN 'failing' WHEN e.worked_at IS NULL THEN 'new' ELSE 'ok' END
        AS state,
    CASE WHEN e.off_since IS NULL THEN e.next_poll_at END AS next_poll_at,
    e.poll_every, round(e.new_per_day::numeric, 1) AS new_per_day,
    coalesce(e.off_reason, CASE WHEN e.failures > 0 THEN e.failures || ' failures: ' || e.reason ELSE e.why END) AS why,
    e.polled_at, e.worked_at, e.changed_at, e.moved_to, e.moved_since
FROM ops.endpoint AS e JOIN ops.source AS s USING (source_id)
WHERE e.active AND s.enabled
ORDER BY next_poll_at NULLS LAST, e.endpoint_id;
COMMENT ON VIEW ops.poll_schedule IS 'One row for each endpoint in use, the next one to be polled first, with its rhythm and state.';

CREATE FUNCTION ops.url_shape(url_key text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT left('/' || coalesce(string_agg(
        CASE
            WHEN part ~ '^\d+$' THEN '9'
            -- the section's name, where more follows
            WHEN at = 1 AND parts > 1 AND length(part) <= 30 AND part !~ '\d' THEN lower(part)
            WHEN at < parts THEN 'a'
            ELSE CASE least((SELECT count(*) FROM regexp_split_to_table(regexp_replace(part, '\.\w{1,5}$', ''), '[-_]+') AS word
                             WHERE word !~ '^([0-9a-fA-F]{8,}|\d*)$'), 3)
                    WHEN 3 THEN 'slug' WHEN 2 THEN 'two-words' WHEN 1 THEN 'word' ELSE '9' END
                || CASE WHEN part ~ '\d{5}' THEN '-9' ELSE '' END
                || coalesce(lower(substring(part FROM '\.[A-Za-z]\w{0,4}$')), '')
        END, '/' ORDER BY at) FILTER (WHERE part IS NOT NULL), '')
        || coalesce('?' || (SELECT string_agg(DISTINCT split_part(pair, '=', 1), '&' ORDER BY split_part(pair, '=', 1))
                            FROM regexp_split_to_table(nullif(max(query), ''), '&') AS pair), ''), 200)
    FROM (SELECT substring(url_key FROM '^https?://[^/?#]*([^?#]*)') AS path,
                 coalesce(substring(url_key FROM '\?([^#]*)'), '') AS query) AS address
    LEFT JOIN LATERAL (
        SELECT part, at, max(at) OVER () AS parts
        FROM (SELECT part, row_number() OVER (ORDER BY place) AS at
              FROM regexp_split_to_table(path, '/') WITH ORDINALITY AS split (part, place) WHERE part <> '') AS numbered
    ) AS segments ON true
);
COMMENT ON FUNCTION ops.url_shape IS
    'What the addresses of one template have in common, whatever the host: /world/9/9/slug-9.html. See newsdesk.discover.linkfilter.';

CREATE VIEW ops.link_shape AS
SELECT f.source_id, ops.url_shape(f.url_key) AS shape,
    count(*) FILTER (WHERE o.has_article) AS articles, count(*) FILTER (WHERE NOT o.has_article) AS others
FROM ops.frontier AS f JOIN news.outcome AS o USING (outcome)
WHERE (o.has_article OR f.outcome IN ('not_article', 'no_text', 'gone', 'wrong_type'))
    -- what is left out is tried anew when the evidence has grown old: sites are rebuilt
    AND f.last_tried_at > now() - interval '90 days'
GROUP BY 1, 2;
COMMENT ON VIEW ops.link_shape IS
    'One row for each source and form of address: how many of the visits of the last 90 days led to articles, how many did not.';
