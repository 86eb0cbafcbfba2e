"""Where the archive's files lie: a folder, or an object store by an address of fsspec's (`s3://bucket/prefix`).

Both give the same: `begin` a file whose `append` returns when the bytes are stored for good, and ways to read. A
folder's file grows with every append. An object cannot grow: it is whole with its first append, and the next one
begins another. So a writer hands an object store many records at once, as `pages_a_write` and `seconds_a_write` say.

A file has its final name from the start. A name that changes at the end would be wrong in the rows that are
committed meanwhile, and a reader on another machine would have to look for either. Instead, a writer holds a lock on
the file that it writes in a folder. When it is killed its last record may be cut: no row ever names such a record,
`newsdesk archive verify` finds it and `--repair` removes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from newsdesk.archive.folder import Folder
from newsdesk.archive.object_store import ObjectStore


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

    def write_over(self, file: str, offset: int, data: bytes) -> None: ...

    def size(self, file: str) -> int | None:
        """Bytes; None: there is no such file."""
        ...

    def files(self) -> Iterator[tuple[str, int]]:
        """Every WARC file with its size, by name."""
        ...

    def open(self, file: str) -> BinaryIO: ...

    def being_written(self, file: str) -> bool: ...

    def reachable(self) -> bool:
        """It answers, and there is such a folder or bucket."""
        ...


def open_place(root: str | Path, options: Mapping[str, Any] | None = None) -> Place:
    """The archive at `root`. `options` are the object store's, as fsspec takes them.

    ConfigError where no such store is known, its package is not installed, or it refuses the options.
    """
    address = str(root)
    if address.startswith("file://"):
        address = address.removeprefix("file://")
    return ObjectStore(address, options or {}) if "://" in address else Folder(Path(address))
