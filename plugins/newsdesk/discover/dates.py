"""Dates as feeds and sitemaps write them: W3C date-times (ISO 8601) and RFC 5322. Always aware, in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_ISO = re.compile(
    r"(\d{4})(?:-(\d\d?)(?:-(\d\d?)(?:(?:T|\s+)(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(?:(Z|UTC|GMT)|([+-])(\d\d):?(\d\d)?)?)?)?)?",
    re.ASCII | re.IGNORECASE,
)


def parse_date(text: str | None) -> datetime | None:
    """The moment `text` tells; None where it tells none, or none for sure (`01/05/2024`).

    A missing zone is UTC; missing parts are the earliest (`2024-05`: 1 May, midnight); 24:00 is the next day's 00:00.
    """
    if not text or len(text) > 100:
        return None
    text = text.strip()
    iso = _ISO.fullmatch(text)
    try:
        return _from_iso(iso) if iso else _from_rfc5322(text)
    except (ValueError, OverflowError):  # no such day, or out of datetime's range
        return None


def _from_iso(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second = (int(part) if part else None for part in match.groups()[:6])
    sign, zone_hours, zone_minutes = match[8], match[9], match[10]
    offset = timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0)) * (-1 if sign == "-" else 1)
    return _moment(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0, offset)


def _from_rfc5322(text: str) -> datetime | None:
    parts = parsedate_tz(text)
    if parts is None:
        return None
    year, month, day, hour, minute, second = parts[:6]
    return _moment(year, month, day, hour, minute, second, timedelta(seconds=parts[9] or 0))


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int, offset: timedelta) -> datetime:
    if year < 1970 or hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        raise ValueError("no such moment, or none that the web can have published at")
    start = datetime(year, month, day, tzinfo=timezone(offset))
    return (start + timedelta(hours=hour, minutes=minute, seconds=second)).astimezone(UTC)
