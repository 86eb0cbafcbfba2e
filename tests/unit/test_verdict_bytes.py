"""Whatever bytes come end in an outcome with its reason."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metadata_pages import NOW
from newsdesk.extract.page import extract
from newsdesk.model import Outcome, Page
from verdict_pages import URL


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"%PDF-1.7\n" + random.Random(1).randbytes(4_000), "PDF"),
        (b"\n%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "PNG"),
        (b"PK\x03\x04" + bytes(100), "ZIP"),
        (random.Random(2).randbytes(9_000), "no characters"),
    ],
)
def test_bytes_that_are_no_text_are_of_the_wrong_type_whatever_their_label(raw: bytes, kind: str) -> None:
    for label in ("text/html", "text/html; charset=utf-8", None):
        found = extract(Page(URL, raw, label, fetched_at=NOW))
        assert (found.outcome, found.text) == (Outcome.WRONG_TYPE, None)
        assert kind in (found.reason or "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "koi8-r", "gb18030", "shift_jis"])
def test_a_page_in_any_encoding_is_no_binary(encoding: str) -> None:
    words = {
        "koi8-r": "Паром ходит каждые двадцать минут. ",
        "gb18030": "渡轮每二十分钟开一班。",
        "shift_jis": "フェリーは二十分ごとに出る。",
    }
    text = words.get(encoding, "Die Fähre fährt öfter. ") * 40
    raw = f"<html><body><p>{text}</p></body></html>".encode(encoding)
    assert extract(Page(URL, raw, "text/html", fetched_at=NOW)).outcome is not Outcome.WRONG_TYPE


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_end_in_an_outcome_with_a_reason(raw: bytes) -> None:
    found = extract(Page(URL, b"<html><body>" + raw, "text/html", fetched_at=NOW))
    assert found.outcome is not None
    assert found.reason
