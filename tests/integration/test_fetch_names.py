"""fetch and the names, addresses and certificates of servers. No connection leaves this machine."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from hostile_server import DEADLINE, MAX_BYTES, PAGE, SCENES, HostileServer
from hostile_server.certificates import make_certificate
from hostile_server.standins import GRACE, Resolver, Visit, Wire, anywhere
from newsdesk.fetch import transport
from newsdesk.fetch.fetcher import fetch, open_session
from newsdesk.model import Outcome, Response

pytest_plugins = ["hostile_server.fixtures"]


def test_a_connection_to_a_private_address_is_not_reused_where_none_is_allowed(
    session: requests.Session, resolver: Resolver
) -> None:
    resolver.answers = [["127.0.0.1"]]
    with HostileServer() as server:
        url = server.url("/page", host="www.example.com")
        assert fetch(session, url, deadline=2, max_bytes=MAX_BYTES, allow_private=anywhere).outcome is None
        assert fetch(session, url, deadline=2, max_bytes=MAX_BYTES).outcome is Outcome.BLOCKED_ADDRESS


def test_the_address_that_was_judged_is_the_one_connected_to(
    session: requests.Session, resolver: Resolver, wire: Wire
) -> None:
    """DNS rebinding: public at the first look-up, ours at the second, which must never be made."""
    resolver.answers = [["93.184.215.14"], ["127.0.0.1"]]
    answer = fetch(session, "http://rebind.example.com/", deadline=2, max_bytes=MAX_BYTES)
    assert answer.outcome is Outcome.CONNECTION
    assert (resolver.asked, wire.connected) == (["rebind.example.com"], [("93.184.215.14", 80)])


def test_a_name_that_leads_to_us_is_refused_before_a_connection(session: requests.Session, resolver: Resolver) -> None:
    resolver.answers = [["169.254.169.254"]]
    answer = fetch(session, "https://www.example.com/", deadline=2, max_bytes=MAX_BYTES)
    assert answer.outcome is Outcome.BLOCKED_ADDRESS
    assert "169.254.169.254" in (answer.reason or "")


def test_a_name_that_does_not_resolve_or_not_in_time_is_dns(session: requests.Session, resolver: Resolver) -> None:
    resolver.answers = [socket.gaierror(socket.EAI_NONAME, "Name or service not known")]
    assert fetch(session, "http://nx.example.com/", deadline=2, max_bytes=MAX_BYTES).outcome is Outcome.DNS
    resolver.seconds = 6
    answer = fetch(session, "http://slow.example.com/", deadline=0.3, max_bytes=MAX_BYTES)
    assert (answer.outcome, answer.elapsed < 0.3 + GRACE) == (Outcome.DNS, True)


def test_a_dead_ipv6_address_does_not_hide_a_living_ipv4_one(
    session: requests.Session, server: HostileServer, resolver: Resolver
) -> None:
    resolver.answers = [["::1", "127.0.0.1"]]  # nobody listens at ::1
    url = server.url("/page", "www.example.com")
    assert fetch(session, url, deadline=2, max_bytes=MAX_BYTES, allow_private=anywhere).body == PAGE
    assert transport._alternate_families(("::1", "::2", "127.0.0.1")) == ["::1", "127.0.0.1", "::2"]


def test_a_first_address_that_never_answers_leaves_time_for_the_second(
    session: requests.Session, server: HostileServer, resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """127.0.0.2 has the same port taken by a socket that accepts nothing."""
    resolver.answers = [["127.0.0.2", "127.0.0.1"]]
    with deaf_server("127.0.0.2", server.port):
        url = server.url("/page", "www.example.org")
        assert fetch(session, url, deadline=4, max_bytes=MAX_BYTES, allow_private=anywhere).body == PAGE


def test_a_server_that_accepts_no_connection_is_timeout(visit: Visit) -> None:
    with deaf_server("127.0.0.1", 0) as port:
        answer = visit(f"http://127.0.0.1:{port}/", deadline=0.5)
    assert (answer.outcome, answer.elapsed < 0.5 + GRACE) == (Outcome.TIMEOUT, True)


@contextmanager
def deaf_server(host: str, port: int) -> Iterator[int]:
    """Listens with a full queue: the kernel drops what else would connect."""
    with socket.create_server((host, port), backlog=0) as listener:
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for sock in waiting:
            sock.setblocking(False)
            sock.connect_ex(address)
        time.sleep(0.05)
        try:
            yield address[1]
        finally:
            for sock in waiting:
                sock.close()


# ---- TLS ---------------------------------------------------------------------------------------------------------


def ask(session: requests.Session, url: str, **options: object) -> Response:
    return fetch(session, url, **{"deadline": 2, "max_bytes": MAX_BYTES, "allow_private": anywhere, **options})  # type: ignore[arg-type]


def test_tls_is_verified_against_the_name_though_the_connection_goes_to_an_address(
    tmp_path: Path, resolver: Resolver
) -> None:
    resolver.answers = [["127.0.0.1"]]
    made = make_certificate(tmp_path, "www.example.com")
    with HostileServer(tls=made.context) as server, open_session("t", authorities=str(made.pem)) as trusting:
        assert ask(trusting, server.url("/page", "www.example.com")).body == PAGE
        for path in ("/trickled-head", "/trickled-body"):
            answer = ask(trusting, server.url(path, "www.example.com"), deadline=DEADLINE)
            assert (answer.outcome, answer.elapsed < DEADLINE + GRACE) == (Outcome.TIMEOUT, True)
        assert ask(trusting, server.url("/length-too-large", "www.example.com")).outcome is Outcome.INCOMPLETE
        for path in ("/length-too-small-kept", "/length-too-small-long"):  # the rest is no part of the next answer
            assert ask(trusting, server.url(path, "www.example.com")).body == SCENES[path].body
            assert ask(trusting, server.url("/page", "www.example.com")).body == PAGE
        wrong_name = ask(trusting, server.url("/page", "other.example.com"))
        assert (wrong_name.outcome, "Hostname mismatch" in (wrong_name.reason or "")) == (Outcome.TLS, True)


def test_a_certificate_signed_by_itself_is_tls(tmp_path: Path, resolver: Resolver, session: requests.Session) -> None:
    resolver.answers = [["127.0.0.1"]]
    with HostileServer(tls=make_certificate(tmp_path, "www.example.com").context) as server:
        answer = ask(session, server.url("/page", "www.example.com"))
    assert (answer.outcome, "self-signed" in (answer.reason or "")) == (Outcome.TLS, True)
    assert server.requests == []


def test_an_expired_certificate_is_tls(tmp_path: Path, resolver: Resolver) -> None:
    resolver.answers = [["127.0.0.1"]]
    made = make_certificate(tmp_path, "www.example.com", until=-timedelta(days=1))
    with HostileServer(tls=made.context) as server, open_session("t", authorities=str(made.pem)) as trusting:
        answer = ask(trusting, server.url("/page", "www.example.com"))
    assert (answer.outcome, "expired" in (answer.reason or "")) == (Outcome.TLS, True)


def test_a_missing_intermediate_certificate_is_tls(tmp_path: Path, resolver: Resolver) -> None:
    resolver.answers = [["127.0.0.1"]]
    root = make_certificate(tmp_path, "root.example.com", is_authority=True)
    between = make_certificate(tmp_path, "between.example.com", issuer=root, is_authority=True)
    made = make_certificate(tmp_path, "www.example.com", issuer=between)
    with HostileServer(tls=made.context) as server, open_session("t", authorities=str(root.pem)) as trusting:
        answer = ask(trusting, server.url("/page", "www.example.com"))
    assert (answer.outcome, "issuer" in (answer.reason or "")) == (Outcome.TLS, True)


def test_a_server_of_tls_1_0_only_is_tls(tmp_path: Path, resolver: Resolver) -> None:
    resolver.answers = [["127.0.0.1"]]
    made = make_certificate(tmp_path, "www.example.com")
    made.context.set_ciphers("ALL:@SECLEVEL=0")
    made.context.minimum_version = made.context.maximum_version = ssl.TLSVersion.TLSv1
    with HostileServer(tls=made.context) as server, open_session("t", authorities=str(made.pem)) as trusting:
        assert ask(trusting, server.url("/page", "www.example.com")).outcome is Outcome.TLS


@pytest.mark.parametrize(
    "said", [b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", b"\x16\x03\x03\x00\x04garbage", b"\0" * 99]
)
def test_plain_http_or_garbage_on_a_tls_port_is_tls(said: bytes, visit: Visit) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_once() -> None:
            conn, _ = listener.accept()
            with conn:
                conn.recv(4096)
                conn.sendall(said)

        threading.Thread(target=answer_once, daemon=True).start()
        answer = visit(f"https://127.0.0.1:{listener.getsockname()[1]}/", deadline=2)
    assert answer.outcome is Outcome.TLS, answer.reason


def test_a_handshake_that_hangs_is_timeout(visit: Visit) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answer = visit(f"https://127.0.0.1:{silent.getsockname()[1]}/", deadline=0.5)
    assert (answer.outcome, answer.elapsed < 0.5 + GRACE) == (Outcome.TIMEOUT, True)


def test_a_good_certificate_at_a_private_address_is_refused_before_the_handshake(
    tmp_path: Path, resolver: Resolver
) -> None:
    resolver.answers = [["127.0.0.1"]]
    made = make_certificate(tmp_path, "www.example.com")
    with HostileServer(tls=made.context) as server, open_session("t", authorities=str(made.pem)) as trusting:
        answer = ask(trusting, "https://www.example.com:8443/", allow_private=lambda _: False)
        assert (answer.outcome, server.connections) == (Outcome.BLOCKED_ADDRESS, 0)
