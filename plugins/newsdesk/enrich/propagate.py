"""A name that was found once is found wherever the document has it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from newsdesk.enrich.gazetteer import Gazetteer
from newsdesk.enrich.reading import WORD, Reading
from newsdesk.enrich.spans import Span
from newsdesk.enrich.words import CALENDAR, PARTICLES, SMALL_WORDS, TITLES

_SHORTEST = 3  # letters of a name that is one word


def propagate(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """`spans`, and the same names where they were missed; longer names first, so that "Madrid" yields to "Real Madrid".

    Of a person's full name the last word counts as a name as well.
    """
    labels = _names(reading, spans)
    starting: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(labels, key=len, reverse=True):
        starting[_first_word(name)].append(name)
    at = {place: span for span in spans for place in range(span.start, span.end)}
    found: list[Span] = []
    gone: set[Span] = set()
    free = 0
    for word in reading.words:
        if word.start < free or word.text not in starting:
            continue
        for start, end, name in _fits(reading, word.start, starting[word.text]):
            over = {at[place] for place in range(start, end) if place in at} - gone
            if any(span.start < start or span.end > end or span.end - span.start == end - start for span in over):
                continue
            gone |= over
            found.append(Span(start, end, labels[name]))
            free = end
            break
    return sorted([*(span for span in spans if span not in gone), *found], key=lambda span: span.start)


def _fits(reading: Reading, start: int, names: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    for name in names:
        end = start + len(name)
        if reading.cased.startswith(name, start) and not reading.cased[end : end + 1].isalnum():
            yield start, end, name


def _names(reading: Reading, spans: Sequence[Span]) -> dict[str, str]:
    """What is worth looking for → its label."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for span in spans:
        counts[reading.cased[span.start : span.end]][span.label] += 1
    labels = {name: found.most_common(1)[0][0] for name, found in counts.items() if _is_worth(reading, name)}
    for name, label in list(labels.items()):
        last = name.rpartition(" ")[2]
        if label in ("PER", "PERSON") and last != name and _is_worth(reading, last) and last not in labels:
            labels[last] = label
    return labels


def _is_worth(reading: Reading, name: str) -> bool:
    if "\n" in name or not name[0].isupper():
        return False
    if " " in name:
        return True
    lower = name.lower()
    return (
        len(name) >= _SHORTEST
        and lower not in reading.lower_words
        and lower not in CALENDAR.get(reading.language, ())
        and lower not in SMALL_WORDS.get(reading.language, ())
        and lower not in TITLES.get(reading.language, ())
        and lower not in PARTICLES
    )


def _first_word(name: str) -> str:
    match = WORD.search(name)
    return match.group() if match and match.start() == 0 else ""
