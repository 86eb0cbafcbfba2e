"""Articles that arrive: as if fetched, extracted and enriched, without a network. For tests of what comes after that."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from psycopg2.extras import Json

from newsdesk import urls
from newsdesk.deduplication import deduplicate_documents
from newsdesk.enrich.annotate import annotate
from newsdesk.settings import DEFAULT_MODELS
from newsdesk.store import articles as article_store
from newsdesk.store import database, documents, runs
from newsdesk.store.database import Cursor, insert_values, transaction
from newsdesk.store.publish import publish_run


@dataclass(frozen=True)
class Arrival:
    """An article as a run found it; its source is the first label of its host."""

    url: str
    body: str
    title: str | None = "A storm"
    published: str | None = "2024-05-01T12:00Z"
    precision: str = "second"
    language: str = "en"
    authors: tuple[str, ...] = ()
    final_url: str | None = None  # None: no redirect
    canonical: str | None = None
    fetched_at: datetime | None = None  # None: now
    provenance: Mapping[str, str] = field(default_factory=dict)

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


def find_names(dsn: str, run_id: int) -> None:
    """The enrich stage, on the run's documents: with the default models, in bodies alone."""
    with transaction(dsn) as cursor:
        cursor.execute("SELECT batch_id FROM ops.batch WHERE run_id = %s", (run_id,))
        (batch_id,) = cursor.fetchone() or (0,)
        cursor.execute("UPDATE ops.visit SET enriched_at = NULL WHERE batch_id = %s", (batch_id,))
        todo = documents.to_enrich(cursor, batch_id)
        found = annotate([(d.body, d.language) for d in todo], DEFAULT_MODELS, [d.published for d in todo])
        untitled = [documents.ToEnrich(d.url_id, d.document_id, None, d.body, d.language) for d in todo]
        documents.save_annotations(cursor, batch_id, list(zip(untitled, found, strict=True)), "test")


def deduplicate(dsn: str, run_id: int) -> dict[str, int]:
    with transaction(dsn) as cursor:
        return deduplicate_documents(cursor, run_id)


def publish(dsn: str, run_id: int) -> dict[str, int]:
    with transaction(dsn) as cursor:
        article_store.take_turn(cursor)
        return publish_run(cursor, run_id)


def rows(dsn: str, sql: str, *values: object) -> list[dict[str, Any]]:
    """What the statement gives, each row by its columns' names."""
    with transaction(dsn) as cursor:
        cursor.execute(sql, values or None)
        return database.rows(cursor) if cursor.description else []


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
        INSERT INTO ops.frontier AS f (url_key, url, host, source_id, first_found_at, last_found_at) VALUES %s
        ON CONFLICT (url_key) DO UPDATE SET last_found_at = now(), next_visit_at = least(f.next_visit_at, now()) -- it was due
        RETURNING url_key, url_id
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
            VALUES (%(url_id)s, %(batch)s, %(final_url)s, 200, '{}', %(digest)s, 1, %(fetched)s, 1, 'x', 0, 1) RETURNING capture_id),
        document AS (
            INSERT INTO ops.document (url_id, capture_id, extractor, title, body, body_digest, authors, language,
                published_at, published_precision, canonical_url, tags, word_count, provenance)
            SELECT %(url_id)s, capture_id, 'test', %(title)s, %(body)s, %(digest)s, %(authors)s, %(language)s, %(published)s,
                %(precision)s, %(canonical)s, '{}', %(words)s, %(provenance)s FROM capture RETURNING document_id, capture_id)
        INSERT INTO ops.visit (batch_id, url_id, capture_id, document_id, fetched_at, extracted_at, enriched_at)
        SELECT %(batch)s, %(url_id)s, capture_id, document_id, %(fetched)s, now(), now() FROM document
        """,
        {
            "url_id": url_id, "batch": batch_id, "final_url": article.final_url or article.url, "title": article.title,
            "body": article.body, "digest": hashlib.sha256(f"{article.title}\n{article.body}".encode()).digest(),
            "authors": list(article.authors), "language": article.language, "canonical": article.canonical,
            "published": article.published, "precision": article.precision if article.published else None,
            "words": len(article.body.split()), "provenance": Json(dict(article.provenance)),
            "fetched": article.fetched_at or "now",
        },
    )  # fmt: skip
