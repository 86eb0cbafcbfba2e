"""The feeds that a homepage names in its head."""

from __future__ import annotations

import lxml.html
from lxml import etree

from newsdesk.urls import absolute

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})


def feeds_of(html: bytes, url: str) -> tuple[str, ...]:
    """Absolute addresses of `<link rel=alternate type=application/rss+xml …>`, in page order, comment feeds left out."""
    try:
        tree = lxml.html.document_fromstring(html)
    except (etree.ParserError, ValueError):  # nothing in it; characters that XML cannot hold
        return ()
    found = (
        absolute(link.get("href", ""), url)
        for link in tree.iter("link")
        if "alternate" in link.get("rel", "").lower().split() and link.get("type", "").strip().lower() in _FEED_TYPES
        and "comment" not in (link.get("title", "") + link.get("href", "")).lower()
    )  # fmt: skip
    return tuple(dict.fromkeys(address for address in found if address))
