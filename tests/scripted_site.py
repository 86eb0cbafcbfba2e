"""A news site on loopback whose answers a test sets, path by path."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass
class Posted:
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes


@dataclass
class Site:
    """A server whose answers the test sets, by path; `asked` holds each request's path and validators.

    What is posted to it is answered so too, and with 200 where nothing is set.
    """

    base: str = ""
    answers: dict[str, Answer | Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    asked: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)

    def rss(self, *names: str, date: datetime | None = None) -> bytes:
        dated = f"<pubDate>{format_datetime(date)}</pubDate>" if date else ""
        items = "".join(f"<item><title>{name}</title><link>{self.base}/{name}</link>{dated}</item>" for name in names)
        return f"<rss version='2.0'><channel><title>S</title>{items}</channel></rss>".encode()

    def sitemap(self, *names: str) -> bytes:
        return f"<urlset>{''.join(f'<url><loc>{self.base}/{name}</loc></url>' for name in names)}</urlset>".encode()

    def index(self, **changed: str) -> bytes:
        inner = "".join(
            f"<sitemap><loc>{self.base}/{name}</loc><lastmod>{when}</lastmod></sitemap>"
            for name, when in changed.items()
        )
        return f"<sitemapindex>{inner}</sitemapindex>".encode()

    def polls(self, path: str) -> list[tuple[str | None, str | None]]:
        return [(etag, modified) for asked, etag, modified in self.asked if asked == path]


@contextmanager
def open_site() -> Iterator[Site]:
    found = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found.posted.append(Posted(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.answer(Answer())

        def do_GET(self) -> None:
            found.asked.append((self.path, self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")))
            self.answer(Answer(status=404))

        def answer(self, unset: Answer) -> None:
            answer = found.answers.get(self.path, unset)
            if callable(answer):
                answer = answer(dict(self.headers))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 304:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        # a short poll: its end is waited for
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        found.base = f"http://127.0.0.1:{server.server_port}"
        yield found
        server.shutdown()
