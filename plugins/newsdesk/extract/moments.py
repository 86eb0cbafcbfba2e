"""Times as pages write them: in machine form (ISO 8601, RFC 2822, epoch) or in words, in some 60 languages.

A time without a zone is read in the zone given. A day without a time, or with the midnight that programs put there, is
midnight UTC of that day with precision `day`, whatever the zone, so that the day can be read off the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from newsdesk.months import MONTHS, normal

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
MAX_LENGTH = 160  # characters of a text that may hold a written date
WIDEST_ZONE = timedelta(hours=14)  # ahead of UTC
_ISO = re.compile(
    r"(?P<y>\d{4})[-/.]?(?P<m>\d{2})[-/.]?(?P<d>\d{2})"
    r"(?:[T\s]+(?P<H>\d{1,2})[:.h]?(?P<M>\d{2})(?:[:.](?P<S>\d{2})(?:[.,]\d+)?)?\s*(?P<z>Z|UTC|GMT|[+\u2212-]\d{1,2}(?::?\d{2})?(?::\d{2})?)?)?\s*\Z",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?\Z")
_YEAR_FIRST = re.compile(
    r"(?<![\d./-])(?P<y>(?:19|20)\d\d)\s?[-/.年년]\s?(?P<m>\d{1,2})\s?[-/.月월]\s?(?P<d>\d{1,2})(?!\d)"
)
_YEAR_LAST = re.compile(r"(?<![\d./-])(?P<a>\d{1,2})\s?(?P<by>[./-])\s?(?P<b>\d{1,2})\s?(?P=by)\s?(?P<y>(?:19|20)?\d\d)(?![\d./-]\d|\d)")  # fmt: skip
# `3. März 2026`, `3 de marzo de 2026`, `3rd of March, 2026`; `March 3rd, 2026`. The word between is looked up.
_DAY_NAME = re.compile(r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|ª|-?го)?[.,]?\s{0,2}(?:de\s|of\s|d[’'])?\s?(?P<name>[^\W\d_]{2,20}|[^\s\d,./]{2,20})[.,’']{0,2}\s?(?:de\s|del\s)?\s?(?P<y>(?:19|20)\d\d)(?!\d)")  # fmt: skip
_NAME_DAY = re.compile(r"(?P<name>[^\W\d_]{2,20})\.?\s{0,2}(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s{1,2}(?P<y>(?:19|20)\d\d)(?!\d)")  # fmt: skip
_CLOCK = re.compile(r"(?<![\d:.])(?P<H>\d{1,2})(?:[:：.](?P<M>\d\d)(?:[:：](?P<S>\d\d))?|\s?h\s?(?P<Mh>\d\d)?|(?=\s?[ap]\.?m))(?![\d:])\s?(?P<half>[ap])?(?:\.?m\b)?", re.IGNORECASE)  # fmt: skip
# What Java writes of itself: `Mon Oct 11 14:57:21 CEST 2021`; its zones are put as RFC 2822 knows them.
_JAVA = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d:\d\d:\d\d) ([A-Z]{1,4}) (\d{4})\Z")
_JAVA_ZONES = {"CET": "+0100", "CEST": "+0200", "MEZ": "+0100", "MESZ": "+0200", "WET": "+0000", "WEST": "+0100", "EET": "+0200",
               "EEST": "+0300", "MSK": "+0300", "JST": "+0900", "KST": "+0900"}  # fmt: skip
_AMBIGUOUS = re.compile(r"\s*\d{1,2}[/-]\d{1,2}[/-]\d{4}\b")
_INVARIANT = re.compile(r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d\Z")  # what .NET writes where no culture is set: month first


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as a page tells it."""

    at: datetime  # UTC
    precision: str  # second, minute, day
    offset: timedelta | None  # east of UTC, where the page itself told the zone
    source: str
    day: date  # as the page calls it: in the zone it told, else in the source's

    @property
    def zoned(self) -> bool:
        """The page itself told the zone."""
        return self.offset is not None


def zone_of(name: str | None) -> tzinfo:
    """The zone of this IANA name; UTC without one, and for a name that is none: it stands in a file of the operator's."""
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, ValueError, OSError):  # OSError: a folder of zones, such as America
        return UTC


def read_time(raw: str, zone: tzinfo = UTC, *, month_first: bool = False) -> tuple[datetime, str, bool] | None:
    """(instant in the zone it is told in, precision, zone told) of what a machine wrote; None for any other text.

    A day has midnight UTC. Dates in words are read too: publishers' systems write them into attributes.
    """
    raw = raw.strip()
    if _EPOCH.match(raw):
        return datetime.fromtimestamp(int(raw[:10]), UTC), "second", True
    if java := _JAVA.match(raw):
        month, day, clock, name, year = java.groups()
        raw = f"Mon, {day} {month} {year} {clock} {_JAVA_ZONES.get(name, name)}"
    try:
        if found := _ISO.match(raw):
            return _from_iso(found, zone)
        parsed = parsedate_to_datetime(raw) if len(raw) <= MAX_LENGTH and "," in raw and ":" in raw else None
    except (ValueError, TypeError, OverflowError, IndexError):
        parsed = None
    if parsed is not None:
        told = parsed.tzinfo is not None
        return (parsed if told else parsed.replace(tzinfo=zone)), "second", told
    written = dates_in(raw, month_first or bool(_INVARIANT.match(raw)))
    if not written:
        return None
    _, _, at, precision = written[0]
    return at.replace(tzinfo=UTC if precision == "day" else zone), precision, False


