-- A run that takes over a dead one's batch counts only what it settles itself. By the time alone that cannot be told: a
-- clock may be set back.
ALTER TABLE ops.visit ADD COLUMN settled_in bigint;
COMMENT ON COLUMN ops.visit.settled_in IS
    'The run that settled it, where another one has taken over the rest of its batch since; NULL: the batch''s own.';
