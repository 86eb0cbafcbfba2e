"""When an endpoint is worth its next visit: by its own rhythm, by what the server asks, within bounds.

The rhythm is the rate of new links a day, an exponentially weighted mean over time (time constant `MEMORY`): after a
poll that found `new` links since the last one, `elapsed` days ago,

    rate = w · rate + (1 - w) · new / elapsed,    w = exp(-elapsed / MEMORY)

which a late poll moves more than an early one, so that the mean does not depend on how often was asked. The first
poll has no `elapsed`: the rate is read off the dates of the links, or, where they have none, begins with the one that
asks for a visit an hour. The next visit comes when `AIM` new links are
expected, and no later than `GROWTH` times the last pause, so that one quiet night does not put off the morning's news.
Where every link of a full list was new, others may have been pushed out unseen: the pause is halved, whatever the rate.

The server's own word is a lower bound: `ttl`, `skipHours` and `skipDays` of RSS, and how long the answer stays fresh (RFC 9111: max-age before
Expires, less its Age). It is capped at the largest pause, since many a cache says a year for everything.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from newsdesk.model import Link, Response

AIM = 2.0  # new links that a visit should find
MEMORY = timedelta(days=3)
GROWTH = 1.5
# New links a day; fewer are none. Else a year without any leaves a number that no column holds.
LEAST = 1e-6
UNKNOWN = timedelta(hours=1)  # the pause of an endpoint that tells no dates, until its rhythm is seen
FULL = 10  # links; a list of fewer may be new as a whole
A_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)

_DIRECTIVE = re.compile(r'([\w-]+)(?:\s*=\s*"?(\d+))?')


@dataclass(frozen=True, slots=True)
class Bounds:
    """The pauses that the operator allows."""

    least: timedelta
    most: timedelta


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is known of an endpoint's rhythm. `per_day` None: nothing is known yet."""

    per_day: float | None = None
    pause: timedelta | None = None  # between the last two visits that worked


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visit that worked found."""

    links: int  # named by it; 0 for an answer that was as before
    new: int
    elapsed: timedelta | None  # since the last visit that worked; None: this was the first
    dated_per_day: float | None = None  # by the dates of the links


@dataclass(frozen=True, slots=True)
class Next:
    """When to come again, and the reason as the operator reads it."""

    pause: timedelta
    per_day: float | None
    why: str


def next_visit(before: Rhythm, seen: Seen, asked: timedelta | None, bounds: Bounds) -> Next:
    """The pause until the next visit. `asked`: the server's lower bound, see `asked_pause`."""
    per_day = _rate(before, seen)
    if per_day is None:
        pause, why = UNKNOWN, "its rhythm is not known yet"
    elif per_day * bounds.most / A_DAY <= AIM:
        pause, why = bounds.most, f"{per_day:.1f} new a day"
    else:
        pause, why = A_DAY * (AIM / per_day), f"{per_day:.1f} new a day, {AIM:g} a visit are aimed at"
    if before.pause and pause > before.pause * GROWTH:
        pause, why = before.pause * GROWTH, f"{why}; not more than {GROWTH:g} times the last pause"
    if before.pause and seen.elapsed and seen.links >= FULL and seen.new == seen.links:
        pause, why = min(pause, before.pause / 2), f"all {seen.links} links were new, so some may have been missed"
    if pause < bounds.least:
        pause, why = bounds.least, f"{why}; the least pause"
    elif pause > bounds.most:
        pause, why = bounds.most, f"{why}; the largest pause"
    if asked and min(asked, bounds.most) > pause:
        pause, why = min(asked, bounds.most), f"the server asks for {_words(asked)}"
    return Next(pause, per_day, why)


def _rate(before: Rhythm, seen: Seen) -> float | None:
    if before.per_day is None and seen.dated_per_day is not None:
        return seen.dated_per_day
    if seen.elapsed is None:
        return before.per_day  # without dates, all of a first visit's links are new and say nothing
    start = before.per_day if before.per_day is not None else AIM * (A_DAY / UNKNOWN)
    weight = math.exp(-seen.elapsed / MEMORY)
    rate = weight * start + (1 - weight) * seen.new / _days(seen.elapsed)
    return rate if rate >= LEAST else 0.0


def _days(elapsed: timedelta) -> float:
    return max(elapsed, timedelta(minutes=1)) / A_DAY


def dated_per_day(links: Sequence[Link], now: datetime) -> float | None:
    """Links a day by their dates of publication: those of the last week, over the time that the list reaches back.

    None where fewer than two links are dated. What is dated later than `now` counts as of now.
    """
    dates = sorted(min(link.published, now) for link in links if link.published)
    if len(dates) < 2:
        return None
    recent = [date for date in dates if date > now - _WEEK]
    if not recent:
        return 0.0
    # A list that reaches back further than the week has all of the week's links.
    span = _WEEK if len(recent) < len(dates) else now - recent[0]
    return len(recent) / max(span / A_DAY, 1 / 24)


def asked_pause(response: Response, ttl: timedelta | None) -> timedelta | None:
    """How long the server wants its answer to be used: the longer one of the feed's ttl and the answer's freshness."""
    asked = [pause for pause in (ttl, freshness(response)) if pause and pause > timedelta(0)]
    return max(asked, default=None)


def past_quiet(then: datetime, hours: frozenset[int], days: frozenset[int]) -> datetime:
    """`then`, or the next full hour that the feed does not ask to be left alone in (skipHours, skipDays of RSS; UTC).

    `hours`: 0 to 23, `days`: 0 is Monday. A feed that asks for all of them is not believed.
    """
    if not hours and not days:
        return then
    later = then
    for _ in range(8 * 24):
        if later.hour not in hours and later.weekday() not in days:
            return later
        later = later.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return then


def freshness(response: Response) -> timedelta | None:
    """How long the answer stays fresh (RFC 9111, 4.2); None where it says nothing or that it is stale at once."""
    directives = dict(_DIRECTIVE.findall((response.header("Cache-Control") or "").lower()))
    if {"no-cache", "no-store"} & directives.keys():
        return None
    age = timedelta(seconds=_seconds(response.header("Age")) or 0)
    if (most := _seconds(directives.get("max-age"))) is not None:  # 5.3: Expires is ignored then
        return _positive(timedelta(seconds=most) - age)
    expires = _http_date(response.header("Expires"))
    if expires is None:
        return None
    return _positive(expires - (_http_date(response.header("Date")) or response.fetched_at) - age)


def _seconds(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text[:9]) if text.isascii() and text.isdigit() else None


def _http_date(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime((text or "").strip()[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _positive(pause: timedelta) -> timedelta | None:
    return pause if pause > timedelta(0) else None


def _words(pause: timedelta) -> str:
    minutes = pause / timedelta(minutes=1)
    return f"{minutes:.0f} minutes" if minutes < 120 else f"{minutes / 60:.0f} hours"
