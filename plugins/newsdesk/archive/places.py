"""Where the archive's files lie: a folder, or an object store by an address of fsspec's (`s3://bucket/prefix`).

Both give the same: `begin` a file whose `append` returns when the bytes are stored for good, and ways to read. A
folder's file grows with every append. An object cannot grow: it is whole with its first append, and the next one
begins another. So a writer hands an object store many records at once, as `pages_a_write` and `seconds_a_write` say.

A file has its final name from the start. A name that changes at the end would be wrong in the rows that are
committed meanwhile, and a reader on another machine could look for either; instead, a writer holds a lock on the file
it writes in a folder, and its last record may be cut when the writer is killed: no row ever names such a record,
`newsdesk archive verify` finds it and `--repair` removes it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from newsdesk.errors import ArchiveUnavailable, ConfigError, Quarantine

_EXTRAS = {"s3": "s3", "s3a": "s3"}  # scheme -> the extra of ours that brings its file system
_BLOCK = 4 * 2**20  # bytes of an object read at once


class Growing(Protocol):
    """A file under way: `size` bytes are stored. `full`: it takes no more."""

    size: int
    full: bool

    def append(self, data: bytes) -> None: ...

    def close(self) -> None: ...


class Place(Protocol):
    """Files are named by paths relative to the archive's root."""

    pages_a_write: int
    seconds_a_write: float

    def begin(self, file: str) -> Growing: ...

    def get(self, file: str, offset: int, length: int) -> bytes:
        """Quarantine where the file is gone: one page's fault. ArchiveUnavailable where the archive is away."""
        ...

    def size(self, file: str) -> int | None:
        """Bytes; None: there is no such file."""
        ...

    def files(self) -> Iterator[tuple[str, int]]:
        """Every WARC file with its size, by name."""
        ...

    def open(self, file: str) -> BinaryIO: ...

    def being_written(self, file: str) -> bool: ...


def open_place(root: str | Path, options: Mapping[str, Any] | None = None) -> Place:
    """The archive at `root`. `options` are the object store's, as fsspec takes them.

    ConfigError where no such store is known, its package is not installed, or it refuses the options.
    """
    address = str(root)
    if address.startswith("file://"):
        address = address.removeprefix("file://")
    return ObjectStore(address, options or {}) if "://" in address else Folder(Path(address))


class Folder:
    """A folder that every worker sees under the same path."""

    pages_a_write = 1  # an fsync is cheap beside the fetch of a page
    seconds_a_write = 0.0

    def __init__(self, root: Path) -> None:
        self.root = root

    def __str__(self) -> str:
        return str(self.root)

    def begin(self, file: str) -> Growing:
        path = self.root / file
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        growing = _GrowingFile(path)
        try:
            _sync_folder(path.parent)
        except OSError:
            growing.close()
            raise
        return growing

    def get(self, file: str, offset: int, length: int) -> bytes:
        root = self.root.resolve()
        path = (root / file).resolve()
        if not path.is_relative_to(root):
            raise Quarantine(f"{file} is not in the archive {root}")
        try:
            with path.open("rb") as opened:
                opened.seek(offset)
                return opened.read(length)
        except (FileNotFoundError, NotADirectoryError) as error:
            self.must_be_there(error)
            raise Quarantine(f"{file} is missing from the archive {root}; bring the file back") from error
        except OSError as error:
            raise ArchiveUnavailable(
                f"cannot read {path}: {error.strerror or error}; make it readable or set NEWSDESK_ARCHIVE to where it is"
            ) from error

    def must_be_there(self, cause: BaseException | None = None) -> None:
        if not self.root.is_dir():
            raise ArchiveUnavailable(
                f"the archive {self.root} is not there; bring the folder back or set NEWSDESK_ARCHIVE to where it is"
            ) from cause

    def size(self, file: str) -> int | None:
        try:
            return (self.root / file).stat().st_size
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
            return (self.root / file).open("rb")
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

    def cut_off(self, file: str, size: int) -> None:
        """Shorten the file to its first `size` bytes; a file of none is removed."""
        if size == 0:
            (self.root / file).unlink()
            return
        with (self.root / file).open("r+b") as opened:
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


