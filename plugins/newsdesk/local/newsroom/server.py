"""The newsroom's servers: one small HTTP server on loopback for each outlet."""

from __future__ import annotations

import contextlib
import errno
import socket
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from .outlets import OUTLETS, Outlet
from .pages import not_found
from .replies import HUGE_LENGTH, Reply, build_site
from .sources import write_sources
from .truth import Expected, expected_rows

EDITIONS = (1, 2)
_HOST = "127.0.0.1"


class PortInUseError(OSError):
    """A port that the newsroom needs is taken, or may not be used."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request that an outlet received."""

    time: float  # time.monotonic() when the request line was read
    outlet: str
    path: str  # with query
    status: int  # 0: no answer was given
    user_agent: str


class Newsroom:
    """The demo's web: `start()` binds and serves, `stop()` ends every thread of it.

    `port` is the first of a run of consecutive ports, one an outlet; 0 takes free ones. `edition`
    may be set while serving. `pace` multiplies all waiting: that of the slow outlet, and the pause in the source files.
    """

    def __init__(self, port: int = 0, edition: int = 1, *, pace: float = 1.0) -> None:
        if edition not in EDITIONS:
            raise ValueError(f"edition {edition}: there are only {EDITIONS}")
        self.edition = edition
        self.pace = pace
        self.requests: list[Request] = []
        self._port = port
        self._servers: list[_OutletServer] = []
        self._threads: list[threading.Thread] = []
        self._sites: dict[tuple[str, int], dict[str, Reply]] = {}
        self.stopping = threading.Event()

    def start(self) -> None:
        """Bind all ports, then serve. PortInUseError, with nothing left open, when one is taken."""
        self.stopping.clear()
        self._sites.clear()
        for index, outlet in enumerate(OUTLETS):
            port = self._port + index if self._port else 0
            try:
                self._servers.append(_OutletServer(self, outlet, port))
            except (OSError, OverflowError) as error:
                self.stop()
                taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
                raise PortInUseError(
                    f"port {port} on {_HOST} {'is in use' if taken else f'cannot be used ({error})'}: "
                    f"the demo newsroom needs ports {self._port} to {self._port + len(OUTLETS) - 1}. "
                    "Choose another first port with --port (0 takes free ones)."
                ) from error
        for server in self._servers:
            # A short poll makes stop() quick.
            thread = threading.Thread(
                target=server.serve_forever, args=(0.1,), name=f"newsroom-{server.outlet.id}", daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Close everything; returns when no thread of the newsroom is left. May be called twice."""
        self.stopping.set()
        if self._threads:
            stoppers = [threading.Thread(target=server.shutdown) for server in self._servers]
            for thread in stoppers:
                thread.start()
            for thread in [*stoppers, *self._threads]:
                thread.join()
        for server in self._servers:
            server.hang_up()
            server.server_close()  # waits for the threads of its requests
        self._servers.clear()
        self._threads.clear()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def bases(self) -> dict[str, str]:
        """Outlet id → origin, "http://127.0.0.1:8701". With port 0 only known while serving."""
        if self._servers:
            ports = [server.server_port for server in self._servers]
        elif self._port:
            ports = [self._port + index for index in range(len(OUTLETS))]
        else:
            raise RuntimeError("the ports are not known before start()")
        return {outlet.id: f"http://{_HOST}:{port}" for outlet, port in zip(OUTLETS, ports, strict=True)}

    def write_sources(self, folder: Path) -> None:
        """The source YAML of every outlet, one file each."""
        write_sources(folder, self.bases, self.expected(1), self.pace)

    def expected(self, edition: int | None = None) -> list[Expected]:
        """The truth after an edition; None: the present one."""
        return expected_rows(self.bases, self.edition if edition is None else edition)

    def reply(self, outlet: Outlet, path: str) -> Reply:
        """What the outlet has at a path (without query) in the present edition."""
        edition = self.edition
        key = (outlet.id, edition)
        if key not in self._sites:
            self._sites[key] = build_site(outlet, self.bases[outlet.id], edition)
        missing = not_found(outlet, 404).encode(outlet.charset)
        return self._sites[key].get(path) or Reply(404, missing)


class _OutletServer(ThreadingHTTPServer):
    """The server of one outlet; keeps its open connections so that stop() can end them."""

    daemon_threads = False  # server_close() shall wait for them
    request_queue_size = 64

    def __init__(self, newsroom: Newsroom, outlet: Outlet, port: int) -> None:
        self.newsroom = newsroom
        self.outlet = outlet
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__((_HOST, port), _Handler)

    def server_bind(self) -> None:
        # HTTPServer would look up the host's name here, which may take seconds.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name = _HOST
        self.server_port = int(self.socket.getsockname()[1])

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, address = super().get_request()
        with self._lock:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every open connection."""
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):  # the client was quicker
                    connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    """Answers from the newsroom's site and logs the request."""

    server: _OutletServer
    protocol_version = "HTTP/1.1"
    server_version = "demo-newsroom"
    sys_version = ""
    timeout = 15  # seconds that an idle connection is kept
    disable_nagle_algorithm = True

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True  # the client went away: its affair

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name in the standard library)
        """Silent: the newsroom's `requests` is the log."""

    def do_GET(self) -> None:
        outlet, newsroom = self.server.outlet, self.server.newsroom
        if outlet.delay_s:
            newsroom.stopping.wait(outlet.delay_s * newsroom.pace)
        self._answer(newsroom.reply(outlet, self.path.split("?")[0]))

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        """`POST /_edition/2` at the first outlet prints the next edition."""
        self.close_connection = True  # a body, if any, is not read
        newsroom = self.server.newsroom
        wanted = self.path.removeprefix("/_edition/")
        if self.server.outlet is OUTLETS[0] and wanted in map(str, EDITIONS):
            newsroom.edition = int(wanted)
            self._answer(Reply(200, f"edition {wanted}\n".encode(), "text/plain"))
        else:
            self._answer(Reply(404, b"no such address\n", "text/plain"))

    def _answer(self, reply: Reply) -> None:
        if reply.behaviour == "hang_up":
            self._log(0)
            self.close_connection = True
            return
        status = 304 if self._is_current(reply) else reply.status
        self._log(status)
        self.send_response(status)
        if reply.last_modified is not None:
            self.send_header("ETag", reply.etag)
            self.send_header("Last-Modified", reply.last_modified)
        if reply.location is not None:
            self.send_header("Location", reply.location)
        if status != 304:
            self.send_header("Content-Type", reply.content_type)
            length = HUGE_LENGTH if reply.behaviour == "huge" else len(reply.body)
            self.send_header("Content-Length", str(length))
        self.end_headers()
        if status != 304 and self.command != "HEAD":
            self._send(reply)

    def _send(self, reply: Reply) -> None:
        if reply.behaviour == "whole":
            self.wfile.write(reply.body)
            return
        self.close_connection = True
        if reply.behaviour == "trickle":
            for byte in reply.body:
                self.wfile.write(bytes((byte,)))
                if self.server.newsroom.stopping.wait(1.0):
                    return
        else:
            self.wfile.write(reply.body[: len(reply.body) // 2])

    def _is_current(self, reply: Reply) -> bool:
        """The client has this very state already (If-None-Match before If-Modified-Since)."""
        if reply.last_modified is None:
            return False
        known = self.headers.get("If-None-Match")
        if known is not None:
            return reply.etag in (tag.strip().removeprefix("W/") for tag in known.split(","))
        return self.headers.get("If-Modified-Since") == reply.last_modified

    def _log(self, status: int) -> None:
        self.server.newsroom.requests.append(
            Request(
                time.monotonic(),
                self.server.outlet.id,
                self.path,
                status,
                self.headers.get("User-Agent", ""),
            )
        )
