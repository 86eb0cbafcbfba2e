"""Dates as the newsrooms write them: for machines, for feeds, for readers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from .labels import LABELS
from .outlets import DateStyle, Outlet

# The wording of feeds is English whatever the locale of the machine: no strftime for names.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

PRECISIONS: dict[DateStyle, str] = {
    "second": "second",
    "minute": "minute",
    "local_minute": "minute",
    "day": "day",
}


def local_time(outlet: Outlet, text: str) -> datetime:
    """The aware instant of a story's local time such as "2026-03-02T07:41:12"."""
    zone = timezone(timedelta(hours=outlet.utc_offset))
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def utc(outlet: Outlet, text: str) -> datetime:
    """The same instant in UTC, as precise as the outlet's pages tell it."""
    when = local_time(outlet, text)
    if outlet.dates == "day":
        when = when.replace(hour=0, minute=0, second=0)
    elif outlet.dates != "second":
        when = when.replace(second=0)
    return when.astimezone(UTC)


def for_machines(outlet: Outlet, text: str) -> str:
    """The date as the outlet's article pages write it in attributes and metadata."""
    when = local_time(outlet, text)
    if outlet.dates == "day":
        return when.date().isoformat()
    if outlet.dates == "local_minute":
        return when.replace(tzinfo=None).isoformat(timespec="minutes")
    return when.isoformat(timespec="minutes" if outlet.dates == "minute" else "seconds")


def for_readers(outlet: Outlet, text: str) -> str:
    """The date in words of the outlet's language, such as "2 March 2026, 07:41"."""
    when = local_time(outlet, text)
    day = LABELS[outlet.language].date.format(day=when.day, month=LABELS[outlet.language].march, year=when.year)
    return day if outlet.dates == "day" else f"{day}, {when:%H:%M}"


def for_rss(outlet: Outlet, text: str) -> str:
    """RFC 822, with the outlet's zone name where it uses one."""
    when = local_time(outlet, text)
    zone = outlet.feed_zone or f"{when:%z}"
    return f"{_DAYS[when.weekday()]}, {when.day:02d} {_MONTHS[when.month - 1]} {when.year} {when:%H:%M:%S} {zone}"


def for_http(text: str) -> str:
    """An HTTP date (always GMT) from ISO 8601 in UTC without offset."""
    when = datetime.fromisoformat(text)
    return f"{_DAYS[when.weekday()]}, {when.day:02d} {_MONTHS[when.month - 1]} {when.year} {when:%H:%M:%S} GMT"
