-- Late-found twins: two articles of which a later visit shows that they are one.
CREATE TABLE ops.twin (
    article_id bigint PRIMARY KEY REFERENCES ops.frontier,
    joined_into bigint NOT NULL REFERENCES ops.article,
    found_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    CHECK (article_id <> joined_into)
);
CREATE INDEX twin_survivor ON ops.twin (joined_into);
CREATE INDEX twin_unpublished ON ops.twin (article_id) WHERE published_at IS NULL;
CREATE INDEX visit_article ON ops.visit (article_id) WHERE article_id IS NOT NULL;
COMMENT ON TABLE ops.twin IS 'One row for each article that turned out to be another one; its addresses lead to that one now.';
COMMENT ON COLUMN ops.twin.joined_into IS 'The article that stays.';
COMMENT ON COLUMN ops.twin.published_at IS 'When it went out of schema news; NULL: it is there until the next publish.';

ALTER TABLE ops.article_key ADD COLUMN claimed boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN ops.article_key.claimed IS
    'Only a rel=canonical says so: believed for a page with the same text, and given up for a page of its own.';
