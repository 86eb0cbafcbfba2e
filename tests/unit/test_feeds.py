"""Feeds: what they say comes out, broken ones say why, and nothing is ever fetched or opened."""

from __future__ import annotations

import gzip
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsdesk.discover import feeds
from newsdesk.discover.dates import parse_date
from newsdesk.discover.feeds import parse_feed, plain_text
from newsdesk.discover.packed import unpack

URL = "https://news.example/rss.xml"
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def rss(*items: str, head: str = "") -> bytes:
    body = "".join(f"<item>{item}</item>" for item in items)
    namespaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
    return f'{head}<rss version="2.0" {namespaces}><channel><title>N</title>{body}</channel></rss>'.encode()


ATOM = b"""<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/">
<title>N</title><entry><id>urn:1</id>
<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>bold</b> step</div></title>
<link rel="enclosure" href="/sound.mp3"/><link href="a/1"/><published>2024-05-01T14:00:00+02:00</published>
<updated>2024-05-01T12:30:00Z</updated></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://news.example/"><title>N</title></channel>
<item rdf:about="https://news.example/a"><title>T</title><link>https://news.example/a</link>
<dc:date>2024-05-01T12:00:00Z</dc:date></item></rdf:RDF>"""
RSS = rss(
    "<title>Caf&#233; &amp;amp; bar</title><link>/a?x=1&amp;y=2</link><guid isPermaLink='false'>g1</guid>"
    "<pubDate>Wed, 01 May 2024 14:00:00 +0200</pubDate>"
)


def test_rss_gives_absolute_links_plain_titles_and_utc() -> None:
    feed = parse_feed(RSS, "application/rss+xml", URL)
    assert (feed.kind, feed.problem, feed.truncated) == ("rss", None, False)
    assert feed.entries[0].id == "g1"
    (link,) = feed.links
    assert (link.url, link.title, link.published) == ("https://news.example/a?x=1&y=2", "Café & bar", NOON)


def test_atom_gives_the_alternate_link_and_both_dates() -> None:
    feed = parse_feed(ATOM, "application/atom+xml", URL)
    (link,) = feed.links
    assert feed.kind == "atom"
    assert (link.url, link.title, link.published) == ("https://news.example/a/1", "A bold step", NOON)
    assert link.updated == NOON.replace(minute=30)


def test_rdf_and_the_one_date_of_dublin_core() -> None:
    feed = parse_feed(RDF, "text/xml", URL)
    assert feed.kind == "rdf"
    assert (feed.links[0].published, feed.links[0].updated) == (NOON, NOON)


def test_a_permalink_guid_stands_in_for_the_link() -> None:
    assert parse_feed(rss("<title>T</title><guid>https://news.example/a</guid>"), None, URL).links[0].url.endswith("/a")


def test_links_that_are_no_web_addresses_are_entries_but_no_links() -> None:
    feed = parse_feed(rss("<link>javascript:alert(1)</link>", "<link>https://news.example/a</link>"), None, URL)
    assert [entry.url for entry in feed.entries] == [None, "https://news.example/a"]
    assert [link.url for link in feed.links] == ["https://news.example/a"]


@pytest.mark.parametrize(
    "content_type", ["text/xml", "text/html", "application/octet-stream", "", None, "junk; charset=nope"]
)
def test_utf8_is_read_whatever_the_type_says(content_type: str | None) -> None:
    body = rss("<title>Größe</title><link>/a</link>", head='<?xml version="1.0" encoding="utf-8"?>')
    assert parse_feed(body, content_type, URL).links[0].title == "Größe"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\n<!-- x --><!DOCTYPE html><html><body><p>No such feed</p></body></html>", "HTML page"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "no list of items"),
        (b'{"items": [', "JSON cannot be read"),
        (b"hello", "neither RSS nor Atom nor RDF|no entry could be read"),
        (rss("<title>T</title>"), "none of the feed's 1 entries has a web address"),
        (b"<rss version='2.0'><channel><ti", "no entry could be read"),
    ],
)
def test_what_cannot_be_used_says_why(body: bytes, why: str) -> None:
    feed = parse_feed(body, None, URL)
    assert feed.links == ()
    assert feed.problem
    assert any(part in feed.problem for part in why.split("|"))


