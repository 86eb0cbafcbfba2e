"""Is this pair the same text? Containment first, then what a filled-in form gives away.

The score starts from **containment**: the share of the lighter text's 3-word runs that stand in the other text too,
each run weighed by how rare it is in the corpus, so that newsletter boxes and stock phrases weigh next to nothing.
Containment, not resemblance (Broder 1997): a shortened reprint, or one with a house intro, is the same text.

Market tables, weather and results then look alike too: the same frame with other numbers and names. Three signs tell
(the **template guard**): numbers of the lighter text that the other lacks, other words in the title, and words that
all stand in both texts while the runs do not. Short texts need more to convince, since a form is short.

The five coefficients were fitted by logistic regression on labelled pairs twice over, with frequencies of the corpus
and with none, and rounded; so the same rule holds for the first sixty articles and for a table of millions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsdesk.dedup.fingerprint import Hashes, shingles, word_hashes
from newsdesk.dedup.normalise import words
from newsdesk.model import Text

THRESHOLD = 0.57
PLAIN_COPY = 0.9  # of a pair this alike without any weights, only one counts in the document frequencies

RUN = 3  # words
COMMON = 20  # documents: a run seen this often has lost half its weight
HOPELESS = 0.25  # containment that no title or number can mend
ENOUGH = 90  # runs from which on a text's length needs no more proof
USUAL_TITLE, USUAL_WORDS = 0.6, 0.88  # shares that speak neither for nor against a copy

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """What is needed of one document to compare it; each array sorted, without repeats."""

    shingles: Hashes  # runs of 3 words of the body
    words: Hashes  # of the body
    numbers: Hashes  # words of the body with a digit in them
    title: Hashes  # words of the title


def signature(text: Text) -> Signature:
    tokens = words(text.body)
    hashes = word_hashes(tokens)
    with_digit = [token for token in set(tokens) if any(map(str.isdigit, token))]
    return Signature(
        shingles=np.unique(shingles(hashes, RUN)),
        words=np.unique(hashes.view(np.int64)),
        numbers=_sorted(with_digit),
        title=_sorted(words(text.title or "")),
    )


def _sorted(tokens: list[str]) -> Hashes:
    return np.unique(word_hashes(tokens).view(np.int64))


def weigh(signature: Signature, df: Mapping[int, int] | None, n_docs: int) -> Weights:
    """The weight of each run: its idf, and from about 20 documents on falling with the square of their number.

    `df` counts for each run the documents that hold it, plain copies once; a run not in it is in one document.
    None: all runs weigh the same.
    """
    if df is None:
        return np.ones(len(signature.shingles))
    found = np.array([df.get(run, 1) for run in signature.shingles.tolist()], dtype=np.float64)
    found = np.clip(found, 1, max(n_docs, 1))
    weights: Weights = np.log((n_docs + 1) / found) / (1 + (found / COMMON) ** 2)
    return weights


def similarity(a: Signature, b: Signature, df: Mapping[int, int] | None, n_docs: int) -> float:
    """How sure the pair is the same text, 0 to 1, symmetric. `df`, `n_docs`: see `weigh`."""
    return score(a, weigh(a, df, n_docs), b, weigh(b, df, n_docs))


def is_duplicate(a: Signature, b: Signature, df: Mapping[int, int] | None, n_docs: int) -> tuple[bool, float]:
    found = similarity(a, b, df, n_docs)
    return found >= THRESHOLD, found


def is_plain_copy(a: Signature, b: Signature) -> bool:
    """So alike that no frequencies are needed to say so.

    Only the first of plain copies counts in the document frequencies: a report that forty houses print is no stock
    phrase. A mere duplicate does count, or a newsletter box that once joined two pages would stay rare for ever.
    """
    return similarity(a, b, None, 0) >= PLAIN_COPY


def score(a: Signature, weights_a: Weights, b: Signature, weights_b: Weights) -> float:
    """`similarity` for runs that are weighed already."""
    total_a, total_b = float(weights_a.sum()), float(weights_b.sum())
    if (total_b, len(b.shingles)) < (total_a, len(a.shingles)):
        a, b, weights_a, total_a = b, a, weights_b, total_b
    if total_a <= 0:
        return 0.0
    contained = float(weights_a[within(a.shingles, b.shingles)].sum()) / total_a
    if contained < HOPELESS:
        return contained
    return max(0.0, min(1.0, contained + _template_guard(a, b)))


def _template_guard(light: Signature, heavy: Signature) -> float:
    """What to add to the containment: below 0 where the pair looks like one form filled in twice."""
    numbers = len(light.numbers)
    numbers_lost = numbers - int(within(light.numbers, heavy.numbers).sum())
    number_gap = numbers_lost / (numbers + 2)  # one number of one or two is weak evidence
    shortness = max(0.0, math.log(ENOUGH / max(len(light.shingles), 1)))
    return (
        -0.45 * number_gap
        + 0.3 * (_title_share(light, heavy) - USUAL_TITLE)
        - 0.5 * (_share(light.words, heavy.words) - USUAL_WORDS)
        - 0.2 * shortness
    )


def _title_share(a: Signature, b: Signature) -> float:
    """Share of the shorter title's words in the other; a missing title speaks neither way."""
    if not len(a.title) or not len(b.title):
        return USUAL_TITLE
    return _share(a.title, b.title) if len(a.title) <= len(b.title) else _share(b.title, a.title)


def _share(a: Hashes, b: Hashes) -> float:
    return float(within(a, b).mean()) if len(a) else 1.0


def within(a: Hashes, b: Hashes) -> NDArray[np.bool_]:
    """For each of sorted `a`, whether it stands in sorted `b`."""
    if len(b) == 0:
        return np.zeros(len(a), dtype=np.bool_)
    places = b.searchsorted(a)
    places[places == len(b)] = 0
    found: NDArray[np.bool_] = b[places] == a
    return found
