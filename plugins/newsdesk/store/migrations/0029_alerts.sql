-- What a person is told: alerts from opening to closing, messages and what became of them at each channel.
CREATE TABLE ops.message (
    message_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_key text UNIQUE,
    subject text NOT NULL,
    lines text[] NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE ops.message IS 'One row for each message to people: the alerts of a run, a day''s digest, what a DAG had to tell.';
COMMENT ON COLUMN ops.message.message_key IS 'What it tells of (run/17, digest/2026-03-02): a task that runs again writes no second one. NULL: of alerts, which name it.';
COMMENT ON COLUMN ops.message.lines IS 'Its text, line by line, without markup; in part from the web.';

CREATE TABLE ops.telling (
    message_id bigint NOT NULL REFERENCES ops.message,
    channel text NOT NULL,
    told_at timestamptz,
    tries integer NOT NULL DEFAULT 0,
    tried_at timestamptz,
    failure text,
    PRIMARY KEY (message_id, channel)
);
CREATE INDEX telling_due ON ops.telling (message_id) WHERE told_at IS NULL;
COMMENT ON TABLE ops.telling IS 'One row for each message and channel (kind:connection) that it goes to. None: no channel was set, and it stands in the log only.';
COMMENT ON COLUMN ops.telling.told_at IS 'When the channel took it; NULL: not yet, or it was given up a day after it was written.';
COMMENT ON COLUMN ops.telling.failure IS 'Why the last try failed, without addresses and secrets; NULL: it did not.';

CREATE TABLE ops.alert (
    alert_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id text REFERENCES ops.source,
    kind text NOT NULL,
    grave boolean NOT NULL,
    what text NOT NULL,
    remedy text NOT NULL,
    page text NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now(),
    run_id bigint NOT NULL REFERENCES ops.run,
    grave_run_id bigint REFERENCES ops.run,
    seen_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz,
    closed_why text,
    told_in bigint REFERENCES ops.message,
    taken_back_in bigint REFERENCES ops.message,
    CHECK ((closed_at IS NULL) = (closed_why IS NULL))
);
CREATE UNIQUE INDEX alert_open ON ops.alert (source_id, kind) NULLS NOT DISTINCT WHERE closed_at IS NULL;
CREATE INDEX alert_source ON ops.alert (source_id, opened_at DESC);
COMMENT ON TABLE ops.alert IS
    'One row for each alert from its opening to its closing: a source and kind are open once. It is told when it opens, when it becomes grave, and when it closes.';
COMMENT ON COLUMN ops.alert.source_id IS 'NULL: of the runs, not of a source.';
COMMENT ON COLUMN ops.alert.kind IS 'endpoints, quiet, flood, no_text, robots, refused, length, language, same_text, lag; of the runs: source_files, unfinished, unpublished.';
COMMENT ON COLUMN ops.alert.grave IS 'Articles do not arrive as they should: the run that opens it is red.';
COMMENT ON COLUMN ops.alert.what IS 'What is seen, as of seen_at.';
COMMENT ON COLUMN ops.alert.page IS 'The page of the desk where it is seen and mended, below the desk''s own address.';
COMMENT ON COLUMN ops.alert.run_id IS 'The run whose check opened it.';
COMMENT ON COLUMN ops.alert.grave_run_id IS 'The run in which it became grave; NULL: it never was.';
COMMENT ON COLUMN ops.alert.seen_at IS 'When a check last found it so. Checks that had too little to judge by leave it open.';
COMMENT ON COLUMN ops.alert.closed_why IS 'well: a check found it well; paused, off: nobody asks for the source any more.';
COMMENT ON COLUMN ops.alert.told_in IS 'The message that told of it, or of its becoming grave; NULL: in none yet.';
COMMENT ON COLUMN ops.alert.taken_back_in IS 'The message that told of its closing.';
