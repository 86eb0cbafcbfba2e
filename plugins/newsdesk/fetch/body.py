"""The body of one response: how it is framed, how much of it is taken, and whether it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

from newsdesk.fetch.coding import TooLong, decode
from newsdesk.fetch.faults import NETWORK_ERRORS, Ended
from newsdesk.model import Outcome

CHUNK = 1 << 16
LOOK_BYTES = 1024  # of a body's beginning, to be looked at
MAX_EVIDENCE = 256 * 1024  # of an error page: enough to tell a bot check from a plain 403


Look = Callable[[bytes], None]


def read_body(raw: Any, max_bytes: int, until: float, look: Look | None = None, *, truncate: bool = False) -> bytes:
    """The whole decoded body of a urllib3 response, or Ended, or one of NETWORK_ERRORS.

    `max_bytes` bounds the bytes on the wire and after each layer of decoding; `until` is on the monotonic clock.
    `look` is shown the first LOOK_BYTES once; what it raises ends the reading. `truncate`: of a larger body the
    beginning, `max_bytes` but for a CHUNK at most, instead of TooLong.
    """
    _refuse_framing(raw)
    length = _content_length(raw)
    if length is not None and length > max_bytes and not truncate:
        raise TooLong(f"the body is larger than {max_bytes:,} bytes: its Content-Length is {length:,}")
    pieces = decode(_wire(raw, max_bytes, until), raw.headers.get("Content-Encoding"), max_bytes)
    body = bytearray()
    try:
        for piece in pieces:
            body += piece
            if monotonic() > until:  # a slow decoder is no reading, so no socket would notice
                raise TimeoutError("timed out")
            if look is not None and len(body) >= LOOK_BYTES:
                look(bytes(body[:LOOK_BYTES]))
                look = None
    except TooLong:
        if not truncate:
            raise
    if look is not None:
        look(bytes(body))
    return bytes(body)


def unfold(body: bytes, max_bytes: int) -> bytes:
    """A page that is a gzip file though nothing says so, unpacked (once); any other body as it is."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    return b"".join(decode(iter([body]), "gzip", max_bytes))


def read_evidence(raw: Any, max_bytes: int, until: float) -> bytes:
    """The body of an answer that is no page, if it is short and whole; else nothing. Raises nothing of the network's.

    It leaves the connection ready for the next request, where that costs little.
    """
    try:
        return read_body(raw, min(max_bytes, MAX_EVIDENCE), until)
    except (Ended, *NETWORK_ERRORS):
        return b""


def _wire(raw: Any, max_bytes: int, until: float) -> Iterator[bytes]:
    total = 0
    while chunk := raw.read(CHUNK, decode_content=False):
        total += len(chunk)
        if total > max_bytes:
            raise TooLong(f"the body is larger than {max_bytes:,} bytes")
        if monotonic() > until:
            raise TimeoutError("timed out")
        yield chunk


def _refuse_framing(raw: Any) -> None:
    """A transfer coding that we cannot undo would be stored as text (RFC 9112, 6.1)."""
    transfer = raw.headers.get("Transfer-Encoding")
    if transfer is not None and transfer.strip().lower() not in ("chunked", "identity"):
        raise Ended(Outcome.PROTOCOL, f"the body is in transfer coding {transfer[:60]!r}, which cannot be undone")


def _content_length(raw: Any) -> int | None:
    """None where there is none, and where chunks tell the end. Several values are urllib3's to refuse."""
    value = raw.headers.get("Content-Length")
    if value is None or raw.headers.get("Transfer-Encoding") is not None:
        return None
    numbers = {part.strip() for part in value.split(",")}
    number = numbers.pop()
    if numbers or not (number.isascii() and number.isdigit() and len(number) < 20):
        raise Ended(Outcome.PROTOCOL, f"Content-Length is {value[:60]!r}")
    return int(number)