def test_an_empty_but_whole_feed_is_no_problem() -> None:
    assert parse_feed(rss(), None, URL).problem is None


def test_entries_before_the_break_of_a_cut_feed_are_kept() -> None:
    whole = rss(*(f"<title>T{i}</title><link>/story-{i}</link>" for i in range(5)))
    feed = parse_feed(whole[: whole.index(b"story-4")], None, URL)
    assert [link.url[-7:] for link in feed.links[:4]] == [f"story-{i}" for i in range(4)]
    assert feed.problem is None


def test_bytes_that_name_a_file_or_an_address_are_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_bytes(RSS)
    assert parse_feed(str(secret).encode(), None, URL).links == ()
    assert parse_feed(b"http://127.0.0.1:9/feed", None, URL).links == ()


def test_a_long_prolog_costs_nothing() -> None:
    started = time.process_time()
    parse_feed(b"<??>" * 40 + b"<!---->" * 40 + b"<rss", None, URL)
    assert time.process_time() - started < 1


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("do-not-tell")
    head = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    assert "do-not-tell" not in repr(parse_feed(rss("<title>&x;</title><link>/a</link>", head=head), None, URL))


def test_entity_bombs_cost_nothing() -> None:
    bomb = "".join(
        f'<!ENTITY {"abcdefghij"[i]} "{("&" + "abcdefghij"[i - 1] + ";") * 10 if i else "x" * 10}">' for i in range(10)
    )
    started = time.process_time()
    feed = parse_feed(rss("<title>&j;</title><link>/a</link>", head=f"<!DOCTYPE r [{bomb}]>"), None, URL)
    assert time.process_time() - started < 2
    assert all(len(entry.title or "") <= 1_000 for entry in feed.entries)


def test_of_too_many_entries_the_newest_stay_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MAX_ENTRIES", 2)
    days = [3, 1, 2]
    body = rss(*(f"<link>/{day}</link><pubDate>2024-05-0{day}T00:00:00Z</pubDate>" for day in days))
    feed = parse_feed(body, None, URL)
    assert [link.url[-1] for link in feed.links] == ["3", "2"]
    assert feed.truncated


def test_a_feed_packed_without_a_label_is_unpacked_under_the_limit() -> None:
    assert parse_feed(gzip.compress(gzip.compress(RSS)), None, URL).links[0].title == "Café & bar"
    body, more = unpack(gzip.compress(b"x" * 5_000_000), 1_000)
    assert (len(body), more) == (1_000, True)


