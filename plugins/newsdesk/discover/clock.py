"""Dates that are only the clock's: some endpoints date every link with the moment of the request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from newsdesk.model import Link

NEAR = timedelta(minutes=2)  # a date so near to the request is the request's own
MOST = 0.8  # of the dated links
LEAST = 3  # dates; fewer may be near by chance


def without_clock(links: Sequence[Link], now: datetime) -> tuple[Link, ...]:
    """The links of an answer of `now` without such dates: where nearly all tell that moment, none means it."""
    links = tuple(links)
    if _is_clock([link.published for link in links], now):
        links = tuple(replace(link, published=None) for link in links)
    if _is_clock([link.updated for link in links], now):
        links = tuple(replace(link, updated=None) for link in links)
    return links


def _is_clock(dates: Sequence[datetime | None], now: datetime) -> bool:
    told = [date for date in dates if date]
    return len(told) >= LEAST and sum(abs(date - now) < NEAR for date in told) >= MOST * len(told)
