"""One parse of a page, and small readings of the tree that several steps share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlComment, HtmlElement, HTMLParser, document_fromstring

_BLANKS = re.compile(r"\s+")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
# What XML 1.0 has no room for, as bytes of UTF-8: a table and two replacements are ten times faster than a pattern.
_NOT_XML = bytes(range(9)) + b"\x0b\x0c" + bytes(range(0x0E, 0x20))
_BLANKED = bytes.maketrans(_NOT_XML, b" " * len(_NOT_XML))
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


def tight_text_of(element: etree._Element) -> str:
    """As the browser joins it: no blank where the markup has none."""
    return squeeze("".join(str(part) for part in element.itertext() if isinstance(part, str)))


@dataclass(frozen=True, slots=True)
class Meta:
    """`<meta>` by lower-case name, property, itemprop or http-equiv, each with its contents in order."""

    values: dict[str, list[str]] = field(default_factory=dict)

    def first(self, *names: str) -> str | None:
        return next((value for name in names for value in self.values.get(name, ())), None)

    def all(self, *names: str) -> list[str]:
        return [value for name in names for value in self.values.get(name, ())]


def read_meta(tree: HtmlElement) -> Meta:
    values: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = squeeze(element.get("content"))
        if not content:
            continue
        for attribute in ("name", "property", "itemprop", "http-equiv"):
            if name := (element.get(attribute) or "").strip().lower():
                values.setdefault(name, []).append(content)
    return Meta(values)


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
    element = next(tree.iter("base"), None)
    return absolute(element.get("href"), page_url) or page_url if element is not None else page_url


def read_links(tree: HtmlElement) -> list[tuple[HtmlElement, str]]:
    """The page's `<a>` elements, each with its text."""
    return [(element, text_of(element)) for element in tree.iter("a")]


def headings(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter("h1"):
        if text := text_of(element):
            yield text
