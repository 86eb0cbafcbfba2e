"""The archive in an object store: a real S3 server, writers killed at any line, a store that goes away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archived import store
from command_line import environment
from newsdesk.archive.folder import Folder
from newsdesk.archive.places import open_place
from newsdesk.archive.records import blank_record, response_record
from newsdesk.archive.strict import Fault, Record, read_strictly
from newsdesk.archive.warc import ArchiveWriter, read
from newsdesk.diagnosis import stores
from newsdesk.errors import ArchiveUnavailable, Quarantine
from newsdesk.model import ArchivedAt, Response
from newsdesk.settings import read_settings
from s3_server import S3Server, s3_server

URL = "https://www.example.com/a"
PAGE = Response(
    URL, URL, 200, (("Content-Type", "text/html"),), b"<p>hello</p>", datetime(2024, 5, 1, 10, tzinfo=UTC), 0.1
)

# writes groups of three pages for ever, and says of each page where it lies once it is stored
WRITER = """
import sys
from dataclasses import replace
from datetime import UTC, datetime
from newsdesk.archive.records import blank_record, response_record
from newsdesk.archive.warc import ArchiveWriter
from newsdesk.model import Response
url = "https://www.example.com/a"
page = Response(url, url, 200, (), b"", datetime(2024, 5, 1, 10, tzinfo=UTC), 0.1)
number = 0
with ArchiveWriter(sys.argv[1], "killed") as writer:
    while True:
        records = [response_record(replace(page, body=b"%d " % (number + n) * 20000)) for n in range(3)]
        for at in writer.write_all(records):
            print(number, at.file, at.offset, at.length, flush=True)
            number += 1
"""


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as found:
        yield found


def test_a_bucket_that_is_not_there_is_told_by_the_doctor(server: S3Server) -> None:
    for root, state in ((server.root, "ok"), ("s3://no-such-bucket/news", "fault")):
        (found,) = stores.archive(read_settings({**server.settings(), "NEWSDESK_ARCHIVE": root}))
        assert (found.check, found.state.value) == ("archive", state), found
        assert "a-secret" not in found.seen


def test_pages_are_stored_in_one_object_a_write_and_read_by_range(server: S3Server) -> None:
    options = server.options()
    pages = [replace(PAGE, body=os.urandom(20_000)) for _ in range(5)]
    with ArchiveWriter(server.root, "a", options=options) as writer:
        places = writer.write_all([response_record(page) for page in pages])
        alone = store(writer, PAGE)
        assert all(writer.holds(at) for at in (*places, alone))
        assert not writer.holds(replace(alone, file="2024-01-01/none.warc.gz"))
    assert (len({at.file for at in places}), alone.file in {at.file for at in places}) == (1, False)
    for at, page in zip([*places, alone], [*pages, PAGE], strict=True):
        headers, body = read(server.root, at, options)
        assert (dict(headers)["Content-Type"], body) == ("text/html", page.body)
    place = open_place(server.root, options)
    there = dict(place.files())
    assert {alone.file, places[0].file} <= there.keys()
    assert there[alone.file] == alone.offset + alone.length
    with place.open(places[0].file) as file:
        assert [type(found) for found in read_strictly(file)] == [Record] * 6


def test_a_lost_object_is_one_pages_fault_and_a_lost_bucket_is_not(server: S3Server) -> None:
    options = server.options()
    with ArchiveWriter(server.root, "a", options=options) as writer:
        at = store(writer, PAGE)
    with pytest.raises(Quarantine, match="missing from the archive s3://"):
        read(server.root, replace(at, file="2024-01-01/none.warc.gz"), options)
    for damaged in (replace(at, length=at.length - 9), replace(at, offset=at.offset + 1), replace(at, offset=10**7)):
        with pytest.raises(Quarantine):
            read(server.root, damaged, options)
    with pytest.raises(ArchiveUnavailable, match=r"s3://no-such-bucket/x.*NEWSDESK_ARCHIVE"):
        read("s3://no-such-bucket/x", at, options)
    with (
        ArchiveWriter("s3://no-such-bucket/x", "a", options=options) as lost,
        pytest.raises(ArchiveUnavailable, match=r"s3://no-such-bucket/x.*does the bucket exist"),
    ):
        store(lost, PAGE)


def kill_a_writer(root: str, seconds: float, **settings: str) -> list[tuple[bytes, ArchivedAt]]:
    """What a writer, killed about so many seconds after its first page, had said was stored: body and place."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, root], stdout=subprocess.PIPE, text=True, env=environment(**settings)
    )
    assert writer.stdout is not None
    first = writer.stdout.readline()
    time.sleep(seconds)
    writer.send_signal(signal.SIGKILL)
    said = [line.split() for line in [first, *writer.stdout] if line.endswith("\n")]
    writer.wait()
    return [(f"{number} ".encode() * 20000, ArchivedAt(file, int(at), int(size))) for number, file, at, size in said]


