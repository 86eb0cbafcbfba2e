"""What changed between two texts, word by word, bounded in time whatever the texts are.

Blocks (paragraphs) are compared first, then the words of those that gave way to others: texts of news sites differ in
few blocks, and difflib's cost grows with the product of what it is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed"]

# beyond so many words on one side a changed stretch is shown as old and new, not word by word
MOST_WORDS = 3_000
_MOST_BLOCKS = 5_000
_WORD = re.compile(r"\S+|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both sides have, or one of them. All but the removed ones, joined, are the new text."""

    kind: Kind
    text: str


def diff(before: str, after: str) -> list[Piece]:
    """The pieces from the old text to the new one. White space between blocks goes with the block before it."""
    old, new = _blocks(before), _blocks(after)
    if max(len(old), len(new)) > _MOST_BLOCKS:
        return _joined(_whole(before, after))
    return _joined(_by_blocks(old, new))


def _by_blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=True).get_opcodes():
        gone, came = "".join(old[i:j]), "".join(new[k:m])
        if what == "equal":
            yield Piece("same", came)
        else:
            yield from _by_words(gone, came)


def _by_words(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if not old or not new or max(len(old), len(new)) > 2 * MOST_WORDS:
        yield from _whole(before, after)
        return
    # autojunk leaves out what is frequent (the, of) as a start of a match: that is what keeps it fast
    for what, i, j, k, m in SequenceMatcher(str.isspace, old, new, autojunk=True).get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(new[k:m]))
        else:
            yield from _whole("".join(old[i:j]), "".join(new[k:m]))


def _whole(before: str, after: str) -> Iterator[Piece]:
    if before:
        yield Piece("removed", before)
    if after:
        yield Piece("added", after)


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Neighbours of one kind as one."""
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].kind == piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        else:
            found.append(piece)
    return found


def _blocks(text: str) -> list[str]:
    return text.splitlines(keepends=True)
