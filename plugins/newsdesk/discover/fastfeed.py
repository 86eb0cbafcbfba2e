"""The fast reading of RSS 0.9x/2.0, RSS 1.0 (RDF) and Atom 0.3/1.0: straight from lxml's tree.

It reads feeds that are built as their specifications say, give or take namespaces and the case of names, and gives
up (None) on all others: those are for feedparser. RSS 2.0: rssboard.org/rss-specification; Atom: RFC 4287.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from lxml import etree

from newsdesk.discover.dates import parse_date
from newsdesk.discover.entries import Entry, Feed, address, identifier, plain_text, time_to_live, title_line
from newsdesk.discover.tags import local_name, namespace
from newsdesk.urls import absolute

_KINDS = {"rss": "rss", "rdf": "rdf", "feed": "atom"}
# Namespaces (without a final slash or sign, lower case) whose elements are the formats' own, by the name they get here.
_PREFIXES = {
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/atom/ns": "",
    "http://purl.org/rss/1.0": "",
    "http://purl.org/net/rss1.1": "",
    "http://my.netscape.com/rdf/simple/0.9": "",
    "http://channel.netscape.com/rdf/simple/0.9": "",
    "http://backend.userland.com/rss": "",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/dc/elements/1.0": "dc:",
    "http://purl.org/dc/elements/1.1": "dc:",
    "http://purl.org/dc/terms": "dcterms:",
    "http://purl.org/rss/1.0/modules/syndication": "sy:",
    "http://search.yahoo.com/mrss": "media:",
}
_FOREIGN = "?"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ALTERNATE = frozenset({"", "alternate", "http://www.iana.org/assignments/relation/alternate"})
_PAGE_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "html", "xhtml"})
_PUBLISHED = ("pubdate", "published", "issued", "dcterms:issued", "created", "dcterms:created")
_UPDATED = ("updated", "modified", "dcterms:modified")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_REPEATS = 4  # elements of one name that are looked at for a date

Children = dict[str, list[etree._Element]]  # by name, in their order


def read_tree(root: etree._Element, url: str, has_base: bool, limit: int) -> Feed | None:
    """The first `limit` entries of the feed below `root`, which came from `url`; None: this is no plain feed.

    `has_base`: there is an xml:base somewhere.
    """
    kind = _KINDS.get(local_name(root.tag))
    if kind is None:
        return None
    names: dict[str, str] = {}
    own = namespace(root.tag) if kind != "rdf" else None
    found = list(islice(_entry_elements(root, kind), limit + 1))
    entries = [
        _entry(_children(element, names, own), element, kind, url, has_base) for element in found[:limit]
    ]  # fmt: skip
    head = _children(root if kind == "atom" else _channel(root), names, own)
    return Feed(
        kind,
        tuple(entries),
        truncated=len(found) > limit,
        ttl=time_to_live(
            *(_first_text(head, name) for name in ("ttl", "sy:updateperiod", "sy:updatefrequency"))
        ),
        skip_hours=frozenset(_hours(head)),
        skip_days=frozenset(_DAYS.index(day) for day in _listed(head, "skipdays") if day in _DAYS),
    )  # fmt: skip


def _entry_elements(root: etree._Element, kind: str) -> Iterator[etree._Element]:
    """In the document's order: entries below the root, items below the root and below its channels."""
    wanted = "entry" if kind == "atom" else "item"
    for element in root:
        name = local_name(element.tag)
        if name == wanted:
            yield element
        elif name == "channel" and kind != "atom":
            yield from (item for item in element if local_name(item.tag) == wanted)


def _channel(root: etree._Element) -> etree._Element:
    return next((element for element in root if local_name(element.tag) == "channel"), root)


def _entry(children: Children, element: etree._Element, kind: str, url: str, has_base: bool) -> Entry:
    base = _base(element, url) if has_base else url
    guid = children.get("guid" if kind != "atom" else "id") or children.get("id") or children.get("guid")
    name = identifier(_text(guid[0])) if guid else None
    about = element.get(_ABOUT)
    published = _date(children, _PUBLISHED)
    updated = _date(children, _UPDATED)
    dated = _date(children, ("dc:date", "dcterms:date")) if published is None or updated is None else None
    # Dublin Core's date is the one date an item has, of whatever event.
    if kind != "atom":
        published = published or dated
    return Entry(
        url=_link(children, base, has_base) or (_permalink(guid[0], name, base) if guid else None)
        or (address(about, base) if about else None),
        title=_title(children),
        published=published,
        updated=updated or dated,
        id=_resolved(name, base, kind == "atom" and has_base) if name else identifier(about),
    )  # fmt: skip


