"""Articles as the deduplicator sees them: which documents are new, what they may repeat, what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsdesk.store.database import Cursor, insert_values, rows, wait_for_turn

_TURN = 0x64656475  # one deduplication at a time


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document of the run that is not an article yet, with every address that it is known by."""

    batch_id: int
    url_id: int
    document_id: int
    source_id: str
    url: str
    final_url: str
    canonical_url: str | None
    title: str | None
    body: str
    body_digest: bytes
    language: str | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """An article's current text."""

    article_id: int
    source_id: str
    title: str | None
    body: str
    body_digest: bytes
    language: str | None
    published_at: datetime | None
    url_key: str = ""  # canonical URL: what orders articles that nothing else does, whichever came first


def take_turn(cursor: Cursor) -> None:
    """Wait until no other transaction deduplicates or publishes; held until this one ends."""
    wait_for_turn(cursor, _TURN)


def new_documents(cursor: Cursor, run_id: int) -> list[NewDocument]:
    """The run's enriched documents that await a decision, in the order of publication."""
    cursor.execute(
        """
        SELECT v.batch_id, v.url_id, d.document_id, f.source_id, f.url, c.final_url, d.canonical_url, d.title, d.body,
            d.body_digest, d.language, d.published_at
        FROM ops.batch AS b
        JOIN ops.visit AS v USING (batch_id)
        JOIN ops.document AS d USING (document_id)
        JOIN ops.capture AS c ON c.capture_id = d.capture_id
        JOIN ops.frontier AS f ON f.url_id = v.url_id
        WHERE b.run_id = %s AND v.outcome IS NULL AND v.enriched_at IS NOT NULL AND v.deduplicated_at IS NULL
        ORDER BY d.published_at NULLS LAST, v.url_id
        """,
        (run_id,),
    )
    return [NewDocument(**{**row, "body_digest": bytes(row["body_digest"])}) for row in rows(cursor)]


def articles_by_key(cursor: Cursor, keys: Iterable[str]) -> dict[str, tuple[int, bool]]:
    """Canonical URL -> the article that it is known to lead to, and whether only a rel=canonical says so."""
    cursor.execute("SELECT url_key, article_id, claimed FROM ops.article_key WHERE url_key = ANY(%s)", (list(keys),))
    return {key: (article_id, claimed) for key, article_id, claimed in cursor.fetchall()}


def known_articles(cursor: Cursor, article_ids: Iterable[int]) -> dict[int, Known]:
    cursor.execute(
        """
        SELECT a.article_id, f.source_id, d.title, d.body, d.body_digest, d.language, d.published_at, f.url_key
        FROM ops.article AS a JOIN ops.document AS d USING (document_id) JOIN ops.frontier AS f ON f.url_id = a.article_id
        WHERE a.article_id = ANY(%s)
        """,
        (list(article_ids),),
    )
    return {row["article_id"]: Known(**{**row, "body_digest": bytes(row["body_digest"])}) for row in rows(cursor)}


def sample_around(cursor: Cursor, sources: Iterable[str], after: int, of_each: int, of_all: int) -> list[int]:
    """The latest articles of those with a higher id than `after`: `of_each` of each of these sources, `of_all` of all."""
    cursor.execute(
        """
        (SELECT a.article_id FROM unnest(%(sources)s::text[]) AS s (source_id)
         CROSS JOIN LATERAL (
            SELECT f.article_id FROM ops.frontier AS f
            WHERE f.source_id = s.source_id AND f.article_id > %(after)s ORDER BY f.article_id DESC LIMIT %(of_each)s) AS latest
         JOIN ops.article AS a ON a.article_id = latest.article_id)
        UNION
        (SELECT article_id FROM ops.article WHERE article_id > %(after)s ORDER BY article_id DESC LIMIT %(of_all)s)
        """,
        {"sources": sorted(sources), "after": after, "of_each": of_each, "of_all": of_all},
    )
    return [article_id for (article_id,) in cursor.fetchall()]


def save_articles(cursor: Cursor, documents: Sequence[tuple[int, int]]) -> None:
    """(article_id, document_id): the article is this document now. A new one is a group of its own at first."""
    insert_values(
        cursor,
        """
        INSERT INTO ops.article (article_id, document_id, cluster_id) VALUES %s
        ON CONFLICT (article_id) DO UPDATE SET document_id = EXCLUDED.document_id
        """,
        [(article_id, document_id, article_id) for article_id, document_id in documents],
    )


def save_keys(cursor: Cursor, keys: Mapping[str, tuple[int, bool]]) -> None:
    """Canonical URL -> (article_id, only claimed). An address that is known to lead to an article keeps doing so."""
    insert_values(
        cursor,
        """
        INSERT INTO ops.article_key AS k (url_key, article_id, claimed) VALUES %s
        ON CONFLICT (url_key) DO UPDATE SET article_id = EXCLUDED.article_id, claimed = false
        WHERE k.claimed AND NOT EXCLUDED.claimed
        """,
        sorted((key, article_id, claimed) for key, (article_id, claimed) in keys.items()),
    )


def decide_visits(cursor: Cursor, decisions: Iterable[tuple[int, int, int]]) -> None:
    """(batch_id, url_id, article_id): the visit's document leads to this article; another's makes it a duplicate URL."""
    insert_values(
        cursor,
        """
        UPDATE ops.visit AS v
        SET article_id = d.article_id, deduplicated_at = now(),
            stage = CASE WHEN d.other THEN 'deduplicate' END,
            outcome = CASE WHEN d.other THEN 'duplicate_url' END,
            reason = CASE WHEN d.other THEN d.reason END
        FROM (VALUES %s) AS d (batch_id, url_id, article_id, other, reason)
        WHERE v.batch_id = d.batch_id AND v.url_id = d.url_id
        """,
        [
            (batch_id, url_id, article_id, article_id != url_id, f"another address of article {article_id}")
            for batch_id, url_id, article_id in decisions
        ],
    )
