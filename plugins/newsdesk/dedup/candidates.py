"""Fingerprints → the pairs that are worth a closer look. By one fingerprint

- up to 100 texts are all paired with each other
- of more, each is paired with the 10 that were published first: it may be one text that hundreds printed
- of more than 5,000, none is paired: it is a stock phrase

so the pairs depend on the texts alone, and their number is linear in what is printed everywhere. It is one rule for a
corpus in memory and for the database, whose look-ups `store.fingerprints` and `store.pairs` keep to these numbers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

Pair = tuple[int, int]

ALL_PAIRED = 100
FIRST_PAIRED = 10
SAYS_NOTHING = 5_000

SHORT = 8  # fingerprints: a text of fewer needs to share only one


def enough_shared(shared: int, prints_a: int, prints_b: int) -> bool:
    """Whether two texts with so many fingerprints, and so many in common, are worth a closer look."""
    return shared >= (1 if min(prints_a, prints_b) < SHORT else 2)


def candidate_pairs(prints: Sequence[tuple[int, ...]]) -> dict[Pair, int]:
    """Pairs of places in `prints`, lower first, that share enough fingerprints → how many they share.

    `prints`: of each text, in the order of publication.
    """
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for place, numbers in enumerate(prints):
        for number in numbers:
            holders[number].append(place)
    shared: Counter[Pair] = Counter()
    for places in holders.values():
        shared.update(_pairs_of(places))
    return {(a, b): count for (a, b), count in shared.items() if enough_shared(count, len(prints[a]), len(prints[b]))}


def _pairs_of(places: list[int]) -> Iterator[Pair]:
    if len(places) > SAYS_NOTHING:
        return
    first, rest = (places, []) if len(places) <= ALL_PAIRED else (places[:FIRST_PAIRED], places[FIRST_PAIRED:])
    yield from combinations(first, 2)
    for place in rest:
        for one in first:
            yield one, place
