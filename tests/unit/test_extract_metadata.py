"""Title, authors, dates, language, canonical address: by precedence, each with where it came from."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from newsdesk.extract.page import extract
from newsdesk.model import Document, Page

NOW = datetime(2026, 3, 5, tzinfo=UTC)
URL = "https://www.example.com/news/new-bridge-opens"
PARAGRAPH = "The new bridge over the river was opened on Monday after two years of work, the county council said. "


def read(head: str = "", above: str = "", *, timezone: str | None = None, language: str | None = None) -> Document:
    html = f"<html><head>{head}</head><body><article><h1>New bridge opens</h1>{above}{f'<p>{PARAGRAPH * 2}</p>' * 3}</article></body></html>"
    return extract(Page(URL, html.encode(), "text/html; charset=utf-8", language, timezone, NOW))


def linked_data(**facts: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **facts})}</script>'


def test_json_ld_comes_before_meta() -> None:
    found = read(
        linked_data(datePublished="2026-03-02T09:30:15+01:00", author={"@type": "Person", "name": "Ada Whitcombe"})
        + '<meta name="author" content="Web Desk"><meta property="article:published_time" content="2026-03-01T00:00:00Z">'
    )
    assert found.published == datetime(2026, 3, 2, 8, 30, 15, tzinfo=UTC)
    assert (found.published_precision, found.authors) == ("second", ("Ada Whitcombe",))
    assert (found.provenance["published"], found.provenance["authors"]) == ("json-ld", "json-ld")


@pytest.mark.parametrize(
    ("raw", "zone", "expected", "precision"),
    [
        ("2026-03-02T09:30:00-05:00", None, datetime(2026, 3, 2, 14, 30, tzinfo=UTC), "second"),
        ("2026-03-02T09:30", "America/New_York", datetime(2026, 3, 2, 14, 30, tzinfo=UTC), "minute"),
        ("2026-03-02T09:30", None, datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "minute"),
        ("2026-03-02", "America/New_York", datetime(2026, 3, 2, tzinfo=UTC), "day"),
        ("Mon, 02 Mar 2026 09:30:00 GMT", None, datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "second"),
        ("1772443800", None, datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "second"),
    ],
)
def test_a_time_is_read_in_its_zone_with_its_precision(
    raw: str, zone: str | None, expected: datetime, precision: str
) -> None:
    found = read(f'<meta property="article:published_time" content="{raw}">', timezone=zone)
    assert (found.published, found.published_precision) == (expected, precision)


def test_a_time_beside_the_headline_counts() -> None:
    html = (
        "<html><body><div><h1>New bridge opens</h1><div>By Ada Whitcombe <time datetime='2026-03-02T09:30'>today</time></div>"
        f"{f'<p>{PARAGRAPH * 2}</p>' * 3}</div></body></html>"
    )
    found = extract(Page(URL, html.encode(), None, None, "America/New_York", NOW))
    assert found.published == datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


def test_no_article_is_of_tomorrow() -> None:
    found = read('<meta property="article:published_time" content="2027-01-01T00:00:00Z">')
    assert found.published is None or found.published <= NOW


def test_a_change_before_the_publication_is_none() -> None:
    head = linked_data(datePublished="2026-03-02T09:30:00Z", dateModified="2026-03-01T09:30:00Z")
    assert read(head).modified is None
    head = linked_data(datePublished="2026-03-02T09:30:00Z", dateModified="2026-03-02T11:00:00Z")
    assert read(head).modified == datetime(2026, 3, 2, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("By Ada Whitcombe and Niall Corrigan", ("Ada Whitcombe", "Niall Corrigan")),
        ("Ada Whitcombe, Niall Corrigan", ("Ada Whitcombe", "Niall Corrigan")),
        ("https://www.example.com/people/ada", ()),
        ("ada@example.com", ()),
    ],
)
def test_authors_are_people(raw: str, expected: tuple[str, ...]) -> None:
    assert read(f'<meta name="author" content="{raw}">').authors == expected


def test_several_marked_authors_are_all_read() -> None:
    people = [{"@type": "Person", "name": "Ada Whitcombe"}, {"@type": "Person", "name": "Niall Corrigan"}]
    assert read(linked_data(author=people)).authors == ("Ada Whitcombe", "Niall Corrigan")


def test_the_headline_is_taken_without_the_outlet() -> None:
    assert read("<title>New bridge opens | The Example Times</title>").title == "New bridge opens"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/news/new-bridge-opens", URL),
        ("https://www.example.com/", None),  # a template's fault
        ("javascript:void(0)", None),
    ],
)
def test_the_canonical_address_is_absolute_and_no_front_page(href: str, expected: str | None) -> None:
    assert read(f'<link rel="canonical" href="{href}">').canonical_url == expected


def test_the_language_is_the_texts_own() -> None:
    assert read(language="de").language == "en"
