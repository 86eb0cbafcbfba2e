"""What an upgrade costs a database that is full: a first release's tables with a million articles, then all migrations since.

    python bench/upgrade.py [--articles 1000000]

The database is made by the first two migrations, filled by set-based SQL (every article with its URL, visit, capture,
document, two names, ten fingerprints; every tenth edited), and brought to this version migration by migration. Prints
the seconds of each, and how long a reader who asks for one article every 50 ms had to wait at most. Rows of the
analysts' tables must be as many afterwards, and their texts the same.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time

from newsdesk.store import migrate as migrations
from newsdesk.store.database import autocommitting, transaction
from own_server import own_server

FIRST_RELEASE = ("0001_ops.sql", "0002_news.sql")
KEPT = ("article", "article_version", "cluster", "entity", "mention", "article_entity", "source", "url_status")

FILL = (
    "INSERT INTO news.source (source_id, name, homepage) SELECT 's' || s, 's' || s, 'https://s' || s || '.example/' FROM generate_series(0, 99) AS s",
    "INSERT INTO ops.source (source_id, definition, enabled) SELECT source_id, '{}', true FROM news.source",
    "INSERT INTO ops.run (run_key, kind, state) VALUES ('one', 'cli', 'done')",
    "INSERT INTO ops.batch (run_id, hosts, urls) SELECT 1, '{}', 1000 FROM generate_series(1, %(n)s / 1000 + 1)",
    """
    INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, outcome, stage, article_id)
    SELECT 's' || g %% 100 || '.example/' || g, 'https://s' || g %% 100 || '.example/' || g, 's' || g %% 100 || '.example', 's' || g %% 100,
        '2025-01-01Z'::timestamptz + interval '1 minute' * (g %% 500000), now(), 'published', 'publish', g
    FROM generate_series(1, %(n)s) AS g
    """,
    """
    INSERT INTO ops.capture (url_id, batch_id, final_url, status, headers, digest, size, fetched_at, elapsed_ms, warc_file, warc_offset, warc_length)
    SELECT url_id, 1 + url_id / 1000, url, 200, '{}', decode(md5(url), 'hex'), 1000, first_found_at, 10, '2025-01-01/a.warc.gz', url_id * 1000, 999
    FROM ops.frontier ORDER BY url_id
    """,
    """
    INSERT INTO ops.document (url_id, capture_id, extractor, title, body, body_digest, authors, language, published_at, published_precision,
        tags, word_count, provenance)
    SELECT url_id, capture_id, 'old', 'Plan ' || url_id, 'The council of ward ' || url_id %% 977 || ' met to vote on plan ' || url_id || repeat('. It was long', 15),
        digest, '{}', 'en', fetched_at, 'minute', '{}', 60, '{}' FROM ops.capture ORDER BY capture_id
    """,
    """
    INSERT INTO ops.visit (batch_id, url_id, capture_id, document_id, article_id, fetched_at, extracted_at, enriched_at, deduplicated_at, stage, outcome, settled_at)
    SELECT 1 + url_id / 1000, url_id, capture_id, document_id, url_id, now(), now(), now(), now(), 'publish', 'published', now() FROM ops.document
    """,
    "INSERT INTO ops.article (article_id, document_id, cluster_id, published_cluster_id) SELECT url_id, document_id, url_id - (url_id %% 10 = 9)::integer, url_id - (url_id %% 10 = 9)::integer FROM ops.document",
    "INSERT INTO ops.article_key (url_key, article_id) SELECT url_key, url_id FROM ops.frontier",
    "INSERT INTO ops.fingerprint (article_id, h) SELECT a.article_id, hashint8extended(a.cluster_id, k) FROM ops.article AS a, generate_series(1, 10) AS k",
    "INSERT INTO ops.pair (article_a, article_b, score, is_duplicate) SELECT cluster_id, article_id, 1, true FROM ops.article WHERE cluster_id <> article_id",
    """
    INSERT INTO news.article (article_id, source_id, url, canonical_url, title, body, authors, language, published_at, published_precision,
        first_seen_at, loaded_at, version, cluster_id, is_primary, word_count)
    SELECT a.article_id, f.source_id, f.url, f.url, d.title, d.body, d.authors, d.language, d.published_at, d.published_precision, f.first_found_at, now(),
        1 + (a.article_id %% 10 = 0)::integer, a.cluster_id, a.cluster_id = a.article_id, d.word_count
    FROM ops.article AS a JOIN ops.document AS d USING (document_id) JOIN ops.frontier AS f ON f.url_id = a.article_id
    """,
    """
    INSERT INTO news.cluster (cluster_id, size, outlets, primary_article_id, first_published_at, last_published_at, language)
    SELECT cluster_id, count(*), count(DISTINCT source_id), cluster_id, min(published_at), max(published_at), 'en' FROM news.article GROUP BY 1
    """,
    """
    INSERT INTO news.article_version (article_id, version, seen_at, title, body, authors, published_at, word_count)
    SELECT article_id, v, first_seen_at, title, CASE v WHEN 1 THEN body ELSE body || ' Then it was over.' END, authors, published_at, word_count
    FROM news.article, generate_series(1, version) AS v
    """,
    "INSERT INTO news.entity (entity_id, type, name) SELECT md5('e' || e)::uuid, 'PER', 'Name ' || e FROM generate_series(0, 9999) AS e",
    "INSERT INTO ops.document_entity SELECT document_id, md5('e' || (document_id * k) %% 10000)::uuid, 'PER', 'Name ' || (document_id * k) %% 10000, 1, 10 * k, false FROM ops.document, generate_series(1, 2) AS k ON CONFLICT DO NOTHING",
    "INSERT INTO ops.mention (document_id, start_pos, end_pos, type, text, entity_id) SELECT document_id, first_pos, first_pos + 4, type, name, entity_id FROM ops.document_entity",
    "INSERT INTO news.article_entity SELECT d.url_id, e.entity_id, e.mentions, e.first_pos, false FROM ops.document_entity AS e JOIN ops.document AS d USING (document_id)",
    "INSERT INTO news.mention (article_id, entity_id, type, text, start_pos, end_pos) SELECT d.url_id, m.entity_id, m.type, m.text, m.start_pos, m.end_pos FROM ops.mention AS m JOIN ops.document AS d USING (document_id)",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000_000)
    articles = parser.parse_args().articles
    with own_server("upgrade") as (_, dsn):
        began = time.monotonic()
        fill(dsn, articles)
        print(f"filled in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        before = state(dsn)
        taken, waited = upgrade(dsn)
        assert state(dsn) == before, f"before: {before}; after: {state(dsn)}"
    print("| migration | s |\n| --- | --- |")
    for migration, seconds in taken.items():
        print(f"| {migration} | {seconds:.1f} |")
    print(f"| all | {sum(taken.values()):.1f} |\n\na reader waited {waited:.1f} s at most")


def fill(dsn: str, articles: int) -> None:
    """An empty database as the first release would have left it after so many articles."""
    _apply(dsn, lambda name: name in FIRST_RELEASE)
    with autocommitting(dsn) as cursor:
        cursor.execute("SET session_replication_role = replica")  # rows of several tables refer to each other
        for statement in FILL:
            cursor.execute(statement, {"n": articles})
        cursor.execute("VACUUM ANALYZE")


def state(dsn: str) -> dict[str, tuple[int, int | None]]:
    """Rows of each table, and a sum over its texts where it has some."""
    found = {}
    with transaction(dsn) as cursor:
        for table in KEPT:
            text = {"article": "body", "article_version": "body", "entity": "name", "mention": "text"}.get(
                table, "NULL::text"
            )
            cursor.execute(f"SELECT count(*), sum(hashtext({text})::bigint) FROM news.{table}")
            found[table] = cursor.fetchone()
    return found


def upgrade(dsn: str) -> tuple[dict[str, float], float]:
    """Seconds of each migration; and how long a reader waited at most."""
    taken = {}
    with _Reader(dsn) as reader:
        for name in migrations.pending(dsn):
            began = time.monotonic()
            _apply(dsn, lambda other, name=name: other == name)
            taken[name] = time.monotonic() - began
    return taken, reader.longest


def _apply(dsn: str, chosen: object) -> None:
    every = migrations._files

    def some() -> object:
        with transaction(dsn) as cursor:
            cursor.execute("SELECT to_regclass('public.newsdesk_migration') IS NOT NULL")
            there = set()
            if cursor.fetchone() == (True,):
                cursor.execute("SELECT name FROM public.newsdesk_migration")
                there = {name for (name,) in cursor.fetchall()}
        return [(name, sql) for name, sql in every() if name in there or chosen(name)]

    migrations._files = some
    try:
        migrations.migrate(dsn)
    finally:
        migrations._files = every


class _Reader(threading.Thread):
    """Asks for an article again and again, as an analyst's job would, until the `with` ends."""

    def __init__(self, dsn: str) -> None:
        super().__init__(daemon=True)
        self.longest = 0.0
        self._dsn, self._over = dsn, threading.Event()
        self._error: Exception | None = None

    def __enter__(self) -> _Reader:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()
        if self._error is not None:
            raise self._error

    def run(self) -> None:
        try:
            with autocommitting(self._dsn) as cursor:
                while not self._over.wait(0.05):
                    began = time.monotonic()
                    cursor.execute("SELECT title FROM news.article WHERE article_id = 7")
                    cursor.fetchall()
                    self.longest = max(self.longest, time.monotonic() - began)
        except Exception as error:  # noqa: BLE001 - raised again where the thread is waited for
            self._error = error


if __name__ == "__main__":
    main()
