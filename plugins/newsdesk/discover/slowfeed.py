"""The patient reading: feedparser, for feeds that are broken in ways the fast reading does not know, and for CDF.

feedparser is given UTF-8 without a document type and never fetches. It costs up to 100 times what lxml does, so it
is only asked for feeds up to MAX_CHARACTERS. People and topics are hidden from it, where its time grows with the
square of what it reads: it seeks an e-mail address in each name with a regular expression (minutes for 100 kB), and
each topic in the list of those before.
"""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser

from newsdesk.discover.dates import parse_date
from newsdesk.discover.entries import Entry, Feed, address, identifier, plain_text, time_to_live

MAX_CHARACTERS = 300_000
_HIDDEN = re.compile(
    r"(</?)(?:[\w.-]{1,40}:)?(?:author|contributor|creator|publisher|owner|managingeditor|webmaster"
    r"|category|keywords|tags|subject)(?=[\s/>])",
    re.IGNORECASE,
)


def read_patiently(text: str, url: str, limit: int) -> Feed:
    """The first `limit` entries of what came from `url`. `problem` says what feedparser complained of, if it did."""
    text = _HIDDEN.sub(r"\1hidden", text)
    try:
        # BytesIO: bare bytes are first tried as the name of a file.
        parsed = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers={"content-location": url, "content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as fault:  # noqa: BLE001 - a parser of 20 years of broken feeds has faults of many classes
        return Feed("", problem=f"the feed broke feedparser: {type(fault).__name__}: {str(fault)[:200]}")
    kind = _kind(parsed.get("version", ""))
    head = parsed.get("feed", {})
    return Feed(
        kind,
        tuple(_entry(entry, kind, url) for entry in parsed.entries[:limit]),
        problem=f"no entry could be read: {str(parsed.get('bozo_exception'))[:200]}" if parsed.get("bozo") else None,
        truncated=len(parsed.entries) > limit,
        ttl=time_to_live(*(_text(head, name) for name in ("ttl", "sy_updateperiod", "sy_updatefrequency"))),
    )


def _kind(version: str) -> str:
    if version in ("rss10", "rss090"):
        return "rdf"
    return version.rstrip("0123456789un")


def _entry(entry: feedparser.FeedParserDict, kind: str, url: str) -> Entry:
    published = _date(entry, "published") or _date(entry, "created")
    updated = _date(entry, "updated")
    if kind in ("rss", "rdf"):
        # dc:date, which RSS uses for the one date an item has, comes as `updated`.
        published = published or updated
    link, title, name = (_text(entry, name) for name in ("link", "title", "id"))
    return Entry(
        url=address(link, url) if link is not None else None,
        title=plain_text(title) if title is not None else None,
        published=published,
        updated=updated,
        id=identifier(name) if name is not None else None,
    )


def _text(element: Mapping[str, Any], name: str) -> str | None:
    """An element that bears attributes may come as these: then there is no text."""
    found = element.get(name)
    return found if isinstance(found, str) else None


def _date(entry: feedparser.FeedParserDict, name: str) -> datetime | None:
    # `in` first: asked for a missing `updated`, feedparser answers with `published`.
    if name not in entry:
        return None
    written = entry[name]
    found = parse_date(written, epoch=True) if isinstance(written, str) else None
    parsed = entry.get(f"{name}_parsed")
    if found is None and parsed is not None:
        try:
            since = calendar.timegm(parsed)
            found = datetime.fromtimestamp(since, UTC) if since >= 0 else None  # as `parse_date`: no year 1
        except (ValueError, OverflowError, OSError):
            return None
    return found
