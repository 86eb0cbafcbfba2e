"""Whom of a knowledge base the names of a document mean: by how often a name means somebody, and by the company it is in.

For each name the candidates that the knowledge base calls so compete with each other, and with nobody (NIL): that the
name means somebody it does not have. A candidate's score is the logarithm of its share of the name's uses, less where
its type is not the name's or only a shorter form of the name leads to it, more where the document names what goes with
it: items that its statements name, items that other documents name with it, words of its own full name. (Prior and
coherence as in Hoffart et al., Robust Disambiguation of Named Entities in Text, 2011; NIL as a rival as in Bunescu and
Pasca, 2006.) The company is of those names that are sure by themselves, so nobody is led by a guess.

Only the fullest form that the document gives is looked up, so a surname never brings its most famous bearer in where
somebody else was named in full. The weights are fitted in bench/linking.py, over folds of documents.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from newsdesk.enrich import names
from newsdesk.enrich.join import entity_id
from newsdesk.model import Annotation

MOST_CANDIDATES = 20  # of one name, by their share


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item of the knowledge base that is called so. `prior`: its share of the name's uses, in (0, 1]."""

    qid: str
    name: str
    type: str | None  # None: the knowledge base does not tell
    prior: float
    geonames_id: int | None = None
    related: frozenset[str] = frozenset()  # items that its statements name


@dataclass(frozen=True, slots=True)
class Named:
    """One entity of a document, as `join` left it. `forms`: in which the text names it."""

    entity_id: str
    type: str
    name: str  # its fullest form; of a known place the gazetteer's
    forms: tuple[str, ...]
    geonames_id: int | None = None
    is_place: bool = False  # the gazetteer knows it


@dataclass(frozen=True, slots=True)
class Meaning:
    """Who is meant. `confidence` in [0, 1]: of that; where `candidate` is None, of that nobody of the knowledge base is."""

    candidate: Candidate | None
    confidence: float

    def entity_id(self, named: Named) -> str | None:
        """Of the item; None where the document's own entity stays.

        It stays where nobody is meant, where it is the place that it is already, and of a people that the knowledge
        base calls by its country: "German" gets the id of Germany beside it, and is not Germany.
        """
        if self.candidate is None or (named.is_place and self.candidate.type in ("LOC", None)):
            return None
        if named.type == "MISC" and self.candidate.type == "LOC":
            return None
        return entity_id(self.type(named), self.candidate.name, f"wikidata:{self.candidate.qid}")

    def type(self, named: Named) -> str:
        """The item's type, else the name's own."""
        return (self.candidate and self.candidate.type) or named.type


@dataclass(frozen=True, slots=True)
class Weights:
    """What speaks for and against a candidate, in log odds; but for `sure`, a share. Fitted by bench/linking.py."""

    other_type: float = -1.5
    shorter_form: float = -3.0
    related: float = 1.5
    together: float = 0.6
    word: float = 1.5
    nobody: float = -3.0
    nobody_bare: float = 1.0  # a person of one word: others are called so too
    nobody_short: float = 0.4  # an acronym of three letters at most
    sure: float = 0.7  # from which share on a name is company for the others


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Together:
    """How many documents name an item (q, q), and two of them (q, r), both ways."""

    documents: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def association(self, qid: str, other: str) -> float:
        """0 to 1: how much more often than by chance; 0 where nothing is known. Share of the rarer one's documents."""
        both = self.documents.get((qid, other), 0)
        if not both:
            return 0.0
        least = min(self.documents.get((qid, qid), both), self.documents.get((other, other), both))
        return both / (least + 1)


NOTHING = Together()


def named_in(found: Annotation) -> list[Named]:
    """The entities of an annotation, in order."""
    forms: dict[str | None, dict[str, None]] = {}
    for mention in found.mentions:
        forms.setdefault(mention.entity_id, {})[mention.text] = None
    return [
        Named(e.entity_id, e.type, e.name, tuple(forms.get(e.entity_id, ())), e.geonames_id, e.link is not None)
        for e in found.entities
    ]


def keys_of(named: Named) -> list[str]:
    """Under which keys the name may stand in the knowledge base: its fullest form first, then what stands for it."""
    fullest = max(named.forms, key=lambda form: len(names.fold(form).split())) if named.forms else named.name
    keys = [key_of(fullest)] if named.is_place else [key_of(named.name), key_of(fullest)]
    if named.type == "ORG":
        keys += [names.without_legal_form(key) for key in keys]
    keys += [key.removeprefix("the ") for key in keys]
    shorter = [key_of(form) for form in named.forms]
    if named.type == "PER":
        shorter = [key for key in shorter if " " in key] + (keys[0].split()[-1:] if _initials(named) else [])
    keys += shorter
    return list(dict.fromkeys(keys))


def _initials(named: Named) -> str:
    """`s` of "S. Jayasuriya", `gw` of "G.W. Bush"; empty for a name with a word before its last one."""
    first = names.fold(named.name).split()[:-1]  # nothing is left of a name of marks alone
    return "".join(first) if first and all(len(word) <= 2 for word in first) else ""


