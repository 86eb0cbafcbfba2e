"""Step 6: which article each new document is, and which articles are the same text.

Two questions, in this order. **Is it a new article?** An address, a redirect's end or a page's own rel=canonical may
lead to an article that is known: then it is a new version of it, or one more address (see `article_identity`). **Does
its text stand elsewhere?** Fingerprints give candidates, verification decides, and the connected components are the
groups. What is decided here is decided by what is known today; `reconciling` decides it again by all that came.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from newsdesk.article_identity import Identities, article_keys, identify
from newsdesk.dedup.candidates import enough_shared
from newsdesk.dedup.cluster import components, document_frequencies
from newsdesk.dedup.fingerprint import fingerprints
from newsdesk.dedup.normalise import words
from newsdesk.dedup.verify import Signature, is_duplicate, is_plain_copy, signature
from newsdesk.model import Text
from newsdesk.shingle_frequencies import look_up
from newsdesk.store import articles, clusters, pairs, snapshots, twins, withdrawals
from newsdesk.store import fingerprints as prints
from newsdesk.store.articles import Known, NewDocument
from newsdesk.store.database import Cursor
from newsdesk.store.pairs import Compared, Pair

RULE = 1  # version of `prints_of`: one more whenever it gives other fingerprints; reconcile then makes the stored ones anew
OF_EACH_SOURCE, OF_ALL = 50, 500  # articles since the last snapshot by which the rarity of words is told too


def deduplicate_documents(cursor: Cursor, run_id: int) -> dict[str, int]:
    """Decide on all enriched documents of the run. One transaction; run again, it finds nothing left to decide."""
    articles.take_turn(cursor)
    new = articles.new_documents(cursor, run_id)
    documents = _allowed(cursor, new)
    found = _identify(cursor, documents)
    torn = twins.join(cursor, found.twins)
    current = [document for document in documents if found.articles_of[document.url_id] == document.url_id]
    articles.save_articles(cursor, [(document.url_id, document.document_id) for document in current])
    articles.save_keys(cursor, found.keys)
    regrouped = _group(cursor, current, torn) if current or torn else 0
    articles.decide_visits(cursor, ((d.batch_id, d.url_id, found.articles_of[d.url_id]) for d in documents))
    return {
        "documents": len(new),
        "withdrawn": len(new) - len(documents),
        "duplicate_urls": len(documents) - len(current),
        "joined": len(found.twins),
        "regrouped": regrouped,
    }


def _allowed(cursor: Cursor, documents: Sequence[NewDocument]) -> list[NewDocument]:
    """Those that belong to no withdrawn address; the visits of the others end."""
    keys = {document.url_id: article_keys(document) for document in documents}
    why = withdrawals.withdrawn(cursor, {key for found in keys.values() for key in found.all})
    reasons = {url_id: [why[key] for key in found.all if key in why] for url_id, found in keys.items()}
    refused = [document for document in documents if reasons[document.url_id]]
    if refused:
        withdrawals.refuse(
            cursor,
            [(d.batch_id, d.url_id, d.document_id, keys[d.url_id].own, reasons[d.url_id][0]) for d in refused],
        )
    return [document for document in documents if not reasons[document.url_id]]


def _identify(cursor: Cursor, documents: Sequence[NewDocument]) -> Identities:
    keys = {document.url_id: article_keys(document) for document in documents}
    known = articles.articles_by_key(cursor, {key for found in keys.values() for key in found.all})
    known_ids = {article_id for article_id, _ in known.values()}
    return identify(
        documents,
        keys,
        known,
        articles.known_articles(cursor, known_ids),
        twins.visible(cursor, known_ids),
        _same_text,
    )


def _same_text(document: NewDocument, other: NewDocument | Known) -> bool:
    return (
        document.body_digest == other.body_digest
        or is_duplicate(_signature("", document), _signature("", other), None, 0)[0]
    )


def _group(cursor: Cursor, current: Sequence[NewDocument], torn: Collection[int]) -> int:
    """Fingerprints, pairs and groups of these articles; groups of those too whose group lost a member (`torn`).

    Returns how many articles are in another group than before.
    """
    by_id = {document.url_id: document for document in current}
    prints.save(cursor, RULE, {article_id: prints_of(document.body) for article_id, document in by_id.items()})
    pairs.forget(cursor, list(by_id))
    near = [
        (a, b) for a, b, shared, of_a, of_b in prints.candidates(cursor, by_id) if enough_shared(shared, of_a, of_b)
    ]
    if near:
        _decide(cursor, near)
    return form_groups(cursor, [*by_id, *torn])


def form_groups(cursor: Cursor, article_ids: Collection[int]) -> int:
    """The groups that these could touch, by the pairs as they are decided. Returns articles that changed groups."""
    members, same = clusters.neighbourhood(cursor, list(article_ids))
    return clusters.save(cursor, components(members, same))


def _decide(cursor: Cursor, near: Sequence[Pair]) -> None:
    """Compare these pairs by the current frequencies, and keep what was decided.

    How rare a run of words is must be told by these outlets' own texts. The snapshot knows those of yesterday; of an
    outlet that came since, or a box that is on its pages since, the latest articles tell. Plain copies count once.
    """
    snapshot = snapshots.current(cursor)
    texts = articles.known_articles(cursor, {article_id for pair in near for article_id in pair})
    sources = {text.source_id for text in texts.values()}
    since = articles.sample_around(cursor, sources, snapshot.last_article_id, OF_EACH_SOURCE, OF_ALL)
    since += [article_id for article_id in texts if article_id > snapshot.last_article_id]
    texts |= articles.known_articles(cursor, set(since) - texts.keys())
    signatures = {article_id: signature_of(text) for article_id, text in sorted(texts.items())}
    plain = plain_copies(near, texts, signatures)
    original = components(signatures, plain)
    originals = {original[article_id] for article_id in since}
    recent = document_frequencies(signatures[article_id] for article_id in originals)
    documents = snapshot.frequencies.documents + len(originals)
    wanted = document_frequencies(signatures[article_id] for pair in near for article_id in pair)
    known = look_up(snapshot.frequencies, wanted)
    frequency = {run: known.get(run, 0) + recent.get(run, 0) for run in wanted}
    pairs.save(cursor, compare(near, texts, signatures, frequency, documents), plain, snapshot.version)


def plain_copies(near: Iterable[Pair], texts: Mapping[int, Known], signatures: Mapping[int, Signature]) -> set[Pair]:
    """Which of these pairs need no frequencies to be called the same text."""
    return {
        (a, b) for a, b in near if is_plain_copy(*(signatures[article_id] for article_id in _by_address(texts, a, b)))
    }


def compare(
    near: Iterable[Pair],
    texts: Mapping[int, Known],
    signatures: Mapping[int, Signature],
    frequency: Mapping[int, int],
    documents: int,
) -> Iterator[Compared]:
    """Each pair and what the rule says of it."""
    for a, b in near:
        first, second = _by_address(texts, a, b)
        same, score = is_duplicate(signatures[first], signatures[second], frequency, documents)
        yield Compared(a, b, score, same)


def _by_address(texts: Mapping[int, Known], a: int, b: int) -> tuple[int, int]:
    """The two in an order in which it does not tell who came first; of texts equally heavy the rule takes one."""
    return (a, b) if texts[a].url_key < texts[b].url_key else (b, a)


def prints_of(body: str) -> tuple[int, ...]:
    """The fingerprints of a text, by the present RULE."""
    return fingerprints(words(body))


@lru_cache(maxsize=10_000)  # of 10 kB; a text is compared with dozens, and most of a comparison is its making
def signature_of(text: Known) -> Signature:
    """What is needed of the text to compare it; kept for its next comparisons."""
    return _signature(str(text.article_id), text)


def _signature(name: str, text: NewDocument | Known) -> Signature:
    return signature(Text(name, text.title, text.body, text.published_at, text.source_id, text.language))
