"""Sitemaps (sitemaps.org 0.9, Google News extension): XML streamed through lxml, or one URL a line.

Entities are not expanded, nothing is fetched, and elements are known by their local names: namespaces are
missing, misspelt or of an older version on many sites. A feed offered as a sitemap, which the protocol allows,
is read as the feed it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import NamedTuple

from lxml import etree

from newsdesk.discover.dates import parse_date
from newsdesk.discover.feeds import parse_feed, plain_text
from newsdesk.discover.feedtext import decode
from newsdesk.discover.newest import newest
from newsdesk.discover.packed import unpack
from newsdesk.discover.tags import local_name, namespace
from newsdesk.model import Link
from newsdesk.urls import absolute

MAX_BYTES = 52_428_800  # unpacked; the protocol's own limit
MAX_PAGES = 50_000  # likewise
MAX_SITEMAPS = 50_000  # likewise, for an index
_MAX_LINE = 8_192
_SEARCHED = 65_536  # characters in which the document must begin

_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(urlset|sitemapindex|rss|feed|RDF|html)\b", re.IGNORECASE)
_ENTRY_TAGS = tuple(f"{{*}}{name}" for entry in ("url", "sitemap") for name in (entry, entry.upper(), entry.title()))
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


class _Named(NamedTuple):
    """A page as it is named, its address not yet read."""

    loc: str | None
    title: str | None
    published: datetime | None
    updated: datetime | None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names, in its own order. `problem` is set when nothing could be read, and says why."""

    pages: tuple[Link, ...] = ()
    sitemaps: tuple[str, ...] = ()
    problem: str | None = None
    truncated: bool = False  # there were more bytes or addresses than we take
    changed: Mapping[str, datetime] = field(default_factory=dict)  # sitemap -> its lastmod, where the index tells it


def parse_sitemap(body: bytes, content_type: str | None, url: str) -> Sitemap:
    """The pages and further sitemaps named by the sitemap that came from `url`. Never raises.

    A page's `published` and `title` are those of the News extension, `updated` is lastmod. What comes before
    the place where a document breaks is kept. Of more than MAX_PAGES pages the newest are kept.
    """
    body, cut = unpack(body, MAX_BYTES)
    text = decode(body.lstrip(b" \t\r\n"), content_type).lstrip(" \t\r\n\x00\ufeff")
    if not text:
        return Sitemap(problem="the sitemap is empty")
    root = _ROOT.search(text, 0, _SEARCHED)
    kind = root[1].lower() if root else ""
    # A server's warning above the XML makes no text of it.
    if not text.startswith("<") and not kind:
        return _text_sitemap(text, url, cut)
    if kind == "html":
        return Sitemap(problem="an HTML page came instead of a sitemap")
    if kind in ("rss", "feed", "rdf"):
        feed = parse_feed(body, content_type, url)
        return Sitemap(pages=feed.links, problem=feed.problem, truncated=cut or feed.truncated)
    return _xml_sitemap(text, url, cut)


def _text_sitemap(text: str, url: str, cut: bool) -> Sitemap:
    lines = (line.strip() for line in text.splitlines())
    named = (absolute(line, url) for line in lines if len(line) <= _MAX_LINE and _ADDRESS.fullmatch(line))
    pages = [Link(page) for page in dict.fromkeys(named) if page]
    if not pages:
        return Sitemap(problem="this is neither an XML sitemap nor a list of addresses")
    return Sitemap(pages=tuple(pages[:MAX_PAGES]), truncated=cut or len(pages) > MAX_PAGES)


def _xml_sitemap(text: str, url: str, cut: bool) -> Sitemap:
    named: list[_Named] = []
    sitemaps: dict[str, datetime | None] = {}
    faults: list[str] = []
    indexed = 0
    for element in _entries(text, faults):
        texts = _child_texts(element)
        loc = texts.get("loc")
        if local_name(element.tag) == "sitemap":
            indexed += 1
            if place := _place(loc, url):
                sitemaps.setdefault(place, parse_date(texts.get("lastmod")))
        else:
            dates = parse_date(texts.get("publication_date")), parse_date(texts.get("lastmod"))
            named.append(_Named(loc, texts.get("title"), *dates))
    # Before the addresses are read, which is most of the work: a sitemap may name ten times what we take.
    taken = newest(named, MAX_PAGES)
    pages: dict[str, Link] = {}
    for page in taken:
        place = _place(page.loc, url)
        if place is not None and place not in pages:
            pages[place] = Link(place, plain_text(page.title), page.published, page.updated)
    return Sitemap(
        pages=tuple(pages.values()),
        sitemaps=tuple(sitemaps)[:MAX_SITEMAPS],
        problem=None if pages or sitemaps else _problem(text, len(named) + indexed, faults),
        truncated=cut or len(taken) < len(named) or len(sitemaps) > MAX_SITEMAPS,
        changed={place: changed for place, changed in sitemaps.items() if changed},
    )


def _place(loc: str | None, url: str) -> str | None:
    # Joined to the sitemap's own address, nothing would be that address.
    return absolute(loc, url) if loc else None


def _problem(text: str, named: int, faults: list[str]) -> str | None:
    if named:
        return f"none of the sitemap's {named} entries has a web address"
    if faults:
        return f"the sitemap's XML cannot be read: {faults[0][:200]}"
    return None if _ROOT.search(text) else "this XML is no sitemap"


def _entries(text: str, faults: list[str]) -> Iterator[etree._Element]:
    """Each `url` and `sitemap` element, then forgotten: the tree of 50 MB takes 1 GB. Faults are added to `faults`."""
    root = _ROOT.search(text)
    if root and root.start() and not text.startswith(("<?", "<!")):
        # A server wrote something above the document.
        declaration = text.find("<?xml", 0, root.start())
        text = text[declaration if declaration >= 0 else root.start() :]
    events = etree.iterparse(
        BytesIO(text.encode("utf-8", "replace")), encoding="utf-8", events=("end",), tag=_ENTRY_TAGS, recover=True,
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for _, element in events:
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        faults.append(str(error))
    faults.extend(fault.message for fault in events.error_log)


def _child_texts(element: etree._Element) -> dict[str, str]:
    """The texts of `loc` and `lastmod` and of the News extension's `title` and `publication_date`.

    Of two of one name the first counts, but one of the entry's own namespace before another's (image:loc).
    """
    own = namespace(element.tag)
    texts: dict[str, str] = {}
    of_own: set[str] = set()
    for child in element:
        name = local_name(child.tag)
        if name == "news":
            for part in child:
                if (inner := local_name(part.tag)) in ("title", "publication_date"):
                    texts.setdefault(inner, _text(part))
        elif name in ("loc", "lastmod"):
            mine = namespace(child.tag) == own
            if name not in texts or (mine and name not in of_own):
                texts[name] = _text(child)
            if mine:
                of_own.add(name)
    return texts


def _text(element: etree._Element) -> str:
    if len(element) == 0:
        return (element.text or "").strip()
    # Around an entity that was not expanded, or markup where none belongs.
    return "".join(part for part in (element.text, *(inner.tail for inner in element)) if part).strip()