@pytest.mark.parametrize("seconds", [0.1, 0.6])
def test_what_a_killed_writer_said_was_stored_can_be_read(server: S3Server, seconds: float) -> None:
    said, options = kill_a_writer(server.root, seconds, **server.environment()), server.options()
    assert said
    assert all(read(server.root, at, options)[1] == body for body, at in said)
    place = open_place(server.root, options)
    for file, _ in place.files():
        with place.open(file) as opened:
            assert not [found for found in read_strictly(opened) if isinstance(found, Fault)]


@pytest.mark.parametrize("seconds", [0.05, 0.3])
def test_a_writer_killed_in_a_folder_leaves_at_most_one_cut_record_that_nobody_was_told_of(
    tmp_path: Path, seconds: float
) -> None:
    said = kill_a_writer(str(tmp_path), seconds)
    assert said
    assert all(read(tmp_path, at)[1] == body for body, at in said)
    [path] = tmp_path.rglob("*.warc.gz")
    with path.open("rb") as opened:
        faults = [found for found in read_strictly(opened) if isinstance(found, Fault)]
    assert [fault.kind for fault in faults] in ([], ["cut"])
    assert all(fault.offset >= said[-1][1].offset + said[-1][1].length for fault in faults)
    assert not Folder(tmp_path).being_written(path.relative_to(tmp_path).as_posix())  # its lock went with it


def test_a_store_that_is_away_is_said_so_without_its_secrets() -> None:
    with s3_server() as server:
        options = {**server.options(), "config_kwargs": {"retries": {"max_attempts": 0}}}  # not to wait for long
        with ArchiveWriter(server.root, "a", options=options) as writer:
            at = store(writer, PAGE)
            server.stop()
            for ask in (
                lambda: store(writer, PAGE),
                lambda: read(server.root, at, options),
                lambda: open_place(server.root, options).size(at.file),
                lambda: list(open_place(server.root, options).files()),
            ):
                with pytest.raises(ArchiveUnavailable, match=r"s3://archive/news.* is the store up") as away:
                    ask()
                assert "a-secret" not in str(away.value)


@pytest.mark.parametrize("kind", ["folder", "store"])
def test_a_record_that_is_written_over_is_gone_and_its_neighbours_are_not(
    kind: str, server: S3Server, tmp_path: Path
) -> None:
    root, options = (str(tmp_path), None) if kind == "folder" else (server.root, server.options())
    pages = [replace(PAGE, body=os.urandom(2_000)) for _ in range(3)]
    with ArchiveWriter(root, "over", options=options) as writer:
        places = writer.write_all([response_record(page) for page in pages])
    place = open_place(root, options)
    at = places[1]
    place.write_over(at.file, at.offset, blank_record(at.length, URL))
    place.write_over("2024-05-01/lost.warc.gz", 0, b"nothing to write over")
    assert [read(root, places[n], options)[1] for n in (0, 2)] == [pages[0].body, pages[2].body]
    with pytest.raises(Quarantine, match="metadata record"):
        read(root, at, options)
    with place.open(at.file) as opened:
        found = list(read_strictly(opened))
    assert [record.type for record in found if isinstance(record, Record)] == [
        "warcinfo",
        "response",
        "metadata",
        "response",
    ]
    assert not any(isinstance(record, Fault) for record in found)
