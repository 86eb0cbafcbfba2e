"""What a source's feed says of an article is heard where its page is silent or less exact."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from metadata_pages import NOW, linked_data, read
from newsdesk.extract.announced import with_announced
from newsdesk.model import Document

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