def _link(children: Children, base: str, has_base: bool) -> str | None:
    """The page an entry is about: a link with text (RSS), else the alternate one (Atom), a page before a file."""
    second = None
    for link in children.get("link", ()):
        href = link.get("href")
        here = _base(link, base, stop=True) if has_base else base
        if href is None:
            found = address(_text(link), here)
        elif (link.get("rel") or "").strip().lower() not in _ALTERNATE:
            continue
        else:
            found = address(href, here)
            if (link.get("type") or "").strip().lower().partition(";")[0] not in _PAGE_TYPES:
                second = second or found
                continue
        if found:
            return found
    return second


def _permalink(guid: etree._Element, written: str | None, base: str) -> str | None:
    """The address a guid is, unless it says that it is none (RSS 2.0) or is plainly a number or a URN."""
    declared = next((value for key, value in guid.items() if key.lower() == "ispermalink"), "").strip().lower()
    if declared in ("false", "0", "no") or not written:
        return None
    looks_like_one = written[:8].lower().startswith(("http://", "https://"))
    return address(written, base) if looks_like_one or declared == "true" else None


def _resolved(name: str, base: str, relative: bool) -> str:
    """An id that is the path of an address is that address, with `relative` also one without a scheme."""
    return (absolute(name, base) or name) if name.startswith("/") or (relative and ":" not in name) else name


def _title(children: Children) -> str | None:
    for name in ("title", "dc:title", "media:title"):
        for element in children.get(name, ()):
            text = _text(element)
            if _is_base64(element):
                try:
                    text = base64.b64decode(text).decode("utf-8", "replace")
                except ValueError:  # binascii.Error is one
                    continue
            # Markup within makes text of the rest: `<p>a &lt;b&gt;</p>` means a <b>, to be seen.
            if title := title_line(text) if len(element) else plain_text(text):
                return title
    return None


def _is_base64(element: etree._Element) -> bool:
    """Atom 0.3 says so; in Atom 1.0 all types are that are neither text nor XML (RFC 4287 4.1.3.3)."""
    kind = (element.get("type") or "").strip().lower()
    return element.get("mode") == "base64" or (
        "/" in kind and not kind.startswith("text/") and not kind.endswith("xml")
    )


def _date(children: Children, names: tuple[str, ...]) -> datetime | None:
    """The first of `names` that tells a date. Of two elements of one name the later one stands, as in feedparser."""
    for name in names:
        for element in reversed(children.get(name, [])[-_REPEATS:]):
            if (moment := parse_date(_text(element), epoch=True)) is not None:
                return moment
    return None


def _hours(head: Children) -> Iterator[int]:
    for hour in _listed(head, "skiphours"):
        if hour.isascii() and hour.isdigit() and len(hour) <= 2 and int(hour) <= 24:
            yield int(hour) % 24


def _listed(head: Children, name: str) -> list[str]:
    return [_text(element).strip().lower() for parent in head.get(name, ()) for element in islice(parent, 24)]


def _first_text(head: Children, name: str) -> str | None:
    found = head.get(name)
    return _text(found[0]) if found else None


def _children(parent: etree._Element, names: dict[str, str], own: str | None) -> Children:
    children: Children = {}
    for child in parent:
        tag = child.tag
        if not isinstance(tag, str):  # a reference that was not expanded
            continue
        name = names.get(tag)
        if name is None:
            name = names[tag] = _name(tag, own)
        if name != _FOREIGN:
            children.setdefault(name, []).append(child)
    return children


def _name(tag: str, own: str | None) -> str:
    """What an element is called here: `title`, `dc:date`; all of a foreign namespace are `?`."""
    namespace, _, local = tag.rpartition("}")
    local = local.lower()
    if not namespace:
        # Where its prefix was not declared, the prefix has to do.
        prefix, colon, bare = local.partition(":")
        return (bare if prefix in ("atom", "rss") else local) if colon else local
    prefix_here = "" if namespace == own else _PREFIXES.get(namespace[1:].lower().rstrip("/#"), _FOREIGN)
    return prefix_here if prefix_here == _FOREIGN else prefix_here + local


def _text(element: etree._Element) -> str:
    if len(element) == 0:
        return element.text or ""
    return "".join(element.itertext())


def _base(element: etree._Element, url: str, stop: bool = False) -> str:
    """The address that relative ones in `element` are joined to (XML Base); `stop`: `url` is that of its parent."""
    written = [element.get(_BASE)]
    if not stop:
        written += [above.get(_BASE) for above in element.iterancestors()]
    for base in reversed(written):
        if base:
            url = absolute(base, url) or url
    return url
