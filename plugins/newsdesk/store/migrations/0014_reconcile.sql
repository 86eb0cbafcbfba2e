-- Near-duplicates decided anew each day, so that neither the order of arrival nor the cut of batches tells in the end.

-- One row a fingerprint and one index to find it by; what an article has stands in its sketch. A second index, and a
-- foreign key that is looked up for each of thirty rows, would cost more than the look-up itself.
CREATE TABLE ops.sketch (
    article_id bigint PRIMARY KEY REFERENCES ops.article,
    rule smallint NOT NULL,
    prints bigint[] NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sketch_made ON ops.sketch USING brin (made_at);
COMMENT ON TABLE ops.sketch IS 'One row for each article that new ones are compared with: the fingerprints of its current text.';
COMMENT ON COLUMN ops.sketch.rule IS 'Version of the rule that made them; reconcile makes those of an older one anew. 0: before there was a number.';
COMMENT ON COLUMN ops.sketch.prints IS 'Its rows of ops.fingerprint; empty: a text without words.';
COMMENT ON COLUMN ops.sketch.made_at IS 'When the first were made of this text. After NEWSDESK_FINGERPRINT_MONTHS months it goes, and the article is found by no new one.';
INSERT INTO ops.sketch (article_id, rule, prints, made_at)
SELECT a.article_id, 0, coalesce(p.prints, '{}'), d.extracted_at
FROM ops.article AS a
JOIN ops.document AS d USING (document_id)
LEFT JOIN (SELECT article_id, array_agg(h ORDER BY h) AS prints FROM ops.fingerprint GROUP BY 1) AS p USING (article_id);
ALTER TABLE ops.fingerprint DROP CONSTRAINT fingerprint_pkey, DROP CONSTRAINT fingerprint_article_id_fkey;
COMMENT ON TABLE ops.fingerprint IS 'One row for each winnowed fingerprint of an article''s current text, as in ops.sketch.';

CREATE TABLE ops.common_fingerprint (
    h bigint PRIMARY KEY,
    holders integer NOT NULL,
    first bigint[] NOT NULL
);
COMMENT ON TABLE ops.common_fingerprint IS
    'One row for each fingerprint that more than 100 articles had at the last reconcile: a text printed everywhere, or a stock phrase.';
COMMENT ON COLUMN ops.common_fingerprint.first IS 'The first 10 of its articles: by this fingerprint others are compared with these only. Empty: it says nothing, too many have it.';

CREATE TABLE ops.df_snapshot (
    version integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    taken_at timestamptz NOT NULL DEFAULT now(),
    documents integer NOT NULL,
    runs integer NOT NULL,
    rarest integer NOT NULL,
    last_article_id bigint NOT NULL,
    current_since timestamptz
);
COMMENT ON TABLE ops.df_snapshot IS 'One row for each count of how many articles hold each run of words: what is stock phrase and what is text.';
COMMENT ON COLUMN ops.df_snapshot.documents IS 'Articles counted, plain copies once.';
COMMENT ON COLUMN ops.df_snapshot.runs IS 'Runs kept; what is not kept weighs as what one article holds.';
COMMENT ON COLUMN ops.df_snapshot.rarest IS 'A run is kept from so many articles on.';
COMMENT ON COLUMN ops.df_snapshot.last_article_id IS 'The latest article when it was taken; later ones are counted beside it.';
COMMENT ON COLUMN ops.df_snapshot.current_since IS 'The latest of these is what new articles are decided by. NULL: its reconcile has not published.';

CREATE TABLE ops.df_part (
    version integer NOT NULL REFERENCES ops.df_snapshot ON DELETE CASCADE,
    part smallint NOT NULL,
    runs bytea NOT NULL,
    counts bytea NOT NULL,
    PRIMARY KEY (version, part)
);
ALTER TABLE ops.df_part ALTER runs SET STORAGE EXTERNAL;
COMMENT ON TABLE ops.df_part IS 'One row for each 64th of a snapshot, by the six leading bits of the run; of the last two current snapshots and the one under way.';
COMMENT ON COLUMN ops.df_part.runs IS 'Hashes of runs of words: int64, little-endian, rising.';
COMMENT ON COLUMN ops.df_part.counts IS 'Articles that hold each: int32, little-endian.';

ALTER TABLE ops.pair
    ALTER score DROP NOT NULL,
    ADD plain boolean,
    ADD df_version integer,
    ADD candidate boolean NOT NULL DEFAULT true,
    ADD pending boolean,
    ADD found_at timestamptz NOT NULL DEFAULT now();
COMMENT ON TABLE ops.pair IS 'One row for each pair of articles that share fingerprints: how alike they are, and whether they are the same text.';
COMMENT ON COLUMN ops.pair.score IS '0 to 1; NULL: not compared yet.';
COMMENT ON COLUMN ops.pair.plain IS 'So alike that no frequencies are needed to say so: one of them counts in ops.df_snapshot. NULL: not compared yet.';
COMMENT ON COLUMN ops.pair.df_version IS 'The snapshot that it was decided by last; NULL: none yet.';
COMMENT ON COLUMN ops.pair.candidate IS 'The fingerprints of all articles, as of the last reconcile, make it a candidate; false: it is no duplicate.';
COMMENT ON COLUMN ops.pair.pending IS 'What the reconcile under way decides otherwise than is_duplicate, which it replaces when that publishes.';
COMMENT ON COLUMN ops.pair.found_at IS 'For so many months after it, as a reconcile''s window has, it is decided anew.';

CREATE TABLE ops.reconcile (
    reconcile_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reconcile_key text NOT NULL,
    months integer NOT NULL CHECK (months > 0),
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'dropped')),
    df_version integer REFERENCES ops.df_snapshot,
    counts jsonb NOT NULL DEFAULT '{}',
    opened_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz
);
CREATE UNIQUE INDEX reconcile_running ON ops.reconcile (state) WHERE state = 'running';
COMMENT ON TABLE ops.reconcile IS 'One row for each time that all groups were decided anew.';
COMMENT ON COLUMN ops.reconcile.reconcile_key IS 'Who opened it: Airflow''s run id, or the command line''s own.';
COMMENT ON COLUMN ops.reconcile.months IS 'Pairs found so many months ago or later were decided anew.';
COMMENT ON COLUMN ops.reconcile.state IS 'Only one runs at a time; whoever comes while it does goes on with it. dropped: it stood for a day, and another began.';
COMMENT ON COLUMN ops.reconcile.counts IS 'What each of its steps did.';

