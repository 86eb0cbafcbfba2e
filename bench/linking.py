"""Linking to the operator's knowledge base: how often the right item, how often one where there is none.

    python bench/linking.py DATA/entities [--sets conll2003-en …] [--folds 5] [--fit]

DATA/entities is the folder of labelled texts. The table is made of the annotators' links: alias, item, how often, type,
as an operator's CSV would have them. Names are found by newsdesk itself; what counts is each annotated name with a link
that newsdesk finds with the same bounds (`found`), and all of them (`of all`). Three tables:

whole    of all documents: accuracy on what is in the table
folds    of the other documents only, in FOLDS parts: how the shares carry over to texts that nobody has counted
items    of half the items, drawn by their ids: names of the others must stay without a link
names    of half the names, drawn likewise, with all that each may mean: the other names must stay without a link

`invented` is the share of those (found) that get a wrong one (a right one comes by a fuller form of the name, which is
in the table), `nil` the share of names that the annotators say are nobody's, and that get any.
Where half the items are taken, many a name of the others is in the table all the same: England the team, the country.

`context` adds what other documents name together, learned without labels from the documents of the other folds.
--fit: looks for better weights, on the documents of all folds but one, and prints what they reach on that one.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from pathlib import Path

from newsdesk.enrich.annotate import annotate
from newsdesk.enrich.linking import (
    NOTHING,
    WEIGHTS,
    Candidate,
    Meaning,
    Named,
    Together,
    Weights,
    key_of,
    learn,
    link,
    named_in,
    shares,
)
from newsdesk.model import Annotation, JsonObject
from newsdesk.settings import DEFAULT_MODELS

Known = Mapping[str, Sequence[Candidate]]


@dataclass
class Document:
    """A labelled text, and what newsdesk finds in it."""

    gold: JsonObject
    named: list[Named]
    at: dict[tuple[int, int], int]  # bounds of a mention → place in `named`

    @property
    def links(self) -> list[tuple[tuple[int, int], str, str, str]]:
        """(bounds, type, surface, link) of each annotated name whose link is told."""
        return [((m[0], m[1]), m[2], m[3], m[4]) for m in self.gold["mentions"] if m[4] and not m[4].startswith("E:")]


def prepared(gold: JsonObject, found: Annotation) -> Document:
    named = named_in(found)
    place = {entity.entity_id: number for number, entity in enumerate(named)}
    return Document(gold, named, {(m.start, m.end): place[m.entity_id] for m in found.mentions if m.entity_id})


def everything(key: str, qid: str) -> bool:
    return True


def half(what: str) -> bool:
    return sha256(what.encode()).digest()[0] % 2 == 0


# which (name, item) pairs a table has: halves are measured both ways
KEPT: Mapping[str, Sequence[Callable[[str, str], bool]]] = {
    "whole": (everything,),
    "folds": (everything,),
    "items": (lambda key, qid: half(qid), lambda key, qid: not half(qid)),
    "names": (lambda key, qid: half(key), lambda key, qid: not half(key)),
}


def table(documents: Sequence[Document], keep: Callable[[str, str], bool] = everything) -> Known:
    """key → candidates, as an operator's table of these documents' names has them."""
    uses: defaultdict[str, Counter[str]] = defaultdict(Counter)
    types: defaultdict[str, Counter[str]] = defaultdict(Counter)
    called: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for document in documents:
        for _, kind, surface, qid in document.links:
            if qid != "NIL":
                uses[key_of(surface)][qid] += 1
                types[qid][kind] += 1
                called[qid][surface] += 1
    name = {qid: max(c, key=lambda s: (len(s.split()), c[s], s)) for qid, c in called.items()}
    kind = {qid: None if (best := c.most_common(1)[0][0]) == "ANY" else best for qid, c in types.items()}
    return {
        key: shares([(Candidate(q, name[q], kind[q], 1.0), n / sum(c.values())) for q, n in c.items() if keep(key, q)])
        for key, c in uses.items()
    }


@dataclass
class Count:
    linkable: int = 0  # annotated names whose item is in the table
    found: int = 0
    answered: int = 0
    right: int = 0
    outside: int = 0  # annotated names, found, whose item is not in the table
    invented: int = 0
    nil: int = 0  # annotated as of no knowledge base, and found
    nil_invented: int = 0

    def add(self, other: Count) -> None:
        for name in vars(other):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def line(self) -> str:
        def percent(part: int, whole: int) -> str:
            return f"{100 * part / whole:5.1f}" if whole else "    –"

        return (
            f"in the table {self.linkable:5}, found {self.found:5}: right {percent(self.right, self.found)} of found, "
            f"{percent(self.right, self.linkable)} of all; of answers {percent(self.right, self.answered)} · outside "
            f"{self.outside:4}: invented {percent(self.invented, self.outside)} · nil {self.nil:4}: "
            f"{percent(self.nil_invented, self.nil)}"
        )


def count(document: Document, meanings: Sequence[Meaning], known: set[tuple[str, str]]) -> Count:
    """`known`: the (name, item) pairs of the table."""
    it = Count()
    for bounds, _, surface, qid in document.links:
        place = document.at.get(bounds)
        said = meanings[place].candidate if place is not None else None
        if (key_of(surface), qid) in known:
            it.linkable += 1
            it.found += place is not None
            it.answered += said is not None
            it.right += said is not None and said.qid == qid
        elif place is not None and qid == "NIL":
            it.nil += 1
            it.nil_invented += said is not None
        elif place is not None:
            it.outside += 1
            it.invented += said is not None and said.qid != qid
    return it


def pairs_of(known: Known) -> set[tuple[str, str]]:
    return {(key, candidate.qid) for key, some in known.items() for candidate in some}


def company(documents: Sequence[Document], known: Known, weights: Weights) -> Together:
    """What these documents name together: nobody's labels, only names that are sure by themselves."""
    sure = (
        [
            m.candidate.qid
            for m in link(d.named, known, NOTHING, weights)
            if m.candidate and m.confidence >= weights.sure
        ]
        for d in documents
    )
    return Together(learn(sure))


