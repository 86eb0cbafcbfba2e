"""The learned link filter: evidence decides against the general score, little evidence decides nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.discover.linkfilter import Evidence, judge
from newsdesk.discover.sections import ENOUGH


@pytest.mark.parametrize(
    ("score", "articles", "others", "taken"),
    [
        (ENOUGH, 0, 0, True),
        (ENOUGH, 0, 8, True),  # too few to tell
        (ENOUGH, 0, 9, False),
        (ENOUGH, 3, 30, True),  # one in eleven is an article: better fetched than lost
        (ENOUGH, 2, 60, False),
        (ENOUGH - 1, 0, 0, False),
        (ENOUGH - 1, 2, 0, False),
        (ENOUGH - 1, 3, 0, True),
        (0, 40, 2, True),
        (0, 40, 40, False),
    ],
)
def test_a_link_is_judged_by_score_and_evidence(score: int, articles: int, others: int, taken: bool) -> None:
    assert judge(score, Evidence("/a/slug", articles, others)).taken is taken


def test_what_evidence_leaves_out_is_told_with_the_evidence() -> None:
    verdict = judge(ENOUGH, Evidence("/quiz/slug", 1, 40))
    assert verdict.excluded == "of 41 addresses of the form /quiz/slug that were visited here, 1 were articles"
    assert judge(ENOUGH - 1, Evidence("/quiz/slug", 1, 40)).excluded is None  # it was never a candidate


@given(st.integers(0, 10), st.integers(0, 1000), st.integers(0, 1000))
def test_more_articles_never_shut_a_shape_out(score: int, articles: int, others: int) -> None:
    if judge(score, Evidence("/", articles, others)).taken:
        assert judge(score, Evidence("/", articles + 1, others)).taken
