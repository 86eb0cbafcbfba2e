"""Before and after: what counts as a change, the word diff, and an HTML report that no page can harm."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk import readers
from newsdesk.model import Document
from newsdesk.reprocessing.comparing import compare, from_json, squeezed, stored, to_json
from newsdesk.reprocessing.report_html import page
from newsdesk.store.documents import cleaned
from newsdesk.store.reprocess_facts import Large

WHEN = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
DOCUMENT = Document(
    None, title="The bridge is open", text="One two.\n\nThree four.", authors=("Ada Byron",), published=WHEN,
    published_precision="minute", language="en", tags=("bridges",), provenance={"title": "h1"},
)  # fmt: skip


def test_the_same_reading_changes_nothing() -> None:
    row = stored(DOCUMENT)
    assert compare(row, row).changes == ()


def test_white_space_alone_is_a_change_of_spacing() -> None:
    before = stored(DOCUMENT)
    difference = compare(before, {**before, "body": "One two.\nThree  four.", "title": " The bridge is  open"})
    assert (difference.changes, difference.added, difference.removed) == (("spacing",), 0, 0)


def test_every_field_that_an_analyst_sees_is_compared() -> None:
    before = stored(DOCUMENT)
    other = {
        "title": "x", "body": "One two.", "authors": [], "published_at": None, "published_precision": "day",
        "modified_at": WHEN, "language": None, "canonical_url": "x", "section": "x", "tags": [], "description": "x",
        "image_url": "x", "body_html": "x",
    }  # fmt: skip
    assert other.keys() == before.keys()
    for column, value in other.items():
        assert compare(before, {**before, column: value}).changes == (column,)


@given(
    st.builds(
        Document,
        st.none(),
        title=st.none() | st.text(),
        text=st.text(),
        authors=st.lists(st.text()).map(tuple),
        published=st.none() | st.datetimes(timezones=st.just(UTC)),
        provenance=st.dictionaries(st.text(), st.text()),
    )
)
def test_a_document_survives_its_json_and_what_postgresql_cannot_store_is_gone(document: Document) -> None:
    kept = cleaned(document)
    assert from_json(to_json(kept)) == kept
    assert "\x00" not in repr(to_json(kept)).replace("\\x00", "\x00")


@given(st.text())
def test_squeezed_text_has_single_spaces(text: str) -> None:
    assert squeezed(text) == " ".join(squeezed(text).split())


class Reader(HTMLParser):
    """The tags and attributes of a page, and what closes what."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u202eevil\x00"


def report_of(text: str, before: str, after: str, url: str = "https://www.example.com/a", listed_pages: int = 2) -> str:
    row: dict[str, Any] = {**stored(DOCUMENT), "title": text, "body": before, "authors": [text]}
    reading = {**to_json(DOCUMENT), "title": after, "text": after, "authors": [after]}
    listed = [
        {"title": text, "new_title": None, "url": url, "source": text, "outcome": "wall", "reason": text}
    ] * listed_pages
    report = {
        "reprocess_id": 7, "stage": "extract", "scope": {"since": "2026-03-01", "sources": [text]}, "reader": text,
        "opened_at": WHEN.isoformat(), "unread": 1, "articles": {"same": 3, "changed": 1, "refused": 1}, "others": {"new": 1},
        "versions": 1, "changes": {"body": 1}, "no_longer": listed, "new": listed, "lost": listed, "otherwise": [],
        "words": {
            **{side: dict.fromkeys(("median", "p90", "p99", "most", "in_all"), 4) for side in ("added", "removed")},
            "share": {"up to 1 %": 1},
        },
        "links": {}, "by_source": [{"source": text, "pages": 3}],
    }  # fmt: skip
    return page(report, [Large(1, url, text, WHEN, ("title", "authors", "body"), 4, 5, row, reading)])


@given(st.text() | st.just(EVIL), st.text(max_size=300) | st.just(EVIL), st.text(max_size=300) | st.just(EVIL))
def test_nothing_of_a_page_becomes_markup(text: str, before: str, after: str) -> None:
    reader = Reader()
    reader.feed(report_of(text, before, after))
    assert reader.open == []
    assert not {"script", "img", "iframe", "link", "object", "svg", "form", "base"} & set(reader.tags)
    assert not [name for name, _ in reader.attributes if name.startswith("on")]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example"])
def test_only_web_addresses_are_links(url: str) -> None:
    reader = Reader()
    reader.feed(report_of("x", "a", "b", url))
    assert [value for name, value in reader.attributes if name == "href"] == []


def test_the_policy_lets_nothing_in_but_the_pages_own_style() -> None:
    html = report_of(EVIL, "a b c", "a x c", listed_pages=300)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    assert policy[1].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy[1]
    assert "style=" not in html
    assert "<del>b</del><ins>x</ins>" in html
    assert "\u202e" not in html
    assert "100 more" in html  # of 300 listed pages


def test_long_texts_are_shortened_where_they_stay_the_same() -> None:
    same = "word " * 3_000
    html = report_of("x", f"{same}\nold {same}", f"{same}\nnew {same}")
    assert len(html) < 80_000
    assert "<del>old</del><ins>new</ins>" in html
    assert report_of("x", " " * 5_000 + "a", " " * 5_000 + "b")
    assert report_of("x", "y" * 5_000 + " a", "y" * 5_000 + " b")


def test_the_extractors_name_changes_with_its_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "newsdesk"
    shutil.copytree(Path(readers.__file__).parent / "extract", copy / "extract")
    for name in readers.BESIDE_EXTRACT:
        shutil.copy(Path(readers.__file__).parent / name, copy / name)
    monkeypatch.setattr(readers.resources, "files", lambda package: copy)
    names = []
    for name in (None, "extract/body.py", "extract/rules.json", "months.py", "extract/guard.py"):
        if name:
            with (copy / name).open("a") as file:
                file.write("\n# changed\n")
        readers.digest_of.cache_clear()
        names.append(readers.digest_of("extract", ("lxml",), readers.BESIDE_EXTRACT))
    readers.digest_of.cache_clear()
    assert len(set(names[:4])) == 4
    assert names[4] == names[3]  # how the worker is kept alive changes no reading


def test_the_readers_names_are_told_in_one_line() -> None:
    assert re.fullmatch(r"newsdesk \S+, extract [0-9a-f]{8}, trafilatura \S+", readers.extractor())
    assert re.fullmatch(
        r"newsdesk \S+, enrich [0-9a-f]{8}, de=/models/x, en=none", readers.annotator({"en": "none", "de": "/models/x"})
    )
