"""What strangers' texts may bring along is taken from them, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.characters import on_one_line, storable, visible

ANY = st.text(st.characters(exclude_categories=()) | st.sampled_from("\x00\ud800\udfff\u202e\u200b\ufeff\r\n\t"))


@given(ANY)
def test_what_is_storable_has_no_nul_and_no_half_of_a_pair(text: str) -> None:
    kept = storable(text)
    assert "\x00" not in kept
    assert kept.encode().decode() == kept
    assert storable(kept) == kept
    assert [c for c in kept if c != "?"] == [c for c in text if c not in "\x00?" and not "\ud800" <= c <= "\udfff"]


@given(ANY)
def test_what_is_visible_is_as_long_and_what_is_on_one_line_has_no_break(text: str) -> None:
    assert len(visible(text)) == len(text)
    assert visible(visible(text)) == visible(text)
    assert not set(on_one_line(text)) & set("\x00\r\n\t\x1b\u2028\u2029\u202e\ufeff")


@pytest.mark.parametrize("text", ["", "A storm", "Ünïcödé 嵐 🌀", "two\nlines\tand a tab", "নতুন\u200dদিল্লি"])
def test_a_plain_text_stays_as_it_is(text: str) -> None:
    assert (storable(text), visible(text)) == (text, text)


def test_nothing_is_storable_too() -> None:
    assert storable(None) is None


def test_what_a_terminal_would_obey_is_shown() -> None:
    assert visible("a\x1b[2Jb\u202ec\u200bd") == "a\ufffd[2Jb\ufffdc\ufffdd"
    assert on_one_line("  a\r\nBcc: b\u2028\u202ec ") == "a Bcc: b c"
