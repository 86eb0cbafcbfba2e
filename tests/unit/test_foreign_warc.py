"""Reading other people's WARC files: what is whole is read, what is damaged costs only itself."""

from __future__ import annotations

import base64
import gzip
import os
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelled_data import labelled_rows
from newsdesk.archive.foreign import ForeignRecord, Position, read_records
from newsdesk.archive.foreign_files import open_file
from newsdesk.archive.http_block import join_chunks, read_http
from newsdesk.errors import ConfigError
from warc_making import WHEN, cc_news, html, http, packed, record

PAGE = http(b"<p>one</p>")
TWO = http(b"<p>two</p>")
LIMIT = 1_000_000


def read(data: bytes, start: Position | None = None, limit: int = LIMIT) -> list[ForeignRecord]:
    return list(read_records(BytesIO(data), start, max_block=limit))


def blocks(data: bytes) -> list[bytes | None]:
    return [found.block for found in read(data) if found.damage is None]


def damages(data: bytes) -> list[str]:
    return [found.damage for found in read(data) if found.damage is not None]


ONE_RECORD, ANOTHER = record(block=PAGE), record(block=TWO)
PACKINGS = {
    "plain": lambda *records: b"".join(records),
    "member a record": packed,
    "one stream": lambda *records: gzip.compress(b"".join(records), mtime=0),
    "blocks": lambda *records: packed(
        *(b"".join(records)[at : at + 97] for at in range(0, len(b"".join(records)), 97))
    ),
}


@pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
def test_records_are_read_however_the_file_is_packed(pack) -> None:
    records = [record("warcinfo", block=b"software: x\r\n"), ONE_RECORD, record("request", block=b"GET /"), ANOTHER]
    found = read(pack(*records))
    assert [(each.kind, each.damage) for each in found] == [
        ("warcinfo", None), ("response", None), ("request", None), ("response", None),
    ]  # fmt: skip
    assert [each.block for each in found] == [None, PAGE, None, TWO]
    assert found[1].header("warc-target-uri") == "https://www.example.com/a"


@pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
def test_reading_goes_on_at_the_place_after_any_record(pack) -> None:
    data = pack(*(record(block=http(b"<p>%d</p>" % number)) for number in range(9)))
    whole = read(data)
    assert len(whole) == 9
    for number, each in enumerate(whole):
        assert read(data, each.position) == whole[number:]
        assert read(data, each.after) == whole[number + 1 :]


@pytest.mark.parametrize("pack", [PACKINGS["plain"], PACKINGS["member a record"], PACKINGS["one stream"]])
def test_a_cut_tail_costs_the_record_that_it_cuts(pack) -> None:
    data = pack(ONE_RECORD, record(block=http(os.urandom(5000))))[:-2000]
    assert blocks(data)[0] == PAGE
    assert len(blocks(data)) == 1
    assert len(damages(data)) == 1


def test_what_warcio_writes_in_the_form_of_cc_news_is_read() -> None:
    found = read(cc_news([("https://www.example.com/a", WHEN, b"<p>a</p>"), ("https://b.example/", WHEN, b"<p>b</p>")]))
    assert [each.kind for each in found] == ["warcinfo", *["request", "response", "metadata"] * 2]
    assert [each.damage for each in found] == [None] * 7


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_empty_lines_may_be_odd(end: str) -> None:
    odd = record(block=PAGE, end=end)
    assert blocks(b"\r\n" + odd + b"\r\n\n\r\n" + odd.rstrip() + b"\r\n" + odd.rstrip(b"\r\n")) == [PAGE] * 3


def test_headers_may_be_folded_of_any_case_and_not_utf_8() -> None:
    data = ONE_RECORD.replace(b"WARC-Type: response", b"warc-type:RESPONSE\r\nX-Name: caf\xe9\r\nX-Long: a\r\n\tb")
    (found,) = read(data)
    assert (found.kind, found.header("X-Name"), found.header("X-Long")) == ("response", "caf\xe9", "a b")
    assert found.block == PAGE


@pytest.mark.parametrize("pack", [PACKINGS["plain"], PACKINGS["member a record"], PACKINGS["one stream"]])
@pytest.mark.parametrize("claim", [10**15, len(PAGE) + 300, len(PAGE) - 5])
def test_a_wrong_length_costs_its_record_and_not_the_next(pack, claim: int) -> None:
    data = pack(record(block=PAGE, length=claim), ANOTHER, ANOTHER)
    assert blocks(data)[-2:] == [TWO, TWO]
    assert len(blocks(data)) == 2
    assert len(damages(data)) == 1


def test_a_length_that_is_none_is_named() -> None:
    data = ONE_RECORD.replace(b"Content-Length: ", b"Content-Length: -") + ONE_RECORD.replace(b"Content-", b"X-")
    assert damages(data + ANOTHER) == [f"its Content-Length is '-{len(PAGE)}'", "it has no Content-Length"]
    assert blocks(data + ANOTHER) == [TWO]


