"""The archive: WARC files that hold what was fetched."""

from __future__ import annotations

import gzip
import os
import re
import resource
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from command_line import environment
from newsdesk.archive import warc
from newsdesk.archive.folder import Folder
from newsdesk.archive.places import open_place
from newsdesk.archive.records import response_record, revisit_record
from newsdesk.archive.strict import Fault, Record, read_strictly
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
        ArchiveWriter("no-such-scheme://bucket/x", "a")


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
        at = writer.write(RESPONSE)
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
        at = writer.write(odd)
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


def test_another_file_is_begun_when_one_has_its_size(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a", file_bytes=2_000) as writer:
        places = [writer.write(replace(RESPONSE, body=os.urandom(700))) for _ in range(8)]
    files = {at.file for at in places}
    assert len(files) == 4  # two records each, with the first record that tells of the file
    assert all((tmp_path / file).stat().st_size < 2_000 + 1_500 for file in files)
    assert len({read(tmp_path, at)[1] for at in places}) == 8


def test_another_file_is_begun_when_the_day_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        at = datetime(2024, 5, 1, 23, 59, 59, tzinfo=UTC)

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return cls.at

    monkeypatch.setattr(warc, "datetime", Clock)
    with ArchiveWriter(tmp_path, "a") as writer:
        evening = [writer.write(RESPONSE), writer.write(RESPONSE)]
        Clock.at += timedelta(seconds=2)
        morning = writer.write(RESPONSE)
    assert {at.file[:25] for at in evening} == {"2024-05-01/a-202405012359"}
    assert morning.file.startswith("2024-05-02/a-20240502000001-")
    assert read(tmp_path, evening[1])[1] == read(tmp_path, morning)[1]


def test_many_records_are_stored_together_or_not_at_all(tmp_path: Path) -> None:
    records = [response_record(replace(RESPONSE, body=b"%d" % number)) for number in range(3)]
    with ArchiveWriter(tmp_path, "a") as writer:
        places = writer.write_all(records)
        end = places[-1].offset + places[-1].length
        with disk_of(end + sum(map(len, records)) - 1), pytest.raises(ArchiveUnavailable):
            writer.write_all(records)
        assert (tmp_path / places[0].file).stat().st_size == end
        assert writer.write_all([]) == []
        later = writer.write_all(records)
    assert [read(tmp_path, at)[1] for at in places + later] == [b"0", b"1", b"2"] * 2


def test_files_are_for_the_owner_and_the_group(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with ArchiveWriter(tmp_path, "a") as writer:
            path = tmp_path / writer.write(RESPONSE).file
    finally:
        os.umask(before)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o640, 0o750)


def test_it_can_be_told_whether_a_file_is_being_written(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, "a")
    at = writer.write(RESPONSE)
    assert Folder(tmp_path).being_written(at.file)
    writer.close()
    assert not Folder(tmp_path).being_written(at.file)


def test_a_place_is_held_only_while_its_bytes_are_there(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a") as writer:
        at = writer.write(RESPONSE)
    with ArchiveWriter(tmp_path, "b") as other:
        assert other.holds(at)
        assert not other.holds(replace(at, length=at.length + 1))
        assert not other.holds(replace(at, file="2024-01-01/none.warc.gz"))
    (tmp_path / at.file).unlink()
    with ArchiveWriter(tmp_path, "c") as other:
        assert not other.holds(at)


def test_an_object_store_gets_one_object_a_write() -> None:
    root = f"memory://{uuid4()}/archive"
    with ArchiveWriter(root, "a") as writer:
        places = writer.write_all([response_record(replace(RESPONSE, body=b"%d" % number)) for number in range(3)])
        more = writer.write(RESPONSE)
        assert writer.holds(more)
    assert len({at.file for at in places}) == 1
    assert more.file != places[0].file
    assert [read(root, at)[1] for at in (*places, more)] == [b"0", b"1", b"2", RESPONSE.body]
    assert sorted(file for file, _ in writer.place.files()) == sorted({places[0].file, more.file})
    with writer.place.open(more.file) as file:
        assert not [found for found in read_strictly(file) if isinstance(found, Fault)]
    with pytest.raises(Quarantine, match="missing from the archive memory://"):
        read(root, replace(more, file="2024-01-01/none.warc.gz"))
    for damaged in (replace(more, length=more.length - 20), replace(more, offset=10**6), replace(more, file="../x")):
        with pytest.raises(Quarantine):
            read(root, damaged)


def test_an_empty_object_store_may_be_the_wrong_one() -> None:
    with pytest.raises(ArchiveUnavailable, match=r"is not there; set NEWSDESK_ARCHIVE"):
        read(f"memory://{uuid4()}", ArchivedAt("2024-01-01/a.warc.gz", 0, 10))


def test_a_store_whose_package_is_missing_names_the_extra() -> None:
    code = """
import sys
sys.modules["s3fs"] = None
from newsdesk.archive.places import open_place
open_place("s3://bucket/x")
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment())
    assert re.search(r"ConfigError: NEWSDESK_ARCHIVE=s3://bucket/x needs another package: .*newsdesk\[s3\]", run.stderr)


def test_wrong_options_of_a_store_are_refused_and_never_shown() -> None:
    with pytest.raises(ConfigError, match="NEWSDESK_ARCHIVE_OPTIONS") as refused:
        open_place("s3://bucket/x", {"key": "hunter2", "username": "hunter2"})
    assert "hunter2" not in str(refused.value)


def test_a_store_that_refuses_shows_no_secret() -> None:
    store = open_place("s3://bucket/x", {"key": "hunter2", "secret": "s", "hunter": "hunter2"})
    with pytest.raises(ArchiveUnavailable, match=r"cannot read s3://bucket/x/a: TypeError") as refused:
        store.size("a")
    assert "hunter2" not in "".join(traceback.format_exception(refused.value))
