"""Names that the model missed, and the rules know: places of the gazetteer, acronyms that a text introduces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from newsdesk.enrich.gazetteer import Gazetteer, Place
from newsdesk.enrich.names import acronyms, fold
from newsdesk.enrich.reading import Reading, Word
from newsdesk.enrich.spans import Span, Taken
from newsdesk.enrich.words import CALENDAR, PLACE_PREPOSITIONS, SMALL_WORDS

_INNER = {"of", "and", "the", "de", "la", "le", "les", "du", "des", "del", "et", "sur", "upon"}
_RUN_MOST = 6  # words of a place's name
_ACRONYM = re.compile(r"\s?\(([A-Z][A-Za-z.&-]{1,9})\)")
_DATE = re.compile(r",? \d{1,4}[-/ ]|,? [A-Z]\w+ \d|,? \(|\s+[–—-]")  # what a dateline goes on with
LARGE_CITY = 100_000  # inhabitants


def add_places(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """`spans`, and the countries, regions and large cities that stand in the text by themselves.

    By itself: no other capital word touches it. A span that is only a part of the place's name gives way to it.
    """
    taken = Taken(spans)
    for start, end in capital_runs(reading):
        name = reading.cased[start:end]
        over = taken.over(start, end)
        if any(span.start < start or span.end > end or (span.start, span.end) == (start, end) for span in over):
            continue
        if len(over) > 1 or (over and over[0].type not in ("LOC", "MISC", "ORG", "PER")):
            continue
        if (place := _certain(gazetteer.of(name))) and _stands_for_itself(reading, start, end, place):
            taken.drop(over)
            taken.add(Span(start, end, "GPE" if place.kind != "wider" else "LOC"))
    return taken.in_order()


def _certain(places: Sequence[Place]) -> Place | None:
    """The place that a name means by itself: a country, a region, a large city."""
    return places[0] if places and (places[0].kind != "city" or places[0].population >= LARGE_CITY) else None


def _stands_for_itself(reading: Reading, start: int, end: int, place: Place) -> bool:
    """It is no common word at a sentence's beginning; and a city stands where cities do: "in …", "(…)", a dateline."""
    name = reading.cased[start:end]
    lower = name.lower()
    if (
        (len(name) < 4 and not name.isupper())
        or lower in reading.lower_words
        or lower in SMALL_WORDS.get(reading.language, ())
    ):
        return False
    if place.kind != "city":
        return True
    before = reading.cased[max(0, start - 12) : start]
    return bool(
        _DATE.match(reading.cased, end)
        or (before.endswith("(") and reading.cased[end : end + 1] in "),")
        or before.rstrip(" ").rpartition(" ")[2].rpartition("\n")[2].lower()
        in PLACE_PREPOSITIONS.get(reading.language, ())
    )


def capital_runs(reading: Reading) -> Iterator[tuple[int, int]]:
    """(start, end) of each longest run of words with a capital, one blank or hyphen apart; a dotted abbreviation with its dot."""
    run: list[Word] = []
    for word in [*reading.words, None]:
        if run and (word is None or not _goes_on(reading, run[-1], word)):
            while not run[-1].text[0].isupper():
                run.pop()
            if len(run) <= _RUN_MOST:
                yield run[0].start, _with_dot(reading, run[-1].end)
            run = []
        if word is None:
            return
        if run or (word.text[0].isupper() and word.text.lower() not in CALENDAR.get(reading.language, ())):
            run.append(word)


def _goes_on(reading: Reading, last: Word, word: Word) -> bool:
    gap = reading.cased[last.end : word.start]
    if gap not in (" ", "-", ". ", ".") or (gap == ". " and len(last.text) > 2) or (gap == "." and len(last.text) > 1):
        return False
    if word.text.lower() in CALENDAR.get(reading.language, ()):
        return False
    return word.text[0].isupper() or (word.text in _INNER and last.text not in _INNER)


def _with_dot(reading: Reading, end: int) -> int:
    return end + 1 if reading.cased[end : end + 1] == "." and reading.cased[end - 2 : end - 1] in (".", "") else end


def add_acronyms(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """`spans`, and the short form that an organisation's name is followed by: "… Purchasing Management (NAPM)"."""
    taken = Taken(spans)
    for span in spans:
        match = _ACRONYM.match(reading.cased, span.end)
        if not match or span.type not in ("ORG", "MISC", "PER", "LOC"):
            continue
        if fold(match.group(1)) not in acronyms(fold(reading.cased[span.start : span.end])):
            continue
        over = taken.over(*match.span(1))
        if all((old.start, old.end) == match.span(1) for old in over):
            taken.drop(over)
            taken.add(Span(match.start(1), match.end(1), span.label))
    return taken.in_order()
