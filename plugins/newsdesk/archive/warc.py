"""The archive: what was fetched, as WARC/1.1 files that any WARC tool reads.

One file for each writer, in a folder for each day; each record is a gzip member of its own, so it can be read
alone by its offset. A record is on the disk (fsync) before `write` returns, and a write that fails leaves the file
as it was before: what an `ArchivedAt` names can be read.

The body is stored decoded, so the HTTP headers that told of its coding and length are kept under `X-Archive-Orig-`
and Content-Length is that of the stored body, as archives of browser captures do it.
"""

from __future__ import annotations

import gzip
import os
import re
import secrets
import zlib
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any
from urllib.parse import urldefrag

from warcio.archiveiterator import ArchiveIterator
from warcio.recordbuilder import RecordBuilder
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newsdesk import __version__
from newsdesk.errors import ArchiveUnavailable, ConfigError, Quarantine
from newsdesk.model import ArchivedAt, Outcome, Response

_BUILDER = RecordBuilder(warc_version="WARC/1.1")
_REWRITTEN = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_ORIGINAL = "X-Archive-Orig-"
_TRUNCATED = {  # WARC/1.1, 5.13: why the stored body is not the whole one
    Outcome.TOO_LARGE: "length",
    Outcome.TIMEOUT: "time",
    Outcome.INCOMPLETE: "disconnect",
    Outcome.CONNECTION: "disconnect",
}


class _Head(StatusAndHeaders):  # type: ignore[misc]
    """HTTP headers written back byte for byte; warcio's own percent-encodes what is not ASCII."""

    def compute_headers_buffer(self, header_filter: Any = None) -> None:
        self.headers_buff = self.to_str(header_filter).encode("latin-1", "replace") + b"\r\n"


class ArchiveWriter:
    """Writes one WARC file under `root`, begun with the first record: `<day>/<prefix>-<UTC time>-<random>.warc.gz`.

    May be shared by threads. Raises ArchiveUnavailable where the disk does not take a record.
    """

    def __init__(self, root: str | Path, prefix: str) -> None:
        self._root = _folder(root)
        self._prefix = re.sub(r"[^A-Za-z0-9_.-]+", "_", prefix)
        self._file: Any = None
        self._path: Path | None = None
        self._end = 0  # bytes that are whole records
        self._turn = Lock()

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        with self._turn:
            if self._file is not None:
                self._file.close()
                self._file = None

    def write(self, response: Response) -> ArchivedAt:
        """Store one response, of whatever status. ValueError where no response came (its `status` is None)."""
        record = _response_record(response)
        with self._turn:
            try:
                path = self._path if self._path and self._file else self._begin()
                return self._append(path, record)
            except OSError as error:
                raise ArchiveUnavailable(
                    f"cannot write to {self._path or self._root}: {error.strerror or error}; "
                    f"make room there or point NEWSDESK_ARCHIVE to another folder"
                ) from error

    def _begin(self) -> Path:
        now = datetime.now(UTC)
        folder = self._root / f"{now:%Y-%m-%d}"
        folder.mkdir(parents=True, exist_ok=True)
        self._path = path = folder / f"{self._prefix}-{now:%Y%m%d%H%M%S}-{secrets.token_hex(4)}.warc.gz"
        self._file = self._path.open("xb", buffering=0)
        self._end = 0
        try:
            _sync_folder(folder)
            self._append(path, _info_record(path.name))
        except OSError:
            self._file.close()
            self._file = None
            path.unlink(missing_ok=True)
            raise
        return path

    def _append(self, path: Path, record: bytes) -> ArchivedAt:
        try:
            rest = memoryview(record)
            while rest:
                rest = rest[self._file.write(rest) :]
            os.fsync(self._file.fileno())
        except OSError:
            self._file.truncate(self._end)
            self._file.seek(self._end)
            raise
        at = ArchivedAt(path.relative_to(self._root).as_posix(), self._end, len(record))
        self._end += len(record)
        return at


def read(root: str | Path, at: ArchivedAt) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """HTTP headers and body of one stored response.

    Quarantine where the file is gone or the record in it is damaged: one page's fault, the rest can be read.
    ArchiveUnavailable where the archive itself is away, or the file cannot be read now.
    """
    folder = _folder(root).resolve()
    path = (folder / at.file).resolve()
    if not path.is_relative_to(folder):
        raise Quarantine(f"{at.file} is not in the archive {folder}")
    try:
        with path.open("rb") as file:
            file.seek(at.offset)
            member = file.read(at.length)
    except (FileNotFoundError, NotADirectoryError) as error:
        if not folder.is_dir():
            raise ArchiveUnavailable(
                f"the archive {folder} is not there; bring the folder back or set NEWSDESK_ARCHIVE to where it is"
            ) from error
        raise Quarantine(f"{at.file} is missing from the archive {folder}; bring the file back") from error
    except OSError as error:
        raise ArchiveUnavailable(
            f"cannot read {path}: {error.strerror or error}; make it readable or set NEWSDESK_ARCHIVE to where it is"
        ) from error
    try:
        # The whole member with its checksum, first: warcio takes a cut record for a short one.
        record = next(iter(ArchiveIterator(BytesIO(gzip.decompress(member)))))
        if record.rec_type != "response" or record.http_headers is None:
            raise ValueError(f"it is a {record.rec_type} record, not a response")
        return tuple(record.http_headers.headers), record.content_stream().read()
    except (OSError, EOFError, zlib.error, StopIteration, ValueError) as error:
        reason = str(error) or "it is empty"
        raise Quarantine(f"no whole record at {path}, bytes {at.offset}+{at.length}: {reason}") from error


def _folder(root: str | Path) -> Path:
    if "://" in str(root):
        raise ConfigError(f"NEWSDESK_ARCHIVE={root}: only folders are written to yet; give a path")
    return Path(root)


def _response_record(response: Response) -> bytes:
    if response.status is None:
        raise ValueError(f"no response of {response.final_url} to store: {response.reason}")
    headers = [(_ORIGINAL + name if name.lower() in _REWRITTEN else name, value) for name, value in response.headers]
    headers.append(("Content-Length", str(len(response.body))))
    warc_headers = {"WARC-Date": _warc_date(response.fetched_at)}
    if response.redirects:
        warc_headers["X-Newsdesk-Requested-URI"] = response.url
    if response.outcome in _TRUNCATED:
        warc_headers["WARC-Truncated"] = _TRUNCATED[response.outcome]
    record = _BUILDER.create_warc_record(
        urldefrag(response.final_url).url,
        "response",
        payload=BytesIO(response.body),
        length=len(response.body),
        http_headers=_Head(_status_line(response.status), headers, protocol="HTTP/1.1"),
        warc_headers_dict=warc_headers,
    )
    return _member(record)


def _info_record(name: str) -> bytes:
    about = {
        "software": f"newsdesk/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": "news pages; bodies are stored with their transfer and content codings undone",
    }
    return _member(_BUILDER.create_warcinfo_record(name, about))


def _member(record: Any) -> bytes:
    """The record as one gzip member. (warcio's own compresses at level 9: twice the time for 1% less.)"""
    plain = BytesIO()
    WARCWriter(plain, gzip=False, warc_version="WARC/1.1").write_record(record)
    return gzip.compress(plain.getvalue(), compresslevel=6, mtime=0)


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"


def _warc_date(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _sync_folder(folder: Path) -> None:
    """A new file is on the disk only when its folder's entry is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
