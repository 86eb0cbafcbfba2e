"""Folders and object stores of the archive: what is missing, damaged or refused is told for what it is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from archived import RESPONSE, store
from command_line import environment
from newsdesk.archive.places import open_place
from newsdesk.archive.records import response_record
from newsdesk.archive.strict import Fault, read_strictly
from newsdesk.archive.warc import ArchiveWriter, read
from newsdesk.errors import ArchiveUnavailable, ConfigError, Quarantine
from newsdesk.model import ArchivedAt


def test_a_root_that_is_a_file_or_no_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with ArchiveWriter(tmp_path / "file", "a") as writer, pytest.raises(ArchiveUnavailable, match="file"):
        store(writer, RESPONSE)
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
        kept, lost = (store(writer, RESPONSE), ArchivedAt("2024-01-01/none.warc.gz", 0, 100))
    for missing in (lost, replace(lost, file=f"{kept.file}/none.warc.gz")):
        with pytest.raises(Quarantine, match=f"{missing.file} is missing from the archive"):
            read(tmp_path, missing)
    assert read(tmp_path, kept)[1] == RESPONSE.body


def test_a_missing_root_is_no_pages_fault(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    with ArchiveWriter(root, "a") as writer:
        at = store(writer, RESPONSE)
    root.rename(tmp_path / "elsewhere")
    with pytest.raises(ArchiveUnavailable, match=r"is not there; .*NEWSDESK_ARCHIVE"):
        read(root, at)
    root.write_text("a file, not a folder")
    with pytest.raises(ArchiveUnavailable, match=r"is not there; .*NEWSDESK_ARCHIVE"):
        read(root, at)


def test_an_unreadable_root_is_no_pages_fault(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    with ArchiveWriter(root, "a") as writer:
        at = store(writer, RESPONSE)
    with unreadable(root), pytest.raises(ArchiveUnavailable, match=r"cannot read .*NEWSDESK_ARCHIVE"):
        read(root, at)
    assert read(root, at)[1] == RESPONSE.body


def test_a_damaged_record_is_for_quarantine(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a") as writer:
        at = store(writer, RESPONSE)
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


def test_an_object_store_gets_one_object_a_write() -> None:
    root = f"memory://{uuid4()}/archive"
    with ArchiveWriter(root, "a") as writer:
        places = writer.write_all([response_record(replace(RESPONSE, body=b"%d" % number)) for number in range(3)])
        more = store(writer, RESPONSE)
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
