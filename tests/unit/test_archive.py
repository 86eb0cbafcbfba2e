"""The archive: WARC files that hold what was fetched."""

from __future__ import annotations

import gzip
import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from newsdesk.archive.warc import ArchiveWriter, read
from newsdesk.errors import ArchiveUnavailable, ConfigError, Quarantine
from newsdesk.model import ArchivedAt, Outcome, Response

RESPONSE = Response(
    url="https://www.example.com/a",
    final_url="https://www.example.com/news/a#comments",
    status=200,
    headers=(
        ("Content-Type", "text/html"),
        ("Content-Encoding", "gzip"),
        ("Content-Length", "7"),
        ("transfer-encoding", "chunked"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("X-Name", "caf\xe9; q=\xfc"),
    ),
    body="<p>Café</p>".encode(),
    fetched_at=datetime(2024, 5, 1, 10, 0, 0, 250000, tzinfo=UTC),
    elapsed=0.1,
    redirects=("https://www.example.com/a",),
)


def test_what_was_written_is_read_back_by_its_place(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "batch-7") as writer:
        places = [writer.write(replace(RESPONSE, body=b"%d" % number)) for number in range(5)]
    assert len({at.file for at in places}) == 1
    for number in (3, 0, 4):
        headers, body = read(tmp_path, places[number])
        assert body == b"%d" % number
        assert ("Content-Type", "text/html") in headers


def test_headers_fit_the_stored_body_and_the_originals_are_kept(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a") as writer:
        headers, body = read(tmp_path, writer.write(RESPONSE))
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
        at = writer.write(RESPONSE)
        cut = writer.write(replace(RESPONSE, outcome=Outcome.TOO_LARGE, body=b"", status=999, redirects=()))
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


def test_a_record_is_on_the_disk_before_the_writer_is_closed(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, "a")
    assert read(tmp_path, writer.write(RESPONSE))[1] == RESPONSE.body
    writer.close()


def test_a_writer_that_stores_nothing_leaves_no_file(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path / "archive", "a"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_threads_may_share_a_writer(tmp_path: Path) -> None:
    places: dict[bytes, ArchivedAt] = {}
    with ArchiveWriter(tmp_path, "a") as writer:

        def work(first: int) -> None:
            for number in range(first, first + 10):
                body = b"%d" % number
                places[body] = writer.write(replace(RESPONSE, body=body))

        threads = [threading.Thread(target=work, args=(first,)) for first in (0, 100, 200, 300)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(places) == 40
    assert all(read(tmp_path, at)[1] == body for body, at in places.items())


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` bytes: the kernel's own refusal, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_said_with_a_remedy_and_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a") as writer:
        first = writer.write(RESPONSE)
        end = first.offset + first.length
        with (
            disk_of(end + 100),
            pytest.raises(ArchiveUnavailable, match=r"cannot write to .*make room .*NEWSDESK_ARCHIVE"),
        ):
            writer.write(RESPONSE)
        assert (tmp_path / first.file).stat().st_size == end
        again = writer.write(replace(RESPONSE, body=b"later"))
    assert again.offset == end
    assert read(tmp_path, first)[1] == RESPONSE.body
    assert read(tmp_path, again)[1] == b"later"


def test_a_disk_full_from_the_start_leaves_no_file(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a") as writer:
        with disk_of(50), pytest.raises(ArchiveUnavailable):
            writer.write(RESPONSE)
        assert list(tmp_path.rglob("*.gz")) == []
        assert read(tmp_path, writer.write(RESPONSE))[1] == RESPONSE.body


def test_a_root_that_is_a_file_or_no_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with ArchiveWriter(tmp_path / "file", "a") as writer, pytest.raises(ArchiveUnavailable, match="file"):
        writer.write(RESPONSE)
    with pytest.raises(ConfigError, match="NEWSDESK_ARCHIVE"):
        ArchiveWriter("s3://bucket/x", "a")


@contextmanager
def unreadable(folder: Path) -> Iterator[None]:
    """Nobody may look into `folder`; root may look anywhere, so for that time this process is somebody else."""
    user, mode = os.geteuid(), folder.stat().st_mode
    if user == 0:
        try:
            os.seteuid(65534)
            os.seteuid(0)
        except OSError:
            pytest.skip("here root can be nobody else")
    folder.chmod(0)
    try:
        if user == 0:
            os.seteuid(65534)
        yield
    finally:
        os.seteuid(user)
        folder.chmod(mode)


def test_a_missing_file_is_one_pages_fault(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a") as writer:
        kept, lost = (writer.write(RESPONSE), ArchivedAt("2024-01-01/none.warc.gz", 0, 100))
    for missing in (lost, replace(lost, file=f"{kept.file}/none.warc.gz")):
        with pytest.raises(Quarantine, match=f"{missing.file} is missing from the archive"):
            read(tmp_path, missing)
    assert read(tmp_path, kept)[1] == RESPONSE.body


def test_a_missing_root_is_no_pages_fault(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    with ArchiveWriter(root, "a") as writer:
        at = writer.write(RESPONSE)
    root.rename(tmp_path / "elsewhere")
    with pytest.raises(ArchiveUnavailable, match=r"is not there; .*NEWSDESK_ARCHIVE"):
        read(root, at)
    root.write_text("a file, not a folder")
    with pytest.raises(ArchiveUnavailable, match=r"is not there; .*NEWSDESK_ARCHIVE"):
        read(root, at)


def test_an_unreadable_root_is_no_pages_fault(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    with ArchiveWriter(root, "a") as writer:
        at = writer.write(RESPONSE)
    with unreadable(root), pytest.raises(ArchiveUnavailable, match=r"cannot read .*NEWSDESK_ARCHIVE"):
        read(root, at)
    assert read(root, at)[1] == RESPONSE.body


def test_a_damaged_record_is_for_quarantine(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a") as writer:
        at = writer.write(RESPONSE)
    for damaged in (
        replace(at, length=at.length - 20),
        replace(at, offset=at.offset + 1),
        replace(at, offset=10**6),
        ArchivedAt(at.file, 0, at.offset),  # the warcinfo record
        replace(at, file="../outside"),
    ):
        with pytest.raises(Quarantine):
            read(tmp_path, damaged)
    path = tmp_path / at.file
    data = bytearray(path.read_bytes())
    data[at.offset + at.length // 2] ^= 0x55
    path.write_bytes(data)
    with pytest.raises(Quarantine):
        read(tmp_path, at)


def test_a_visit_without_an_answer_has_nothing_to_store(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a") as writer, pytest.raises(ValueError, match="no response"):
        writer.write(replace(RESPONSE, status=None, reason="timed out"))


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=300),
    value=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=20),
    url=st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20),
)
def test_any_body_header_and_address_comes_back(body: bytes, value: str, url: str, tmp_path: Path) -> None:
    response = replace(RESPONSE, body=body, headers=(("X-A", value),), final_url=f"https://www.example.com/{url}")
    with ArchiveWriter(tmp_path, "a") as writer:
        headers, stored = read(tmp_path, writer.write(response))
    assert (stored, headers[0]) == (body, ("X-A", value))
