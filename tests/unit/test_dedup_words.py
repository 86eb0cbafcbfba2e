"""dedup: a text's words and fingerprints are the same however it is set, and on every machine."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.dedup.fingerprint import MOST, fingerprints, text_digest
from newsdesk.dedup.normalise import words


@given(st.text())
def test_words_of_joined_words_are_the_same_words(text: str) -> None:
    found = words(text)
    assert words(" ".join(found)) == found


@given(st.text())
def test_words_are_letters_and_digits_only(text: str) -> None:
    assert all(word.isalnum() for word in words(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Argentina’s “chief” nego\u00adtiator", 'argentina\'s "chief" negotiator'),
        ("na\u00efve caf\u00e9", "nai\u0308ve cafe\u0301"),
        ("ﬁnancial ＲＥＰＯＲＴ ２０２４", "financial report 2024"),
        ("أحمد إلى مدرسة كبيـــرة", "احمد الي مدرسه كبيرة"),
        ("السَّلامُ", "السلام"),
        ("zero\u200bwidth", "zerowidth"),
        ("١٥ في ٢٠٢٤", "15 في 2024"),
        ("۱۵ درصد, १५ प्रतिशत", "15 درصد 15 प्रतिशत"),
    ],
)
def test_setting_does_not_change_the_words(one: str, other: str) -> None:
    assert words(one) == words(other)


@given(st.text(), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_the_normal_form_does_not_change_the_words(text: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"]) -> None:
    assert words(unicodedata.normalize(form, text)) == words(text)


@given(st.text())
def test_case_does_not_change_the_words(text: str) -> None:
    assert words(text.casefold()) == words(text)


@given(st.text(alphabet="北京大学の日本ภาษไทย"))
def test_each_character_of_a_script_without_spaces_is_a_word_of_its_own(text: str) -> None:
    assert all(len(word) == 1 for word in words(text))


def test_characters_of_scripts_without_spaces_are_words() -> None:
    assert words("北京 2024年 GDP") == ["北", "京", "2024", "年", "gdp"]


@given(st.lists(st.text(min_size=1, max_size=8), max_size=400))
def test_fingerprints_fit_a_bigint_and_are_few_sorted_and_distinct(tokens: list[str]) -> None:
    found = fingerprints(tokens)
    assert found == fingerprints(list(tokens))
    assert list(found) == sorted(set(found))
    assert len(found) <= MOST
    assert bool(found) == bool(tokens)
    assert all(-(2**63) <= number < 2**63 for number in found)


def test_fingerprints_are_the_same_on_every_machine_and_in_every_release() -> None:
    """They are stored; another rule needs another `deduplication.RULE`."""
    tokens = [f"word{n}" for n in range(40)]
    assert fingerprints(tokens) == (
        -8777107141222933835,
        -7664440705978657820,
        -4957669989732016350,
        -4471622741560576948,
        -2838479521933284903,
    )
    assert text_digest("Title", " ".join(tokens)).hex() == "eb9fcb4d904079be17f5b70842c71566"


def test_digest_ignores_setting_but_not_words_nor_where_the_title_ends() -> None:
    assert text_digest("Café “opens”", "Two  lines\nhere.") == text_digest('cafe "opens"', "two lines here")
    assert text_digest(None, "one two") != text_digest(None, "one three")
    assert text_digest("one", "two") != text_digest(None, "one two")
