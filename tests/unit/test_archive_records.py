"""What stands in the records of the archive, and that every tool reads it."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archived import RESPONSE, store
from newsdesk.archive.records import response_record, revisit_record
from newsdesk.archive.strict import Record, read_strictly
from newsdesk.archive.warc import ArchiveWriter, read
from newsdesk.errors import Quarantine
from newsdesk.model import Outcome


def test_headers_fit_the_stored_body_and_the_originals_are_kept(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a") as writer:
        headers, body = read(tmp_path, store(writer, RESPONSE))
    assert headers == (
        ("Content-Type", "text/html"),
        ("X-Archive-Orig-Content-Encoding", "gzip"),
        ("X-Archive-Orig-Content-Length", "7"),
        ("X-Archive-Orig-transfer-encoding", "chunked"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("X-Name", "caf\xe9; q=\xfc"),
        ("Content-Length", str(len(body))),
    )


def test_the_file_is_warc_1_1_with_digests_and_one_member_a_record(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "batch/7 x") as writer:
        at = store(writer, RESPONSE)
        cut = store(writer, replace(RESPONSE, outcome=Outcome.TOO_LARGE, body=b"", status=999, redirects=()))
    path = tmp_path / at.file
    day, _, name = at.file.partition("/")
    assert (len(day), name.startswith("batch_7_x-"), name.endswith(".warc.gz")) == (10, True, True)
    with path.open("rb") as file:
        records = [
            (
                record.rec_type,
                record.rec_headers,
                record.http_headers,
                record.content_stream().read(),
                record.digest_checker,
            )
            for record in ArchiveIterator(file, check_digests=True)
        ]
    assert [kind for kind, *_ in records] == ["warcinfo", "response", "response"]
    assert all(checker.passed for *_, checker in records if checker)
    _, warc, http, body, _ = records[1]
    assert warc.protocol == "WARC/1.1"
    assert warc.get_header("WARC-Target-URI") == "https://www.example.com/news/a"
    assert warc.get_header("X-Newsdesk-Requested-URI") == "https://www.example.com/a"
    assert warc.get_header("WARC-Date") == "2024-05-01T10:00:00.250000Z"
    assert warc.get_header("WARC-Payload-Digest").startswith("sha1:")
    assert (http.get_statuscode(), body) == ("200", RESPONSE.body)
    assert records[2][1].get_header("WARC-Truncated") == "length"
    assert b"caf\xe9; q=\xfc\r\n" in gzip.decompress(path.read_bytes()[at.offset : at.offset + at.length])
    assert path.stat().st_size == cut.offset + cut.length


def test_both_libraries_read_our_files_and_agree_with_every_digest(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a") as writer:
        at, *_ = writer.write_all([
            response_record(RESPONSE),
            revisit_record(RESPONSE, RESPONSE.final_url, RESPONSE.fetched_at),
            revisit_record(replace(RESPONSE, status=304, body=b""), RESPONSE.final_url, RESPONSE.fetched_at),
        ])  # fmt: skip
    with (tmp_path / at.file).open("rb") as file:
        records = ArchiveIterator(file, check_digests="raise")  # it does not check a revisit's
        kinds = [(record.rec_type, record.content_stream().read()) for record in records]
    assert kinds[1:] == [("response", RESPONSE.body), ("revisit", b""), ("revisit", b"")]
    with (tmp_path / at.file).open("rb") as file:
        for record in FastIterator(file, parse_http=False):
            assert record.verify_block_digest()
            if record.headers["WARC-Type"] == "response":
                record.parse_http()
                assert record.verify_payload_digest()
    with (tmp_path / at.file).open("rb") as file:
        assert [type(found) for found in read_strictly(file)] == [Record] * 4


def revisit_headers(tmp_path: Path, record: bytes) -> tuple[dict[str, str], int, dict[str, str]]:
    """WARC headers, HTTP status and HTTP headers of a revisit record, as warcio reads it."""
    with ArchiveWriter(tmp_path, "a") as writer:
        [at] = writer.write_all([record])
    with (tmp_path / at.file).open("rb") as file:
        [found] = [record for record in ArchiveIterator(file) if record.rec_type == "revisit"]
    return dict(found.rec_headers.headers), int(found.http_headers.get_statuscode()), dict(found.http_headers.headers)


def test_the_same_bytes_again_are_a_revisit_that_names_the_first(tmp_path: Path) -> None:
    first = RESPONSE.fetched_at - timedelta(days=1)
    warc_headers, status, http = revisit_headers(
        tmp_path, revisit_record(RESPONSE, "https://www.example.com/b#x", first)
    )
    assert warc_headers["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert warc_headers["WARC-Refers-To-Target-URI"] == "https://www.example.com/b"
    assert warc_headers["WARC-Refers-To-Date"] == "2024-04-30T10:00:00.250000Z"
    assert warc_headers["WARC-Target-URI"] == "https://www.example.com/news/a"
    assert warc_headers["WARC-Truncated"] == "length"
    with ArchiveWriter(tmp_path, "b") as writer:
        at = store(writer, RESPONSE)
    assert warc_headers["WARC-Payload-Digest"].encode() in gzip.decompress(
        (tmp_path / at.file).read_bytes()[at.offset : at.offset + at.length]
    )
    assert status == 200
    assert http["X-Archive-Orig-Content-Encoding"] == "gzip"


def test_a_304_is_a_revisit_by_the_servers_own_word(tmp_path: Path) -> None:
    answer = replace(RESPONSE, status=304, body=b"", headers=(("ETag", '"x"'),))
    warc_headers, status, http = revisit_headers(
        tmp_path, revisit_record(answer, RESPONSE.final_url, RESPONSE.fetched_at)
    )
    assert warc_headers["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert warc_headers["WARC-Refers-To-Date"] == "2024-05-01T10:00:00.250000Z"
    assert "WARC-Payload-Digest" not in warc_headers
    assert (status, http) == (304, {"ETag": '"x"'})


def test_what_would_break_a_line_breaks_no_record(tmp_path: Path) -> None:
    odd = replace(
        RESPONSE, final_url="https://www.example.com/a\r\nWARC-Type: x/ b\x00", headers=(("X-A", "1\r\nX-B: 2"),)
    )  # fmt: skip
    with ArchiveWriter(tmp_path, "a") as writer:
        at = store(writer, odd)
    assert read(tmp_path, at)[0][0] == ("X-A", "1 X-B: 2")
    with (tmp_path / at.file).open("rb") as file:
        _, found = read_strictly(file)
    assert isinstance(found, Record)
    assert found.target_uri == "https://www.example.com/a%0D%0AWARC-Type:%20x/%20b%00"


def test_a_revisit_is_not_read_as_a_page(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a") as writer:
        [at] = writer.write_all([revisit_record(RESPONSE, RESPONSE.url, RESPONSE.fetched_at)])
    with pytest.raises(Quarantine, match="revisit record, not a response"):
        read(tmp_path, at)


def test_a_visit_without_an_answer_has_nothing_to_store(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a") as writer, pytest.raises(ValueError, match="no response"):
        store(writer, replace(RESPONSE, status=None, reason="timed out"))


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=300),
    value=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=20),
    url=st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20),
)
def test_any_body_header_and_address_comes_back(body: bytes, value: str, url: str, tmp_path: Path) -> None:
    response = replace(RESPONSE, body=body, headers=(("X-A", value),), final_url=f"https://www.example.com/{url}")
    with ArchiveWriter(tmp_path, "a") as writer:
        headers, stored = read(tmp_path, store(writer, response))
    assert (stored, headers[0]) == (body, ("X-A", value))
