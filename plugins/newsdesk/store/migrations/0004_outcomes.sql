-- A refusal that no later visit changes; until now it was an http_error, and tried again.
INSERT INTO news.outcome (outcome, has_article, retryable, meaning) VALUES
    ('forbidden', false, false, 'The server refuses it for good, for legal reasons mostly (451, 407).');
