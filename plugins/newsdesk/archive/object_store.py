"""The archive in an object store, by fsspec: S3 and what speaks as it does, Google's, Azure's."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, BinaryIO, cast

from newsdesk.errors import ArchiveUnavailable, ConfigError, Quarantine
from newsdesk.object_requests import asked

_EXTRAS = {"s3": "s3", "s3a": "s3"}  # scheme -> the extra of ours that brings its file system
_BLOCK = 4 * 2**20  # bytes of an object read at once


class ObjectStore:
    """A `Place`: objects under a prefix. Credentials and endpoint: the store's own environment, or `options`."""

    pages_a_write = 50  # requests cost money, and an object of one page is a nuisance for every later reader
    seconds_a_write = 20.0  # what a killed task has fetched for nothing, at most

    def __init__(self, address: str, options: Mapping[str, Any]) -> None:
        import fsspec  # here: a folder need not pay for it

        self.address = address
        self._options = options
        scheme = address.partition("://")[0]
        try:
            self._store, self._prefix = fsspec.core.url_to_fs(address, **{"use_listings_cache": False, **options})
        except ImportError as error:
            extra = f"`pip install 'newsdesk[{_EXTRAS[scheme]}]'`" if scheme in _EXTRAS else str(error)
            raise ConfigError(f"NEWSDESK_ARCHIVE={address} needs another package: {extra}") from error
        except (ValueError, TypeError, KeyError) as error:  # its text may hold the options' values, which are secrets
            raise ConfigError(
                f"NEWSDESK_ARCHIVE={address} or NEWSDESK_ARCHIVE_OPTIONS is wrong for fsspec ({type(error).__name__}); "
                f"options given: {', '.join(sorted(options)) or 'none'}"
            ) from None
        self._prefix = self._prefix.rstrip("/")

    def __str__(self) -> str:
        return self.address

    def begin(self, file: str) -> _Object:
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
            except OSError as error:
                if error.errno != errno.EINVAL:  # which is how s3fs tells of a range beyond the end
                    raise
                raise Quarantine(f"no bytes {offset}+{length} in {file} of the archive {self}") from error

    def write_over(self, file: str, offset: int, data: bytes) -> None:
        """The object anew with other bytes in the place of as many. One that is gone has nothing left to write over."""
        size = self.size(file)
        if size is not None and size >= offset + len(data):
            whole = self.get(file, 0, size)
            self.put(file, whole[:offset] + data + whole[offset + len(data) :])

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
        size = self.size(file)
        if size is None:
            raise ArchiveUnavailable(f"{file} is no longer in the archive {self}")
        return cast(BinaryIO, io.BufferedReader(_ObjectReader(self, file, size), _BLOCK))

    def being_written(self, file: str) -> bool:
        return False  # an object is there when it is whole

    def reachable(self) -> bool:
        """The store answers, and its bucket is there. ArchiveUnavailable, ConfigError where it is not to be asked."""
        with self._asked("look at", ""):
            return bool(self._store.exists(self._prefix.partition("/")[0]))

    def _path(self, file: str) -> str:
        if ".." in file.split("/"):
            raise Quarantine(f"{file} is not in the archive {self}")
        return f"{self._prefix}/{file}"

    def _asked(self, what: str, file: str) -> AbstractContextManager[None]:
        settings = "NEWSDESK_ARCHIVE, NEWSDESK_ARCHIVE_OPTIONS"
        return asked(f"{what} {self}/{file}", ArchiveUnavailable, settings, self._options)


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


class _ObjectReader(io.RawIOBase):
    """An object as a stream, by ranged requests."""

    def __init__(self, store: ObjectStore, file: str, size: int) -> None:
        super().__init__()
        self._store, self._file, self._size = store, file, size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        size = min(len(buffer), self._size - self._at)
        if size <= 0:
            return 0
        data = self._store.get(self._file, self._at, size)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
