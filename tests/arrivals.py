"""Articles that arrive: as if fetched, extracted and enriched, without a network. For tests of what comes after that."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from newsdesk import urls
from newsdesk.store import runs
from newsdesk.store.database import Cursor, insert_values, transaction


@dataclass(frozen=True)
class Arrival:
    """An article as a run found it; its source is the first label of its host."""

    url: str
    body: str
    title: str = "A storm"
    published: str | None = "2024-05-01T12:00Z"
    precision: str = "second"
    language: str = "en"

    @property
    def source(self) -> str:
        return urls.host(self.url).split(".")[0]


def arrive(dsn: str, articles: Sequence[Arrival], key: str) -> int:
    """A run whose articles await the deduplicator, in one batch. Returns its id."""
    with transaction(dsn) as cursor:
        _sources(cursor, sorted({article.source for article in articles}))
        run_id = runs.open_run(cursor, key, "cli", [], None)
        cursor.execute(
            "INSERT INTO ops.batch (run_id, hosts, urls) VALUES (%s, '{}', %s) RETURNING batch_id",
            (run_id, len(articles)),
        )
        batch_id = int(cursor.fetchone()[0])  # type: ignore[index]
        url_ids = _frontier(cursor, articles)
        for article in articles:
            _document(cursor, batch_id, url_ids[urls.canonical_key(article.url)], article)
    return run_id


def _sources(cursor: Cursor, names: Sequence[str]) -> None:
    insert_values(
        cursor,
        "INSERT INTO ops.source (source_id, definition, enabled) VALUES %s ON CONFLICT DO NOTHING",
        [(name, "{}", True) for name in names],
    )
    insert_values(
        cursor,
        "INSERT INTO news.source (source_id, name, homepage) VALUES %s ON CONFLICT DO NOTHING",
        [(name, name, f"https://{name}.example/") for name in names],
    )


def _frontier(cursor: Cursor, articles: Sequence[Arrival]) -> dict[str, int]:
    found = insert_values(
        cursor,
        """
        INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at) VALUES %s
        ON CONFLICT (url_key) DO UPDATE SET last_found_at = now() RETURNING url_key, url_id
        """,
        [(urls.canonical_key(a.url), a.url, urls.host(a.url), a.source, "now", "now") for a in articles],
    )
    return dict(found)


def _document(cursor: Cursor, batch_id: int, url_id: int, article: Arrival) -> None:
    cursor.execute(
        """
        WITH capture AS (
            INSERT INTO ops.capture (url_id, batch_id, final_url, status, headers, digest, size, fetched_at, elapsed_ms,
                warc_file, warc_offset, warc_length)
            VALUES (%(url_id)s, %(batch)s, %(url)s, 200, '{}', %(digest)s, 1, now(), 1, 'x', 0, 1) RETURNING capture_id),
        document AS (
            INSERT INTO ops.document (url_id, capture_id, extractor, title, body, body_digest, authors, language,
                published_at, published_precision, tags, word_count, provenance)
            SELECT %(url_id)s, capture_id, 'test', %(title)s, %(body)s, %(digest)s, '{}', %(language)s, %(published)s,
                %(precision)s, '{}', 9, '{}' FROM capture RETURNING document_id, capture_id)
        INSERT INTO ops.visit (batch_id, url_id, capture_id, document_id, fetched_at, extracted_at, enriched_at)
        SELECT %(batch)s, %(url_id)s, capture_id, document_id, now(), now(), now() FROM document
        """,
        {
            "url_id": url_id, "batch": batch_id, "url": article.url, "title": article.title, "body": article.body,
            "digest": hashlib.sha256(article.body.encode()).digest(), "language": article.language,
            "published": article.published, "precision": article.precision if article.published else None,
        },
    )  # fmt: skip
