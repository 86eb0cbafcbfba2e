-- How long stages took, and counters that never fall: for the desk and for Prometheus.
CREATE TABLE ops.stage_time (
    stage_time_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES ops.run ON DELETE CASCADE,
    batch_id bigint REFERENCES ops.batch ON DELETE CASCADE,
    stage text NOT NULL,
    began_at timestamptz NOT NULL,
    seconds real NOT NULL,
    counts jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX stage_time_run ON ops.stage_time (run_id);
CREATE INDEX stage_time_batch ON ops.stage_time (batch_id) WHERE batch_id IS NOT NULL;
COMMENT ON TABLE ops.stage_time IS
    'One row for each time that a stage was worked at to its end. A task that was killed leaves none; one that is run again leaves another.';
COMMENT ON COLUMN ops.stage_time.batch_id IS 'NULL: a stage of the whole run.';
COMMENT ON COLUMN ops.stage_time.stage IS 'discover, plan, fetch, extract, enrich, deduplicate, publish, check.';
COMMENT ON COLUMN ops.stage_time.seconds IS 'By the clock, from its begin to its end.';
COMMENT ON COLUMN ops.stage_time.counts IS 'What it counted: how its pages ended, say.';

CREATE TABLE ops.outcome_total (
    outcome text PRIMARY KEY REFERENCES news.outcome,
    visits bigint NOT NULL
);
COMMENT ON TABLE ops.outcome_total IS
    'One row for each outcome: all visits that ever ended so, as ops.arrivals counts them. It never falls, whatever is deleted.';
INSERT INTO ops.outcome_total (outcome, visits) SELECT outcome, sum(urls) FROM ops.arrivals GROUP BY outcome;
