"""Stage link: whom of the present knowledge base the names mean that are stored; the texts are not read again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from newsdesk import entity_linking
from newsdesk.desk import Desk
from newsdesk.portions import portions
from newsdesk.store import entity_links, reprocess
from newsdesk.store.database import session
from newsdesk.store.entity_links import EntityLink, FoundEntity
from newsdesk.store.reprocess import Result


def read_portion(desk: Desk, reprocess_id: int, portion: int) -> Counter[str]:
    """Ask for the portion's names anew. Returns pages by what was found."""
    counts: Counter[str] = Counter()
    with session(desk.dsn) as begin:
        with begin() as cursor:
            todo = reprocess.to_relink(cursor, reprocess_id, portion)
        for some in portions(todo, entity_linking.DOCUMENTS_AT_ONCE):
            with begin() as cursor:
                ids = [document_id for _, document_id in some]
                before, after = entity_links.entities_of(cursor, ids), entity_linking.meanings_of(cursor, ids)
                results = [compare(url_id, before[i], after[i]) for url_id, i in some]
                reprocess.save_results(cursor, reprocess_id, results)
            counts.update(result.found for result in results)
    return counts


def compare(url_id: int, before: Sequence[FoundEntity], after: Sequence[EntityLink]) -> Result:
    """What the document's names are linked to, beside what they were.

    Where only the confidence is another, the page counts as the same, and gets the new one when the report is applied.
    """
    pairs = list(zip(before, after, strict=True))
    others = [(old, new) for old, new in pairs if (old.wikidata_id, old.linked_id) != (new.wikidata_id, new.linked_id)]
    asked = any(_stored(old) != new for old, new in pairs)
    reading = {
        "before": [_row(old, old.wikidata_id) for old, _ in others],
        "after": [_row(old, new.wikidata_id) for old, new in others],
        "links": [asdict(new) for _, new in pairs],
    }
    return Result(
        url_id, "changed" if others else "same", changes=("links",) if others else (),
        added=sum(new.wikidata_id is not None for _, new in others),
        removed=sum(old.wikidata_id is not None for old, _ in others),
        words=sum(old.wikidata_id is not None for old in before), reading=reading if asked else None,
    )  # fmt: skip


def _row(entity: FoundEntity, qid: str | None) -> tuple[int, int, str, str, str]:
    """As a name is shown in a report: place, type, text, id; for the type stands the link."""
    return 0, 0, qid or "not linked", f"{entity.name} ({entity.type})", entity.entity_id


def _stored(entity: FoundEntity) -> EntityLink:
    return EntityLink(
        entity.document_id, entity.entity_id, entity.linked_id, entity.linked_type, entity.linked_name,
        entity.wikidata_id, None if entity.wikidata_confidence is None else round(entity.wikidata_confidence, 2),
    )  # fmt: skip
