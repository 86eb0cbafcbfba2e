"""Where answers lead, and what stands there: redirects, refreshes, gates, home pages, error pages that say 200."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsdesk.fetch.faults import Ended
from newsdesk.fetch.landing import is_gate, judge_arrival, judge_title
from newsdesk.fetch.media import refuse_by_content
from newsdesk.fetch.redirects import location_target, refresh_target
from newsdesk.model import Outcome

HERE = "https://www.example.com/news/2024/harbour-wall-is-mended"


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("0;url=/a", "https://www.example.com/a"),
        ("5; URL = 'https://other.example.com/b' ", "https://other.example.com/b"),
        ('0,"b c"', "https://www.example.com/news/2024/b c"),
        (" 1.9 ; x", "https://www.example.com/news/2024/x"),
        ("0 //other.example.com/", "https://other.example.com/"),
        ("6;url=/a", None),
        ("99999999999;url=/a", None),
        ("3", None),
        ("0;", None),
        ("0;url=", None),
        ("0;url=#top", None),
        (f"0;url={HERE}#top", None),
        ("0;url=javascript:go()", None),
        ("0;url=http://[::1", None),
        ("soon;url=/a", None),
    ],
)
def test_a_refresh_is_read_as_browsers_do(value: str, target: str | None) -> None:
    assert refresh_target(HERE, value, b"") == target
    page = f'<head><meta charset=utf-8><meta name=a content=b><meta http-equiv="refresh" content="{value}">'
    if '"' not in value:
        assert refresh_target(HERE, None, page.encode()) == target


@given(st.text(max_size=60), st.binary(max_size=200))
def test_no_refresh_raises(header: str, page: bytes) -> None:
    for body in (page, b"<meta http-equiv=refresh content='" + page, b"<meta http-equiv=refresh content=0;" + page):
        refresh_target(HERE, header, body)
        outcome_of(lambda: judge_title(b"<title>" + page))


def outcome_of(judge: Callable[[], object]) -> Outcome | None:
    try:
        judge()
    except Ended as ended:
        return ended.outcome
    return None


@pytest.mark.parametrize(
    "unit", [b"<!--", b"<script", b"<meta ", b'<meta "', b"<meta a=", b"<!-- -->", b"<?xml>", b"<title", b"&#39;"]
)
def test_no_page_costs_more_than_a_moment(unit: bytes) -> None:
    page = b"refresh" + unit * (100_000 // len(unit))
    begun = time.process_time()
    refresh_target(HERE, None, page)
    outcome_of(lambda: judge_title(page))
    for start in (page[7:1031], b"<?xml" + page[:1000]):
        with suppress(Ended):
            refuse_by_content(start, "text/xml")
    assert time.process_time() - begun < 1


@given(st.text(max_size=60))
@example("http://[")
@example("\ud800")
def test_a_location_is_an_address_or_an_outcome(value: str) -> None:
    assert outcome_of(lambda: location_target(HERE, 302, value)) in (None, Outcome.BAD_REDIRECT)


@pytest.mark.parametrize(
    ("asked", "arrived", "outcome"),
    [
        (HERE, "https://www.example.com/", Outcome.GONE),
        (HERE, "https://www.example.com/en/", Outcome.GONE),
        (HERE, "https://www.example.com/index.html?error=404", Outcome.GONE),
        (HERE, "https://www.example.com/news/", Outcome.GONE),
        (HERE, "https://example.com/news", Outcome.GONE),
        (HERE, HERE + "/", None),
        (HERE, HERE.replace("www", "amp") + "?amp=1", None),
        (HERE + "/print", HERE, None),
        (HERE, "https://www.example.com/news/2024/harbour-wall", None),
        ("https://www.example.com/story/harbour-wall/1234", "https://www.example.com/story/harbour-wall", None),
        ("https://www.example.com/politics", "https://www.example.com/", None),
        ("https://www.example.com/index.php?ref=20", "https://www.example.com/", None),
        ("https://www.example.com/?p=1234", "https://www.example.com/?p=1234&lang=en", None),
        ("https://t.example.com/Ab3", HERE, None),
        (HERE, "https://consent.example.com/v2?back=1", Outcome.WALL),
        (HERE, "https://accounts.example.com/", Outcome.WALL),
        (HERE, "https://www.example.com/user/login.php", Outcome.WALL),
        (HERE, "https://www.example.com/offer?return_to=%2Fnews%2F2024%2Fharbour-wall-is-mended", Outcome.WALL),
        (HERE, f"https://gate.example.net/?redirectUrl={HERE}", Outcome.WALL),
        ("https://t.example.com/Ab3", f"{HERE}?referrer=https://t.example.com/Ab3", None),
        (HERE, "https://www.example.com/news/login-at-the-bank-fails", None),
        ("https://www.example.com/login?x=1", "https://www.example.com/login?x=2", None),
        (HERE, "https://[", None),
    ],
)
def test_the_end_of_a_redirect_is_judged_by_its_address(asked: str, arrived: str, outcome: Outcome | None) -> None:
    assert outcome_of(lambda: judge_arrival(asked, arrived)) is outcome


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_address_raises_but_an_outcome(asked: str, arrived: str) -> None:
    for first, second in ((asked, arrived), (f"http://a.example/{asked}", f"http://b.example/?next={arrived}")):
        assert outcome_of(partial(judge_arrival, first, second)) in (None, Outcome.GONE, Outcome.WALL)


def test_a_gate_is_no_gate_where_it_was_asked_for() -> None:
    login = urlsplit("https://www.example.com/login")
    assert not is_gate(login, login)


@pytest.mark.parametrize(
    ("title", "is_error"),
    [
        ("404", True),
        ("Page not found", True),
        ("404 - Page Not Found | The Harbour Times", True),
        ("Error 404: page not found", True),
        ("Seite nicht gefunden – Hafenblatt", True),
        ("Page introuvable", True),
        ("", False),
        ("The page not found in the archive turns up", False),
        ("404 dogs found homes | The Harbour Times", False),
        ("Not found guilty: the trial of the harbour master", False),
        ("Story | Page not found", False),
        (" | The Harbour Times", False),
    ],
)
def test_a_page_that_calls_itself_not_found_is_gone(title: str, is_error: bool) -> None:
    page = f"<!doctype html><head><title data-x='1'>\n {title} </title></head>".encode()
    assert (outcome_of(lambda: judge_title(page)) is Outcome.GONE) == is_error
