"""One label for one name in a document: what the model said each time, and what speaks for a type by itself."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from newsdesk.enrich.clean import TYPES, Span
from newsdesk.enrich.gazetteer import Gazetteer
from newsdesk.enrich.names import fold, has_organisation_word
from newsdesk.enrich.reading import Reading
from newsdesk.enrich.words import PLACE_PREPOSITIONS


def vote(reading: Reading, spans: Sequence[Span]) -> list[Span]:
    """The most frequent label of each name; ties go to the earlier.

    A surname takes the type of the full name that stands in the same document, and a name that ends like an
    organisation ("… Corp", "… University") is one whatever the model says.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for span in spans:
        counts[fold(reading.cased[span.start : span.end])][span.label] += 1
    label_of = {name: found.most_common(1)[0][0] for name, found in counts.items()}
    for name, label in label_of.items():
        if TYPES[label] in ("PER", "LOC") and has_organisation_word(name):
            label_of[name] = "ORG"
    person_called = {
        name.split()[-1]: label for name, label in label_of.items() if TYPES[label] == "PER" and " " in name
    }
    for name in label_of:
        label_of[name] = person_called.get(name, label_of[name])
    return [replace(span, label=label_of[fold(reading.cased[span.start : span.end])]) for span in spans]


def know_places(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """A country, a region is a place; who is called after a country is a people, not an organisation or a person."""
    known = []
    for span in spans:
        name = reading.cased[span.start : span.end]
        places = gazetteer.of(name)
        if places and places[0].kind != "city" and span.type != "LOC":
            span = replace(span, label="GPE" if places[0].country else "LOC")
        elif span.type in ("ORG", "PER", "LOC") and gazetteer.country_of(name) and not places:
            span = replace(span, label="NORP")
        known.append(span)
    return known


_TEAM_BEFORE = re.compile(r"(?:\bv|\bvs|\bbeat|\bdefeated|\bthrashed)\.?\s$")
_TEAM_AFTER = re.compile(r" (?:v|vs|beat|defeated|thrashed) |(?:,? \d{1,3}(?![\d/%-]|\.\d|,\d{3}))(?: |,|\n|$)")
_NUMBER = re.compile(r"(?<![\w.-])\d{1,3}(?![\w%]|\.\d|,\d{3})")


def teams(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """A city or a region that plays ("Leeds 1 Sunderland 0", "v Kent") is a team; countries stay what they are."""
    return [replace(span, label="ORG") if _plays(reading, span, gazetteer) else span for span in spans]


def _plays(reading: Reading, span: Span, gazetteer: Gazetteer) -> bool:
    if span.type not in ("LOC", "PER") or reading.language != "en":
        return False
    name = reading.cased[span.start : span.end]
    places = gazetteer.of(name)
    if not places or places[0].kind in ("country", "wider") or places[0].iso_code in ("GB-ENG", "GB-SCT", "GB-WLS", "GB-NIR"):
        return False
    if _TEAM_BEFORE.search(reading.cased, max(0, span.start - 10), span.start):
        return True
    match = _TEAM_AFTER.match(reading.cased, span.end)
    if not match:
        return False
    end = reading.cased.find("\n", span.end)
    start = reading.cased.rfind("\n", 0, span.start) + 1
    line = reading.cased[start : end if end >= 0 else len(reading.cased)]
    return not match.group().strip(" ,\n").isdigit() or len(_NUMBER.findall(line)) >= 2


def in_places(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    found = []
    for span in spans:
        name = reading.cased[span.start : span.end]
        before = reading.cased[max(0, span.start - 16) : span.start].split()
        if before and before[-1] == "the":
            before.pop()
        if (
            span.type in ("ORG", "PER") and before and before[-1].lower() in PLACE_PREPOSITIONS.get(reading.language, ()) 
            and not name.isupper() and not has_organisation_word(fold(name))
            and (gazetteer.of(name) or (span.type == "ORG" and before[-1] in ("in", "near")and " " not in name))
        ):
            span = replace(span, label="GPE")
        found.append(span)
    return found


def common_words(reading: Reading, spans: Sequence[Span]) -> list[Span]:
    """Without what is a word of the language: at a sentence's beginning, and small elsewhere in the document."""
    return [
        span
        for span in spans
        if " " in (name := reading.cased[span.start : span.end])
        or name.lower() not in reading.lower_words
        or not reading.starts_sentence(span.start)
    ]
