"""When an article was published and modified: instants in UTC with the precision the page gives.

A time without a zone is read in the source's zone, else in UTC. A day without a time is midnight UTC
of that day with precision `day`, whatever the zone, so that the day can be read off the value.
No instant lies after the fetch: a page cannot tell of its own future.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from htmldate import find_date
from lxml.html import HtmlElement

from newsdesk.extract import jsonld
from newsdesk.extract.markup import Meta
from newsdesk.model import JsonObject, Page

_PUBLISHED_META = ("article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "article:published",
                   "sailthru.date", "publishdate", "publish_date", "publish-date", "publication_date", "pubdate", "date.issued",
                   "dc.date.issued", "dcterms.created", "dcterms.issued", "cxenseparse:recs:publishtime", "article.published", "date",
                   "dc.date", "dcterms.date", "last-published")  # fmt: skip
_MODIFIED_META = ("article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "dcterms.modified",
                  "last-modified", "revised")  # fmt: skip
_ISO = re.compile(
    r"(?P<y>\d{4})[-/.]?(?P<m>\d{2})[-/.]?(?P<d>\d{2})"
    r"(?:[T\s]+(?P<H>\d{1,2})[:.h]?(?P<M>\d{2})(?:[:.](?P<S>\d{2})(?:[.,]\d+)?)?\s*(?P<z>Z|UTC|GMT|[+\u2212-]\d{1,2}(?::?\d{2})?(?::\d{2})?)?)?\s*\Z",
    re.IGNORECASE,
)
_TIME_OF_ARTICLE = "(//article | //main | //header)//time[@datetime]"
# on a page without such marks: in one of the three elements after the headline, or after the box that holds it
_TIME_BY_TITLE = (
    "(//h1/following-sibling::*[position() <= 3] | //h1/parent::*/following-sibling::*[1])"
    "/descendant-or-self::time[@datetime]"
)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?\Z")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_WIDEST_ZONE = timedelta(hours=14)
_MODIFIED_WORDS = re.compile(r"modif|updat|aktualis|mis à jour|actualiz|aggiorn", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moment:
    at: datetime  # UTC
    precision: str  # second, minute, day
    zoned: bool  # the page itself told the zone
    source: str


def published_of(tree: HtmlElement, meta: Meta, article: JsonObject, page: Page) -> Moment | None:
    """The first telling source gives the day; a later one that tells the zone of the same time may sharpen it."""
    zone = _zone(page.timezone)
    moments = [
        moment
        for raw, source in _published_texts(tree, meta, article)
        if (moment := _read(raw, source, zone, page.fetched_at))
    ]
    if not moments:
        return _day_by_htmldate(tree, page)
    first = moments[0]
    if first.zoned:
        return first
    close = [m for m in moments[1:] if m.zoned and abs(m.at - first.at) < timedelta(hours=26)]
    timed = [m for m in moments if m.precision != "day" and abs(m.at - first.at) < timedelta(hours=26)]
    return (close or timed or [first])[0]


def modified_of(meta: Meta, article: JsonObject, page: Page, published: datetime | None) -> Moment | None:
    """None also where it would lie before the publication."""
    zone = _zone(page.timezone)
    texts = [
        (jsonld.text(article.get("dateModified")), "json-ld"),
        *((raw, "meta") for raw in meta.all(*_MODIFIED_META)),
    ]
    for raw, source in texts:
        moment = _read(raw, source, zone, page.fetched_at)
        if moment and (published is None or moment.at >= published):
            return moment
    return None


def _published_texts(tree: HtmlElement, meta: Meta, article: JsonObject) -> Iterator[tuple[str | None, str]]:
    for key in ("datePublished", "dateCreated"):
        yield jsonld.text(article.get(key)), "json-ld"
    for raw in meta.all(*_PUBLISHED_META):
        yield raw, "meta"
    marked = tree.xpath("//*[@itemprop='datePublished' or @pubdate or contains(@property, 'datePublished')]")
    for element in marked[:3]:
        yield element.get("datetime") or element.get("content") or element.text, "microdata"
    for element in (tree.xpath(_TIME_OF_ARTICLE) or tree.xpath(_TIME_BY_TITLE))[:1]:
        if not _MODIFIED_WORDS.search(
            " ".join((element.get("class") or "", element.get("itemprop") or "", element.text or ""))
        ):
            yield element.get("datetime"), "time"


def read_time(raw: str, zone: tzinfo = UTC) -> tuple[datetime, str, bool] | None:
    """(instant in UTC, precision, zone told) of an ISO 8601, RFC 2822 or epoch text; None for any other."""
    raw = raw.strip()
    if _EPOCH.match(raw):
        return datetime.fromtimestamp(int(raw[:10]), UTC), "second", True
    found = _ISO.match(raw)
    try:
        if found:
            return _from_iso(found, zone)
        parsed = parsedate_to_datetime(raw) if "," in raw or ":" in raw else None
    except (ValueError, TypeError, OverflowError):
        return None
    if parsed is None:
        return None
    told = parsed.tzinfo is not None
    return (parsed if told else parsed.replace(tzinfo=zone)).astimezone(UTC), "second", told


def _from_iso(found: re.Match[str], zone: tzinfo) -> tuple[datetime, str, bool]:
    year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
    if found["H"] is None:
        return datetime(year, month, day, tzinfo=UTC), "day", False
    hour, minute, second = int(found["H"]), int(found["M"]), int(found["S"] or 0)
    if found["z"] is None and hour == minute == second == 0:
        return datetime(year, month, day, tzinfo=UTC), "day", False  # a day that a program padded
    told = _offset(found["z"]) if found["z"] else zone
    at = datetime(year, month, day, hour, minute, second, tzinfo=told).astimezone(UTC)
    return at, "second" if found["S"] else "minute", found["z"] is not None


def _offset(text: str) -> timezone:
    if text[0].isalpha():
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = (
        (int(digits), 0)
        if len(digits) <= 2
        else (int(digits[:-2]), int(digits[-2:]))
        if len(digits) <= 4
        else (int(digits[:2]), int(digits[2:4]))
    )
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(offset if text[0] == "+" else -offset)


def _read(raw: str | None, source: str, zone: tzinfo, limit: datetime | None) -> Moment | None:
    told = read_time(raw, zone) if raw else None
    if told is None or told[0] < _EARLIEST:
        return None
    at, precision, zoned = told
    if limit is not None and at > limit:
        # Local time read as UTC, most likely: the day is good, the hour is not.
        day = datetime(at.year, at.month, at.day, tzinfo=UTC)
        if at - limit > _WIDEST_ZONE or day > limit:
            return None
        at, precision, zoned = day, "day", False
    return Moment(at, precision, zoned, source)


def _day_by_htmldate(tree: HtmlElement, page: Page) -> Moment | None:
    limit = page.fetched_at or datetime.now(UTC)
    try:
        found = find_date(tree, original_date=True, extensive_search=True, url=page.url, max_date=f"{limit:%Y-%m-%d}")
    except (
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        OverflowError,
    ):  # what its pattern code raises on odd pages
        return None
    told = read_time(found) if found else None
    return Moment(told[0], "day", False, "htmldate") if told and _EARLIEST <= told[0] <= limit else None


def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
