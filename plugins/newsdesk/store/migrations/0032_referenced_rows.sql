-- without a transaction
-- A row that others refer to is deleted only when none of them does: each deletion reads all of a table that has no index
-- for that. What a broken off build left is of no use: it goes first.
DROP INDEX CONCURRENTLY IF EXISTS news.entity_merged_into;
CREATE INDEX CONCURRENTLY entity_merged_into ON news.entity (merged_into) WHERE merged_into IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS news.cluster_primary;
CREATE INDEX CONCURRENTLY cluster_primary ON news.cluster (primary_article_id);
DROP INDEX CONCURRENTLY IF EXISTS news.story_title;
CREATE INDEX CONCURRENTLY story_title ON news.story (title_article_id);
DROP INDEX CONCURRENTLY IF EXISTS ops.visit_document;
CREATE INDEX CONCURRENTLY visit_document ON ops.visit (document_id) WHERE document_id IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS ops.visit_capture;
CREATE INDEX CONCURRENTLY visit_capture ON ops.visit (capture_id) WHERE capture_id IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS ops.article_document;
CREATE INDEX CONCURRENTLY article_document ON ops.article (document_id);
DROP INDEX CONCURRENTLY IF EXISTS ops.revisit_original;
CREATE INDEX CONCURRENTLY revisit_original ON ops.revisit (original_id);
DROP INDEX CONCURRENTLY IF EXISTS ops.reprocess_page_url;
CREATE INDEX CONCURRENTLY reprocess_page_url ON ops.reprocess_page (url_id);
DROP INDEX CONCURRENTLY IF EXISTS ops.reprocess_page_document;
CREATE INDEX CONCURRENTLY reprocess_page_document ON ops.reprocess_page (document_id) WHERE document_id IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS ops.reprocess_page_capture;
CREATE INDEX CONCURRENTLY reprocess_page_capture ON ops.reprocess_page (capture_id);
DROP INDEX CONCURRENTLY IF EXISTS ops.reprocess_page_batch;
CREATE INDEX CONCURRENTLY reprocess_page_batch ON ops.reprocess_page (batch_id) WHERE batch_id IS NOT NULL;
