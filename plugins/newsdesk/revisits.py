"""When an article is looked at again: at certain ages, counted from when its URL was found first.

An hour, a day and a week old by default (`NEWSDESK_REVISITS`, or a source's own `revisit`): most corrections come within
the first hours, and what comes later is told by the endpoints, whose word makes a visit at once. The ages are the same for
all articles of a source, however often it corrects: a site that never corrected until now is looked at as often.
A page's own dates have no say, since they may be wrong or missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_AGE = re.compile(r"([1-9]\d{0,4})([mhdw])\Z")

DEFAULT_AGES = (timedelta(hours=1), timedelta(days=1), timedelta(days=7))


def read_ages(written: Iterable[str]) -> tuple[timedelta, ...]:
    """`1h`, `90m`, `1d`, `2w` as times, ascending, each once. ValueError names what is none of these."""
    return tuple(sorted({_read(age) for age in written}))


def _read(age: str) -> timedelta:
    found = _AGE.match(age)
    if found is None:
        raise ValueError(f"{age!r} is not an age such as 90m, 1h, 1d or 2w")
    return int(found[1]) * _UNITS[found[2]]


def write_age(age: timedelta) -> str:
    """As `read_ages` reads it; parts of a minute are left out."""
    for unit in "wdhm":
        if age % _UNITS[unit] == timedelta(0):
            return f"{age // _UNITS[unit]}{unit}"
    return f"{max(1, age // _UNITS['m'])}m"
