"""Whom of the operator's knowledge base the names of documents mean: read, decided (`enrich.linking`), stored.

An entity of a document keeps the id that its name gives it; what it is linked to stands beside (`linked_id`), so a
better knowledge base needs no reading of the text: the answer is asked for anew, see `reprocessing` (stage link).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from newsdesk import readers
from newsdesk.enrich.linking import WEIGHTS, Candidate, Meaning, Named, Together, keys_of, learn, link, shares
from newsdesk.languages import primary_tag
from newsdesk.portions import portions
from newsdesk.store import entity_links, knowledge
from newsdesk.store.database import Begin, Cursor
from newsdesk.store.entity_links import EntityLink, FoundEntity
from newsdesk.store.knowledge import Called

DOCUMENTS_AT_ONCE = 200
LEARNED_FROM = 5_000  # documents: the latest
LEAST_TOGETHER = 2  # documents that make two items company


def linker(cursor: Cursor) -> str:
    """Name and version of what links now, and of the knowledge base."""
    return f"{readers.linking()}, {knowledge.version(cursor) or 'no knowledge base'}"


def link_names(cursor: Cursor, document_ids: Sequence[int]) -> None:
    """Link the entities that are stored of these documents. Idempotent."""
    for links in meanings_of(cursor, document_ids).values():
        entity_links.save_links(cursor, links)
    entity_links.note_linker(cursor, document_ids, linker(cursor))


def meanings_of(cursor: Cursor, document_ids: Sequence[int]) -> dict[int, list[EntityLink]]:
    """document_id → the answer for each of its entities, in order; nothing is stored."""
    found = entity_links.entities_of(cursor, document_ids)
    if knowledge.version(cursor) is None:
        return {
            i: [EntityLink(i, e.entity_id, None, None, None, None, None) for e in some] for i, some in found.items()
        }
    return {
        document_id: [_link(entity, named, meaning) for entity, named, meaning in meant]
        for document_id, meant in _decided(cursor, found)
    }


def learn_company(begin: Begin) -> int:
    """Learn anew which items documents name together, of the latest ones. Returns how many pairs are known now."""
    with begin() as cursor:
        latest = entity_links.latest_documents(cursor, LEARNED_FROM)
        counts = learn(_sure_items(cursor, latest))
        pairs = [(q, r, n) for (q, r), n in counts.items() if q == r or n >= LEAST_TOGETHER]
        knowledge.save_together(cursor, pairs)
        return len(pairs)


def _sure_items(cursor: Cursor, document_ids: Sequence[int]) -> Iterator[list[str]]:
    """What each names for sure, whatever goes together."""
    for some in portions(document_ids, DOCUMENTS_AT_ONCE):
        found = entity_links.entities_of(cursor, some)
        for _, meant in _decided(cursor, found, alone=True):
            yield [m.candidate.qid for _, _, m in meant if m.candidate and m.confidence >= WEIGHTS.sure]


def _decided(
    cursor: Cursor, found: Mapping[int, Sequence[FoundEntity]], *, alone: bool = False
) -> Iterator[tuple[int, list[tuple[FoundEntity, Named, Meaning]]]]:
    """`alone`: by shares and types only, without what is known of company."""
    by_language: defaultdict[str, list[int]] = defaultdict(list)
    for document_id, entities in found.items():
        by_language[primary_tag(entities[0].language) if entities else ""].append(document_id)
    for language, document_ids in by_language.items():
        named = {i: [_named(entity) for entity in found[i]] for i in document_ids}
        keys = {key for some in named.values() for one in some for key in keys_of(one)}
        known = candidates(knowledge.called(cursor, keys, language))
        qids = {candidate.qid for some in known.values() for candidate in some}
        together = Together() if alone else Together(knowledge.together(cursor, qids))
        for document_id in document_ids:
            meanings = link(named[document_id], known, together)
            yield document_id, list(zip(found[document_id], named[document_id], meanings, strict=True))


def _named(entity: FoundEntity) -> Named:
    return Named(entity.entity_id, entity.type, entity.name, tuple(entity.forms), entity.geonames_id, entity.is_place)


def _link(entity: FoundEntity, named: Named, meaning: Meaning) -> EntityLink:
    candidate, linked_id = meaning.candidate, meaning.entity_id(named)
    return EntityLink(
        entity.document_id, entity.entity_id, linked_id, meaning.type(named) if linked_id else None,
        candidate.name if candidate and linked_id else None, candidate.qid if candidate else None, meaning.confidence,
    )  # fmt: skip


def candidates(called: Iterable[Called]) -> dict[str, list[Candidate]]:
    """key → who is called so, with shares of its uses. Names of another language count only where its own has none."""
    by_key: defaultdict[str, list[Called]] = defaultdict(list)
    for one in called:
        by_key[one.key].append(one)
    found = {}
    for key, some in by_key.items():
        best: dict[str, tuple[Candidate, float]] = {}
        for one, share in _shares([one for one in some if one.own] or some):
            if share > best.get(one.qid, (None, 0.0))[1]:
                item = Candidate(one.qid, one.name, one.type, share, one.geonames_id, frozenset(one.related))
                best[one.qid] = item, share
        found[key] = shares(list(best.values()))
    return found


def _shares(some: Sequence[Called]) -> Iterator[tuple[Called, float]]:
    """Each with its share by the load that it is of: shares are taken as they are, counts and weights are divided."""
    totals: defaultdict[int, float] = defaultdict(float)
    for one in some:
        totals[one.load_id] += one.prior
    for one in some:
        total = totals[one.load_id] or 1.0
        yield one, one.prior / (max(1.0, total) if one.priors == "shares" else total)
