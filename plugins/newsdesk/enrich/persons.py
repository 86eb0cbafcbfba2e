"""Persons that the model missed or took for something else, told by how a person's name is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from newsdesk.enrich.gazetteer import Gazetteer
from newsdesk.enrich.given_names import GIVEN_NAMES
from newsdesk.enrich.missed import capital_runs
from newsdesk.enrich.names import fold, has_organisation_word
from newsdesk.enrich.reading import Reading
from newsdesk.enrich.spans import Span, Taken
from newsdesk.enrich.words import NO_SURNAME, SMALL_WORDS, TITLES

# "G. W. Bush", "J.-P. Sartre", "U. von der Leyen": initials and a surname
_INITIALS = re.compile(
    r"(?<![\w.])(?P<first>(?:[A-Z]\.(?: |-(?=[A-Z]\.))?){1,3})(?:(?:van|von|de|der|den|al|el|la|le|du) |al-|el-)*[A-Z](?:[’']?[\w-]+)(?:[’'](?!s\b)\w+)*"
)
_COUNTRY = re.compile(r"\s\(([A-Z][\w. ]{1,30})\)(?=[,;]?(?:\n| \d| beat |$))")
_PERSON = "PERSON"


def add_initialled(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """`spans`, and each "G. W. Bush" whole, whatever the model made of its parts."""
    taken = Taken(spans)
    for match in _INITIALS.finditer(reading.cased):
        over = taken.over(*match.span())
        if any(
            span.start < match.start()
            or span.end > match.end()
            or (span.type == "PER" and span.end - span.start == len(match.group()))
            for span in over
        ):
            continue
        if (
            match.group()[0].lower() in TITLES.get(reading.language, ())
            or gazetteer.of(match["first"].strip())
            or gazetteer.of(match.group().replace(" ", "") + ".")
        ):
            continue
        taken.drop(over)
        taken.add(Span(*match.span(), _PERSON))
    return taken.in_order()


def type_by_given_name(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """`spans`, where one of two or three words that begins with a given name is a person, and further such runs."""
    taken = Taken([_by_given_name(reading, span, gazetteer) for span in spans])
    for start, end in capital_runs(reading):
        if not taken.over(start, end) and _is_person(reading, reading.cased[start:end], gazetteer):
            taken.add(Span(start, end, _PERSON))
    return taken.in_order()


def _by_given_name(reading: Reading, span: Span, gazetteer: Gazetteer) -> Span:
    name = reading.cased[span.start : span.end]
    if (
        reading.language == "en"
        and span.type in ("ORG", "LOC")
        and name.istitle()
        and fold(name) in GIVEN_NAMES
        and not gazetteer.of(name)
    ):
        return replace(span, label=_PERSON)
    if span.type not in ("ORG", "LOC", "MISC") or not _is_person(
        reading, reading.cased[span.start : span.end], gazetteer
    ):
        return span
    return replace(span, label=_PERSON)


def _is_person(reading: Reading, name: str, gazetteer: Gazetteer) -> bool:
    words = fold(name).split()
    if not 2 <= len(words) <= 3 or words[0] not in GIVEN_NAMES or not all(word[0].isalpha() for word in words):
        return False
    if not all(part[0].isupper() for part in re.split(r"[ -]", name) if part) or any(char in name for char in "&/:"):
        return False
    lower = words[-1]
    return not (
        lower in NO_SURNAME or gazetteer.of(name) or lower in SMALL_WORDS.get(reading.language, ())
        or lower in reading.lower_words or lower in TITLES.get(reading.language, ())
    )  # fmt: skip


def add_by_country(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """`spans`, and who stands before a country in brackets: "Björn Borg (Sweden)", as results have it."""
    taken = Taken(spans)
    for start, end in capital_runs(reading):
        match = _COUNTRY.match(reading.cased, end)
        if not match or not (places := gazetteer.of(match.group(1))) or places[0].kind == "city":
            continue
        words = reading.cased[start:end].split()
        over = taken.over(start, end)
        if (
            len(words) in (2, 3)
            and all((span.start >= start and span.end <= end) for span in over)
            and not has_organisation_word(fold(" ".join(words)))
        ):
            if any((span.start, span.end) == (start, end) for span in over):
                continue
            taken.drop(over)
            taken.add(Span(start, end, _PERSON))
    return taken.in_order()
