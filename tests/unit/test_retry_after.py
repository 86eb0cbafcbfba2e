"""For how long a server asks us to stay away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.fetch.status import read_retry_after


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
