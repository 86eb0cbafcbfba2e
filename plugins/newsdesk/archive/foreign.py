"""Reading WARC files that others made: every record that can be read, and a word on each that cannot.

Taken in: WARC/0.17 to 1.1; plain, one gzip member a record, or the whole file as one gzip stream; LF for CRLF,
missing or surplus empty lines, folded and non-UTF-8 headers. A record that is damaged (a cut tail, a bad checksum,
a length that leads nowhere) costs itself: reading goes on at the next place where a record begins.

What is held in memory is bounded by `max_block`, whatever lengths a record claims. Reading can begin again at any
record's `Position`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from newsdesk.archive.foreign_bytes import Damaged, PlainBytes, Position, Unpacking
from newsdesk.model import header_of

__all__ = ["ForeignRecord", "Position", "read_records"]

MAX_HEADER = 1 << 16  # bytes of one record's WARC headers
# Plain bytes that may be unpacked a second time in all, to look for records that a wrong length swallowed. Only in a
# file that is one gzip stream does going back cost more than the record itself.
MAX_AGAIN = 1 << 32

_VERSION = re.compile(rb"WARC/[01]\.\d+\s*")


@dataclass(frozen=True, slots=True)
class ForeignRecord:
    """One record. `damage`: why it cannot be used; then the rest is empty."""

    position: Position
    after: Position  # where to read on
    kind: str = ""  # WARC-Type in lower case
    headers: tuple[tuple[str, str], ...] = ()
    block: bytes | None = None  # None: of no response, or `length` is more than the limit
    length: int = 0
    damage: str | None = None

    def header(self, name: str) -> str | None:
        """As `model.header_of`."""
        return header_of(self.headers, name)


def read_records(file: BinaryIO, start: Position | None = None, *, max_block: int) -> Iterator[ForeignRecord]:
    """All records from `start` on, with the blocks of responses up to `max_block` bytes. `file` can seek. OSError only."""
    source = PlainBytes(file, start or Position())
    again = 0
    while True:
        position = source.position()
        try:
            source.skip_blank()
            if source.at_end():
                return
            position = source.position()
            record = _read_record(source, position, max_block)
        except Unpacking as damage:
            source.next_member()
            yield ForeignRecord(position, source.position(), damage=str(damage))
        except Damaged as damage:
            again += position.inside
            if again <= MAX_AGAIN:
                source.go_to(position)
            source.skip_to_record(beyond=position)
            yield ForeignRecord(position, source.position(), damage=str(damage))
        else:
            yield record


def _read_record(source: PlainBytes, position: Position, max_block: int) -> ForeignRecord:
    version = source.line(MAX_HEADER)
    if not _VERSION.fullmatch(version):
        raise Damaged(f"no WARC record begins here: {version[:40]!r}")
    headers = tuple(_read_headers(source))
    values = {name.lower(): value for name, value in reversed(headers)}  # of two, the first counts
    declared = values.get("content-length", "")
    if not (declared.isascii() and declared.isdigit() and len(declared) < 19):
        raise Damaged(f"its Content-Length is {declared[:40]!r}" if declared else "it has no Content-Length")
    kind, length = values.get("warc-type", "").lower(), int(declared)
    block: bytes | None = None
    if kind == "response" and length <= max_block:
        block = source.read(length)
    else:
        source.skip(length)
    member = source.position().member
    try:
        if not (source.skip_blank() or source.at_end() or source.begins_record()):
            raise Damaged(f"its Content-Length, {length:,}, does not lead to its end")
    except Unpacking:
        if source.position().member == member:
            raise
        source.go_to(source.position())  # what cannot be unpacked is what follows: the next record's affair
    return ForeignRecord(position, source.position(), kind, headers, block, length)


def _read_headers(source: PlainBytes) -> Iterator[tuple[str, str]]:
    lines: list[str] = []
    room = MAX_HEADER
    while True:
        raw = source.line(room)
        room -= len(raw)
        if not raw.endswith(b"\n"):
            raise Damaged("its headers are cut short" if room > 0 else f"more than {MAX_HEADER:,} bytes of headers")
        if not (text := raw.rstrip(b"\r\n")):
            break
        try:
            line = text.decode("utf-8")
        except UnicodeDecodeError:
            line = text.decode("latin-1")
        if line[0] in " \t" and lines:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip(), value.strip()
