"""Feeds: RSS, Atom, RDF, CDF and JSON Feed. Bytes in, entries out; nothing is ever fetched or expanded.

Most feeds are read by lxml alone (`fastfeed`). Those that are broken in ways it is not sure of also go to feedparser
(`slowfeed`) if they are small, and the reading that finds more addresses is taken. Of a large broken one, which
would take minutes there, what lxml could save counts.
"""

from __future__ import annotations

import re
from dataclasses import replace

from newsdesk.discover.entries import Entry, Feed, plain_text
from newsdesk.discover.fastfeed import read_tree
from newsdesk.discover.feedtext import decode
from newsdesk.discover.jsonfeed import read_json
from newsdesk.discover.markup import find_document, parse
from newsdesk.discover.newest import newest
from newsdesk.discover.packed import unpack
from newsdesk.discover.slowfeed import MAX_CHARACTERS, read_patiently

__all__ = ["MAX_BYTES", "MAX_ENTRIES", "Entry", "Feed", "parse_feed", "plain_text"]

MAX_BYTES = 10_000_000  # of the unpacked feed
MAX_ENTRIES = 10_000
_MAX_READ = 30_000  # entries among which the newest are sought

_NO_FEED = "this is neither RSS nor Atom nor RDF"
_SOMETHING = re.compile(r"<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|channel|item|entry)\b", re.IGNORECASE)


def parse_feed(body: bytes, content_type: str | None, url: str) -> Feed:
    """The entries of the feed that came from `url` with this Content-Type. Never raises.

    Of more than MAX_ENTRIES entries the newest are kept. A feed without entries has no problem if it is whole.
    """
    body, cut = unpack(body, MAX_BYTES)
    text = decode(body.lstrip(b" \t\r\n"), content_type).lstrip(" \t\r\n\x00\ufeff")
    if not text:
        return Feed("", problem="the feed is empty")
    feed = read_json(text, url, _MAX_READ) if text[0] in "{[" else _read_xml(text, url)
    kept = newest(feed.entries, MAX_ENTRIES)
    truncated = cut or feed.truncated or len(kept) < len(feed.entries)
    return replace(feed, entries=kept, problem=_problem(feed), truncated=truncated)


def _read_xml(text: str, url: str) -> Feed:
    document = find_document(text)
    if (document is not None and document.root == "html") or text[:14].lower() == "<!doctype html":
        return Feed("", problem="an HTML page came instead of a feed")
    tree = parse(document) if document is not None else None
    quick = read_tree(tree.root, url, "xml:base" in text, _MAX_READ) if tree is not None else None
    if quick is not None and tree is not None and (tree.bounded or (tree.sound and _all_seen(quick, text))):
        whole = document is None or document.whole
        return quick if whole else replace(quick, problem="no entry could be read: the feed ends before its first")
    if len(text) > MAX_CHARACTERS:
        return quick or Feed("", problem=f"{_NO_FEED}, or too large a broken one")
    begin = _SOMETHING.search(text)
    if begin is None:
        return Feed("", problem=_NO_FEED)
    patient = read_patiently(document.text if document is not None else text[begin.start() :], url, _MAX_READ)
    if quick is not None and len(quick.links) > len(patient.links):
        return quick
    # feedparser knows CDF, but has no name for it.
    return replace(patient, kind="cdf") if document is not None and document.root == "channel" else patient


def _all_seen(feed: Feed, text: str) -> bool:
    """Where there are items, but in none of the places for them, the feed is built as none that we know."""
    return bool(feed.entries) or not re.search(r"<(?:[\w.-]{1,40}:)?(?:item|entry)\b", text, re.IGNORECASE)


def _problem(feed: Feed) -> str | None:
    if any(entry.url for entry in feed.entries):
        return None
    if feed.entries:
        return f"none of the feed's {len(feed.entries)} entries has a web address"
    return feed.problem if feed.kind or feed.problem else _NO_FEED
