"""How a status becomes an outcome, and for how long a server asks us to stay away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.fetch.faults import Ended
from newsdesk.fetch.status import judge_status, read_retry_after, reread
from newsdesk.model import Outcome

NOW = datetime(2024, 5, 1, 10, 0, tzinfo=UTC)


def judged(status: int, headers: Mapping[str, str] | None = None, *, asked: bool = False) -> Ended | None:
    try:
        judge_status(status, headers or {}, asked_if_modified=asked)
    except Ended as ended:
        return ended
    return None


@pytest.mark.parametrize(
    ("status", "outcome", "words"),
    [
        (202, Outcome.HTTP_ERROR, "still being made"),
        (204, Outcome.HTTP_ERROR, "status 204: no content"),
        (206, Outcome.HTTP_ERROR, "a part of the page"),
        (299, Outcome.HTTP_ERROR, "status 299: not a status we know"),
        (304, Outcome.HTTP_ERROR, "which was not asked"),
        (400, Outcome.HTTP_ERROR, "bad request"),
        (401, Outcome.WALL, "login"),
        (402, Outcome.WALL, "payment"),
        (403, Outcome.HTTP_ERROR, "forbids"),
        (404, Outcome.GONE, "not found"),
        (407, Outcome.FORBIDDEN, "proxy"),
        (410, Outcome.GONE, "for good"),
        (429, Outcome.RATE_LIMITED, "status 429: the server asks us to wait"),
        (444, Outcome.HTTP_ERROR, "will not answer"),
        (451, Outcome.FORBIDDEN, "legal"),
        (500, Outcome.HTTP_ERROR, "internal server error"),
        (503, Outcome.RATE_LIMITED, "asks us to wait"),
        (999, Outcome.HTTP_ERROR, "will not answer"),
    ],
)
def test_a_status_has_its_outcome_and_says_why(status: int, outcome: Outcome, words: str) -> None:
    ended = judged(status)
    assert ended is not None
    assert (ended.outcome, ended.retry_after) == (outcome, None)
    assert words in ended.reason
    assert str(ended) == ended.reason


def test_a_page_is_no_fault() -> None:
    assert judged(200) is None
    assert judged(200, {"Retry-After": "60"}) is None


def test_not_modified_is_an_answer_only_where_it_was_asked_for() -> None:
    ended = judged(304, asked=True)
    assert ended is not None
    assert (ended.outcome, ended.reason) == (Outcome.NOT_MODIFIED, "not modified since the last visit")
    other = judged(404, asked=True)
    assert other is not None
    assert other.outcome is Outcome.GONE


@pytest.mark.parametrize("status", [403, 429, 444, 503, 999])
def test_how_long_to_stay_away_is_kept_where_a_status_may_mean_it(status: int) -> None:
    ended = judged(status, {"Retry-After": "90"})
    assert ended is not None
    assert (ended.outcome, ended.retry_after) == (Outcome.RATE_LIMITED, 90.0)
    assert ended.reason == f"status {status}: the server asks us to wait 90 s"


def test_a_moment_to_come_again_is_told_in_seconds_from_now() -> None:
    ended = judged(429, {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)})
    assert ended is not None
    assert ended.retry_after is not None
    assert 30 < ended.retry_after <= 60


@pytest.mark.parametrize("status", [404, 410, 451, 500])
def test_elsewhere_it_says_nothing(status: int) -> None:
    ended = judged(status, {"Retry-After": "90"})
    assert ended is not None
    assert ended.outcome is not Outcome.RATE_LIMITED
    assert ended.retry_after is None


@pytest.mark.parametrize("status", [403, 444, 999])
@pytest.mark.parametrize(
    "page",
    [b"<h1>Too Many Requests</h1>", b"rate-limit", b"rate limit", b"ratelimit", b"request LIMIT", b"unusual traffic"],
)
def test_a_refusal_whose_page_says_that_we_ask_too_often_is_none(status: int, page: bytes) -> None:
    ended = reread(Ended(Outcome.HTTP_ERROR, "as it was"), status, b"<p>Sorry: " + page)
    assert (ended.outcome, ended.retry_after) == (Outcome.RATE_LIMITED, None)
    assert ended.reason == f"status {status}, and its page says that we ask too often"


@pytest.mark.parametrize(
    ("outcome", "status", "page"),
    [
        (Outcome.HTTP_ERROR, 403, b"<h1>Forbidden</h1>"),
        (Outcome.HTTP_ERROR, 500, b"too many requests"),
        (Outcome.GONE, 404, b"too many requests"),
        (Outcome.RATE_LIMITED, 403, b"too many requests"),
    ],
)
def test_every_other_fault_stays_what_it_was(outcome: Outcome, status: int, page: bytes) -> None:
    ended = Ended(outcome, "as it was", 7.0)
    assert reread(ended, status, page) is ended


@pytest.mark.parametrize("ahead", [-1, 0])
def test_a_moment_that_is_over_asks_for_nothing(ahead: int) -> None:
    assert read_retry_after(format_datetime(NOW + timedelta(seconds=ahead), usegmt=True), NOW) is None


def test_a_moment_ahead_is_told_in_seconds_whatever_its_zone_and_at_most_a_day() -> None:
    assert read_retry_after("Wed, 01 May 2024 12:00:05 +0200", NOW) == 5.0
    assert read_retry_after("Wed, 01 May 2024 10:00:05 -0000", NOW) == 5.0  # of no zone: UTC
    assert read_retry_after("Thu, 02 May 2024 10:00:01 GMT", NOW) == 86_400.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1", 1.0), ("0.5", 0.5), ("86400", 86_400.0), ("86401", 86_400.0), ("9" * 15, 86_400.0), ("9" * 16, None),
        ("0", None), ("1.", None), ("1e3", None), ("٣", None), ("", None), (None, None), ("1 2", None),
    ],
)  # fmt: skip
def test_a_number_of_seconds_is_read_only_as_digits(value: str | None, seconds: float | None) -> None:
    assert read_retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", None),
        ("7", 7.0),
        (" 90 ", 90.0),
        ("1.5", 1.5),
        ("-3", None),
        ("soon", None),
        (None, None),
        ("9" * 14, 86400.0),
        ("Wed, 01 May 2024 10:02:00 GMT", 120.0),
        ("Wed, 01 May 2024 09:00:00 GMT", None),
        ("Wed, 99 May 2024", None),
        ("Wednesday, 01-May-24 10:02:00 GMT", 120.0),
    ],
)
def test_retry_after_as_seconds_or_date(value: str | None, seconds: float | None) -> None:
    assert read_retry_after(value, datetime(2024, 5, 1, 10, 0, tzinfo=UTC)) == seconds


@given(st.text(max_size=60))
def test_retry_after_of_any_text_is_none_or_a_bounded_time(value: str) -> None:
    seconds = read_retry_after(value, datetime(2024, 5, 1, tzinfo=UTC))
    assert seconds is None or 0 < seconds <= 86400
