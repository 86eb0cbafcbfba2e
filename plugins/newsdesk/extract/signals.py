"""Countable features of a page by which an article is told from an index, a shell, a wall.

All are read in C (XPath, one filtered walk) or from what earlier steps have read: about 1.5 ms for a page of the
middle size.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from newsdesk.extract import jsonld
from newsdesk.extract.addresses import Address, read_address
from newsdesk.extract.markup import squeeze, text_of
from newsdesk.extract.metadata import Metadata

_SILENT = ("script", "style", "noscript", "template", "svg", "iframe", "select", "textarea")
# `//body//text()` would be slower by half: it goes over every node once for each of the two steps.
_TEXTS = etree.XPath("//body/descendant::text()", smart_strings=False)
_SILENT_TEXTS = etree.XPath(
    "|".join(f"//body/descendant::{tag}/descendant::text()" for tag in _SILENT), smart_strings=False
)
_CLASSES = etree.XPath("//body/descendant::*/@class", smart_strings=False)
_LINKS_TO = etree.XPath("//body/descendant::a/@href", smart_strings=False)
_HAS_ROOT = etree.XPath(
    "boolean(//*[@id='root' or @id='app' or @id='__next' or @id='__nuxt' or @id='main-app' or @data-reactroot or self::app-root])"
)
_COUNTED = (
    "article", "figure", "img", "picture", "section", "time", "h1", "h2", "h3", "pre", "code", "video", "form", "input",
)  # fmt: skip
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_DENSE_BYTES = bytes(range(0xE3, 0xEE))  # U+3000 to U+DFFF; Thai has the two that are counted apart
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…。！？:][\"”’»)]*\s*$")
_CLOCK = re.compile(r"\W{0,3}(?:[01]?\d|2[0-3])[:.h][0-5]\d(?!\d)(?:\s*(?:[ap]\.?m\b|uhr\b|h\b))?", re.IGNORECASE)
_READER = frozenset({"you", "your", "yours", "we", "our", "us", "ours"})
_PLAYER = re.compile(r"youtube(?:-nocookie)?\.com/embed|player\.|/player|/embed/|videojs|jwplayer|brightcove|dailymotion|vimeo", re.IGNORECASE)  # fmt: skip
# Short links and buttons that call to an action, as sites of shops and services word them.
_CALL = re.compile(
    r"(?:get|request|book|schedule|start|try|buy|shop|order|add|contact|call|apply|sign up|create|download|view|explore|learn more|see|talk|join|register|enroll|"
    r"jetzt|kaufen|kontakt|bestellen|buchen|anfrage|acheter|demander|contactez|réserve|comprar|contacta|solicit|reserva|acquista|richiedi|contatta|koop|neem contact|köp|kup|zamów|купить|заказать)\b",
    re.IGNORECASE,
)
_CHALLENGE_SOURCES = re.compile(r"challenge-platform|cdn-cgi/challenge|_incapsula_resource|captcha-delivery|px-captcha|/_sec/cp_challenge|awswaf|ddos-guard|geo\.captcha|kramericaindustries|validate\.perfdrive", re.IGNORECASE)  # fmt: skip
# What content management systems write into the classes of <html> and <body>.
_TEMPLATES = {
    "article": re.compile(
        r"single-post|postid-|post-template|blog-?post|template-(?:article|blog|post|story)|type-(?:article|blog|news|story|post)\b|single-(?:article|format)|"
        r"article-(?:page|html|detail|template|body)|page-article|\bpost-\d|(?:^|\s)(?:article|story|post|single)(?:\s|$)|news-?(?:article|detail|single|story)"
    ),
    "list": re.compile(
        r"(?:^|\s)(?:archive|category|tag|search|blog|home|author|frontpage|front|index)(?:\s|-\d|-page|$)|post-type-archive|"
        r"template-(?:collection|list|index|search)|is-?(?:home|front)|(?:^|\s)(?:tax|term)-|category-page|listing"
    ),
    "shop": re.compile(r"single-product|template-product|product-(?:template|page|detail)|woocommerce-page|(?:^|\s)product(?:\s|$)|catalog-product|type-product"),
    "forum": re.compile(r"thread_?-?view|forum|topic-|bbpress|discussion|question-page|viewtopic|thread"),
}  # fmt: skip
_GENERATORS = {
    "forum": re.compile(r"discourse|phpbb|vbulletin|xenforo|invision|flarum|mybb|vanilla|nodebb|lithium|khoros", re.IGNORECASE),
    "docs": re.compile(r"sphinx|mkdocs|docusaurus|gitbook|rustdoc|javadoc|doxygen|vitepress|vuepress|jsdoc|mdbook|mintlify|antora|docfx", re.IGNORECASE),
}  # fmt: skip
_NAMES = ("testimonial", "accordion", "price", "cart", "sort", "filter", "toc", "gallery", "slideshow")
SMALL_PAGE = 120  # words that a page of a wall, a check or an empty shell has at most


@dataclass(frozen=True, slots=True)
class Signals:
    """Of the page as a whole; see `BodySignals` for what was extracted."""

    visible: str  # text a reader sees, scripts left out
    visible_words: int
    link_words: int  # of them inside links
    teasers: int  # links of four words or more that stand in headings, list items or cards
    calls: int  # short links and buttons that call to an action
    author_links: int  # links to an author's page
    elements: Mapping[str, int]  # how often each of _COUNTED stands on the page
    names: Mapping[str, int]  # how often each of _NAMES stands in its elements' classes
    page_title: str
    has_player: bool  # a video's
    types: frozenset[str]  # of all JSON-LD objects
    templates: frozenset[str]  # kinds that the system which made the page names: keys of _TEMPLATES, _GENERATORS
    og_type: str
    free: bool | None  # isAccessibleForFree
    address: Address
    canonical_is_home: bool  # its rel=canonical or og:url names a home page, and it is none
    # of a small page only: no other is asked
    noscript: str
    script_chars: int
    has_password: bool
    has_root: bool  # the empty element that an application's script fills
    challenge_marks: bool


@dataclass(frozen=True, slots=True)
class BodySignals:
    """Of the text that was extracted; see `Signals` for the page."""

    words: int
    prose_words: int  # in blocks, or cells of a table, of at least 12 words that end as sentences do
    long_blocks: int  # of 30 words and more, likewise
    blocks: int
    clock_blocks: int  # blocks that begin with a time of day
    reader_words: int  # you, we: how pages that sell and explain speak (English only)


def count_words(text: str) -> int:
    """Words; of scripts that write none apart, two characters count as one."""
    dense = len(_CJK.findall(text)) if _dense(text) else 0
    return len(_WORD.findall(_CJK.sub(" ", text) if dense else text)) + dense // 2


def _count_roughly(text: str) -> int:
    """As count_words, but by blanks: five times faster, for long texts and many short ones."""
    return len(text.split()) + _dense(text) // 2


def _dense(text: str) -> int:
    """About how many characters of such scripts there are, by the first bytes of their UTF-8."""
    if text.isascii():
        return 0
    raw = text.encode("utf-8", "replace")
    return len(raw) - len(raw.translate(None, _DENSE_BYTES)) + raw.count(b"\xe0\xb8") + raw.count(b"\xe0\xb9")


def read_signals(tree: HtmlElement, found: Metadata, url: str, links: Iterable[tuple[HtmlElement, str]]) -> Signals:
    """links: the page's `<a>` elements, each with its text."""
    shown, noscript = _visible_parts(tree), ""
    visible = " ".join(shown)
    visible_words = len(shown) + _dense(visible) // 2
    if visible_words <= SMALL_PAGE:
        noscript = squeeze(" ".join(text_of(element) for element in tree.iter("noscript")))
        if (words := _count_roughly(noscript)) > SMALL_PAGE:  # the page itself, for those who run no scripts
            visible, visible_words = f"{visible} {noscript}", visible_words + words
    is_small = visible_words <= SMALL_PAGE
    counted = [(element, text, _count_roughly(text)) for element, text in links if text]
    scripts = _scripts(tree) if is_small else []
    types = frozenset(name for thing in found.things for name in jsonld.types(thing))
    classes = " ".join(_CLASSES(tree)).lower()
    elements = Counter(str(element.tag) for element in tree.iter(*_COUNTED))
    address = read_address(url)
    return Signals(
        visible=visible,
        visible_words=visible_words,
        link_words=sum(words for _, _, words in counted),
        teasers=sum(1 for element, _, words in counted if words >= 4 and _is_teaser(element)),
        calls=_calls([text for _, text, words in counted if words <= 6], tree),
        author_links=" ".join(_LINKS_TO(tree)).lower().count("/author"),
        elements=elements,
        names={name: classes.count(name) for name in _NAMES},
        page_title=squeeze(" ".join(text_of(element) for element in tree.iter("title")))[:300],
        has_player=bool(elements["video"]) or any(_PLAYER.search(e.get("src") or "") for e in tree.iter("iframe")),
        types=types,
        templates=_templates(tree, found),
        og_type=(found.meta.first("og:type") or "").lower(),
        free=_free(found),
        address=address,
        canonical_is_home=address.depth > 0 and _names_home(tree, found),
        noscript=noscript[:2000] if is_small else "",
        script_chars=sum(map(len, scripts)),
        has_password=is_small and any((e.get("type") or "").lower() == "password" for e in tree.iter("input")),
        has_root=is_small and bool(_HAS_ROOT(tree)),
        challenge_marks=is_small and any(_CHALLENGE_SOURCES.search(script[:5000]) for script in scripts),
    )


