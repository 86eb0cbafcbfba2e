-- What changed from one version of an article to the next; when articles are looked at again.
ALTER TABLE news.article_version
    ADD COLUMN changed text[] NOT NULL DEFAULT '{}',
    ADD COLUMN words_added integer,
    ADD COLUMN words_removed integer,
    ADD COLUMN diff text;
COMMENT ON TABLE news.article_version IS
    'One row for each state of an article that was seen, and for each better reading of one. What differs only in how its type is set, or in what moves by itself (share counts, today''s date, "3 hours ago"), is no state of its own; a return to an earlier state is.';
COMMENT ON COLUMN news.article_version.version IS '1 for the first state seen, and so on without gaps.';
COMMENT ON COLUMN news.article_version.changed IS
    'Which of title, body, authors, published_at and modified_at differ from the version before, in order; empty: version 1.';
COMMENT ON COLUMN news.article_version.words_added IS
    'Words of the body that the version before has not, each as often as this one has it more; NULL: version 1.';
COMMENT ON COLUMN news.article_version.words_removed IS 'Words of the body that only the version before has, counted likewise; NULL: version 1.';
COMMENT ON COLUMN news.article_version.diff IS
    'What changed, to be read: a line for each field, then one for each changed place of the body with a few words around it; [-removed-], {+added+}, […] what is left out, ¶ another block. At most 20,000 characters. NULL: version 1, or older than this column.';

-- The versions that are there: what can be told in SQL. Their texts are both in the table, so nothing is lost.
WITH pair AS (
    SELECT v.article_id, v.version, v.title, v.body, v.authors, v.published_at, v.modified_at,
        b.title AS old_title, b.body AS old_body, b.authors AS old_authors, b.published_at AS old_published_at,
        b.modified_at AS old_modified_at
    FROM news.article_version AS v
    JOIN news.article_version AS b ON b.article_id = v.article_id AND b.version = v.version - 1
)
UPDATE news.article_version AS v
SET changed = array_remove(ARRAY[
        CASE WHEN p.title IS DISTINCT FROM p.old_title THEN 'title' END,
        CASE WHEN p.body <> p.old_body THEN 'body' END,
        CASE WHEN p.authors <> p.old_authors THEN 'authors' END,
        CASE WHEN p.published_at IS DISTINCT FROM p.old_published_at THEN 'published_at' END,
        CASE WHEN p.modified_at IS DISTINCT FROM p.old_modified_at THEN 'modified_at' END], NULL),
    words_added = w.added, words_removed = w.removed
FROM pair AS p
CROSS JOIN LATERAL (
    SELECT coalesce(sum(n) FILTER (WHERE n > 0), 0)::integer AS added, coalesce(-sum(n) FILTER (WHERE n < 0), 0)::integer AS removed
    FROM (
        SELECT word, sum(side) AS n
        FROM (
            SELECT regexp_split_to_table(p.body, '\s+') AS word, 1 AS side
            UNION ALL
            SELECT regexp_split_to_table(p.old_body, '\s+'), -1) AS words
        WHERE word <> '' GROUP BY word) AS counted
) AS w
WHERE v.article_id = p.article_id AND v.version = p.version;

CREATE INDEX article_version_seen ON news.article_version (seen_at) WHERE version > 1;

CREATE VIEW news.article_change AS
SELECT v.article_id, v.version, a.source_id, a.url, b.seen_at AS seen_before, v.seen_at, NOT v.reread AS by_publisher, v.changed,
    v.words_added, v.words_removed, b.title AS title_before, v.title AS title_after, v.diff
FROM news.article_version AS v
JOIN news.article_version AS b ON b.article_id = v.article_id AND b.version = v.version - 1
JOIN news.article AS a ON a.article_id = v.article_id;
COMMENT ON VIEW news.article_change IS
    'One row for each version of an article but the first: what changed since the version before. ORDER BY article_id, version tells an article''s story.';
