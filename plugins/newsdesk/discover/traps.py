"""Addresses without end: what a crawler must not walk into, told by the address alone.

After the rules of Heritrix (PathologicalPathDecideRule, TooManyPathSegmentsDecideRule), with calendars, sort orders
and session ids beside them. The rules are for `url_key`: what the key already drops (`;jsessionid=`, `PHPSESSID`) is
no trap any more.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

LONGEST = 1_500  # characters of a key; slugs in percent-escaped scripts reach about 900
DEEPEST = 15  # path segments; articles have at most about 9
REPEATS = 3  # of a group of segments in a row

_SORTING = frozenset(
    {"sort", "sortby", "sort_by", "sortorder", "sort_order", "orderby", "order_by", "sortdir", "sort_dir"}
)
_SESSION = re.compile(r"(?:[a-z]*sess(?:ion)?[_-]?(?:id|key)?|s_?id)", re.IGNORECASE)
_SESSION_VALUE = re.compile(r"[0-9a-z_-]{16,}", re.IGNORECASE)
_SESSION_SEGMENT = re.compile(
    r"\((?:[a-z]\([0-9a-z]{16,}\))+\)", re.IGNORECASE
)  # ASP.NET: /(S(lit3py55t21z5v55vlm25s55))/
_CALENDAR_NAMES = frozenset(
    "calendar calendars calendrier calendario kalender agenda events event evenements eventos veranstaltungen termine".split()
)
_TIME_PARAMETERS = frozenset(
    "year month day week date yr mon mm yyyy dd cal calendar start end from_date to_date start_date end_date ical "
    "tribe-bar-date eventdate eventdisplay jahr monat annee mois jour ano mes dia".split()
)
_TIME_VALUE = re.compile(r"\d{1,4}(?:[-/.]\d{1,2}){0,2}|[a-z]{3,9}", re.IGNORECASE)
_DATE_SEGMENT = re.compile(r"\d{1,4}(?:-\d{1,2}){0,2}|month|week|day|list|today", re.IGNORECASE)


def trap_of(key: str) -> str | None:
    """Why the address is taken for a trap, in words; None for one that is not.

    A path in which a group of segments stands three times in a row, or too deep; one longer than any article's; a
    calendar's page (a calendar's name and only dates behind it, or parameters of time); another order of a list; a
    visitor's session.
    """
    if len(key) > LONGEST:
        return f"the address has {len(key):,} characters, more than {LONGEST:,}"
    parts = urlsplit(key)
    segments = [unquote(part).lower() for part in parts.path.split("/") if part]
    if len(segments) > DEEPEST:
        return f"the path is {len(segments)} segments deep, more than {DEEPEST}"
    if repeated := _repeated(segments):
        return f"the path repeats {repeated!r}"
    parameters = [(name.lower(), value) for name, value in parse_qsl(parts.query, keep_blank_values=True)]
    if any(_SESSION_SEGMENT.fullmatch(part) for part in segments):
        return "the path carries a session id"
    for name, value in parameters:
        if _SESSION.fullmatch(name) and _SESSION_VALUE.fullmatch(value) and any(map(str.isdigit, value)):
            return f"the parameter {name!r} carries a session id"
        if name in _SORTING:
            return f"another order of a list, by the parameter {name!r}"
    return _calendar(segments, parameters)


def _repeated(segments: list[str]) -> str | None:
    """The group of segments that stands REPEATS times in a row; one more for numbers, which dates are made of."""
    for length in range(1, len(segments) // REPEATS + 1):
        for start in range(len(segments) - length * REPEATS + 1):
            group = segments[start : start + length]
            times = REPEATS + all(part.isdigit() for part in group)
            if segments[start : start + length * times] == group * times:
                return "/".join(group)
    return None


def _calendar(segments: list[str], parameters: list[tuple[str, str]]) -> str | None:
    of_time = [name for name, value in parameters if name in _TIME_PARAMETERS and _TIME_VALUE.fullmatch(value)]
    named = next((at for at, part in enumerate(segments) if part in _CALENDAR_NAMES), None)
    # `?year=2024&month=5&id=4711` may be an article's.
    if (len(of_time) >= 2 and len(of_time) == len(parameters)) or (of_time and named is not None):
        return f"a calendar's page, by the parameter {of_time[0]!r}"
    if named is not None and (behind := segments[named + 1 :]) and all(map(_DATE_SEGMENT.fullmatch, behind)):
        return f"a calendar's page: only dates behind {segments[named]!r}"
    return None
