"""The archive: what was fetched, as WARC/1.1 files that any WARC tool reads.

Each writer has files of its own, in a folder for each day (UTC); it begins another when the day ends or a file has
reached its size. Each record is a gzip member of its own, so it can be read alone by its offset. Records are stored
for good (fsync, or the object store's answer) before a write returns, and a write that fails leaves the file as it
was before: what an `ArchivedAt` names can be read.
"""

from __future__ import annotations

import gzip
import re
import secrets
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from newsdesk.archive.places import Growing, open_place
from newsdesk.archive.records import info_record
from newsdesk.errors import ArchiveUnavailable, Quarantine
from newsdesk.model import ArchivedAt

FILE_BYTES = 1_000_000_000  # what web archives commonly rotate at


class ArchiveWriter:
    """Writes WARC files under `root`, begun with the first record: `<day>/<prefix>-<UTC time>-<random>.warc.gz`.

    `root` is a folder or an object store's address, `options` are the store's. A file of `file_bytes` or more gets no
    further records. May be shared by threads. Raises ArchiveUnavailable where records cannot be stored.
    """

    def __init__(
        self, root: str | Path, prefix: str, *, options: Mapping[str, Any] | None = None, file_bytes: int = FILE_BYTES
    ) -> None:
        self.place = open_place(root, options)
        self._prefix = re.sub(r"[^A-Za-z0-9_.-]+", "_", prefix)
        self._file_bytes = file_bytes
        self._name = ""
        self._growing: Growing | None = None
        self._known_sizes: dict[str, int] = {}
        self._turn = Lock()

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        with self._turn:
            self._end_file()

    def write_all(self, records: Sequence[bytes]) -> list[ArchivedAt]:
        """Store records (of `archive.records`), all of them or, where this raises, none. Returns their places.

        With one fsync, or as one object: where there are many records, give many at once.
        """
        if not records:
            return []
        with self._turn:
            try:
                return self._append(records)
            except OSError as error:
                raise ArchiveUnavailable(
                    f"cannot write to {self.place}: {error.strerror or error}; "
                    f"make room there or point NEWSDESK_ARCHIVE to another place"
                ) from error

    def holds(self, at: ArchivedAt) -> bool:
        """The file is there and long enough. ArchiveUnavailable where the archive is away."""
        with self._turn:
            if self._known_sizes.get(at.file, 0) < at.offset + at.length:
                self._known_sizes[at.file] = self.place.size(at.file) or 0
            return self._known_sizes[at.file] >= at.offset + at.length

    def _append(self, records: Sequence[bytes]) -> list[ArchivedAt]:
        growing = self._file_for(datetime.now(UTC))
        first = info_record(self._name.rpartition("/")[2]) if growing.size == 0 else b""
        end = growing.size + len(first)
        try:
            growing.append(b"".join([first, *records]))
        except BaseException:
            if growing.size == 0:
                self._end_file()  # which leaves no empty file
            raise
        places = []
        for record in records:
            places.append(ArchivedAt(self._name, end, len(record)))
            end += len(record)
        return places

    def _file_for(self, now: datetime) -> Growing:
        day = f"{now:%Y-%m-%d}"
        growing = self._growing
        if growing is not None and (growing.full or growing.size >= self._file_bytes or not self._name.startswith(day)):
            self._end_file()
            growing = None
        if growing is None:
            self._name = f"{day}/{self._prefix}-{now:%Y%m%d%H%M%S}-{secrets.token_hex(4)}.warc.gz"
            growing = self._growing = self.place.begin(self._name)
        return growing

    def _end_file(self) -> None:
        if self._growing is not None:
            self._growing.close()
            self._growing = None


def read(
    root: str | Path, at: ArchivedAt, options: Mapping[str, Any] | None = None
) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """HTTP headers and body of one stored response.

    Quarantine where the file is gone or the record in it is damaged: one page's fault, the rest can be read.
    ArchiveUnavailable where the archive itself is away, or the file cannot be read now.
    """
    member = open_place(root, options).get(at.file, at.offset, at.length)
    try:
        # The whole member with its checksum, first: warcio takes a cut record for a short one.
        record = next(iter(ArchiveIterator(BytesIO(gzip.decompress(member)))))
        if record.rec_type != "response" or record.http_headers is None:
            raise ValueError(f"it is a {record.rec_type} record, not a response")
        return tuple(record.http_headers.headers), record.content_stream().read()
    except (OSError, EOFError, zlib.error, StopIteration, ValueError) as error:
        reason = str(error) or "it is empty"
        raise Quarantine(
            f"no whole record in {at.file} of the archive {root}, bytes {at.offset}+{at.length}: {reason}"
        ) from error
