"""What changed between two texts: the words that did, and no others, in a moment."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.word_diff import added_and_removed, diff

TEXTS = st.text(alphabet=st.sampled_from("ab \n\t\u2028é<&"), max_size=80)


@given(TEXTS, TEXTS)
def test_a_diff_holds_both_texts_whole(before: str, after: str) -> None:
    pieces = diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after
    assert re.sub(r"\s", "", "".join(piece.text for piece in pieces if piece.kind != "added")) == re.sub(
        r"\s", "", before
    )


def test_a_diff_names_the_words_that_changed_and_no_others() -> None:
    pieces = diff("Intro.\n\nThe bridge was closed today.\n\nShare it...", "Intro.\n\nThe bridge was opened today.\n\n")
    assert [(piece.kind, piece.text.strip()) for piece in pieces if piece.text.strip()] == [
        ("same", "Intro.\n\nThe bridge was"), ("removed", "closed"), ("added", "opened"), ("same", "today."),
        ("removed", "Share it..."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"),
    [("a " * 60_000, "a b " * 40_000), ("a\n" * 60_000, "b\na\n" * 30_000), ("\n".join("ab" * 20_000), "\n".join("ba" * 20_000))],
)  # fmt: skip
def test_a_diff_of_hostile_texts_ends(before: str, after: str) -> None:
    assert diff(before, after)


def test_words_are_counted_as_often_as_one_side_has_them_more() -> None:
    assert added_and_removed("a b b c".split(), "c b a d d".split()) == (2, 1)
