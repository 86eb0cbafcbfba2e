"""enrich: days and months without a year, told by the day of publication."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.enrich.days import days

FRIDAY = date(2026, 2, 6)


def values(text: str, language: str = "en", published: date | None = FRIDAY) -> list[str]:
    return [day.value for day in days(text, language, published)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("on Wednesday", "2026-02-04"),
        ("on Friday", "2026-02-06"),
        ("on Saturday", "2026-01-31"),
        ("next Wednesday", "2026-02-11"),
        ("last Friday", "2026-01-30"),
        ("It will open on Monday", "2026-02-09"),
        ("It will open. It shut on Monday", "2026-02-02"),
        ("yesterday", "2026-02-05"),
        ("February 3", "2026-02-03"),
        ("Dec. 30", "2025-12-30"),
        ("3rd March", "2026-03-03"),
        ("March 3, 1999", "1999-03-03"),
        ("1996-12-06", "1996-12-06"),
        ("in December", "2025-12"),
        ("in February", "2026-02"),
        ("It will end in December", "2026-12"),
        ("since May 2012", "2012-05"),
    ],
)
def test_a_day_is_told_by_the_day_of_publication(text: str, meant: str) -> None:
    assert values(text) == [meant]


@pytest.mark.parametrize(
    ("text", "meant"),
    [("mercredi", "2026-02-04"), ("mercredi prochain", "2026-02-11"), ("le 1er mars", "2026-03-01"), ("hier", "2026-02-05"),
     ("le 14 juillet 1789", "1789-07-14"), ("en décembre", "2025-12"), ("aujourd’hui", "2026-02-06")],
)  # fmt: skip
def test_french_days_are_told(text: str, meant: str) -> None:
    assert values(text, "fr") == [meant]


@pytest.mark.parametrize(
    "text", ["They may march on", "Theresa May", "March of Dimes", "30 February", "Tuesdays", "May 3.5"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert values(text) == []


def test_without_a_publication_day_only_what_tells_its_year_is_told() -> None:
    assert values("on Wednesday, February 3, in May; February 3, 1999 and May 2012", published=None) == [
        "1999-02-03",
        "2012-05",
    ]


def test_other_languages_have_no_days() -> None:
    assert values("am Mittwoch", "de") == []


@given(st.text(alphabet="MondayFebruary 0123456789-,.", max_size=40), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_value_is_a_date_and_every_place_is_in_the_text(text: str, published: date) -> None:
    for day in days(text, "en", published):
        assert 0 <= day.start < day.end <= len(text)
        assert date.fromisoformat(day.value if day.precision == "day" else day.value + "-01")