ALTER TABLE news.cluster ADD first_seen_at timestamptz, ADD last_seen_at timestamptz;
UPDATE news.cluster AS c SET first_seen_at = m.first, last_seen_at = m.last
FROM (SELECT cluster_id, min(first_seen_at) AS first, max(first_seen_at) AS last FROM news.article GROUP BY 1) AS m
WHERE m.cluster_id = c.cluster_id;
COMMENT ON COLUMN news.cluster.cluster_id IS 'The article_id of its first member; where another one turns out to be first, it changes: see news.cluster_change.';
COMMENT ON COLUMN news.cluster.primary_article_id IS 'The one member with is_primary; the same as cluster_id.';
COMMENT ON COLUMN news.cluster.first_seen_at IS 'When the first of its members was found.';
COMMENT ON COLUMN news.cluster.last_seen_at IS 'When the last of its members was found.';
COMMENT ON COLUMN news.cluster.language IS 'ISO 639-1, of the primary article.';
COMMENT ON COLUMN news.article.is_primary IS
    'The one article that stands for its group: published first. One dated by day only counts from the end of its day, one without a date comes last; ties go to the address (without http and www) that sorts first.';

CREATE TABLE news.cluster_change (
    article_id bigint NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    from_cluster_id bigint NOT NULL,
    to_cluster_id bigint NOT NULL,
    why text NOT NULL CHECK (why IN ('first_member', 'merged', 'split')),
    step text NOT NULL CHECK (step IN ('publish', 'reconcile')),
    PRIMARY KEY (article_id, changed_at),
    CHECK (from_cluster_id <> to_cluster_id)
);
CREATE INDEX cluster_change_at ON news.cluster_change (changed_at);
COMMENT ON TABLE news.cluster_change IS
    'One row for each time that an article''s group became another. All rows of one changed_at became visible together; an article''s first group is no change.';
