"""What stands beside a name, or within it, and tells its type against the model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from newsdesk.enrich.gazetteer import Gazetteer
from newsdesk.enrich.names import fold, has_organisation_word
from newsdesk.enrich.reading import Reading
from newsdesk.enrich.spans import Span
from newsdesk.enrich.words import PLACE_FIRST, PLACE_LAST, PLACE_PREPOSITIONS

_WHOLE = {"country", "wider"}  # what plays under its own name
_NATIONS = {"GB-ENG", "GB-SCT", "GB-WLS", "GB-NIR"}
_TEAM_BEFORE = re.compile(r"\b(?:v|vs|beat|defeated|thrashed)\.?\s$")
_TEAM_AFTER = re.compile(
    r" (?:v|vs|beat|defeated|thrashed) |(?P<score>,? \d{1,3}(?![\d/%-]|\.\d|,\d{3}))(?=,? [A-Z\d(]|[.;]?\n|$)"
)
_NUMBER = re.compile(r"(?<![\w.-])\d{1,3}(?![\w%]|\.\d|,\d{3})")


def drop_common_words(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """Without what is a word of the language: one word at a sentence's beginning that the document has small as well."""
    return [
        span
        for span in spans
        if " " in (name := reading.cased[span.start : span.end])
        or name.lower() not in reading.lower_words
        or not reading.starts_sentence(span.start)
    ]


def type_by_place_words(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """What ends or begins as only places do ("… River", "Mount …") is one."""
    return [replace(span, label="LOC") if _has_place_word(reading, span) else span for span in spans]


def _has_place_word(reading: Reading, span: Span) -> bool:
    if reading.language != "en" or span.type == "LOC" or span.label in ("EVENT", "WORK_OF_ART"):
        return False
    words = fold(reading.cased[span.start : span.end]).split()
    return len(words) > 1 and (words[-1] in PLACE_LAST or words[0] in PLACE_FIRST)


def type_by_preposition(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """An organisation or a person that stands where places do ("in …") is one, if it may be by its name."""
    return [replace(span, label="GPE") if _stands_as_place(reading, span, gazetteer) else span for span in spans]


def _stands_as_place(reading: Reading, span: Span, gazetteer: Gazetteer) -> bool:
    name = reading.cased[span.start : span.end]
    if span.type not in ("ORG", "PER") or name.isupper() or has_organisation_word(fold(name)):
        return False
    before = reading.cased[max(0, span.start - 16) : span.start].split()
    if before and before[-1] == "the":
        before.pop()
    if not before or before[-1].lower() not in PLACE_PREPOSITIONS.get(reading.language, ()):
        return False
    return bool(gazetteer.of(name)) or (span.type == "ORG" and " " not in name and before[-1] in ("in", "near"))


def type_by_gazetteer(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """A country, a region is a place; who is called after a country is a people, no organisation and no person."""
    return [replace(span, label=_known_label(reading, span, gazetteer)) for span in spans]


def _known_label(reading: Reading, span: Span, gazetteer: Gazetteer) -> str:
    name = reading.cased[span.start : span.end]
    places = gazetteer.of(name)
    if places and places[0].kind != "city" and span.type != "LOC":
        return "GPE" if places[0].country else "LOC"
    if not places and span.type in ("ORG", "PER", "LOC") and gazetteer.country_of(name):
        return "NORP"
    return span.label


def type_teams(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """A city or a region that plays ("Leeds 1 Sunderland 0", "v Kent") is a team; countries stay what they are."""
    return [replace(span, label="ORG") if _plays(reading, span, gazetteer) else span for span in spans]


def _plays(reading: Reading, span: Span, gazetteer: Gazetteer) -> bool:
    if span.type not in ("LOC", "PER") or reading.language != "en":
        return False
    places = gazetteer.of(reading.cased[span.start : span.end])
    if not places or places[0].kind in _WHOLE or places[0].iso_code in _NATIONS:
        return False
    if _TEAM_BEFORE.search(reading.cased, max(0, span.start - 10), span.start):
        return True
    match = _TEAM_AFTER.match(reading.cased, span.end)
    return match is not None and (match["score"] is None or len(_NUMBER.findall(_line(reading, span))) >= 2)


def _line(reading: Reading, span: Span) -> str:
    end = reading.cased.find("\n", span.end)
    return reading.cased[reading.cased.rfind("\n", 0, span.start) + 1 : end if end >= 0 else len(reading.cased)]
