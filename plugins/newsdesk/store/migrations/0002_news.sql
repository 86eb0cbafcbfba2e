-- The analyst's schema. Names are a promise (docs: contracts); columns may be added.
COMMENT ON TABLE news.outcome IS 'One row for each way in which a visit to a URL can end.';
COMMENT ON COLUMN news.outcome.outcome IS 'The word used in news.url_status.';
COMMENT ON COLUMN news.outcome.has_article IS 'The URL leads to a row of news.article.';
COMMENT ON COLUMN news.outcome.retryable IS 'It is tried again by itself, a few times.';
COMMENT ON COLUMN news.outcome.meaning IS 'In one sentence.';

CREATE TABLE news.source (
    source_id text PRIMARY KEY,
    name text NOT NULL,
    country text,
    language text,
    homepage text NOT NULL,
    tags text[] NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE news.source IS 'One row for each publisher.';
COMMENT ON COLUMN news.source.source_id IS 'Stable key, as in the source file.';
COMMENT ON COLUMN news.source.name IS 'As readers know it.';
COMMENT ON COLUMN news.source.country IS 'ISO 3166-1 alpha-2, where the source file tells it.';
COMMENT ON COLUMN news.source.language IS 'Main language, ISO 639-1, where the source file tells it.';
COMMENT ON COLUMN news.source.homepage IS 'Address of the front page.';
COMMENT ON COLUMN news.source.tags IS 'Free labels from the source file.';

CREATE TABLE news.cluster (
    cluster_id bigint PRIMARY KEY,
    size integer NOT NULL CHECK (size > 0),
    outlets integer NOT NULL CHECK (outlets > 0),
    primary_article_id bigint NOT NULL,
    first_published_at timestamptz,
    last_published_at timestamptz,
    language text
);
COMMENT ON TABLE news.cluster IS 'One row for each group of articles with nearly the same text; most groups have one member.';
COMMENT ON COLUMN news.cluster.cluster_id IS 'The article_id of its first member.';
COMMENT ON COLUMN news.cluster.size IS 'Articles in the group.';
COMMENT ON COLUMN news.cluster.outlets IS 'Different sources in the group.';
COMMENT ON COLUMN news.cluster.primary_article_id IS 'The one member with is_primary: published first.';
COMMENT ON COLUMN news.cluster.first_published_at IS 'Earliest published_at of its members.';
COMMENT ON COLUMN news.cluster.last_published_at IS 'Latest published_at of its members.';
COMMENT ON COLUMN news.cluster.language IS 'Language of the primary article.';

CREATE TABLE news.article (
    article_id bigint PRIMARY KEY,
    source_id text NOT NULL REFERENCES news.source,
    url text NOT NULL,
    canonical_url text NOT NULL,
    title text,
    body text NOT NULL,
    authors text[] NOT NULL DEFAULT '{}',
    language text,
    published_at timestamptz,
    published_precision text CHECK (published_precision IN ('second', 'minute', 'day')),
    modified_at timestamptz,
    first_seen_at timestamptz NOT NULL,
    loaded_at timestamptz NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    cluster_id bigint NOT NULL REFERENCES news.cluster DEFERRABLE INITIALLY DEFERRED,
    is_primary boolean NOT NULL,
    story_id bigint,
    word_count integer NOT NULL,
    section text,
    tags text[] NOT NULL DEFAULT '{}',
    description text,
    image_url text,
    CHECK ((published_at IS NULL) = (published_precision IS NULL))
);
CREATE INDEX article_source_published ON news.article (source_id, published_at DESC);
CREATE INDEX article_published ON news.article (published_at DESC);
CREATE INDEX article_cluster ON news.article (cluster_id);
ALTER TABLE news.cluster ADD FOREIGN KEY (primary_article_id) REFERENCES news.article DEFERRABLE INITIALLY DEFERRED;
COMMENT ON TABLE news.article IS 'One row for each article, as its latest version stands. Count WHERE is_primary to count each reprinted text once.';
COMMENT ON COLUMN news.article.article_id IS 'Key; it stays the same over all versions.';
COMMENT ON COLUMN news.article.source_id IS 'The publisher whose feed, sitemap or section page named it.';
COMMENT ON COLUMN news.article.url IS 'The address as it was found.';
COMMENT ON COLUMN news.article.canonical_url IS 'The address in canonical form, by the page''s own word where it gives one.';
COMMENT ON COLUMN news.article.title IS 'The headline as the page gives it.';
COMMENT ON COLUMN news.article.body IS 'The text without headline and page furniture; blocks are separated by one blank line.';
COMMENT ON COLUMN news.article.authors IS 'The byline''s names; empty: none given.';
COMMENT ON COLUMN news.article.language IS 'ISO 639-1.';
COMMENT ON COLUMN news.article.published_at IS 'When the page says that it was published; NULL: it does not say.';
COMMENT ON COLUMN news.article.published_precision IS 'How fine published_at is: second, minute or day (then the time of day means nothing).';
COMMENT ON COLUMN news.article.modified_at IS 'When the page says that it was last changed; NULL: it does not say.';
COMMENT ON COLUMN news.article.first_seen_at IS 'When its URL was first found.';
COMMENT ON COLUMN news.article.loaded_at IS 'When this version came into the table.';
COMMENT ON COLUMN news.article.version IS '1, and one more for each change that was seen; see news.article_version.';
COMMENT ON COLUMN news.article.cluster_id IS 'Its group of articles with nearly the same text; see news.cluster.';
COMMENT ON COLUMN news.article.is_primary IS 'The one article that stands for its group: published first (one dated by day only counts from the end of its day); ties go to the lower article_id.';
COMMENT ON COLUMN news.article.story_id IS 'The group of articles on the same event; NULL: not grouped.';
COMMENT ON COLUMN news.article.word_count IS 'Words of the body.';
COMMENT ON COLUMN news.article.section IS 'The section that the page names.';
COMMENT ON COLUMN news.article.tags IS 'Keywords that the page names.';
COMMENT ON COLUMN news.article.description IS 'The page''s own summary.';
COMMENT ON COLUMN news.article.image_url IS 'The page''s own lead picture.';

CREATE TABLE news.article_version (
    article_id bigint NOT NULL REFERENCES news.article,
    version integer NOT NULL,
    seen_at timestamptz NOT NULL,
    title text,
    body text NOT NULL,
    authors text[] NOT NULL,
    published_at timestamptz,
    modified_at timestamptz,
    word_count integer NOT NULL,
    PRIMARY KEY (article_id, version)
);
COMMENT ON TABLE news.article_version IS 'One row for each state of an article that was seen.';
COMMENT ON COLUMN news.article_version.article_id IS 'The article.';
COMMENT ON COLUMN news.article_version.version IS '1 for the first state seen.';
COMMENT ON COLUMN news.article_version.seen_at IS 'When the page was fetched in this state.';
COMMENT ON COLUMN news.article_version.title IS 'The headline then.';
COMMENT ON COLUMN news.article_version.body IS 'The body then.';
COMMENT ON COLUMN news.article_version.authors IS 'The byline''s names then.';
COMMENT ON COLUMN news.article_version.published_at IS 'The publication time that the page gave then.';
COMMENT ON COLUMN news.article_version.modified_at IS 'The time of change that the page gave then.';
COMMENT ON COLUMN news.article_version.word_count IS 'Words of the body then.';

CREATE TABLE news.entity (
    entity_id uuid PRIMARY KEY,
    type text NOT NULL CHECK (type IN ('PER', 'ORG', 'LOC', 'MISC')),
    name text NOT NULL,
    wikidata_id text,
    geonames_id bigint,
    iso_code text
);
CREATE INDEX entity_name ON news.entity (lower(name));
COMMENT ON TABLE news.entity IS 'One row for each person, organisation, place or other name met.';
COMMENT ON COLUMN news.entity.entity_id IS 'Made from type and name: the same in every installation.';
COMMENT ON COLUMN news.entity.type IS 'PER, ORG, LOC or MISC.';
COMMENT ON COLUMN news.entity.name IS 'The fullest form met.';
COMMENT ON COLUMN news.entity.wikidata_id IS 'Wikidata item; NULL: not linked.';
COMMENT ON COLUMN news.entity.geonames_id IS 'GeoNames id of a place; NULL: not linked.';
COMMENT ON COLUMN news.entity.iso_code IS 'ISO 3166 code of a country or region; NULL: not linked.';

CREATE TABLE news.mention (
    article_id bigint NOT NULL REFERENCES news.article,
    entity_id uuid NOT NULL REFERENCES news.entity,
    type text NOT NULL,
    subtype text,
    text text NOT NULL,
    start_pos integer NOT NULL CHECK (start_pos >= 0),
    end_pos integer NOT NULL CHECK (end_pos > start_pos),
    PRIMARY KEY (article_id, start_pos, end_pos)
);
CREATE INDEX mention_entity ON news.mention (entity_id);
COMMENT ON TABLE news.mention IS 'One row for each place in an article''s body where an entity is named.';
COMMENT ON COLUMN news.mention.article_id IS 'The article.';
COMMENT ON COLUMN news.mention.entity_id IS 'Who or what is named.';
COMMENT ON COLUMN news.mention.type IS 'PER, ORG, LOC or MISC.';
COMMENT ON COLUMN news.mention.subtype IS 'The model''s finer label, such as GPE or NORP.';
COMMENT ON COLUMN news.mention.text IS 'The words as printed.';
COMMENT ON COLUMN news.mention.start_pos IS 'Where it begins in the body, counted in characters from 0: substr(body, start_pos + 1, end_pos - start_pos) = text.';
COMMENT ON COLUMN news.mention.end_pos IS 'One past its last character.';

CREATE TABLE news.article_entity (
    article_id bigint NOT NULL REFERENCES news.article,
    entity_id uuid NOT NULL REFERENCES news.entity,
    mentions integer NOT NULL,
    first_pos integer,
    in_title boolean NOT NULL,
    PRIMARY KEY (article_id, entity_id)
);
CREATE INDEX article_entity_entity ON news.article_entity (entity_id);
COMMENT ON TABLE news.article_entity IS 'One row for each entity that an article names, however often.';
COMMENT ON COLUMN news.article_entity.article_id IS 'The article.';
COMMENT ON COLUMN news.article_entity.entity_id IS 'Who or what is named.';
COMMENT ON COLUMN news.article_entity.mentions IS 'How often the body names it; 0: only the title does.';
COMMENT ON COLUMN news.article_entity.first_pos IS 'Where the body names it first, in characters from 0; NULL: only the title does.';
COMMENT ON COLUMN news.article_entity.in_title IS 'The title names it.';

CREATE VIEW news.url_status AS
SELECT
    f.url,
    f.source_id,
    coalesce(f.outcome, 'pending') AS outcome,
    f.reason,
    f.stage,
    f.first_found_at,
    f.last_tried_at,
    f.article_id
FROM ops.frontier AS f;
COMMENT ON VIEW news.url_status IS 'One row for each URL ever found, with how its last visit ended: why a page is in no table.';
COMMENT ON COLUMN news.url_status.url IS 'The address as it was found first.';
COMMENT ON COLUMN news.url_status.source_id IS 'The source that named it.';
COMMENT ON COLUMN news.url_status.outcome IS 'A word of news.outcome, or pending: not visited yet.';
COMMENT ON COLUMN news.url_status.reason IS 'In words, with the evidence.';
COMMENT ON COLUMN news.url_status.stage IS 'The stage at which it ended.';
COMMENT ON COLUMN news.url_status.first_found_at IS 'When an endpoint first named it.';
COMMENT ON COLUMN news.url_status.last_tried_at IS 'When it was last visited.';
COMMENT ON COLUMN news.url_status.article_id IS 'The article that it leads to; NULL: none.';
