"""The entities of documents, to be linked, and as they were linked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsdesk.store.database import Cursor, insert_values, rows


@dataclass(frozen=True, slots=True)
class FoundEntity:
    """One entity of a document, with what it is linked to now."""

    document_id: int
    language: str | None
    entity_id: str
    type: str
    name: str
    geonames_id: int | None
    is_place: bool
    forms: Sequence[str]  # in which the body names it, in order
    linked_id: str | None
    linked_type: str | None
    linked_name: str | None
    wikidata_id: str | None
    wikidata_confidence: float | None


@dataclass(frozen=True, slots=True)
class EntityLink:
    """What is stored of the answer: columns of ops.document_entity."""

    document_id: int
    entity_id: str
    linked_id: str | None
    linked_type: str | None
    linked_name: str | None
    wikidata_id: str | None
    wikidata_confidence: float | None


def entities_of(cursor: Cursor, document_ids: Sequence[int]) -> dict[int, list[FoundEntity]]:
    """document_id → its entities, in the order of their first mention; those of the title alone come last."""
    found: dict[int, list[FoundEntity]] = {document_id: [] for document_id in document_ids}
    cursor.execute(
        """
        SELECT e.document_id, d.language, e.entity_id::text, e.type, e.name, e.geonames_id,
            e.geonames_id IS NOT NULL OR e.iso_code IS NOT NULL AS is_place,
            ARRAY(SELECT m.text FROM ops.mention AS m
                  WHERE m.document_id = e.document_id AND m.entity_id = e.entity_id
                  GROUP BY m.text ORDER BY min(m.start_pos)) AS forms,
            e.linked_id::text, e.linked_type, e.linked_name, e.wikidata_id, e.wikidata_confidence
        FROM ops.document_entity AS e JOIN ops.document AS d USING (document_id)
        WHERE e.document_id = ANY(%s) ORDER BY e.document_id, e.first_pos NULLS LAST, e.entity_id
        """,
        (list(document_ids),),
    )
    for row in rows(cursor):
        found[row["document_id"]].append(FoundEntity(**row))
    return found


def save_links(cursor: Cursor, links: Sequence[EntityLink]) -> None:
    insert_values(
        cursor,
        """
        UPDATE ops.document_entity AS e
        SET linked_id = v.linked_id::uuid, linked_type = v.linked_type, linked_name = v.linked_name,
            wikidata_id = v.wikidata_id, wikidata_confidence = v.wikidata_confidence::real
        FROM (VALUES %s) AS v (document_id, entity_id, linked_id, linked_type, linked_name, wikidata_id, wikidata_confidence)
        WHERE e.document_id = v.document_id AND e.entity_id = v.entity_id::uuid
        """,
        [
            (
                k.document_id,
                k.entity_id,
                k.linked_id,
                k.linked_type,
                k.linked_name,
                k.wikidata_id,
                k.wikidata_confidence,
            )
            for k in links
        ],
    )


def note_linker(cursor: Cursor, document_ids: Sequence[int], linker: str) -> None:
    cursor.execute("UPDATE ops.document SET linker = %s WHERE document_id = ANY(%s)", (linker, list(document_ids)))


def latest_documents(cursor: Cursor, most: int) -> list[int]:
    """Of the articles that came last."""
    cursor.execute(
        "SELECT document_id FROM ops.article JOIN ops.document USING (document_id) ORDER BY document_id DESC LIMIT %s",
        (most,),
    )
    return [document_id for (document_id,) in cursor.fetchall()]