def read_body_signals(body: str) -> BodySignals:
    """`body`: blocks separated by one blank line."""
    blocks = body.split("\n\n") if body else []
    counted = [(block, count_words(block)) for block in blocks]
    # some pages set their whole text in a table
    cells = ((cell, count_words(cell)) for block in blocks if block.startswith("|") for cell in block.split("|"))
    lines = [*((block, words) for block, words in counted if not block.startswith("|")), *cells]
    prose = [found for text, words in lines if (found := _prose_words(text, words))]
    return BodySignals(
        words=sum(words for _, words in counted),
        prose_words=sum(prose),
        long_blocks=sum(1 for words in prose if words >= 30),
        blocks=len(blocks),
        clock_blocks=sum(1 for block in blocks if _CLOCK.match(block)),
        reader_words=sum(map(_READER.__contains__, body.lower().split())),
    )


def _prose_words(text: str, words: int) -> int:
    """Words of a block that reads as sentences; of a long one (a whole page on one line) up to its last full stop."""
    if words < 12:
        return 0
    if _SENTENCE_END.search(text):
        return words
    stop = max(text.rfind(mark) for mark in (". ", "! ", "? ", "。"))
    return count_words(text[:stop]) if words > 100 and stop > 0 else 0


def _visible_parts(tree: HtmlElement) -> list[str]:
    """The words of the body's text without that of silent elements. Both lists are in the order of the document."""
    silent = _SILENT_TEXTS(tree)
    parts: list[str] = []
    passed = 0
    for text in _TEXTS(tree):
        if passed < len(silent) and text == silent[passed]:
            passed += 1
        else:
            parts.append(text)
    return " ".join(parts).split()


