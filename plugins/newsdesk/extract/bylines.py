"""The signature that readers see: elements marked as the author's, and the line by the headline that begins with `By`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, islice

from lxml import etree
from lxml.html import HtmlElement

from newsdesk.extract.author_names import BY, ROLE, SAYS_BY, is_person, without_date
from newsdesk.extract.markup import after, before, short_text_of
from newsdesk.extract.phrases import MONTHS

_NEAR = 80  # elements after the headline among which the byline stands
_MAX_LINE = 160  # characters of a byline with all that stands beside it
_MAX_INNER = 40  # elements within its box
_AUTHOR_MARK = re.compile(r"(?:^|[\s_-]|[a-z](?=[AB]))(?:author|byline|by-line|autor(?:en|es)?|auteur|autore|verfasser|writer|journalist|contributor|vcard)s?(?:names?|links?)?(?![a-z])", re.IGNORECASE)  # fmt: skip
_OTHERS = re.compile(r"comment|related|teaser|footer|sidebar|widget|recommend|popular|bio(?:graphy)?\b|newsletter|breadcrumb|avatar|image|photo|date|time", re.IGNORECASE)  # fmt: skip
_AUTHOR_PATH = re.compile(r"/(?:authors?|autor(?:en|es|in)?|auteurs?|autori|people|profiles?|staff|redaktion|team|contributors?|journalists?|reporters?|writers?|by|columnists?|user)/", re.IGNORECASE)  # fmt: skip
_CUT = re.compile(r"\s[|•·–—]\s|\s-\s|//|\s@\s|\b(?:last\s)?(?:published|updated|modified|posted on|reviewed by|edited by|veröffentlicht|aktualisiert|publié|mis à jour|publicado|actualizado|pubblicato|(?:min\w* )?read|follow|share|photo|foto|on behalf of|subscribe)\b", re.IGNORECASE)  # fmt: skip
_LIST = re.compile(r"\s*(?:,|;|\||&|\s(?:and|und|et|y|e|en|og|och|i)\s)\s*")
_REVIEWER = re.compile(r"(?:medically |fact[- ]?)?(?:reviewed|checked|edited|updated|photos?|image)\b", re.IGNORECASE)
_LABEL = re.compile(
    rf"(?:about|the|by|von|par|por|your|our)?\s*(?:{MONTHS}|posted|rss|authors?|autor(?:en|in)?|auteurs?|autore|bio\w*|profile?|info\w*|writers?|contributors?)\W*",
    re.IGNORECASE,
)
_WORDS_OF_A_NAME = 4
_MAX_LONE = 30  # characters of a pen name or a desk
_MAX_NAMES = 8
_BOXES = etree.XPath("//*[contains(@class, 'uthor') or contains(@class, 'yline') or contains(@class, 'utor')]")
_OUTSIDE = frozenset({"nav", "footer", "form", "aside", "script", "style"})


def marked(elements: Sequence[HtmlElement], headline: HtmlElement | None) -> list[str]:
    """Names in elements that say `rel=author` or `itemprop=author`; of the byline nearest to the headline only."""
    found = [element for element in elements[:12] if not _is_outside(element)]
    if not found:
        return []
    near = set(after(headline, 2 * _NEAR)) if headline is not None else set()
    first = next((element for element in found if element in near), found[0])
    names = [_name_in(element) for element in found[:12] if element.getparent() is first.getparent()]
    return names if any(names) else [_name_in(first)]


def _name_in(element: HtmlElement) -> str:
    inner = element.xpath(".//*[@itemprop='name']")
    told = inner[0] if inner else element
    return (
        ", ".join(_persons_in(told))
        or _line(short_text_of(told, 2 * _MAX_LINE))
        or told.get("content")
        or element.get("content")
        or ""
    )


def byline_of(tree: HtmlElement, headline: HtmlElement | None) -> list[str]:
    """The names by the headline, else in the first box of the page that is classed as the author's."""
    if headline is not None:
        for element in (*after(headline, _NEAR), *before(headline, 30)):
            if names := _signed(element):
                return names
    for element in _BOXES(tree)[:30]:
        if not _is_outside(element) and (names := [name for name in _signed(element) if " " in name]):
            return names  # a lone word so far from the headline is a label's or a commenter's
    return []


def _signed(element: HtmlElement) -> list[str]:
    """The names that an element signs with: it is classed as a byline, links to an author's page or begins with `By`."""
    marks = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('rel') or ''} {element.get('itemprop') or ''}"
    is_marked = element.tag == "byline" or (bool(_AUTHOR_MARK.search(marks)) and not _OTHERS.search(marks))
    is_link = element.tag == "a" and bool(_AUTHOR_PATH.search(element.get("href") or ""))
    if element.tag in _OUTSIDE or not (is_marked or is_link or len(element) <= 6) or not _is_small(element):
        return []
    text = short_text_of(element, 2 * _MAX_LINE)
    if not text or not (is_marked or is_link or BY.match(text)):
        return []
    if linked := [
        name
        for link in element.iter("a")
        if _AUTHOR_PATH.search(link.get("href") or "") and is_person(name := _line(short_text_of(link, _MAX_LINE)))
    ]:
        return linked
    line = _line(text)
    pieces = [piece for piece in _LIST.split(line) if piece]
    if pieces and all(is_person(piece) and len(piece.split()) <= _WORDS_OF_A_NAME for piece in pieces):
        return [line]
    if persons := _persons_in(element):
        return persons
    if is_person(pieces[0] if pieces else ""):
        return [line]
    is_lone = (is_marked or is_link) and len(line.split()) <= 3 and 2 < len(line) <= _MAX_LONE and not line[0].isdigit()
    return [line] if is_lone and not _LABEL.fullmatch(line) and not SAYS_BY.match(line) else []


def _persons_in(element: HtmlElement) -> list[str]:
    """Inner elements that hold a name and nothing else: the box tells more of its authors than their names."""
    names: list[str] = []
    for inner in islice(element.iterdescendants(), _MAX_INNER):
        if isinstance(inner.tag, str) and len(inner) <= 2 and len(names) < _MAX_NAMES:
            text = BY.sub("", short_text_of(inner, _MAX_LINE))
            if _REVIEWER.match(text):
                break
            if (
                is_person(text)
                and len(text.split()) <= _WORDS_OF_A_NAME
                and not ROLE.search(text)
                and text not in names
            ):
                names.append(text)
    return names


def _line(text: str) -> str:
    """The names of a byline's text, without what follows them."""
    line = BY.sub("", text.lstrip("-–—|•· "))
    cut = _CUT.search(line)
    return without_date((line[: cut.start()] if cut else line).strip(" ,|•·–—-:")).strip(" ,|•·–—-:")


def _is_small(element: HtmlElement) -> bool:
    return sum(1 for _ in islice(element.iter(), _MAX_INNER)) < _MAX_INNER


def _is_outside(element: HtmlElement) -> bool:
    """In the page's frame, a comment or another article's teaser."""
    return any(
        above.tag in _OUTSIDE
        or re.search(r"comment|related|teaser|sidebar|footer", f"{above.get('class') or ''} {above.get('id') or ''}")
        for above in islice(chain((element,), element.iterancestors()), 8)
        if above.tag not in ("body", "html")
    )
