-- Politeness is shared by all workers: whose turn it is at a host, and which hosts are left alone, is told here only.
CREATE TABLE ops.host (
    host text PRIMARY KEY,
    turns bigint NOT NULL DEFAULT 1,
    held_by text,
    held_until timestamptz,
    next_turn_at timestamptz NOT NULL DEFAULT now(),
    pause real,
    crawl_delay real,
    deferred_until timestamptz,
    deferred_as text REFERENCES news.outcome,
    deferred_why text,
    failures integer NOT NULL DEFAULT 0,
    last_asked_at timestamptz,
    last_status integer,
    last_outcome text REFERENCES news.outcome,
    response_ms real
) WITH (fillfactor = 50); -- two updates a request, of no indexed column: they stay on their page (HOT)
COMMENT ON TABLE ops.host IS 'One row for each host ever asked: whose turn it is, when the next one may begin, and whether the host is left alone. `SELECT * FROM ops.host WHERE deferred_until > now()` shows those that are.';
COMMENT ON COLUMN ops.host.host IS 'The name in lower case, with the port where it is not the scheme''s own.';
COMMENT ON COLUMN ops.host.turns IS 'Turns ever taken; the number of a turn is its holder''s proof.';
COMMENT ON COLUMN ops.host.held_by IS 'The worker whose request is under way; NULL: none.';
COMMENT ON COLUMN ops.host.held_until IS 'When the turn is free again if that worker dies.';
COMMENT ON COLUMN ops.host.next_turn_at IS 'The next request begins no earlier: the end of the last one and the pause.';
COMMENT ON COLUMN ops.host.pause IS 'Seconds of pause behind the last request: what robots.txt or we ask for, within our limit.';
COMMENT ON COLUMN ops.host.crawl_delay IS 'Seconds that its robots.txt asks of us, without our limit; where they are many, few URLs are planned in a run. 0: asks for none; NULL: not known yet.';
COMMENT ON COLUMN ops.host.deferred_until IS 'No request before this time; NULL: none is held back.';
COMMENT ON COLUMN ops.host.deferred_as IS 'How URLs that are not asked in the meantime end.';
COMMENT ON COLUMN ops.host.failures IS 'Answers in a row that refuse us or never came; a good one makes it 0. Each makes the next rest longer.';
COMMENT ON COLUMN ops.host.last_outcome IS 'How the last request ended; NULL: well.';
COMMENT ON COLUMN ops.host.response_ms IS 'Milliseconds of a request, a running mean that forgets: a fifth is the last one.';

-- status, body and fetched_at stay those of the last answer that told the rules; what went wrong since stands beside.
ALTER TABLE ops.robots
    ALTER COLUMN body SET DEFAULT '',
    ALTER COLUMN fetched_at DROP NOT NULL,
    ADD COLUMN next_fetch_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN asked_until timestamptz,
    ADD COLUMN unreachable_since timestamptz,
    ADD COLUMN outcome text REFERENCES news.outcome,
    ADD COLUMN reason text;
DELETE FROM ops.robots WHERE status IS NULL OR status >= 500 OR status = 429;
UPDATE ops.robots SET next_fetch_at = fetched_at + interval '1 day';
COMMENT ON TABLE ops.robots IS 'One row for each origin (scheme, name, port) whose robots.txt was asked for; shared by all workers.';
COMMENT ON COLUMN ops.robots.status IS 'Of the last answer that told the rules: 200 a file, 4xx none; NULL: there was no such answer yet.';
COMMENT ON COLUMN ops.robots.body IS 'The file''s first 512 KiB; empty where there is none.';
COMMENT ON COLUMN ops.robots.fetched_at IS 'When that answer came.';
COMMENT ON COLUMN ops.robots.next_fetch_at IS 'When it is asked for again: a day after it came, sooner while it cannot be reached.';
COMMENT ON COLUMN ops.robots.asked_until IS 'A worker is asking for it, until this time at most; NULL: none.';
COMMENT ON COLUMN ops.robots.unreachable_since IS 'Server or network errors since this time; NULL: the last request worked.';
COMMENT ON COLUMN ops.robots.outcome IS 'How the last request failed; NULL: it worked.';
