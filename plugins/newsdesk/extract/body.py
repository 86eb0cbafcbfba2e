"""The article's text: trafilatura's answer, mended block by block, without what hangs around or stands between.

Comments are off: the best single setting measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from newsdesk.extract.blocks import Block, read_blocks, take_silent
from newsdesk.extract.choice import Facts, choose
from newsdesk.extract.embedded import read_embedded
from newsdesk.extract.furniture import drop_boxes, fold, trim
from newsdesk.extract.markup import base_url
from newsdesk.extract.metadata import Metadata
from newsdesk.extract.opinions import ask
from newsdesk.extract.plaintext import to_blocks, to_text
from newsdesk.extract.sanitise import lines_to_html, to_html

_TOLD_APART = 0.5  # of trafilatura's answer that is found again in the page's blocks; below, its lines are taken
_LITTLE = 400  # characters of a body, below which the page's embedded state is asked


@dataclass(frozen=True, slots=True)
class Body:
    text: str  # blocks separated by one blank line; a list's item is a block that begins with `- `
    html: str | None  # the same, sanitised
    source: str  # trafilatura, json-ld, embedded


def facts_of(found: Metadata, links: Iterable[tuple[HtmlElement, str]]) -> Facts:
    """links: the page's `<a>` elements, each with its text."""
    keys = frozenset(map(fold, {text for _, text in links})) - {""}
    return Facts(found.titles, found.authors, found.description or "", keys)


def body_of(tree: HtmlElement, url: str, found: Metadata, facts: Facts) -> Body:
    """Takes scripts and the like out of the tree for good: trafilatura copies it several times over."""
    scripts = take_silent(tree)
    blocks = read_blocks(tree)
    answer, held = ask(tree, url, blocks)
    size = sum(len(block.text) for block, is_held in zip(blocks, held, strict=True) if is_held)
    if size >= _TOLD_APART * len(answer) and size:
        chosen = [blocks[place] for place in choose(blocks, held, facts)]
        kept = _those(chosen, trimmed([block.text for block in chosen], facts))
        body = Body(to_text(kept), to_html(kept, base_url(tree, url)), "trafilatura")
    else:
        body = _of_lines(trimmed(to_blocks(answer), facts), "trafilatura")
    if len(body.text) < _LITTLE and (better := read_embedded(scripts, found.things, len(body.text))):
        source, lines = better
        return _of_lines(trimmed(lines, facts), source)
    return body


def trimmed(lines: Sequence[str], facts: Facts) -> list[str]:
    return trim(drop_boxes(lines, facts.links), facts.titles, facts.authors, facts.links)


def _those(blocks: Sequence[Block], texts: Sequence[str]) -> list[Block]:
    """The blocks of `texts`, which are some of the blocks' own in their order."""
    kept: list[Block] = []
    for block in blocks:
        if len(kept) < len(texts) and block.text == texts[len(kept)]:
            kept.append(block)
    return kept


def _of_lines(lines: Sequence[str], source: str) -> Body:
    return Body("\n\n".join(lines), lines_to_html(lines), source)
