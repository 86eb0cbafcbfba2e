"""Where the article is, as trafilatura sees it: which of the page's blocks its answer holds.

Its fast way first. Where that looks weak, as on about one page in ten, its full way, which also asks
readability and jusText, is the second opinion. Where that finds nothing on a page full of prose, its way of
favouring recall is the third.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from newsdesk.extract.blocks import Block

_LONG = 80  # characters of a block that is likely prose
_LINKED = 0.5  # share of a block's characters within links, above which it is none
_COVERED = 0.4  # of the page's prose that an answer holds, below which it is weak
_PROSE = 0.5  # of an answer's text that is prose, below which it is weak
_NOTHING = 200  # characters of an answer that is none
_MUCH = 1_500  # characters of a page's prose that there must be an article in
_SURE = 30  # characters of a block that stands for itself wherever it turns up in an answer
_MOST_WORK = 1_000_000_000  # blocks times characters that are searched
_MOST_PAIRS = 2_000_000  # blocks times lines
_MOST = 0.6  # of a block that must be in a line to be taken for it


def ask(tree: HtmlElement, url: str, blocks: Sequence[Block]) -> tuple[str, list[bool]]:
    """The answer's text, and of each block whether it is in there."""
    text = _answer(tree, url, fast=True)
    held = align(blocks, text)
    if is_weak(blocks, held):
        text = _answer(tree, url)
        held = align(blocks, text)
        if len(text) < _NOTHING and _prose_of(blocks) > _MUCH:
            text = _answer(tree, url, favor_recall=True)
            held = align(blocks, text)
    return text, held


def _answer(tree: HtmlElement, url: str, *, fast: bool = False, favor_recall: bool = False) -> str:
    found = bare_extraction(
        tree, url=url, fast=fast, favor_recall=favor_recall, include_comments=False, include_tables=True
    )
    return getattr(found, "text", None) or ""


def _prose_of(blocks: Sequence[Block]) -> int:
    """Characters of the page's blocks that are likely prose."""
    return sum(len(block.text) for block in blocks if _is_prose(block))


def _is_prose(block: Block) -> bool:
    length = len(block.text)
    return length > _LONG and block.link_chars < _LINKED * length


def is_weak(blocks: Sequence[Block], held: Sequence[bool]) -> bool:
    """The answer leaves out much of the page's prose, or is itself hardly any."""
    page = kept = size = 0
    for block, is_held in zip(blocks, held, strict=True):
        length, is_prose = len(block.text), _is_prose(block)
        page += length * is_prose
        kept += length * (is_prose and is_held)
        size += length * is_held
    return kept < _COVERED * page or kept < _PROSE * size or not size


def align(blocks: Sequence[Block], text: str) -> list[bool]:
    """Of each block, whether `text` holds it: as a line, within one, or (of a longer block) most of it."""
    lines = [key for line in text.split("\n") if (key := dense(line.removeprefix("- ")))]
    whole = frozenset(lines)
    joined = "".join(lines)
    if len(blocks) * len(joined) > _MOST_WORK:  # a page of many megabytes: lines alone
        joined = ""
    long_lines = [line for line in whole if len(line) >= _SURE]
    if len(blocks) * len(long_lines) > _MOST_PAIRS:
        long_lines = []
    held = []
    for block in blocks:
        key = dense(block.text)
        is_held = key in whole or (len(key) >= _SURE and (key in joined or _mostly(block, key, joined, long_lines)))
        held.append(is_held)
    return held


def _mostly(block: Block, key: str, joined: str, lines: Sequence[str]) -> bool:
    if block.rows is not None:
        rows = [dense(row) for row in block.text.split("\n")]
        return 2 * sum(len(row) for row in rows if row in joined) > len(key)
    return any(line in key for line in lines if len(line) >= _MOST * len(key))


def dense(text: str) -> str:
    """Without blanks, soft hyphens and the bars of tables: tools differ in them."""
    return "".join(text.split()).replace("\xad", "").replace("|", "")
