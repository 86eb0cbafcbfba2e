"""A visit by a good guest: whatever a server answers, it ends in an outcome and never in an exception."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from newsdesk.model import Endpoint, EndpointKind, Outcome, Source
from newsdesk.settings import read_settings
from newsdesk.visiting import Guest
from pacing import guest_of, source_of

TARGETS = (
    "ftp://files.example/a",
    "javascript:alert(1)",
    "http://a..b/",
    "http://[::1",
    "file:///etc/passwd",
    "http://10.0.0.1/",
)


class Handler(BaseHTTPRequestHandler):
    """`/N` redirects to TARGETS[N]; there is no robots.txt."""

    def do_GET(self) -> None:
        number = self.path.strip("/")
        self.send_response(302 if number.isdigit() else 404)
        if number.isdigit():
            self.send_header("Location", TARGETS[int(number)])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def origin() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_redirect_to_no_usable_address_is_an_outcome(dsn: str, origin: str) -> None:
    guest = Guest(read_settings({"NEWSDESK_FETCH_DEADLINE": "3", "NEWSDESK_CRAWL_DELAY": "0"}), dsn, lambda name: {})
    source = Source("s", "S", f"{origin}/", allow_private=True)
    found = {target: guest.get(source, f"{origin}/{number}").outcome for number, target in enumerate(TARGETS)}
    assert set(found.values()) <= {Outcome.BLOCKED_ADDRESS, Outcome.BAD_REDIRECT}, found


class Busy(BaseHTTPRequestHandler):
    """Asks everybody to stay away, but for its robots.txt."""

    def do_GET(self) -> None:
        self.send_response(404 if self.path == "/robots.txt" else 429)
        self.send_header("Retry-After", "60")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_a_host_is_not_left_alone_for_what_another_one_asked(
    dsn: str, origin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Busy) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        busy = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr(f"{__name__}.TARGETS", (f"{busy}/a",))
        guest = Guest(
            read_settings({"NEWSDESK_FETCH_DEADLINE": "3", "NEWSDESK_CRAWL_DELAY": "0"}), dsn, lambda name: {}
        )
        source = Source(
            "s", "S", f"{origin}/", endpoints=(Endpoint(EndpointKind.SECTION, f"{busy}/"),), allow_private=True
        )
        assert guest.get(source, f"{busy}/").outcome is Outcome.RATE_LIMITED
        assert guest.get(source, f"{origin}/0").outcome is Outcome.RATE_LIMITED  # its target's host is left alone
        assert guest.get(source, f"{origin}/none").outcome is Outcome.GONE  # the host itself is not
        server.shutdown()


def test_a_sources_headers_are_for_its_own_sites_only() -> None:
    guest = Guest(guest_of("").settings, "", lambda name: {"X-Subscriber": name})
    source = replace(source_of("https://www.example.com"), headers="paid")
    assert guest.headers_for(source, "https://news.example.com/a") == {"X-Subscriber": "paid"}
    assert guest.headers_for(source, "https://elsewhere.example.org/linked-in-its-feed") == {}
    assert guest.headers_for(replace(source, headers=None), "https://www.example.com/a") == {}
