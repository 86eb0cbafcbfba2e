"""The article's text, by trafilatura, in blocks, without what hangs around or stands between them.

Comments are off: the best single setting measured. The tree is only read.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from newsdesk.extract.furniture import drop_boxes, fold, trim
from newsdesk.extract.markup import squeeze

_ROW = re.compile(r"\|.*\|?\s*\Z")


def body_of(tree: HtmlElement, url: str, titles: list[str], authors: tuple[str, ...], links: frozenset[str]) -> str:
    """Blocks separated by one blank line; a list's item is a block that begins with `- `.

    links: folded texts of the page's links.
    """
    found = bare_extraction(tree, url=url, include_comments=False, include_tables=True)
    blocks = to_blocks(getattr(found, "text", None) or "")
    return "\n\n".join(trim(drop_boxes(blocks, links), titles, authors, links))


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
