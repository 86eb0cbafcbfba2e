"""The archive in a folder that every worker sees under the same path."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from newsdesk.errors import ArchiveUnavailable, Quarantine


class Folder:
    """A `Place`: a folder for each day, files that grow."""

    pages_a_write = 1  # an fsync is cheap beside the fetch of a page
    seconds_a_write = 0.0

    def __init__(self, root: Path) -> None:
        self.root = root

    def __str__(self) -> str:
        return str(self.root)

    def begin(self, file: str) -> _GrowingFile:
        path = self.root / file
        _make_folders(path.parent)
        growing = _GrowingFile(path)
        try:
            _sync_folder(path.parent)
        except OSError:
            growing.close()
            raise
        return growing

    def get(self, file: str, offset: int, length: int) -> bytes:
        path = self._path(file)
        try:
            with path.open("rb") as opened:
                opened.seek(offset)
                return opened.read(length)
        except (FileNotFoundError, NotADirectoryError) as error:
            self.must_be_there(error)
            raise Quarantine(f"{file} is missing from the archive {self.root}; bring the file back") from error
        except OSError as error:
            raise ArchiveUnavailable(
                f"cannot read {path}: {error.strerror or error}; make it readable or set NEWSDESK_ARCHIVE to where it is"
            ) from error

    def _path(self, file: str) -> Path:
        root = self.root.resolve()
        path = (root / file).resolve()
        if not path.is_relative_to(root):
            raise Quarantine(f"{file} is not in the archive {root}")
        return path

    def name(self, path: str) -> str:
        """The one name by which rows know the file: its path below the root. Quarantine where it lies elsewhere."""
        return self._path(path).relative_to(self.root.resolve()).as_posix()

    def must_be_there(self, cause: BaseException | None = None) -> None:
        if not self.root.is_dir():
            raise ArchiveUnavailable(
                f"the archive {self.root} is not there; bring the folder back or set NEWSDESK_ARCHIVE to where it is"
            ) from cause

    def size(self, file: str) -> int | None:
        try:
            return self._path(file).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            self.must_be_there()
            return None
        except OSError as error:
            raise ArchiveUnavailable(f"cannot read {self.root / file}: {error.strerror or error}") from error

    def files(self) -> Iterator[tuple[str, int]]:
        self.must_be_there()
        for path in sorted(path for path in self.root.rglob("*") if path.name.endswith((".warc.gz", ".warc"))):
            with suppress(FileNotFoundError):
                yield path.relative_to(self.root).as_posix(), path.stat().st_size

    def open(self, file: str) -> BinaryIO:
        try:
            return self._path(file).open("rb")
        except OSError as error:
            raise ArchiveUnavailable(f"cannot read {self.root / file}: {error.strerror or error}") from error

    def being_written(self, file: str) -> bool:
        """A writer has it in hand, on this machine or on one that shares the folder with its locks."""
        try:
            handle = os.open(self.root / file, os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:  # this file system has no locks
            return False
        finally:
            os.close(handle)
        return False

    def write_over(self, file: str, offset: int, data: bytes) -> None:
        """Other bytes in the place of as many. A file that is gone, or ends before, has nothing left to write over."""
        path = self._path(file)
        try:
            with path.open("r+b") as opened:
                if os.fstat(opened.fileno()).st_size >= offset + len(data):
                    opened.seek(offset)
                    opened.write(data)
                    opened.flush()
                    os.fsync(opened.fileno())
        except (FileNotFoundError, NotADirectoryError) as error:
            self.must_be_there(error)
        except OSError as error:
            raise ArchiveUnavailable(
                f"cannot write {path}: {error.strerror or error}; what is withdrawn must be written over there"
            ) from error

    def reachable(self) -> bool:
        return self.root.is_dir()

    def cut_off(self, file: str, size: int) -> None:
        """Shorten the file to its first `size` bytes; a file of none is removed."""
        path = self._path(file)
        if size == 0:
            path.unlink()
            return
        with path.open("r+b") as opened:
            opened.truncate(size)
            os.fsync(opened.fileno())


class _GrowingFile:
    full = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        self._file = os.fdopen(handle, "wb", buffering=0)
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def append(self, data: bytes) -> None:
        """All of `data` on the disk, or OSError and the file as it was before."""
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
            os.fsync(self._file.fileno())
        except OSError:
            with suppress(OSError):  # what is said is why the write failed
                self._file.truncate(self.size)
                self._file.seek(self.size)
            raise
        self.size += len(data)

    def close(self) -> None:
        self._file.close()
        if self.size == 0:
            self.path.unlink(missing_ok=True)


def _make_folders(folder: Path) -> None:
    """Whatever the umask: `mkdir(parents=True)` gives a mode to the last one only."""
    for each in reversed((folder, *folder.parents)):
        if not each.exists():
            each.mkdir(mode=0o750, exist_ok=True)


def _sync_folder(folder: Path) -> None:
    """A new file is on the disk only when its folder's entry is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
