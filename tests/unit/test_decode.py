"""Bytes to text: what a page declares where its bytes agree, else what they prove to be."""

from __future__ import annotations

import base64
import codecs
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelled_data import labelled_rows
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


def _undeclared(text: str, encoding: str) -> str:
    return decode(f"<p>{text}</p>".encode(encoding), None)[0]


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("windows-1252", "Le maire a déclaré que la forêt près du village a été fermée à cause des tempêtes de l’été dernier."),
        ("windows-1251", "Мэр города заявил в понедельник, что новый мост через реку будет открыт для движения осенью."),
        ("koi8-r", "Мэр города заявил в понедельник, что новый мост через реку будет открыт для движения осенью."),
        ("iso8859_2", "Starosta v pondělí oznámil, že nový most přes řeku bude otevřen na podzim, až skončí stavební práce."),
        ("iso8859_7", "Ο δήμαρχος δήλωσε τη Δευτέρα ότι η νέα γέφυρα θα ανοίξει το φθινόπωρο μετά τις εργασίες."),
        ("gb18030", "市长星期一宣布，新桥将在秋季通车，施工已经持续了两年。居民对此表示欢迎。"),
        ("euc_kr", "시장은 월요일에 새 다리가 가을에 개통될 것이라고 발표했다. 주민들은 환영했다."),
    ],
)  # fmt: skip
def test_an_undeclared_page_is_read_in_the_encoding_that_its_text_proves(encoding: str, told: str) -> None:
    assert told in _undeclared(told * 4, encoding)


def test_english_markup_and_scripts_around_a_text_do_not_decide_its_encoding() -> None:
    told = "Мэр города заявил в понедельник, что новый мост через реку будет открыт для движения осенью."
    around = "<div class='layout'><a href='/news'>The latest news of the day and the weather</a></div>" * 200
    page = f"<script>var when = 'the day after';</script>{around}<!-- end of the menu --><p>{told}</p>{around}"
    assert told in decode(page.encode("windows-1251"), None)[0]


def test_bytes_that_are_utf_8_only_here_and_there_are_not_utf_8() -> None:
    told = "新しい橋が二年間の工事を経て月曜日に開通したと郡議会が発表した。"
    assert told in _undeclared(told * 8, "euc_jp")


@pytest.mark.parametrize(
    "head",
    [
        "<!-- <meta charset=koi8-r> --><meta charset='windows-1251'>",
        "<meta name=description content='what charset=koi8-r means'><meta charset = windows-1251 />",
        "<META CONTENT='text/html; charset=windows-1251' HTTP-EQUIV=Content-Type>",
        "<script>" + "x" * 5_000 + "</script><meta charset=windows-1251>",
        "<meta charset=x-cp1251>",
    ],
)
def test_the_page_s_own_label_is_found_as_browsers_find_it(head: str) -> None:
    page = f"<html><head>{head}</head><body><meta charset=koi8-r><p>Дом</p></body>"
    text, encoding = decode(page.encode("windows-1251"), None)
    assert (encoding, "Дом" in text) == ("cp1251", True)


def test_a_label_in_the_body_s_text_is_no_label() -> None:
    assert decode("<body><p>née</p><meta charset=koi8-r>".encode("cp1252"), None)[1] != "koi8-r"


def test_utf_16_without_a_single_nul_is_not_believed() -> None:
    assert decode(f"<p>{TEXT}</p>".encode(), "text/html; charset=utf-16") == (f"<p>{TEXT}</p>", "utf-8")


def test_no_page_costs_more_than_a_moment() -> None:
    for body in (
        b"<script>" * 200_000 + b"\xe9",
        b"<!--\xe9" * 200_000,
        b"<a \xe9" * 200_000,
        b"<meta " * 100_000 + b"\xe9",
    ):
        started = time.process_time()
        decode(body, None)
        assert time.process_time() - started < 5


FAMILIES = {
    "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "euc-kr": "cp949", "shift_jis": "cp932", "tis-620": "cp874",
    "iso-8859-1": "cp1252", "iso-8859-9": "cp1254", "maccyrillic": "mac_cyrillic",
}  # fmt: skip


def test_labelled_pages_are_read_as_they_were_written() -> None:
    wrong: dict[str, list[str]] = {"page": [], "detect": []}
    rows = [row for row in labelled_rows("conformance/charset.jsonl.gz") if row["expected"].get("encoding")]
    for row in rows:
        body, expected = base64.b64decode(row["bytes_b64"]), row["expected"]
        text, _ = decode(body, row["content_type"])
        label = expected["encoding"].lower()
        if expected.get("must_contain"):
            right = expected["must_contain"] in text
        else:
            readings = {body.decode(name, "replace") for name in (label, FAMILIES.get(label, label))}
            right = text in {reading.lstrip("\ufeff").replace("\0", "") for reading in readings}
        if not right:
            wrong[row["kind"]].append(row["id"])
    assert wrong["page"] == []
    assert len(wrong["detect"]) <= 0.01 * sum(row["kind"] == "detect" for row in rows), wrong["detect"]
