"""Sitemaps (sitemaps.org 0.9, Google News extension): XML streamed through lxml, or one URL a line.

Entities are not expanded, nothing is fetched, and elements are known by their local names: namespaces are
missing, misspelt or of an older version on many sites. A feed offered as a sitemap, which the protocol allows,
is read as the feed it is.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from lxml import etree

from newsdesk.discover.dates import parse_date
from newsdesk.discover.feeds import parse_feed, plain_text
from newsdesk.discover.newest import newest
from newsdesk.discover.packed import unpack
from newsdesk.model import Link
from newsdesk.urls import absolute

MAX_BYTES = 52_428_800  # unpacked; the protocol's own limit
MAX_PAGES = 50_000  # likewise
MAX_SITEMAPS = 50_000  # likewise, for an index
_MAX_LINE = 8_192

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(urlset|sitemapindex|rss|feed|RDF|html)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


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
    body = body.lstrip(b" \t\r\n")
    if not body:
        return Sitemap(problem="the sitemap is empty")
    text = _decode_text(body)
    if text is not None:
        return _text_sitemap(text, url, cut)
    root = _ROOT.search(body[:65_536].replace(b"\x00", b""))  # UTF-16, as far as ASCII goes
    kind = root[1].lower() if root else b""
    if kind == b"html":
        return Sitemap(problem="an HTML page came instead of a sitemap")
    if kind in (b"rss", b"feed", b"rdf"):
        feed = parse_feed(body, content_type, url)
        return Sitemap(pages=feed.links, problem=feed.problem, truncated=cut or feed.truncated)
    return _xml_sitemap(body, url, cut)


def _decode_text(body: bytes) -> str | None:
    """The text of a sitemap that is no XML; None for XML."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            text = body.removeprefix(bom).decode(encoding, "replace")
            break
    else:
        text = body.decode("utf-8", "replace")
    start = text[:1_000].replace("\x00", "").lstrip()
    # A server's warning above the XML makes no text of it.
    return None if start.startswith("<") or _ROOT.search(body[:65_536]) else text


def _text_sitemap(text: str, url: str, cut: bool) -> Sitemap:
    lines = (line.strip() for line in text.splitlines())
    named = (absolute(line, url) for line in lines if len(line) <= _MAX_LINE and _ADDRESS.fullmatch(line))
    pages = [Link(page) for page in dict.fromkeys(named) if page]
    if not pages:
        return Sitemap(problem="this is neither an XML sitemap nor a list of addresses")
    return Sitemap(pages=tuple(pages[:MAX_PAGES]), truncated=cut or len(pages) > MAX_PAGES)


def _xml_sitemap(body: bytes, url: str, cut: bool) -> Sitemap:
    pages: dict[str, Link] = {}
    sitemaps: dict[str, datetime | None] = {}
    faults: list[str] = []
    named = 0
    for element in _entries(body, faults):
        texts = _child_texts(element)
        named += 1
        # Joined to the sitemap's own address, nothing would be that address.
        place = absolute(texts["loc"], url) if texts.get("loc") else None
        if place is None:
            continue
        if _local(element.tag) == "sitemap":
            sitemaps.setdefault(place, parse_date(texts.get("lastmod")))
        elif place not in pages:
            pages[place] = Link(place, plain_text(texts.get("title")), parse_date(texts.get("publication_date")),
                                parse_date(texts.get("lastmod")))  # fmt: skip
    return Sitemap(
        pages=newest(tuple(pages.values()), MAX_PAGES),
        sitemaps=tuple(sitemaps)[:MAX_SITEMAPS],
        problem=None if pages or sitemaps else _problem(body, named, faults),
        truncated=cut or len(pages) > MAX_PAGES or len(sitemaps) > MAX_SITEMAPS,
        changed={place: changed for place, changed in sitemaps.items() if changed},
    )


def _problem(body: bytes, named: int, faults: list[str]) -> str | None:
    if named:
        return f"none of the sitemap's {named} entries has a web address"
    if faults:
        return f"the sitemap's XML cannot be read: {faults[0][:200]}"
    return None if _ROOT.search(body.replace(b"\x00", b"")) else "this XML is no sitemap"


def _entries(body: bytes, faults: list[str]) -> Iterator[etree._Element]:
    """Each `url` and `sitemap` element, then forgotten: the tree of 50 MB takes 1 GB. Faults are added to `faults`."""
    root = _ROOT.search(body)
    if root and root.start() and not body.startswith((b"<?", b"<!", codecs.BOM_UTF8)):
        # A server wrote something above the document.
        declaration = body.find(b"<?xml", 0, root.start())
        body = body[declaration if declaration >= 0 else root.start() :]
    events = etree.iterparse(
        BytesIO(body), events=("end",), recover=True, resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for _, element in events:
            if _local(element.tag) not in ("url", "sitemap"):
                continue
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
    own = _namespace(element.tag)
    texts: dict[str, str] = {}
    of_own: set[str] = set()
    for child in element:
        name = _local(child.tag)
        if name == "news":
            for part in child:
                if (inner := _local(part.tag)) in ("title", "publication_date"):
                    texts.setdefault(inner, _text(part))
        elif name in ("loc", "lastmod"):
            mine = _namespace(child.tag) == own
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


def _local(tag: object) -> str:
    # An entity that was not expanded is a node whose tag is a function.
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _namespace(tag: object) -> str:
    return tag.rpartition("}")[0] if isinstance(tag, str) else ""
