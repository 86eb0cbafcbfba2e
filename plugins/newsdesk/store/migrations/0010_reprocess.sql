-- Reading anew what lies in the archive: a report of what would change, and the run that applies it.
-- Whether or not the imports' migration (0007) ran before: the constraint is replaced either way.
ALTER TABLE ops.run DROP CONSTRAINT IF EXISTS run_kind_check;
ALTER TABLE ops.run ADD CONSTRAINT run_kind_check
    CHECK (kind IN ('airflow', 'cli', 'import', 'airflow_import', 'reprocess', 'airflow_reprocess'));
COMMENT ON COLUMN ops.run.kind IS
    'Who works it off: airflow and cli find and fetch; import (command line) and airflow_import read foreign archives; reprocess and airflow_reprocess apply what was read anew from our own.';

CREATE TABLE ops.reprocess (
    reprocess_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reprocess_key text NOT NULL UNIQUE,
    stage text NOT NULL CHECK (stage IN ('extract', 'enrich')),
    scope jsonb NOT NULL,
    reader text NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now(),
    planned_at timestamptz,
    run_id bigint REFERENCES ops.run,
    applied_at timestamptz
);
COMMENT ON TABLE ops.reprocess IS
    'One row for each reading anew of archived pages: first a report of what would change, then, if asked for, its application.';
COMMENT ON COLUMN ops.reprocess.reprocess_key IS 'Airflow''s run id, or the command line''s own; asking for it again gives the same one.';
COMMENT ON COLUMN ops.reprocess.stage IS 'extract: the pages are read anew; enrich: the names in the present texts are found anew.';
COMMENT ON COLUMN ops.reprocess.scope IS 'Which pages: since, until, sources, limit, all (also what the present reader has read already).';
COMMENT ON COLUMN ops.reprocess.reader IS 'Name and version of what read them; the one that applies must be the same.';
COMMENT ON COLUMN ops.reprocess.planned_at IS 'When its pages were listed; NULL: not yet.';
COMMENT ON COLUMN ops.reprocess.run_id IS 'The run that applies it, or did last; NULL: it is a report only.';
COMMENT ON COLUMN ops.reprocess.applied_at IS 'When all of it was applied; NULL: not, or not all.';

CREATE TABLE ops.reprocess_page (
    reprocess_id bigint NOT NULL REFERENCES ops.reprocess ON DELETE CASCADE,
    url_id bigint NOT NULL REFERENCES ops.frontier,
    portion integer NOT NULL,
    capture_id bigint NOT NULL REFERENCES ops.capture,
    document_id bigint REFERENCES ops.document,
    refusal text REFERENCES news.outcome,
    found text CHECK (found IN ('same', 'changed', 'new', 'refused', 'lost')),
    outcome text REFERENCES news.outcome,
    reason text,
    changes text[] NOT NULL DEFAULT '{}',
    added integer NOT NULL DEFAULT 0,
    removed integer NOT NULL DEFAULT 0,
    words integer NOT NULL DEFAULT 0,
    reading jsonb,
    read_at timestamptz,
    applied text CHECK (applied IN ('marked', 'batch', 'names', 'kept', 'overtaken', 'in_hand')),
    batch_id bigint REFERENCES ops.batch,
    PRIMARY KEY (reprocess_id, url_id)
);
CREATE INDEX reprocess_page_portion ON ops.reprocess_page (reprocess_id, portion) WHERE read_at IS NULL;
CREATE INDEX reprocess_page_changed ON ops.reprocess_page (reprocess_id, (added + removed) DESC) WHERE found = 'changed';
COMMENT ON TABLE ops.reprocess_page IS 'One row for each page of a reprocess: what it was, what it is to the present reader, what was done about it.';
COMMENT ON COLUMN ops.reprocess_page.portion IS 'Pages of one number are read, and applied, together.';
COMMENT ON COLUMN ops.reprocess_page.document_id IS 'What the article was when the pages were listed; NULL: no article.';
COMMENT ON COLUMN ops.reprocess_page.refusal IS 'Why it was no article then; NULL: it was one.';
COMMENT ON COLUMN ops.reprocess_page.found IS
    'same: as before; changed: another reading of the article; new: an article that was none; refused: no article, for another reason than before or though it was one; lost: its record in the archive is gone. NULL: not read yet.';
COMMENT ON COLUMN ops.reprocess_page.outcome IS 'Of what is refused: why it is no article now.';
COMMENT ON COLUMN ops.reprocess_page.changes IS 'The fields that differ; spacing: the text, but only in its white space.';
COMMENT ON COLUMN ops.reprocess_page.added IS 'Words (stage enrich: mentions) that only the new reading has, each as often as it has them more.';
COMMENT ON COLUMN ops.reprocess_page.removed IS 'Those that only the old one has.';
COMMENT ON COLUMN ops.reprocess_page.words IS 'Words (stage enrich: mentions) of the old reading.';
COMMENT ON COLUMN ops.reprocess_page.reading IS 'The new reading, where it differs: what will be applied.';
COMMENT ON COLUMN ops.reprocess_page.applied IS
    'marked: only the reader''s version was noted; batch: in a batch of the run; names: its names were replaced; kept: left as it was; overtaken: the page was fetched anew meanwhile; in_hand: another batch had it.';

ALTER TABLE ops.batch ADD COLUMN reprocess_id bigint REFERENCES ops.reprocess;
CREATE INDEX batch_reprocess ON ops.batch (reprocess_id) WHERE reprocess_id IS NOT NULL;
COMMENT ON COLUMN ops.batch.reprocess_id IS 'The reprocess that its readings came from: they begin at enrich, and plan no visit. NULL: none.';

ALTER TABLE ops.document ADD COLUMN annotator text;
COMMENT ON COLUMN ops.document.annotator IS 'Name and version of what looked for names last; NULL: older than this column, or not yet.';
COMMENT ON COLUMN ops.document.extractor IS 'Name and version of what read it; of a later one too, where that reads the same.';

ALTER TABLE news.article_version ADD COLUMN reread boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN news.article_version.reread IS
    'The page was as in the version before, and was only read better: no edit by its publisher.';
COMMENT ON COLUMN news.article.version IS
    '1, and one more for each change that was seen, by its publisher or (article_version.reread) in how the page is read; see news.article_version.';
COMMENT ON COLUMN news.article.loaded_at IS 'When it came into the table as it is now.';
COMMENT ON TABLE news.article_version IS 'One row for each state of an article that was seen, and for each better reading of one.';
