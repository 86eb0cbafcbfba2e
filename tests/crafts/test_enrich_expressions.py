"""The French tokenizer's expression, as we put it together, finds the words that spaCy's own finds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.lang.fr import tokenizer_exceptions

from newsdesk.enrich.expressions import factored
from newsdesk.enrich.models import load_spacy
from newsdesk.settings import DEFAULT_MODELS

FRENCH = load_spacy(DEFAULT_MODELS["fr"])

ALTERNATIVES = tokenizer_exceptions._regular_exp
ORIGINAL = "(?iu)" + "|".join(f"(?:{alternative})" for alternative in ALTERNATIVES)
ENDS = [
    mark + tail
    for mark in ("-", "'", "\u2019", "\u2013", "", " ")
    for tail in ("a", "abc", "\u00c9t\u00e9", "x-y", "l'eau", "", "9", "b-", "-", "sur-mer")
]


@pytest.fixture(scope="module")
def original() -> re.Pattern[str]:
    return re.compile(ORIGINAL)


def test_spacy_was_given_the_shorter_one() -> None:
    assert len(factored(ORIGINAL)) * 20 < len(ORIGINAL)
    assert FRENCH.tokenizer.token_match.__self__.pattern == factored(ORIGINAL)


def test_every_alternative_with_every_end_is_judged_alike(original: re.Pattern[str]) -> None:
    firsts = {re.sub(r"[^\w]", "", alternative.split("[-", 1)[0][:12]) for alternative in ALTERNATIVES}
    words = [change(first) + end for first in firsts for end in ENDS for change in (str.lower, str.title)]
    judged = [bool(original.match(word)) for word in words]
    assert 500 < sum(judged) < len(words) - 500
    assert [bool(FRENCH.tokenizer.token_match(word)) for word in words] == judged


@given(st.text("abc\u00e9\u00e0\u00c9-'\u2019\u2013.9 lsursous", max_size=14))
def test_any_word_is_judged_alike(original: re.Pattern[str], word: str) -> None:
    assert bool(FRENCH.tokenizer.token_match(word)) == bool(original.match(word))


@pytest.mark.parametrize("pattern", ["", "a|b", "(?:^a[b]", "(?:^a|b[c])|(?:^d[e])", "(?s)(?:^a)", "(?:^a\\)|(?:^b)"])
def test_what_is_built_otherwise_stays_as_it_is(pattern: str) -> None:
    assert factored(pattern) == pattern


def test_the_compiler_is_put_back() -> None:
    assert re.compile.__module__ == "re"
