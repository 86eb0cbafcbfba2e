"""Many texts → the names in each, and the days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from newsdesk.enrich.days import days
from newsdesk.enrich.gazetteer import Gazetteer, gazetteer
from newsdesk.enrich.join import join
from newsdesk.enrich.models import Recogniser, load, model_for
from newsdesk.enrich.reading import Reading, recase
from newsdesk.enrich.rules import RULES, Rule
from newsdesk.enrich.spans import Span
from newsdesk.languages import primary_tag
from newsdesk.model import Annotation, Mention

BATCH = 64  # texts at once: what is kept of a text before its turn is over
LONGEST_NAME = 200  # characters: what is longer is no name, and an index of PostgreSQL holds no more than 2,704 bytes
PIECE = 50_000  # characters: longer texts go through the model in pieces, so that memory stays flat


def annotate(
    texts: Sequence[tuple[str, str | None]],
    models: Mapping[str, str],
    published: Sequence[date | None] | None = None,
    documents: Sequence[str] | None = None,
) -> list[Annotation]:
    """The names and days of each (text, language), in order. `models`: language → recogniser, see `models.load`.

    `published`: each text's day of publication, which "on Wednesday" is told by. A language without a model, or None,
    gives an annotation with `model` None and no mentions: the model of another language finds plausible nonsense.
    `documents`: what each text is called, see `join`.
    Raises ConfigError if a model that is needed cannot be loaded.
    """
    found = [Annotation(language, None) for _, language in texts]
    by_language: defaultdict[str, list[int]] = defaultdict(list)
    for place, (_, language) in enumerate(texts):
        if model_for(models, primary_tag(language)):
            by_language[primary_tag(language)].append(place)
    for language, places in by_language.items():
        name = models[language]
        recogniser = load(name)
        for start in range(0, len(places), BATCH):
            some = places[start : start + BATCH]
            read = _read([texts[place][0] for place in some], language, recogniser, gazetteer())
            for place, (reading, spans) in zip(some, read, strict=True):
                called = documents[place] if documents else None
                mentions, entities = join(reading, spans, gazetteer(), document=called)
                mentions = with_days(reading, mentions, published[place] if published else None)
                found[place] = Annotation(texts[place][1], name, mentions, entities)
    return found


def _read(
    texts: Sequence[str], language: str, recogniser: Recogniser, places: Gazetteer
) -> Iterator[tuple[Reading, list[Span]]]:
    """Each text as it is read, and its names by the recogniser and the rules."""
    readings = [Reading(text, language, recase(text, language, lambda name: bool(places.of(name)))) for text in texts]
    for reading, marked in zip(readings, recognise([reading.cased for reading in readings], recogniser), strict=True):
        yield reading, apply_rules(reading, marked, places)


def apply_rules(
    reading: Reading, spans: Sequence[Span], places: Gazetteer, rules: Mapping[str, Rule] = RULES
) -> list[Span]:
    """What the rules make of a recogniser's spans, one after another; no span is longer than LONGEST_NAME."""
    found = list(spans)
    for rule in rules.values():
        found = rule(reading, found, places)
    return [span for span in found if span.end - span.start <= LONGEST_NAME]


def recognise(texts: Sequence[str], recogniser: Recogniser) -> list[list[Span]]:
    """What the recogniser marks in each text, in order."""
    pieces = [(place, offset, piece) for place, text in enumerate(texts) for offset, piece in _pieces(text)]
    spans: list[list[Span]] = [[] for _ in texts]
    for (place, offset, _), marked in zip(pieces, recogniser([piece for _, _, piece in pieces]), strict=True):
        spans[place].extend(Span(offset + span.start, offset + span.end, span.label) for span in marked)
    return spans


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """(offset, piece) of at most PIECE characters, cut after a line's or a word's end where there is one."""
    start = 0
    while len(text) - start > PIECE:
        stop = start + PIECE
        cut = max(text.rfind("\n", start, stop), start) or start
        if cut == start:
            cut = text.rfind(" ", start, stop)
        stop = cut + 1 if cut > start else stop
        yield start, text[start:stop]
        start = stop
    if start < len(text):
        yield start, text[start:]


def with_days(reading: Reading, mentions: Sequence[Mention], published: date | None) -> tuple[Mention, ...]:
    """`mentions`, and the days that stand in no name, in order: of type MISC, subtype DATE, of no entity."""
    taken = {place for mention in mentions for place in (mention.start, mention.end - 1)}
    found = [
        Mention(
            day.start, day.end, "MISC", reading.text[day.start : day.end], None, "DATE", day.value, day.precision,
        )
        for day in days(reading.text, reading.language, published)
        if not taken.intersection(range(day.start, day.end)) and not _within(mentions, day.start, day.end)
    ]  # fmt: skip
    return tuple(sorted([*mentions, *found], key=lambda mention: mention.start)) if found else tuple(mentions)


def _within(mentions: Sequence[Mention], start: int, end: int) -> bool:
    return any(mention.start <= start and end <= mention.end for mention in mentions)