def test_a_record_larger_than_the_limit_is_passed_over_and_its_bytes_are_not_kept() -> None:
    big = record(block=http(b"x" * 5_000))
    for data in (big + ANOTHER, packed(big, ANOTHER), gzip.compress(big + ANOTHER)):
        found = read(data, limit=1_000)
        assert [(each.block, each.damage) for each in found] == [(None, None), (TWO, None)]
        assert found[0].length > 5_000


def test_a_damaged_member_costs_itself() -> None:
    first, second, third = packed(ONE_RECORD), packed(record(block=http(os.urandom(3000)))), packed(ANOTHER)
    for at in (12, len(second) // 2, len(second) - 6):  # its head, its middle, its checksum
        broken = second[:at] + bytes([second[at] ^ 0xFF]) + second[at + 1 :]
        assert blocks(first + broken + third) == [PAGE, TWO]
        assert len(damages(first + broken + third)) == 1


def test_garbage_between_records_is_one_damage() -> None:
    assert blocks(ONE_RECORD + b"what is\nthis?\n\n" * 9 + ANOTHER) == [PAGE, TWO]
    assert damages(ONE_RECORD + b"what is\nthis?\n\n" * 9 + ANOTHER) == ["no WARC record begins here: b'what is\\n'"]
    assert blocks(packed(ONE_RECORD) + b"\0" * 500 + packed(ANOTHER) + b"\0" * 9) == [PAGE, TWO]
    assert blocks(packed(ONE_RECORD) + b"junk" * 99 + packed(ANOTHER)) == [PAGE, TWO]
    assert len(damages(packed(ONE_RECORD) + b"junk" * 99 + packed(ANOTHER))) == 1


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_happened_to_a_file_reading_ends_and_can_go_on_anywhere(data: st.DataObject) -> None:
    pack = data.draw(st.sampled_from(sorted(PACKINGS)))
    raw = bytearray(PACKINGS[pack](*(record(block=http(b"<p>%d</p>" % number * 9)) for number in range(5))))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        change = data.draw(st.sampled_from(["flip", "cut", "insert"]))
        if change == "flip":
            raw[at] ^= data.draw(st.integers(1, 255))
        elif change == "insert":
            raw[at:at] = data.draw(st.binary(max_size=30))
        elif at > 2:
            del raw[at : at + data.draw(st.integers(1, 40))]
    whole = read(bytes(raw))
    for before, after in pairwise(whole):
        assert before.position < before.after <= after.position
    for each in whole:
        assert read(bytes(raw), each.after) == whole[whole.index(each) + 1 :]


def test_the_files_of_the_conformance_set_are_read() -> None:
    wrong = {}
    for row in labelled_rows("conformance/warc.jsonl.gz"):
        expected = row["expected"]["records"]
        found = read(base64.b64decode(row["bytes_b64"]))
        good = [each for each in found if each.damage is None]
        if expected is not None and len(good) != expected and "cut" not in row["id"]:
            wrong[row["id"]] = (expected, len(good), [each.damage for each in found if each.damage])
    assert wrong == {}


def test_a_response_is_read_with_its_headers_as_they_came() -> None:
    found = read_http(b"HTTP/1.0 200\r\nX-A: caf\xe9\nno colon\r\nX-B: 1\r\n 2\r\nContent-Length: 9\r\n\r\n<p>x</p>\n")
    assert found is not None
    assert (found.status, found.headers) == (200, (("X-A", "caf\xe9"), ("X-B", "1 2"), ("Content-Length", "9")))
    assert (found.body, found.cut) == (b"<p>x</p>\n", None)
    assert read_http(b"GET / HTTP/1.1\r\n\r\n") is None
    assert read_http(b"20240501 example.com. A 1.2.3.4\n") is None


def test_a_body_shorter_than_its_length_is_cut_but_not_where_a_coding_was_undone() -> None:
    short = read_http(http(b"<p>", "200 OK", "text/html", "Content-Length: 99"))
    undone = read_http(http(b"<p>", "200 OK", "text/html", "Content-Length: 99", "Content-Encoding: gzip"))
    assert short is not None
    assert short.cut == "3 of its 99 bytes are there"
    assert undone is not None
    assert undone.cut is None


@pytest.mark.parametrize(
    ("body", "joined", "whole"),
    [
        (b"3\r\n<p>\r\n4;x=1\r\n</p>\r\n0\r\nX-Trailer: 1\r\n\r\n", b"<p></p>", True),
        (b"3\n<p>\n0\n\n", b"<p>", True),
        (b"3\r\n<p>\r\n", b"<p>", False),
        (b"ff\r\n<p>", b"<p>", False),
        (html("joined already", ["x"]), html("joined already", ["x"]), True),
        (b"12\nmonkeys and more of them", b"12\nmonkeys and more of them", True),
        (b"", b"", True),
    ],
)
def test_chunks_are_joined_where_there_are_any(body: bytes, joined: bytes, whole: bool) -> None:
    found, cut = join_chunks(body)
    assert (found, cut is None) == (joined, whole)


def test_an_address_that_cannot_be_read_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        open_file("memory://nowhere/x.warc.gz")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(ConfigError, match=r"cannot read s3://bucket/x.warc.gz: .*may we read it"):
        open_file("s3://bucket/x.warc.gz")
