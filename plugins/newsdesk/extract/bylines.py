"""The signature that readers see: elements marked as the author's, and the line by the headline that begins with `By`."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from newsdesk.extract.markup import after, before, squeeze, text_of
from newsdesk.extract.names import BY

_NEAR = 80  # elements after the headline among which the byline stands
_MAX_LINE = 160  # characters of a byline with all that stands beside it
_MAX_INNER = 40  # elements within its box
_AUTHOR_MARK = re.compile(r"(?:^|[\s_-]|[a-z](?=[AB]))(?:author|byline|by-line|autor(?:en|es)?|auteur|autore|verfasser|writer|journalist|contributor|vcard)s?(?![a-z])", re.IGNORECASE)  # fmt: skip
_OTHERS = re.compile(r"comment|related|teaser|footer|sidebar|widget|recommend|popular|bio(?:graphy)?\b|newsletter|breadcrumb|avatar|image|photo|date|time", re.IGNORECASE)  # fmt: skip
_AUTHOR_PATH = re.compile(r"/(?:authors?|autor(?:en|es|in)?|auteurs?|autori|people|profiles?|staff|redaktion|team|contributors?|journalists?|reporters?|writers?|by|columnists?|user)/", re.IGNORECASE)  # fmt: skip
_CUT = re.compile(r"\s[|•·–—-]\s|\s{2,}|\d{1,2}[./:]\d|\b(?:19|20)\d\d\b|\b(?:published|updated|posted on|veröffentlicht|aktualisiert|publié|mis à jour|publicado|actualizado|pubblicato|min read)\b", re.IGNORECASE)  # fmt: skip
_OUTSIDE = frozenset({"nav", "footer", "form", "aside", "script", "style"})
_BY_LINE = re.compile(r"(?:by|von|par|por|di|door|af|av|przez|автор|text|texte|written by|words by|words|story by)\s*:?\s+\S", re.IGNORECASE)


def marked(tree: HtmlElement, headline: HtmlElement | None) -> list[str]:
    """Names in elements that say `rel=author` or `itemprop=author`; of the byline nearest to the headline only."""
    found = [element for element in tree.xpath("//*[@rel='author' or @itemprop='author']")[:12] if not _is_outside(element)]
    if not found:
        return []
    near = set(after(headline, 2 * _NEAR)) if headline is not None else set()
    first = next((element for element in found if element in near), found[0])
    names = [_name_in(element) for element in found[:12] if element.getparent() is first.getparent()]
    return names if any(names) else [_name_in(first)]


def _name_in(element: HtmlElement) -> str:
    inner = element.xpath(".//*[@itemprop='name']")
    told = inner[0] if inner else element
    return _line(text_of(told)) or told.get("content") or element.get("content") or ""


def byline_of(tree: HtmlElement, headline: HtmlElement | None) -> list[str]:
    """The names by the headline, else in the first box of the page that is classed as the author's."""
    if headline is not None:
        for element in (*after(headline, _NEAR), *before(headline, 30)):
            if names := _signed(element):
                return names
    boxes = tree.xpath("//*[contains(@class, 'uthor') or contains(@class, 'yline') or contains(@class, 'utor')]")
    for element in boxes[:30]:
        if not _is_outside(element) and (names := _signed(element)):
            return names
    return []


def _signed(element: HtmlElement) -> list[str]:
    marks = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('rel') or ''} {element.get('itemprop') or ''}"
    is_marked = bool(_AUTHOR_MARK.search(marks)) and not _OTHERS.search(marks)
    is_link = element.tag == "a" and bool(_AUTHOR_PATH.search(element.get("href") or ""))
    if element.tag in _OUTSIDE or not (is_marked or is_link or len(element) <= 6):
        return []
    text = text_of(element) if _is_small(element) else ""
    if not text or len(text) > 2 * _MAX_LINE or not (is_marked or is_link or _BY_LINE.match(text)):
        return []
    names = [squeeze(text_of(link)) for link in element.iter("a") if _AUTHOR_PATH.search(link.get("href") or "") and text_of(link)]
    return [name for name in names if _is_name(name)] or [line for line in (_line(text),) if _is_name(line)]


def _line(text: str) -> str:
    """The names of a byline's text, without what follows them."""
    line = BY.sub("", text.lstrip("-–—|•· "))
    cut = _CUT.search(line)
    return (line[: cut.start()] if cut else line).strip(" ,|•·–—-:")


def _is_name(line: str) -> bool:
    words = line.split()
    return 2 <= len(line) <= _MAX_LINE and 1 < len(words) <= 16 and sum(word[0].isupper() or not word[0].isascii() for word in words) > len(words) / 2


def _is_small(element: HtmlElement) -> bool:
    return sum(1 for _, _ in zip(element.iter(), range(_MAX_INNER), strict=False)) < _MAX_INNER


def _is_outside(element: HtmlElement) -> bool:
    """In the page's frame, a comment or another article's teaser."""
    return any(
        above.tag in _OUTSIDE or re.search(r"comment|related|teaser|sidebar|footer", f"{above.get('class') or ''} {above.get('id') or ''}")
        for above, _ in zip((element, *element.iterancestors()), range(8), strict=False)
        if above.tag not in ("body", "html")
    )
