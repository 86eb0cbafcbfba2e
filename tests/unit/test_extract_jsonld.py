"""JSON-LD as pages have it: mended where it is broken, and of several objects the article's own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata_pages import URL, read, script
from newsdesk.extract import jsonld
from newsdesk.extract.markup import parse


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "NewsArticle", "datePublished": "2026-03-02T09:30:00Z",}',
        '<!-- {"@type": "NewsArticle", "datePublished": "2026-03-02T09:30:00Z"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "datePublished": "2026-03-02T09:30:00Z"}\n//]]>',
        '{"@type": "NewsArticle", "description": "two\nlines", "datePublished": "2026-03-02T09:30:00Z"};',
        '{"@type": "WebSite"} {"@type": "NewsArticle", "datePublished": "2026-03-02T09:30:00Z"}',
        '{"@type": "NewsArticle", "description": "it\\\'s", "datePublished": "2026-03-02T09:30:00Z"}',
        '{"@type": "NewsArticle", "headline": "The "new" bridge", "datePublished": "2026-03-02T09:30:00Z"}',
        '[{"@graph": [{"@type": ["Thing", "schema:NewsArticle"], "datePublished": "2026-03-02T09:30:00Z"}]}]',
    ],
)
def test_json_ld_as_it_is_met_in_the_wild_is_read(text: str) -> None:
    assert read(script(text)).published == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_an_author_that_is_only_named_elsewhere_in_the_graph_is_found() -> None:
    graph = {
        "@graph": [
            {"@type": "Article", "@id": "#article", "author": {"@id": "#ada"}},
            {"@type": "Person", "@id": "#ada", "name": "Ada Whitcombe"},
        ]
    }
    assert read(script(json.dumps(graph))).authors == ("Ada Whitcombe",)


def test_of_several_articles_the_one_of_this_address_is_read() -> None:
    teaser = {
        "@type": "NewsArticle",
        "headline": "Another",
        "url": "https://www.example.com/b",
        "image": "x",
        "author": "Niall Corrigan",
    }
    own = {"@type": "NewsArticle", "mainEntityOfPage": {"@id": URL}, "author": "Ada Whitcombe"}
    assert read(script(json.dumps([teaser, own]))).authors == ("Ada Whitcombe",)


@given(st.text(alphabet=st.sampled_from('{}[]",:\\/*<!->\n @typeNwsArcl0'), max_size=300))
def test_no_json_ld_breaks_the_reading(text: str) -> None:
    tree = parse(f"<html><head>{script(text)}</head></html>")
    assert tree is None or isinstance(jsonld.read(tree), list)


@pytest.mark.parametrize("filler", ["{", '"author":' + " " * 40, "-->" + " " * 100, "[" * 50, '{"@type": "Article"},'])
def test_a_megabyte_of_json_ld_costs_no_more_than_reading_it(filler: str) -> None:
    tree = parse(f"<html><head>{script(filler * (900_000 // len(filler)) + 'x')}</head></html>")
    assert tree is not None
    start = process_time()
    jsonld.read(tree)
    assert process_time() - start < 20
