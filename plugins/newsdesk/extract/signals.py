"""Countable features of a page by which an article is told from an index, a shell, a wall."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from newsdesk.extract import jsonld
from newsdesk.extract.furniture import fold
from newsdesk.extract.markup import squeeze, text_of
from newsdesk.extract.metadata import Metadata

_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "head", "iframe", "select", "textarea"})
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…。！？:][\"”’»)]*\s*$")
SMALL_PAGE = 120  # words that a page of a wall, a check or an empty shell has at most
_VISIBLE_MAX = 400_000  # characters read for the visible text; a page beyond is no shell


@dataclass(frozen=True, slots=True)
class Signals:
    """Of the page as a whole; see `BodySignals` for what was extracted."""

    visible: str  # text a reader sees, scripts left out
    visible_words: int
    link_words: int  # of them inside links
    teasers: int  # links of four words or more that stand in headings, list items or cards
    articles: int  # <article> elements
    script_chars: int
    noscript: str  # of a small page only, as has_root and challenge_marks: no other is asked
    page_title: str
    has_password: bool
    types: frozenset[str]  # of all JSON-LD objects
    og_type: str
    free: bool | None  # isAccessibleForFree
    depth: int  # segments of the URL's path
    has_root: bool  # the empty element that an application's script fills
    challenge_marks: bool


@dataclass(frozen=True, slots=True)
class BodySignals:
    words: int
    prose_words: int  # in blocks, or cells of a table, of at least 12 words that end as sentences do
    blocks: int
    linked_blocks: int  # blocks that are nothing but one link's text


_CHALLENGE_SOURCES = re.compile(r"challenge-platform|cdn-cgi/challenge|_incapsula_resource|captcha-delivery|px-captcha|/_sec/cp_challenge|awswaf|ddos-guard|geo\.captcha|kramericaindustries|validate\.perfdrive", re.IGNORECASE)  # fmt: skip


def count_words(text: str) -> int:
    """Words; of scripts that write none apart, two characters count as one."""
    dense = 0 if text.isascii() else len(_CJK.findall(text))
    return len(_WORD.findall(_CJK.sub(" ", text) if dense else text)) + dense // 2


def read_signals(tree: HtmlElement, found: Metadata, url: str, links: Iterable[tuple[HtmlElement, str]]) -> Signals:
    """links: the page's `<a>` elements, each with its text."""
    visible = _visible_text(tree)
    visible_words = count_words(visible)
    is_small = visible_words <= SMALL_PAGE
    counted = [(element, count_words(text)) for element, text in links if text]
    scripts = [
        (element.get("src") or "") + " " + (element.text or "")
        for element in tree.iter("script")
        if "json" not in (element.get("type") or "")
    ]
    types = frozenset(name for thing in found.things for name in jsonld.types(thing))
    return Signals(
        visible=visible,
        visible_words=visible_words,
        link_words=sum(words for _, words in counted),
        teasers=sum(1 for element, words in counted if words >= 4 and _is_teaser(element)),
        articles=sum(1 for _ in tree.iter("article")),
        script_chars=sum(map(len, scripts)),
        noscript=_noscript(tree) if is_small else "",
        page_title=squeeze(" ".join(text_of(element) for element in tree.iter("title")))[:300],
        has_password=any((element.get("type") or "").lower() == "password" for element in tree.iter("input")),
        types=types,
        og_type=(found.meta.first("og:type") or "").lower(),
        free=_free(found),
        depth=len([part for part in urlsplit(url).path.split("/") if part]),
        has_root=is_small
        and bool(
            tree.xpath(
                "//*[@id='root' or @id='app' or @id='__next' or @id='__nuxt' or @id='main-app' or @data-reactroot or self::app-root]"
            )
        ),
        challenge_marks=is_small and any(_CHALLENGE_SOURCES.search(script[:5000]) for script in scripts),
    )


def read_body_signals(body: str, links: frozenset[str] | set[str]) -> BodySignals:
    blocks = body.split("\n\n") if body else []
    longest = 2 * max(map(len, links), default=0)  # of an unfolded link, generously: folding is the dear part
    counted = [(block, count_words(block)) for block in blocks]
    # some pages set their whole text in a table
    cells = (cell for block in blocks for cell in (block.split("|") if block.startswith("|") else (block,)))
    return BodySignals(
        words=sum(words for _, words in counted),
        prose_words=sum(map(_prose_words, cells)),
        blocks=len(blocks),
        linked_blocks=sum(1 for block in blocks if len(block) <= longest and fold(block) in links),
    )


def _prose_words(text: str) -> int:
    """Words of a block that reads as sentences; of a long one (a whole page on one line) up to its last full stop."""
    words = count_words(text)
    if words < 12:
        return 0
    if _SENTENCE_END.search(text):
        return words
    stop = max(text.rfind(mark) for mark in (". ", "! ", "? ", "。"))
    return count_words(text[:stop]) if words > 100 and stop > 0 else 0


def _visible_text(tree: HtmlElement) -> str:
    parts: list[str] = []
    size = 0
    body = tree.find(".//body")
    stack: list[tuple[HtmlElement, bool]] = [(body if body is not None else tree, False)]
    while stack and size < _VISIBLE_MAX:
        element, is_left = stack.pop()
        if is_left:
            text = element.tail
        else:
            text = None
            if element.tag not in _SILENT:
                text = element.text
                for child in reversed(element):
                    if isinstance(child.tag, str):
                        stack.append((child, True))
                        stack.append((child, False))
        if text and not text.isspace():
            parts.append(text)
            size += len(text)
    return squeeze(" ".join(parts))


def _noscript(tree: HtmlElement) -> str:
    return squeeze(" ".join(text_of(element) for element in tree.iter("noscript")))[:2000]


def _is_teaser(element: HtmlElement) -> bool:
    parent = element.getparent()
    for _ in range(2):
        if parent is None:
            return False
        if parent.tag in ("h2", "h3", "h4", "li", "article"):
            return True
        parent = parent.getparent()
    return any(child.tag in ("h2", "h3", "h4") for child in element)


def _free(found: Metadata) -> bool | None:
    answers = [
        str(thing["isAccessibleForFree"]).strip().lower() for thing in found.things if "isAccessibleForFree" in thing
    ]
    tier = (found.meta.first("article:content_tier") or "").lower()
    if (
        any(answer in ("false", "no", "http://schema.org/false", "https://schema.org/false", "0") for answer in answers)
        or tier == "locked"
    ):
        return False
    return True if answers or tier == "free" else None
