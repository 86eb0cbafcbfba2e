"""The writer of the archive: what it says is stored can be read, and its files."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archived import RESPONSE, disk_of, store
from newsdesk.archive import warc
from newsdesk.archive.folder import Folder
from newsdesk.archive.records import response_record
from newsdesk.archive.warc import ArchiveWriter, read
from newsdesk.errors import ArchiveUnavailable
from newsdesk.model import ArchivedAt


def test_what_was_written_is_read_back_by_its_place(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "batch-7") as writer:
        places = [store(writer, replace(RESPONSE, body=b"%d" % number)) for number in range(5)]
    assert len({at.file for at in places}) == 1
    for number in (3, 0, 4):
        headers, body = read(tmp_path, places[number])
        assert body == b"%d" % number
        assert ("Content-Type", "text/html") in headers


def test_a_record_is_on_the_disk_before_the_writer_is_closed(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, "a")
    assert read(tmp_path, store(writer, RESPONSE))[1] == RESPONSE.body
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
                places[body] = store(writer, replace(RESPONSE, body=body))

        threads = [threading.Thread(target=work, args=(first,)) for first in (0, 100, 200, 300)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(places) == 40
    assert all(read(tmp_path, at)[1] == body for body, at in places.items())


def test_a_full_disk_is_said_with_a_remedy_and_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a") as writer:
        first = store(writer, RESPONSE)
        end = first.offset + first.length
        with (
            disk_of(end + 100),
            pytest.raises(ArchiveUnavailable, match=r"cannot write to .*make room .*NEWSDESK_ARCHIVE"),
        ):
            store(writer, RESPONSE)
        assert (tmp_path / first.file).stat().st_size == end
        again = store(writer, replace(RESPONSE, body=b"later"))
    assert again.offset == end
    assert read(tmp_path, first)[1] == RESPONSE.body
    assert read(tmp_path, again)[1] == b"later"


def test_a_disk_full_from_the_start_leaves_no_file(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a") as writer:
        with disk_of(50), pytest.raises(ArchiveUnavailable):
            store(writer, RESPONSE)
        assert list(tmp_path.rglob("*.gz")) == []
        assert read(tmp_path, store(writer, RESPONSE))[1] == RESPONSE.body


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


def test_another_file_is_begun_when_one_has_its_size(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a", file_bytes=2_000) as writer:
        places = [store(writer, replace(RESPONSE, body=os.urandom(700))) for _ in range(8)]
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
        evening = [store(writer, RESPONSE), store(writer, RESPONSE)]
        Clock.at += timedelta(seconds=2)
        morning = store(writer, RESPONSE)
    assert {at.file[:25] for at in evening} == {"2024-05-01/a-202405012359"}
    assert morning.file.startswith("2024-05-02/a-20240502000001-")
    assert read(tmp_path, evening[1])[1] == read(tmp_path, morning)[1]


def test_files_are_for_the_owner_and_the_group(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with ArchiveWriter(tmp_path, "a") as writer:
            path = tmp_path / store(writer, RESPONSE).file
    finally:
        os.umask(before)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o640, 0o750)


def test_it_can_be_told_whether_a_file_is_being_written(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, "a")
    at = store(writer, RESPONSE)
    assert Folder(tmp_path).being_written(at.file)
    writer.close()
    assert not Folder(tmp_path).being_written(at.file)


def test_a_place_is_held_only_while_its_bytes_are_there(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a") as writer:
        at = store(writer, RESPONSE)
    with ArchiveWriter(tmp_path, "b") as other:
        assert other.holds(at)
        assert not other.holds(replace(at, length=at.length + 1))
        assert not other.holds(replace(at, file="2024-01-01/none.warc.gz"))
    (tmp_path / at.file).unlink()
    with ArchiveWriter(tmp_path, "c") as other:
        assert not other.holds(at)
