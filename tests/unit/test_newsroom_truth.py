"""The demo newsroom's texts and what it says of them: whole prose, an outcome for each URL, pages that carry it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from newsdesk.local.newsroom import Newsroom
from newsdesk.local.newsroom.outlets import BY_ID, OUTLETS
from newsdesk.local.newsroom.replies import build_site
from newsdesk.local.newsroom.stories import ALL
from newsdesk.local.newsroom.story import blocks

BASES = {outlet.id: f"http://127.0.0.1:{8701 + index}" for index, outlet in enumerate(OUTLETS)}


def shingles(text: str) -> set[tuple[str, ...]]:
    """The text's runs of three words."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[place : place + 3]) for place in range(len(words) - 2)}


# ---- the texts


def test_texts_are_whole_news_prose() -> None:
    for story in ALL:
        found = blocks(story.text)
        words = [words for kind, words in found if kind == "paragraph"]
        assert 4 <= len(words) <= 13, story.path
        assert 145 <= sum(len(text.split()) for _, text in found) <= 500, story.path
        for paragraph in words:
            assert len(paragraph.split()) >= 12, paragraph
    kinds = Counter(kind for story in ALL for kind, _ in blocks(story.text))
    assert kinds["heading"]
    assert kinds["item"]
    assert kinds["quotation"]


def test_wire_copies_share_most_of_their_text_and_nothing_else_does() -> None:
    rows = [row for row in Newsroom(8701).expected(2) if row.body is not None]
    bags = {row.url: shingles(row.body or "") for row in rows}
    sizes = Counter(row.group for row in rows if row.group)
    assert sorted(sizes.values()) == [2, 4, 4, 5]
    for one, other in itertools.combinations(rows, 2):
        a, b = bags[one.url], bags[other.url]
        shared = len(a & b) / max(len(a), len(b))
        if one.group is not None and one.group == other.group:
            assert shared >= 0.7, (one.url, other.url)
        else:
            assert shared < 0.5, (one.url, other.url)
    bodies = Counter(row.body for row in rows)
    assert sorted(bodies.values())[-2:] == [1, 2], "one exact copy, and only one"


@pytest.mark.parametrize("word", ["closing-report", "weather-"])
def test_reports_of_one_frame_are_alike_but_no_duplicates(word: str) -> None:
    pair = [row for row in Newsroom(8701).expected(1) if word in row.url and row.body]
    assert len(pair) == 2
    a, b = (shingles(row.body or "") for row in pair)
    assert 0.25 < len(a & b) / max(len(a), len(b)) < 0.5
    assert {row.group for row in pair} == {None}


# ---- the truth


def test_first_edition_has_every_kind_of_outcome() -> None:
    rows = Newsroom(8701).expected(1)
    assert len({row.url for row in rows}) == len(rows) == 70
    assert Counter(row.outcome for row in rows) == {
        "published": 48, "gone": 3, "duplicate_url": 2, "index": 1, "gallery": 1, "video": 1, "robots_denied": 2,
        "wall": 2, "challenge": 1, "needs_js": 1, "http_error": 1, "timeout": 1,
        "connection": 1, "redirect_loop": 1, "too_large": 1, "incomplete": 1,
        "blocked_address": 1, "wrong_type": 1,
    }  # fmt: skip
    assert {row.version for row in rows} == {1}
    assert {row.published_precision for row in rows} == {"second", "minute", "day", None}
    urls = {row.url for row in rows if row.outcome == "published"}
    assert all(row.article_url in urls for row in rows if row.outcome == "duplicate_url")


def test_second_edition_changes_what_it_says_and_nothing_else() -> None:
    first = {row.url: row for row in Newsroom(8701).expected(1)}
    second = {row.url: row for row in Newsroom(8701).expected(2)}
    assert first.keys() < second.keys()
    new = Counter(row.outcome for url, row in second.items() if url not in first)
    assert new == {"published": 7, "gone": 1}
    changed = {row.outcome: row for url, row in second.items() if url in first and row != first[url]}
    assert changed.keys() == {"updated", "unchanged", "not_modified"}
    for url, row in second.items():
        if url not in first:
            continue
        before = first[url]
        if row.outcome == "updated":
            assert row.version == 2
            assert row.body != before.body
            assert row.modified_at is not None
            assert row.published_at == before.published_at
            assert row.group == before.group
        else:
            assert (row.body, row.title, row.version) == (before.body, before.title, 1)
    updated = [row for row in second.values() if row.outcome == "updated"]
    assert len(updated) == 2
    assert {row.group for row in updated} == {None, "ferry"}
    assert any(row.title != first[row.url].title for row in updated)


def test_instants_are_utc_and_follow_the_outlets_zones() -> None:
    rows = {row.url: row for row in Newsroom(8701).expected(1)}

    def when(outlet: str, end: str) -> datetime | None:
        return next(row.published_at for row in rows.values() if row.source_id == outlet and end in row.url)

    assert when("daily-ledger", "closing-report-2026-03-02") == datetime(2026, 3, 2, 22, 5, tzinfo=UTC)
    assert when("evening-lantern", "seagrass") == datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
    assert when("saltmarsh-gazette", "oyster") == datetime(2026, 3, 2, tzinfo=UTC)
    assert all(row.published_at.tzinfo is UTC for row in rows.values() if row.published_at)


# ---- rendering


@pytest.mark.parametrize("edition", [1, 2])
def test_rendering_is_deterministic(edition: int) -> None:
    for outlet in OUTLETS:
        base = BASES[outlet.id]
        assert build_site(outlet, base, edition) == build_site(outlet, base, edition)


def test_pages_carry_the_truth_in_five_layouts() -> None:
    assert len({outlet.layout for outlet in OUTLETS}) == 5
    for row in Newsroom(8701).expected(1):
        if row.body is None:
            continue
        outlet = BY_ID[row.source_id]
        reply = build_site(outlet, BASES[outlet.id], 1)[urlsplit(row.url).path]
        page = reply.body.decode(outlet.charset).replace("&#x27;", "'").replace("&amp;", "&")
        for block in [*row.body.split("\n\n"), *row.authors, "<h1", row.title or ""]:
            assert block.removeprefix("- ") in page, (row.url, block)