def key_of(alias: str) -> str:
    """The key under which an alias stands in the knowledge base."""
    return names.fold(alias)


def link(
    document: Sequence[Named],
    known: Mapping[str, Sequence[Candidate]],
    together: Together = NOTHING,
    weights: Weights = WEIGHTS,
) -> list[Meaning]:
    """Who is meant by each. `known`: key → candidates, for all of `keys_of`."""
    found = [_candidates(named, known) for named in document]
    words = [{word for form in (*named.forms, named.name) for word in key_of(form).split()} for named in document]
    alone = [
        _decide(named, some, [0.0] * len(some), shorter, weights)
        for named, (some, shorter) in zip(document, found, strict=True)
    ]
    sure = [meaning.candidate if meaning.confidence >= weights.sure else None for meaning in alone]
    company = {candidate.qid: candidate for candidate in sure if candidate is not None}
    meanings = []
    for place, (named, (some, shorter)) in enumerate(zip(document, found, strict=True)):
        if not some:
            meanings.append(alone[place])
            continue
        others = set().union(*(w for i, w in enumerate(words) if i != place)) if len(some) > 1 else set()
        support = [
            _company(candidate, company, together, weights) + weights.word * _own_words(candidate, words[place], others)
            for candidate in some
        ]
        meanings.append(_decide(named, some, support, shorter, weights))
    return meanings


def _candidates(named: Named, known: Mapping[str, Sequence[Candidate]]) -> tuple[Sequence[Candidate], bool]:
    """Those of the first key that has any, and whether that is a shorter form of the name."""
    keys = keys_of(named)
    for place, key in enumerate(keys):
        some = [
            candidate
            for candidate in known.get(key, ())
            if (named.geonames_id is None or candidate.geonames_id in (None, named.geonames_id))
            and not (place > 0 and named.type == "PER" and _contradicts(named, candidate))
        ]
        if some:
            return some[:MOST_CANDIDATES], place > 0
    return (), False


def _contradicts(named: Named, candidate: Candidate) -> bool:
    """S. Jayasuriya is no Kumara Jayasuriya."""
    initials = _initials(named)
    return bool(initials) and key_of(candidate.name)[:1] != initials[0] and " " in key_of(candidate.name)


def _decide(
    named: Named, some: Sequence[Candidate], support: Sequence[float], shorter: bool, weights: Weights
) -> Meaning:
    if not some:
        return Meaning(None, 1.0)
    scores = [
        math.log(max(candidate.prior, 1e-6))
        + weights.other_type * (candidate.type not in (named.type, None))
        + weights.shorter_form * shorter
        + more
        for candidate, more in zip(some, support, strict=True)
    ]
    nobody = weights.nobody
    if len(named.name.split()) == 1:
        nobody += weights.nobody_bare * (named.type == "PER") + weights.nobody_short * (len(named.name) <= 3)
    most = max(*scores, nobody)
    total = sum(math.exp(score - most) for score in (*scores, nobody))
    best = max(range(len(some)), key=lambda place: (scores[place], some[place].qid))
    if nobody > scores[best]:
        return Meaning(None, round(math.exp(nobody - most) / total, 2))
    return Meaning(some[best], round(math.exp(scores[best] - most) / total, 2))


def _company(candidate: Candidate, company: Mapping[str, Candidate], together: Together, weights: Weights) -> float:
    others = [other for qid, other in company.items() if qid != candidate.qid]
    related = sum(other.qid in candidate.related or candidate.qid in other.related for other in others)
    shared = sum(together.association(candidate.qid, other.qid) for other in others)
    return weights.related * math.log1p(related) + weights.together * math.log1p(
        10 * shared / math.sqrt(len(others) or 1)
    )


def _own_words(candidate: Candidate, own: Collection[str], others: Collection[str]) -> float:
    """Share of the words of its full name, beyond those that the name has, which other names of the document have."""
    more = [word for word in key_of(candidate.name).split() if word not in own and len(word) > 2]
    return sum(word in others for word in more) / len(more) if more else 0.0


def shares(weighted: Sequence[tuple[Candidate, float]]) -> list[Candidate]:
    """The candidates of one name with their shares of its uses, in order. Priors that sum to more than 1 are counts."""
    total = max(1.0, sum(weight for _, weight in weighted))
    ordered = sorted(weighted, key=lambda pair: (-pair[1], pair[0].qid))
    return [
        Candidate(c.qid, c.name, c.type, weight / total, c.geonames_id, c.related)
        for c, weight in ordered
        if weight > 0
    ]


def learn(documents: Iterator[Sequence[str]]) -> dict[tuple[str, str], int]:
    """What `Together` is made of. `documents`: the items that each names for sure."""
    counts: dict[tuple[str, str], int] = {}
    for items in documents:
        distinct = sorted(set(items))
        for first in distinct:
            for second in distinct:
                counts[first, second] = counts.get((first, second), 0) + 1
    return counts
