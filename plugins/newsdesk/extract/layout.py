"""What a block's place on the page tells: how the text that an answer holds is spread over blocks and elements."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from newsdesk.extract.blocks import Block, Frame
from newsdesk.extract.marks import Mark

Signature = tuple[str, str, str]

_BEFORE = 15  # blocks before the first held one, and after the last, that may belong to the article
_AFTER = 30
_ALIKE = 0.1  # of the text, that blocks of one signature hold, for others of it to be looked at wherever they are
_COMMON = 0.2  # of the text within an element: it is a part of the article's own layout, and its name no evidence
_START = 0.05  # of the text: where furniture gathers
_END = 0.1
_LINKED = 0.85  # of a block's characters within links: it is nothing else
_HALF = 0.5
_LONG = 25  # words
_KINDS = {
    "li": "item", "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading",
    "h6": "heading", "table": "table", "td": "cell", "th": "cell", "figcaption": "caption", "caption": "caption",
    "p": "paragraph", "blockquote": "paragraph", "pre": "paragraph", "dt": "term", "dd": "term",
}  # fmt: skip
_MARKS = tuple((int(mark), f"in {mark.name.lower()}") for mark in Mark if mark.name)


def words_of(text: str) -> int:
    """Words, roughly; of scripts that write none apart, half the characters."""
    words = text.count(" ") + 1
    return words if words * 20 > len(text) else len(text) // 2


class Layout:
    """A page's blocks, and which of them an answer holds. At least one must be held."""

    def __init__(self, blocks: Sequence[Block], held: Sequence[bool]) -> None:
        self._blocks = blocks
        self._held = held
        self._places = [place for place, is_held in enumerate(held) if is_held]
        self.sizes = [words_of(block.text) for block in blocks]
        self._linked = [min(1.0, block.link_chars / len(block.text)) for block in blocks]
        self._times = Counter(block.text for block in blocks)
        self._signatures = [block.frame.signature() for block in blocks]
        self._size = sum(len(blocks[place].text) for place in self._places)
        self._alike: defaultdict[Signature, int] = defaultdict(int)
        self._beside: defaultdict[Frame | None, int] = defaultdict(int)
        self._beside_held: defaultdict[Frame | None, int] = defaultdict(int)
        self._within: defaultdict[Frame, int] = defaultdict(int)
        for block, is_held, signature in zip(blocks, held, self._signatures, strict=True):
            length = len(block.text)
            self._beside[block.frame.parent] += length
            if is_held:
                self._alike[signature] += length
                self._beside_held[block.frame.parent] += length
                for frame in _upwards(block.frame):
                    self._within[frame] += length
        self._common = self._common_marks(blocks[place] for place in self._places)

    def is_most(self, place: int) -> bool:
        """The block is itself most of the held text, as where a page sets its whole text in one, and no list of links."""
        return self._held[place] and 2 * len(self._blocks[place].text) > self._size and self._linked[place] < _HALF

    def candidates(self, with_links: bool = False) -> Iterator[tuple[int, dict[str, float]]]:
        """Place and features of each block that may be the article's; a feature that is 0 may be absent.

        with_links: also those not held that are nothing but a link. They are never chosen; what is fitted sees them.
        """
        first, last = self._places[0], self._places[-1]
        before = 0
        for place, block in enumerate(self._blocks):
            is_held = self._held[place]
            if is_held or ((with_links or self._linked[place] <= _LINKED) and self._may_belong(place, first, last)):
                yield place, self._features(place, before)
            if is_held:
                before += len(block.text)

    def _may_belong(self, place: int, first: int, last: int) -> bool:
        """It is near to the held blocks, or like them."""
        near = first - _BEFORE <= place <= last + _AFTER
        return near or self._alike[self._signatures[place]] > _ALIKE * self._size

    def _features(self, place: int, before: int) -> dict[str, float]:
        """before: characters of the held text before the block."""
        block, held, linked = self._blocks[place], self._held, self._linked
        first, last = self._places[0], self._places[-1]
        own = len(block.text) if held[place] else 0
        after = self._size - before - own
        only_link = linked[place] > _LINKED
        linked_before = linked[place - 1] if place else 1.0
        linked_after = linked[place + 1] if place + 1 < len(linked) else 1.0
        held_next = place + 1 < len(held) and held[place + 1]
        beside = block.frame.parent
        kind = _KINDS.get(block.frame.tag, "other")
        features = {
            f"is {kind}": 1.0,
            "held": float(held[place]),
            "held around": (sum(held[max(0, place - 4) : place]) + sum(held[place + 1 : place + 5])) / 8,
            "held next": float(held_next),
            "heading of held": float(kind == "heading" and held_next),
            "between": float(first <= place <= last),
            "blocks before": math.log1p(max(0, first - place)),
            "blocks after": math.log1p(max(0, place - last)),
            "near start": max(0.0, 1 - before / self._size / _START),
            "near end": max(0.0, 1 - after / self._size / _END),
            "is last": float(after <= 0),
            "alike": self._alike[self._signatures[place]] / self._size,
            "siblings held": self._beside_held[beside] / self._beside[beside],
            "words if not held": 0.0 if own else math.log1p(self.sizes[place]),
            "long": float(self.sizes[place] >= _LONG),
            "linked": linked[place],
            "linked before": linked_before,
            "linked after": linked_after,
            "only link": float(only_link),
            "run of links": float(only_link and (linked_before > _LINKED or linked_after > _LINKED)),
            "repeated": float(self._times[block.text] > 1),
        }
        features.update(_named(self._marks(block)))
        return features

    def _marks(self, block: Block) -> int:
        """Of the elements around that hold only a small part of the text, less those that the article itself is in."""
        marks = 0
        for frame in _upwards(block.frame):
            if frame is not block.frame and self._within[frame] >= _COMMON * self._size:
                break
            marks |= frame.marks
        return marks & ~self._common

    def _common_marks(self, held: Iterable[Block]) -> int:
        """Marks that more than half of the held text stands under."""
        sizes: defaultdict[int, int] = defaultdict(int)
        known: dict[Frame | None, int] = {None: 0}
        for block in held:
            sizes[_marks_around(block.frame, known)] += len(block.text)
        return sum(
            mark for mark, _ in _MARKS if 2 * sum(size for marks, size in sizes.items() if marks & mark) > self._size
        )


def _upwards(frame: Frame | None) -> Iterator[Frame]:
    while frame is not None:
        yield frame
        frame = frame.parent


def _marks_around(frame: Frame, known: dict[Frame | None, int]) -> int:
    path = []
    at: Frame | None = frame
    while at is not None and at not in known:
        path.append(at)
        at = at.parent
    marks = known[at]
    for step in reversed(path):
        marks |= step.marks
        known[step] = marks
    return marks


@lru_cache(maxsize=10_000)
def _named(marks: int) -> dict[str, float]:
    return {name: 1.0 for mark, name in _MARKS if marks & mark}
