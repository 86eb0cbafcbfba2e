"""enrich: one registry from language to recogniser. Models of spaCy are made here; transformers and gliner, which are the
operator's to install and too heavy for a test, are stood in for by a module with the few functions that are called."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from newsdesk.enrich.annotate import annotate
from newsdesk.enrich.models import load, model_for, spans_of
from newsdesk.enrich.spans import Span
from newsdesk.errors import ConfigError
from newsdesk.model import Annotation

TEXT = "Olga Tokarczuk mieszka we Wrocławiu."


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    load.cache_clear()
    yield
    load.cache_clear()


def ruler_model(folder: Path) -> str:
    """A model of Polish that knows two names, saved as `spacy package` would lay it out."""
    import spacy

    nlp = spacy.blank("pl")
    ruler: Any = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PERSON", "pattern": "Olga Tokarczuk"}, {"label": "GPE", "pattern": "Wrocławiu"}])
    nlp.to_disk(folder)
    return str(folder)


def test_a_language_can_have_any_model_that_lies_in_a_folder(tmp_path: Path) -> None:
    (found,) = annotate([(TEXT, "pl")], {"pl": ruler_model(tmp_path / "model")})
    assert [(m.text, m.type, m.subtype) for m in found.mentions] == [
        ("Olga Tokarczuk", "PER", None), ("Wrocławiu", "LOC", "GPE"),
    ]  # fmt: skip


def test_a_trained_model_is_loaded_from_a_folder(tmp_path: Path) -> None:
    import spacy
    from spacy.training import Example

    nlp = spacy.blank("pl")
    nlp.add_pipe("ner").add_label("PER")  # type: ignore[attr-defined]
    examples = [Example.from_dict(nlp.make_doc(TEXT), {"entities": [(0, 14, "PER")]})] * 4
    optimiser = nlp.initialize(lambda: examples)
    for _ in range(30):
        nlp.update(examples, sgd=optimiser)
    nlp.to_disk(tmp_path / "model")
    assert load(str(tmp_path / "model"))([TEXT, ""]) == [[Span(0, 14, "PER")], []]


def test_a_language_with_no_model_or_none_has_no_mentions_and_says_so() -> None:
    models = {"en": "none", "de": "", "fr": "NULL"}
    assert [model_for(models, language) for language in ("en", "de", "fr", "xx")] == [None] * 4
    assert annotate([(TEXT, "en"), (TEXT, "xx")], models) == [Annotation("en", None), Annotation("xx", None)]


def test_a_transformers_model_is_asked_for_words_and_gives_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def pipeline(task: str, *, model: str, aggregation_strategy: str) -> Any:
        asked.append((task, model, aggregation_strategy))
        row = {"start": 0, "end": 14, "entity_group": "PER", "score": 0.9}
        return lambda texts, batch_size: [[row] if text else [] for text in texts]

    monkeypatch.setitem(sys.modules, "transformers", _module("transformers", pipeline=pipeline))
    assert load("transformers:some/model")([TEXT, ""]) == [[Span(0, 14, "PER")], []]
    assert asked == [("token-classification", "some/model", "first")]


def test_a_gliner_model_is_asked_for_our_types(monkeypatch: pytest.MonkeyPatch) -> None:
    class Model:
        def batch_predict_entities(self, texts: list[str], labels: list[str], threshold: float) -> Any:
            assert {"person", "organization", "location"} <= set(labels)
            return [[{"start": 0, "end": 14, "label": "person", "score": 0.9}] for _ in texts]

    library = SimpleNamespace(from_pretrained=lambda name: Model())
    monkeypatch.setitem(sys.modules, "gliner", _module("gliner", GLiNER=library))
    assert load("gliner:some/model")([TEXT]) == [[Span(0, 14, "PERSON")]]


def _module(name: str, **content: Any) -> ModuleType:
    module = ModuleType(name)
    module.__dict__.update(content)
    return module


@pytest.mark.parametrize("kind", ["transformers", "gliner"])
def test_a_library_that_is_missing_is_named_with_how_to_install_it(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, kind, None)
    with pytest.raises(ConfigError, match=f"needs {kind}; run .* -m pip install {kind}"):
        load(f"{kind}:some/model")


@pytest.mark.skipif(find_spec("natasha") is None, reason="natasha is in no lock; to have it run: pip install '.[ru]'")
def test_russian_names_are_found_by_natasha() -> None:
    (found,) = annotate([("Посол Израиля на Украине приехал из Львовской области.", "ru")], {"ru": "natasha"})
    assert (found.model, [m.text for m in found.mentions]) == ("natasha", ["Израиля", "Украине", "Львовской области"])


def test_what_a_library_marks_outside_the_text_twice_or_as_no_name_is_left_out() -> None:
    marked = [(5, 9, "B-PER"), (0, 4, "I-ORG"), (3, 7, "LOC"), (10, 99, "LOC"), (9, 9, "PER"), (9, 10, "CARDINAL")]
    assert spans_of("0123456789", marked) == [Span(0, 4, "ORG"), Span(5, 9, "PER")]
