"""Which blocks are the article's: those that trafilatura holds, mended by a linear model.

trafilatura finds the region well; what it errs in is what a block's place and words tell: chunks of the article in
a second container of the same class, the standfirst above it, captions, boxes and lists of links within. The
features are `layout`'s and the few below; their weights, one table in `weights`, are made by `bench/body.py --fit`
and say in log odds what each is worth.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from newsdesk.extract import furniture, phrases
from newsdesk.extract.blocks import Block
from newsdesk.extract.layout import Layout
from newsdesk.extract.weights import BIAS, WEIGHTS

_SENTENCE = re.compile(r"[.!?…。！？:;][\"”’»)\]]*\s*$")
_PROSE = 12  # words of a sentence that is more than a label
_LABEL = 220  # characters that furniture has at most
_STANDFIRST = 25, 600  # characters of a standfirst, without blanks; as it stands
# What words can add to the odds and take from them: where place alone says more, they are not read.
_WORDS = ("title", "standfirst", "a link's text", "furniture", "prompt", "credit")
_MAY_ADD = sum(max(0.0, WEIGHTS.get(name, 0.0)) for name in _WORDS)
_MAY_TAKE = sum(min(0.0, WEIGHTS.get(name, 0.0)) for name in _WORDS)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rest of the page tells about its text."""

    titles: Collection[str] = ()  # every form in which it gives its title
    authors: Collection[str] = ()
    description: str = ""
    links: frozenset[str] = frozenset()  # folded texts of the page's links


def choose(blocks: Sequence[Block], held: Sequence[bool], facts: Facts) -> list[int]:
    """Places of the article's blocks, in document order. At least one block must be held."""
    told = _Told(facts)
    layout = Layout(blocks, held)
    chosen = []
    for place, features in layout.candidates():
        _add_shape(features, blocks[place].text, layout.sizes[place])
        odds = BIAS + score(features)
        if odds + _MAY_ADD >= 0 and (odds + _MAY_TAKE >= 0 or odds + score(told.by(blocks[place])) >= 0):
            chosen.append(place)
    return chosen


def all_features(blocks: Sequence[Block], held: Sequence[bool], facts: Facts) -> Iterator[tuple[int, dict[str, float]]]:
    """Place and features of each block that `choose` weighs, to fit the weights on."""
    told = _Told(facts)
    layout = Layout(blocks, held)
    for place, features in layout.candidates():
        _add_shape(features, blocks[place].text, layout.sizes[place])
        yield place, features | told.by(blocks[place])


def score(features: dict[str, float]) -> float:
    return sum(WEIGHTS[name] * value for name, value in features.items() if value and name in WEIGHTS)


def _add_shape(features: dict[str, float], text: str, words: int) -> None:
    if _SENTENCE.search(text[-8:]):
        features["sentence"] = 1.0
        features["prose"] = float(words >= _PROSE)


class _Told:
    """Features of a block's words."""

    def __init__(self, facts: Facts) -> None:
        self._titles = {key for title in facts.titles if (key := furniture.fold(title))}
        self._description = furniture.fold(facts.description)
        self._people = tuple(name for name in facts.authors if len(name) > 4)
        self._links = facts.links

    def by(self, block: Block) -> dict[str, float]:
        text = block.text
        least, most = _STANDFIRST
        if len(text) > most:
            return {}
        key = furniture.fold(text)
        features = {
            "title": float(key in self._titles),
            "standfirst": float(len(key) > least and self._is_description(key)),
            "a link's text": float(key in self._links),
        }
        if len(text) <= _LABEL:
            features["furniture"] = float(furniture.is_edge(text, self._people))
            features["credit"] = float(bool(phrases.CREDIT.search(text)))
        if not features.get("furniture"):
            features["prompt"] = float(furniture.is_prompt(text))
        return features

    def _is_description(self, key: str) -> bool:
        told = self._description
        return key == told or (len(told) > 40 and (told.startswith(key) or key.startswith(told)))
