-- Entities that join: places with their ids, peoples with their country, days with the day meant.

ALTER TABLE ops.mention
    ALTER COLUMN entity_id DROP NOT NULL,
    ADD COLUMN value text,
    ADD COLUMN value_precision text CHECK (value_precision IN ('day', 'month', 'year'));
COMMENT ON TABLE ops.mention IS 'One row for each name, and each day or month, in a document''s body.';

ALTER TABLE ops.document_entity
    ADD COLUMN geonames_id bigint,
    ADD COLUMN iso_code text,
    ADD COLUMN country_code text,
    ADD COLUMN link_confidence real;

ALTER TABLE news.mention
    ALTER COLUMN entity_id DROP NOT NULL,
    ADD COLUMN value text,
    ADD COLUMN value_precision text CHECK (value_precision IN ('day', 'month', 'year'));
COMMENT ON TABLE news.mention IS 'One row for each place in an article''s body where an entity, a day or a month is named.';
COMMENT ON COLUMN news.mention.entity_id IS 'Who or what is named; NULL: a day or a month (subtype DATE), which is no entity.';
COMMENT ON COLUMN news.mention.subtype IS 'Finer than type: GPE (country, region, city), FAC, NORP (a people), EVENT, PRODUCT, WORK_OF_ART, LAW, LANGUAGE, DATE; NULL: nothing finer is known.';
COMMENT ON COLUMN news.mention.value IS 'Of a DATE: the day or month that is meant, as of the day of publication (2026-02-06, 2026-02); else NULL.';
COMMENT ON COLUMN news.mention.value_precision IS 'How exact value is: day, month or year.';

ALTER TABLE news.entity
    ADD COLUMN country_code text,
    ADD COLUMN link_confidence real CHECK (link_confidence BETWEEN 0 AND 1);
COMMENT ON COLUMN news.entity.entity_id IS 'Made from type and name, of a place that is known from type and GeoNames or ISO id: the same in every installation.';
COMMENT ON COLUMN news.entity.name IS 'The fullest form met; of a place that is known, the name that GeoNames has.';
COMMENT ON COLUMN news.entity.country_code IS 'ISO 3166 code of the country that a place lies in, or that a people is of ("German": DE, which is a relation: the people is not the country).';
COMMENT ON COLUMN news.entity.link_confidence IS 'Of a place, 0 to 1: how sure its ids are; where it has none, how sure it is that we know no such place. NULL: no place.';

-- What analysts count: how much an article is about an entity, where and when an entity is met.
ALTER TABLE ops.document_entity ADD COLUMN one_article boolean NOT NULL DEFAULT false;

ALTER TABLE news.article_entity
    ADD COLUMN salience real CHECK (salience BETWEEN 0 AND 1),
    ADD COLUMN seen_at timestamptz;
UPDATE news.article_entity AS ae SET seen_at = coalesce(a.published_at, a.first_seen_at)
FROM news.article AS a WHERE a.article_id = ae.article_id;
ALTER TABLE news.article_entity ALTER COLUMN seen_at SET NOT NULL;
DROP INDEX news.article_entity_entity;
CREATE INDEX article_entity_entity ON news.article_entity (entity_id, seen_at);
CREATE INDEX article_entity_day ON news.article_entity (((seen_at AT TIME ZONE 'UTC')::date));
COMMENT ON COLUMN news.article_entity.salience IS 'How much of the article is about it, by how often, how early, and whether the title names it: 0 to 1, over an article''s entities 1 in all. NULL: named before it was counted.';
COMMENT ON COLUMN news.article_entity.seen_at IS 'When the article was published; where it does not say, when it was found.';

ALTER TABLE news.entity
    ADD COLUMN of_one_article boolean NOT NULL DEFAULT false,
    ADD COLUMN articles integer NOT NULL DEFAULT 0,
    ADD COLUMN mentions bigint NOT NULL DEFAULT 0,
    ADD COLUMN first_seen_at timestamptz,
    ADD COLUMN last_seen_at timestamptz;
UPDATE news.entity AS e SET articles = c.articles, mentions = c.mentions, first_seen_at = c.first, last_seen_at = c.last
FROM (
    SELECT entity_id, count(*) AS articles, sum(mentions) AS mentions, min(seen_at) AS first, max(seen_at) AS last
    FROM news.article_entity GROUP BY 1) AS c
WHERE c.entity_id = e.entity_id;
COMMENT ON COLUMN news.entity.of_one_article IS 'A person of whom one article gives a first name or surname only: whoever is called so in another article is another row.';
COMMENT ON COLUMN news.entity.articles IS 'Articles that name it, in body or title; 0: none any more.';
COMMENT ON COLUMN news.entity.mentions IS 'Times that their bodies name it.';
COMMENT ON COLUMN news.entity.first_seen_at IS 'The earliest article_entity.seen_at of its articles.';
COMMENT ON COLUMN news.entity.last_seen_at IS 'The latest article_entity.seen_at of its articles.';

CREATE TABLE news.entity_alias (
    entity_id uuid NOT NULL REFERENCES news.entity ON DELETE CASCADE,
    alias text NOT NULL,
    mentions bigint NOT NULL,
    PRIMARY KEY (entity_id, alias)
);
CREATE INDEX entity_alias_alias ON news.entity_alias (lower(alias));
INSERT INTO news.entity_alias SELECT entity_id, text, count(*) FROM news.mention WHERE entity_id IS NOT NULL GROUP BY 1, 2;
COMMENT ON TABLE news.entity_alias IS 'One row for each form in which bodies print an entity''s name.';
COMMENT ON COLUMN news.entity_alias.entity_id IS 'Who or what is called so.';
COMMENT ON COLUMN news.entity_alias.alias IS 'The name as printed.';
COMMENT ON COLUMN news.entity_alias.mentions IS 'How often, in all articles'' bodies.';