def test_unpacking_follows_members_and_keeps_what_came_before_a_break() -> None:
    first, second = gzip.compress(b"one "), gzip.compress(b"two")
    assert unpack(first + second + b"\x00junk", 100) == (b"one two", False)
    assert unpack(first + second[:-9], 100)[0].startswith(b"one ")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-05-01T14:00:00.123+02:00", NOON),
        ("2024-05-01 12:00:00", NOON),
        ("2024-05-01T07:00:00-05", NOON),
        ("2024-05-01T14:00:00 +0200", NOON),
        ("Wed, 01 May 2024 12:00:00 UT", NOON),
        ("Tue, 30 Apr 2024 24:00:00 GMT", NOON.replace(hour=0)),
        ("2024-05", NOON.replace(hour=0)),
        ("01/05/2024", None),
        ("2024-13-45", None),
        ("1714557600", None),
        ("20240501T120000Z", NOON),
        ("Wed, 1 May 24 12:00 GMT", NOON),
        ("1 May 2024 21:00 JST", NOON),
        ("Wed, 01 May 2024 14:00:00 GMT+2", NOON),
        ("2024-05-01 14:00 Europe/Paris", NOON),
        ("May 1, 2024 8:00 AM EDT", NOON),
        ("Wednesday, May 1st, 2024 - 12:00", NOON),
        ("Mi, 01 Mai 2024 14:00:00 +0200", NOON),
        ("mer., 01 mai 2024 14:00:00 +0200", NOON),
        ("mar. 5 mars 2024", datetime(2024, 3, 5, tzinfo=UTC)),
        ("Ср, 01 мая 2024 15:00:00 +0300", NOON),
        ("1 de mayo de 2024, 12:00", NOON),
        ("2024. május 1. 12:00", NOON),
        ("2024年5月1日 12:00", NOON),
        ("2024년 05월 01일 오후 12:00:00", NOON),
        ("1 พฤษภาคม 2567 12:00", NOON),
        ("١ مايو ٢٠٢٤ ١٢:٠٠", NOON),
        ("1 كانون الثاني 2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("1 tháng 5, 2024", NOON.replace(hour=0)),
        ("01.05.2024 12:00", NOON),
        ("25/12/2024", datetime(2024, 12, 25, tzinfo=UTC)),
        ("12 listopada 2024", None),
        ("Mar, 01 Foo 2024", None),
        ("5 May", None),
        ("Wed, 31 Jun 2024 10:00:00 GMT", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_are_utc_or_none(text: str | None, moment: datetime | None) -> None:
    assert parse_date(text) == moment


@pytest.mark.parametrize("written", ["1714564800", "1714564800000", "1714564800.5"])
def test_feeds_may_count_seconds_since_1970(written: str) -> None:
    assert parse_date(written, epoch=True) == NOON
    feed = parse_feed(rss(f"<link>/a</link><pubDate>{written}</pubDate>"), None, URL)
    assert feed.links[0].published == NOON


def test_titles_lose_markup_but_not_comparisons() -> None:
    assert plain_text("<b>A</b> &lt; B\n &amp; 3 < 4") == "A < B & 3 < 4"
    assert plain_text("one<br>two") == "one two"
    assert plain_text(" <i></i> ") is None


@given(
    st.text(max_size=60) | st.from_regex(r"[A-Za-z]{3}, \d{1,4}[ /.-][A-Za-z0-9]{1,5}[ /.-]\d{1,5} \d\d?:\d\d ?.{0,12}")
)
def test_no_date_raises(text: str) -> None:
    found = parse_date(text, epoch=True)
    assert found is None or found.utcoffset() is not None


@given(st.binary(max_size=200))
def test_no_bytes_raise(body: bytes) -> None:
    feed = parse_feed(body, "application/rss+xml", URL)
    assert feed.entries or feed.problem or feed.kind


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from([RSS, ATOM, RDF, RSS.decode().encode("utf-16")]),
    st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 40), st.binary(max_size=12)), max_size=4),
)
def test_no_mutated_feed_raises(body: bytes, edits: list[tuple[int, int, bytes]]) -> None:
    for at, gone, new in edits:
        at %= len(body) + 1
        body = body[:at] + new + body[at + gone :]
    feed = parse_feed(body, None, URL)
    assert all(link.url.startswith(("http://", "https://")) for link in feed.links)
    assert all(
        date is None or date.utcoffset() is not None for link in feed.links for date in (link.published, link.updated)
    )


ODD_TITLE = [
    (b'{"version":"https://jsonfeed.org/version/1.1","title":"N","items":[{"id":"1\\u0000","url":"/a","title":"a\\u0000b \\ud800c"}]}', "ab ?c"),
    (b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id><link href="/a"/><title type="image/x">YQBi</title></entry></feed>', "ab"),
    (rss("<link>/a</link><title>a&#0;b</title>"), "ab"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "title"), ODD_TITLE, ids=["json", "atom", "rss"])
def test_no_title_or_id_has_a_character_that_the_database_refuses(body: bytes, title: str) -> None:
    (entry,) = parse_feed(body, None, URL).entries
    assert entry.title == title
    assert "\x00" not in (entry.id or "")
