"""Which blocks are the article's: those that trafilatura holds, mended by a linear model.

trafilatura finds the region well; what it errs in is what a block's place and words tell: chunks of the article in
a second container of the same class, the standfirst above it, captions, boxes and lists of links within. The
features are `layout`'s and the few below; their weights, one table in `choice_weights`, are made by `bench/body.py --fit`
and say in log odds what each is worth.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from newsdesk.extract import furniture, phrases
from newsdesk.extract.blocks import Block
from newsdesk.extract.choice_weights import BIAS, WEIGHTS
from newsdesk.extract.folding import fold
from newsdesk.extract.layout import Layout

_SENTENCE = re.compile(r"[.!?…。！？:;۔؟।][\"”’»)\]]*\s*$")
_PROSE = 12  # words of a sentence that is more than a label
_LABEL = 220  # characters that furniture has at most
_LEAST, _LONGEST = 30, 600  # characters of a standfirst


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rest of the page tells about its text."""

    titles: Collection[str] = ()  # every form in which it gives its title
    authors: Collection[str] = ()
    description: str = ""
    links: frozenset[str] = frozenset()  # folded texts of the page's links


def choose(blocks: Sequence[Block], held: Sequence[bool], facts: Facts) -> list[int]:
    """Places of the article's blocks, in document order. At least one block must be held; they are where none else is."""
    told = _Told(facts)
    layout = Layout(blocks, held)
    chosen = []
    for place, features in _shaped(layout.candidates(), layout, blocks):
        odds = BIAS + sum(WEIGHTS[name] * value for name, value in features.items() if value and name in WEIGHTS)
        if layout.is_most(place) or told.decide(blocks[place].text, odds):
            chosen.append(place)
    return chosen or [place for place, is_held in enumerate(held) if is_held]


def all_features(blocks: Sequence[Block], held: Sequence[bool], facts: Facts) -> Iterator[tuple[int, dict[str, float]]]:
    """Place and features of each block that `choose` weighs, to fit the weights on."""
    told = _Told(facts)
    layout = Layout(blocks, held)
    for place, features in _shaped(layout.candidates(with_links=True), layout, blocks):
        yield place, features | told.features(blocks[place].text)


def _shaped(
    candidates: Iterable[tuple[int, dict[str, float]]], layout: Layout, blocks: Sequence[Block]
) -> Iterator[tuple[int, dict[str, float]]]:
    """With the features of the text's shape added."""
    for place, features in candidates:
        text = blocks[place].text
        is_sentence = bool(_SENTENCE.search(text[-8:]))
        features["sentence"] = float(is_sentence)
        features["prose"] = float(is_sentence and layout.sizes[place] >= _PROSE)
        yield place, features


class _Told:
    """Features of a block's words, each true or not. They cost most, so each is asked only where it can still decide."""

    def __init__(self, facts: Facts) -> None:
        self._titles = {key for title in facts.titles if (key := fold(title))}
        self._description = fold(facts.description)
        self._people = tuple(name for name in facts.authors if len(name) > 4)
        self._links = facts.links
        self._tests: tuple[tuple[str, Callable[[str], bool]], ...] = (
            ("title", lambda text: len(text) <= _LONGEST and fold(text) in self._titles),
            ("standfirst", self._is_standfirst),
            ("furniture", lambda text: len(text) <= _LABEL and furniture.is_edge(text, self._people)),
            ("prompt", furniture.is_prompt),
            ("a link's text", lambda text: len(text) <= _LONGEST and fold(text) in self._links),
            ("credit", lambda text: len(text) <= _LABEL and bool(phrases.CREDIT.search(text))),
        )
        weights = [WEIGHTS.get(name, 0.0) for name, _ in self._tests]
        # of this test and those after it: the most that they can add, and take
        self._bounds = [
            (sum(max(0.0, w) for w in weights[at:]), sum(min(0.0, w) for w in weights[at:]))
            for at in range(len(weights))
        ]

    def decide(self, text: str, odds: float) -> bool:
        """Whether the block is of the article; odds: log odds by its place."""
        for (name, test), (most, least) in zip(self._tests, self._bounds, strict=True):
            if odds + least >= 0 or odds + most < 0:
                break
            if test(text):
                odds += WEIGHTS.get(name, 0.0)
        return odds >= 0

    def features(self, text: str) -> dict[str, float]:
        return {name: 1.0 for name, test in self._tests if test(text)}

    def _is_standfirst(self, text: str) -> bool:
        """The page's own description of the article, or a part of it, or begun by it."""
        if not _LEAST <= len(text) <= _LONGEST:
            return False
        key, told = fold(text), self._description
        return key == told or (len(told) > 40 and (told.startswith(key) or key.startswith(told)))
