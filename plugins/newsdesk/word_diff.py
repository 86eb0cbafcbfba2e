"""What changed between two texts, word by word, bounded in time whatever the texts are.

Blocks (paragraphs) are compared first, then the words of those that gave way to others: texts of news sites differ in
few blocks, and difflib's cost grows with the product of what it is given.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
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


def added_and_removed(before: Iterable[Hashable], after: Iterable[Hashable]) -> tuple[int, int]:
    """How many (words, names) are added and removed, as multisets: what moved counts nothing. Linear, whatever the texts are."""
    old, new = Counter(before), Counter(after)
    return (new - old).total(), (old - new).total()


def diff(before: str, after: str, key: Callable[[str], str] | None = None) -> list[Piece]:
    """The pieces from the old text to the new one. White space between blocks goes with the block before it.

    Blocks and words with the same `key` are the same, and so is all white space then; without one, equal ones are.
    """
    return _joined(_by_blocks(before.splitlines(keepends=True), after.splitlines(keepends=True), key))


def _by_blocks(old: Sequence[str], new: Sequence[str], key: Callable[[str], str] | None) -> Iterator[Piece]:
    for same, gone, came in _stretches(old, new, key):
        if same:
            yield Piece("same", came)
        else:
            yield from _by_words(gone, came, key)


def _by_words(before: str, after: str, key: Callable[[str], str] | None) -> Iterator[Piece]:
    for same, gone, came in _stretches(_WORD.findall(before), _WORD.findall(after), key):
        if same:
            yield Piece("same", came)
        else:
            yield from _whole(gone, came)


def _stretches(
    old: Sequence[str], new: Sequence[str], key: Callable[[str], str] | None
) -> Iterator[tuple[bool, str, str]]:
    """(the same, old text, new text), in order."""
    old_keys, new_keys = _keys(old, key), _keys(new, key)
    least = min(len(old), len(new))
    head = next((i for i in range(least) if old_keys[i] != new_keys[i]), least)
    tail = next((i for i in range(least - head) if old_keys[-1 - i] != new_keys[-1 - i]), least - head)
    old_end, new_end = len(old) - tail, len(new) - tail
    yield True, "".join(old[:head]), "".join(new[:head])
    if max(old_end, new_end) - head > MOST:
        yield False, "".join(old[head:old_end]), "".join(new[head:new_end])
    else:
        # autojunk leaves out what is frequent (the, of) as a start of a match: that is what keeps difflib fast
        matcher = SequenceMatcher(str.isspace, old_keys[head:old_end], new_keys[head:new_end], autojunk=True)
        for what, i, j, k, m in matcher.get_opcodes():
            yield what == "equal", "".join(old[head + i : head + j]), "".join(new[head + k : head + m])
    yield True, "".join(old[old_end:]), "".join(new[new_end:])


def _keys(units: Sequence[str], key: Callable[[str], str] | None) -> Sequence[str]:
    return units if key is None else [" " if unit.isspace() else key(unit) for unit in units]


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
