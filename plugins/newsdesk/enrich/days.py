"""Days in a text → the days meant: "on Wednesday", "February 6", "in December", as of the day of publication.

News leaves the year out, and says weekdays of the week around it. So a day without a year is the nearest one to the
publication; a weekday is the last one up to it, with "next", or "will" before it in the sentence, the next one after.
What names no day by itself, or cannot be told without a publication day, is not marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from newsdesk.months import MONTHS, normal

_WEEKDAYS = {
    "en": "monday tuesday wednesday thursday friday saturday sunday",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
}
_MONTHS = {
    "en": """january february march april may june july august september october november december
        jan feb mar apr jun jul aug sep sept oct nov dec""",
    "fr": """janvier février fevrier mars avril mai juin juillet août aout septembre octobre novembre décembre decembre
        janv févr avr juil sept oct nov déc""",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
_NEAR_DAYS = {
    "en": {"yesterday": -1, "today": 0, "tomorrow": 1},
    "fr": {"hier": -1, "aujourd'hui": 0, "aujourd’hui": 0, "demain": 1},
    "es": {"ayer": -1, "hoy": 0},
}
_NEXT = re.compile(r"\b(?:next|prochaine?|próximo|coming)\s*$|^\s+(?:prochaine?|próximo)\b", re.IGNORECASE)
_LAST = re.compile(r"\b(?:last|dernière?|pasado|past)\s*$|^\s+(?:dernière?|pasado)\b", re.IGNORECASE)
_FUTURE = re.compile(
    r"\b(?:will|shall|due|expected|scheduled|to be held|sera|seront|aura|auront|doit|doivent|devra)\b", re.IGNORECASE
)
_IN_MONTH = {
    "en": re.compile(r"\b(?:in|since|by|until|of|from|last|next|early|late|mid|during|to)[ -]$", re.IGNORECASE),
    "fr": re.compile(r"\b(?:en|depuis|fin|début|mi|de|dès|d['’])[ -]?$", re.IGNORECASE),
    "es": re.compile(r"\b(?:en|de|desde|hasta)\s$", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Day:
    """text[start:end] means `value`: ISO 8601, as exact as `precision`: day, month."""

    start: int
    end: int
    value: str
    precision: str


def days(text: str, language: str, published: date | None) -> Iterator[Day]:
    """The days and months that `text` names, in order. Languages: en, fr, es; others give none."""
    if language not in _WEEKDAYS:
        return
    for match in _pattern(language).finditer(text):
        if (meant := _meant(match, text, language, published)) is not None:
            yield Day(match.start(), match.end(), *meant)


@cache
def _pattern(language: str) -> re.Pattern[str]:
    months = "|".join(sorted(_MONTHS[language].split(), key=len, reverse=True))
    weekdays = "|".join(_WEEKDAYS[language].split())
    near = "|".join(map(re.escape, _NEAR_DAYS[language]))
    day = r"(?:0?[1-9]|[12]\d|3[01])"
    year = r"(?:,?\s(?:de\s)?(?P<{}>(?:1[5-9]|20)\d\d)\b)?"
    return re.compile(
        rf"(?<![\w-])(?:(?P<iso>(?:1[5-9]|20)\d\d-\d\d-\d\d)(?!\w)"
        rf"|(?P<m1>{months})\b\.?\s(?P<d1>{day})(?:st|nd|rd|th)?(?![\w:%]|[.,]\d){year.format('y1')}"
        rf"|(?P<d2>{day})(?:st|nd|rd|th|er)?\s(?:de\s)?(?P<m2>{months})\b{year.format('y2')}"
        rf"|(?P<m3>{months})\b(?:\.?,?\s(?:de\s)?(?P<y3>(?:1[5-9]|20)\d\d)\b)?"
        rf"|(?P<weekday>{weekdays})\b"
        rf"|(?P<near>{near})\b)",
        re.IGNORECASE,
    )


def _meant(match: re.Match[str], text: str, language: str, published: date | None) -> tuple[str, str] | None:
    if match["iso"]:
        return _iso(*(int(part) for part in match["iso"].split("-")))
    if month_name := match["m1"] or match["m2"]:
        return _day_of_month(int(match["d1"] or match["d2"]), month_name, match["y1"] or match["y2"], published)
    if match["m3"]:
        return _month(match, text, language, published)
    if published is None:
        return None
    if match["near"]:
        return (published + timedelta(_NEAR_DAYS[language][match["near"].lower()])).isoformat(), "day"
    weekday = _WEEKDAYS[language].split().index(match["weekday"].lower())
    return _weekday(weekday, published, *_around(match, text)).isoformat(), "day"


def _around(match: re.Match[str], text: str) -> tuple[bool, bool]:
    """(the coming one is meant, the one before is meant) by the words around."""
    before = text[max(0, match.start() - 12) : match.start()]
    after = text[match.end() : match.end() + 12]
    sentence = re.split(r"[.!?\n]\s", text[max(0, match.start() - 120) : match.start()])[-1]
    coming = bool(_NEXT.search(before) or _NEXT.search(after) or _FUTURE.search(sentence))
    return coming, bool(_LAST.search(before) or _LAST.search(after))


def _weekday(weekday: int, published: date, coming: bool, past: bool) -> date:
    """The last such day up to the publication, itself included; the one after it; with "last", the one before it."""
    ahead = (weekday - published.weekday()) % 7
    if past:
        return published + timedelta(ahead - 7)
    if coming:
        return published + timedelta(ahead or 7)
    return published + timedelta(ahead - 7 if ahead else 0)


def _day_of_month(day: int, month_name: str, year: str | None, published: date | None) -> tuple[str, str] | None:
    month = MONTHS[normal(month_name)]
    if year is not None:
        return _iso(int(year), month, day)
    if published is None:
        return None
    near = [meant for meant in (_iso(published.year + more, month, day) for more in (-1, 0, 1)) if meant]
    return min(near, key=lambda meant: abs((date.fromisoformat(meant[0]) - published).days), default=None)


def _month(match: re.Match[str], text: str, language: str, published: date | None) -> tuple[str, str] | None:
    """A month alone needs its year or a preposition: May and March are words and names as well."""
    month = MONTHS[normal(match["m3"])]
    if match["y3"]:
        return f"{int(match['y3']):04}-{month:02}", "month"
    if language == "en" and not match["m3"][0].isupper():
        return None
    before = text[max(0, match.start() - 10) : match.start()]
    if published is None or not _IN_MONTH[language].search(before):
        return None
    coming, past = _around(match, text)
    apart = (month - published.month) % 12  # months ahead, 0..11
    if coming and not past:
        year = published.year + (published.month + apart > 12)
    else:
        year = published.year - (month > published.month) if past or apart > 2 or not coming else published.year
    return f"{year:04}-{month:02}", "month"


def _iso(year: int, month: int, day: int) -> tuple[str, str] | None:
    try:
        return date(year, month, day).isoformat(), "day"
    except ValueError:  # 30 February
        return None