def dates_in(text: str, month_first: bool = False) -> list[tuple[int, int, datetime, str]]:
    """(start, end, naive local time, precision) of each date in a short text, in order."""
    if len(text) > MAX_LENGTH or not any(char.isdigit() for char in text):
        return []
    found: list[tuple[int, int, datetime, str]] = []
    for start, end, (year, month, day) in sorted(_days(text, month_first)):
        if found and start < found[-1][1]:
            continue
        try:
            at = datetime(year, month, day)  # noqa: DTZ001 - the caller knows the zone
        except ValueError:
            continue
        at, precision = _with_clock(at, text[end : end + 25])
        found.append((start, end, at, precision))
    return found


def _days(text: str, month_first: bool) -> Iterator[tuple[int, int, tuple[int, int, int]]]:
    for match in _YEAR_FIRST.finditer(text):
        yield *match.span(), (int(match["y"]), int(match["m"]), int(match["d"]))
    for match in _YEAR_LAST.finditer(text):
        if len(match["y"]) == 2 and match["by"] != "/" and len(match["a"] + match["b"]) < 4:
            continue  # a version, a time, a score
        yield *match.span(), _year_last(match, month_first)
    for pattern in (_DAY_NAME, _NAME_DAY):
        for match in pattern.finditer(text):
            if month := MONTHS.get(normal(match["name"]).rstrip(".")):
                yield *match.span(), (int(match["y"]), month, int(match["d"]))


def _with_clock(day: datetime, behind: str) -> tuple[datetime, str]:
    clock = _CLOCK.search(behind)
    if clock is None:
        return day, "day"
    hour, minute = int(clock["H"]), int(clock["M"] or clock["Mh"] or 0)
    half = (clock["half"] or "").lower()
    hour = hour % 12 + (12 if half == "p" else 0) if half and hour <= 12 else hour
    try:
        return day.replace(hour=hour, minute=minute, second=int(clock["S"] or 0)), "second" if clock["S"] else "minute"
    except ValueError:  # figures that are no clock
        return day, "day"


def _year_last(match: re.Match[str], month_first: bool) -> tuple[int, int, int]:
    first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
    year += 2000 if year < 100 else 0
    if second > 12 or (month_first and match["by"] == "/" and first <= 12):
        return year, first, second
    return year, second, first


def _from_iso(found: re.Match[str], zone: tzinfo) -> tuple[datetime, str, bool]:
    year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
    if found["H"] is None:
        return datetime(year, month, day, tzinfo=UTC), "day", False
    hour, minute, second = int(found["H"]), int(found["M"]), int(found["S"] or 0)
    if hour == minute == second == 0:
        return datetime(year, month, day, tzinfo=UTC), "day", False  # a day that a program padded
    told = _offset(found["z"]) if found["z"] else zone
    at = datetime(year, month, day, hour, minute, second, tzinfo=told)
    return at, "second" if found["S"] else "minute", found["z"] is not None


def _offset(text: str) -> timezone:
    if text[0].isalpha():
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = (
        (int(digits), 0)
        if len(digits) <= 2
        else (int(digits[:-2]), int(digits[-2:]))
        if len(digits) <= 4
        else (int(digits[:2]), int(digits[2:4]))
    )
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(offset if text[0] == "+" else -offset)


def moment_of(
    raw: str | None, source: str, zone: tzinfo, limit: datetime | None, *, month_first: bool = False
) -> Moment | None:
    """What `raw` tells, if that lies between EARLIEST and `limit`, the time of the fetch."""
    if not raw:
        return None
    moment = _between(raw, source, zone, limit, month_first)
    if moment is None and limit is not None and _AMBIGUOUS.match(raw):
        return _between(raw, source, zone, limit, not month_first)  # as that it lies in the future
    return moment


def _between(raw: str, source: str, zone: tzinfo, limit: datetime | None, month_first: bool) -> Moment | None:
    try:
        told = read_time(raw, zone, month_first=month_first)
        if told is None:
            return None
        local, precision, zoned = told
        at, day = local.astimezone(UTC), local.date()
    except OverflowError:  # the year 9999 in another zone
        return None
    if at < EARLIEST:
        return None
    if limit is not None and at > limit:
        # Local time read as UTC, most likely: the day is good, the hour is not.
        at = datetime(at.year, at.month, at.day, tzinfo=UTC)
        if local.astimezone(UTC) - limit > WIDEST_ZONE or at > limit:
            return None
        return Moment(at, "day", None, source, at.date())
    return Moment(at, precision, local.utcoffset() if zoned else None, source, day)
