"""Chosen blocks as HTML that is safe to show: written anew, not cleaned, so that nothing of the page's comes through.

Only `p h2-h6 ul ol li blockquote pre table tr th td br a strong em`, and of attributes only `href` with http or
https. Every character of the page's is escaped. No pictures: they would be fetched from whoever is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from newsdesk.extract.blocks import PLAIN, Block, Frame
from newsdesk.extract.markup import absolute, squeeze
from newsdesk.extract.plaintext import item_of

_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h5", "h6": "h6"}
_MOST = 1_000_000  # characters of it; beyond, links are left out, and beyond still, all
_LONGEST_LINK = 2_000


def to_html(blocks: Sequence[Block], base: str) -> str | None:
    """None where it would be too large. Read again, its text is the blocks' own but for blanks.

    base: what the page's links are relative to.
    """
    html = _render(blocks, base)
    if len(html) > _MOST:
        html = _render([Block(b.text, b.frame, [(b.text, PLAIN)], 0, b.rows) for b in blocks], base)
    return html if len(html) <= _MOST else None


def lines_to_html(lines: Iterable[str]) -> str | None:
    """Of blocks that are known as text only."""
    html = "\n".join(f"<p>{_breaks(escape(line))}</p>" for line in lines)
    return html if 0 < len(html) <= _MOST else None


def _render(blocks: Sequence[Block], base: str) -> str:
    parts = []
    for quote, quoted in groupby(blocks, key=_quote_of):
        inner = [part for place, listed in groupby(quoted, key=_list_of) for part in _listed(place, list(listed), base)]
        parts += [f"<blockquote>{''.join(inner)}</blockquote>"] if quote is not None else inner
    return "\n".join(parts)


def _listed(place: Frame | None, blocks: list[Block], base: str) -> list[str]:
    if place is None:
        return [_block(block, base) for block in blocks]
    tag = "ol" if place.tag == "ol" else "ul"
    items = (list(item) for _, item in groupby(blocks, key=item_of))
    inner = "".join(f"<li>{'<br>'.join(_inline(block, base) for block in item)}</li>" for item in items)
    return [f"<{tag}>{inner}</{tag}>"]


def _block(block: Block, base: str) -> str:
    if block.rows is not None:
        return _table(block.rows)
    tag = _HEADINGS.get(block.frame.tag) or ("pre" if block.frame.tag == "pre" else "p")
    return f"<{tag}>{_inline(block, base)}</{tag}>"


def _table(rows: list[list[str]]) -> str:
    inner = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows if any(row))
    return f"<table>{inner}</table>"


def _inline(block: Block, base: str) -> str:
    """The block's text on one line, its links and emphasis kept."""
    if all(style is PLAIN for _, style in block.pieces):
        return escape(block.text)
    parts = []
    ends_blank = True  # as `squeeze` does: no blank at the start, none after another
    for style, run in groupby(block.pieces, key=lambda piece: piece[1]):
        raw = "".join(text for text, _ in run)
        text = squeeze(raw)
        opens_blank = raw[:1].isspace() and not ends_blank
        if not text:
            parts.append(" " if opens_blank else "")
            ends_blank = ends_blank or bool(raw)
            continue
        ends_blank = raw[-1].isspace()
        inner = escape(text)
        inner = f"<em>{inner}</em>" if style.italic else inner
        inner = f"<strong>{inner}</strong>" if style.bold else inner
        if style.href and (url := absolute(style.href, base)) and len(url) <= _LONGEST_LINK:
            inner = f'<a href="{escape(url)}">{inner}</a>'
        parts.append((" " if opens_blank else "") + inner + (" " if ends_blank else ""))
    return "".join(parts).strip()


def _breaks(text: str) -> str:
    return text.replace("\n", "<br>")


def _quote_of(block: Block) -> Frame | None:
    return _outermost(block.frame, "blockquote")


def _list_of(block: Block) -> Frame | None:
    """The outermost list of the item that the block stands in."""
    if item_of(block) is None:
        return None
    return _outermost(block.frame, "ul", "ol") or _outermost(block.frame, "li")


def _outermost(frame: Frame | None, *tags: str) -> Frame | None:
    found = None
    while frame is not None:
        found = frame if frame.tag in tags else found
        frame = frame.parent
    return found