def in_fold(document: Document, fold: int, folds: int) -> bool:
    return int(sha256(document.gold["id"].encode()).hexdigest(), 16) % folds == fold


def measure(documents: Sequence[Document], tables: str, folds: int, weights: Weights, context: bool) -> Count:
    """Of all documents, with the tables called so."""
    total = Count()
    for fold, keep in itertools.product(range(folds), KEPT[tables]):
        own = [d for d in documents if in_fold(d, fold, folds)]
        rest = [d for d in documents if not in_fold(d, fold, folds)]
        known = table(rest if tables == "folds" else documents, keep)
        together = company(rest, known, weights) if context else NOTHING
        items = pairs_of(known)
        for document in own:
            total.add(count(document, link(document.named, known, together, weights), items))
    return total


def worth(documents: Sequence[Document], weights: Weights, context: bool) -> float:
    """What is to be made large: right answers, and three times as much no invented ones."""
    whole, part = (measure(documents, tables, 2, weights, context) for tables in ("whole", "items"))
    names = measure(documents, "names", 2, weights, context)
    invented = (part.invented + 3 * names.invented) / (part.outside + names.outside)
    return (whole.right + part.right) / (whole.found + part.found) - invented


GRID: Mapping[str, Sequence[float]] = {
    "other_type": (-0.3, -0.6, -1, -1.5, -2, -3),
    "shorter_form": (0, -1, -2, -3, -4),
    "together": (0, 0.3, 0.6, 1, 1.5),
    "word": (0, 0.5, 1, 1.5, 2.5),
    "nobody": (-6, -5, -4, -3, -2.5, -2, -1.5),
    "nobody_bare": (0, 0.6, 1.2, 1.8),
    "nobody_short": (0, 0.4, 0.8),
    "sure": (0.6, 0.7, 0.8, 0.9),
}


def fit(documents: Sequence[Document]) -> Weights:
    """One weight after the other, twice."""
    weights = WEIGHTS
    for name in [*GRID, *GRID]:
        tried = [replace(weights, **{name: value}) for value in GRID[name]]
        weights = max([weights, *tried], key=lambda one: worth(documents, one, name in ("together", "sure")))
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", nargs="+", default=["conll2003-en", "msnbc-en", "news-fair-v2-en", "kore50-en"])
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    for name in options.sets:
        lines = (options.data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        gold = [json.loads(line) for line in lines if line.strip()]
        found = annotate([(d["text"], d["lang"]) for d in gold], DEFAULT_MODELS)
        documents = [prepared(d, annotation) for d, annotation in zip(gold, found, strict=True)]
        for tables in KEPT:
            for context in (False, True):
                result = measure(documents, tables, options.folds, WEIGHTS, context)
                print(f"{name:16} {tables:6} {'context' if context else '':7} {result.line()}", flush=True)
        if options.fit:
            _fit(documents, options.folds)


def _fit(documents: list[Document], folds: int) -> None:
    random.Random(0).shuffle(documents)
    total: dict[str, Count] = {"whole": Count(), "items": Count(), "names": Count()}
    for fold in range(folds):
        weights = fit([d for d in documents if not in_fold(d, fold, folds)])
        print({f.name: getattr(weights, f.name) for f in fields(weights)})
        for tables, one in total.items():
            one.add(measure([d for d in documents if in_fold(d, fold, folds)], tables, folds, weights, True))
    for tables, one in total.items():
        print(f"fitted on the others, {tables}: {one.line()}")
    print("fitted on all:", fit(documents))


if __name__ == "__main__":
    main()
