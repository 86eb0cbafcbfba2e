"""The plain bytes of a foreign WARC file, each with its position, whatever the file is packed in.

Plain; a gzip member a record; one gzip stream; gzip in blocks. What cannot be unpacked costs the member that it is in.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import BinaryIO

CHUNK = 1 << 16  # packed bytes read at once
STEP = 1 << 18  # plain bytes made at once

_MAGIC = b"\x1f\x8b\x08"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Where a record begins. In a plain file `inside` is 0."""

    member: int = 0  # offset in the file: of the gzip member, or of the record itself
    inside: int = 0  # plain bytes of the member before it


class Damaged(Exception):
    """The record at hand cannot be read; its text says why."""


class Unpacking(Damaged):
    """The gzip member at hand cannot be unpacked any further."""


class PlainBytes:
    """The file's plain bytes, whatever it is packed in, each with its position.

    The buffer holds bytes of one gzip member only. A record may run over into the next member (files packed in
    blocks), unless that one begins with a record of its own.
    """

    def __init__(self, file: BinaryIO, start: Position) -> None:
        self._file = file
        self._size = file.seek(0, 2)
        file.seek(0)
        self._packed = file.read(2) == _MAGIC[:2]
        self.go_to(start)

    def go_to(self, position: Position) -> None:
        """Where it is beyond the member's end, to that end. Unpacking where the way there is damaged."""
        self._open(position.member)
        left = position.inside
        while left and (piece := self._piece(left)):
            left -= len(piece)

    def position(self) -> Position:
        """Of the next byte."""
        if not self._packed:
            return Position(self._member + self._inside)
        return Position(self._member, self._inside)

    def at_end(self) -> bool:
        return not self._ready()

    def begins_record(self) -> bool:
        return self._ready() and self._starts_with(b"WARC/")

    def line(self, limit: int) -> bytes:
        """Up to the next LF, at most `limit` bytes; without LF where the bytes end first."""
        pieces: list[bytes] = []
        while limit > 0 and self._ready() and not (pieces and self._new_member()):
            end = self._buffer.find(b"\n", self._at)
            piece = self._piece(min(limit, end + 1 - self._at if end >= 0 else len(self._buffer) - self._at))
            pieces.append(piece)
            limit -= len(piece)
            if end >= 0 and piece.endswith(b"\n"):
                break
        return b"".join(pieces)

    def read(self, length: int) -> bytes:
        """So many bytes. Damaged where there are fewer before the file's end or the next member's record."""
        pieces: list[bytes] = []
        left = length
        while left and self._ready() and not self._new_member():
            pieces.append(self._piece(left))
            left -= len(pieces[-1])
        self._require_whole(length, left)
        return b"".join(pieces)

    def skip(self, length: int) -> None:
        """As `read`, and held in no memory."""
        left = length
        if not self._packed:
            here = self._member + self._inside
            self._require_whole(length, max(0, here + length - self._size))
            self._open(here + length)
            return
        while left and self._ready() and not self._new_member():
            left -= len(self._piece(left))
        self._require_whole(length, left)

    def skip_blank(self) -> int:
        """Pass over the empty lines between two records; how many bytes that was. It sees a member's checksum."""
        count = 0
        while self._ready() and self._buffer[self._at] in b"\r\n":
            count += len(self._piece(1))
        return count

    def skip_to_record(self, beyond: Position) -> None:
        """To the next line that begins a record, after `beyond`, or to the end."""
        line_start = True
        while True:
            try:
                if not self._ready():
                    return
                if (line_start or not self._inside) and self.position() > beyond and self._starts_with(b"WARC/"):
                    return
                line_start = self.line(STEP).endswith(b"\n")
            except Unpacking:
                self.next_member()
                line_start = True

    def next_member(self) -> None:
        """To the next gzip member that begins with a record, or to the end."""
        position = self._member + 1
        tail = b""
        self._file.seek(position)
        while chunk := self._file.read(1 << 20):
            window = tail + chunk
            base = position - len(tail)
            found = window.find(_MAGIC)
            while found >= 0:
                if self._is_record(base + found):
                    return
                found = window.find(_MAGIC, found + 1)
            position += len(chunk)
            tail = window[-2:]
            self._file.seek(position)
        self._open(self._size)

    def _is_record(self, offset: int) -> bool:
        self._open(offset)
        try:
            return self._ready() and self._member == offset and self._starts_with(b"WARC/")
        except Unpacking:
            return False

    def _require_whole(self, length: int, left: int) -> None:
        if left:
            raise Damaged(f"its Content-Length says {length:,} bytes, {length - left:,} are there")

    def _new_member(self) -> bool:
        """A record of its own begins here with a gzip member: what came before it ends."""
        return self._packed and not self._inside and self._starts_with(b"WARC/")

    def _starts_with(self, text: bytes) -> bool:
        while len(self._buffer) - self._at < len(text) and self._fill():
            pass
        return self._buffer.startswith(text, self._at)

    def _piece(self, most: int) -> bytes:
        """The next plain bytes, at most so many, of one member; empty only at the end."""
        if not self._ready():
            return b""
        piece = self._buffer[self._at : self._at + most]
        self._at += len(piece)
        self._inside += len(piece)
        return piece

    def _ready(self) -> bool:
        """Make sure that the buffer has a byte; False at the end of the file."""
        while self._at >= len(self._buffer):
            if self._fill():
                continue
            if not self._packed or not self._following():
                return False
        return True

    def _open(self, offset: int) -> None:
        self._member, self._inside = offset, 0
        self._buffer, self._at = b"", 0
        self._raw, self._raw_at = b"", offset
        self._file.seek(offset)
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16) if self._packed else None

    def _following(self) -> bool:
        """On to the gzip member after this one; False where there is none. Zeros between them are padding."""
        if self._stream is not None and not self._stream.eof:
            return False
        while True:
            rest = self._raw.lstrip(b"\x00")
            self._raw_at += len(self._raw) - len(rest)
            self._raw = rest
            if rest:
                break
            if not self._more():
                self._member, self._inside, self._stream = self._raw_at, 0, None
                return False
        raw, raw_at = self._raw, self._raw_at
        self._open(raw_at)
        self._file.seek(raw_at + len(raw))
        self._raw = raw
        return True

    def _more(self) -> bool:
        more = self._file.read(CHUNK)
        self._raw += more
        return bool(more)

    def _fill(self) -> bool:
        """More plain bytes of the member into the buffer; False at its end."""
        if not self._packed:
            more = self._file.read(STEP)
            self._buffer, self._at = self._buffer[self._at :] + more, 0
            return bool(more)
        while self._stream is not None and not self._stream.eof:
            if not self._raw and not self._more():
                if self._raw_at <= self._member:
                    self._stream = None  # nothing at all: the file ends here
                    return False
                raise Unpacking("the file ends in the middle of it")
            try:
                piece = self._stream.decompress(self._raw, STEP)
            except zlib.error as error:
                raise Unpacking(f"its gzip member is damaged: {error}") from None
            rest = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            self._raw_at += len(self._raw) - len(rest)
            self._raw = rest
            if piece:
                self._buffer, self._at = self._buffer[self._at :] + piece, 0
                return True
        return False
