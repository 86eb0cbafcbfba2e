"""The repository's documents, as tests read them: their blocks of code, their code spans, their links and headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from command_line import ROOT

FILES = tuple(
    sorted([*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")), *(ROOT / "docs").rglob("*.md")])
)
_FENCE = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)[^\n]*\n(?P<text>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that a document says. `line`: where it begins, from 1."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}: {' '.join(self.text.split())}"


def blocks(kind: str) -> Iterator[Piece]:
    """The fenced blocks of a kind (`sh`, `sql`, `python`), without their indent."""
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        for found in _FENCE.finditer(text):
            if found["kind"] == kind:
                lines = [line.removeprefix(found["indent"]) for line in found["text"].splitlines()]
                yield Piece(file, _line(text, found.start("text")), "\n".join(lines))


def spans() -> Iterator[Piece]:
    """The code spans; one that is broken over two lines has a blank there."""
    for file in FILES:
        text = without_blocks(file)
        for found in _SPAN.finditer(text):
            yield Piece(file, _line(text, found.start()), re.sub(r"\s*\n\s*", " ", found[1]))


def links() -> Iterator[Piece]:
    for file in FILES:
        text = without_blocks(file)
        text = _SPAN.sub(lambda span: "_" * len(span[0]) if "\n" not in span[0] else span[0], text)
        for found in _LINK.finditer(text):
            yield Piece(file, _line(text, found.start()), found[1])


def anchors(file: Path) -> set[str]:
    """What its headings are called in links, as the host of the repository and the site make it."""
    found: set[str] = set()
    for heading in _HEADING.findall(without_blocks(file)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\s-]", "", words).strip().replace(" ", "-")
        number = next(n for n in range(len(found) + 1) if (f"{name}-{n}" if n else name) not in found)
        found.add(f"{name}-{number}" if number else name)
    return found


def without_blocks(file: Path) -> str:
    """The text with its fenced blocks blank, so that lines keep their numbers."""
    text = file.read_text(encoding="utf-8")
    return _FENCE.sub(lambda block: "\n" * block[0].count("\n"), text)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
