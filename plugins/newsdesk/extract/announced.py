"""What the source's own feed or sitemap says of an article, beside what its page says.

The page speaks first: it is what readers see, and it is corrected. The feed is heard where the page is silent, where the
page only lets guess, and where the two agree but for the exactness: the feed's second within the page's day, the feed's
zone for the page's clock. What comes from it says so in the provenance.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, tzinfo

from newsdesk.extract.folding import fold
from newsdesk.extract.moments import EARLIEST, WIDEST_ZONE, zone_of
from newsdesk.model import Document

_GUESSES = frozenset({"htmldate"})  # ways by which a page's day is only guessed
_TRIMMED = frozenset({"title", "og:title"})  # titles from which the outlet's name may not have been taken off
_QUARTER = timedelta(minutes=15)  # zones differ by multiples of it
_LEAST_TITLE = 12  # folded characters by which two titles are known to be one


def with_announced(
    document: Document, title: str | None, published: datetime | None, fetched_at: datetime, timezone: str | None
) -> Document:
    """`document` with what the feed knows better. Nothing that it says lies after the fetch, or before the web."""
    if title and _title_is_better(document, title):
        document = replace(document, title=title, provenance={**document.provenance, "title": "feed"})
    zone = zone_of(timezone)
    if published and EARLIEST <= published <= fetched_at and _time_is_better(document, published, zone):
        return _published_by_feed(document, published, zone)
    return document


def _title_is_better(document: Document, title: str) -> bool:
    """Where the page has none, or has the feed's with something more at one of its ends."""
    if document.title is None:
        return True
    if document.provenance.get("title") not in _TRIMMED or title.rstrip().endswith(("…", "...")):
        return False
    feeds, pages = fold(title), fold(document.title)
    return len(feeds) >= _LEAST_TITLE and feeds != pages and (pages.startswith(feeds) or pages.endswith(feeds))


def _time_is_better(document: Document, feeds: datetime, zone: tzinfo) -> bool:
    pages, source = document.published, document.provenance.get("published")
    if pages is None or source in _GUESSES:
        return True
    if document.published_precision == "day":
        return not _is_padded(feeds) and pages.date() in {feeds.date(), feeds.astimezone(zone).date()}
    if document.provenance.get("published_zone") in ("page", "source"):
        return False
    apart = abs(feeds - pages)
    slack = timedelta(seconds=1 if feeds.second else 60)  # a feed may leave the seconds out
    return apart <= WIDEST_ZONE + slack and (apart + slack) % _QUARTER <= 2 * slack


def _published_by_feed(document: Document, feeds: datetime, zone: tzinfo) -> Document:
    padded = _is_padded(feeds)
    day = feeds.date() if padded else feeds.astimezone(zone).date()
    if document.published is not None and document.provenance.get("published") not in _GUESSES:
        day = document.published_day or day  # the page told it; the feed only makes it exact
    provenance = {key: value for key, value in document.provenance.items() if key != "published_zone"}
    return replace(
        document,
        published=feeds,
        published_precision="day" if padded else "second",
        published_day=day,
        modified=document.modified if document.modified is None or document.modified >= feeds else None,
        provenance={**provenance, "published": "feed"},
    )


def _is_padded(moment: datetime) -> bool:
    """A day that was written as its midnight."""
    return moment.astimezone(UTC).time() == time.min
