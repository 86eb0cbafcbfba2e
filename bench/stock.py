"""A stock of articles, as after months of runs: rows in every table that a run's steps read, made by set-based SQL."""

from __future__ import annotations

import sys
import time

import analyst
from newsdesk.deduplication import RULE
from newsdesk.model import Text
from newsdesk.store.database import autocommitting
from newsdesk.stories.terms import packed, terms_of

TERMS = packed(terms_of(Text("stock", "Council closes bridge", "The council closed the bridge on Monday. " * 12)))
PRINTS = 30  # fingerprints an article, about as many as a text of 500 words has

# The index of the prints is made after them: entered one by one in no order, thirty a row, it takes an hour.
# After analyst.fill, which makes news.* and ops.frontier; none of these rows is of a run that is open.
_OPERATIONS = {
    "runs": """
        INSERT INTO ops.run (run_key, kind, state, started_at, finished_at, published_at)
        SELECT 'stock/' || r, 'cli', 'done', now() - interval '1 day', now() - interval '1 day', now() - interval '1 day'
        FROM generate_series(1, %(n)s / 2000 + 1) AS r;
        INSERT INTO ops.batch (run_id, hosts, urls)
        SELECT run_id, '{}', 200 FROM ops.run CROSS JOIN generate_series(1, 10) AS b
    """,
    "captures": """
        INSERT INTO ops.capture (url_id, batch_id, final_url, status, headers, digest, size, fetched_at, elapsed_ms, warc_file, warc_offset, warc_length)
        SELECT f.url_id, (SELECT min(batch_id) FROM ops.batch) + f.url_id / 200, f.url, 200, '{}', sha256(f.url::bytea), 60000, f.first_found_at, 100, 'stock.warc.gz', f.url_id * 1000, 900
        FROM ops.frontier AS f WHERE f.article_id IS NOT NULL
    """,
    "documents": """
        INSERT INTO ops.document (url_id, capture_id, extractor, title, body, body_digest, authors, language, published_at, published_precision, tags, word_count, provenance)
        SELECT c.url_id, c.capture_id, 'stock', a.title, a.body, sha256(a.body::bytea), a.authors, a.language, a.published_at, a.published_precision, '{}', a.word_count, '{}'
        FROM ops.capture AS c JOIN news.article AS a ON a.article_id = c.url_id
    """,
    "visits": """
        INSERT INTO ops.visit (batch_id, url_id, capture_id, document_id, article_id, fetched_at, extracted_at, enriched_at, deduplicated_at, stage, outcome, settled_at)
        SELECT c.batch_id, c.url_id, c.capture_id, d.document_id, c.url_id, c.fetched_at, c.fetched_at, c.fetched_at, c.fetched_at, 'publish', 'published', c.fetched_at
        FROM ops.capture AS c JOIN ops.document AS d USING (capture_id)
    """,
    "articles": """
        INSERT INTO ops.article (article_id, document_id, cluster_id, published_cluster_id)
        SELECT a.article_id, d.document_id, a.cluster_id, a.cluster_id FROM news.article AS a JOIN ops.document AS d ON d.url_id = a.article_id;
        INSERT INTO ops.article_key (url_key, article_id) SELECT url_key, article_id FROM ops.frontier WHERE article_id IS NOT NULL
    """,
    "stories": """
        INSERT INTO ops.story (story_id, language, typical_article_id)
        SELECT a.story_id, min(a.language), min(a.article_id) FROM news.article AS a WHERE a.is_primary GROUP BY 1;
        INSERT INTO ops.story_member (article_id, document_id, story_id, published_story_id, language, told_at, terms)
        SELECT a.article_id, o.document_id, a.story_id, a.story_id, s.language, a.published_at, %(terms)s
        FROM news.article AS a JOIN ops.article AS o USING (article_id) JOIN ops.story AS s USING (story_id)
        WHERE a.is_primary
    """,
    "fingerprints": """
        INSERT INTO ops.sketch (article_id, rule, prints)
        SELECT article_id, %(rule)s, ARRAY(SELECT hashint8extended(article_id * 64 + k, 1) FROM generate_series(1, %(prints)s) AS k) FROM news.article;
        CREATE TEMPORARY TABLE index_of_prints AS SELECT pg_get_indexdef('ops.fingerprint_h'::regclass) AS made;
        DROP INDEX ops.fingerprint_h;
        INSERT INTO ops.fingerprint (article_id, h)
        SELECT article_id, hashint8extended(article_id * 64 + k, 1) FROM news.article CROSS JOIN generate_series(1, %(prints)s) AS k;
        DO $$ BEGIN EXECUTE (SELECT made FROM index_of_prints); END $$
    """,
}


def fill(dsn: str, articles: int) -> None:
    """A migrated, empty database gets `articles` articles and what a run of them left behind."""
    analyst.fill(dsn, articles)
    with autocommitting(dsn) as cursor:
        cursor.execute(
            "SET session_replication_role = replica; SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'; "
            "SET synchronous_commit = off"
        )
        for what, sql in _OPERATIONS.items():
            began = time.monotonic()
            cursor.execute(sql, {"n": articles, "rule": RULE, "prints": PRINTS, "terms": TERMS})
            print(f"{what}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('ops.frontier', 'url_id'), (SELECT max(url_id) FROM ops.frontier))"
        )
        cursor.execute("VACUUM ANALYZE")
