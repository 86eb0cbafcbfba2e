"""A scene is a URL with what is sent for it and what a visit must end in; a host is a port with its scenes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from hostile_newsroom.texts import page
from newsdesk.model import Outcome

MAX_BYTES = 6_000_000  # the limit that scenes of size are made for
DEADLINE = 2.0  # seconds, likewise for scenes of time
HANG = 3 * DEADLINE  # how long a scene that never ends goes on, in case nobody hangs up

Answer = bytes | Iterable[bytes]


class Addresses(Protocol):
    """What a scene may ask of the newsroom that it is in."""

    def url(self, host: str, path: str) -> str: ...

    def feed(self, name: str) -> str: ...

    def sitemap(self, name: str) -> str: ...


Play = Callable[[Addresses], Answer]


class Reset(Exception):
    """Raised by a scene: close the connection with RST."""


@dataclass(frozen=True)
class Scene:
    """`outcome` of the first visit, `again` of a later one. `asks`: how often a visit may ask for it."""

    path: str
    outcome: Outcome
    play: Play | None = None  # None: never asked for
    asks: int = 1
    again: Outcome | None = None  # None: as the first


@dataclass(frozen=True)
class Host:
    name: str
    scenes: tuple[Scene, ...] = ()
    robots: Answer | None = None  # None: 404
    endpoint: str = "feed: /feed.xml"
    pages: dict[str, Play] = field(default_factory=dict)  # what no feed names: targets of redirects, sitemaps


def reply(
    body: bytes | str, *headers: str, status: str = "200 OK", length: int | None = -1, kind: str | None = "text/html; charset=utf-8"
) -> bytes:  # fmt: skip
    """A response as bytes; `length` -1: the right Content-Length, None: no such header."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", *headers, "Connection: close"]
    if kind:
        lines.append(f"Content-Type: {kind}")
    if length is not None:
        lines.append(f"Content-Length: {len(raw) if length == -1 else length}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + raw


def moved(location: str, status: str = "301 Moved Permanently") -> bytes:
    return reply(b"", f"Location: {location}", status=status)


def article(path: str, answer: Callable[[str], Answer] | None = None, *, asks: int = 1) -> Scene:
    """An article, sent by `answer` where not as any other."""
    sent = answer or reply
    return Scene(path, Outcome.PUBLISHED, lambda newsroom: sent(page(path)), asks, Outcome.UNCHANGED)


def ends(path: str, outcome: Outcome, answer: Answer | Callable[[], Answer], *, asks: int = 1) -> Scene:
    """A URL that leads to no article."""
    return Scene(path, outcome, lambda newsroom: answer() if callable(answer) else answer, asks)


def never_asked(path: str, outcome: Outcome) -> Scene:
    return Scene(path, outcome, asks=0)


def in_chunks(text: str) -> bytes:
    raw = text.encode()
    body = b"".join(b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in (raw[:700], raw[700:])) + b"0\r\nX-T: 1\r\n\r\n"
    return reply(body, "Transfer-Encoding: chunked", length=None)


def trickle(head: bytes, drop: bytes, pause: float = 0.2) -> Iterator[bytes]:
    yield head
    until = time.monotonic() + HANG
    while time.monotonic() < until:
        time.sleep(pause)
        yield drop


def silence() -> Iterator[bytes]:
    time.sleep(HANG)
    yield b""


def endless() -> Iterator[bytes]:
    yield reply(b"", length=None)
    for _ in range(10 * MAX_BYTES // 65_536):
        yield b"<p>more</p>" * 5_957


def reset_in_mid_body() -> Iterator[bytes]:
    yield reply(page("/reset")[:500], length=9_000)
    time.sleep(0.1)
    raise Reset
