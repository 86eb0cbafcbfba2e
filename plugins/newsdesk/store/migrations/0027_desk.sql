-- The operator's desk: what each hour brought, sources that pause, who did what, sources being added.
CREATE TABLE ops.arrivals (
    hour timestamptz NOT NULL,
    source_id text NOT NULL REFERENCES ops.source,
    outcome text NOT NULL REFERENCES news.outcome,
    urls integer NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (hour, source_id, outcome)
);
CREATE INDEX arrivals_source ON ops.arrivals (source_id, hour);
COMMENT ON TABLE ops.arrivals IS
    'One row for each hour, source and outcome: visits that were settled in that hour. Counted where they are settled, so the desk need not count millions of visits.';
COMMENT ON COLUMN ops.arrivals.hour IS 'Its beginning, by the visits'' settled_at.';
COMMENT ON COLUMN ops.arrivals.urls IS 'Visits. Imports and readings anew from the archive are not among them.';
COMMENT ON COLUMN ops.arrivals.last_at IS 'The latest settled_at.';
INSERT INTO ops.arrivals (hour, source_id, outcome, urls, last_at)
SELECT date_trunc('hour', v.settled_at), f.source_id, v.outcome, count(*), max(v.settled_at)
FROM ops.visit AS v JOIN ops.batch AS b USING (batch_id) JOIN ops.frontier AS f USING (url_id)
WHERE v.settled_at IS NOT NULL AND b.import_id IS NULL AND b.reprocess_id IS NULL
GROUP BY 1, 2, 3;

ALTER TABLE ops.source
    ADD COLUMN paused_at timestamptz,
    ADD COLUMN paused_by text,
    ADD COLUMN paused_why text,
    ADD CHECK ((paused_at IS NULL) = (paused_by IS NULL));
COMMENT ON COLUMN ops.source.paused_at IS
    'Since when nothing of it is asked for, though its file is enabled; what runs had in hand is finished, what is due waits. NULL: it is not paused.';
COMMENT ON COLUMN ops.source.paused_by IS 'Who paused it.';
COMMENT ON COLUMN ops.source.paused_why IS 'In their words.';

CREATE OR REPLACE VIEW ops.poll_schedule AS
SELECT e.endpoint_id, e.source_id, e.kind, e.url,
    CASE WHEN s.paused_at IS NOT NULL THEN 'paused' WHEN e.off_since IS NOT NULL THEN 'off' WHEN e.failures > 0 THEN 'failing'
        WHEN e.worked_at IS NULL THEN 'new' ELSE 'ok' END AS state,
    CASE WHEN e.off_since IS NULL AND s.paused_at IS NULL THEN e.next_poll_at END AS next_poll_at,
    e.poll_every, round(e.new_per_day::numeric, 1) AS new_per_day,
    coalesce('paused by ' || s.paused_by || coalesce(': ' || s.paused_why, ''), e.off_reason,
        CASE WHEN e.failures > 0 THEN e.failures || ' failures: ' || e.reason ELSE e.why END) AS why,
    e.polled_at, e.worked_at, e.changed_at, e.moved_to, e.moved_since
FROM ops.endpoint AS e JOIN ops.source AS s USING (source_id)
WHERE e.active AND s.enabled
ORDER BY next_poll_at NULLS LAST, e.endpoint_id;

CREATE TABLE ops.audit (
    audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL,
    action text NOT NULL,
    source_id text,
    target text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    result text
);
CREATE INDEX audit_at ON ops.audit (at DESC);
CREATE INDEX audit_source ON ops.audit (source_id, at DESC) WHERE source_id IS NOT NULL;
COMMENT ON TABLE ops.audit IS 'One row for each action that a person took, at the desk or by `newsdesk retry`. Rows are added, and given their result; never removed.';
COMMENT ON COLUMN ops.audit.actor IS 'Their name, as Airflow knows it; of the command line: the account of the machine.';
COMMENT ON COLUMN ops.audit.action IS 'retry, pause, resume, poll, ingest, reprocess, apply, find_source, add_source.';
COMMENT ON COLUMN ops.audit.target IS 'What it was done to: an address, a group, a file.';
COMMENT ON COLUMN ops.audit.detail IS 'What was asked for.';
COMMENT ON COLUMN ops.audit.result IS 'What came of it, in words; NULL: under way, or it was interrupted.';

CREATE TABLE ops.source_draft (
    draft_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    homepage text NOT NULL,
    source_id text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    lines text[] NOT NULL DEFAULT '{}',
    seen_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    endpoints integer,
    yaml text,
    failure text,
    file text,
    written_at timestamptz
);
COMMENT ON TABLE ops.source_draft IS 'One row for each site whose feeds were looked for at the desk, with the source file drafted from what was found.';
COMMENT ON COLUMN ops.source_draft.lines IS 'What was tried, in order.';
COMMENT ON COLUMN ops.source_draft.seen_at IS 'When the search last told of itself: one that is silent for minutes was interrupted.';
COMMENT ON COLUMN ops.source_draft.endpoints IS 'How many were chosen; 0: the homepage stands in for them.';
COMMENT ON COLUMN ops.source_draft.file IS 'Where it was written.';

CREATE FUNCTION ops.reason_group(reason text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN left(regexp_replace(regexp_replace(regexp_replace(coalesce(left(reason, 1000), ''),
    'https?://\S+', '…', 'g'), '''[^'']{1,200}''|"[^"]{1,200}"', '…', 'g'), '\S*\d\S*', '#', 'g'), 160);
COMMENT ON FUNCTION ops.reason_group IS 'What reasons of one kind have in common: without addresses, quotations and figures.';

-- What the desk asks for, at a million articles.
CREATE INDEX frontier_ended ON ops.frontier (outcome, last_tried_at DESC) INCLUDE (next_visit_at)
    WHERE article_id IS NULL AND outcome IS NOT NULL;
CREATE INDEX article_first_seen ON news.article (first_seen_at);
CREATE INDEX run_report_source ON ops.run_report (source_id, run_id DESC);
