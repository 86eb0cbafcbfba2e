-- The operational schema: what newsdesk needs to claim, resume, explain and retry. May change between versions.
CREATE SCHEMA ops;
CREATE SCHEMA news;

COMMENT ON SCHEMA ops IS 'The state of newsdesk itself; may change with any version. Analysts use schema news.';
COMMENT ON SCHEMA news IS 'The articles, for analysts: stable, documented, never half a batch.';

CREATE TABLE news.outcome (
    outcome text PRIMARY KEY,
    has_article boolean NOT NULL,
    retryable boolean NOT NULL,
    meaning text NOT NULL
);
INSERT INTO news.outcome (outcome, has_article, retryable, meaning) VALUES
    ('published', true, false, 'A new article.'),
    ('updated', true, false, 'The article was known; this visit made a new version of it.'),
    ('unchanged', true, false, 'Fetched again, and the article is as it was.'),
    ('not_modified', true, false, 'The server said that the page has not changed (304).'),
    ('duplicate_url', true, false, 'Another address of an article that is known already.'),
    ('not_article', false, false, 'An index, gallery, video or section page.'),
    ('no_text', false, false, 'A page with no body worth the name.'),
    ('wall', false, false, 'A paywall, consent or login page instead of the article.'),
    ('challenge', false, true, 'A bot check instead of the page.'),
    ('needs_js', false, false, 'An empty shell that a script would fill.'),
    ('robots_denied', false, false, 'robots.txt asks us not to fetch it.'),
    ('gone', false, false, 'The server says that there is no such page (404, 410).'),
    ('http_error', false, true, 'The server answered with another status that is no page.'),
    ('rate_limited', false, true, 'The server asked us to come back later (429, 503).'),
    ('timeout', false, true, 'The page did not arrive within the deadline.'),
    ('connection', false, true, 'The connection was refused, reset or closed without an answer.'),
    ('dns', false, true, 'The host name did not resolve.'),
    ('tls', false, true, 'No trustworthy TLS connection could be made.'),
    ('protocol', false, true, 'The answer was not HTTP that can be trusted.'),
    ('redirect_loop', false, false, 'The redirects go in a ring, or there are too many.'),
    ('bad_redirect', false, false, 'A redirect without a usable address.'),
    ('too_large', false, false, 'The body is larger than the cap.'),
    ('incomplete', false, true, 'The body was cut short.'),
    ('blocked_address', false, false, 'A private or special address, or a port or scheme that is not of the web.'),
    ('wrong_type', false, false, 'Not an HTML page.'),
    ('excluded', false, false, 'The source''s include and exclude patterns leave it out.'),
    ('quarantined', false, false, 'It broke our own tools; kept with its evidence until someone asks for it again.');

CREATE TABLE ops.source (
    source_id text PRIMARY KEY,
    definition jsonb NOT NULL,
    enabled boolean NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE ops.source IS 'One row for each source file ever loaded, as it was last read.';

CREATE TABLE ops.endpoint (
    endpoint_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id text NOT NULL REFERENCES ops.source,
    kind text NOT NULL CHECK (kind IN ('feed', 'sitemap', 'section')),
    url text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    etag text,
    last_modified text,
    polled_at timestamptz,
    next_poll_at timestamptz NOT NULL DEFAULT now(),
    status integer,
    outcome text REFERENCES news.outcome,
    reason text,
    failures integer NOT NULL DEFAULT 0,
    links_seen integer,
    links_new integer,
    UNIQUE (source_id, url)
);
COMMENT ON TABLE ops.endpoint IS 'One row for each feed, sitemap and section page that is polled.';
COMMENT ON COLUMN ops.endpoint.active IS 'Named by the source file as last read, or found from its homepage.';
COMMENT ON COLUMN ops.endpoint.outcome IS 'How the last poll failed; NULL: it did not.';
COMMENT ON COLUMN ops.endpoint.failures IS 'Failed polls in a row.';

CREATE TABLE ops.robots (
    origin text PRIMARY KEY,
    status integer,
    body bytea NOT NULL,
    fetched_at timestamptz NOT NULL
);
COMMENT ON TABLE ops.robots IS 'One row for each origin (scheme, name, port) whose robots.txt was asked for; shared by all workers for a day.';

CREATE TABLE ops.run (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_key text NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('airflow', 'cli')),
    sources text[] NOT NULL DEFAULT '{}',
    max_per_run integer,
    faults text[] NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed')),
    started_at timestamptz NOT NULL DEFAULT now(),
    discovered_at timestamptz,
    planned_at timestamptz,
    published_at timestamptz,
    finished_at timestamptz
);
COMMENT ON TABLE ops.run IS 'One row for each run from discovery to check.';
COMMENT ON COLUMN ops.run.run_key IS 'Airflow''s run id, or the command line''s own; asking for it again gives the same run.';
COMMENT ON COLUMN ops.run.faults IS 'Source files that could not be read: file, line, what is wrong, remedy.';
COMMENT ON COLUMN ops.run.sources IS 'The sources asked for; empty: all.';

