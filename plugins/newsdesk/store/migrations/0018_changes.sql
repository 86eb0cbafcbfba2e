-- What is new since the last time one asked: every transaction that changes articles is a load, and loads have numbers
-- in the order in which they became visible. A sequence's numbers do not: a transaction that took an earlier number may
-- become visible later, and whoever remembers the highest number seen has passed it over.
CREATE TABLE news.load (
    load_id bigint PRIMARY KEY,
    loaded_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE news.load IS 'One row for each transaction that changed articles. Remember the highest load_id that you have read: whatever becomes visible later has a higher one.';
COMMENT ON COLUMN news.load.load_id IS 'In the order in which the transactions became visible.';
COMMENT ON COLUMN news.load.loaded_at IS 'When the transaction began.';

CREATE TABLE news.changes (
    load_id bigint NOT NULL REFERENCES news.load,
    article_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('inserted', 'updated', 'regrouped', 'withdrawn')),
    first_seen_at timestamptz NOT NULL,
    PRIMARY KEY (load_id, article_id)
);
CREATE INDEX changes_article ON news.changes (article_id, load_id);
COMMENT ON TABLE news.changes IS 'One row for each article that a load changed. For what is new since load X: WHERE load_id > X, the last row of each article counts.';
COMMENT ON COLUMN news.changes.load_id IS 'The load that brought the change.';
COMMENT ON COLUMN news.changes.article_id IS 'The article; of one withdrawn there is no row in news.article.';
COMMENT ON COLUMN news.changes.kind IS
    'inserted: new. updated: its text, facts or names changed. regrouped: only its group or story did. withdrawn: it is gone (it turned out to be another, or had to go).';
COMMENT ON COLUMN news.changes.first_seen_at IS 'As of the article, also of one withdrawn: a copy that is kept by day knows which day to make anew.';

-- The load of this transaction. From the first change to its end a transaction keeps out others that change articles,
-- so that numbers are given in the order of their ends; PostgreSQL lets go of the lock after its rows can be seen.
CREATE FUNCTION ops.this_load() RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    this bigint := nullif(current_setting('newsdesk.load', true), '');
BEGIN
    IF this IS NULL THEN
        PERFORM pg_advisory_xact_lock(1684366453);  -- the turn of deduplication and publishing
        INSERT INTO news.load (load_id) SELECT coalesce(max(load_id), 0) + 1 FROM news.load RETURNING load_id INTO this;
        PERFORM set_config('newsdesk.load', this::text, true);
    END IF;
    RETURN this;
END $$;

-- Statement by statement: what a transaction does to one article in several steps is one change.
CREATE FUNCTION ops.note_changes(ids bigint[], seen timestamptz[], what text) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO news.changes AS c (load_id, article_id, kind, first_seen_at)
    SELECT this.load_id, changed.article_id, what, changed.first_seen_at
    FROM (SELECT ops.this_load() AS load_id WHERE cardinality(ids) > 0) AS this,
        unnest(ids, seen) AS changed (article_id, first_seen_at)
    ON CONFLICT (load_id, article_id) DO UPDATE SET kind = CASE
        WHEN EXCLUDED.kind = 'withdrawn' THEN EXCLUDED.kind
        WHEN c.kind = 'withdrawn' THEN 'updated'
        WHEN c.kind = 'regrouped' THEN EXCLUDED.kind
        ELSE c.kind END
$$;

CREATE FUNCTION ops.note_inserted() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ops.note_changes(array_agg(article_id), array_agg(first_seen_at), 'inserted') FROM new_rows HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION ops.note_withdrawn() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ops.note_changes(array_agg(article_id), array_agg(first_seen_at), 'withdrawn') FROM old_rows HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION ops.note_updated() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- all columns but those of the grouping, by name; a test holds that none is forgotten
    PERFORM ops.note_changes(array_agg(n.article_id), array_agg(n.first_seen_at), 'updated')
    FROM new_rows AS n JOIN old_rows AS o USING (article_id)
    WHERE (n.source_id, n.url, n.canonical_url, n.title, n.body, n.body_html, n.authors, n.language, n.published_at,
           n.published_precision, n.modified_at, n.first_seen_at, n.loaded_at, n.version, n.word_count, n.section, n.tags,
           n.description, n.image_url)
       IS DISTINCT FROM
          (o.source_id, o.url, o.canonical_url, o.title, o.body, o.body_html, o.authors, o.language, o.published_at,
           o.published_precision, o.modified_at, o.first_seen_at, o.loaded_at, o.version, o.word_count, o.section, o.tags,
           o.description, o.image_url)
    HAVING count(*) > 0;
    -- of one that is both, the stronger word stands
    PERFORM ops.note_changes(array_agg(n.article_id), array_agg(n.first_seen_at), 'regrouped')
    FROM new_rows AS n JOIN old_rows AS o USING (article_id)
    WHERE (n.cluster_id, n.is_primary, n.story_id) IS DISTINCT FROM (o.cluster_id, o.is_primary, o.story_id)
    HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE TRIGGER note_inserted AFTER INSERT ON news.article
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION ops.note_inserted();
CREATE TRIGGER note_updated AFTER UPDATE ON news.article
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION ops.note_updated();
CREATE TRIGGER note_withdrawn AFTER DELETE ON news.article
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION ops.note_withdrawn();

-- what is there already is the first load
SELECT ops.note_changes(array_agg(article_id), array_agg(first_seen_at), 'inserted') FROM news.article HAVING count(*) > 0;