COMMENT ON COLUMN news.cluster_change.article_id IS 'The article; it may have turned out to be another address of one since.';
COMMENT ON COLUMN news.cluster_change.changed_at IS 'When analysts could see it.';
COMMENT ON COLUMN news.cluster_change.from_cluster_id IS 'Its group before; that group may be gone.';
COMMENT ON COLUMN news.cluster_change.to_cluster_id IS 'Its group from then on.';
COMMENT ON COLUMN news.cluster_change.why IS
    'first_member: the same group under another id, because another member is the first. merged: its group and another became one. split: it left its group''s first member, whose text is held to be another now.';
COMMENT ON COLUMN news.cluster_change.step IS 'publish: new or changed articles did it. reconcile: the daily decision on all pairs did.';

CREATE VIEW news.reprint AS
SELECT a.article_id, a.source_id, a.cluster_id, o.article_id AS original_article_id, o.source_id AS original_source_id,
    a.source_id <> o.source_id AS of_another_source, a.published_at,
    CASE WHEN 'day' NOT IN (a.published_precision, o.published_precision) THEN a.published_at - o.published_at END AS delay
FROM news.article AS a JOIN news.article AS o ON o.article_id = a.cluster_id
WHERE NOT a.is_primary;
COMMENT ON VIEW news.reprint IS 'One row for each article that is not the primary of its group: who printed whose text again, and when.';
COMMENT ON COLUMN news.reprint.article_id IS 'The reprint.';
COMMENT ON COLUMN news.reprint.source_id IS 'Who printed it.';
COMMENT ON COLUMN news.reprint.cluster_id IS 'Its group.';
COMMENT ON COLUMN news.reprint.original_article_id IS 'The primary of its group: the earliest that we know, which need not be the author''s.';
COMMENT ON COLUMN news.reprint.original_source_id IS 'Who printed that one.';
COMMENT ON COLUMN news.reprint.of_another_source IS 'false: a source repeats its own text at another address.';
COMMENT ON COLUMN news.reprint.published_at IS 'When the reprint was published.';
COMMENT ON COLUMN news.reprint.delay IS 'How long after the primary; NULL where one of them tells no time of day.';

CREATE VIEW news.source_reprint AS
SELECT s.source_id, coalesce(a.articles, 0) AS articles, coalesce(a.primaries, 0) AS primaries,
    coalesce(taken.reprints, 0) AS reprints, coalesce(taken.repeats, 0) AS repeats,
    coalesce(given.reprinted, 0) AS reprinted, coalesce(given.reprints_elsewhere, 0) AS reprints_elsewhere,
    coalesce(given.reprinting_sources, 0) AS reprinting_sources
FROM news.source AS s
LEFT JOIN (
    SELECT source_id, count(*) AS articles, count(*) FILTER (WHERE is_primary) AS primaries FROM news.article GROUP BY 1
) AS a USING (source_id)
LEFT JOIN (
    SELECT source_id, count(*) FILTER (WHERE of_another_source) AS reprints,
        count(*) FILTER (WHERE NOT of_another_source) AS repeats
    FROM news.reprint GROUP BY 1
) AS taken USING (source_id)
LEFT JOIN (
    SELECT original_source_id AS source_id, count(DISTINCT cluster_id) AS reprinted, count(*) AS reprints_elsewhere,
        count(DISTINCT source_id) AS reprinting_sources
    FROM news.reprint WHERE of_another_source GROUP BY 1
) AS given USING (source_id);
COMMENT ON VIEW news.source_reprint IS 'One row for each source: how much of what it printed others had first, and how much of its own was printed again.';
COMMENT ON COLUMN news.source_reprint.source_id IS 'The source.';
COMMENT ON COLUMN news.source_reprint.articles IS 'Its articles; primaries + reprints + repeats.';
COMMENT ON COLUMN news.source_reprint.primaries IS 'Those that stand for their group.';
COMMENT ON COLUMN news.source_reprint.reprints IS 'Those whose group''s primary is another source''s.';
COMMENT ON COLUMN news.source_reprint.repeats IS 'Those whose group''s primary is its own.';
COMMENT ON COLUMN news.source_reprint.reprinted IS 'Its primaries that another source printed too.';
COMMENT ON COLUMN news.source_reprint.reprints_elsewhere IS 'Articles of other sources in their groups.';
COMMENT ON COLUMN news.source_reprint.reprinting_sources IS 'How many other sources those are of.';
CREATE INDEX pair_pending ON ops.pair (article_a) WHERE pending IS NOT NULL;
CREATE INDEX pair_uncompared ON ops.pair (article_a, article_b) WHERE plain IS NULL;
