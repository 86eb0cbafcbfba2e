"""Content codings (RFC 9110, 8.4), undone in steps so that no layer ever holds more than it was allowed.

Each coding is a generator over byte strings that gives at most STEP bytes at a time, whatever goes in; the layers
are stacked, and each counts what it gives. So a bomb (10 kB that unfold to 10 GB, in one layer or in three) costs
one step more than the limit.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any

import brotli
from backports import zstd

STEP = 1 << 16
MAX_LAYERS = 5  # as curl

ACCEPTED = "gzip, deflate, br, zstd"  # the value of Accept-Encoding: what `decode` can undo
_ZSTD_WINDOW_LOG = 23  # 8 MiB: the largest window that HTTP allows (RFC 9659)


class CodingError(Exception):
    """The body is not what its Content-Encoding says, or in a coding that we cannot undo."""


class Cut(CodingError):
    """The coded data end before their end."""


class TooLong(CodingError):
    """More than the limit came out."""


def decode(chunks: Iterator[bytes], content_encoding: str | None, limit: int) -> Iterator[bytes]:
    """The decoded body, in pieces. Raises CodingError, at the first piece over `limit` bytes TooLong."""
    codings = [name for name in _names(content_encoding) if name in _DECODERS or name in _UNKNOWN]
    if len(codings) > MAX_LAYERS:
        raise CodingError(f"{len(codings)} content codings, more than {MAX_LAYERS}")
    for name in reversed(codings):
        if name not in _DECODERS:
            raise CodingError(f"the body is in content coding {name}, which was not asked for")
        chunks = _limited(_DECODERS[name](chunks), limit)
    return chunks


def _names(content_encoding: str | None) -> list[str]:
    """Names in the order they were applied. What is no coding at all (identity, none, utf-8) is passed over."""
    return [name.strip().lower() for name in (content_encoding or "").split(",")]


def _limited(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > limit:
            raise TooLong(f"the body unfolds to more than {limit:,} bytes")
        yield chunk


def _gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """All members; what follows the last one is passed over. A body that is no gzip at all is given as it is:
    servers label plain pages so, and browsers show them."""
    start = _first_bytes(chunks, 2)
    if not start.startswith(b"\x1f\x8b"):
        yield start
        yield from chunks
        return
    while start.startswith(b"\x1f\x8b"):
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        yield from _inflate(member, start, chunks)
        start = member.unused_data
        if len(start) < 2:
            start += _first_bytes(chunks, 2 - len(start))
    _drain(chunks)


def _undeflate(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """zlib's format, as the RFC has it, or raw deflate, as some servers do."""
    start = _first_bytes(chunks, 2)
    if not start:
        return
    is_zlib = len(start) > 1 and start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0
    yield from _inflate(zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS), start, chunks)
    _drain(chunks)


def _inflate(stream: Any, data: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """What `stream` makes of `data` and then of `chunks`, until its end; the rest is in stream.unused_data."""
    while True:
        try:
            piece = stream.decompress(data, STEP)
        except zlib.error as error:
            raise CodingError(f"the compressed body is damaged: {error}") from error
        if piece:
            yield piece
        if stream.eof:
            return
        data = stream.unconsumed_tail
        if not data and len(piece) < STEP:
            data = next(chunks, b"")
            if not data:
                raise Cut("the compressed body ends before its end")


def _unbrotli(chunks: Iterator[bytes]) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    begun = False
    for chunk in chunks:
        begun = True
        while not stream.is_finished():
            try:
                piece = stream.process(chunk, output_buffer_limit=STEP)
            except brotli.error as error:
                raise CodingError(f"the br body is damaged: {error}") from error
            if piece:
                yield piece
            if stream.can_accept_more_data() and len(piece) < STEP:
                break
            chunk = b""
    if begun and not stream.is_finished():
        raise Cut("the br body ends before its end")


def _unzstd(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """All frames."""
    options = {int(zstd.DecompressionParameter.window_log_max): _ZSTD_WINDOW_LOG}
    data = _first_bytes(chunks, 1)
    while data:
        frame = zstd.ZstdDecompressor(options=options)
        while not frame.eof:
            try:
                piece = frame.decompress(data, max_length=STEP)
            except zstd.ZstdError as error:
                raise CodingError(f"the zstd body is damaged: {error}") from error
            if piece:
                yield piece
            data = b""
            if frame.needs_input and not frame.eof:
                data = next(chunks, b"")
                if not data:
                    raise Cut("the zstd body ends before its end")
        data = frame.unused_data or next(chunks, b"")


def _first_bytes(chunks: Iterator[bytes], count: int) -> bytes:
    """At least `count` bytes, or all there are."""
    start = b""
    while len(start) < count:
        more = next(chunks, b"")
        if not more:
            break
        start += more
    return start


def _drain(chunks: Iterator[bytes]) -> None:
    """Read on, so that the caller's check of the length sees the whole body."""
    for _ in chunks:
        pass


_DECODERS: dict[str, Callable[[Iterator[bytes]], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
_UNKNOWN = frozenset({"compress", "x-compress", "dcb", "dcz", "exi", "aes128gcm", "pack200-gzip"})
