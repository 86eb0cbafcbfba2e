"""The page's text as blocks in document order: what a reader sees set apart, each with where it stands.

A block is a run of text between two boundaries that a browser would break at (the edge of a block-level
element, a `<br>`); a table of data is one block of rows. One walk over the tree; nothing in it is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from lxml.html import HtmlElement

from newsdesk.extract.marks import marks_of
from newsdesk.extract.markup import squeeze

_SILENT = frozenset(
    "script style noscript template svg math head iframe select textarea button object embed audio video canvas "
    "nav menu dialog input option datalist map link meta source track".split()
)
_BLOCKS = frozenset(
    "html body div p section article main header footer aside h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre "
    "figure figcaption table caption thead tbody tfoot tr td th form fieldset legend address details summary center "
    "hr hgroup search amp-list".split()
)
_BOLD = frozenset({"b", "strong"})
_ITALIC = frozenset({"i", "em", "cite"})
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")  # soft hyphens and joints that only a line break shows
_MAX_BLOCKS = 20_000
_MAX_CELLS = 5_000  # of one block


@dataclass(slots=True)
class Style:
    """How a piece of a block's text is set: inside which link, bold, italic."""

    href: str | None = None
    bold: bool = False
    italic: bool = False


PLAIN = Style()


class Frame:
    """A block-level element on the way down to a block. What it calls itself is read when asked for: few are."""

    __slots__ = ("_called", "_marks", "element", "parent", "tag")

    def __init__(self, element: HtmlElement, tag: str, parent: Frame | None) -> None:
        self.element = element
        self.tag = tag
        self.parent = parent
        self._marks: int | None = None
        self._called: str | None = None

    @property
    def marks(self) -> int:
        """What its own tag, class and id say of it; see `marks`."""
        if self._marks is None:
            self._marks = marks_of(self.element, self.tag)
        return self._marks

    @property
    def called(self) -> str:
        """Tag and class."""
        if self._called is None:
            self._called = f"{self.tag}.{self.element.get('class', '')}"
        return self._called

    def signature(self) -> tuple[str, str, str]:
        """What a block shares with its like, also in another chunk of the page: its name and the two above."""
        up = self.parent
        above = up.parent if up else None
        return self.called, up.called if up else "", above.called if above else ""


@dataclass(slots=True, eq=False)
class Block:
    """A run of text, and the innermost block-level element that it stands in."""

    text: str  # on one line; a table's rows each on one
    frame: Frame
    pieces: list[tuple[str, Style]]
    link_chars: int
    rows: list[list[str]] | None = None  # of a table


_NOWHERE = Frame(HtmlElement(), "body", None)


def read_blocks(tree: HtmlElement) -> list[Block]:
    """The page's blocks; of a page with more than 20,000 the first."""
    body = tree.find(".//body")
    return _Reader().read(body if body is not None else tree)


def link_texts(block: Block) -> list[str]:
    """The text of each link within the block."""
    runs = groupby(block.pieces, key=lambda piece: piece[1].href)
    return [squeeze("".join(text for text, _ in run)) for href, run in runs if href is not None]


def placeless(lines: Iterable[str]) -> list[Block]:
    """Blocks of text of which is not known where on the page they stand."""
    return [Block(line, _NOWHERE, [(line, PLAIN)], 0) for line in lines]


def take_silent(tree: HtmlElement) -> list[HtmlElement]:
    """Takes out of the tree what holds no text of the page's, and returns its scripts."""
    scripts = []
    for element in list(tree.iter("script", "style", "svg", "template", "link", "meta")):
        parent = element.getparent()
        if parent is None:
            continue
        element.drop_tree()
        if element.tag == "script":
            scripts.append(element)
    return scripts


class _Reader:
    """The walk: an explicit stack, because a page may nest deeper than Python does."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pieces: list[tuple[str, Style]] = []

    def read(self, root: HtmlElement) -> list[Block]:
        top = Frame(root, "body", None)
        pieces = self.pieces
        # (text, frame, style): a text that follows; (element, frame, style): to enter; (None, frame, _): to close
        stack: list[tuple[HtmlElement | str | None, Frame, Style]] = [(None, top, PLAIN)]
        _push_children(stack, root, top, PLAIN)
        while stack:
            item, frame, style = stack.pop()
            if item is None:
                self.close(frame)
                continue
            if isinstance(item, str):
                pieces.append((item, style))
                continue
            tag = item.tag
            if not isinstance(tag, str) or tag in _SILENT:
                continue
            if tag in _BLOCKS:
                self.close(frame)
                if len(self.blocks) >= _MAX_BLOCKS:
                    break
                frame = Frame(item, tag, frame)
                if tag == "table" and self.take_table(item, frame):
                    continue
                stack.append((None, frame, PLAIN))
                _push_children(stack, item, frame, style)
            elif tag == "br":
                self.close(frame)
            else:
                _push_children(stack, item, frame, _styled(item, tag, style))
        return self.blocks

    def close(self, frame: Frame) -> None:
        """What has gathered becomes a block."""
        pieces = self.pieces
        if not pieces:
            return
        text = squeeze("".join(piece for piece, _ in pieces))
        if not text.isascii() and _INVISIBLE.search(text):
            pieces[:] = [(_INVISIBLE.sub("", piece), style) for piece, style in pieces]
            text = squeeze("".join(piece for piece, _ in pieces))
        if text:
            links = sum(len(piece.strip()) for piece, style in pieces if style.href is not None)
            self.blocks.append(Block(text, frame, pieces.copy(), links))
        pieces.clear()

    def take_table(self, table: HtmlElement, frame: Frame) -> bool:
        """A table of data as one block; False for one that lays out a page."""
        rows = _data_rows(table)
        if rows is None:
            return False
        lines = [f"| {' | '.join(row)} |" for row in rows if any(row)]
        if lines:
            links = sum(len(squeeze("".join(link.itertext()))) for link in table.iter("a"))
            self.blocks.append(Block("\n".join(lines), frame, [], links, rows))
        return True


def _push_children(
    stack: list[tuple[HtmlElement | str | None, Frame, Style]], element: HtmlElement, frame: Frame, style: Style
) -> None:
    for child in element.iterchildren(reversed=True):
        if child.tail:
            stack.append((child.tail, frame, style))
        stack.append((child, frame, style))
    if element.text:
        stack.append((element.text, frame, style))


def _styled(element: HtmlElement, tag: str, style: Style) -> Style:
    if tag == "a":
        return Style(element.get("href") or "", style.bold, style.italic)
    if tag in _BOLD:
        return Style(style.href, True, style.italic)
    if tag in _ITALIC:
        return Style(style.href, style.bold, True)
    return style


def _data_rows(table: HtmlElement) -> list[list[str]] | None:
    """The cells' texts by row; None where the table lays out: one column, tables within, cells of prose, or no end of them."""
    rows: list[list[str]] = []
    cells = prose = 0
    for row in table.iter("tr", "table"):
        if row.tag == "table":
            if row is not table:
                return None
            continue
        texts = [squeeze(" ".join(_visible(cell))) for cell in row.iterchildren("td", "th")]
        cells += len(texts)
        prose += sum(len(text) > 250 for text in texts)
        if cells > _MAX_CELLS:
            return None
        rows.append(texts)
    if len(rows) < 2 or cells < 4 or max(map(len, rows)) < 2 or prose * 4 > cells:
        return None
    return rows


def _visible(element: HtmlElement) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SILENT:
            yield from _visible(child)
        if child.tail:
            yield child.tail
