"""What a page's change makes of its article: another version, or none; and how the versions differ, to be read.

Two states of an article are compared field by field: title, body, byline, date of publication. A difference of typesetting
and what moves by itself (see `moving_text`) is none. The time of change that the page gives (modified_at) makes no version
alone, since programs move it without an edit; it is named among what changed where something else did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsdesk import moving_text
from newsdesk.extract.moments import WIDEST_ZONE
from newsdesk.word_diff import Piece, added_and_removed, diff

MAKING = ("title", "body", "authors", "published_at")  # a difference in one of these makes a version
MOST_DIFF = 20_000  # characters of a readable difference; what is beyond is cut
CONTEXT = 8  # words shown on either side of a change
CUT = "[…]"
_WORD = re.compile(r"\s*\S+\s*")
_LONG = 40  # characters of a block by which it is known
_FIGURES = re.compile(r"\d+")
_LONGEST_FURNITURE = 300  # characters
_PRECISE = {"second": timedelta(seconds=1), "minute": timedelta(minutes=1), "day": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class State:
    """An article as a page showed it."""

    title: str | None
    body: str
    authors: tuple[str, ...]
    published_at: datetime | None  # aware, like all times here
    published_precision: str | None  # second, minute, day
    modified_at: datetime | None
    seen_at: datetime  # when the page was fetched
    left_out: tuple[str, ...] = ()  # beginnings of the blocks that were left out as its site's furniture


@dataclass(frozen=True, slots=True)
class Change:
    """How one state differs from the one before."""

    changed: tuple[str, ...] = ()  # columns of news.article_version
    added: int = 0  # words of the body that only the new state has, each as often as it has it more
    removed: int = 0
    diff: str | None = None  # what changed, as [-removed-] and {+added+}
    better_read: bool = False  # no change of the page: only its site's furniture is left out now

    @property
    def is_version(self) -> bool:
        """It makes another version of the article: see MAKING."""
        return any(column in MAKING for column in self.changed)


def compare(before: State, after: State) -> Change:
    """What changed from one state of an article to the next one seen, by whichever time."""
    elapsed = after.seen_at - before.seen_at
    mended = without(before.body, after.left_out)
    old_blocks, new_blocks = _where_they_part(mended.splitlines(), after.body.splitlines())
    old = moving_text.tokens(old_blocks, before.seen_at, mended)
    new = moving_text.tokens(new_blocks, after.seen_at, after.body)
    changed = tuple(_changed(before, after, same_body=moving_text.same(old, new, elapsed)))
    if not changed:
        return Change(better_read=mended != before.body)
    better_read = mended != before.body and not any(column in MAKING for column in changed)
    added, removed = (
        added_and_removed(moving_text.words_of(old), moving_text.words_of(new)) if "body" in changed else (0, 0)
    )
    return Change(changed, added, removed, readable(before, after, changed), better_read)


def _where_they_part(old: Sequence[str], new: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """What lies between the blocks that both begin with and those that both end with."""
    least = min(len(old), len(new))
    head = next((i for i in range(least) if old[i] != new[i]), least)
    tail = next((i for i in range(least - head) if old[-1 - i] != new[-1 - i]), least - head)
    return old[head : len(old) - tail], new[head : len(new) - tail]


def _changed(before: State, after: State, *, same_body: bool) -> Iterator[str]:
    if not _same_title(before.title, after.title):
        yield "title"
    if not same_body:
        yield "body"
    if _names(before.authors) != _names(after.authors):
        yield "authors"
    if not _same_time(before, after):
        yield "published_at"
    if before.modified_at != after.modified_at:
        yield "modified_at"


def without(body: str, left_out: Sequence[str]) -> str:
    """The text without these blocks, however they are set and whatever figures they have.

    Of a long block its beginning may stand for it.
    """
    if not left_out:
        return body
    gone = {_framed(text) for text in left_out}
    beginnings = tuple(text for text in gone if len(text) >= _LONG)
    lines = body.split("\n")
    kept = [
        line for line in lines if not (frame := _framed(line)) or not (frame in gone or frame.startswith(beginnings))
    ]
    return body if len(kept) == len(lines) else "\n".join(kept).strip()


def _framed(block: str) -> str:
    return _FIGURES.sub("0", moving_text.set_plainly(block))


def _same_title(before: str | None, after: str | None) -> bool:
    old, new = moving_text.set_plainly(before or ""), moving_text.set_plainly(after or "")
    if old.isupper() or new.isupper():  # set in capitals
        old, new = old.casefold(), new.casefold()
    return moving_text.spelled(old) == moving_text.spelled(new)


def _names(authors: Sequence[str]) -> list[list[str]]:
    return sorted(moving_text.spelled(author.casefold()) for author in authors)


def _same_time(before: State, after: State) -> bool:
    """The same time of publication, as finely as both tell it, or no more than a clock that is always now."""
    if before.published_at is None or after.published_at is None:
        return before.published_at is after.published_at
    apart = after.published_at - before.published_at
    if not apart:
        return True
    spans = [_PRECISE.get(state.published_precision or "second", timedelta(0)) for state in (before, after)]
    if spans[0] != spans[1] and max(spans) == _PRECISE["day"]:
        # one tells the day only (as midnight UTC, whatever the zone), the other a time of that day in some zone
        time_of_day = apart if spans[0] > spans[1] else -apart
        return -WIDEST_ZONE <= time_of_day < _PRECISE["day"] + WIDEST_ZONE
    if spans[0] != spans[1] and abs(apart) < max(spans):
        return True
    return _is_clock(before, max(spans)) and _is_clock(after, max(spans))


def _is_clock(state: State, span: timedelta) -> bool:
    """The page gives the moment of reading (a day: today, in some zone) as its time of publication."""
    if state.published_at is None:
        return False
    slack = WIDEST_ZONE if span == _PRECISE["day"] else timedelta(minutes=2)
    return -slack <= state.seen_at - state.published_at < span + slack


# ---- to be read


def readable(before: State, after: State, changed: Sequence[str]) -> str:
    """What changed, a line for each field; of the body the changed places, each with a few words around it."""
    lines = [
        f"{column}: {_marked(_written(before, column), _written(after, column))}"
        for column in changed
        if column != "body"
    ]
    if "body" in changed:
        lines += _places(_told(without(before.body, after.left_out), before), _told(after.body, after))
    text = "\n".join(lines)
    return text if len(text) <= MOST_DIFF else f"{text[:MOST_DIFF]} {CUT}"


def _told(body: str, state: State) -> str:
    """The body without the blocks that are nothing but counts and stamps."""
    lines = body.splitlines(keepends=True)
    if len(lines) > moving_text.MOST_BLOCKS:
        return body
    bare = moving_text.has_bare_counts(body)
    return "".join(
        line
        for line in lines
        if len(line) > _LONGEST_FURNITURE
        or not line.strip()
        or moving_text.block_tokens(line, state.seen_at, bare_counts=bare)
    )


def _written(state: State, column: str) -> str:
    value = getattr(state, column)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}Z"
    return ", ".join(value) if isinstance(value, tuple) else value or ""


def _marked(before: str, after: str) -> str:
    return "".join(map(_mark, diff(before, after, key=moving_text.set_plainly)))


def _mark(piece: Piece) -> str:
    """White space stays outside of the marks."""
    inner = piece.text.strip()
    if piece.kind == "same" or not inner:
        return piece.text
    opening, closing = ("[-", "-]") if piece.kind == "removed" else ("{+", "+}")
    start = piece.text.index(inner)
    # what took a word's place stands behind it
    behind = piece.text[start + len(inner) :] or (" " if piece.kind == "removed" else "")
    return f"{piece.text[:start]}{opening}{inner}{closing}{behind}"


def _places(before: str, after: str) -> Iterator[str]:
    """The changed places, each on a line of its own (`¶`: another block); what is near to another one stays with it."""
    line = ""
    for piece in diff(before, after, key=moving_text.set_plainly):
        words = _WORD.findall(piece.text)
        if piece.kind != "same" or len(words) <= 2 * CONTEXT:
            line += _mark(piece)
            continue
        if _is_marked(line):
            yield _on_a_line(f"{line}{''.join(words[:CONTEXT])}{CUT}")
        line = f"{CUT} {''.join(words[-CONTEXT:])}"
    if _is_marked(line):
        yield _on_a_line(line)


def _is_marked(line: str) -> bool:
    return "[-" in line or "{+" in line


def _on_a_line(text: str) -> str:
    return " ¶ ".join(part.strip() for part in text.splitlines() if part.strip())
