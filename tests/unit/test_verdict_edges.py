"""Is the page an article: each sign on either side of its limit. Whole pages are judged in `test_verdict`."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from newsdesk.extract import verdict
from newsdesk.extract.addresses import read_address
from newsdesk.extract.markup import Meta
from newsdesk.extract.metadata import Metadata
from newsdesk.extract.signals import BodySignals, Signals
from newsdesk.extract.verdict import verdict_on
from newsdesk.model import Outcome

PAGE = Signals(
    visible="", visible_words=200, link_words=0, teasers=0, calls=0, author_links=0, elements=Counter(), names=Counter(),
    page_title="", has_player=False, types=frozenset(), templates=frozenset(), og_type="", free=None,
    address=read_address("https://www.example.com/news/ferry-timetable-changes"), canonical_is_home=False, noscript="",
    script_chars=0, has_password=False, has_root=False, challenge_marks=False,
)  # fmt: skip
BODY = BodySignals(
    words=200, prose_words=200, long_blocks=4, blocks=8, clock_blocks=0, reader_words=0
)  # fmt: skip
FOUND = Metadata(
    title=None, titles=[], authors=(), published=None, published_precision=None, published_day=None, modified=None,
    canonical_url=None, section=None, tags=(), description=None, image=None, meta=Meta(), things=[], article={},
)  # fmt: skip
NEWS: dict[str, Any] = {"article": {"@type": "NewsArticle"}}
DATED: dict[str, Any] = {"provenance": {"published": "meta"}}


@pytest.fixture(autouse=True)
def the_model_says_article(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "chance", lambda features: 0.0)


def judged(
    page: dict[str, Any], body: dict[str, Any] | int = 200, found: dict[str, Any] | None = None
) -> Outcome | None:
    """`body` as a number: its words, all of them prose."""
    of_body = {"words": body, "prose_words": body} if isinstance(body, int) else body
    return verdict_on(replace(PAGE, **page), replace(BODY, **of_body), replace(FOUND, **(found or {})))[0]


def reason(page: dict[str, Any], body: dict[str, Any] | int = 200, found: dict[str, Any] | None = None) -> str | None:
    of_body = {"words": body, "prose_words": body} if isinstance(body, int) else body
    return verdict_on(replace(PAGE, **page), replace(BODY, **of_body), replace(FOUND, **(found or {})))[1]


def test_what_speaks_against_nothing_is_an_article() -> None:
    assert verdict_on(PAGE, BODY, FOUND) == (None, None)


# ---- bot checks

CHECK = {"page_title": "Just a moment"}


@pytest.mark.parametrize(
    ("page", "outcome"),
    [
        ({**CHECK, "visible_words": 80}, Outcome.CHALLENGE),
        ({**CHECK, "visible_words": 81}, None),
        ({**CHECK, "visible_words": 81, "challenge_marks": True}, Outcome.CHALLENGE),
        ({**CHECK, "visible_words": 120, "challenge_marks": True}, Outcome.CHALLENGE),
        ({**CHECK, "visible_words": 121, "challenge_marks": True}, None),
        ({"visible": "JUST A MOMENT", "visible_words": 9}, Outcome.CHALLENGE),
        ({"visible": "x" * 59_986 + " just a moment", "visible_words": 9}, Outcome.CHALLENGE),
        ({"visible": "x" * 59_987 + " just a moment", "visible_words": 9}, None),  # not read so far
        ({"challenge_marks": True, "visible_words": 60}, Outcome.CHALLENGE),
        ({"challenge_marks": True, "visible_words": 61}, None),
    ],
)
def test_a_bot_check_is_small(page: dict[str, Any], outcome: Outcome | None) -> None:
    assert judged(page) is outcome


def test_what_calls_itself_news_is_no_bot_check() -> None:
    assert judged({**CHECK, "visible_words": 9}, found=NEWS) is None


# ---- shells

NEEDS = {"noscript": "Please enable JavaScript."}
ROOT = {"visible_words": 20, "script_chars": 1, "has_root": True}


@pytest.mark.parametrize(
    ("page", "words", "outcome"),
    [
        ({**NEEDS, "visible_words": 120}, 24, Outcome.NEEDS_JS),
        ({**NEEDS, "visible_words": 121}, 24, Outcome.NO_TEXT),
        ({**NEEDS, "visible_words": 61}, 25, None),
        ({**NEEDS, "visible_words": 60}, 25, Outcome.NEEDS_JS),
        ({"visible": "Please ENABLE javascript.", "visible_words": 5}, 24, Outcome.NEEDS_JS),
        (ROOT, 24, Outcome.NEEDS_JS),
        ({**ROOT, "visible_words": 21}, 24, Outcome.NO_TEXT),
        ({**ROOT, "script_chars": 0}, 24, Outcome.NO_TEXT),
        ({**ROOT, "has_root": False}, 24, Outcome.NO_TEXT),
    ],
)
def test_a_shell_is_small_and_says_so_or_has_a_root_to_fill(
    page: dict[str, Any], words: int, outcome: Outcome | None
) -> None:
    assert judged(page, words) is outcome


# ---- lost pages

LOST = {"page_title": "Page not found"}
HOME = {"canonical_is_home": True, "teasers": 3}


@pytest.mark.parametrize(
    ("page", "words", "found", "outcome"),
    [
        (LOST, 59, {}, Outcome.GONE),
        (LOST, 60, {}, None),
        (LOST, 59, DATED, None),
        ({}, 59, {"titles": ["The ferry", "Page not found"]}, Outcome.GONE),
        ({"page_title": "How a page was not found"}, 59, {}, None),
        (HOME, 59, {}, Outcome.GONE),
        ({**HOME, "teasers": 2}, 59, {}, None),
        ({**HOME, "canonical_is_home": False}, 59, {}, None),
        (HOME, 59, NEWS, None),
        ({**HOME, "elements": Counter(h1=1)}, 59, {}, None),
        ({**HOME, "elements": Counter(h1=2)}, 59, {}, Outcome.GONE),
    ],
)
def test_a_lost_page_has_little_prose(
    page: dict[str, Any], words: int, found: dict[str, Any], outcome: Outcome | None
) -> None:
    assert judged(page, words, found) is outcome


# ---- walls

SUBSCRIBE = {"visible": "Subscribe to continue reading."}
COOKIES = {"visible": "We value your privacy."}
TWICE = {"visible": "We value your privacy. Accept all cookies."}


@pytest.mark.parametrize(
    ("page", "words", "found", "outcome"),
    [
        ({"free": False}, 149, {}, Outcome.WALL),
        ({"free": False}, 150, {}, None),
        ({"free": True}, 149, {}, None),
        (SUBSCRIBE, 119, {}, Outcome.WALL),
        (SUBSCRIBE, 120, {}, None),
        ({"visible": "SUBSCRIBE to continue"}, 119, NEWS, Outcome.WALL),
        (COOKIES, 24, {}, Outcome.WALL),
        (COOKIES, 25, {}, None),
        (TWICE, 25, {}, Outcome.WALL),
        (TWICE, 119, {}, Outcome.WALL),
        (TWICE, 120, {}, None),
        ({**TWICE, "visible_words": 399}, 25, {}, Outcome.WALL),
        ({**TWICE, "visible_words": 400}, 25, {}, None),
        (TWICE, 25, NEWS, None),
        (TWICE, 25, DATED, None),
        ({**TWICE, "og_type": "article"}, 25, {}, None),
        ({**TWICE, "og_type": "website"}, 25, {}, Outcome.WALL),
        ({"has_password": True}, 49, {}, Outcome.WALL),
        ({"has_password": True}, 50, {}, None),
    ],
)
def test_a_wall_shows_little(page: dict[str, Any], words: int, found: dict[str, Any], outcome: Outcome | None) -> None:
    assert judged(page, words, found) is outcome


# ---- by the model


@pytest.mark.parametrize(
    ("chance", "words", "found", "is_refused"),
    [
        (0.4, 200, {}, True),
        (0.3999, 200, {}, False),
        (0.7999, 25, DATED, False),
        (0.8, 25, DATED, True),
        (0.7999, 149, DATED, False),
        (0.7999, 150, DATED, True),
        (0.7999, 24, DATED, True),
        (0.7999, 25, {}, True),
    ],
)
def test_a_page_is_refused_from_a_chance_on_that_is_higher_for_a_flash(
    chance: float, words: int, found: dict[str, Any], is_refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdict, "chance", lambda features: chance)
    expected = Outcome.NOT_ARTICLE if is_refused else None
    assert judged({}, words, found) is expected
    if is_refused:
        assert f" rather than an article ({chance:.0%}): " in (reason({}, words, found) or "")


def test_without_a_word_of_body_the_model_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "chance", lambda features: 1.0)
    assert judged({}, 0) is Outcome.NO_TEXT
    assert judged({}, 1) is Outcome.NOT_ARTICLE


def test_a_body_of_few_words_is_none() -> None:
    assert judged({}, 24) is Outcome.NO_TEXT
    assert judged({}, 25) is None


# ---- in words


@pytest.mark.parametrize(
    ("page", "words", "said"),
    [
        ({**CHECK, "visible_words": 80}, 200, "a bot check: 'just a moment' on a page of 80 words"),
        ({"challenge_marks": True, "visible_words": 60}, 200, "a bot check: its script is on a page of 60 words"),
        ({**NEEDS, "visible_words": 9}, 24, "an empty shell: 'enable javascript' and 9 words"),
        (ROOT, 24, "an empty shell: 20 words, an application's root element and scripts"),
        (LOST, 59, "a missing page sent as a found one: 'Page not found', 59 words of prose"),
        (HOME, 59, "the home page in place of a missing one: its canonical address is the home page's"),
        ({"free": False}, 149, "the page says that it is not free, and shows 149 words"),
        (SUBSCRIBE, 119, "asks to subscribe or log in ('subscribe to continue'), and shows 119 words"),
        (COOKIES, 24, "asks for consent ('we value your privacy') before the text"),
        ({"has_password": True}, 49, "a log-in form on a page of 200 words"),
        ({}, 24, "24 words of body; the least is 25"),
    ],
)
def test_the_reason_names_what_was_seen(page: dict[str, Any], words: int, said: str) -> None:
    assert reason(page, words) == said


def test_the_model_and_the_kinds_are_given_all_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[object, ...]] = []
    monkeypatch.setattr(verdict, "chance", lambda *asked: given.append(asked) or 1.0)
    monkeypatch.setattr(verdict, "features_of", lambda *asked: given.append(asked) or {"links": 1.0})
    monkeypatch.setattr(verdict, "kind_by_looks", lambda *asked: given.append(asked) or (Outcome.INDEX, "a list"))
    monkeypatch.setattr(verdict, "reasons", lambda features: f"by {features}")
    assert verdict_on(PAGE, BODY, FOUND) == (Outcome.INDEX, "a list rather than an article (100%): by {'links': 1.0}")
    assert given == [(PAGE, BODY, FOUND), ({"links": 1.0},), (PAGE, BODY, {"links": 1.0})]
