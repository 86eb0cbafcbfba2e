"""The strict reading of WARC files: what is whole counts, and nothing else passes for it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import zlib
from datetime import UTC, datetime
from io import BytesIO
from itertools import count

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from labelled_data import labelled_rows
from newsdesk.archive.records import info_record, response_record, revisit_record
from newsdesk.archive.strict import Fault, Record, read_strictly
from newsdesk.model import Response


def response(number: int, body: bytes = b"<p>hello</p>") -> Response:
    url = f"https://www.example.com/{number}"
    when = datetime(2024, 5, 1, 10, tzinfo=UTC)
    return Response(url, url, 200, (("Content-Type", "text/html"),), body, when, 0.1)


PAGE = response(1)
MEMBERS = [
    info_record("a.warc.gz"),
    response_record(response(1)),
    revisit_record(response(2), PAGE.final_url, PAGE.fetched_at),
    response_record(response(3, b"")),
]
WHOLE = b"".join(MEMBERS)
ENDS = [sum(map(len, MEMBERS[: number + 1])) for number in range(len(MEMBERS))]
PLAIN = b"".join(map(gzip.decompress, MEMBERS))


def reading(data: bytes) -> tuple[list[Record], list[Fault]]:
    found = list(read_strictly(BytesIO(data)))
    return [item for item in found if isinstance(item, Record)], [item for item in found if isinstance(item, Fault)]


def plain_record(block: bytes = b"hello", **fields: str | None) -> bytes:
    """A resource record; a field given as None is left out."""
    lines: dict[str, str | None] = {
        "WARC-Type": "resource", "WARC-Record-ID": "<urn:uuid:00000000-0000-4000-8000-000000000001>",
        "WARC-Date": "2024-05-01T10:00:00Z", "WARC-Target-URI": "https://news.example/a",
        "Content-Type": "text/plain", "Content-Length": str(len(block)),
    }  # fmt: skip
    lines |= {name.replace("_", "-"): value for name, value in fields.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    return b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def test_whole_files_have_their_records_and_no_fault() -> None:
    for data in (WHOLE, PLAIN):
        records, faults = reading(data)
        assert [record.type for record in records] == ["warcinfo", "response", "revisit", "response"]
        assert faults == []
    assert [(record.offset, record.length) for record in reading(WHOLE)[0]] == [
        (end - len(member), len(member)) for end, member in zip(ENDS, MEMBERS, strict=True)
    ]
    page = reading(WHOLE)[0][1]
    assert (page.target_uri, page.payload) == (PAGE.final_url, hashlib.sha256(PAGE.body).digest())


@pytest.mark.parametrize("missing", [1, 2, 4, 7, 8, 9, 12])
def test_a_cut_last_record_is_found_though_libraries_take_it_for_whole(missing: int) -> None:
    records, faults = reading(WHOLE[:-missing])
    assert len(records) == 3
    assert [(fault.kind, fault.offset) for fault in faults] == [("cut", ENDS[2])]
    assert sum(1 for _ in ArchiveIterator(BytesIO(WHOLE[:-missing]))) == 4
    assert sum(1 for _ in FastIterator(BytesIO(WHOLE[:-missing]))) == 4


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(WHOLE)))
def test_wherever_a_file_is_cut_the_records_before_count(size: int) -> None:
    records, faults = reading(WHOLE[:size])
    assert len(records) == sum(end <= size for end in ENDS)
    assert bool(faults) == (size not in ENDS)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(PLAIN) - 1))
def test_a_plain_file_cut_anywhere_has_a_fault_and_its_records_before(size: int) -> None:
    ends = [sum(len(gzip.decompress(member)) for member in MEMBERS[: number + 1]) for number in range(len(MEMBERS))]
    records, faults = reading(PLAIN[:size])
    assert len(records) == sum(end <= size for end in ends)
    assert bool(faults) == (size not in ends)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_changed_byte_costs_one_record_and_no_other(place: int, change: int) -> None:
    data = bytearray(WHOLE)
    data[place] ^= change
    records, faults = reading(bytes(data))
    hit = next(number for number, end in enumerate(ENDS) if place < end)
    if len(records) < len(MEMBERS):
        assert faults
        assert [record.offset for record in records] == [
            end - len(member) for number, (end, member) in enumerate(zip(ENDS, MEMBERS, strict=True)) if number != hit
        ]
    else:  # time or system of a gzip header, or another way to pack the very same bytes: nothing of the record
        member = bytes(data[ENDS[hit] - len(MEMBERS[hit]) : ENDS[hit]])
        assert zlib.decompress(member, wbits=31) == zlib.decompress(MEMBERS[hit], wbits=31)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"WARC/1.1\r\n", b"\x1f\x8b\x08\x00", WHOLE[: ENDS[0]]]))
def test_no_bytes_break_the_reading(data: bytes, begin: bytes) -> None:
    reading(begin + data)


@pytest.mark.parametrize(
    ("data", "whole", "kinds"),
    [
        (b"", 0, ["cut"]),
        (plain_record()[:-1], 0, ["cut"]),
        (plain_record()[:-4] + plain_record(WARC_Record_ID="<urn:x:2>"), 1, ["terminator"]),
        (plain_record(Content_Length="4"), 0, ["terminator"]),
        (plain_record(Content_Length="6"), 0, ["terminator"]),
        (plain_record(Content_Length="600"), 0, ["cut"]),
        (plain_record(Content_Length=None), 0, ["header"]),
        (plain_record(Content_Length="five"), 0, ["header"]),
        (plain_record(Content_Length="-5"), 0, ["header"]),
        (plain_record().replace(b"\r\nWARC-Date", b"\r\ncontent-length: 6\r\nWARC-Date"), 0, ["header"]),
        (plain_record().replace(b"10:00:00Z\r\n", b"10:00:00Z\n"), 0, ["header"]),
        (plain_record().replace(b"WARC-Date: ", b"WARC-Date "), 1, ["header", "header"]),
        (plain_record().replace(b"WARC/1.1", b"WARC/1.1 "), 0, ["not_warc"]),
        (plain_record().replace(b"WARC/1.1", b"WARC/0.18"), 1, ["header"]),
        (plain_record(WARC_Record_ID=None), 1, ["header"]),
        (plain_record(WARC_Date=None), 1, ["header"]),
        (plain_record(WARC_Date="yesterday"), 1, ["header"]),
        (plain_record(WARC_Target_URI=None), 1, ["header"]),
        (plain_record(WARC_Type="revisit"), 1, ["header"]),
        (plain_record() * 2, 2, ["duplicate_id"]),
        (plain_record(WARC_Block_Digest="sha1:" + "A" * 32), 1, ["digest"]),
        (plain_record(WARC_Block_Digest="sha1:nonsense"), 1, ["digest"]),
        (plain_record(WARC_Payload_Digest="sha256:" + "0" * 64), 1, ["digest"]),
        (plain_record(WARC_Block_Digest="sha1:vl2mmho4yxukfwv63yhtwsbm3gxksq2n"), 1, []),
        (plain_record(WARC_Block_Digest=f"SHA-1:{hashlib.sha1(b'hello').hexdigest()}"), 1, []),
        (plain_record(WARC_Block_Digest="blake3:unknown"), 1, []),
        (plain_record() + b"garbage\r\n" + plain_record(WARC_Record_ID="<urn:x:2>"), 2, ["not_warc"]),
        (plain_record(X_Long="a\r\n b\r\n\tc"), 1, []),
        (plain_record(X_Long="a" * 300_000), 0, ["header"]),
        (gzip.compress(plain_record()) + b"garbage", 1, ["not_warc"]),
        (gzip.compress(plain_record()) + b"\0" * 600, 1, ["not_warc"]),
        (gzip.compress(b""), 0, ["not_warc"]),
        (gzip.compress(plain_record() + plain_record(WARC_Record_ID="<urn:x:2>")), 2, ["not_seekable"]),
        (gzip.compress(plain_record() + plain_record(WARC_Record_ID="<urn:x:2>"))[:-8], 1, ["cut"]),
        (gzip.compress(b"not a record") + gzip.compress(plain_record()), 1, ["not_warc"]),
        (gzip.compress(plain_record()[:-4]), 0, ["cut"]),
        (gzip.compress(plain_record() + b"\n") + MEMBERS[1], 1, ["not_warc"]),
        (b"filedesc://a.arc 127.0.0.1 20140216050221 text/plain 75\n", 0, ["not_warc"]),
    ],
    ids=map(str, count()),  # by default parts of the data, in which gzip's clock may stand
)  # fmt: skip
def test_each_fault_is_named(data: bytes, whole: int, kinds: list[str]) -> None:
    records, faults = reading(data)
    assert (len(records), [str(fault.kind) for fault in faults]) == (whole, kinds)


def test_chunks_kept_as_they_came_are_not_held_against_a_digest_of_what_is_in_them() -> None:
    block = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    digest = "sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N"
    record = plain_record(
        block, WARC_Type="response", Content_Type="application/http; msgtype=response", WARC_Payload_Digest=digest
    )
    assert reading(record)[1] == []
    assert [fault.kind for fault in reading(record.replace(b"Transfer-", b"X-Transf-"))[1]] == ["digest"]


def test_an_id_is_known_again_in_another_file() -> None:
    ids: set[str] = set()
    assert not [item for item in read_strictly(BytesIO(WHOLE), ids) if isinstance(item, Fault)]
    again = [item.kind for item in read_strictly(BytesIO(WHOLE), ids) if isinstance(item, Fault)]
    assert again == ["duplicate_id"] * 4


def test_a_record_larger_than_any_buffer_streams_by() -> None:
    body = os.urandom(3_000_000)
    records, faults = reading(response_record(response(1, body)) + MEMBERS[3])
    assert (len(records), faults, records[0].payload) == (2, [], hashlib.sha256(body).digest())


def test_labelled_files_have_the_records_that_they_are_known_to_have() -> None:
    wrong, must_tell = [], {"own/bad-digest": "digest", "own/gz-whole-file": "not_seekable", "own/gz-cut": "cut"}
    for row in labelled_rows("conformance/warc.jsonl.gz"):
        records, faults = reading(base64.b64decode(row["bytes_b64"]))
        expected = row["expected"]["records"]
        if expected is not None and len(records) != expected:
            wrong.append((row["id"], len(records), expected))
        if (kind := must_tell.get(row["id"])) and kind not in [fault.kind for fault in faults]:
            wrong.append((row["id"], "no fault", kind))
    assert wrong == []
