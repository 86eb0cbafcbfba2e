"""The enrich stage: the names in documents are found, linked to what is known, and stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from newsdesk import entity_linking, readers
from newsdesk.desk import Desk
from newsdesk.enrich.annotate import annotate
from newsdesk.model import Annotation
from newsdesk.portions import portions
from newsdesk.store import documents
from newsdesk.store.database import session
from newsdesk.store.documents import ToEnrich

DOCUMENTS_A_COMMIT = 32


def enrich_batch(desk: Desk, batch_id: int) -> dict[str, int]:
    """Find the names in the batch's documents that have none yet.

    Returns how many articles were read, mentions of entities found, and articles of a language without a model.
    """
    annotator = readers.annotator(desk.settings.models)
    counts = Counter(articles=0, mentions=0, without_model=0)
    with session(desk.dsn) as begin:
        with begin() as cursor:
            todo = documents.to_enrich(cursor, batch_id)
        for some in portions(todo, DOCUMENTS_A_COMMIT):
            found = annotate_documents(desk, some)
            with begin() as cursor:
                named = documents.save_annotations(cursor, batch_id, list(zip(some, found, strict=True)), annotator)
                entity_linking.link_names(cursor, named)
            counts["articles"] += len(some)
            counts["mentions"] += sum(m.entity_id is not None for annotation in found for m in annotation.mentions)
            counts["without_model"] += sum(annotation.model is None for annotation in found)
    return dict(counts)


def annotate_documents(desk: Desk, some: Sequence[ToEnrich]) -> list[Annotation]:
    """The names in title and body of each."""
    texts = [((d.title + documents.GAP if d.title else "") + d.body, d.language) for d in some]
    return annotate(texts, desk.settings.models, [d.published for d in some], [d.url_key for d in some])
