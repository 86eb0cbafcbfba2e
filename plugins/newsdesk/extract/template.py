"""The blocks of a page by which its site's own furniture is told: each with its place in the markup and a key.

A block's **place** is the path of tags, classes and ids that leads to it, without positions and without what is
counted (`div#story>div.copy>p`). Its **key** is a hash of place and folded text. In the folded text of a short block
figures are one sign and links are another, so that `Shared 12 times` and `Read also: <a>another title</a>` have one
key on all pages. What returns, how often, and what that means, is `template_learning`'s.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from hashlib import blake2b

from lxml import etree
from lxml.html import HtmlElement

from newsdesk.extract.furniture import fold
from newsdesk.extract.markup import text_of
from newsdesk.extract.signals import count_words
from newsdesk.model import SiteBlock

MOST_TIMES = 2  # on one page; what comes more often is a refrain, a speaker's name, a list
MOST_BLOCKS = 200  # of one page: as many from its beginning as from its end
SHORT = 200  # characters of a block whose figures and links may differ from page to page
LEAST_PROSE = 12  # words
_LEVELS = 4  # of the path
_SAMPLE = 200  # characters of a block that are kept for the operator
_OPENING = 3  # characters by which an element is told from those whose text is not asked for
_NAMES = 60  # characters of the classes and the id of one level
_TEXT_TAGS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "dt", "dd", "figcaption", "pre")
_BOX_TAGS = ("div", "section", "aside", "header", "footer", "td", "address", "center")
_INLINE_TAGS = frozenset(
    {"a", "abbr", "b", "em", "font", "i", "q", "small", "span", "strong", "sub", "sup", "time", "u"}
)
_TEXT = etree.XPath("string()", smart_strings=False)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SENTENCE_END = re.compile(r"[.!?…。！？][\"”’»)]*\s*$")
_FIGURES = re.compile(r"\d+")
_COUNTED = re.compile(r"\d{3,}|[0-9a-f]{8,}")  # a class or id that names this page, not its kind


def mark(blocks: Sequence[str], tree: HtmlElement) -> dict[str, SiteBlock]:
    """Each block's text → the block as it may be met again on other pages of the site, in order.

    Tables are left out, and the middle of a very long text. A block whose element is not found has the empty path.
    """
    half = MOST_BLOCKS // 2
    some = blocks if len(blocks) <= MOST_BLOCKS else [*blocks[:half], *blocks[-half:]]
    folded = {block: key for block in some if not block.startswith("|") and (key := _folded(block))}
    elements = _elements_of(folded, tree)
    paths: dict[HtmlElement, str] = {}
    found: dict[str, tuple[str, str, str]] = {}
    for block, text in folded.items():
        element = elements.get(block)
        path, links = "", []
        if element is not None:
            path = _path_of(element, paths)
            links = [fold(text_of(link)) for link in element.iter("a")] if len(block) <= SHORT else []
        found[block] = (path, _kind_of(block, text, path, links), _without_changing(text, links, len(block)))
    keys = {block: _hash(f"{path}\n{text}") for block, (path, _, text) in found.items()}
    times = Counter(keys[block] for block in some if block in keys)
    return {
        block: SiteBlock(
            keys[block], _hash(path), path, block[:_SAMPLE], min(len(block), 30_000), kind, times[keys[block]]
        )
        for block, (path, kind, _) in found.items()
    }


def without(
    blocks: Sequence[str], marked: Mapping[str, SiteBlock], furniture: Collection[int]
) -> tuple[list[str], list[SiteBlock]]:
    """What is left of `blocks`, and what went: the blocks whose keys are in `furniture`.

    A heading between paragraphs goes only with what it heads: sites repeat the subheads of their articles too (`What
    we know`). A page that would have nothing left keeps all, for then it is no furniture.
    """
    goes = {block for block, found in marked.items() if found.key in furniture and counts(found.kind, found.times)}
    beside_prose = {_box_of(found) for block, found in marked.items() if found.kind == "prose" and block not in goes}
    kept: list[str] = []
    gone: list[SiteBlock] = []
    next_goes = True
    for block in reversed(blocks):
        next_goes = block in goes and (
            next_goes or marked[block].kind != "heading" or _box_of(marked[block]) not in beside_prose
        )
        if next_goes:
            gone.append(marked[block])
        else:
            kept.append(block)
    return (kept[::-1], gone[::-1]) if kept else (list(blocks), [])


def _box_of(block: SiteBlock) -> tuple[str, ...]:
    """What it stands in: the two levels above it."""
    return tuple(block.path.split(">")[-3:-1])


def counts(kind: str, times: int) -> bool:
    """Whether a block that is so often on its page says something of the site."""
    return times <= MOST_TIMES or kind == "link"


def _folded(text: str) -> str:
    """Without case, signs and spaces; a long one as it is: folding is what costs most, and it returns letter by letter."""
    return fold(text) if len(text) <= SHORT else text


def _elements_of(folded: Mapping[str, str], tree: HtmlElement) -> dict[str, HtmlElement]:
    """Block → the first element of the page that has its text, of those that are made for text, else of boxes.

    folded: block → folded text. Nearly all elements are passed over by their first letters.
    """
    found: dict[str, HtmlElement] = {}
    lists = ("li",) if any(block.startswith("- ") for block in folded) else ()
    for tags in (_TEXT_TAGS, lists, _BOX_TAGS):
        missing = {block.removeprefix("- "): block for block in folded if block not in found}
        if not missing or not tags:
            continue
        by_fold = {folded[block]: block for block in missing.values()}
        openings = {text[:_OPENING] for text in missing}
        for element in tree.iter(*tags):
            own = (element.text or "").strip()
            begins = own
            if not own:
                if not len(element) or (tags is _BOX_TAGS and element[0].tag not in _INLINE_TAGS):
                    continue
                begins = (element[0].text or "").strip()
            if begins[:_OPENING] not in openings and len(begins) >= _OPENING:
                continue
            text = " ".join(_TEXT(element).split())
            if text[:_OPENING] not in openings:
                continue
            block = missing.get(text) or by_fold.get(_folded(text)) or by_fold.get(_folded(own))
            if block is not None:
                found.setdefault(block, element)
    return found


def _path_of(element: HtmlElement, parents: dict[HtmlElement, str]) -> str:
    parent = element.getparent()
    if parent is None:
        return _name_of(element)
    if parent not in parents:
        levels: list[str] = []
        above = parent
        while above is not None and len(levels) < _LEVELS - 1 and above.tag not in ("body", "html"):
            levels.append(_name_of(above))
            above = above.getparent()
        parents[parent] = ">".join(reversed(levels))
    return f"{parents[parent]}>{_name_of(element)}" if parents[parent] else _name_of(element)


def _name_of(element: HtmlElement) -> str:
    """`div#story.copy.wide`: the classes in the order of their names."""
    own = element.get("id") or ""
    names = sorted(name for name in (element.get("class") or "").split() if not _COUNTED.search(name))
    marks = ("#" + own if own and not _COUNTED.search(own) else "") + "".join("." + name for name in names)
    return f"{element.tag}{marks[:_NAMES]}"


def _kind_of(block: str, text: str, path: str, links: Sequence[str]) -> str:
    """heading, link (nothing but links), prose, sentence (a short one) or label."""
    tag = path.rpartition(">")[2]
    if tag[:2] in _HEADINGS:
        return "heading"
    if links and "".join(links) == text:
        return "link"
    ends = bool(_SENTENCE_END.search(block))
    if len(block) >= SHORT or (ends and count_words(block) >= LEAST_PROSE):
        return "prose"
    return "sentence" if ends else "label"


def _without_changing(text: str, links: Sequence[str], chars: int) -> str:
    """The folded text of a short block with one sign for each figure and each link."""
    if chars > SHORT:
        return text
    for link in links:
        if link:
            text = text.replace(link, "→", 1)
    return _FIGURES.sub("0", text)


def _hash(text: str) -> int:
    """A signed 64-bit number, PostgreSQL's bigint."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)
