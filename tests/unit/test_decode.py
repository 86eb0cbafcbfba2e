"""Bytes to text: what a page declares where its bytes agree, else what they prove to be."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsdesk.extract.decode import decode

TEXT = "Straße, naïve, “quoted” – and more"


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400),
    st.none()
    | st.sampled_from(["text/html", "text/html; charset=latin-1", "charset=x; ;", "text/html; charset=utf-16"]),
)
def test_any_bytes_can_be_decoded(body: bytes, content_type: str | None) -> None:
    text, encoding = decode(body, content_type)
    assert "\0" not in text
    assert encoding
    text.encode("utf-8")  # no surrogates: they go into no database


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), min_size=1, max_size=200))
def test_utf_8_comes_back_as_it_was_whatever_a_narrow_label_says(text: str) -> None:
    body = f"<p>ä {text}</p>".encode()
    if b"\x1b" not in body:
        assert decode(body, "text/html; charset=iso-8859-1") == (f"<p>ä {text}</p>", "utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "utf-16"])
def test_a_page_is_read_in_the_encoding_that_it_states(encoding: str) -> None:
    text, _ = decode(f"<meta charset={encoding}><p>{TEXT}</p>".encode(encoding), None)
    assert TEXT in text


def test_a_byte_order_mark_comes_before_every_label() -> None:
    body = codecs.BOM_UTF16_LE + f"<p>{TEXT}</p>".encode("utf-16-le")
    assert decode(body, "text/html; charset=utf-8") == (f"<p>{TEXT}</p>", "utf-16-le")


def test_the_header_comes_before_the_page_where_the_bytes_allow_both() -> None:
    body = "<meta charset=windows-1252><p>Жёлтый дом на углу улицы</p>".encode("windows-1251")
    text, encoding = decode(body, "text/html; charset=windows-1251")
    assert encoding == "cp1251"
    assert "Жёлтый дом" in text


def test_latin_1_means_windows_1252_as_in_browsers() -> None:
    text, encoding = decode(f"<p>{TEXT}</p>".encode("cp1252"), "text/html; charset=ISO-8859-1")
    assert (encoding, TEXT in text) == ("cp1252", True)


def test_a_cut_sequence_does_not_turn_utf_8_into_something_else() -> None:
    text, encoding = decode(f"<meta charset=utf-8><p>{TEXT * 5}ß".encode()[:-1], None)
    assert encoding == "utf-8"
    assert TEXT in text


@pytest.mark.parametrize("label", ["zip", "hex", "no-such-charset", "idna", "unicode_escape", ""])
def test_a_label_that_is_no_text_encoding_is_passed_over(label: str) -> None:
    assert TEXT in decode(f"<p>{TEXT}</p>".encode(), f"text/html; charset={label}")[0]


def test_undeclared_japanese_is_recognised() -> None:
    told = "新しい橋が二年間の工事を経て月曜日に開通したと郡議会が発表した。" * 8
    assert told in decode(f"<p>{told}</p>".encode("shift_jis"), None)[0]