-- Kept by triggers, so that they are right whoever writes or takes away an article's names.
CREATE FUNCTION ops.count_entities() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE news.entity AS e
        SET articles = e.articles + c.articles, mentions = e.mentions + c.mentions,
            first_seen_at = least(e.first_seen_at, c.first), last_seen_at = greatest(e.last_seen_at, c.last)
        FROM (
            SELECT entity_id, count(*) AS articles, sum(mentions) AS mentions, min(seen_at) AS first, max(seen_at) AS last
            FROM changed GROUP BY 1) AS c
        WHERE c.entity_id = e.entity_id;
    ELSE
        UPDATE news.entity AS e
        SET articles = e.articles - c.articles, mentions = e.mentions - c.mentions,
            first_seen_at = (SELECT min(a.seen_at) FROM news.article_entity AS a WHERE a.entity_id = e.entity_id),
            last_seen_at = (SELECT max(a.seen_at) FROM news.article_entity AS a WHERE a.entity_id = e.entity_id)
        FROM (SELECT entity_id, count(*) AS articles, sum(mentions) AS mentions FROM changed GROUP BY 1) AS c
        WHERE c.entity_id = e.entity_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entities_come AFTER INSERT ON news.article_entity REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION ops.count_entities();
CREATE TRIGGER entities_go AFTER DELETE ON news.article_entity REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION ops.count_entities();

CREATE FUNCTION ops.count_aliases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO news.entity_alias AS a (entity_id, alias, mentions)
        SELECT entity_id, text, count(*) FROM changed WHERE entity_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (entity_id, alias) DO UPDATE SET mentions = a.mentions + EXCLUDED.mentions;
    ELSE
        WITH gone AS (SELECT entity_id, text, count(*) AS mentions FROM changed WHERE entity_id IS NOT NULL GROUP BY 1, 2),
        none_left AS (
            DELETE FROM news.entity_alias AS a USING gone AS g
            WHERE a.entity_id = g.entity_id AND a.alias = g.text AND a.mentions <= g.mentions)
        UPDATE news.entity_alias AS a SET mentions = a.mentions - g.mentions
        FROM gone AS g WHERE a.entity_id = g.entity_id AND a.alias = g.text AND a.mentions > g.mentions;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER aliases_come AFTER INSERT ON news.mention REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION ops.count_aliases();
CREATE TRIGGER aliases_go AFTER DELETE ON news.mention REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION ops.count_aliases();

CREATE VIEW news.entity_daily AS
SELECT ae.entity_id, (ae.seen_at AT TIME ZONE 'UTC')::date AS day, count(*) AS articles,
    count(*) FILTER (WHERE a.is_primary) AS originals, count(DISTINCT a.source_id) AS sources,
    sum(ae.mentions) AS mentions, count(*) FILTER (WHERE ae.in_title) AS titles
FROM news.article_entity AS ae JOIN news.article AS a USING (article_id)
GROUP BY 1, 2;
COMMENT ON VIEW news.entity_daily IS 'One row for each entity and day (UTC) on which an article names it.';
COMMENT ON COLUMN news.entity_daily.entity_id IS 'Who or what is named.';
COMMENT ON COLUMN news.entity_daily.day IS 'Day of publication; of articles that do not say, on which they were found.';
COMMENT ON COLUMN news.entity_daily.articles IS 'Articles that name it.';
COMMENT ON COLUMN news.entity_daily.originals IS 'Of these, articles with is_primary: each reprinted text once.';
COMMENT ON COLUMN news.entity_daily.sources IS 'Sources whose articles name it.';
COMMENT ON COLUMN news.entity_daily.mentions IS 'Times that their bodies name it.';
COMMENT ON COLUMN news.entity_daily.titles IS 'Articles whose title names it.';

CREATE VIEW news.entity_together AS
SELECT a.entity_id, b.entity_id AS other_id, count(*) AS articles, count(*) FILTER (WHERE n.is_primary) AS originals,
    min(a.seen_at) AS first_seen_at, max(a.seen_at) AS last_seen_at
FROM news.article_entity AS a
JOIN news.article_entity AS b ON b.article_id = a.article_id AND b.entity_id <> a.entity_id
JOIN news.article AS n ON n.article_id = a.article_id
GROUP BY 1, 2;
COMMENT ON VIEW news.entity_together IS 'One row for each entity and other entity that an article names with it. Ask for one entity_id: all of it is large.';
COMMENT ON COLUMN news.entity_together.entity_id IS 'The one.';
COMMENT ON COLUMN news.entity_together.other_id IS 'The other.';
COMMENT ON COLUMN news.entity_together.articles IS 'Articles that name both.';
COMMENT ON COLUMN news.entity_together.originals IS 'Of these, articles with is_primary: each reprinted text once.';
COMMENT ON COLUMN news.entity_together.first_seen_at IS 'When the first of them was published.';
COMMENT ON COLUMN news.entity_together.last_seen_at IS 'When the last of them was published.';
