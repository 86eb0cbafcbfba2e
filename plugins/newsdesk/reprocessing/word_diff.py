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

# beyond so many blocks, or words with the spaces between them, on one side a stretch is shown as old and new as a whole
MOST = 6_000
_WORD = re.compile(r"\S+|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both sides have, or one of them. All but the removed ones, joined, are the new text."""

    kind: Kind
    text: str


def diff(before: str, after: str) -> list[Piece]:
    """The pieces from the old text to the new one. White space between blocks goes with the block before it."""
    return _joined(_by_blocks(before.splitlines(keepends=True), after.splitlines(keepends=True)))


def _by_blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for same, gone, came in _stretches(old, new):
        if same:
            yield Piece("same", came)
        else:
            yield from _by_words(gone, came)


def _by_words(before: str, after: str) -> Iterator[Piece]:
    for same, gone, came in _stretches(_WORD.findall(before), _WORD.findall(after)):
        if same:
            yield Piece("same", came)
        else:
            yield from _whole(gone, came)


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, str, str]]:
    """(the same, old text, new text), in order."""
    least = min(len(old), len(new))
    head = next((i for i in range(least) if old[i] != new[i]), least)
    tail = next((i for i in range(least - head) if old[-1 - i] != new[-1 - i]), least - head)
    yield True, "".join(old[:head]), "".join(new[:head])
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(middle_old), len(middle_new)) > MOST:
        yield False, "".join(middle_old), "".join(middle_new)
    else:
        # autojunk leaves out what is frequent (the, of) as a start of a match: that is what keeps difflib fast
        matcher = SequenceMatcher(str.isspace, middle_old, middle_new, autojunk=True)
        for what, i, j, k, m in matcher.get_opcodes():
            yield what == "equal", "".join(middle_old[i:j]), "".join(middle_new[k:m])
    yield True, "".join(old[len(old) - tail :]), "".join(new[len(new) - tail :])


def _whole(before: str, after: str) -> Iterator[Piece]:
    if before:
        yield Piece("removed", before)
    if after:
        yield Piece("added", after)


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Neighbours of one kind as one."""
    found: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if found and found[-1].kind == piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        else:
            found.append(piece)
    return found
