"""What a page tells beside its body: by precedence, each value with where it came from, at a bounded cost."""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time

import pytest

from metadata_pages import NOW, URL, linked_data, read
from newsdesk.extract.markup import parse
from newsdesk.extract.metadata import read_metadata
from newsdesk.model import Page


def test_json_ld_comes_before_meta() -> None:
    found = read(
        linked_data(datePublished="2026-03-02T09:30:15+01:00", author={"@type": "Person", "name": "Ada Whitcombe"})
        + '<meta name="author" content="Web Desk"><meta property="article:published_time" content="2026-03-01T00:00:00Z">'
    )
    assert found.published == datetime(2026, 3, 2, 8, 30, 15, tzinfo=UTC)
    assert (found.published_precision, found.authors) == ("second", ("Ada Whitcombe",))
    assert (found.provenance["published"], found.provenance["authors"]) == ("json-ld", "json-ld")


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


@pytest.mark.parametrize(
    "html",
    [
        "<h1>" * 3_000 + "title " * 50_000,
        "<div class=author>" * 3_000 + "name " * 50_000,
        "<h1>x</h1>" + "<div>" * 3_000 + "12 March 2026 " * 50_000,
        "<h1>x</h1>" + "<span class=byline></span>" * 15_000,
        "<title>" + "Example - " * 50_000 + "</title>",
        "<meta property=og:title content='" + "Example | " * 50_000 + "'>",
        "<p itemprop=author rel=author property=datePublished>x</p>" * 10_000,
    ],
    ids=["h1", "author", "nested", "bylines", "title", "og", "marks"],
)
def test_a_page_built_to_cost_time_costs_little(html: str) -> None:
    tree = parse(f"<html><body>{html}</body></html>")
    assert tree is not None
    start = process_time()
    read_metadata(tree, Page(URL, b"", fetched_at=NOW))
    assert process_time() - start < 7
