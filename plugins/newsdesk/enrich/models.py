"""Language → what recognises names in it: a registry of recognisers behind one interface, each loaded once a process.

| in NEWSDESK_MODELS   | what                                                                              |
| en=en_core_web_md    | a spaCy package, or a folder of one (any name with a / or a .)                    |
| ru=natasha           | natasha's NewsNERTagger (extra `ru`)                                              |
| de=transformers:NAME | a token classification model of Hugging Face transformers, by name or by folder  |
| pl=gliner:NAME       | a GLiNER model, by name or by folder                                              |
| en=none              | no model: texts of the language have no names, and are counted as such            |

transformers and gliner are the operator's to install, and so is the licence of a model. A recogniser takes texts and
gives the spans that it marks in each, in order and without overlap; labels that spans.TYPES does not know are left out.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from newsdesk.enrich.decoding import Decoder, decoder_of
from newsdesk.enrich.expressions import large_ones_factored
from newsdesk.enrich.spans import TYPES, Span
from newsdesk.errors import ConfigError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

BATCH = 16  # texts at once in a model; more are no faster, and their matrices take hundreds of megabytes
TOKENS = 2_000  # of texts at once in spaCy's, where decoded by us: what stays in the processor's cache
# Components that no entity recogniser listens to.
_UNNEEDED = ("tagger", "morphologizer", "parser", "senter", "attribute_ruler", "lemmatizer", "trainable_lemmatizer")
_NO_MODEL = frozenset({"", "none", "null"})
_GLINER_LABELS = {"person": "PERSON", "organization": "ORG", "location": "LOC", "event": "EVENT", "nationality": "NORP"}
_GLINER_THRESHOLD = 0.5  # as its authors' examples have it


class Recogniser(Protocol):
    """Texts → the spans that it marks in each, in order and without overlap, labelled with keys of TYPES."""

    def __call__(self, texts: Sequence[str], /) -> list[list[Span]]: ...


def model_for(models: Mapping[str, str], language: str) -> str | None:
    """What is to recognise names in `language`; None: nothing is."""
    name = models.get(language, "")
    return None if name.strip().lower() in _NO_MODEL else name


@cache
def load(name: str) -> Recogniser:
    """The recogniser called `name`, as in the table above. Raises ConfigError, which says what to install or unset."""
    kind, colon, what = name.partition(":")
    if colon and kind in _ADAPTERS:
        return _ADAPTERS[kind](what)
    return natasha() if name == "natasha" else spacy_model(name)


def spacy_model(package: str) -> Recogniser:
    """The recogniser of a spaCy package, or of a folder of one. ConfigError where it cannot be loaded."""
    nlp = load_spacy(package)
    decode = decoder_of(nlp)

    def recognise(texts: Sequence[str]) -> list[list[Span]]:
        with nlp.memory_zone():  # what the model learnt of words is forgotten at the end
            read = by_spacy(nlp, texts) if decode is None else by_arrays(nlp, decode, texts)
            return [[span for span in spans if span.label in TYPES] for spans in read]

    return recognise


def by_spacy(nlp: Language, texts: Sequence[str]) -> list[list[Span]]:
    """What it marks in each text by spaCy's own decoder, with whatever label."""
    return [
        [Span(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]
        for doc in nlp.pipe(texts, batch_size=BATCH)
    ]


def by_arrays(nlp: Language, decode: Decoder, texts: Sequence[str]) -> list[list[Span]]:
    """The same by `decoding`."""
    found: list[list[Span]] = []
    docs: list[Doc] = []
    for text in texts:
        doc = nlp.make_doc(text)
        if docs and sum(map(len, docs)) + len(doc) > TOKENS:
            found += decode(docs)
            docs = []
        docs.append(doc)
    return found + decode(docs)


@cache
def load_spacy(package: str) -> Language:
    """The model that is installed as `package`, or lies in the folder `package`, with nothing but its recogniser."""
    import spacy  # takes a second: not for those who only look names up

    if find_spec(package) is None if package.isidentifier() else not Path(package).exists():
        raise ConfigError(
            f"entity model {package!r} is not installed; run `{sys.executable} -m pip install "
            f"{package.replace('_', '-')}`, or name another for its language in NEWSDESK_MODELS (en=package)"
        )
    try:
        with large_ones_factored():
            nlp = spacy.load(package, exclude=_UNNEEDED)
    except (OSError, ValueError, ImportError) as error:
        raise ConfigError(
            f"entity model {package!r} cannot be loaded ({error}); install one made for spaCy {version('spacy')}, "
            "or name another for its language in NEWSDESK_MODELS (en=package)"
        ) from error
    if not {"ner", "entity_ruler"} & set(nlp.pipe_names):
        raise ConfigError(f"entity model {package!r} has no `ner` component; name another in NEWSDESK_MODELS")
    if "tok2vec" in nlp.pipe_names and "ner" not in nlp.get_pipe("tok2vec").listening_components:  # type: ignore[attr-defined]
        nlp.remove_pipe("tok2vec")  # the recogniser has vectors of its own; a third of the time
    _multiply_by_numpy(nlp)
    return nlp


def _multiply_by_numpy(nlp: Language) -> None:
    """Matrices by numpy's BLAS, which knows present processors, in one thread: batches run in processes of their own.

    thinc's own BLAS takes twice as long where it does not know the processor, a quarter of a recogniser's time. The
    sums differ in their last bits.
    """
    from thinc.api import NumpyOps
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")
    by_numpy = NumpyOps(use_blis=False)
    for _, component in nlp.pipeline:
        for node in component.model.walk() if hasattr(component, "model") else ():
            if isinstance(node.ops, NumpyOps):  # else spaCy was told to use a GPU
                node.ops = by_numpy


def natasha() -> Recogniser:
    """Russian: slovnet's news recogniser, whose weights natasha's package carries (MIT)."""
    library = _library("natasha", "newsdesk[ru]")
    segmenter, tagger = library.Segmenter(), library.NewsNERTagger(library.NewsEmbedding())

    def recognise(texts: Sequence[str]) -> list[list[Span]]:
        found = []
        for text in texts:
            doc = library.Doc(text)
            doc.segment(segmenter)
            doc.tag_ner(tagger)
            found.append([Span(span.start, span.stop, span.type) for span in doc.spans if span.type in TYPES])
        return found

    return recognise


def transformers(name: str) -> Recogniser:
    """A token classification model whose labels are those of CoNLL or OntoNotes, with B- and I- or without."""
    library = _library("transformers", "transformers torch")
    try:
        pipeline = library.pipeline("token-classification", model=name, aggregation_strategy="first")
    except (OSError, ValueError) as error:
        raise ConfigError(f"model {name!r} cannot be loaded by transformers: {error}") from error

    def recognise(texts: Sequence[str]) -> list[list[Span]]:
        return [
            spans_of(text, ((row["start"], row["end"], row["entity_group"]) for row in rows))
            for text, rows in zip(texts, pipeline(list(texts), batch_size=BATCH), strict=True)
        ]

    return recognise


def gliner(name: str) -> Recogniser:
    """A zero-shot model, asked for the labels that TYPES has words for."""
    library = _library("gliner", "gliner")
    try:
        model = library.GLiNER.from_pretrained(name)
    except (OSError, ValueError) as error:
        raise ConfigError(f"model {name!r} cannot be loaded by gliner: {error}") from error

    def recognise(texts: Sequence[str]) -> list[list[Span]]:
        marked = model.batch_predict_entities(list(texts), list(_GLINER_LABELS), threshold=_GLINER_THRESHOLD)
        return [
            spans_of(text, ((row["start"], row["end"], _GLINER_LABELS[row["label"]]) for row in rows))
            for text, rows in zip(texts, marked, strict=True)
        ]

    return recognise


def spans_of(text: str, marked: Any) -> list[Span]:
    """(start, end, label) of a library → spans in order, without what is outside the text, overlaps, or no name."""
    found: list[Span] = []
    for start, end, label in sorted(marked):
        label = str(label).removeprefix("B-").removeprefix("I-").upper()
        if label in TYPES and 0 <= start < end <= len(text) and (not found or start >= found[-1].end):
            found.append(Span(start, end, label))
    return found


_ADAPTERS: Mapping[str, Callable[[str], Recogniser]] = {
    "spacy": spacy_model, "transformers": transformers, "gliner": gliner,
}  # fmt: skip


def _library(name: str, packages: str) -> ModuleType:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise ConfigError(
            f"a model in NEWSDESK_MODELS needs {name}; run `{sys.executable} -m pip install {packages}`"
        ) from error
