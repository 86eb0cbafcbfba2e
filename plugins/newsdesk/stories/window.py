"""The articles of some days: how rare each word is among them, and how like a new article each of them is.

Vectors are idf = ln((n + 1) / (df + 1)), times 1.5 for names and numbers, scaled to length 1; so a product of two is
their cosine. Articles and df are the window's own, and those of 200 articles of other news that are thought to be there:
without them the first articles on one event would have nothing to be told apart by. Which words other news would have
is told by their length, since in every language the frequent words are the short ones (Zipf's law of abbreviation): see
SHARE. A word is a name where most of the articles that have it write it as one. A word in more than a fifth of n weighs
nothing (it would weigh little, and cost most).

An inverted index in memory: for each term the rows that have it. Arrivals are added to a small second index; from time
to time both become one and all weights are told anew. At 50,000 articles that is about 100 MB.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsdesk.stories.terms import DTYPE, NAME, NUMBER, Terms

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Vector = tuple[Places, Floats]  # term numbers and weights

SPECIAL = 1.5  # times the weight of an ordinary word: a name, a number
OTHER_NEWS = 200  # articles that are thought to be in every window
SHARE = np.array([0.02, 0.0, 0.0, 0.3, 0.1])  # of them that have a word of this kind: WORD, NAME, NUMBER, SHORT, MIDDLE
COMMON = 0.2  # share of the articles from which on a word says nothing
GROWTH, LEAST, MOST = 0.1, 1, 1_000  # arrivals, as a share of the articles, after which the weights are told anew


class Window:
    """Rows 0, 1, 2 … are articles, in the order of adding. Rows that are taken out keep their number."""

    def __init__(self) -> None:
        self._number: dict[int, int] = {}  # term → its number
        self._terms: list[Terms | None] = []  # of each row
        self._vectors: list[Vector] = []
        self._indexed = 0  # rows in the large index; those after it are in the small one
        self._counted = 0  # articles, when the weights were told
        self._weight = np.zeros(0)  # of each term that had a number then
        self._starts: Places = np.zeros(1, dtype=np.int64)
        self._rows = np.zeros(0, dtype=np.int32)
        self._values = np.zeros(0, dtype=np.float32)
        self._late: defaultdict[int, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))

    def __len__(self) -> int:
        return len(self._terms)

    def add(self, terms: Terms) -> int:
        """A new article; returns its row. Its weights are told by the articles that were there before it."""
        if len(self) - self._indexed >= min(max(GROWTH * self._indexed, LEAST), MOST):
            self.weigh()
        self._terms.append(terms)
        row = len(self) - 1
        vector = self._vector(terms)
        self._vectors.append(vector)
        for number, value in zip(*(part.tolist() for part in vector), strict=True):
            rows, values = self._late[number]
            rows.append(row)
            values.append(value)
        return row

    def load(self, articles: Iterable[Terms]) -> None:
        """Many at once, into an empty window."""
        self._terms.extend(articles)
        self._vectors = [(_NONE, _NO_WEIGHT)] * len(self)
        self.weigh()

    def drop(self, row: int) -> None:
        """Take an article out: it is like nothing from now on, and goes out of the counts when they are told anew."""
        self._terms[row] = None
        self._vectors[row] = (_NONE, _NO_WEIGHT)

    def weigh(self) -> None:
        """Count the articles anew, and give every one its vector by these counts."""
        rows = [row for row, terms in enumerate(self._terms) if terms is not None and len(terms)]
        held = [terms for terms in self._terms if terms is not None and len(terms)]
        everything = np.concatenate(held) if held else _NO_TERMS
        order = np.argsort(everything["term"], kind="stable")  # by term, then by row
        term = everything["term"][order]
        begins = np.concatenate(([True], term[1:] != term[:-1])) if len(term) else np.zeros(0, dtype=bool)
        starts = np.append(np.flatnonzero(begins), len(term))
        df = np.diff(starts)
        self._number = {term: number for number, term in enumerate(term[begins].tolist())}
        numbers = np.empty(len(term), dtype=np.int64)
        numbers[order] = np.repeat(np.arange(len(df)), df)
        kind = everything["kind"][order]
        share, special = (
            np.add.reduceat(value, starts[:-1]) / df if len(df) else np.zeros(0)
            for value in (SHARE[kind], _is_special(kind).astype(np.float64))
        )
        self._weight = _idf(df, share, len(held)) * np.where(special > 0.5, SPECIAL, 1.0)
        self._counted = len(held)
        sizes = np.array([len(terms) for terms in held], dtype=np.int64)
        of_row = np.repeat(np.arange(len(held)), sizes)
        values = self._weight[numbers]
        length = np.sqrt(np.bincount(of_row, weights=values * values, minlength=len(held)))
        values /= np.maximum(length, 1e-12)[of_row]
        ends = np.cumsum(sizes)
        for row, start, stop in zip(rows, (ends - sizes).tolist(), ends.tolist(), strict=True):
            self._vectors[row] = (numbers[start:stop], values[start:stop])
        self._starts = starts
        self._rows = np.array(rows, dtype=np.int32)[of_row[order]]
        self._values = values[order].astype(np.float32)
        self._indexed = len(self)
        self._late.clear()

    def likeness(self, row: int) -> Floats:
        """The cosine of this article with every row. Of rows that were taken out it says nothing."""
        found = np.zeros(len(self))
        for number, value in zip(*(part.tolist() for part in self._vectors[row]), strict=True):
            if number < len(self._weight) and value > 0:
                start, stop = self._starts[number], self._starts[number + 1]
                found[self._rows[start:stop]] += value * self._values[start:stop]
            if late := self._late.get(number):
                found[late[0]] += value * np.array(late[1])
        return found

    def likeness_among(self, items: Sequence[Sequence[int]]) -> Floats:
        """n × n for n sets of rows: the average cosine of a row of one with a row of the other."""
        vectors = [(place, len(rows), self._vectors[row]) for place, rows in enumerate(items) for row in rows]
        numbers = np.concatenate([numbers for _, _, (numbers, _) in vectors])
        columns, column = np.unique(numbers, return_inverse=True)
        matrix = np.zeros((len(items), len(columns)))
        start = 0
        for place, size, (_, values) in vectors:
            matrix[place, column[start : start + len(values)]] += values / size
            start += len(values)
        product: Floats = matrix @ matrix.T
        return product

    def _vector(self, terms: Terms) -> Vector:
        """Its vector by the present weights; terms that no article had get numbers."""
        numbers = np.array(
            [self._number.setdefault(term, len(self._number)) for term in terms["term"].tolist()], dtype=np.int64
        )
        kind = terms["kind"]
        values = _idf(np.zeros(len(kind)), SHARE[kind], self._counted) * np.where(_is_special(kind), SPECIAL, 1.0)
        seen = numbers < len(self._weight)
        values[seen] = self._weight[numbers[seen]]
        kept = values > 0
        length = math.sqrt(float(values @ values))
        return numbers[kept], values[kept] / max(length, 1e-12)


_NONE: Places = np.zeros(0, dtype=np.int64)
_NO_WEIGHT: Floats = np.zeros(0)
_NO_TERMS: Terms = np.zeros(0, dtype=DTYPE)


def _is_special(kind: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.isin(kind, (NAME, NUMBER))


def _idf(df: NDArray[Any], share: Floats, articles: int) -> Floats:
    """`df` of these articles, `share` of the other news."""
    n = articles + OTHER_NEWS
    everywhere = df + share * OTHER_NEWS
    return np.where(everywhere > COMMON * n, 0.0, np.log((n + 1) / (everywhere + 1)))
