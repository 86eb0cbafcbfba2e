"""When a page was published: how dates are written, and which of a page's many counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata_pages import NOW, PARAGRAPH, URL, linked_data, read, read_page
from newsdesk.extract.moments import MAX_LENGTH, dates_in, moment_of
from newsdesk.extract.page import extract
from newsdesk.model import Page


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


@pytest.mark.parametrize("zone", ["Nowhere/Atall", "America", "../etc/localtime"])
def test_a_zone_that_is_none_is_read_as_utc(zone: str) -> None:
    found = read('<meta property="article:published_time" content="2026-03-02T09:30">', timezone=zone)
    assert found.published == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


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
