"""The French tokenizer's expression, as we put it together, finds the words that spaCy's own finds."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.enrich.expressions import factored
from newsdesk.enrich.models import load_spacy
from newsdesk.settings import DEFAULT_MODELS

ENDS = [
    mark + tail
    for mark in ("-", "'", "\u2019", "\u2013", "", " ")
    for tail in ("a", "abc", "\u00c9t\u00e9", "x-y", "l'eau", "", "9", "b-", "-", "sur-mer")
]


class French(NamedTuple):
    alternatives: list[str]
    theirs: str
    ours: Callable[[str], re.Match[str] | None]

    @property
    def match(self) -> Callable[[str], re.Match[str] | None]:
        return re.compile(self.theirs).match


@pytest.fixture(scope="module")
def french() -> French:
    tokenizer = load_spacy(DEFAULT_MODELS["fr"]).tokenizer
    from spacy.lang.fr.tokenizer_exceptions import _regular_exp  # imported by now, as in a run

    return French(_regular_exp, "(?iu)" + "|".join(f"(?:{one})" for one in _regular_exp), tokenizer.token_match)


def test_spacy_was_given_the_shorter_one(french: French) -> None:
    assert len(factored(french.theirs)) * 20 < len(french.theirs)
    assert french.ours.__self__.pattern == factored(french.theirs)  # type: ignore[attr-defined]


def test_every_alternative_with_every_end_is_judged_alike(french: French) -> None:
    firsts = {re.sub(r"[^\w]", "", alternative.split("[-", 1)[0][:12]) for alternative in french.alternatives}
    words = [change(first) + end for first in firsts for end in ENDS for change in (str.lower, str.title)]
    match = french.match
    judged = [bool(match(word)) for word in words]
    assert 500 < sum(judged) < len(words) - 500
    assert [bool(french.ours(word)) for word in words] == judged


@given(st.text("abc\u00e9\u00e0\u00c9-'\u2019\u2013.9 lsursous", max_size=14))
def test_any_word_is_judged_alike(french: French, word: str) -> None:
    assert bool(french.ours(word)) == bool(french.match(word))


@pytest.mark.parametrize("pattern", ["", "a|b", "(?:^a[b]", "(?:^a|b[c])|(?:^d[e])", "(?s)(?:^a)", "(?:^a\\)|(?:^b)"])
def test_what_is_built_otherwise_stays_as_it_is(pattern: str) -> None:
    assert factored(pattern) == pattern


def test_the_compiler_is_put_back() -> None:
    assert re.compile.__module__ == "re"
