"""The article's text: trafilatura's answer, mended block by block, without what hangs around or stands between.

Comments are off: the best single setting measured.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from newsdesk.extract.blocks import Block, placeless, read_blocks, take_silent
from newsdesk.extract.choice import Facts, choose
from newsdesk.extract.embedded import read_embedded
from newsdesk.extract.folding import fold
from newsdesk.extract.furniture import drop_boxes, trim
from newsdesk.extract.markup import base_url
from newsdesk.extract.metadata import Metadata
from newsdesk.extract.plaintext import to_blocks, to_text
from newsdesk.extract.region import ask
from newsdesk.extract.sanitise import lines_to_html, to_html
from newsdesk.extract.template import mark, without
from newsdesk.model import SiteBlock

_TOLD_APART = 0.5  # of trafilatura's answer that is found again in the page's blocks; below, its lines are taken
_LITTLE = 400  # characters of a body, below which the page's embedded state is asked


@dataclass(frozen=True, slots=True)
class Body:
    """The article's text, and of its blocks what may return on other pages of the site."""

    text: str  # blocks separated by one blank line; a list's item is a block that begins with `- `
    html: str | None  # the same, sanitised
    source: str  # trafilatura, json-ld, embedded
    blocks: tuple[SiteBlock, ...] = ()  # all, as they may be met again on the site
    left_out: tuple[SiteBlock, ...] = ()  # of them, as the site's furniture


def facts_of(found: Metadata, links: Iterable[tuple[HtmlElement, str]]) -> Facts:
    """links: the page's `<a>` elements, each with its text."""
    keys = frozenset(map(fold, {text for _, text in links})) - {""}
    return Facts(found.titles, found.authors, found.description or "", keys)


def body_of(tree: HtmlElement, url: str, found: Metadata, facts: Facts, furniture: Collection[int] = ()) -> Body:
    """Takes scripts and the like out of the tree for good: trafilatura copies it several times over.

    furniture: keys of blocks that are known to be the site's, not the article's.
    """
    scripts = take_silent(tree)
    blocks = read_blocks(tree)
    answer, held = ask(tree, url, blocks)
    size = sum(len(block.text) for block, is_held in zip(blocks, held, strict=True) if is_held)
    if size >= _TOLD_APART * len(answer) and size:
        chosen = [blocks[place] for place in choose(blocks, held, facts)]
        kept, marked, left_out = _cleared(chosen, facts, furniture)
        body = Body(to_text(kept), to_html(kept, base_url(tree, url)), "trafilatura", marked, left_out)
    else:
        body = _of_lines(to_blocks(answer), "trafilatura", facts, furniture)
    if len(body.text) < _LITTLE and (better := read_embedded(scripts, found.things, len(body.text))):
        source, lines = better
        return _of_lines(lines, source, facts, furniture)
    return body


def _of_lines(lines: Sequence[str], source: str, facts: Facts, furniture: Collection[int]) -> Body:
    kept, marked, left_out = _cleared(placeless(lines), facts, furniture)
    texts = [block.text for block in kept]
    return Body("\n\n".join(texts), lines_to_html(texts), source, marked, left_out)


def _cleared(
    blocks: Sequence[Block], facts: Facts, furniture: Collection[int]
) -> tuple[list[Block], tuple[SiteBlock, ...], tuple[SiteBlock, ...]]:
    """What stays; all that was there; what went as the site's furniture."""
    kept = _trimmed(blocks, facts)
    marked = mark(kept)
    rest, left_out = without(kept, marked, furniture)
    return (_trimmed(rest, facts) if left_out else kept), tuple(marked.values()), tuple(left_out)


def _trimmed(blocks: Sequence[Block], facts: Facts) -> list[Block]:
    """Those of the blocks whose texts `trimmed` keeps, in their order."""
    texts = trimmed([block.text for block in blocks], facts)
    kept: list[Block] = []
    for block in blocks:
        if len(kept) < len(texts) and block.text == texts[len(kept)]:
            kept.append(block)
    return kept


def trimmed(lines: Sequence[str], facts: Facts) -> list[str]:
    """Texts of blocks without boxes of links, and without the furniture at both ends."""
    return trim(drop_boxes(lines, facts.links), facts.titles, facts.authors, facts.links)
