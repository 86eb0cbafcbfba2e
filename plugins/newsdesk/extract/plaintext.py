"""Chosen blocks as plain text, and trafilatura's own lines as blocks where the page's cannot be told."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsdesk.extract.blocks import Block, Frame
from newsdesk.extract.folding import fold
from newsdesk.extract.markup import squeeze

_ROW = re.compile(r"\|.*\|?\s*\Z")


def to_text(blocks: Sequence[Block]) -> str:
    """Separated by one blank line; a list's item begins with `- `; a table's rows are lines with bars."""
    parts = []
    item: Frame | None = None
    for block in blocks:
        found = item_of(block)
        parts.append(f"- {block.text}" if found is not None and found is not item else block.text)
        item = found
    return "\n\n".join(parts)


def item_of(block: Block) -> Frame | None:
    """The list item that the block stands in; an item of prose around a whole table is none."""
    frame: Frame | None = block.frame
    while frame is not None and block.rows is None:
        if frame.tag == "li":
            return frame
        frame = frame.parent
    return None


def to_blocks(raw: str) -> list[str]:
    """trafilatura's lines as blocks; the rows of a table make one block."""
    blocks: list[str] = []
    in_table = False
    for line in raw.split("\n"):
        text = squeeze(line)
        is_row = text.startswith("|") and bool(_ROW.match(text))
        if not text or (is_row and not fold(text)):
            continue
        if is_row and in_table:
            blocks[-1] += "\n" + text
        else:
            blocks.append(text)
        in_table = is_row
    return blocks
