"""Our decoder of spaCy's recogniser says what spaCy's own says, and leaves alone what it does not know."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsdesk.enrich.decoding import decoder_of
from newsdesk.enrich.models import TOKENS, by_arrays, by_spacy, load_spacy
from newsdesk.enrich.spans import Span
from newsdesk.local.newsroom import stories
from newsdesk.settings import DEFAULT_MODELS

LANGUAGES = ("en", "fr")
PIECES = st.sampled_from(
    ["Angela Merkel", "the New York Times", "Berlin", "Monday", "said", "$5 million", "\n\n", "  ", "\t", "U.S.", "EU", "a",
     "of", "'s", ",", ".", "Société Générale", "à Paris", "jeudi", "\u00a0", "—", "http://example.com/", "10%", "I"]
)  # fmt: skip


def both(language: str, texts: list[str]) -> tuple[list[list[Span]], list[list[Span]]]:
    nlp = load_spacy(DEFAULT_MODELS[language])
    decode = decoder_of(nlp)
    assert decode is not None
    return by_arrays(nlp, decode, texts), by_spacy(nlp, texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_newsrooms_stories_have_the_same_names(language: str) -> None:
    """In whichever language: nonsense is decoded alike."""
    ours, theirs = both(language, [story.text for story in stories.ALL])
    assert ours == theirs
    assert sum(map(len, ours)) > 3 * len(stories.ALL)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40, deadline=None)
@given(texts=st.lists(st.lists(PIECES, max_size=40).map(" ".join), max_size=6))
def test_any_texts_have_the_same_names(language: str, texts: list[str]) -> None:
    ours, theirs = both(language, texts)
    assert ours == theirs


def test_texts_longer_than_a_batch_and_empty_ones_keep_their_places() -> None:
    texts = ["", "Angela Merkel went to Berlin. " * TOKENS, " \n", "Paris", ""]
    ours, theirs = both("en", texts)
    assert ours == theirs


def test_a_recogniser_that_is_not_alone_is_left_to_spacy() -> None:
    import spacy
    from spacy.pipeline import EntityRuler

    nlp = spacy.load(DEFAULT_MODELS["en"], exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
    assert decoder_of(nlp) is not None
    ruler = nlp.add_pipe("entity_ruler", before="ner")
    assert isinstance(ruler, EntityRuler)
    assert decoder_of(nlp) is None


def test_a_recogniser_of_another_build_is_left_to_spacy() -> None:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("beam_ner").add_label("PERSON")  # type: ignore[attr-defined]
    nlp.initialize()
    assert decoder_of(nlp) is None
    fresh = spacy.blank("en")
    fresh.add_pipe("ner", config={"model": {"@architectures": "spacy.TransitionBasedParser.v2", "state_type": "ner",
        "extra_state_tokens": True, "hidden_width": 8, "maxout_pieces": 2, "use_upper": True,
        "tok2vec": {"@architectures": "spacy.HashEmbedCNN.v2", "width": 8, "depth": 1, "embed_size": 50, "window_size": 1,
            "maxout_pieces": 2, "subword_features": False, "pretrained_vectors": None}}}).add_label("PERSON")  # type: ignore[attr-defined]  # fmt: skip
    fresh.initialize()
    assert decoder_of(fresh) is None
