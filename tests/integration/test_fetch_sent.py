"""What a visit sends to a server, and over which connection."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import requests

from hostile_server import (
    MAX_BYTES,
    PAGE,
    HostileServer,
    Scene,
    redirect,
    reply,
)
from hostile_server.standins import Visit, anywhere
from newsdesk.fetch.fetcher import fetch
from newsdesk.model import Outcome

pytest_plugins = ["hostile_server.fixtures"]


def test_a_stored_validator_goes_back_byte_for_byte_and_304_is_not_modified(
    visit: Visit, server: HostileServer
) -> None:
    answer = visit("/validated", etag='W/"a-gzip"', last_modified="Tue, 19 Jan 2038 99:14:07 GMT")
    assert (answer.outcome, answer.status, answer.header("etag")) == (Outcome.NOT_MODIFIED, 304, 'W/"new"')
    sent = server.requests[-1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('W/"a-gzip"', "Tue, 19 Jan 2038 99:14:07 GMT")


@pytest.mark.parametrize("value", ["no-quotes", 'W/"x-gzip"', '"a", "b"', "Sat, 01 Jan 2141", "Mardi 14 mai", "0"])
def test_a_validator_goes_back_whatever_its_form(value: str, visit: Visit, server: HostileServer) -> None:
    assert visit("/validated", etag=value, last_modified=value).outcome is Outcome.NOT_MODIFIED
    sent = server.requests[-1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == (value, value)


@pytest.mark.parametrize("etag", ["two\r\nlines: x", "日本", " blank", "\0"])
def test_a_validator_that_cannot_be_sent_is_left_out(etag: str, visit: Visit, server: HostileServer) -> None:
    assert visit("/validated", etag=etag).outcome is None
    assert "if-none-match" not in server.requests[-1].headers


def test_two_visits_send_the_same_headers(visit: Visit, server: HostileServer) -> None:
    visit("/set-cookie")
    first = server.requests[-1].headers
    visit("/set-cookie")
    assert server.requests[-1].headers == first


def test_headers_of_the_caller_stay_with_the_origin(session: requests.Session) -> None:
    with HostileServer() as other:
        there = Scene("/away", "", None, lambda request: redirect(other.url("/page")), hangs_up=False)
        with HostileServer({"/away": there}) as first:
            answer = fetch(
                session, first.url("/away"), deadline=2, max_bytes=MAX_BYTES, allow_private=anywhere,
                headers={"Authorization": "Bearer x"},
            )  # fmt: skip
        assert answer.outcome is None
        assert first.requests[0].headers["authorization"] == "Bearer x"
        assert "authorization" not in other.requests[0].headers


def test_no_cookie_is_kept_and_no_proxy_or_netrc_is_used(
    visit: Visit, server: HostileServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert visit("/set-cookie").outcome is None
    assert visit("/set-cookie").outcome is None
    assert not {"cookie", "authorization"} & set(server.requests[-1].headers)


def test_a_cookie_is_for_the_visit_and_the_host_that_set_it(visit: Visit, server: HostileServer) -> None:
    before = len(server.requests)
    assert visit("/cookie-wall").body == PAGE
    assert [request.headers.get("cookie") for request in server.requests[before:]] == [None, "seen=1"]
    visit("/page")
    assert "cookie" not in server.requests[-1].headers
    before = len(server.requests)
    assert visit("/cookie-wall-firm").outcome is Outcome.WALL
    assert len(server.requests) == before + 2


def test_one_connection_serves_many_pages(session: requests.Session) -> None:
    with HostileServer() as server:
        for path in ("/page", "/redirect", "/404", "/chunked", "/gzip"):
            fetch(session, server.url(path), deadline=2, max_bytes=MAX_BYTES, allow_private=anywhere)
        assert server.connections == 1


@pytest.mark.parametrize(
    "path", ["/length-too-small-kept", "/length-too-small-long", "/second-answer-unasked", "/chunked-and-length"]
)
def test_a_connection_that_carries_more_than_its_answer_is_not_used_again(path: str, session: requests.Session) -> None:
    with HostileServer() as server:
        for connections in (1, 2):
            fetch(session, server.url(path), deadline=2, max_bytes=MAX_BYTES, allow_private=anywhere)
            page = fetch(session, server.url("/no-such"), deadline=2, max_bytes=MAX_BYTES, allow_private=anywhere)
            assert (page.body, server.connections) == (b"no such scene", connections + 1)


def test_a_kept_alive_connection_that_closes_as_we_ask_is_replaced_once(session: requests.Session) -> None:
    class ClosesAtSecondRequest(HostileServer):
        def _serve(self, conn: socket.socket, number: int) -> None:
            with conn:
                conn.recv(4096)
                conn.sendall(reply())
                conn.recv(4096)

    with ClosesAtSecondRequest() as server:
        for connections in (1, 2, 3):
            answer = fetch(session, server.url("/page"), deadline=2, max_bytes=MAX_BYTES, allow_private=anywhere)
            assert (answer.outcome, server.connections) == (None, connections)
