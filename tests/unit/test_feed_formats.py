"""Each format of feed, the faults that are mended, the ones that are left to feedparser, and what none may cost."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from newsdesk.discover import feeds
from newsdesk.discover.feeds import Feed, parse_feed
from newsdesk.discover.feedtext import decode

URL = "https://news.example/dir/feed"
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
ITEM = "<item><title>{}</title><link>https://news.example/a</link></item>"


def rss(inner: str, attributes: str = "") -> bytes:
    return f'<rss version="2.0" {attributes}><channel><title>N</title>{inner}</channel></rss>'.encode()


def read(body: bytes | str, content_type: str | None = None) -> Feed:
    return parse_feed(body.encode() if isinstance(body, str) else body, content_type, URL)


def title_of(body: bytes | str, content_type: str | None = None) -> str | None:
    return read(body, content_type).entries[0].title


@pytest.fixture
def no_feedparser(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Feed:
        raise AssertionError("this feed is not for feedparser")

    monkeypatch.setattr(feeds, "read_patiently", refuse)


def test_json_feed_gives_address_title_and_dates() -> None:
    feed = read(
        '{"version": "https://jsonfeed.org/version/1.1", "items": ['
        '{"id": 7, "url": "/a", "title": "A &amp; B", "date_published": "2024-05-01T14:00:00+02:00",'
        ' "date_modified": "2024-05-01T12:00:00Z"},'
        '{"id": "https://news.example/b"}, {"id": "x", "external_url": "https://other.example/c", "title": null}, 5]}'
    )
    assert feed.kind == "json"
    assert [entry.url for entry in feed.entries] == [
        "https://news.example/a",
        "https://news.example/b",
        "https://other.example/c",
    ]
    first = feed.entries[0]
    assert (first.title, first.published, first.updated, first.id) == ("A & B", NOON, NOON, "7")


@pytest.mark.parametrize("body", ["[1]", '{"items": {}}', '{"items": 5}', "[" * 100_000, '{"items": [' + "9" * 5_000])
def test_other_json_is_a_problem(body: str) -> None:
    assert read(body).problem


def test_cdf_is_read_with_its_last_change() -> None:
    feed = read(
        '<CHANNEL><ITEM HREF="https://news.example/a" LASTMOD="2024-05-01T12:00Z"><TITLE>T</TITLE></ITEM></CHANNEL>'
    )
    assert feed.kind == "cdf"
    assert (feed.entries[0].url, feed.entries[0].updated) == ("https://news.example/a", NOON)


def test_atom_03_is_read_with_its_own_names() -> None:
    entry = read(
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="base64">QSA8Yj5CPC9iPg==</title>'
        '<link rel="alternate" type="text/html" href="/a"/><issued>2024-05-01T12:00:00Z</issued>'
        "<modified>2024-05-01T12:00:00Z</modified></entry></feed>"
    ).entries[0]
    assert (entry.url, entry.title, entry.published, entry.updated) == ("https://news.example/a", "A B", NOON, NOON)


def test_a_title_that_claims_to_be_base64_and_is_not_is_no_title() -> None:
    assert (
        title_of('<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="image/x">ä</title></entry></feed>')
        is None
    )


def test_the_page_is_preferred_to_other_forms_of_an_entry() -> None:
    links = (
        '<link rel="self" href="/self"/><link rel="alternate" type="application/pdf" href="/p.pdf"/>'
        '<link rel="alternate" type="text/html" href="/page"/>'
    )
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry>{}</entry></feed>'
    assert read(atom.format(links)).entries[0].url == "https://news.example/page"
    assert (
        read(atom.format('<link type="application/pdf" href="/p.pdf"/>')).entries[0].url == "https://news.example/p.pdf"
    )


def test_xml_base_holds_for_what_is_below_it() -> None:
    feed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://one.example/x/"><entry xml:base="y/">'
        '<id>1</id><link href="a"/></entry><entry><link xml:base="https://two.example/" href="b"/></entry></feed>'
    )
    assert [entry.url for entry in feed.entries] == ["https://one.example/x/y/a", "https://two.example/b"]
    assert feed.entries[0].id == "https://one.example/x/y/1"


def test_an_address_without_a_path_stays_as_found() -> None:
    assert read(rss("<item><link>https://news.example</link></item>")).entries[0].url == "https://news.example"


def test_a_guid_is_an_address_only_if_it_looks_like_one_or_says_so() -> None:
    items = (
        "<item><guid>123</guid></item><item><guid isPermaLink='true'>/a</guid></item>"
        "<item><guid isPermaLink='false'>https://news.example/b</guid></item><item><guid>https://news.example/c</guid></item>"
    )
    assert [entry.url for entry in read(rss(items)).entries] == [
        None,
        "https://news.example/a",
        None,
        "https://news.example/c",
    ]


def test_the_title_of_a_picture_is_only_a_last_resort() -> None:
    media = 'xmlns:media="http://search.yahoo.com/mrss/"'
    assert title_of(rss("<item><media:title>P</media:title><title>T</title></item>", media)) == "T"
    assert title_of(rss("<item><media:title>P</media:title></item>", media)) == "P"
    assert title_of(rss("<item><media:group><media:title>P</media:title></media:group></item>", media)) is None


def test_an_unreadable_pubdate_gives_way_to_dublin_core() -> None:
    entry = read(rss("<item><pubDate>soon</pubDate><dc:date>2024-05-01T12:00Z</dc:date></item>")).entries[0]
    assert entry.published == NOON


def test_a_feed_says_how_often_it_wants_to_be_polled_and_nonsense_says_nothing() -> None:
    feed = read(
        rss(
            "<ttl>90</ttl><skipHours><hour>0</hour><hour>24</hour><hour>7</hour></skipHours><skipDays><day>Sunday</day></skipDays>"
        )
    )
    assert (feed.ttl, feed.skip_hours, feed.skip_days) == (timedelta(minutes=90), {0, 7}, {6})
    sy = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    hints = "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
    assert read(rss(hints, sy)).ttl == timedelta(minutes=30)
    for odd in ("0", "-5", "x", "9" * 30):
        assert read(rss(f"<ttl>{odd}</ttl>")).ttl is None
    assert read(rss("")).ttl is None


@pytest.mark.usefixtures("no_feedparser")
@pytest.mark.parametrize(
    ("body", "title"),
    [
        (rss(ITEM.format("Caf&eacute;&nbsp;&amp; bar")), "Café & bar"),
        (rss(ITEM.format("Q & A")), "Q & A"),
        (rss(ITEM.format("1 < 2")), "1 < 2"),
        (rss(ITEM.format("a\x01b\x00c&#0;&#x1f;")), "abc"),
        (rss(ITEM.format("<x:b>T</x:b>")), "T"),
        (rss(ITEM.format("T") + "<no:date/>"), "T"),
        (rss(ITEM.format("T")) + b"\n<script>cached()</script>", "T"),
        (b"Warning: x in y.php on line 3 <br />\n" + rss(ITEM.format("T")), "T"),
        (rss(ITEM.format("T") + "<item><title>half a ti")[: -len("</channel></rss>")], "T"),
        (b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY q "x]>">]><!-- <rss> -->\n' + rss(ITEM.format("&q;")), "&q;"),
        (b'<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://n.example/r.dtd">' + rss(ITEM.format("T")), "T"),
        (rss(ITEM.format("T").upper().replace("HTTPS", "https")), "T"),
    ],
)  # fmt: skip
def test_common_faults_are_mended_without_feedparser(body: bytes, title: str) -> None:
    assert title_of(body) == title


def test_a_bare_ampersand_does_not_hurt_an_address_be_it_in_cdata_or_not() -> None:
    body = rss("<item><link>/a?x=1&y=2</link></item><item><link><![CDATA[/a?x=1&y=2]]></link></item>")
    assert [entry.url for entry in read(body).entries] == ["https://news.example/a?x=1&y=2"] * 2


def test_what_a_cut_leaves_unfinished_is_not_taken_for_an_address() -> None:
    feed = read(rss(ITEM.format("T") + "<item><link>https://news.example/half-a-na").partition(b"</channel>")[0])
    assert [entry.url for entry in feed.entries] == ["https://news.example/a", None]


@pytest.mark.parametrize(
    "inner", ["<item><title>T</titel><link>https://news.example/b</link></item>", "<b>", "</p>", "<a b=c>"]
)
def test_tags_that_do_not_match_do_not_hide_the_entries(inner: str) -> None:
    assert "https://news.example/a" in [entry.url for entry in read(rss(inner + ITEM.format("U"))).entries]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<?xml version='1.0' encoding='iso-8859-1'?>", None),
        ("<?xml version='1.0' encoding='iso-8859-1'?>", "text/xml; charset=utf-8"),
        ("<?xml version='1.0' encoding='utf-8'?>", "text/xml; charset=iso-8859-1"),
        ("<?xml version='1.0' encoding='punycode'?>", "text/xml; charset=unicode_escape"),
        ("", "text/xml; charset=us-ascii"),
    ],
)
def test_utf8_is_utf8_whatever_is_declared(body: str, content_type: str | None) -> None:
    assert title_of(body.encode() + rss(ITEM.format("Größe")), content_type) == "Größe"


@pytest.mark.parametrize(
    ("encoding", "label", "word"),
    [
        ("cp1252", "iso-8859-1", "“Café”"),
        ("cp1252", "utf-8", "Café"),
        ("cp1252", None, "Café"),
        ("cp1251", "windows-1251", "Новости"),
        ("koi8-r", "koi8-r", "Новости"),
        ("euc_kr", "euc-kr", "뉴스"),
        ("gb18030", "gb2312", "新闻"),
        ("shift_jis", "x-sjis", "ニュース"),
        ("iso2022_jp", "iso-2022-jp", "ニュース"),
        ("utf-16", "utf-16", "Новости"),
        ("utf-16-le", "utf-8", "Новости"),
        ("utf-32", None, "Новости"),
        ("utf-8-sig", "iso-8859-1", "Новости"),
    ],
)
def test_charsets_are_read_as_browsers_do(encoding: str, label: str | None, word: str) -> None:
    declaration = f"<?xml version='1.0' encoding='{label}'?>" if label else ""
    body = (declaration + rss(ITEM.format(word)).decode()).encode(encoding)
    assert title_of(body) == word


def test_one_broken_letter_does_not_spoil_utf8() -> None:
    assert "Größe" in decode("Größe Öl".encode() + b"\xe9 ", None)


def test_utf8_taken_for_latin_once_too_often_is_undone() -> None:
    assert title_of(rss(ITEM.format("CafÃ©"))) == "Café"


NAMES = "a." * 100_000
TOPICS = "".join(f"<category>{number}</category>" for number in range(12_000))


@pytest.mark.parametrize(
    "inner",
    [
        f"<item><author>{NAMES}</author></b>",
        f"<item><dc:creator>{NAMES}</dc:creator></b>",
        f"<item>{TOPICS}</b>",
        "<item><tags>" + ",".join(map(str, range(50_000))) + "</tags></b>",
        "<a>" * 50_000,
        "<a></b>" * 10_000,
        "<![CDATA[" * 30_000,
        "<!--" * 60_000,
        "&" * 200_000,
        "<item><title>" + "&lt;b " * 40_000,
    ],
    ids=range(10),
)
def test_broken_feeds_cost_no_more_than_their_length(inner: str) -> None:
    started = time.process_time()
    read(rss(inner))
    assert time.process_time() - started < 8  # the first four took minutes, the others less than 1


def test_large_broken_feeds_are_not_for_feedparser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MAX_CHARACTERS", 100)
    monkeypatch.setattr(feeds, "read_patiently", lambda *_: pytest.fail("too large for it"))
    feed = read(rss(ITEM.format("T") + "<item></b></item>"))
    assert feed.entries[0].title == "T"


def test_a_broken_feed_whose_ttl_bears_attributes_is_read() -> None:
    """feedparser gives the attributes in the place of the text then."""
    feed = read('<rss><channel><ttl a="1">60</ttl><odd><item><link>/a</link></item></odd></channel></rss>')
    assert [entry.url for entry in feed.entries] == ["https://news.example/a"]
    assert feed.ttl is None
