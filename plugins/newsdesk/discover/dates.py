"""Dates as feeds and sitemaps write them: W3C date-times (ISO 8601), RFC 5322, and what else is met in the wild.

Always aware, in UTC. A date is either certain or None: `01/05/2024` is May to one half of the world and January
to the other. Each step looks at no more than MAX_LENGTH characters, so no text costs time.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from newsdesk.months import MONTHS, normal

MAX_LENGTH = 100  # characters; no date is longer

_ZONE = r"(?:(Z|UTC|GMT|UT)|([+-])(\d\d):?(\d\d)?)?"
_ISO = re.compile(
    rf"(\d{{4}})(?:-(\d\d?)(?:-(\d\d?)(?:(?:T|\s+)(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*{_ZONE})?)?)?",
    re.ASCII | re.IGNORECASE,
)
_ISO_BASIC = re.compile(
    rf"(\d{{4}})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(?:[.,]\d+)?\s*{_ZONE})?", re.ASCII | re.IGNORECASE
)
_RFC = re.compile(
    rf"(?:[A-Za-z]{{2,9}},\s*)?(\d\d?)\s+([A-Za-z]{{3,9}})\s+(\d{{4}})\s+(\d\d?):(\d\d)(?::(\d\d))?\s*{_ZONE}", re.ASCII
)
_EPOCH = re.compile(r"(\d{10})(?:\d{3}|\.\d+)?", re.ASCII)  # seconds, or milliseconds

_IN_BRACKETS = re.compile(r"\([^()]*\)")
_TIME = re.compile(r"(?<![\d:])(\d{1,2})(?:[:：](\d\d)(?:[:：](\d\d)(?:[.,]\d+)?)?|\s?h\s?(\d\d))(?![\d:])", re.IGNORECASE)  # fmt: skip
_FULL_HOUR = re.compile(r"(?<![\d:./-])(\d{1,2})()()()\s?(?=[ap]\.?m\b)", re.IGNORECASE)
_OFFSET = re.compile(r"([+\-−])(\d{1,2}):?(\d\d)?(?!\d)")
_PLACE = re.compile(r"\b[A-Z][A-Za-z]{2,20}(?:/[A-Z][A-Za-z_]{2,30}){1,2}\b", re.ASCII)  # Europe/Paris
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s*[-/.年년]\s*(\d{1,2})\s*[-/.月월]\s*(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4})(?!\d)")
_VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2})\s+tháng\s+(\d{1,2}),?\s+(?:năm\s+)?(\d{4})(?!\d)", re.IGNORECASE)
# Not \w: in Indic and Thai words it ends before a vowel sign.
_TOKEN = re.compile(r"\d+|[^\s\d.,;:/()|\-–—−'’`´\"“”«»\[\]]+")

# Hours east of Greenwich. Of names with two meanings the one of RFC 5322 (EST, CST …), else the commoner: IST is
# India's, BST Britain's summer.
_ZONE_HOURS: dict[str, float] = {
    **dict.fromkeys(("z", "gmt", "utc", "ut", "wet"), 0),
    **dict.fromkeys(("bst", "cet", "mez", "wat", "west"), 1),
    **dict.fromkeys(("cest", "mesz", "eet", "cat", "sast"), 2),
    **dict.fromkeys(("eest", "msk", "eat", "trt", "idt"), 3),
    "irst": 3.5, "msd": 4, "gst": 4, "pkt": 5, "uzt": 5, "ist": 5.5, "npt": 5.75, "bdt": 6, "mmt": 6.5,
    **dict.fromkeys(("ict", "wib"), 7),
    **dict.fromkeys(("hkt", "sgt", "myt", "pht", "awst", "wita"), 8),
    **dict.fromkeys(("jst", "kst", "wit"), 9),
    "acst": 9.5, "aest": 10, "acdt": 10.5, "aedt": 11, "nzst": 12, "nzdt": 13,
    "hst": -10, "akst": -9, "akdt": -8, "pst": -8, "pdt": -7, "mst": -7, "mdt": -6, "cst": -6, "cdt": -5,
    "est": -5, "edt": -4, "ast": -4, "adt": -3, "clt": -4, "art": -3, "brt": -3, "brst": -2, "nst": -3.5, "ndt": -2.5,
}  # fmt: skip
_MORNING = frozenset({"am", "오전", "上午", "午前", "πμ"})
_EVENING = frozenset({"pm", "오후", "下午", "午後", "μμ"})
_DOTTED_HALF = re.compile(r"\b([apπμ])\.\s?([mμ])\b\.?", re.IGNORECASE)
_BUDDHIST_ERA = 543  # years ahead of the common one; what Thai dates count in


def parse_date(text: str | None, *, epoch: bool = False) -> datetime | None:
    """The moment `text` tells; None where it tells none, or none for sure (`01/05/2024`).

    With `epoch`, which feeds need and sitemaps must not have, also seconds or milliseconds since 1970.

    A missing zone is UTC; missing parts are the earliest (`2024-05`: 1 May, midnight); 24:00 is the next day's 00:00.
    """
    if not text or len(text) > 4 * MAX_LENGTH:
        return None
    text = text.strip()
    return _read(text, epoch) if len(text) <= MAX_LENGTH else None


@lru_cache(maxsize=1_024)  # the pages of a sitemap and the entries of a feed share days, and one build's very second
def _read(text: str, epoch: bool) -> datetime | None:
    try:
        rfc = _RFC.fullmatch(text)
        if rfc and (month := MONTHS.get(rfc[2].lower())):
            return _from_parts((rfc[3], str(month), rfc[1], *rfc.groups()[3:]))
        iso = _ISO.fullmatch(text) or _ISO_BASIC.fullmatch(text)
        if iso:
            return _from_parts(iso.groups())
        if since := _EPOCH.fullmatch(text):
            return datetime.fromtimestamp(int(since[1]), UTC) if epoch else None
        return _from_words(text)
    except (ValueError, OverflowError):  # no such day, or out of datetime's range
        return None


def _from_parts(parts: tuple[str | None, ...]) -> datetime:
    """Of year, month, day, hour, minute, second, name of the zone (always Greenwich's), sign, its hours and minutes."""
    year, month, day, hour, minute, second = (int(part) if part else None for part in parts[:6])
    offset = timedelta(hours=int(parts[8] or 0), minutes=int(parts[9] or 0)) * (-1 if parts[7] == "-" else 1)
    return _moment(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0, offset)


def _from_words(text: str) -> datetime | None:
    """Any order and language: first the time and the zone behind it are taken out, then the day is sought."""
    text = _DOTTED_HALF.sub(r"\1\2", _IN_BRACKETS.sub(" ", text))
    time = _TIME.search(text) or _FULL_HOUR.search(text)
    before, after = (text[: time.start()], text[time.end() :]) if time else (text, "")
    zone = _OFFSET.search(after)
    place = _PLACE.search(after)
    # `2024 -0400`: behind the time stands either the zone, or a date that may have signs in it.
    if zone and not _YEAR_FIRST.search(after) and not _YEAR_LAST.search(after):
        offset = timedelta(hours=int(zone[2][:2]), minutes=int(zone[3] or 0)) * (1 if zone[1] == "+" else -1)
        after = after[: zone.start()] + " " + after[zone.end() :]
    else:
        after = _PLACE.sub(" ", after)
        offset = timedelta(hours=next((_ZONE_HOURS[word] for word in _words(after) if word in _ZONE_HOURS), 0))
    day = _day(f"{before} {after}")
    if day is None:
        return None
    hour, minute, second = (int(time[1]), int(time[2] or time[4] or 0), int(time[3] or 0)) if time else (0, 0, 0)
    halves = set(_words(text)) if time else set()
    if halves & _EVENING and 1 <= hour < 12:
        hour += 12
    elif halves & _MORNING and hour == 12:
        hour = 0
    moment = _moment(*day, hour, minute, second, offset)
    return _in_zone(moment, place[0]) if place and not zone else moment


def _in_zone(moment: datetime, place: str) -> datetime:
    """`moment`, which was read as UTC, as the clock of an IANA zone shows it; as it is where there is no such zone."""
    try:
        return moment.replace(tzinfo=ZoneInfo(place)).astimezone(UTC)
    except (KeyError, ValueError, OSError):  # no such name; a folder's name
        return moment


def _words(text: str) -> list[str]:
    return [normal(token) for token in _TOKEN.findall(text)]


def _day(text: str) -> tuple[int, int, int] | None:
    """Year, month, day of a text without its time."""
    if found := _YEAR_FIRST.search(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _VIETNAMESE.search(text):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _YEAR_LAST.search(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        # With dots the day always comes first; else only a number that is no month tells which is which.
        if found[2] == "." or first > 12 or first == second:
            return year, second, first
        return (year, first, second) if second > 12 else None
    return _day_with_month_name(text)


def _day_with_month_name(text: str) -> tuple[int, int, int] | None:
    words = _words(text)
    numbers = [(at, word) for at, word in enumerate(words) if word.isdecimal()]
    months = [
        (at, month)
        for at, word in enumerate(words)
        if (month := MONTHS.get(word) or MONTHS.get(" ".join(words[at : at + 2])))
    ]
    if not months or not 1 <= len(numbers) <= 2:
        return None
    # The last: a weekday may look like a month and stands before it (`mar.`, Tuesday in French).
    at, month = months[-1]
    between = words[numbers[0][0] + 1 : numbers[-1][0]]
    if at < numbers[0][0] and any(len(word) >= 3 for word in between):
        return None  # the month's name is where the day's would be, and an unknown one stands in its place
    if len(numbers) == 1:
        day, year = 1, numbers[0][1]
        if len(year) != 4:
            return None
    else:
        day, year = int(numbers[0][1]), numbers[1][1]
        if len(numbers[0][1]) == 4:  # 2024 május 1.
            day, year = int(numbers[1][1]), numbers[0][1]
    return _full_year(year), month, day


def _full_year(written: str) -> int:
    """RFC 5322 4.3 for two digits; the Buddhist era for what is centuries ahead."""
    year = int(written)
    if len(written) == 2:
        return year + (2000 if year < 50 else 1900)
    return year - _BUDDHIST_ERA if year >= 2400 else year


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int, offset: timedelta) -> datetime:
    if year < 1970 or hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        raise ValueError("no such moment, or none that the web can have published at")
    start = datetime(year, month, day, tzinfo=timezone(offset))
    return (start + timedelta(hours=hour, minutes=minute, seconds=second)).astimezone(UTC)
