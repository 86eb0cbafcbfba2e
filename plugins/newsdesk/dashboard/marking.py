"""Texts with marks, as data: names in a body, lines that were left out of it, what a version changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_MARKS = re.compile(r"\[-(?P<removed>.*?)-\]|\{\+(?P<added>.*?)\+\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `name`: of whom or what it is the name, else None."""

    text: str
    name: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of the text; or (`removed`) one that was left out as its site's furniture, with why."""

    pieces: Sequence[Piece]
    removed: str | None = None


def marked(body: str, mentions: Sequence[Mapping[str, Any]], blocks: Sequence[Mapping[str, Any]]) -> list[Paragraph]:
    """The body's blocks with its names marked, and between them what was left out, where it stood.

    mentions: rows with start_pos, end_pos, in order. blocks: rows with text (its beginning), left_out, why, in order.
    """
    found: list[Paragraph] = []
    waiting = list(blocks)
    for start, line in _lines(body):
        here = next((i for i, one in enumerate(waiting) if not one["left_out"] and _begins(line, one["text"])), None)
        if here is not None:
            found += _left_out(waiting[:here])
            del waiting[: here + 1]
        found.append(Paragraph(list(_pieces(line, start, mentions))))
    return found + list(_left_out(waiting))


def _lines(body: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in body.split("\n"):
        if line.strip():
            yield at, line
        at += len(line) + 1


def _begins(line: str, beginning: str) -> bool:
    beginning = " ".join(beginning.split())
    return bool(beginning) and " ".join(line.split()).removeprefix("- ").startswith(beginning[:200])


def _left_out(blocks: Sequence[Mapping[str, Any]]) -> Iterator[Paragraph]:
    for block in blocks:
        if block["left_out"]:
            yield Paragraph([Piece(block["text"])], block["why"] or "its site's furniture")


def _pieces(line: str, start: int, mentions: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
    at = 0
    for name in mentions:
        begin, end = name["start_pos"] - start, name["end_pos"] - start
        if begin < at or end > len(line):  # another block's, or inside of one that is marked
            continue
        if begin > at:
            yield Piece(line[at:begin])
        yield Piece(line[begin:end], name)
        at = end
    if at < len(line):
        yield Piece(line[at:])


def changes(line: str) -> list[tuple[str, str]]:
    """A line of news.article_version.diff as ('same' | 'removed' | 'added', text)."""
    found, at = [], 0
    for mark in _MARKS.finditer(line):
        if mark.start() > at:
            found.append(("same", line[at : mark.start()]))
        kind = "removed" if mark["removed"] is not None else "added"
        found.append((kind, mark[kind]))
        at = mark.end()
    return [*found, ("same", line[at:])] if at < len(line) else found
