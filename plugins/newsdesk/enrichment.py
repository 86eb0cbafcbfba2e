"""The enrich stage: the names in documents are found, linked to what is known, and stored.

Strangers' texts are read in this very process. One that the reading breaks at ends as quarantined, and no other with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from newsdesk import entity_linking, logs, readers
from newsdesk.desk import Desk
from newsdesk.enrich.annotate import annotate
from newsdesk.errors import NewsdeskError
from newsdesk.model import Annotation, Outcome
from newsdesk.portions import portions
from newsdesk.store import documents, visits
from newsdesk.store.database import UNSTORABLE, Cursor, attempt, session, why_unstorable
from newsdesk.store.documents import ToEnrich

log = logs.logger(__name__)

DOCUMENTS_A_COMMIT = 32
_HARMLESS = "Nothing is named here."

Read = tuple[ToEnrich, Annotation]
Broken = tuple[ToEnrich, str]  # with the reason


def enrich_batch(desk: Desk, batch_id: int) -> dict[str, int]:
    """Find the names in the batch's documents that have none yet.

    Returns how many articles were read, mentions of entities found, articles of a language without a model, and how many
    were set aside.
    """
    annotator = readers.annotator(desk.settings.models)
    counts = Counter(articles=0, mentions=0, without_model=0)
    with session(desk.dsn) as begin:
        with begin() as cursor:
            todo = documents.to_enrich(cursor, batch_id)
        for some in portions(todo, DOCUMENTS_A_COMMIT):
            read, broken = read_names(desk, some)
            with begin() as cursor:
                saved, unstorable = _save(cursor, batch_id, read, annotator)
                apart = sum(_set_aside(cursor, batch_id, *one, annotator) for one in (*broken, *unstorable))
            counts["articles"] += len(saved)
            counts["mentions"] += sum(m.entity_id is not None for _, annotation in saved for m in annotation.mentions)
            counts["without_model"] += sum(annotation.model is None for _, annotation in saved)
            if apart:
                counts["quarantined"] += apart
    return dict(counts)


def annotate_documents(desk: Desk, some: Sequence[ToEnrich]) -> list[Annotation]:
    """The names in title and body of each."""
    texts = [((d.title + documents.GAP if d.title else "") + d.body, d.language) for d in some]
    return annotate(texts, desk.settings.models, [d.published for d in some], [d.url_key for d in some])


def read_names(desk: Desk, some: Sequence[ToEnrich]) -> tuple[list[Read], list[Broken]]:
    """Those whose names can be found, and those at which that breaks, with the reason; they are told apart one by one."""
    try:
        return list(zip(some, annotate_documents(desk, some), strict=True)), []
    except (NewsdeskError, MemoryError):
        raise
    except Exception as fault:  # noqa: BLE001 - what a model or a pattern raises at a text that nobody foresaw
        if len(some) == 1:
            # where a harmless text breaks it too, it is the model that is broken, and the task fails
            annotate([(_HARMLESS, some[0].language)], desk.settings.models)
            return [], [(some[0], f"finding names in it failed: {type(fault).__name__}: {fault}"[:500])]
    found = [read_names(desk, [document]) for document in some]
    return [one for read, _ in found for one in read], [one for _, broken in found for one in broken]


def _save(
    cursor: Cursor, batch_id: int, read: Sequence[Read], annotator: str
) -> tuple[Sequence[Read], Sequence[Broken]]:
    """Those whose names were stored, and those whose names the database does not take."""
    try:
        with attempt(cursor):
            named = documents.save_annotations(cursor, batch_id, read, annotator)
            entity_linking.link_names(cursor, named)
            return [one for one in read if one[0].document_id in named], []
    except UNSTORABLE as fault:
        if len(read) == 1:
            return [], [(read[0][0], why_unstorable(fault))]
    found = [_save(cursor, batch_id, [one], annotator) for one in read]
    return [one for saved, _ in found for one in saved], [one for _, broken in found for one in broken]


def _set_aside(cursor: Cursor, batch_id: int, document: ToEnrich, reason: str, annotator: str) -> bool:
    """Returns whether it was: not where another try was first."""
    evidence = {"title": document.title, "text": document.body[:500], "annotator": annotator}
    ended = visits.end_visit(
        cursor, batch_id, document.url_id, "enrich", Outcome.QUARANTINED, reason, evidence=evidence
    )
    if ended:
        with logs.about(url=document.url_id):
            log.log(logs.level_of(Outcome.QUARANTINED), "ended: %s", Outcome.QUARANTINED)
    return ended
