"""A strict reading of WARC files: every record that is whole, and every fault, in the order of the file.

Common readers take what they can get: a record cut at the end of a file, or one without its last four bytes, passes
as whole. Here a record counts only with all of it (see `strict_record`), and in a gzip file only when its member ends
with the right checksum and length (RFC 1952). After a fault the reading goes on at the next record that can be found.
Memory does not grow with file or record, but for the set of record ids.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from newsdesk.archive.strict_record import CHUNK, MOST_HEADER, VERSION, Broken, Fault, Kind, Record, read_record

__all__ = ["Fault", "Kind", "Record", "read_strictly"]

_GZIP = b"\x1f\x8b\x08"


def read_strictly(file: BinaryIO, ids: set[str] | None = None) -> Iterator[Record | Fault]:
    """Records and faults of one file, gzip or not. `file` must be seekable, at its beginning.

    `ids`: record ids seen in other files, to which this one's are added; None: ids are compared within the file only.
    """
    ids = set() if ids is None else ids
    begin = file.read(5)
    if not begin:
        yield Fault(Kind.CUT, 0, "the file is empty")
    elif begin.startswith(_GZIP):
        yield from _read_members(file, 0, ids)
    elif begin != b"WARC/" and (found := _find(file, 1, _GZIP, _begins_record)) is not None:
        yield Fault(Kind.NOT_WARC, 0, f"not the beginning of a gzip member: {begin!r}")
        yield from _read_members(file, found, ids)
    else:
        yield from _read_plain(file, ids)


def _read_members(file: BinaryIO, start: int, ids: set[str]) -> Iterator[Record | Fault]:
    offset: int | None = start
    rest = b""
    file.seek(start)
    while offset is not None:
        member = _Member(file, rest)
        if member.is_end_of_file():
            return
        faults: list[Fault] = []
        held: Record | None = None  # whole only once the member goes on with a record, or ends well
        count = 0
        try:
            source = io.BufferedReader(member, CHUNK)
            while line := source.readline(MOST_HEADER):
                if held and VERSION.fullmatch(line):
                    yield held
                held = None
                held = read_record(source, line, offset, faults, ids)
                count += 1
            if count == 0:
                raise Broken(Kind.NOT_WARC, "an empty gzip member")
        except Broken as broken:
            yield from faults
            yield Fault(broken.kind, offset, str(broken))
            offset, rest = _find(file, offset + 1, _GZIP, _begins_record), b""
            file.seek(offset or 0)
            continue
        end = file.tell() - len(member.rest)
        if held:
            yield replace(held, length=end - offset if count == 1 else 0)
        yield from faults
        if count > 1:
            what = f"{count} records in one gzip member: none of them can be read alone"
            yield Fault(Kind.NOT_SEEKABLE, offset, what)
        offset, rest = end, member.rest


def _read_plain(file: BinaryIO, ids: set[str]) -> Iterator[Record | Fault]:
    offset: int | None = 0
    while offset is not None:
        file.seek(offset)
        line = file.readline(MOST_HEADER)
        if not line:
            return
        faults: list[Fault] = []
        try:
            record = read_record(file, line, offset, faults, ids)
        except Broken as broken:
            yield Fault(broken.kind, offset, str(broken))
            offset = _find(file, offset + 1, b"WARC/1.", _is_first_line)
            continue
        end = file.tell()
        yield replace(record, length=end - offset)
        yield from faults
        offset = end


class _Member(io.RawIOBase):
    """One gzip member as a stream of its plain bytes. It ends only where its checksum and length are right, else Broken."""

    def __init__(self, file: BinaryIO, rest: bytes) -> None:
        super().__init__()
        self._file = file
        self._raw = rest  # read from the file, not inflated yet
        self._plain = b""
        self._inflate = zlib.decompressobj(wbits=31)
        self.rest = b""  # once at the end: what was read beyond it

    def is_end_of_file(self) -> bool:
        self._raw = self._raw or self._file.read(CHUNK)
        return not self._raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._plain and not self._inflate.eof:
            raw, self._raw = self._raw or self._file.read(CHUNK), b""
            if not raw:
                raise Broken(Kind.CUT, "the file ends within a gzip member")
            try:
                self._plain = self._inflate.decompress(raw)
            except zlib.error as error:
                what = str(error).rpartition(": ")[2]
                kind = Kind.NOT_WARC if "header" in what else Kind.CHECKSUM
                raise Broken(kind, f"no sound gzip member: {what}") from None
            self.rest = self._inflate.unused_data
        size = min(len(buffer), len(self._plain))
        buffer[:size] = self._plain[:size]
        self._plain = self._plain[size:]
        return size


def _find(file: BinaryIO, start: int, sign: bytes, is_one: Callable[[BinaryIO, int], bool]) -> int | None:
    """Where `sign` stands next, from `start` on, and `is_one` agrees."""
    kept = b""
    while True:
        file.seek(start + len(kept))
        data = file.read(CHUNK)
        if not data:
            return None
        kept += data
        at = kept.find(sign)
        while at >= 0:
            if is_one(file, start + at):
                return start + at
            at = kept.find(sign, at + 1)
        start += max(0, len(kept) - (len(sign) - 1))
        kept = kept[max(0, len(kept) - (len(sign) - 1)) :]


def _begins_record(file: BinaryIO, offset: int) -> bool:
    file.seek(offset)
    try:
        return zlib.decompressobj(wbits=31).decompress(file.read(4096), 5) == b"WARC/"
    except zlib.error:
        return False


def _is_first_line(file: BinaryIO, offset: int) -> bool:
    file.seek(offset)
    return bool(VERSION.fullmatch(file.readline(MOST_HEADER)))
