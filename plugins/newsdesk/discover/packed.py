"""Feeds and sitemaps that come as gzip files, whatever their name or label says."""

from __future__ import annotations

import zlib

_GZIP = b"\x1f\x8b"
_STEP = 4_096  # small: what stands before a break is kept, and a file of a million members costs no million copies
_LAYERS = 2  # a .gz that the server has packed once more


def unpack(body: bytes, limit: int) -> tuple[bytes, bool]:
    """The plain bytes, at most `limit` of them, and whether there were more.

    gzip is known by its magic number. Members follow one another; what is cut or broken gives what came before.
    """
    for _ in range(_LAYERS):
        if not body.startswith(_GZIP):
            break
        body = _gunzip(body, limit + 1)
    return body[:limit], len(body) > limit


def _gunzip(body: bytes, limit: int) -> bytes:
    parts: list[bytes] = []
    room = limit
    at = 0
    while room > 0 and body.startswith(_GZIP, at):
        member = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        try:
            while room > 0 and at < len(body) and not member.eof:
                parts.append(member.decompress(body[at : at + _STEP], room))
                at += _STEP
                room -= len(parts[-1])
        except zlib.error:
            break
        at = min(at, len(body)) - len(member.unused_data)
    return b"".join(parts)
