"""The HTTP response in a WARC record's block, read leniently: status, headers, body with its chunks undone.

Archives differ in what they keep: some store the chunks as they came, some the joined body under the old headers.
So a body that is labelled as chunked and is not is taken as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from newsdesk.model import header_of

_STATUS = re.compile(rb"(?:HTTP|http)/\d(?:\.\d)?[ \t]+(\d{3})(?![0-9])")
_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\n]*)?\r?")
_MAX_SIZE_LINE = 1_000


@dataclass(frozen=True, slots=True)
class HttpBlock:
    """A response as archived: transfer coding undone, content coding not."""

    status: int
    headers: tuple[tuple[str, str], ...]  # Latin-1, as http.client gives them
    body: bytes
    cut: str | None = None  # why the body is not whole

    def header(self, name: str) -> str | None:
        """As `model.header_of`."""
        return header_of(self.headers, name)


def read_http(block: bytes) -> HttpBlock | None:
    """None where the block is no HTTP response."""
    match = _STATUS.match(block)
    if match is None:
        return None
    head, body = _split(block)
    headers: list[tuple[str, str]] = []
    for line in head.split(b"\n")[1:]:
        text = line.rstrip(b"\r").decode("latin-1")
        if text[:1] in (" ", "\t") and headers:
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {text.strip()}")
            continue
        name, colon, value = text.partition(":")
        if colon and name.strip():
            headers.append((name.strip(), value.strip()))
    response = HttpBlock(int(match[1]), tuple(headers), body)
    if "chunked" in (response.header("Transfer-Encoding") or "").lower():
        joined, cut = join_chunks(body)
        return replace(response, body=joined, cut=cut)
    return replace(response, cut=_short_of_its_length(response))


def join_chunks(body: bytes) -> tuple[bytes, str | None]:
    """The body without the lines of its chunks (RFC 9112, 7.1), and why it is not whole, if so."""
    pieces: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\n", at, at + _MAX_SIZE_LINE)
        size = _SIZE.fullmatch(body, at, end) if end >= 0 else None
        if size is None:
            if not pieces:
                return body, None  # the label is wrong, or was left from before the chunks were joined
            return b"".join(pieces), "its chunks end before the last one"
        length = int(size[1], 16)
        if length == 0:
            return b"".join(pieces), None
        at = end + 1 + length
        following = body[at : at + 2]
        if not pieces and at < len(body) and not following.startswith((b"\r\n", b"\n")):
            return body, None  # a text that begins with a number
        pieces.append(body[end + 1 : at])
        if at > len(body):
            return b"".join(pieces), "its chunks end before the last one"
        at += 2 if following == b"\r\n" else 1


def _split(block: bytes) -> tuple[bytes, bytes]:
    """Head and body, at the first empty line."""
    found = re.search(rb"\r?\n\r?\n", block)
    return (block[: found.start()], block[found.end() :]) if found else (block.rstrip(b"\r\n"), b"")


def _short_of_its_length(response: HttpBlock) -> str | None:
    """Where a coding is named, the length may be that of the coded body though the archive keeps the plain one."""
    length = response.header("Content-Length")
    if length is None or response.header("Content-Encoding") or not (length.isascii() and length.isdigit()):
        return None
    if len(length) < 19 and int(length) > len(response.body):
        return f"{len(response.body):,} of its {int(length):,} bytes are there"
    return None
