-- without a transaction
-- For the questions of docs/cookbook that a million articles made slow (bench/analyst.py).
DROP INDEX CONCURRENTLY IF EXISTS ops.frontier_found;
CREATE INDEX CONCURRENTLY frontier_found ON ops.frontier USING brin (first_found_at) WITH (pages_per_range = 32);
DROP INDEX CONCURRENTLY IF EXISTS news.article_entity_entity_day;
CREATE INDEX CONCURRENTLY article_entity_entity_day ON news.article_entity (entity_id, ((seen_at AT TIME ZONE 'UTC')::date));
