"""Addresses without end are told from articles' by the address alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.discover.traps import trap_of

SITE = "https://news.example"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/a/a/a/a", "repeats 'a'"),
        ("/img/css/img/css/img/css/x.html", "repeats 'img/css'"),
        ("/" + "/".join(f"p{n}" for n in range(16)), "16 segments deep"),
        ("/" + "x" * 1600, "characters"),
        ("/calendar/2031/05", "calendar"),
        ("/events/2031-05-01", "calendar"),
        ("/agenda/month", "calendar"),
        ("/programme?year=2031&month=5", "calendar"),
        ("/termine/?date=2031-05-01", "calendar"),
        ("/news?sort=date&page=2", "another order"),
        ("/story?id=5&sid=8f14e45fceea167a5a36", "session id"),
        ("/(S(lit3py55t21z5v55vlm25s55))/story.aspx", "session id"),
    ],
)
def test_a_trap_is_named(path: str, why: str) -> None:
    assert why in (trap_of(SITE + path) or "")


@pytest.mark.parametrize(
    "path",
    [
        "/2011/11/11/eleven-killed-in-storm",
        "/world/africa/2024/05/01/storm-hits-the-coast",
        "/events/2024/05/01/festival-opens-in-the-rain",
        "/calendar/how-the-new-calendar-came-about",
        "/story.php?year=2024&month=5&id=4711",
        "/article?date=2024-05-01",
        "/story?sid=4711",
        "/news/news/the-news-of-the-day",
        "/sessions/a-session-of-parliament-ends",
        "/" + "/".join(["%D8%A7%D9%84%D8%A8%D8%B1" * 8]),
        "/",
    ],
)
def test_an_article_is_none(path: str) -> None:
    assert trap_of(SITE + path) is None


@given(st.text(max_size=200))
def test_no_address_raises(path: str) -> None:
    trap_of(f"{SITE}/{path}")