CREATE TABLE ops.batch (
    batch_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES ops.run,
    hosts text[] NOT NULL,
    urls integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX batch_run ON ops.batch (run_id);
COMMENT ON TABLE ops.batch IS 'One row for each set of URLs that one worker takes through fetch, extract and enrich.';
COMMENT ON COLUMN ops.batch.run_id IS 'The run that publishes it: a later run adopts what a dead one left.';

CREATE TABLE ops.frontier (
    url_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url_key text NOT NULL UNIQUE CHECK (length(url_key) <= 2000),
    url text NOT NULL,
    host text NOT NULL,
    source_id text NOT NULL REFERENCES ops.source,
    endpoint_id bigint REFERENCES ops.endpoint,
    title text,
    published_at timestamptz,
    updated_at timestamptz,
    first_found_at timestamptz NOT NULL,
    last_found_at timestamptz NOT NULL,
    next_visit_at timestamptz,
    open_batch_id bigint REFERENCES ops.batch,
    etag text,
    last_modified text,
    outcome text REFERENCES news.outcome,
    reason text,
    stage text,
    last_tried_at timestamptz,
    failures integer NOT NULL DEFAULT 0,
    article_id bigint
);
CREATE INDEX frontier_due ON ops.frontier (next_visit_at) WHERE next_visit_at IS NOT NULL AND open_batch_id IS NULL;
CREATE INDEX frontier_open ON ops.frontier (host) WHERE open_batch_id IS NOT NULL;
CREATE INDEX frontier_source ON ops.frontier (source_id, article_id);
CREATE INDEX frontier_article ON ops.frontier (article_id) WHERE article_id IS NOT NULL;
COMMENT ON TABLE ops.frontier IS 'One row for each URL ever found, with its next visit and how its last one ended.';
COMMENT ON COLUMN ops.frontier.url_key IS 'The canonical form: two addresses of one page have the same. See newsdesk.urls.';
COMMENT ON COLUMN ops.frontier.url IS 'The URL as it was found first: this is what is fetched.';
COMMENT ON COLUMN ops.frontier.next_visit_at IS 'When it is due; NULL: no visit is planned.';
COMMENT ON COLUMN ops.frontier.open_batch_id IS 'The batch that has it in hand; NULL: free.';
COMMENT ON COLUMN ops.frontier.outcome IS 'How its last visit ended, as of the last publish; NULL: never visited.';
COMMENT ON COLUMN ops.frontier.failures IS 'Failed visits in a row.';

CREATE TABLE ops.capture (
    capture_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url_id bigint NOT NULL REFERENCES ops.frontier,
    batch_id bigint NOT NULL REFERENCES ops.batch,
    final_url text NOT NULL,
    redirects text[] NOT NULL DEFAULT '{}',
    status integer NOT NULL,
    headers jsonb NOT NULL,
    content_type text,
    digest bytea NOT NULL,
    size integer NOT NULL,
    fetched_at timestamptz NOT NULL,
    elapsed_ms integer NOT NULL,
    warc_file text NOT NULL,
    warc_offset bigint NOT NULL,
    warc_length bigint NOT NULL,
    UNIQUE (batch_id, url_id)
);
CREATE INDEX capture_url ON ops.capture (url_id);
COMMENT ON TABLE ops.capture IS 'One row for each page that was received whole, with the place of its bytes in the archive.';
COMMENT ON COLUMN ops.capture.digest IS 'SHA-256 of the body.';

CREATE TABLE ops.document (
    document_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url_id bigint NOT NULL REFERENCES ops.frontier,
    capture_id bigint NOT NULL REFERENCES ops.capture,
    extractor text NOT NULL,
    title text,
    body text NOT NULL,
    body_digest bytea NOT NULL,
    authors text[] NOT NULL,
    language text,
    published_at timestamptz,
    published_precision text CHECK (published_precision IN ('second', 'minute', 'day')),
    modified_at timestamptz,
    canonical_url text,
    section text,
    tags text[] NOT NULL,
    description text,
    image_url text,
    word_count integer NOT NULL,
    provenance jsonb NOT NULL,
    ner_model text,
    extracted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX document_url ON ops.document (url_id);
CREATE INDEX document_capture ON ops.document (capture_id);
COMMENT ON TABLE ops.document IS 'One row for each reading of a capture that gave an article.';
COMMENT ON COLUMN ops.document.extractor IS 'Name and version of what read it.';
COMMENT ON COLUMN ops.document.provenance IS 'Field -> where on the page its value came from.';
COMMENT ON COLUMN ops.document.ner_model IS 'The model that looked for names; NULL: none for this language, or not yet.';

CREATE FUNCTION ops.earliest_certain(published_at timestamptz, published_precision text) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN published_at + CASE published_precision WHEN 'day' THEN interval '1 day' ELSE interval '0' END;
COMMENT ON FUNCTION ops.earliest_certain IS
    'By when an article was out for certain: one that tells only its day may have come at the end of it.';

CREATE TABLE ops.visit (
    batch_id bigint NOT NULL REFERENCES ops.batch,
    url_id bigint NOT NULL REFERENCES ops.frontier,
    capture_id bigint REFERENCES ops.capture,
    document_id bigint REFERENCES ops.document,
    article_id bigint,
    fetched_at timestamptz,
    extracted_at timestamptz,
    enriched_at timestamptz,
    deduplicated_at timestamptz,
    stage text CHECK (stage IN ('fetch', 'extract', 'enrich', 'deduplicate', 'publish')),
    outcome text REFERENCES news.outcome,
    reason text,
    evidence jsonb,
    retry_after interval,
    settled_at timestamptz,
    PRIMARY KEY (batch_id, url_id)
);
CREATE INDEX visit_url ON ops.visit (url_id);
CREATE INDEX visit_unsettled ON ops.visit (batch_id) WHERE settled_at IS NULL;
COMMENT ON TABLE ops.visit IS 'One row for each time that a URL was taken up; it ends in exactly one outcome.';
COMMENT ON COLUMN ops.visit.outcome IS 'NULL: still under way.';
COMMENT ON COLUMN ops.visit.stage IS 'Where it ended.';
COMMENT ON COLUMN ops.visit.article_id IS 'The article that it leads to, decided by the deduplicate stage.';

CREATE TABLE ops.mention (
    document_id bigint NOT NULL REFERENCES ops.document,
    start_pos integer NOT NULL,
    end_pos integer NOT NULL,
    type text NOT NULL,
    subtype text,
    text text NOT NULL,
    entity_id uuid NOT NULL,
    PRIMARY KEY (document_id, start_pos, end_pos)
);
COMMENT ON TABLE ops.mention IS 'One row for each name in a document''s body.';

CREATE TABLE ops.document_entity (
    document_id bigint NOT NULL REFERENCES ops.document,
    entity_id uuid NOT NULL,
    type text NOT NULL,
    name text NOT NULL,
    mentions integer NOT NULL,
    first_pos integer,
    in_title boolean NOT NULL,
    PRIMARY KEY (document_id, entity_id)
);
COMMENT ON TABLE ops.document_entity IS 'One row for each entity that a document names in its title or body.';

CREATE TABLE ops.article (
    article_id bigint PRIMARY KEY REFERENCES ops.frontier,
    document_id bigint NOT NULL REFERENCES ops.document,
    cluster_id bigint NOT NULL,
    published_cluster_id bigint
);
CREATE INDEX article_cluster ON ops.article (cluster_id);
CREATE INDEX article_regrouped ON ops.article (cluster_id) WHERE cluster_id IS DISTINCT FROM published_cluster_id;
COMMENT ON TABLE ops.article IS 'One row for each article: the document that it is now, and its near-duplicate group.';
COMMENT ON COLUMN ops.article.published_cluster_id IS 'cluster_id as of the last publish; NULL: not published yet.';
COMMENT ON COLUMN ops.article.article_id IS 'The url_id of the URL that the article was first met at.';

CREATE TABLE ops.article_key (
    url_key text PRIMARY KEY,
    article_id bigint NOT NULL REFERENCES ops.article
);
CREATE INDEX article_key_article ON ops.article_key (article_id);
COMMENT ON TABLE ops.article_key IS 'One row for each canonical URL known to lead to an article.';

CREATE TABLE ops.fingerprint (
    article_id bigint NOT NULL REFERENCES ops.article,
    h bigint NOT NULL,
    PRIMARY KEY (article_id, h)
);
CREATE INDEX fingerprint_h ON ops.fingerprint (h) INCLUDE (article_id);
COMMENT ON TABLE ops.fingerprint IS 'One row for each winnowed fingerprint of an article''s current text.';

CREATE TABLE ops.pair (
    article_a bigint NOT NULL REFERENCES ops.article,
    article_b bigint NOT NULL REFERENCES ops.article,
    score real NOT NULL,
    is_duplicate boolean NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (article_a, article_b),
    CHECK (article_a < article_b)
);
CREATE INDEX pair_b ON ops.pair (article_b);
COMMENT ON TABLE ops.pair IS 'One row for each pair of articles that was compared.';

CREATE TABLE ops.run_report (
    run_id bigint NOT NULL REFERENCES ops.run,
    source_id text NOT NULL REFERENCES ops.source,
    found integer NOT NULL,
    outcomes jsonb NOT NULL,
    duplicates integer NOT NULL,
    problems jsonb NOT NULL,
    PRIMARY KEY (run_id, source_id)
);
COMMENT ON TABLE ops.run_report IS 'One row for each source of a run: what came in, and what was not as expected.';
COMMENT ON COLUMN ops.run_report.found IS 'New URLs.';
COMMENT ON COLUMN ops.run_report.duplicates IS 'Articles published that are not the primary of their group.';
