-- Pages whose bytes were in the archive already: a small revisit record instead of the body again.
CREATE TABLE ops.revisit (
    batch_id bigint NOT NULL,
    url_id bigint NOT NULL,
    original_id bigint NOT NULL REFERENCES ops.capture,
    final_url text NOT NULL,
    status integer NOT NULL,
    fetched_at timestamptz NOT NULL,
    warc_file text NOT NULL,
    warc_offset bigint NOT NULL,
    warc_length bigint NOT NULL,
    PRIMARY KEY (batch_id, url_id),
    FOREIGN KEY (batch_id, url_id) REFERENCES ops.visit
);
CREATE INDEX revisit_file ON ops.revisit (warc_file);
CREATE INDEX capture_file ON ops.capture (warc_file);
COMMENT ON TABLE ops.revisit IS
    'One row for each visit whose page was in the archive already, with the place of its revisit record there.';
COMMENT ON COLUMN ops.revisit.original_id IS 'The capture that has the page''s bytes in a response record of its own.';
COMMENT ON COLUMN ops.revisit.status IS '200: the same bytes came again, and a capture of this visit names the place of the first. 304: the server said so.';
COMMENT ON TABLE ops.capture IS
    'One row for each page that was received whole, with the place in the archive of a response record that has its bytes.';
COMMENT ON COLUMN ops.capture.warc_offset IS
    'With warc_file and warc_length: one gzip member. Of a page that came before with the same bytes it is the first one''s.';
