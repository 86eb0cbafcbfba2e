"""Title, authors, dates, language, canonical address: by precedence, each with where it came from."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.extract import jsonld
from newsdesk.extract.announced import with_announced
from newsdesk.extract.author_names import clean, outlet_of
from newsdesk.extract.markup import parse
from newsdesk.extract.moments import MAX_LENGTH, dates_in, moment_of
from newsdesk.extract.page import extract
from newsdesk.model import Document, Page

NOW = datetime(2026, 3, 5, tzinfo=UTC)
URL = "https://www.example.com/news/new-bridge-opens"
PARAGRAPH = "The new bridge over the river was opened on Monday after two years of work, the county council said. "


def read(head: str = "", above: str = "", *, timezone: str | None = None, language: str | None = None) -> Document:
    html = f"<html><head>{head}</head><body><article><h1>New bridge opens</h1>{above}{f'<p>{PARAGRAPH * 2}</p>' * 3}</article></body></html>"
    return extract(Page(URL, html.encode(), "text/html; charset=utf-8", language, timezone, NOW))


def read_page(head: str, body: str, *, url: str = URL, timezone: str | None = None) -> Document:
    html = f"<html><head>{head}</head><body>{body}{f'<p>{PARAGRAPH * 2}</p>' * 3}</body></html>"
    return extract(Page(url, html.encode(), "text/html; charset=utf-8", None, timezone, NOW))


def script(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


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


# --- JSON-LD


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


# --- titles


@pytest.mark.parametrize(
    ("head", "body", "expected", "source"),
    [
        # what readers see comes before what is written for search engines
        (
            '<title>Bridge opening: all you need to know</title><meta property="og:title" content="New bridge opens">',
            '<nav><ol class="breadcrumb"><li><h1>Bridge opening: all you need to know</h1></li></ol></nav><article><h2>New bridge opens</h2>',
            "New bridge opens", "h2",
        ),
        # a kicker is none of the title
        (
            '<meta property="og:title" content="New bridge opens after two years">',
            '<article><h1><span class="kicker">Traffic</span> <span>New bridge opens after two years</span></h1>',
            "New bridge opens after two years", "h1",
        ),
        # unless the outlet itself puts it there
        (
            '<title>Traffic: New bridge opens</title>' + linked_data(headline="Traffic: New bridge opens"),
            '<article><h1><span class="kicker">Traffic:</span> <span>New bridge opens</span></h1>',
            "Traffic: New bridge opens", "h1",
        ),
        # the outlet's logo, a section and a teaser are no titles
        (
            "<title>New bridge opens - The Example Times</title>",
            '<h1 class="logo"><a href="/">The Example Times</a></h1><h2><a href="/news/">News</a></h2>'
            '<article><h2>New bridge opens</h2></article><h2><a href="/news/other-story-here">Another story of today</a></h2>',
            "New bridge opens", "h2",
        ),
        ("<title>Das Wetter | Example Times</title>", '<article><h1>Wie wird das Wetter?</h1>', "Wie wird das Wetter?", "h1"),
        ('<meta property="og:title" content="Ada&amp;#39;s bridge opens">', "<article>", "Ada's bridge opens", "og:title"),
        (
            '<title>New bridge opens – Example Times</title><meta property="og:title" content="New bridge opens">', "<div>",
            "New bridge opens", "og:title",
        ),
    ],
)  # fmt: skip
def test_the_title_is_the_headline_that_readers_see(head: str, body: str, expected: str, source: str) -> None:
    found = read_page(head, body)
    assert (found.title, found.provenance["title"]) == (expected, source)


# --- authors


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


# --- dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Published March 2nd, 2026", date(2026, 3, 2)),
        ("2 March 2026", date(2026, 3, 2)),
        ("2. März 2026, 10:15 Uhr", date(2026, 3, 2)),
        ("le 2 mars 2026 à 10h15", date(2026, 3, 2)),
        ("2 de marzo de 2026", date(2026, 3, 2)),
        ("2 марта 2026", date(2026, 3, 2)),
        ("2026年3月2日", date(2026, 3, 2)),
        ("02.03.2026", date(2026, 3, 2)),
        ("02/03/26", date(2026, 3, 2)),
        ("13/02/2026", date(2026, 2, 13)),
        ("02/13/2026", date(2026, 2, 13)),
        ("31.02.2026", None),
        ("version 10.4.12", None),
    ],
)
def test_written_dates_are_read_in_many_languages(text: str, expected: date | None) -> None:
    found = dates_in(text)
    assert (found[0][2].date() if found else None) == expected


@given(st.text(max_size=2 * MAX_LENGTH))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    for start, end, at, precision in dates_in(text):
        assert 0 <= start < end <= len(text)
        assert 1900 <= at.year <= 2099
        assert precision in ("second", "minute", "day")
    moment = moment_of(text, "meta", UTC, NOW)
    assert moment is None or moment.at <= NOW


@given(st.datetimes(datetime(1991, 1, 1), datetime(2026, 1, 1)), st.integers(-12 * 4, 14 * 4))  # noqa: DTZ001
def test_a_moment_with_its_zone_is_read_to_the_second_and_keeps_its_day(local: datetime, quarters: int) -> None:
    offset = timedelta(minutes=15 * quarters)
    sign, minutes = "-" if quarters < 0 else "+", abs(15 * quarters)
    local = local.replace(microsecond=0, hour=max(1, local.hour))
    moment = moment_of(f"{local.isoformat()}{sign}{minutes // 60:02}:{minutes % 60:02}", "meta", UTC, NOW)
    assert moment is not None
    assert moment.at == (local - offset).replace(tzinfo=UTC)
    assert (moment.day, moment.precision, moment.offset) == (local.date(), "second", offset)


def test_the_zone_of_a_time_is_noted() -> None:
    meta = '<meta property="article:published_time" content="{}">'
    assert read(meta.format("2026-03-02T09:30:00Z")).provenance["published_zone"] == "page"
    assert read(meta.format("2026-03-02T09:30:00"), timezone="Europe/Paris").provenance["published_zone"] == "source"
    assert read(meta.format("2026-03-02T09:30:00")).provenance["published_zone"] == "assumed: UTC"
    assert "published_zone" not in read(meta.format("2026-03-02")).provenance


def test_midnight_is_what_programs_write_for_a_day() -> None:
    found = read('<meta property="article:published_time" content="2026-03-02T00:00:00-05:00">')
    assert (found.published, found.published_precision) == (datetime(2026, 3, 2, tzinfo=UTC), "day")


def test_the_day_is_the_one_that_the_page_calls_it_by() -> None:
    late = linked_data(datePublished="2026-03-03T02:30:00Z")
    assert read(late).published_day == date(2026, 3, 3)
    assert read(late, timezone="America/New_York").published_day == date(2026, 3, 2)
    assert read(late, "<p>March 2, 2026</p>").published_day == date(2026, 3, 2)
    assert read_page(
        late, "<h1>New bridge opens</h1>", url="https://www.example.com/2026/03/02/bridge"
    ).published_day == date(2026, 3, 2)
    assert read(linked_data(datePublished="2026-03-02T22:30:00-05:00")).published_day == date(2026, 3, 2)


def test_two_sources_that_agree_outvote_one() -> None:
    head = (
        linked_data(datePublished="2025-11-05T09:00:00Z")
        + '<meta property="article:published_time" content="2026-03-02T09:30:00Z">'
    )
    assert read(head, "<time datetime='2026-03-02T09:30:00Z'>2 March 2026</time>").published == datetime(
        2026, 3, 2, 9, 30, tzinfo=UTC
    )
    assert read(head).published == datetime(2025, 11, 5, 9, tzinfo=UTC)


def test_a_page_is_not_younger_than_the_date_that_it_shows() -> None:
    found = read(linked_data(datePublished="2026-03-02T09:30:00Z"), "<p>Posted on 14 January 2024</p>")
    assert (found.published_day, found.provenance["published"]) == (date(2024, 1, 14), "written")


def test_the_date_of_a_change_is_no_publication_where_another_stands() -> None:
    found = read("", "<p>Updated 3 March 2026</p><p>Published 1 March 2026</p>")
    assert found.published_day == date(2026, 3, 1)


def test_a_comments_date_is_not_the_articles() -> None:
    found = read("", "<div class='comment'><p><time datetime='2026-03-02T09:30:00Z'>2 March 2026</time></p></div>")
    assert found.provenance.get("published") not in ("time", "written")


def test_a_guess_is_never_the_day_of_the_fetch_nor_a_years_first() -> None:
    for clock in ("Thursday, 5 March 2026", "© 2026"):
        html = f"<html><body><div><h2>New bridge opens</h2></div><p>{PARAGRAPH * 5}</p><footer><div>{clock}</div></footer></body></html>"
        assert extract(Page(URL, html.encode(), None, None, None, NOW + timedelta(hours=9))).published is None


# --- what the feed announced

PAGE_DAY = Document(
    None, title="New bridge opens", published=datetime(2026, 3, 2, tzinfo=UTC), published_precision="day",
    published_day=date(2026, 3, 2), provenance={"title": "h1", "published": "written"},
)  # fmt: skip
FEED = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)


def test_the_feed_is_heard_where_the_page_is_silent() -> None:
    found = with_announced(Document(None), "New bridge opens", FEED, NOW, "Asia/Tokyo")
    assert (found.title, found.published, found.published_precision) == ("New bridge opens", FEED, "second")
    assert found.published_day == date(2026, 3, 2)
    assert found.provenance == {"title": "feed", "published": "feed"}


@pytest.mark.parametrize(
    "body",
    [
        "<header><div class=today>Thursday, 5 March 2026</div></header><main><h1>New bridge opens</h1>{text}</main>",
        "<div class=top>5 March 2026</div><h1>New bridge opens</h1>{text}",
        "<header><time datetime='2026-03-04T23:59:00Z'>now</time></header><article><h1>New bridge opens</h1>{text}</article>",
        "<main><h1>New bridge opens</h1>{text}<div class=weather>5 March 2026: rain</div></main>",
        "<main><h1>New bridge opens</h1><p>{line}</p><p>{line}</p><div class=weather>5 March 2026</div></main>",
    ],
)
def test_what_a_page_shows_as_today_is_no_date_of_the_article(body: str) -> None:
    found = read_page("", body.replace("{text}", f"<p>{PARAGRAPH * 2}</p>" * 3).replace("{line}", PARAGRAPH))
    assert found.published is None
    assert "published" not in found.provenance


def test_a_dateline_of_the_day_of_the_fetch_counts_where_it_stands_below_the_headline() -> None:
    for above in ("<p>5 March 2026</p>", f"<p>{PARAGRAPH}</p><p>Published: 5 March 2026</p>"):
        assert read(above=above).published_day == NOW.date()
    assert read_page("", "<p>3 March 2026</p><h1>New bridge opens</h1>").published_day == date(2026, 3, 3)


def test_a_feed_that_tells_of_a_time_before_the_web_is_not_heard() -> None:
    """Systems write their zero, 1 January 1970, for want of a date."""
    for zero in (datetime(1970, 1, 1, tzinfo=UTC), datetime(1, 1, 1, 0, 0, 1, tzinfo=UTC)):
        found = with_announced(Document(None), None, zero, NOW, "America/Lima")
        assert (found.published, found.published_day, found.provenance) == (None, None, {})


def test_the_feed_makes_the_pages_day_exact() -> None:
    found = with_announced(PAGE_DAY, "Another title", FEED, NOW, None)
    assert (found.published, found.published_precision, found.provenance["published"]) == (FEED, "second", "feed")
    assert (found.title, found.published_day) == ("New bridge opens", date(2026, 3, 2))


@pytest.mark.parametrize(
    "feed", [datetime(2026, 3, 1, 9, 30, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC), NOW + timedelta(hours=1)]
)
def test_a_feed_of_another_day_or_without_a_time_changes_nothing(feed: datetime) -> None:
    assert with_announced(PAGE_DAY, None, feed, NOW, None) == PAGE_DAY


def test_the_feed_tells_the_zone_of_the_pages_clock() -> None:
    page = Document(
        None, published=datetime(2026, 3, 2, 4, 30, 15, tzinfo=UTC), published_precision="second", published_day=date(2026, 3, 2),
        provenance={"published": "meta", "published_zone": "assumed: UTC"},
    )  # fmt: skip
    assert with_announced(page, None, FEED, NOW, None).published == FEED
    assert with_announced(page, None, FEED + timedelta(minutes=7), NOW, None) == page


def test_the_page_that_tells_time_and_zone_is_not_overruled() -> None:
    found = read(linked_data(datePublished="2026-03-02T08:00:00Z"))
    assert with_announced(found, "New bridge opens | Example", FEED, NOW, None) == found


def test_the_feeds_title_stands_where_the_pages_has_something_more_at_its_end() -> None:
    page = Document(None, title="New bridge opens Example Times Online", provenance={"title": "title"})
    assert with_announced(page, "New bridge opens", None, NOW, None).title == "New bridge opens"


# --- cost


@pytest.mark.parametrize(
    "html",
    [
        "<h1>" * 3_000 + "title " * 50_000,
        "<div class=author>" * 3_000 + "name " * 50_000,
        "<h1>x</h1>" + "<div>" * 3_000 + "12 March 2026 " * 50_000,
        "<h1>x</h1>" + "<span class=byline></span>" * 50_000,
        "<title>" + "Example - " * 50_000 + "</title>",
        "<meta property=og:title content='" + "Example | " * 50_000 + "'>",
        "<p itemprop=author rel=author property=datePublished>x</p>" * 30_000,
    ],
    ids=["h1", "author", "nested", "bylines", "title", "og", "marks"],
)
def test_a_page_built_to_cost_time_costs_little(html: str) -> None:
    from newsdesk.extract.metadata import read_metadata

    tree = parse(f"<html><body>{html}</body></html>")
    assert tree is not None
    start = process_time()
    read_metadata(tree, Page(URL, b"", fetched_at=NOW))
    assert process_time() - start < 20
