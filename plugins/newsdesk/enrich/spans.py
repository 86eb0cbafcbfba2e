"""Spans: what a recogniser marks in a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Labels of OntoNotes and of the four-type corpora; what is not here (dates, money, numbers) is no name.
TYPES = {
    "PER": "PER", "PERSON": "PER",
    "ORG": "ORG",
    "LOC": "LOC", "GPE": "LOC", "FAC": "LOC",
    "MISC": "MISC", "NORP": "MISC", "EVENT": "MISC", "PRODUCT": "MISC", "WORK_OF_ART": "MISC", "LAW": "MISC",
    "LANGUAGE": "MISC",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """text[start:end], and what the model calls it: a key of TYPES."""

    start: int
    end: int
    label: str

    @property
    def type(self) -> str:
        """PER, ORG, LOC or MISC."""
        return TYPES[self.label]


class Taken:
    """Spans by place: at a position stands at most one."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._at = {place: span for span in spans for place in range(span.start, span.end)}
        self._spans = dict.fromkeys(spans)

    def over(self, start: int, end: int) -> list[Span]:
        """The spans that stand anywhere in text[start:end], in order."""
        return list(dict.fromkeys(self._at[place] for place in range(start, end) if place in self._at))

    def drop(self, spans: Sequence[Span]) -> None:
        """Take these out; each must be there."""
        for span in spans:
            del self._spans[span]
            for place in range(span.start, span.end):
                self._at.pop(place, None)

    def add(self, span: Span) -> None:
        """Put one in, where none stands."""
        self._spans[span] = None
        self._at.update(dict.fromkeys(range(span.start, span.end), span))

    def in_order(self) -> list[Span]:
        """All of them, by where they begin."""
        return sorted(self._spans, key=lambda span: span.start)
