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

from lxml.html import HtmlElement

from newsdesk.extract.blocks import Block, Frame, link_texts
from newsdesk.extract.folding import fold
from newsdesk.extract.signals import count_words
from newsdesk.model import SiteBlock

MOST_TIMES = 2  # on one page; what comes more often is a refrain, a speaker's name, a list
MOST_BLOCKS = 200  # of one page: as many from its beginning as from its end
SHORT = 200  # characters of a block whose figures and links may differ from page to page
LEAST_PROSE = 12  # words
_LEVELS = 4  # of the path
_SAMPLE = 200  # characters of a block that are kept for the operator
_NAMES = 60  # characters of the classes and the id of one level
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SENTENCE_END = re.compile(r"[.!?…。！？][\"”’»)]*\s*$")
_FIGURES = re.compile(r"\d+")
_COUNTED = re.compile(r"\d{3,}|[0-9a-f]{8,}")  # a class or id that names this page, not its kind


def mark(blocks: Sequence[Block]) -> dict[str, SiteBlock]:
    """Each block's text → the block as it may be met again on other pages of the site, in order.

    Tables are left out, and the middle of a very long text. A block that stands nowhere has the empty path.
    """
    half = MOST_BLOCKS // 2
    some = blocks if len(blocks) <= MOST_BLOCKS else [*blocks[:half], *blocks[-half:]]
    paths: dict[Frame | None, str] = {}
    found: dict[str, tuple[str, str, str]] = {}
    for block in some:
        text = block.text
        if text in found or block.rows is not None or text.startswith("|") or not (folded := _folded(text)):
            continue
        path = _path_of(block.frame, paths)
        links = [fold(link) for link in link_texts(block)] if len(text) <= SHORT else []
        kind = _kind_of(block, folded, links)
        found[text] = (path, kind, _without_changing(folded, links, len(text)))
    keys = {text: _hash(f"{path}\n{folded}") for text, (path, _, folded) in found.items()}
    times = Counter(keys[block.text] for block in some if block.text in keys)
    return {
        text: SiteBlock(keys[text], _hash(path), path, text[:_SAMPLE], min(len(text), 30_000), kind, times[keys[text]])
        for text, (path, kind, _) in found.items()
    }


def without(
    blocks: Sequence[Block], marked: Mapping[str, SiteBlock], furniture: Collection[int]
) -> tuple[list[Block], list[SiteBlock]]:
    """What is left of `blocks`, and what went: the blocks whose keys are in `furniture`.

    A heading between paragraphs goes only with what it heads: sites repeat the subheads of their articles too (`What
    we know`). A page that would have nothing left keeps all, for then it is no furniture.
    """
    goes = {text for text, found in marked.items() if found.key in furniture and counts(found.kind, found.times)}
    beside_prose = {_box_of(found) for text, found in marked.items() if found.kind == "prose" and text not in goes}
    kept: list[Block] = []
    gone: list[SiteBlock] = []
    next_goes = True
    for block in reversed(blocks):
        found = marked.get(block.text)
        next_goes = (
            found is not None
            and block.text in goes
            and (next_goes or found.kind != "heading" or _box_of(found) not in beside_prose)
        )
        if next_goes and found is not None:
            gone.append(found)
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


def _path_of(frame: Frame | None, paths: dict[Frame | None, str]) -> str:
    """paths: those that are known already, for blocks that stand side by side."""
    if frame not in paths:
        levels: list[str] = []
        up = frame
        while up is not None and len(levels) < _LEVELS and up.tag not in ("body", "html"):
            levels.append(_name_of(up.element))
            up = up.parent
        paths[frame] = ">".join(reversed(levels))
    return paths[frame]


def _name_of(element: HtmlElement) -> str:
    """`div#story.copy.wide`: the classes in the order of their names."""
    own = element.get("id") or ""
    names = sorted(name for name in (element.get("class") or "").split() if not _COUNTED.search(name))
    marks = ("#" + own if own and not _COUNTED.search(own) else "") + "".join("." + name for name in names)
    return str(element.tag) + marks[:_NAMES]


def _kind_of(block: Block, text: str, links: Sequence[str]) -> str:
    """heading, link (nothing but links), prose, sentence (a short one) or label. text: the block's, folded."""
    if block.frame.tag in _HEADINGS:
        return "heading"
    if links and "".join(links) == text:
        return "link"
    ends = bool(_SENTENCE_END.search(block.text))
    if len(block.text) >= SHORT or (ends and count_words(block.text) >= LEAST_PROSE):
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
