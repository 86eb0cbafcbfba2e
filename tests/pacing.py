"""Servers on loopback that note when each request came, and guests that ask them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from newsdesk.model import Endpoint, EndpointKind, Source
from newsdesk.settings import read_settings
from newsdesk.store.database import transaction
from newsdesk.visiting import Guest


@dataclass
class Host:
    """A server that notes when each request came and when its answer began to leave.

    `scenes`: status, headers, body and seconds of work by path; what is not there is an empty page with a title.
    """

    scenes: Mapping[str, tuple[int, Mapping[str, str], bytes, float]] = field(default_factory=dict)
    log: list[tuple[float, float, str]] = field(default_factory=list)
    origin: str = ""

    @property
    def name(self) -> str:
        return self.origin.removeprefix("http://")

    def asked(self, path: str) -> int:
        return sum(asked == path for _, _, asked in self.log)


@contextmanager
def serving(host: Host) -> Iterator[Host]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            begun = time.monotonic()
            path = self.path.partition("?")[0]
            status, headers, body, seconds = host.scenes.get(path, (200, {}, b"<title>page</title>", 0.01))
            time.sleep(seconds)
            host.log.append((begun, time.monotonic(), path))
            if status == 0:  # hangs up
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):  # of a body that is too large the rest is not taken
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        host.origin = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield host
        server.shutdown()


NO_ROBOTS = (404, {}, b"", 0.0)


def moved(target: str) -> tuple[int, Mapping[str, str], bytes, float]:
    return 302, {"Location": target}, b"", 0.01


def source_of(*origins: str, crawl_delay: float | None = None) -> Source:
    endpoints = tuple(Endpoint(EndpointKind.SECTION, f"{origin}/") for origin in origins)
    return Source("s", "S", f"{origins[0]}/", endpoints=endpoints, allow_private=True, crawl_delay=crawl_delay)


def guest_of(dsn: str, delay: float = 0.0, **settings: str) -> Guest:
    env = {"NEWSDESK_FETCH_DEADLINE": "3", "NEWSDESK_CRAWL_DELAY": str(delay), **settings}
    return Guest(read_settings(env), dsn, lambda name: {})


def row_of(dsn: str, table: str, key: str) -> dict[str, Any]:
    with transaction(dsn) as cursor:
        cursor.execute(
            f"SELECT to_jsonb(t) FROM {table} AS t WHERE {'host' if 'host' in table else 'origin'} = %s", (key,)
        )
        found = cursor.fetchone()
    assert found is not None
    return dict(found[0])


def held(dsn: str, host: Host) -> dict[str, Any] | None:
    """The host's row, where somebody has its turn."""
    row = row_of(dsn, "ops.host", host.name)
    return row if row["held_by"] is not None else None


def change(dsn: str, statement: str, *values: object) -> None:
    with transaction(dsn) as cursor:
        cursor.execute(statement, values)
