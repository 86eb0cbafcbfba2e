-- What the DAGs know of themselves: a run's limit, whose question was answered how, when the archive was last read through.
ALTER TABLE ops.run ADD COLUMN max_pages integer;
COMMENT ON COLUMN ops.run.max_pages IS 'At most so many pages are fetched by the whole run, the newest first; NULL: as many as are due, within the limits of sources and hosts.';

COMMENT ON COLUMN ops.audit.action IS 'retry, pause, resume, poll, ingest, reprocess, apply, answer, find_source, add_source.';

CREATE TABLE ops.archive_file (
    file text PRIMARY KEY,
    verified_at timestamptz NOT NULL,
    size bigint,
    records bigint NOT NULL,
    faults integer NOT NULL,
    damage text[] NOT NULL DEFAULT '{}',
    found_by text,
    CHECK ((found_by IS NULL) = (faults = 0))
);
CREATE INDEX archive_file_verified ON ops.archive_file (verified_at);
COMMENT ON TABLE ops.archive_file IS 'One row for each file of the archive that the nightly maintenance has read through: when it last did, and what it found.';
COMMENT ON COLUMN ops.archive_file.size IS 'Bytes, then; NULL: rows name records in it, and it is not there.';
COMMENT ON COLUMN ops.archive_file.records IS 'Whole records in it.';
COMMENT ON COLUMN ops.archive_file.faults IS 'How many records, or places, are not as they should be.';
COMMENT ON COLUMN ops.archive_file.damage IS 'The first of them, in words.';
COMMENT ON COLUMN ops.archive_file.found_by IS 'The maintenance in which these faults were first seen, and which ended red for them; NULL: there are none.';