class ObjectStore:
    """Objects under a prefix, by fsspec. Credentials and endpoint: the store's own environment, or `options`."""

    pages_a_write = 50  # requests cost money, and an object of one page is a nuisance for every later reader
    seconds_a_write = 20.0  # what a killed task has fetched for nothing, at most

    def __init__(self, address: str, options: Mapping[str, Any]) -> None:
        import fsspec  # here: a folder need not pay for it

        self.address = address
        scheme = address.partition("://")[0]
        try:
            self._store, self._prefix = fsspec.core.url_to_fs(address, **{"use_listings_cache": False, **options})
        except ImportError as error:
            extra = f"`pip install 'newsdesk[{_EXTRAS[scheme]}]'`" if scheme in _EXTRAS else str(error)
            raise ConfigError(f"NEWSDESK_ARCHIVE={address} needs another package: {extra}") from error
        except (ValueError, TypeError) as error:  # its text may hold the options' values, which are secrets
            raise ConfigError(
                f"NEWSDESK_ARCHIVE={address} or NEWSDESK_ARCHIVE_OPTIONS is wrong for fsspec ({type(error).__name__}); "
                f"options given: {', '.join(sorted(options)) or 'none'}"
            ) from None
        self._prefix = self._prefix.rstrip("/")

    def __str__(self) -> str:
        return self.address

    def begin(self, file: str) -> Growing:
        return _Object(self, file)

    def put(self, file: str, data: bytes) -> None:
        with self._asked("write to", file):
            self._store.pipe_file(self._path(file), data)

    def get(self, file: str, offset: int, length: int) -> bytes:
        with self._asked("read", file):
            try:
                return cast(bytes, self._store.cat_file(self._path(file), start=offset, end=offset + length))
            except FileNotFoundError as error:
                if not self._store.exists(self._prefix):  # nothing is in it, so it may be the wrong place
                    raise ArchiveUnavailable(
                        f"the archive {self} is not there; set NEWSDESK_ARCHIVE to where it is"
                    ) from error
                raise Quarantine(f"{file} is missing from the archive {self}; bring the object back") from error
            except (ValueError, IndexError) as error:
                raise Quarantine(f"no bytes {offset}+{length} in {file} of the archive {self}") from error

    def size(self, file: str) -> int | None:
        with self._asked("read", file):
            try:
                return int(self._store.info(self._path(file))["size"])
            except FileNotFoundError:
                return None

    def files(self) -> Iterator[tuple[str, int]]:
        with self._asked("list", ""):
            found = self._store.find(self._prefix, detail=True)
        for path, info in sorted(found.items()):
            if path.endswith((".warc.gz", ".warc")):
                yield path[len(self._prefix) :].lstrip("/"), int(info["size"])

    def open(self, file: str) -> BinaryIO:
        with self._asked("read", file):
            return cast(BinaryIO, self._store.open(self._path(file), "rb", block_size=_BLOCK, cache_type="readahead"))

    def being_written(self, file: str) -> bool:
        return False  # an object is there when it is whole

    def _path(self, file: str) -> str:
        if ".." in file.split("/"):
            raise Quarantine(f"{file} is not in the archive {self}")
        return f"{self._prefix}/{file}"

    @contextmanager
    def _asked(self, what: str, file: str) -> Iterator[None]:
        """A request to the store. Its package's errors are of no common kind, so all but ours mean that it is away."""
        try:
            yield
        except (ArchiveUnavailable, Quarantine):
            raise
        except Exception as error:
            raise ArchiveUnavailable(
                f"cannot {what} {self}/{file}: {type(error).__name__}: {error}; is the store up, does the bucket exist, "
                f"and may we use it? Settings: NEWSDESK_ARCHIVE, NEWSDESK_ARCHIVE_OPTIONS and the store's own"
            ) from error


class _Object:
    full = False

    def __init__(self, store: ObjectStore, file: str) -> None:
        self._store = store
        self._file = file
        self.size = 0

    def append(self, data: bytes) -> None:
        self._store.put(self._file, data)
        self.size = len(data)
        self.full = True

    def close(self) -> None:
        pass


def _sync_folder(folder: Path) -> None:
    """A new file is on the disk only when its folder's entry is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
