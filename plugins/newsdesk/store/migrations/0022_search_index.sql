-- without a transaction
-- Built beside running publishers. What a broken off build left is of no use: it goes first.
DROP INDEX CONCURRENTLY IF EXISTS news.article_search;
CREATE INDEX CONCURRENTLY article_search ON news.article USING gin (news.search_vector(title, body, language));
