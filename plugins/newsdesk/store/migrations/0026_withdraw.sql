-- Texts that had to go: taken out of every table and of the archive, and not taken in again.
INSERT INTO news.outcome (outcome, has_article, retryable, meaning) VALUES
    ('withdrawn', false, false, 'Taken out on request: its text is in no table and not in the archive, and is not fetched again.');

CREATE TABLE ops.withdrawal (
    url_key text PRIMARY KEY,
    url text NOT NULL,
    article_id bigint,
    why text NOT NULL CHECK (why <> ''),
    asked_at timestamptz NOT NULL DEFAULT now(),
    asked_by text NOT NULL DEFAULT session_user
);
COMMENT ON TABLE ops.withdrawal IS 'One row for each address whose article was withdrawn: what remains of it. A page that is found there, or says that it belongs there, is refused.';
COMMENT ON COLUMN ops.withdrawal.url_key IS 'The address in its canonical form.';
COMMENT ON COLUMN ops.withdrawal.url IS 'The address that was named when it was withdrawn.';
COMMENT ON COLUMN ops.withdrawal.article_id IS 'The article that it was; NULL: it was none, or not found yet.';
COMMENT ON COLUMN ops.withdrawal.why IS 'As the operator put it; analysts read it in news.url_status.';
COMMENT ON COLUMN ops.withdrawal.asked_by IS 'Login in the database.';

ALTER TABLE ops.capture ADD COLUMN erased_at timestamptz;
COMMENT ON COLUMN ops.capture.erased_at IS 'When its record in the archive was written over; the page is lost. NULL: it is there.';
