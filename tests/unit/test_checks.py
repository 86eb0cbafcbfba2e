"""What a run's figures say of a source."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newsdesk.checks import check_source
from newsdesk.model import Expectations, Source
from newsdesk.store.reports import SourceFacts

SOURCE = Source("s", "S", "https://s.example/", expect=Expectations((10, 100), (80, 2000)))
WELL = SourceFacts(
    source_id="s", found=12, outcomes={"published": 12}, duplicates=0, median_words=300, endpoints=2, failing=0,
    failing_reason=None, published_today=20, known_for_hours=72.0, had_problems=(),
)  # fmt: skip


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
