"""Many texts → the names in each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from newsdesk.enrich.clean import TYPES, Span, clean
from newsdesk.enrich.join import join
from newsdesk.enrich.models import load
from newsdesk.model import Annotation

if TYPE_CHECKING:
    from spacy.language import Language

BATCH = 64  # texts at once in the model
PIECE = 50_000  # characters: longer texts go through the model in pieces, so that memory stays flat


def annotate(texts: Sequence[tuple[str, str | None]], models: Mapping[str, str]) -> list[Annotation]:
    """The names of each (text, language), in order. `models`: language → spaCy package.

    A language without a model, or None, gives an annotation with `model` None and no mentions: the model of another
    language finds plausible nonsense. Raises ConfigError if a model that is needed cannot be loaded.
    """
    found = [Annotation(language, None) for _, language in texts]
    by_language: defaultdict[str, list[int]] = defaultdict(list)
    for place, (_, language) in enumerate(texts):
        if primary_tag(language) in models:
            by_language[primary_tag(language)].append(place)
    for language, places in by_language.items():
        package = models[language]
        spans_of = recognise((texts[place][0] for place in places), load(package))
        for place, spans in zip(places, spans_of, strict=True):
            text, asked = texts[place]
            mentions, entities = join(text, vote(text, clean(text, spans, language)))
            found[place] = Annotation(asked, package, mentions, entities)
    return found


def primary_tag(language: str | None) -> str:
    """`en-GB` → `en`."""
    return (language or "").replace("_", "-").partition("-")[0].lower()


def recognise(texts: Iterable[str], nlp: Language) -> Iterator[list[Span]]:
    """What the model marks in each text and TYPES knows, in order; what it learnt of words is forgotten at the end."""
    texts = list(texts)
    pieces = [(piece, (place, offset)) for place, text in enumerate(texts) for offset, piece in _pieces(text)]
    spans: list[list[Span]] = [[] for _ in texts]
    with nlp.memory_zone():
        for doc, (place, offset) in nlp.pipe(pieces, as_tuples=True, batch_size=BATCH):
            spans[place].extend(
                Span(offset + ent.start_char, offset + ent.end_char, ent.label_)
                for ent in doc.ents
                if ent.label_ in TYPES
            )
    return iter(spans)


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
