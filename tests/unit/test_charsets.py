"""Labels of charsets: a feed and the pages that it names are read by one table."""

from __future__ import annotations

import pytest

from newsdesk.charsets import codec_of
from newsdesk.discover import feedtext
from newsdesk.extract import decode as pages

RUSSIAN, HEBREW, JAPANESE, CHINESE, KOREAN, THAI = (
    "Жёлтый дом",
    "בית צהוב",
    "黄色い家①",
    "黃色的房子",
    "노란 집",
    "บ้านสีเหลือง",
)

LABELS = [
    ("x-cp1251", "cp1251", RUSSIAN), ("x-mac-cyrillic", "mac_cyrillic", RUSSIAN), ("ISO-8859-8-I", "iso8859_8", HEBREW),
    ("windows-31j", "cp932", JAPANESE), ("x-sjis", "cp932", JAPANESE), ("x-x-big5", "big5hkscs", CHINESE),
    ("cn-big5", "big5hkscs", CHINESE), ("x-big5", "big5hkscs", CHINESE), ("windows-949", "cp949", KOREAN),
    ("ks_c_5601-1987", "cp949", KOREAN), ("euc-kr", "cp949", KOREAN), ("dos-874", "cp874", THAI),
    ("macintosh", "mac_roman", "naïve café"), ("latin1", "cp1252", "“naïve” café"),
]  # fmt: skip


@pytest.mark.parametrize(("label", "encoding", "text"), LABELS, ids=[label for label, _, _ in LABELS])
def test_a_feed_and_a_page_are_read_by_the_same_label_alike(label: str, encoding: str, text: str) -> None:
    body = f"<title>{text} {text}</title>".encode(encoding)
    read_as_page, _ = pages.decode(body, f"text/html; charset={label}")
    assert feedtext.decode(body, f"text/xml; charset={label}") == read_as_page == f"<title>{text} {text}</title>"


@pytest.mark.parametrize(
    "label", ["idna", "unicode_escape", "hex", "rot13", "charmap", "no-such", "\0", "ÿ", "x" * 10_000]
)
def test_what_is_no_charset_of_texts_is_none(label: str) -> None:
    assert codec_of(label) is None
