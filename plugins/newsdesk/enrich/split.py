"""A span that holds more than one name → the names: "Macron and Merkel", "Perth 1 Dundee 2"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from newsdesk.enrich.gazetteer import Gazetteer
from newsdesk.enrich.reading import Reading
from newsdesk.enrich.spans import Span

_BETWEEN = re.compile(r"\s+[-–—/|]+\s+|\s*[;:]\s+|\s+(?:v|vs|versus)\.?\s+")
_SLASH = re.compile(r"\s+/\s+")  # "Troyes - Barberey" is one place in French
_AND = {
    "en": re.compile(r",?\s+(?:and|with)\s+|,\s+"),
    "fr": re.compile(r",?\s+(?:et|avec)\s+|,\s+"),
    "es": re.compile(r",?\s+[ye]\s+|,\s+"),
}
_SCORE = re.compile(r"\s+\d{1,3}(?:\s+(?=[A-Z])|$)")
_SHORTEST = 3  # characters of a part


def split(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """Each span, or in its place its parts; all keep its label. Only persons are parted at "and", titles of works never."""
    return [part for span in spans for part in _parts(reading, span)]


def _parts(reading: Reading, span: Span) -> Iterator[Span]:
    name = reading.cased[span.start : span.end]
    if span.type == "MISC":
        yield span
        return
    breaks = list((_BETWEEN if reading.language == "en" else _SLASH).finditer(name))
    if span.type == "PER" and reading.language in _AND:
        breaks += _AND[reading.language].finditer(name)
    if len(scores := list(_SCORE.finditer(name))) > 1:
        breaks += scores
    if not breaks:
        yield span
        return
    start = 0
    for match in sorted(breaks, key=lambda match: match.start()):
        if match.start() < start:
            continue
        yield from _part(name, span, start, match.start())
        start = match.end()
    yield from _part(name, span, start, len(name))


def _part(name: str, span: Span, start: int, end: int) -> Iterator[Span]:
    part = name[start:end]
    if len(part) >= _SHORTEST and any(map(str.isupper, part)):
        yield replace(span, start=span.start + start, end=span.start + end)
