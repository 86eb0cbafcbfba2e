-- What the desk asks for, at a million articles (bench/desk.py)
CREATE INDEX arrivals_published ON ops.arrivals (hour, source_id) INCLUDE (urls, last_at) WHERE outcome = 'published';
CREATE INDEX article_source_latest ON news.article (source_id, published_at DESC NULLS LAST, article_id DESC);
CREATE INDEX frontier_url ON ops.frontier USING hash (url);
