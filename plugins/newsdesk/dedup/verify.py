"""Is this pair the same text? Containment first, then what a filled-in form gives away.

What speaks for it is **containment**: the share of the lighter text's 3-word runs that stand in the other text too, each
run weighed by how rare it is in the corpus, so that newsletter boxes and stock phrases weigh next to nothing.
Containment, not resemblance (Broder 1997): a shortened reprint, or one with a house intro, is the same text.

Market tables, weather and results then look alike too: the same frame with other numbers and names. Four signs tell
(the **template guard**): numbers in shared places are others in the other text, on both sides, since a house that only
writes one out, or has a date in its own dateline, gives none in return; a number was changed and what the two share is
common to many texts, as a form is; other words in the title; and a short text needs more to convince, since a form is
short. That many texts share it says nothing by itself: forty houses may print a report.

The score is the probability by a logistic regression over these five figures (`Figures`), fitted by
`bench/dedup_verifier.py` on labelled pairs, reprints by forty houses and forms made from them, and rounded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsdesk.dedup.fingerprint import Hashes, shingles, word_hashes
from newsdesk.dedup.normalise import words
from newsdesk.model import Text

THRESHOLD = 0.6
SURE = 0.95  # the threshold where no frequencies tell a box or a form from a report

RUN = 3  # words
COMMON = 20  # documents: a run seen this often has lost half its weight
HOPELESS = 0.25  # containment that no title or number can mend
ENOUGH = 90  # runs from which on a text's length needs no more proof
USUAL_TITLE = 0.6  # share that speaks neither for nor against a copy
LONG = 2  # digits from which on a number that stands anywhere in the other text is the same number
NEAR = 2  # words from a number to the nearest shared run, at most, for the number to be in a shared place: one lies between
DOUBT, NUMBERS_DOUBT = (
    2,
    6,
)  # words, numbers: so many more, all as usual, are added to a share; one of one is weak evidence

PLAIN_COPY = 0.95  # containment, all runs weighing the same
REPRINTED = 0.6  # the same, of two houses under one headline
ONE_HEADLINE = 0.75  # share of the title's words

Places = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Signature(NamedTuple):
    """What is needed of one document to compare it. Hashes are sorted, without repeats."""

    shingles: Hashes  # runs of 3 words of the body
    order: Places  # the runs as they follow each other in the body: places in `shingles`
    number_places: Places  # which words of the body have a digit in them, counted from 0, rising
    number_order: Places  # for each of them its place in `numbers`; one too short to be there: the place after the last
    numbers: Hashes  # of those of some length
    title: Hashes  # words of the title
    source: str | None  # who printed it


class Weighed(NamedTuple):
    """A document with what the corpus says of its runs."""

    signature: Signature
    rarity: NDArray[np.float64]  # the weight of each run
    commonness: NDArray[np.float64]  # the same weight times how common the run is, 0 to 1
    total: float  # of `rarity`


class Figures(NamedTuple):
    """What the verdict on a pair is made of, each 0 to 1 but the last."""

    contained: float  # share of the lighter text that stands in the other
    form: float  # share of it that stands there and in some twenty texts or more; 0 where no number was changed
    changed: float  # share of the numbers of the lighter text for which the other has others
    titles: float  # share of the shorter title's words in the other
    shortness: float  # log of how many times shorter than enough the lighter text is


COEFFICIENTS = Figures(contained=15, form=-12, changed=-12, titles=6, shortness=-2.25)
INTERCEPT = -10.8


def signature(text: Text) -> Signature:
    """What is needed of the text to compare it with others."""
    tokens = words(text.body)
    return signature_of(text, tokens, word_hashes(tokens))


def signature_of(text: Text, tokens: Sequence[str], hashes: NDArray[np.uint64]) -> Signature:
    """`signature` for a text whose body's words and their hashes are known already."""
    runs, order = np.unique(shingles(hashes, RUN), return_inverse=True)
    places = [place for place, token in enumerate(tokens) if not token.isalpha()]
    number_places = np.array(places, dtype=np.int64)
    long = np.array([len(tokens[place]) >= LONG for place in places], dtype=np.bool_)
    numbers, long_order = np.unique(hashes[number_places[long]].view(np.int64), return_inverse=True)
    number_order = np.full(len(places), len(numbers))
    number_order[long] = long_order
    title_words = np.unique(word_hashes(words(text.title or "")).view(np.int64))
    return Signature(runs, order, number_places, number_order, numbers, title_words, text.source)


def weigh(signature: Signature, df: Mapping[int, int] | None, n_docs: int) -> Weighed:
    """The weight of each run: its idf, and from about 20 documents on falling with the square of their number.

    `df` counts for each run the documents that hold it, plain copies once; a run not in it is in one document.
    None: all runs weigh the same, and none is common.
    """
    runs = signature.shingles
    if df is None:
        return Weighed(signature, np.ones(len(runs)), np.zeros(len(runs)), float(len(runs)))
    found = np.array([df.get(run, 1) for run in runs.tolist()], dtype=np.float64)
    found.clip(1, max(n_docs, 1), out=found)
    share = found / COMMON
    rarity: NDArray[np.float64] = np.log((n_docs + 1) / found) / (1 + share * share)
    return Weighed(signature, rarity, rarity * np.minimum(share, 1), float(rarity.sum()))


