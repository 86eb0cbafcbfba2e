"""An endpoint's next visit follows its own rhythm and the server's word, within the operator's bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.discover.rhythm import (
    AIM,
    GROWTH,
    UNKNOWN,
    Bounds,
    Rhythm,
    Seen,
    asked_pause,
    dated_per_day,
    freshness,
    next_visit,
    past_quiet,
)
from newsdesk.model import Link, Response

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
BOUNDS = Bounds(timedelta(minutes=5), timedelta(hours=6))


def answer(**headers: str) -> Response:
    told = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Response("u", "u", 200, told, b"", NOW, 0.1)


def test_the_first_pause_comes_from_the_dates_of_the_links() -> None:
    hourly = [Link(f"u{n}", published=NOW - n * HOUR) for n in range(1, 49)]
    per_day = dated_per_day(hourly, NOW)
    assert per_day == pytest.approx(24, rel=0.05)
    then = next_visit(Rhythm(), Seen(48, 48, None, per_day), None, BOUNDS)
    assert then.pause == pytest.approx(2 * HOUR, rel=0.05)  # when two new ones are expected


def test_without_dates_the_first_pause_is_a_fixed_one() -> None:
    assert next_visit(Rhythm(), Seen(20, 20, None), None, BOUNDS).pause == UNKNOWN


@pytest.mark.parametrize("per_day", [10, 40, 150])
def test_polls_come_to_find_about_as_many_new_links_as_aimed_at(per_day: float) -> None:
    pause, rate, arrived = UNKNOWN, None, 0.0
    found = []
    days = 0.0
    while days < 15:
        days += pause / timedelta(days=1)
        arrived += per_day * (pause / timedelta(days=1))
        new, arrived = int(arrived), arrived % 1
        then = next_visit(Rhythm(rate, pause), Seen(30, new, pause), None, BOUNDS)
        pause, rate = then.pause, then.per_day
        found.append(new)
    assert rate == pytest.approx(per_day, rel=0.15)
    assert sum(found[-50:]) / 50 == pytest.approx(AIM, rel=0.25)


def test_the_rate_does_not_depend_on_how_often_was_asked() -> None:
    rates = []
    for times in (1, 100):
        rhythm = Rhythm(20.0, HOUR)
        for _ in range(times):
            then = next_visit(rhythm, Seen(0, 0, timedelta(days=1) / times), None, BOUNDS)
            rhythm = Rhythm(then.per_day, HOUR)
        rates.append(rhythm.per_day)
    assert rates[0] == pytest.approx(rates[1])


def test_one_quiet_night_does_not_put_off_the_morning() -> None:
    then = next_visit(Rhythm(5.0, HOUR), Seen(30, 0, 8 * HOUR), None, BOUNDS)
    assert then.pause <= GROWTH * HOUR


def test_a_list_that_is_wholly_new_is_asked_for_sooner() -> None:
    then = next_visit(Rhythm(5.0, 2 * HOUR), Seen(20, 20, 2 * HOUR), None, BOUNDS)
    assert then.pause <= HOUR
    assert "missed" in then.why


def test_the_servers_word_is_a_lower_bound_and_is_capped() -> None:
    busy = Rhythm(500.0, timedelta(minutes=6))
    seen = Seen(30, 2, timedelta(minutes=6))
    assert next_visit(busy, seen, timedelta(minutes=30), BOUNDS).pause == timedelta(minutes=30)
    assert next_visit(busy, seen, timedelta(minutes=1), BOUNDS).pause < timedelta(minutes=30)
    assert next_visit(busy, seen, timedelta(days=365), BOUNDS).pause == BOUNDS.most


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache_Control": "public, max-age=600"}, 600),
        ({"Cache_Control": 'max-age="600"', "Age": "200"}, 400),
        ({"Cache_Control": "max-age=600", "Age": "900"}, None),
        ({"Cache_Control": "no-cache, max-age=600"}, None),
        ({"Cache_Control": "max-age=0", "Expires": "Fri, 01 May 2026 13:00:00 GMT"}, None),
        ({"Expires": "Fri, 01 May 2026 13:00:00 GMT", "Date": "Fri, 01 May 2026 12:30:00 GMT"}, 1800),
        ({"Expires": "Fri, 01 May 2026 13:00:00 GMT"}, 3600),
        ({"Expires": "0"}, None),
        ({"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, None),
        ({"Cache_Control": "max-age=99999999999999999999"}, 999999999),
        ({}, None),
    ],
)
def test_how_long_an_answer_stays_fresh(headers: dict[str, str], seconds: int | None) -> None:
    assert freshness(answer(**headers)) == (None if seconds is None else timedelta(seconds=seconds))


def test_of_ttl_and_freshness_the_longer_one_counts() -> None:
    assert asked_pause(answer(Cache_Control="max-age=600"), timedelta(minutes=60)) == HOUR
    assert asked_pause(answer(Cache_Control="max-age=7200"), timedelta(minutes=60)) == 2 * HOUR
    assert asked_pause(answer(), None) is None


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20))
def test_no_header_raises(cache_control: str, expires: str, age: str) -> None:
    freshness(answer(Cache_Control=cache_control, Expires=expires, Age=age))


@given(
    st.none() | st.floats(0, 1e6), st.none() | st.timedeltas(timedelta(0), timedelta(days=3)), st.integers(0, 10_000),
    st.integers(0, 10_000), st.none() | st.timedeltas(timedelta(0), timedelta(days=400)),
    st.none() | st.timedeltas(timedelta(0), timedelta(days=4000)),
)  # fmt: skip
def test_the_pause_is_always_within_the_bounds(
    per_day: float | None,
    pause: timedelta | None,
    links: int,
    new: int,
    elapsed: timedelta | None,
    asked: timedelta | None,
) -> None:
    then = next_visit(Rhythm(per_day, pause), Seen(links, new, elapsed), asked, BOUNDS)
    assert BOUNDS.least <= then.pause <= BOUNDS.most


def test_a_feed_s_quiet_hours_and_days_are_kept() -> None:
    saturday = datetime(2026, 11, 21, 3, 20, tzinfo=UTC)
    night = frozenset(range(6))
    assert past_quiet(saturday, night, frozenset()) == datetime(2026, 11, 21, 6, tzinfo=UTC)
    assert past_quiet(saturday, frozenset(), frozenset({5, 6})) == datetime(2026, 11, 23, tzinfo=UTC)
    assert past_quiet(saturday, night, frozenset({5, 6})) == datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert past_quiet(saturday, frozenset(range(24)), frozenset()) == saturday  # asks for no visit at all
    assert past_quiet(saturday, frozenset(), frozenset()) == saturday


@pytest.mark.parametrize("elapsed", [timedelta(days=400), timedelta(days=36_500)])
def test_a_rate_that_has_died_away_is_none_at_all(elapsed: timedelta) -> None:
    """The database's column holds nothing so small, and the refusal would end every source's discovery."""
    assert next_visit(Rhythm(48.0, HOUR), Seen(0, 0, elapsed), None, BOUNDS).per_day == 0
