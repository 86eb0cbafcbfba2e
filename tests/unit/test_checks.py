"""What a run's figures say of a source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from newsdesk.alerting.facts import Content, Rhythm, SourceFacts
from newsdesk.checks import Problem, judge, problems_of
from newsdesk.model import Expectations, Source

SOURCE = Source("s", "S", "https://s.example/", expect=Expectations((10, 100), (80, 2000)))
WELL = SourceFacts(
    source_id="s", found=12, outcomes={"published": 12}, duplicates=0, median_words=300, endpoints=2, failing=0,
    failing_reason=None, published_today=20, known_for_hours=72.0,
)  # fmt: skip


def check_source(source: Source, facts: SourceFacts) -> list[Problem]:
    return problems_of(judge(source, facts))


def kinds(**changes: object) -> list[tuple[str, bool]]:
    return [(problem.kind, problem.grave) for problem in check_source(SOURCE, replace(WELL, **changes))]  # type: ignore[arg-type]


def test_a_healthy_source_has_no_problem() -> None:
    assert kinds() == []


@pytest.mark.parametrize(("failing", "grave"), [(1, False), (2, True)])
def test_failing_endpoints_are_grave_once_none_works(failing: int, grave: bool) -> None:
    assert kinds(failing=failing, failing_reason="x: gone") == [("endpoints", grave)]


def test_pages_that_stop_yielding_text_are_grave() -> None:
    assert kinds(outcomes={"published": 2, "no_text": 4, "needs_js": 3}) == [("no_text", True)]


def test_a_few_pages_without_text_say_nothing() -> None:
    assert kinds(outcomes={"published": 0, "no_text": 4}) == []


@pytest.mark.parametrize(
    ("today", "expected"), [(9, [("quiet", True)]), (101, [("flood", False)]), (10, []), (100, [])]
)
def test_a_day_is_held_against_its_expectation(today: int, expected: list[tuple[str, bool]]) -> None:
    assert kinds(published_today=today) == expected


def test_a_source_is_not_called_quiet_on_its_first_day() -> None:
    assert kinds(published_today=0, known_for_hours=23.0) == []


@pytest.mark.parametrize("words", [79, 2001])
def test_bodies_of_another_length_are_grave(words: int) -> None:
    assert kinds(median_words=words) == [("length", True)]


def test_length_is_not_judged_on_few_articles() -> None:
    assert kinds(median_words=10, outcomes={"published": 4}) == []


def test_nothing_expected_nothing_missed() -> None:
    quiet = replace(WELL, published_today=0, median_words=1)
    assert check_source(replace(SOURCE, expect=Expectations()), quiet) == []


def rhythm(today: int, *weeks: int, hours: int = 24, **more: Any) -> Rhythm:
    return Rhythm({hours: (today, weeks), 168: (7 * today, tuple(7 * week for week in weeks))}, **more)


UNEXPECTING = replace(SOURCE, expect=Expectations())


def of_weeks(found: Rhythm, told: Iterable[str] = ()) -> list[str]:
    facts = replace(WELL, rhythm=found, told=frozenset(told))
    return [problem.kind for problem in check_source(UNEXPECTING, facts)]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (rhythm(4, 100, 95, 110, 99), ["quiet"]),
        (rhythm(45, 100, 95, 110, 99), []),  # a quiet day
        (rhythm(100, 100, 0, 110, 99), []),  # one week without anything moves no baseline
        (rhythm(4, 6, 5, 4, 5), []),  # a Sunday is held against Sundays
        (rhythm(0, 2, 3, 1, 2), []),  # too small to say anything of a day
        (rhythm(0, 100, 95), []),  # two weeks are no baseline
        (
            rhythm(0, 100, 95, days=(120, 100, 40, 50, 110, 100, 90, 100)),
            ["quiet"],
        ),  # but eight days without a pause are
        (rhythm(10, 100, 95, days=(120, 100, 12, 10, 110, 100, 90, 100)), []),
        (rhythm(460, 100, 95, 110, 99), ["flood"]),
        (rhythm(350, 100, 95, 110, 99), []),
        (rhythm(8, 1, 2, 1, 2), []),  # five times as many, and a handful
    ],
)
def test_a_source_is_held_against_the_same_hours_of_its_weeks(found: Rhythm, expected: list[str]) -> None:
    assert of_weeks(found) == expected


def test_a_dead_source_of_few_articles_is_told_by_its_days() -> None:
    found = Rhythm({24: (0, (3, 2, 3, 2)), 168: (0, (20, 21, 19, 20))}, silent_hours=170)
    assert of_weeks(found) == ["quiet"]


def test_what_was_told_is_taken_back_only_when_it_is_likely_again() -> None:
    rising = Rhythm({24: (30, (100, 60, 140, 99, 80))})
    assert of_weeks(rising) == []
    assert of_weeks(rising, told=["quiet"]) == ["quiet"]
    assert of_weeks(rhythm(80, 100, 95, 110, 99), told=["quiet"]) == []


def test_silence_that_has_become_usual_is_still_told() -> None:
    dead = Rhythm({24: (0, (0,) * 8), 168: (0, (0,) * 8)}, silent_hours=1500)
    assert of_weeks(dead) == []
    assert of_weeks(dead, told=["quiet"]) == ["quiet"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"outcomes": {"robots_denied": 6}}, [("robots", True)]),
        ({"outcomes": {"robots_denied": 6, "published": 7}}, []),
        ({"outcomes": {"rate_limited": 9, "published": 3}}, [("refused", False)]),
        # a paper with a wall: as many were refused before
        ({"outcomes": {"wall": 9, "published": 3}, "outcomes_before": {"wall": 700, "published": 300}}, []),
        (
            {"outcomes": {"no_text": 12, "published": 1}, "outcomes_before": {"wall": 300, "published": 700}},
            [("no_text", True)],
        ),
        # few pages in each run: by the day
        ({"outcomes": {"no_text": 2}, "outcomes_today": {"no_text": 20, "published": 1}}, [("no_text", True)]),
        ({"outcomes": {"published": 8}, "outcomes_today": {"no_text": 20, "published": 9}}, []),  # mended in this run
    ],
)
def test_how_visits_end_is_held_against_how_they_ended_before(changes: Any, expected: list[tuple[str, bool]]) -> None:
    assert kinds(**changes) == expected


def test_what_a_day_before_its_mending_brought_opens_nothing_anew_and_closes_nothing() -> None:
    after = replace(WELL, outcomes={"published": 1}, outcomes_today={"no_text": 20, "published": 12})
    assert judge(UNEXPECTING, after)["no_text"] is not None
    assert "no_text" not in judge(UNEXPECTING, replace(after, mended=frozenset({"no_text"})))
    resting = replace(
        WELL, outcomes={}, outcomes_today={"rate_limited": 6, "published": 6}, told=frozenset({"refused"})
    )
    assert "refused" not in judge(UNEXPECTING, resting)
    assert judge(UNEXPECTING, replace(resting, outcomes={"published": 2}))["refused"] is None


WELL_READ = Content(
    articles=20, languages={"en": 19, "fr": 1}, same=1, lag=30.0, past=200, past_languages={"en": 190, "fr": 10}, past_same=2,
    past_lag=25.0, past_long_lag=90.0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"languages": {"de": 15, "en": 5}}, [("language", True)]),
        ({"languages": {"de": 5, "en": 15}}, []),
        ({"languages": {"de": 5}}, []),  # too few
        ({"languages": {"de": 15, "en": 5}, "past_languages": {"de": 60, "en": 140}}, []),  # it always did
        ({"same": 15}, [("same_text", True)]),
        ({"same": 15, "past_same": 90}, []),
        ({"articles": 9, "same": 9}, []),
        ({"lag": 600.0}, [("lag", False)]),
        ({"lag": 100.0}, []),
        ({"lag": 600.0, "past_lag": 500.0}, []),
        ({"lag": 600.0, "past": 10}, []),
    ],
)
def test_a_days_articles_are_held_against_those_before(changes: Any, expected: list[tuple[str, bool]]) -> None:
    assert kinds(content=replace(WELL_READ, **changes)) == expected


def test_a_kind_that_cannot_be_judged_is_neither_ill_nor_well() -> None:
    verdicts = judge(UNEXPECTING, replace(WELL, outcomes={"published": 2}))
    assert verdicts == {"endpoints": None}
    assert judge(UNEXPECTING, WELL)["no_text"] is None
