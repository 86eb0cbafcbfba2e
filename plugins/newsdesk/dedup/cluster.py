"""Pairs → groups, and the whole way for a corpus that fits into memory.

In the database the same steps are set-based: `store` looks candidates up by their fingerprints, `deduplication` and
`reconciling` call `verify`. `online` is a way of its own: as the database decides on arrival, but by the latest texts that
have a fingerprint, and by the words of what came before alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from newsdesk.dedup.candidates import candidate_pairs, enough_shared
from newsdesk.dedup.fingerprint import SHINGLE, shingles, winnow, word_hashes
from newsdesk.dedup.normalise import words
from newsdesk.dedup.verify import THRESHOLD, Signature, Weighed, is_plain_copy, score, signature_of, weigh
from newsdesk.model import Text

Id = TypeVar("Id", bound=Hashable)

LATEST = 100  # texts: as many of the latest that have a fingerprint are looked at where each is decided as it comes
STALE = 1.05  # times more originals than when a text was weighed: it is weighed anew


def components(ids: Iterable[Id], pairs: Iterable[tuple[Id, Id]]) -> dict[Id, Id]:
    """The connected components: each id → the root of its component, the member that comes first in `ids`.

    Union-find; the answer does not depend on the order of `pairs`. Every id of `pairs` must be in `ids` (KeyError).
    """
    rank = {member: place for place, member in enumerate(dict.fromkeys(ids))}
    parent = {member: member for member in rank}

    def root(member: Id) -> Id:
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    for a, b in pairs:
        first, second = sorted((root(a), root(b)), key=rank.__getitem__)
        parent[second] = first
    return {member: root(member) for member in rank}


def document_frequencies(signatures: Iterable[Signature]) -> Counter[int]:
    """For each 3-word run the number of `signatures` that hold it. Of plain copies give one: see `is_plain_copy`."""
    found: Counter[int] = Counter()
    for one in signatures:
        found.update(one.shingles.tolist())
    return found


def cluster_corpus(texts: Iterable[Text], online: bool = False) -> dict[str, str]:
    """Each text's id → its group's id, the id of the member published first (ties: the lower id; no date: last).

    The answer does not depend on the order of `texts`. With `online` it does: each text is decided as it comes,
    by what came before it, and a group's id is that of its first arrival.
    """
    if online:
        return _cluster_online(texts)
    ordered = list({text.id: text for text in sorted(texts, key=_age, reverse=True)}.values())[::-1]
    read = [read_text(text) for text in ordered]
    signatures, prints = [one for one, _ in read], [numbers for _, numbers in read]
    candidates = sorted(candidate_pairs(prints))
    places = range(len(ordered))

    plain_copies = ((a, b) for a, b in candidates if is_plain_copy(signatures[a], signatures[b]))
    originals = sorted(set(components(places, plain_copies).values()))
    df = document_frequencies(signatures[place] for place in originals)
    weighed = [weigh(one, df, len(originals)) for one in signatures]
    same = ((a, b) for a, b in candidates if score(weighed[a], weighed[b]) >= THRESHOLD)
    return {ordered[place].id: ordered[first].id for place, first in components(places, same).items()}


def read_text(text: Text) -> tuple[Signature, tuple[int, ...]]:
    """Its signature and its fingerprints, with one look at its words."""
    tokens = words(text.body)
    hashes = word_hashes(tokens)
    return signature_of(text, tokens, hashes), winnow(shingles(hashes, SHINGLE))


def _age(text: Text) -> tuple[bool, float, str, str]:
    return text.published is None, _seconds(text.published), text.id, text.body


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


def _cluster_online(texts: Iterable[Text]) -> dict[str, str]:
    group: dict[str, str] = {}
    known: list[_Known] = []
    holders: defaultdict[int, list[int]] = defaultdict(list)
    df: Counter[int] = Counter()
    originals = 0
    for text in texts:
        if text.id in group:
            continue
        one, prints = read_text(text)
        shared = Counter(place for number in prints for place in holders[number][-LATEST:])
        weighed = weigh(one, df, originals + 1)
        best, best_place = 0.0, -1
        for place, count in sorted(shared.items()):
            other = known[place]
            if enough_shared(count, len(prints), other.prints):
                if originals > other.weighed_at * STALE:
                    other.weighed, other.weighed_at = weigh(other.weighed.signature, df, originals + 1), originals
                found = score(weighed, other.weighed)
                if found > best:
                    best, best_place = found, place
        is_same = best >= THRESHOLD
        group[text.id] = group[known[best_place].id] if is_same else text.id
        known.append(_Known(text.id, len(prints), weighed, originals))
        for number in prints:
            holders[number].append(len(known) - 1)
        if not (is_same and is_plain_copy(one, known[best_place].weighed.signature)):
            df.update(one.shingles.tolist())
            originals += 1
    return group


@dataclass(slots=True)
class _Known:
    """A text that came before, with the weights of its runs as they were when there were `weighed_at` originals."""

    id: str
    prints: int
    weighed: Weighed
    weighed_at: int
