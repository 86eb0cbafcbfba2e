"""One parse of a page, and small readings of the tree that several steps share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlComment, HtmlElement, HTMLParser, document_fromstring

_BLANKS = re.compile(r"\s+")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
# What XML 1.0 has no room for, as bytes of UTF-8: a table and two replacements are ten times faster than a pattern.
_NOT_XML = bytes(range(9)) + b"\x0b\x0c" + bytes(range(0x0E, 0x20))
_BLANKED = bytes.maketrans(_NOT_XML, b" " * len(_NOT_XML))
_MAX_MARKED = 20_000
# one step: a union of node sets takes quadratic time in libxml2
_MARKED = etree.XPath("//*[@itemprop or @property or @rel or @pubdate]")
# lxml.html asks a Python function for the class of each element, for the sake of forms, which no step needs: 3% of a page.
_CLASSES = etree.ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment)
_NONCHARACTERS = ("\ufffe".encode(), "\uffff".encode())


def parse(text: str) -> HtmlElement | None:
    """The page's tree; None where there is no markup at all. MemoryError where there is none left for it."""
    raw = _XML_DECLARATION.sub("", text, count=1).encode("utf-8", "replace").translate(_BLANKED)
    for character in _NONCHARACTERS:
        raw = raw.replace(character, b" ")
    if not raw or raw.isspace():
        return None
    # Bytes with a stated encoding: libxml2 then neither guesses nor believes the page's <meta>.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    parser.set_element_class_lookup(_CLASSES)
    try:
        tree = document_fromstring(raw, parser=parser)
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:  # lxml calls it a fault of the page's
            raise MemoryError from None
        return None
    except etree.ParserError:
        return None
    return tree if isinstance(tree, HtmlElement) else None


def squeeze(text: str | None) -> str:
    """Runs of blanks (non-breaking ones too) become one space."""
    return _BLANKS.sub(" ", text or "").strip()


def text_of(element: etree._Element) -> str:
    """The element's text on one line; parts that markup sets apart stay apart."""
    return squeeze(" ".join(str(part) for part in element.itertext() if isinstance(part, str)))


def short_text_of(element: etree._Element, most: int) -> str:
    """As `text_of`; "" where it is longer than `most` characters. Reads no more than that, however large the element is."""
    parts: list[str] = []
    size = 0
    for part in element.itertext():
        size += len(part.strip()) + 1
        if size > most + 1:
            return ""
        parts.append(str(part))
    return squeeze(" ".join(parts))


def tight_text_of(element: etree._Element) -> str:
    """As the browser joins it: no blank where the markup has none."""
    return squeeze("".join(str(part) for part in element.itertext() if isinstance(part, str)))


@dataclass(frozen=True, slots=True)
class Meta:
    """`<meta>` by lower-case name, property, itemprop or http-equiv, each with its contents in order."""

    values: dict[str, list[str]] = field(default_factory=dict)

    def first(self, *names: str) -> str | None:
        """The first content that there is under these names, in their order."""
        return next((value for name in names for value in self.values.get(name, ())), None)

    def all(self, *names: str) -> list[str]:
        """All contents under these names, in their order."""
        return [value for name in names for value in self.values.get(name, ())]


def read_meta(tree: HtmlElement) -> Meta:
    """The page's `<meta>` elements that have a content."""
    values: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = squeeze(element.get("content"))
        if not content:
            continue
        for attribute in ("name", "property", "itemprop", "http-equiv"):
            if name := (element.get(attribute) or "").strip().lower():
                values.setdefault(name, []).append(content)
    return Meta(values)


def read_marks(tree: HtmlElement) -> dict[str, list[HtmlElement]]:
    """Elements by what their microdata, RDFa or link type says they are, in the document's order: `author`, `datePublished`.

    One query for all, as each walk over the tree costs as much as another. `<meta>` is left out: see `read_meta`.
    """
    marks: dict[str, list[HtmlElement]] = {}
    for element in islice(_MARKED(tree), _MAX_MARKED):
        if element.tag == "meta":
            continue
        said = " ".join(filter(None, map(element.get, ("itemprop", "property", "rel"))))
        for name in {name.rpartition(":")[2] for name in said.split()}:
            marks.setdefault(name, []).append(element)
        if "pubdate" in element.attrib:
            marks.setdefault("pubdate", []).append(element)
    return marks


def absolute(url: str | None, base: str) -> str | None:
    """An http(s) URL, resolved against the page's; None for anything else."""
    if not url or not url.strip():
        return None
    try:
        joined = urljoin(base, url.strip())
        parts = urlsplit(joined)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            return None
    except ValueError:
        return None
    return joined


def base_url(tree: HtmlElement, page_url: str) -> str:
    """What the page's links are relative to: its `<base>`, else its own address."""
    element = next(tree.iter("base"), None)
    return absolute(element.get("href"), page_url) or page_url if element is not None else page_url


def read_links(tree: HtmlElement) -> list[tuple[HtmlElement, str]]:
    """The page's `<a>` elements, each with its text."""
    return [(element, text_of(element)) for element in tree.iter("a")]


def after(element: HtmlElement, most: int) -> list[HtmlElement]:
    """The first `most` elements that follow it in the document, its own content left out."""
    found: list[HtmlElement] = []
    above: HtmlElement | None = element
    while above is not None and len(found) < most:
        for sibling in above.itersiblings():
            inner = (one for one in sibling.iter() if isinstance(one.tag, str))
            found.extend(islice(inner, most - len(found)))
            if len(found) >= most:
                break
        above = above.getparent()
    return found


def before(element: HtmlElement, most: int) -> list[HtmlElement]:
    """The nearest `most` elements before it in its own box and in the box around that one."""
    found: list[HtmlElement] = []
    for box in (element, element.getparent()):
        if box is None:
            break
        for sibling in box.itersiblings(preceding=True):
            if len(found) >= most:
                break
            inner = (one for one in sibling.iter() if isinstance(one.tag, str))
            found.extend(islice(inner, most - len(found)))
    return found
