-- Archives that others made, taken in through the same stages as our own captures.
ALTER TABLE ops.run DROP CONSTRAINT run_kind_check;
ALTER TABLE ops.run ADD CONSTRAINT run_kind_check CHECK (kind IN ('airflow', 'cli', 'import', 'airflow_import'));
COMMENT ON COLUMN ops.run.kind IS
    'Who works it off: airflow and cli find and fetch; import (command line) and airflow_import read foreign archives.';

CREATE TABLE ops.import (
    import_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest bytea NOT NULL,
    reading integer NOT NULL DEFAULT 1,
    file text NOT NULL,
    size bigint NOT NULL,
    run_id bigint REFERENCES ops.run,
    source_id text REFERENCES ops.source,
    state text NOT NULL DEFAULT 'reading' CHECK (state IN ('reading', 'read', 'done')),
    member_offset bigint NOT NULL DEFAULT 0,
    inside_offset bigint NOT NULL DEFAULT 0,
    records bigint NOT NULL DEFAULT 0,
    captures bigint NOT NULL DEFAULT 0,
    left_out jsonb NOT NULL DEFAULT '{}',
    damages text[] NOT NULL DEFAULT '{}',
    opened_at timestamptz NOT NULL DEFAULT now(),
    read_at timestamptz,
    finished_at timestamptz,
    UNIQUE (digest, reading)
);
COMMENT ON TABLE ops.import IS
    'One row for each reading of a file of a foreign archive: how far it was read, and what its records came to (records = captures + all of left_out).';
COMMENT ON COLUMN ops.import.digest IS
    'What makes a file the same whatever its name: SHA-256 of its size, first and last mebibyte.';
COMMENT ON COLUMN ops.import.reading IS '1; one more for each time that it was read again on demand.';
COMMENT ON COLUMN ops.import.file IS 'Path or address by which it was given last.';
COMMENT ON COLUMN ops.import.size IS 'Bytes of the file.';
COMMENT ON COLUMN ops.import.run_id IS 'The run that has it in hand, or had it last.';
COMMENT ON COLUMN ops.import.source_id IS 'The source that all its pages go to; NULL: each goes to that of its site.';
COMMENT ON COLUMN ops.import.state IS 'reading: not yet to its end; read: its pages are under way; done: all are settled.';
COMMENT ON COLUMN ops.import.member_offset IS 'Where reading goes on: offset in the file, of a gzip member or of a plain record.';
COMMENT ON COLUMN ops.import.inside_offset IS 'Plain bytes of that gzip member before the next record.';
COMMENT ON COLUMN ops.import.records IS 'Records read so far, damaged ones included.';
COMMENT ON COLUMN ops.import.captures IS 'Pages taken: rows of ops.capture, each with a visit that ends in one outcome.';
COMMENT ON COLUMN ops.import.left_out IS 'Records not taken: reason -> count; the reasons are those of newsdesk.importing.pages.';
COMMENT ON COLUMN ops.import.damages IS 'The first of the damaged records: where in the file, and what is wrong.';

ALTER TABLE ops.batch ADD COLUMN import_id bigint REFERENCES ops.import;
CREATE INDEX batch_import ON ops.batch (import_id) WHERE import_id IS NOT NULL;
COMMENT ON COLUMN ops.batch.import_id IS 'The foreign archive that its pages came from; NULL: they are fetched from the web.';

ALTER TABLE ops.source ADD COLUMN imported boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN ops.source.imported IS
    'Made for the pages of a foreign archive, whose site no source file names: never polled. A source file of this id takes it over.';

COMMENT ON COLUMN ops.frontier.first_found_at IS
    'When an endpoint first named it; of an imported page, when the foreign archive had fetched it.';
COMMENT ON COLUMN ops.capture.fetched_at IS 'When it was fetched: by us, or (its batch has an import_id) by the archive that it came from.';
COMMENT ON COLUMN news.article.first_seen_at IS
    'When its URL was first found; of an article imported from another''s archive, when that archive fetched it.';
COMMENT ON COLUMN news.url_status.first_found_at IS
    'When an endpoint first named it; of an imported page, when the foreign archive had fetched it.';
