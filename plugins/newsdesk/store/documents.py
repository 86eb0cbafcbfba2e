"""Documents and the names in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from psycopg2.extras import Json

from newsdesk.characters import storable
from newsdesk.model import Annotation, Document, Mention, Outcome
from newsdesk.store.database import Cursor, insert_values, rows, single

# between title and body when both are read for names at once
GAP = "\n\n"


# columns of ToEnrich beside its url_id: of ops.document as d, and the URL's ops.frontier as f
TEXT = "d.document_id, d.title, d.body, d.language, (d.published_at AT TIME ZONE 'UTC')::date AS published, f.url_key"

Name = tuple[int, int, str, str, str | None]  # start, end, type, text, entity_id


@dataclass(frozen=True, slots=True)
class ToEnrich:
    url_id: int
    document_id: int
    title: str | None
    body: str
    language: str | None
    published: date | None = None  # what "on Wednesday" is told by
    url_key: str = ""  # of the URL: what the article is called on every machine


def save_document(
    cursor: Cursor,
    batch_id: int,
    url_id: int,
    capture_id: int,
    document: Document,
    *,
    extractor: str,
    body_digest: bytes,
) -> bool:
    """The article that a capture holds. False where another try was first, whose document stays, or the visit has ended."""
    cursor.execute(
        "SELECT 1 FROM ops.visit WHERE batch_id = %s AND url_id = %s AND document_id IS NULL AND outcome IS NULL FOR UPDATE",
        (batch_id, url_id),
    )
    if cursor.fetchone() is None:
        return False
    document_id = insert_document(cursor, url_id, capture_id, document, extractor=extractor, body_digest=body_digest)
    cursor.execute(
        "UPDATE ops.visit SET document_id = %s, extracted_at = now() WHERE batch_id = %s AND url_id = %s",
        (document_id, batch_id, url_id),
    )
    return True


def insert_document(
    cursor: Cursor, url_id: int, capture_id: int, document: Document, *, extractor: str, body_digest: bytes
) -> int:
    """A reading of a capture that gave an article, which nothing points to yet. Returns its id."""
    cursor.execute(
        """
        INSERT INTO ops.document (url_id, capture_id, extractor, title, body, body_digest, authors, language,
            published_at, published_precision, modified_at, canonical_url, section, tags, description, image_url,
            word_count, provenance, body_html)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        RETURNING document_id
        """,
        (
            url_id, capture_id, extractor, storable(document.title), storable(document.text or ""), body_digest,
            [storable(author) for author in document.authors], document.language, document.published,
            document.published_precision if document.published else None, document.modified,
            storable(document.canonical_url), storable(document.section), [storable(tag) for tag in document.tags],
            storable(document.description), storable(document.image), len((document.text or "").split()),
            Json(_cleaned(document.provenance)), storable(document.body_html),
        ),
    )  # fmt: skip
    return int(single(cursor))


def cleaned(document: Document) -> Document:
    """The document with its texts as PostgreSQL stores them."""
    values = {field.name: _cleaned(getattr(document, field.name)) for field in fields(document)}
    return replace(document, **values)


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            kept = storable(value)
            return kept if kept == value else type(value)(kept)
        case tuple():
            return tuple(map(_cleaned, value))
        case dict():
            return {_cleaned(key): _cleaned(each) for key, each in value.items()}
    return value


def forget_document(cursor: Cursor, batch_id: int, url_id: int, outcome: Outcome | None) -> bool:
    """Make room for a second reading that ended so; False where the first one stays.

    It stays where the second failed, and where somebody has built upon it.
    """
    if outcome is Outcome.QUARANTINED:
        return False
    cursor.execute(
        """
        SELECT document_id FROM ops.visit
        WHERE batch_id = %s AND url_id = %s AND document_id IS NOT NULL AND outcome IS NULL AND enriched_at IS NULL
        FOR UPDATE
        """,
        (batch_id, url_id),
    )
    found = cursor.fetchone()
    if found is None:
        return False
    cursor.execute(
        "UPDATE ops.visit SET document_id = NULL, extracted_at = NULL WHERE batch_id = %s AND url_id = %s",
        (batch_id, url_id),
    )
    for table in ("ops.mention", "ops.document_entity", "ops.document"):  # names: of an enrichment that was killed
        cursor.execute(f"DELETE FROM {table} WHERE document_id = %s", found)
    return True


def to_enrich(cursor: Cursor, batch_id: int) -> list[ToEnrich]:
    cursor.execute(
        f"""
        SELECT v.url_id, {TEXT}
        FROM ops.visit AS v JOIN ops.document AS d USING (document_id) JOIN ops.frontier AS f ON f.url_id = v.url_id
        WHERE v.batch_id = %s AND v.outcome IS NULL AND v.enriched_at IS NULL
        ORDER BY d.document_id
        """,
        (batch_id,),
    )
    return [ToEnrich(**row) for row in rows(cursor)]


def texts_of(cursor: Cursor, document_ids: Sequence[int]) -> dict[int, ToEnrich]:
    cursor.execute(
        f"""
        SELECT d.url_id, {TEXT}
        FROM ops.document AS d JOIN ops.frontier AS f USING (url_id) WHERE d.document_id = ANY(%s)
        """,
        (list(document_ids),),
    )
    return {row["document_id"]: ToEnrich(**row) for row in rows(cursor)}


def save_annotations(
    cursor: Cursor, batch_id: int, annotated: Sequence[tuple[ToEnrich, Annotation]], annotator: str
) -> list[int]:
    """The names found in the batch's documents. Returns the ids of those that were waiting for them.

    Where another try was first, and where the visit has ended or leads to another reading now, all stays as it is.
    """
    cursor.execute(
        """
        SELECT document_id FROM ops.visit
        WHERE batch_id = %s AND url_id = ANY(%s) AND enriched_at IS NULL AND outcome IS NULL
        ORDER BY capture_id FOR UPDATE
        """,
        (batch_id, [document.url_id for document, _ in annotated]),
    )
    waiting = {document_id for (document_id,) in cursor.fetchall()}
    named = [(document, annotation) for document, annotation in annotated if document.document_id in waiting]
    replace_names(cursor, named, annotator)
    cursor.execute(
        "UPDATE ops.visit SET enriched_at = now() WHERE batch_id = %s AND url_id = ANY(%s)",
        (batch_id, [document.url_id for document, _ in named]),
    )
    return [document.document_id for document, _ in named]


def replace_names(cursor: Cursor, annotated: Sequence[tuple[ToEnrich, Annotation]], annotator: str) -> None:
    """The names found in title + GAP + body, in place of any before; offsets are stored as of the body alone."""
    ids = [document.document_id for document, _ in annotated]
    cursor.execute("DELETE FROM ops.mention WHERE document_id = ANY(%s)", (ids,))
    cursor.execute("DELETE FROM ops.document_entity WHERE document_id = ANY(%s)", (ids,))
    mentions, entities = [], []
    for document, annotation in annotated:
        in_body = mentions_of_body(document, annotation)
        mentions += [
            (document.document_id, m.start, m.end, m.type, m.subtype, m.text, m.entity_id, m.value, m.value_precision)
            for m in in_body
        ]
        in_title = {mention.entity_id for mention in annotation.mentions if mention.start < _shift(document)}
        for entity in annotation.entities:
            starts = [mention.start for mention in in_body if mention.entity_id == entity.entity_id]
            entities.append((
                document.document_id, entity.entity_id, entity.type, entity.name, len(starts),
                min(starts, default=None), entity.entity_id in in_title, entity.geonames_id, entity.iso_code,
                entity.country_code, entity.link_confidence, entity.of_one_article,
            ))  # fmt: skip
    insert_values(
        cursor,
        "INSERT INTO ops.mention"
        " (document_id, start_pos, end_pos, type, subtype, text, entity_id, value, value_precision) VALUES %s",
        mentions,
    )
    insert_values(
        cursor,
        "INSERT INTO ops.document_entity (document_id, entity_id, type, name, mentions, first_pos, in_title,"
        " geonames_id, iso_code, country_code, link_confidence, one_article) VALUES %s",
        entities,
    )
    insert_values(
        cursor,
        """
        UPDATE ops.document AS d SET ner_model = v.model, annotator = v.annotator
        FROM (VALUES %s) AS v (id, model, annotator) WHERE d.document_id = v.id
        """,
        [(document.document_id, annotation.model, annotator) for document, annotation in annotated],
    )


def mentions_of_body(document: ToEnrich, annotation: Annotation) -> list[Mention]:
    """Those of title + GAP + body that are in the body, with their places in it."""
    shift = _shift(document)
    return [replace(m, start=m.start - shift, end=m.end - shift) for m in annotation.mentions if m.start >= shift]


def _shift(document: ToEnrich) -> int:
    return len(document.title) + len(GAP) if document.title else 0


def names_of(cursor: Cursor, document_ids: Sequence[int]) -> dict[int, list[Name]]:
    """document_id -> its mentions, in order."""
    found: dict[int, list[Name]] = {document_id: [] for document_id in document_ids}
    cursor.execute(
        """
        SELECT document_id, start_pos, end_pos, type, text, entity_id::text FROM ops.mention
        WHERE document_id = ANY(%s) ORDER BY document_id, start_pos, end_pos
        """,
        (list(document_ids),),
    )
    for document_id, *mention in cursor.fetchall():
        found[document_id].append((mention[0], mention[1], mention[2], mention[3], mention[4]))
    return found


def seen_unchanged(cursor: Cursor, url_id: int, digest: bytes, final_url: str) -> bool:
    """The URL's article was read from a page of just these bytes, at this address: a new redirect is news."""
    cursor.execute(
        """
        SELECT EXISTS (
            SELECT 1 FROM ops.frontier AS f
            JOIN ops.article AS a ON a.article_id = f.article_id
            JOIN ops.document AS d ON d.document_id = a.document_id AND d.url_id = f.url_id
            JOIN ops.capture AS c ON c.capture_id = d.capture_id
            WHERE f.url_id = %s AND c.digest = %s AND c.final_url = %s)
        """,
        (url_id, digest, final_url),
    )
    return bool(single(cursor))
