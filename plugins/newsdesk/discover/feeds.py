"""Feeds: RSS, Atom and RDF by feedparser, which is given bytes and never fetches."""

from __future__ import annotations

import calendar
import html
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import feedparser

from newsdesk.discover.dates import parse_date
from newsdesk.discover.newest import newest
from newsdesk.discover.packed import unpack
from newsdesk.model import Link
from newsdesk.urls import absolute

MAX_BYTES = 10_000_000  # of the unpacked feed
MAX_ENTRIES = 10_000
_MAX_TITLE = 1_000  # characters
_MAX_ID = 2_048

_HTML = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE | re.ASCII)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the feed has it, usable or not."""

    url: str | None  # absolute http(s), else None
    title: str | None = None  # plain text
    published: datetime | None = None
    updated: datetime | None = None
    id: str | None = None  # guid, atom:id


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says, in its own order. `problem` is set when nothing could be read, and says why."""

    kind: str  # rss, rdf, atom, cdf; empty: not known
    entries: tuple[Entry, ...] = ()
    problem: str | None = None
    truncated: bool = False  # there were more bytes or entries than we take

    @property
    def links(self) -> tuple[Link, ...]:
        """The entries that lead somewhere."""
        return tuple(Link(e.url, e.title, e.published, e.updated) for e in self.entries if e.url)


def parse_feed(body: bytes, content_type: str | None, url: str) -> Feed:
    """The entries of the feed that came from `url` with this Content-Type. Never raises.

    Of more than MAX_ENTRIES entries the newest are kept. A feed without entries has no problem if it is whole.
    """
    body, cut = unpack(body, MAX_BYTES)
    # White space before the XML declaration would make the whole document ill-formed.
    body = body.lstrip(b" \t\r\n")
    if not body:
        return Feed("", problem="the feed is empty")
    if _HTML.match(_without_prolog(body[:4_096])):
        return Feed("", problem="an HTML page came instead of a feed")
    if b"\x00" not in body[:4] and body[:1] in (b"{", b"["):
        return Feed("", problem="this is JSON, not RSS, Atom or RDF")
    try:
        # BytesIO: bare bytes are first tried as the name of a file.
        parsed = feedparser.parse(
            io.BytesIO(body),
            response_headers=_headers(content_type, url),
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as fault:  # noqa: BLE001 - a parser of 20 years of broken feeds has faults of many classes
        return Feed("", problem=f"the feed broke feedparser: {type(fault).__name__}: {str(fault)[:200]}")
    kind = _kind(parsed.version)
    entries = [_entry(entry, kind, url) for entry in parsed.entries]
    kept = newest(entries, MAX_ENTRIES)
    return Feed(kind, kept, _problem(kind, entries, parsed), truncated=cut or len(kept) < len(entries))


def _without_prolog(head: bytes) -> bytes:
    """What follows the comments and processing instructions. No regular expression: it would go back and forth."""
    for _ in range(100):
        head = head.lstrip()
        opened = next(
            ((start, end) for start, end in ((b"<!--", b"-->"), (b"<?", b"?>")) if head.startswith(start)), None
        )
        if opened is None:
            return head
        head = head[len(opened[0]) :].partition(opened[1])[2]
    return head


def _headers(content_type: str | None, url: str) -> dict[str, str]:
    """What feedparser may know of the response: the base of relative links, and the charset where it was told.

    Not the type itself: of text/xml without a charset it would believe that it is ASCII.
    """
    charset = _CHARSET.search(content_type or "")
    return {
        "content-location": url,
        "content-type": f"application/xml; charset={charset[1]}" if charset else "application/xml",
    }


def _kind(version: str) -> str:
    if version in ("rss10", "rss090"):
        return "rdf"
    return version.rstrip("0123456789un")


def _problem(kind: str, entries: list[Entry], parsed: Mapping[str, Any]) -> str | None:
    if any(entry.url for entry in entries):
        return None
    if entries:
        return f"none of the feed's {len(entries)} entries has a web address"
    if not kind:
        return "this is neither RSS nor Atom nor RDF"
    if parsed.get("bozo"):
        return f"no entry could be read: {str(parsed.get('bozo_exception'))[:200]}"
    return None


def _entry(entry: feedparser.FeedParserDict, kind: str, url: str) -> Entry:
    published = _date(entry, "published") or _date(entry, "created")
    updated = _date(entry, "updated")
    if published is None and kind != "atom":
        # dc:date, which RSS uses for the one date an item has, comes as `updated`.
        published, updated = updated, None
    link = entry.get("link")
    return Entry(
        url=absolute(link, url) if isinstance(link, str) and link.strip() else None,
        title=plain_text(entry.get("title")),
        published=published,
        updated=updated,
        id=str(entry["id"])[:_MAX_ID] if entry.get("id") else None,
    )


def _date(entry: feedparser.FeedParserDict, name: str) -> datetime | None:
    # `in` first: asked for a missing `updated`, feedparser answers with `published`.
    if name not in entry:
        return None
    found = parse_date(entry[name])
    parsed = entry.get(f"{name}_parsed")
    if found is None and parsed is not None:
        try:
            found = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
        except (ValueError, OverflowError, OSError):
            return None
    return found


def plain_text(markup: str | None) -> str | None:
    """A title without tags, character references and runs of blanks; None if nothing remains."""
    if not markup:
        return None
    text = " ".join(html.unescape(_TAG.sub(" " if "<br" in markup else "", markup)).split())
    return text[:_MAX_TITLE] or None