COMMENT ON COLUMN news.article_change.article_id IS 'The article.';
COMMENT ON COLUMN news.article_change.version IS 'The version that the change led to.';
COMMENT ON COLUMN news.article_change.source_id IS 'Its publisher.';
COMMENT ON COLUMN news.article_change.url IS 'The address as it was found.';
COMMENT ON COLUMN news.article_change.seen_before IS 'When the version before was seen: the change came after that.';
COMMENT ON COLUMN news.article_change.seen_at IS 'When the change was seen: it came before that.';
COMMENT ON COLUMN news.article_change.by_publisher IS 'False: the page was as before, and was only read better.';
COMMENT ON COLUMN news.article_change.changed IS 'Which of title, body, authors, published_at and modified_at changed.';
COMMENT ON COLUMN news.article_change.words_added IS 'Words of the body that came.';
COMMENT ON COLUMN news.article_change.words_removed IS 'Words of the body that went.';
COMMENT ON COLUMN news.article_change.title_before IS 'The headline before.';
COMMENT ON COLUMN news.article_change.title_after IS 'The headline after.';
COMMENT ON COLUMN news.article_change.diff IS 'The change, to be read: [-removed-] {+added+}; see news.article_version.diff.';

CREATE VIEW news.source_correction AS
SELECT s.source_id, s.name, count(a.article_id) AS articles, count(c.changes) AS changed_articles,
    coalesce(sum(c.changes), 0)::bigint AS changes, round(count(c.changes)::numeric / nullif(count(a.article_id), 0), 4) AS changed_share,
    coalesce(sum(c.titles), 0)::bigint AS titles, coalesce(sum(c.bodies), 0)::bigint AS bodies,
    coalesce(sum(c.bylines), 0)::bigint AS bylines, coalesce(sum(c.dates), 0)::bigint AS dates,
    coalesce(sum(c.words_added), 0)::bigint AS words_added, coalesce(sum(c.words_removed), 0)::bigint AS words_removed,
    max(c.last_seen_at) AS last_change_seen_at
FROM news.source AS s
LEFT JOIN news.article AS a USING (source_id)
LEFT JOIN (
    SELECT v.article_id, count(*) AS changes, count(*) FILTER (WHERE 'title' = ANY(v.changed)) AS titles,
        count(*) FILTER (WHERE 'body' = ANY(v.changed)) AS bodies, count(*) FILTER (WHERE 'authors' = ANY(v.changed)) AS bylines,
        count(*) FILTER (WHERE 'published_at' = ANY(v.changed)) AS dates, sum(v.words_added) AS words_added,
        sum(v.words_removed) AS words_removed, max(v.seen_at) AS last_seen_at
    FROM news.article_version AS v WHERE v.version > 1 AND NOT v.reread GROUP BY 1) AS c ON c.article_id = a.article_id
GROUP BY s.source_id, s.name;
COMMENT ON VIEW news.source_correction IS
    'One row for each publisher: how often its articles were changed after they were first seen. Only changes that a visit saw are counted, so compare sources that are visited alike.';
COMMENT ON COLUMN news.source_correction.source_id IS 'The publisher.';
COMMENT ON COLUMN news.source_correction.name IS 'As readers know it.';
COMMENT ON COLUMN news.source_correction.articles IS 'Its articles.';
COMMENT ON COLUMN news.source_correction.changed_articles IS 'Those of them that changed at least once.';
COMMENT ON COLUMN news.source_correction.changes IS 'Their changes, better readings of the same page not counted.';
COMMENT ON COLUMN news.source_correction.changed_share IS 'changed_articles / articles; NULL: it has none.';
COMMENT ON COLUMN news.source_correction.titles IS 'Changes of a headline; one change may be of several kinds.';
COMMENT ON COLUMN news.source_correction.bodies IS 'Changes of a body.';
COMMENT ON COLUMN news.source_correction.bylines IS 'Changes of a byline.';
COMMENT ON COLUMN news.source_correction.dates IS 'Changes of a publication time.';
COMMENT ON COLUMN news.source_correction.words_added IS 'Words that came into bodies.';
COMMENT ON COLUMN news.source_correction.words_removed IS 'Words that went from bodies.';
COMMENT ON COLUMN news.source_correction.last_change_seen_at IS 'When the latest change was seen.';

CREATE FUNCTION ops.next_revisit(first_found_at timestamptz, ages interval[]) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT min(first_found_at + age) FROM unnest(ages) AS age WHERE first_found_at + age > now());
COMMENT ON FUNCTION ops.next_revisit IS
    'When an article is looked at again: at the next of these ages, counted from when its URL was found first; NULL: it is older than all.';