def similarity(a: Signature, b: Signature, df: Mapping[int, int] | None, n_docs: int) -> float:
    """How sure the pair is the same text, 0 to 1, symmetric. `df`, `n_docs`: see `weigh`."""
    return score(weigh(a, df, n_docs), weigh(b, df, n_docs))


def is_duplicate(a: Signature, b: Signature, df: Mapping[int, int] | None, n_docs: int) -> tuple[bool, float]:
    """(whether they are one text, how sure, 0 to 1). `df`, `n_docs`: see `weigh`; without a `df` it must be surer."""
    found = similarity(a, b, df, n_docs)
    return found >= (SURE if df is None else THRESHOLD), found


def is_plain_copy(a: Signature, b: Signature) -> bool:
    """So alike that no frequencies are needed to say so: contained but for an edge, without a changed number.

    Only the first of plain copies counts in the document frequencies: a report that forty houses print is no stock
    phrase. A mere duplicate does count, or a newsletter box that once joined two pages would stay rare for ever. Two
    houses under one headline may differ by more, an intro each or a few words: what a house repeats by itself, a box
    or a form, stands in one source or under many headlines.
    """
    one, other = (b, a) if _is_shorter(b, a) else (a, b)
    shared = within(one.shingles, other.shingles)
    if not len(shared) or shared.mean() < REPRINTED:
        return False
    houses_differ = a.source is not None and b.source is not None and a.source != b.source
    if not (houses_differ and _titles_alike(a.title, b.title) >= ONE_HEADLINE) and shared.mean() < PLAIN_COPY:
        return False
    lost, near = lost_numbers(one, other, shared)
    return lost / (near + DOUBT) <= 1 - PLAIN_COPY


def score(a: Weighed, b: Weighed) -> float:
    """`similarity` for runs that are weighed already."""
    found = figures(a, b)
    if found.contained < HOPELESS:
        return found.contained
    told = INTERCEPT + sum(factor * figure for factor, figure in zip(COEFFICIENTS, found, strict=True))
    return 1 / (1 + math.exp(-told))


def figures(a: Weighed, b: Weighed) -> Figures:
    """Those of the pair, symmetric; but for the first all 0 where there is no hope."""
    light, heavy = (b, a) if _is_lighter(b, a) else (a, b)
    if light.total <= 0:
        return Figures(0, 0, 0, 0, 0)
    one, other = light.signature, heavy.signature
    shared = within(one.shingles, other.shingles)
    contained = min(1.0, float(light.rarity[shared].sum()) / light.total)
    if contained < HOPELESS:
        return Figures(contained, 0, 0, 0, 0)
    lost, near = lost_numbers(one, other, shared)
    in_return, _ = lost_numbers(other, one, within(other.shingles, one.shingles))
    refilled = lost > 0 or in_return > 0
    changed = min(lost, in_return) / (near + NUMBERS_DOUBT)
    return Figures(
        contained,
        min(1.0, float(light.commonness[shared].sum()) / light.total) if refilled else 0.0,
        changed,
        _titles_alike(one.title, other.title),
        max(0.0, math.log(ENOUGH / len(one.shingles))),
    )


def _is_lighter(a: Weighed, b: Weighed) -> bool:
    return a.total < b.total if a.total != b.total else _is_shorter(a.signature, b.signature)


def _is_shorter(a: Signature, b: Signature) -> bool:
    """A strict order of bodies, so that of an even pair the same one is taken whichever comes first."""
    if len(a.shingles) != len(b.shingles):
        return len(a.shingles) < len(b.shingles)
    return _in_bytes(a) < _in_bytes(b)


def _in_bytes(body: Signature) -> list[bytes]:
    return [part.tobytes() for part in (body.shingles, body.order, body.number_places)]


def lost_numbers(light: Signature, heavy: Signature, shared: Mask) -> tuple[int, int]:
    """How many numbers of `light` that stand in a shared place are lost, and how many stand there.

    `shared`: which runs of `light` are in the other. Lost is a number that is in no shared run and, if it is long enough to be no chance, nowhere else in the other
    text. A number far from any shared run stands in what one house has added, and says nothing.
    """
    if not len(light.number_places):
        return 0, 0
    in_order = np.zeros(len(light.order) + 1, dtype=np.int64)
    np.cumsum(shared[light.order], out=in_order[1:])

    def shared_runs(before: int, after: int) -> Mask:
        """Whether a shared run begins that many words before a number, or after it, or between."""
        first = np.clip(light.number_places - before, 0, len(light.order))
        last = np.clip(light.number_places + after + 1, 0, len(light.order))
        return in_order[last] > in_order[first]

    near = shared_runs(before=RUN - 1 + NEAR, after=NEAR)
    elsewhere = np.append(within(light.numbers, heavy.numbers), False)[light.number_order]
    lost = near & ~shared_runs(before=RUN - 1, after=0) & ~elsewhere
    return int(lost.sum()), int(near.sum())


def _titles_alike(a: Hashes, b: Hashes) -> float:
    """The shorter a title, the less it says: one of a single word, or none, counts nearly as any other pair does."""
    few, many = (a, b) if len(a) <= len(b) else (b, a)
    return float((within(few, many).sum() + DOUBT * USUAL_TITLE) / (len(few) + DOUBT))


def within(a: Hashes, b: Hashes) -> Mask:
    """For each of sorted `a`, whether it stands in sorted `b`."""
    if len(b) == 0:
        return np.zeros(len(a), dtype=np.bool_)
    places = b.searchsorted(a)
    places[places == len(b)] = 0
    found: Mask = b[places] == a
    return found
