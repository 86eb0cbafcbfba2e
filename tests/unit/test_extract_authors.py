"""Bylines become names, from the best of the sources that a page has."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata_pages import URL, linked_data, read
from newsdesk.extract.author_names import clean, outlet_of


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


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("By Ada Whitcombe", ("Ada Whitcombe",)),
        ("Von Ada Whitcombe und Niall Corrigan", ("Ada Whitcombe", "Niall Corrigan")),
        ("Par Ada Whitcombe et Niall Corrigan", ("Ada Whitcombe", "Niall Corrigan")),
        ("Por Ada Whitcombe y Niall Corrigan", ("Ada Whitcombe", "Niall Corrigan")),
        ("Ada Whitcombe | Niall Corrigan / Ada Whitcombe", ("Ada Whitcombe", "Niall Corrigan")),
        (
            "Written by: Ada Whitcombe, Niall Corrigan & Erik van Dalen",
            ("Ada Whitcombe", "Niall Corrigan", "Erik van Dalen"),
        ),
        ("Whitcombe, Ada", ("Ada Whitcombe",)),
        ("Ada Whitcombe, Jr.", ("Ada Whitcombe, Jr.",)),
        ("Ada Whitcombe, MD, PhD", ("Ada Whitcombe",)),
        ("Ada Whitcombe (London)", ("Ada Whitcombe",)),
        ("Ada Whitcombe, The Example Times", ("Ada Whitcombe",)),
        ("Ada Whitcombe for The Example Times", ("Ada Whitcombe",)),
        ("Ada Whitcombe ada@example.com @ada", ("Ada Whitcombe",)),
        ("Ada Whitcombe March 3, 2026", ("Ada Whitcombe",)),
        ("Ada May", ("Ada May",)),  # a name, not a month
        ("Dr. Ada Whitcombe", ("Dr. Ada Whitcombe",)),
        ("The Example Times", ()),
        ("Example", ()),
        ("example.com", ()),
        ("admin", ()),
        ("No Author", ()),
        ("page.head.extra.author", ()),
        ("https://www.facebook.com/ada.whitcombe", ()),
        ("Reuters", ("Reuters",)),  # agencies and desks sign
        ("Ada Whitcombe, AFP", ("Ada Whitcombe", "AFP")),
        ("Redaktion", ("Redaktion",)),
    ],
)
def test_bylines_become_names(raw: str, expected: tuple[str, ...]) -> None:
    assert clean([raw], outlet_of(["The Example Times"], URL)) == expected


@given(st.lists(st.text(max_size=600), max_size=4))
def test_whatever_stands_in_a_byline_the_names_are_short_and_differ(raw: list[str]) -> None:
    names = clean(raw, outlet_of(["The Example Times"], URL))
    assert len(set(names)) == len(names)
    assert all(0 < len(name) <= 80 and "@" not in name for name in names)


@pytest.mark.parametrize("unit", ["a.", "a-", "A ", "by ", "a@", "9 ", "von "])
def test_a_long_byline_costs_little(unit: str) -> None:
    start = process_time()
    clean([unit * 500_000] * 100, outlet_of([], URL))
    assert process_time() - start < 10


@pytest.mark.parametrize(
    ("head", "body", "expected", "source"),
    [
        ("", "<div class='byline'>By <a href='/author/ada'>Ada Whitcombe</a> | 2 March 2026 | 3 min read</div>", ("Ada Whitcombe",), "byline"),
        ("", "<p>Von Ada Whitcombe und Niall Corrigan, 2. März 2026</p>", ("Ada Whitcombe", "Niall Corrigan"), "byline"),
        ("", "<div class='author'><span>Ada Whitcombe</span><span>Chief reporter</span></div>", ("Ada Whitcombe",), "byline"),
        ("", "<a rel='author' href='/x'>Ada Whitcombe</a>", ("Ada Whitcombe",), "rel=author"),
        # a person in full comes before what she signs in with
        ('<meta name="author" content="awhitcombe2">', "<span class='author'>Ada Whitcombe</span>", ("Ada Whitcombe",), "byline"),
        # the outlet as the author is none; a card of the page may know more
        (
            '<meta property="og:site_name" content="The Example Times"><meta name="author" content="The Example Times">'
            '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ada Whitcombe">',
            "", ("Ada Whitcombe",), "meta",
        ),
        (linked_data(author={"@type": "Organization", "name": "The Example Times"}), "", (), None),
        (linked_data(author={"@type": "Person", "name": "The Example Times"}, publisher={"name": "The Example Times"}), "", (), None),
        (linked_data(author=[{"@type": "Person", "name": "Ada Whitcombe"}, {"@type": "Organization", "name": "Reuters"}]), "", ("Ada Whitcombe", "Reuters"), "json-ld"),
        ("", "<section class='comments'><span class='comment-author'>Niall Corrigan</span></section>", (), None),
    ],
)  # fmt: skip
def test_authors_come_from_the_best_source(head: str, body: str, expected: tuple[str, ...], source: str | None) -> None:
    found = read(head, body)
    assert (found.authors, found.provenance.get("authors")) == (expected, source)