def _scripts(tree: HtmlElement) -> list[str]:
    return [
        (element.get("src") or "") + " " + (element.text or "")
        for element in tree.iter("script")
        if "json" not in (element.get("type") or "")
    ]


def _calls(short_links: list[str], tree: HtmlElement) -> int:
    buttons = [text_of(button) for button in tree.iter("button")]
    return sum(1 for text in (*short_links, *buttons) if len(text) < 35 and _CALL.match(text))


def _templates(tree: HtmlElement, found: Metadata) -> frozenset[str]:
    body = next(tree.iter("body"), None)
    told = f"{tree.get('class') or ''} {'' if body is None else body.get('class') or ''}".lower()[:4000]
    kinds = {kind for kind, pattern in _TEMPLATES.items() if pattern.search(told)}
    generator = found.meta.first("generator") or ""
    kinds |= {kind for kind, pattern in _GENERATORS.items() if pattern.search(generator)}
    if any("/wp/v2/posts/" in (link.get("href") or "") for link in tree.iter("link")):
        kinds.add("article")
    return frozenset(kinds - {"list"} if "article" in kinds else kinds)


def _names_home(tree: HtmlElement, found: Metadata) -> bool:
    canonical = [link.get("href") or "" for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    named = [*canonical, *found.meta.all("og:url")]
    return bool(named) and all(re.fullmatch(r"https?://[^/?#]+/?", url.strip()) for url in named)


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
