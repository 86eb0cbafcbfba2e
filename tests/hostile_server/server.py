"""A web server on the loopback that misbehaves in every way we know of, one path for each way.

Raw sockets, since what it sends is mostly not HTTP as a library would send it. `SCENES` holds each path with what
it does and the outcome that a visit must end in (None: a page), so a test can walk through all of them; the scenes
stand in one module for each subject.

Nothing here waits longer than the client does: handlers stop when it hangs up.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import count
from types import TracebackType

from newsdesk.model import Outcome

PAGE = b"<!doctype html><title>A page</title><p>" + b"The council met and talked of the harbour wall. " * 20
MAX_BYTES = 200_000  # the limit that scenes of size are made for
DEADLINE = 0.5  # seconds, likewise for scenes of time


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    connection: int = 0  # number of its connection, from 1
    nth: int = 0  # of its connection's requests, from 1


Answer = bytes | Iterable[bytes]
Play = Callable[[Request], Answer]


@dataclass(frozen=True)
class Scene:
    path: str
    what: str
    outcome: Outcome | None
    play: Play
    hangs_up: bool  # the server closes behind the answer
    as_page: bool = False  # to be asked for by a client that wants HTML
    body: bytes | None = PAGE  # what a visit without an outcome must have; None: anything


SCENES: dict[str, Scene] = {}


class Reset(Exception):
    """Raised by a scene: close the connection with RST."""


def scene(
    path: str,
    outcome: Outcome | None = None,
    *,
    hangs_up: bool = False,
    as_page: bool = False,
    body: bytes | None = PAGE,
) -> Callable[[Play], Play]:
    def register(play: Play) -> Play:
        what = (play.__doc__ or play.__name__.replace("_", " ")).strip()
        SCENES[path] = Scene(path, what, outcome, play, hangs_up, as_page, body)
        return play

    return register


def reply(body: bytes = PAGE, *headers: str, status: str = "200 OK", length: int | str | None = -1) -> bytes:
    """A response as bytes; `length` -1: the right Content-Length, None: no such header."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if not any(header.lower().startswith("content-type") for header in headers):
        lines.append("Content-Type: text/html; charset=utf-8")
    if length is not None:
        lines.append(f"Content-Length: {len(body) if length == -1 else length}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + end


@cache
def bomb(size: int, layers: int = 1) -> bytes:
    data = b" " * size
    for _ in range(layers):
        data = gzip.compress(data)
    return data


class HostileServer:
    """Plays `SCENES`, or the scenes given. `requests` lists what was asked, in order. `tls`: a server-side context."""

    def __init__(self, scenes: dict[str, Scene] | None = None, *, tls: ssl.SSLContext | None = None) -> None:
        self.scenes = SCENES if scenes is None else scenes
        self.requests: list[Request] = []
        self.connections = 0
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def __enter__(self) -> HostileServer:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                conn, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(conn, self.connections), daemon=True).start()

    def _serve(self, conn: socket.socket, number: int) -> None:
        try:
            conn.settimeout(10)
            if self._tls:
                conn = self._tls.wrap_socket(conn, server_side=True)
            with conn, conn.makefile("rb") as lines:
                for nth in count(1):
                    request = _read_request(lines, number, nth)
                    if request is None:
                        return
                    self.requests.append(request)
                    played = self.scenes.get(request.path) or self.scenes.get(request.path.partition("?")[0])
                    try:
                        _send(conn, played.play(request) if played else reply(b"no such scene", status="404 Not Found"))
                    except Reset:
                        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        return
                    if (played and played.hangs_up) or request.headers.get("connection") == "close":
                        return
        except OSError:
            pass  # the client has had enough


def _read_request(lines: Iterable[bytes], connection: int, nth: int) -> Request | None:
    head = []
    for line in lines:
        if line in (b"\r\n", b"\n"):
            break
        head.append(line.decode("latin-1").strip())
    if not head:
        return None
    if head[0].count(" ") != 2:  # a TLS handshake, say
        return None
    method, path, _ = head[0].split(" ", 2)
    pairs = (line.partition(":") for line in head[1:])
    return Request(method, path, {name.lower(): value.strip() for name, _, value in pairs}, connection, nth)


def _send(conn: socket.socket, answer: Answer) -> None:
    if isinstance(answer, bytes):
        conn.sendall(answer)
    else:
        for part in answer:
            conn.sendall(part)
