"""Sitemaps: pages, indexes, news fields; broken and hostile ones."""

from __future__ import annotations

import gzip
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.discover import sitemaps
from newsdesk.discover.sitemaps import parse_sitemap

URL = "https://news.example/sitemap.xml"
NEWS = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><image:image><image:loc>https://cdn.example/p.jpg</image:loc><image:title>Photo</image:title></image:image>
<loc> https://news.example/a </loc><lastmod>2024-05-01T12:30:00Z</lastmod>
<news:news><news:publication><news:name>N</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2024-05-01T14:00:00+02:00</news:publication_date>
<news:title>A &amp;amp; B</news:title></news:news></url>
<url><loc>https://news.example/b</loc></url></urlset>"""
INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://news.example/1.xml.gz</loc><lastmod>2024-05-01</lastmod></sitemap>
<sitemap><loc>/2.xml</loc></sitemap></sitemapindex>"""


def pages(body: bytes) -> list[str]:
    return [page.url for page in parse_sitemap(body, None, URL).pages]


def test_a_news_sitemap_gives_title_publication_and_last_change() -> None:
    first, second = parse_sitemap(NEWS, "application/xml", URL).pages
    assert (first.url, first.title) == ("https://news.example/a", "A & B")
    assert first.published == datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert first.updated == datetime(2024, 5, 1, 12, 30, tzinfo=UTC)
    assert (second.title, second.published, second.updated) == (None, None, None)


def test_an_index_names_sitemaps_and_no_pages() -> None:
    found = parse_sitemap(INDEX, None, URL)
    assert found.sitemaps == ("https://news.example/1.xml.gz", "https://news.example/2.xml")
    assert (found.pages, found.problem) == ((), None)


def test_namespaces_may_be_missing_or_wrong() -> None:
    assert pages(b"<urlset><url><loc>https://news.example/a</loc></url></urlset>") == ["https://news.example/a"]
    assert pages(b'<x:URLSET xmlns:x="urn:old"><x:url><x:loc>/a</x:loc></x:url></x:URLSET>') == [
        "https://news.example/a"
    ]


def test_the_news_of_a_prefix_that_was_never_declared_is_read() -> None:
    body = NEWS.replace(b' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"', b"").replace(
        b' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"', b""
    )  # fmt: skip
    assert parse_sitemap(body, None, URL).pages == parse_sitemap(NEWS, None, URL).pages
    assert pages(b"<ns:urlset><ns:url><ns:loc>/a</ns:loc></ns:url></ns:urlset>") == ["https://news.example/a"]
    assert pages(b"<urlset><url><image:loc>/p.jpg</image:loc><loc>/a</loc></url></urlset>") == [
        "https://news.example/a"
    ]


def test_gzip_is_known_by_its_magic_number_also_twice_cut_or_in_members() -> None:
    assert len(pages(gzip.compress(NEWS))) == 2
    assert len(pages(gzip.compress(gzip.compress(NEWS)))) == 2
    assert len(pages(gzip.compress(NEWS[:400]) + gzip.compress(NEWS[400:]) + b"\x00" * 9)) == 2
    assert pages(gzip.compress(NEWS)[:-9])[:1] == ["https://news.example/a"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_sitemap_is_one_address_a_line(encoding: str) -> None:
    text = "https://news.example/a\r\n\r\n# no comment\r\n  https://news.example/b  \r\nfoo\r\nhttps://news.example/a\n"
    assert pages(text.encode(encoding)) == ["https://news.example/a", "https://news.example/b"]


def test_a_feed_offered_as_a_sitemap_is_read_as_a_feed() -> None:
    assert pages(b"<rss version='2.0'><channel><item><link>/a</link></item></channel></rss>") == [
        "https://news.example/a"
    ]


@pytest.mark.parametrize("head", [b"\n \n", b"<br />PHP Warning: no such file in x.php<br />\n", b"Warning: x\n"])
def test_what_stands_above_the_document_does_not_hide_it(head: bytes) -> None:
    assert "https://news.example/b" in pages(head + NEWS)


def test_bare_ampersands_and_a_cut_end_lose_no_more_than_they_must() -> None:
    body = b"<urlset><url><loc>https://news.example/a?x=1&y=2</loc></url><url><loc>https://news.example/b</loc></url><url><lo"
    assert pages(body)[-1] == "https://news.example/b"
    assert len(pages(body)) == 2


def test_utf16_and_a_wrong_charset_are_read() -> None:
    assert len(pages(NEWS.decode().replace("UTF-8", "UTF-16").encode("utf-16"))) == 2
    assert len(pages(NEWS.replace(b"Photo", b"Caf\xe9"))) == 2


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "HTML page"),
        (b"hello", "neither an XML sitemap nor a list"),
        (b"<other><thing/></other>", "no sitemap"),
        (b"<urlset><url><loc>mailto:me@news.example</loc></url></urlset>", "none of the sitemap's 1 entries"),
        (b"<urlset" + b"<a>" * 1_000, "cannot be read"),
    ],
)
def test_what_cannot_be_used_says_why(body: bytes, why: str) -> None:
    found = parse_sitemap(body, None, URL)
    assert found.pages == ()
    assert found.problem
    assert why in found.problem


def test_an_empty_but_whole_sitemap_is_no_problem() -> None:
    assert parse_sitemap(b"<urlset></urlset>", None, URL).problem is None


def test_entities_are_not_expanded_and_no_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("do-not-tell")
    head = f'<!DOCTYPE u [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "inner">]>'.encode()
    found = parse_sitemap(head + b"<urlset><url><loc>https://news.example/&x;&y;</loc></url></urlset>", None, URL)
    assert "do-not-tell" not in repr(found)
    assert "inner" not in repr(found)


def test_bombs_end_in_a_moment() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * (sitemaps.MAX_BYTES + 1), compresslevel=1)
    deep = b"<urlset>" + b"<url>" * 300_000
    members = gzip.compress(b"https://news.example/x\n") * 20_000
    started = time.process_time()
    for body in (bomb, deep, members):
        parse_sitemap(body, None, URL)
    assert time.process_time() - started < 5


def test_of_too_many_pages_the_newest_stay_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_PAGES", 2)
    body = b"".join(b"<url><loc>/%d</loc><lastmod>2024-05-0%d</lastmod></url>" % (day, day) for day in (3, 1, 2))
    found = parse_sitemap(b"<urlset>" + body + b"</urlset>", None, URL)
    assert [page.url[-1] for page in found.pages] == ["3", "2"]
    assert found.truncated


@given(st.binary(max_size=200))
def test_no_bytes_raise(body: bytes) -> None:
    parse_sitemap(body, None, URL)


@given(
    st.sampled_from([NEWS, INDEX, gzip.compress(NEWS), NEWS.decode().encode("utf-16")]),
    st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 40), st.binary(max_size=12)), max_size=4),
)
def test_no_mutated_sitemap_raises(body: bytes, edits: list[tuple[int, int, bytes]]) -> None:
    for at, gone, new in edits:
        at %= len(body) + 1
        body = body[:at] + new + body[at + gone :]
    found = parse_sitemap(body, None, URL)
    assert all(page.url.startswith(("http://", "https://")) for page in found.pages)
    assert found.pages or found.sitemaps or found.problem or b"<" in body
