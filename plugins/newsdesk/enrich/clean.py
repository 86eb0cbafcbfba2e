"""What a model marked → the name itself, and one type for one name in a document.

Models mark "the Freedom Front's", "President Assad", "Philadelphia Eagles 37-10"; a table wants names that compare.
The rules are about how names are written, not about which names there are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from newsdesk.enrich.gazetteer import Gazetteer
from newsdesk.enrich.reading import Reading
from newsdesk.enrich.spans import Span
from newsdesk.enrich.words import PARTICLES, TITLE_FIRST, TITLES

_ARTICLES = {
    "en": re.compile(r"(?:the|a|an|this|that|its|their|his|her)\s+", re.IGNORECASE),
    "fr": re.compile(r"(?:(?:le|la|les|un|une|du|des|de|au|aux|en|et)\s+|[ld]['’])"),
    "es": re.compile(r"(?:el|la|los|las|un|una|del|de|al)\s+"),
}
_EDGE = " \t\u00a0\"'`«»“”‘’„()[]{}<>.,;:!?*•·|/\\-–—_=+#&@"
_TRAILING_NUMBER = re.compile(r"\s+[\d(][\d\W]*(?:st|nd|rd|th|e|er)?$")
_SCORE = re.compile(r"\s+[\d(]\d*[\W\d]+\d+$")  # but "Channel 4", "Interstate 95"
_POSSESSIVE = re.compile(r"\s?['’`]s?$|(?<=[sS])['’]$")
_SHORT_FORM = re.compile(r"(?:\b\w\.)+$|^\w{1,5}\.$|\b(?:Inc|Corp|Co|Ltd|Jr|Sr|St|Bros|Cos|Plc)\.$")
_NUMBERED = frozenset({"EVENT", "PRODUCT", "WORK_OF_ART", "LAW", "MISC"})  # "Fantasia 2000" is a name


def clean(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """The spans cut down to the name; those of which nothing is left are gone. Order kept, no overlap made."""
    cut = (_cut(reading.cased, span, reading.language) for span in spans)
    return [span for span in cut if span is not None]


def _cut(text: str, span: Span, language: str) -> Span | None:
    start, end = _first_line(text, span.start, span.end)
    before = None
    while before != (start, end):  # one cut uncovers the next: the President's "…"
        before = (start, end)
        start, end = _strip_edges(text, start, end)
        if span.label != "WORK_OF_ART" or text[start : start + 1].islower():  # "The Curse of …" begins with its article
            start = _skip_article(text, start, end, language)
        end = _drop_tail(text, start, end, span, language)
        if span.type == "PER":
            start = _skip_titles(text, start, end, language)
        elif span.type == "LOC" and language == "en":  # "united Germany"; but "mer Noire" is the sea's name
            start = _skip_lower_case(text, start, end)
    name = text[start:end]
    if not any(char.isalpha() for char in name) or (name.islower() and not _has_caseless(name)):
        return None
    if len(name) == 1 and name.isascii():
        return None
    return replace(span, start=start, end=end)


def _first_line(text: str, start: int, end: int) -> tuple[int, int]:
    """A name does not run on over a line's end: what stands first counts."""
    while start < end and text[start].isspace():
        start += 1
    stop = text.find("\n", start, end)
    return start, end if stop < 0 else stop


def _strip_edges(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGE:
        start += 1
    while start < end and text[end - 1] in _EDGE and not _is_short_form(text, start, end):
        if text[end - 1] == ")" and "(" in text[start:end]:
            break
        end -= 1
    opened = text.rfind("(", start, end)
    if opened > start and ")" not in text[opened:end]:
        end = opened
    return start, end


def _is_short_form(text: str, start: int, end: int) -> bool:
    """The full stop belongs to the name: U.S., J.R., Calif., Inc.; at a line's end it may be the sentence's."""
    if text[end - 1] != ".":
        return False
    match = _SHORT_FORM.search(text[start:end])
    return match is not None and ("." in match.group()[:-1] or text[end : end + 1] not in ("", "\n"))


def _skip_article(text: str, start: int, end: int, language: str) -> int:
    pattern = _ARTICLES.get(language)
    match = pattern.match(text, start, end) if pattern else None
    return match.end() if match and match.end() < end else start


def _drop_tail(text: str, start: int, end: int, span: Span, language: str) -> int:
    name = text[start:end]
    possessive = _POSSESSIVE.search(name)
    if possessive and possessive.start() > 0:
        return start + possessive.start()
    if span.label not in _NUMBERED:
        number = (_SCORE if span.label in ("ORG", "FAC") else _TRAILING_NUMBER).search(name)
        if number and number.start() > 0:
            return start + number.start()
    if span.type == "PER" or (language == "en" and span.label not in ("WORK_OF_ART", "EVENT", "LAW")):
        words = name.split(" ")
        while len(words) > 1 and words[-1].islower() and not _has_caseless(words[-1]):
            words.pop()
        return start + len(" ".join(words))
    return end


def _skip_titles(text: str, start: int, end: int, language: str) -> int:
    """President, Prime Minister, Mr.: the office is not the name. A title alone stays what it is."""
    titles = TITLES.get(language, frozenset())
    while True:
        word, space, rest = text[start:end].partition(" ")
        bare = word.rstrip(".").lower()
        followed = rest.partition(" ")[0].rstrip(".").lower()
        is_title = bare in titles or (bare in TITLE_FIRST and followed in titles)
        is_plain = word.islower() and bare not in PARTICLES and not _has_caseless(word)
        if not space or not rest.strip() or not (is_title or is_plain):
            return start
        start += len(word) + 1


def _skip_lower_case(text: str, start: int, end: int) -> int:
    while True:
        word, space, rest = text[start:end].partition(" ")
        if not space or not word.islower() or word in PARTICLES or rest.islower() or _has_caseless(word):
            return start
        start += len(word) + 1


def _has_caseless(name: str) -> bool:
    """Letters of a script without capitals: lower case says nothing there."""
    return any(char.isalpha() and not char.isupper() and not char.islower() for char in name)
