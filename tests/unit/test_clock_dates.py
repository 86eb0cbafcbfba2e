"""Dates that are only the moment of the request are taken out, others stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from newsdesk.discover.clock import without_clock
from newsdesk.model import Link

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
OLD = NOW - timedelta(days=1)


@pytest.mark.parametrize(
    ("ages", "stay"),
    [
        ([0, 1, -1], False),  # seconds
        ([119, 0, 0], False),
        ([121, 0, 0], True),
        ([0, 0], True),  # two may be near by chance
        ([0, 0, 0, 0, 90_000], False),
        ([0, 0, 0, 90_000], True),
    ],
)
def test_dates_stay_unless_nearly_all_are_of_the_request(ages: Sequence[int], stay: bool) -> None:
    dates = [NOW - timedelta(seconds=age) for age in ages]
    links = [Link(f"https://a.example/{at}", published=date, updated=OLD) for at, date in enumerate(dates)]
    found = without_clock([*links, Link("https://a.example/undated")], NOW)
    assert [link.published for link in found] == [*(dates if stay else [None] * len(dates)), None]
    assert [link.updated for link in found] == [*([OLD] * len(dates)), None]
