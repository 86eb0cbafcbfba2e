"""A story: one article of one outlet, its text as blocks, and how it stands in each edition.

Text is written as blocks parted by blank lines. A block beginning with ``## `` is a subheading,
``- `` an item of a list, ``> `` a quotation set apart; anything else is a paragraph. Line ends
within a block mean nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

BlockKind = Literal["paragraph", "heading", "item", "quotation"]

_MARKS: tuple[tuple[str, BlockKind], ...] = (
    ("## ", "heading"),
    ("- ", "item"),
    ("> ", "quotation"),
)


@dataclass(frozen=True, slots=True)
class Revision:
    """What a newsroom changed in a story for edition 2."""

    modified: str  # the outlet's local time, ISO 8601 without offset
    title: str | None = None  # None: the headline stayed
    swaps: tuple[tuple[str, str], ...] = ()  # (words as printed first, words as corrected)


@dataclass(frozen=True, slots=True)
class Story:
    """One article: where it stands, what it says, when and by whom."""

    outlet: str  # outlet id
    path: str  # address within the outlet, "/…", the same in every edition
    section: str  # a key of the outlet's sections
    title: str
    text: str  # blocks, see the module's docstring
    published: str  # the outlet's local time, ISO 8601 without offset, to the second
    authors: tuple[str, ...] = ()
    caption: str = ""  # of the lead picture; not part of the body
    group: str | None = None  # near-duplicate group
    modified: str | None = None  # local time of a change before edition 1
    edition: int = 1  # the edition in which it first appears
    revision: Revision | None = None  # the correction that edition 2 prints
    bumped: str | None = None  # edition 2 announces this change time, but the text stays
    reshared: bool = False  # in edition 2 only the share count and the related links differ


def blocks(text: str) -> list[tuple[BlockKind, str]]:
    """The blocks of a text in order, as (kind, words on one line without their mark)."""
    found: list[tuple[BlockKind, str]] = []
    for raw in text.split("\n\n"):
        line = " ".join(raw.split())
        if not line:
            continue
        for mark, kind in _MARKS:
            if line.startswith(mark):
                found.append((kind, line.removeprefix(mark)))
                break
        else:
            found.append(("paragraph", line))
    return found


def body(text: str) -> str:
    """The text as a reader's plain text: blocks joined by one blank line, list items with a dash."""
    return "\n\n".join(f"- {words}" if kind == "item" else words for kind, words in blocks(text))


def summary(text: str) -> str:
    """The first sentence, as teasers, feeds and descriptions print it."""
    return blocks(text)[0][1].split(". ")[0].rstrip(".") + "."


def as_of(story: Story, edition: int) -> Story:
    """The story as it stands in an edition: from edition 2 on with its correction, if it has one."""
    if edition < 2 or story.revision is None:
        return story
    change = story.revision
    text = "\n\n".join(" ".join(raw.split()) for raw in story.text.split("\n\n"))
    for old, new in change.swaps:
        if old not in text:
            raise ValueError(f"{story.path}: the correction's words are not in the text: {old!r}")
        text = text.replace(old, new)
    return replace(story, title=change.title or story.title, text=text, modified=change.modified)
