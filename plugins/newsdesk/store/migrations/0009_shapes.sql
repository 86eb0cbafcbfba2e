-- The shape of an address is computed once, when it is found: a section page asks what became of a whole site's.
ALTER TABLE ops.frontier ADD COLUMN shape text GENERATED ALWAYS AS (ops.url_shape(url_key)) STORED;
COMMENT ON COLUMN ops.frontier.shape IS 'What its address has in common with others of one template; see ops.url_shape.';

CREATE OR REPLACE VIEW ops.link_shape AS
SELECT f.source_id, f.shape,
    count(*) FILTER (WHERE o.has_article) AS articles, count(*) FILTER (WHERE NOT o.has_article) AS others
FROM ops.frontier AS f JOIN news.outcome AS o USING (outcome)
WHERE (o.has_article OR f.outcome IN ('not_article', 'no_text', 'gone', 'wrong_type'))
    -- what is left out is tried anew when the evidence has grown old: sites are rebuilt
    AND f.last_tried_at > now() - interval '90 days'
GROUP BY 1, 2;
