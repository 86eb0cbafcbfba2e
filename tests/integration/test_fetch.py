"""fetch against a server of our own that misbehaves in every way of `hostile_server`."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hostile_server import DEADLINE, MAX_BYTES, PAGE, SCENES, HostileServer, Scene, chunked, redirect, reply
from newsdesk.fetch import coding
from newsdesk.fetch.fetcher import fetch, open_session
from newsdesk.fetch.status import read_retry_after
from newsdesk.model import Outcome, Response

GRACE = 0.3  # seconds over the deadline that a shared machine may take

Visit = Callable[..., Response]


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    with HostileServer() as running:
        yield running


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with open_session("newsdesk-test/1") as opened:
        yield opened


@pytest.fixture
def visit(session: requests.Session, server: HostileServer) -> Visit:
    def go(path: str, **options: Any) -> Response:
        options = {"deadline": DEADLINE, "max_bytes": MAX_BYTES, "allow_private": True, **options}
        return fetch(session, server.url(path) if path.startswith("/") else path, **options)

    return go


@pytest.mark.parametrize("scene", SCENES.values(), ids=lambda scene: scene.path)
def test_each_misbehaviour_ends_in_its_outcome(scene: Scene, visit: Visit) -> None:
    answer = visit(scene.path)
    assert answer.outcome == scene.outcome, answer.reason
    assert answer.elapsed < DEADLINE + GRACE
    assert (answer.reason is None) == (answer.outcome is None)
    if scene.outcome is None and scene.path not in ("/gzip-empty", "/length-too-small"):
        assert answer.body == PAGE


def test_threads_share_a_session_and_each_url_ends_in_its_own_outcome(visit: Visit) -> None:
    scenes = [scene for scene in SCENES.values() if scene.outcome is not Outcome.TIMEOUT] * 3
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda scene: visit(scene.path, deadline=10), scenes))
    assert [answer.outcome for answer in answers] == [scene.outcome for scene in scenes]


def test_a_body_without_outcome_is_whole_and_one_cut_short_is_not_handed_out(visit: Visit) -> None:
    assert visit("/length-too-large").body == b""
    assert visit("/gzip-cut").body == b""


def test_the_headers_behind_a_line_without_colon_are_kept(visit: Visit) -> None:
    assert visit("/no-colon").header("x-after") == "kept"


def test_a_stored_validator_goes_back_byte_for_byte_and_304_is_not_modified(
    visit: Visit, server: HostileServer
) -> None:
    answer = visit("/validated", etag='W/"a-gzip"', last_modified="Tue, 19 Jan 2038 99:14:07 GMT")
    assert (answer.outcome, answer.status, answer.header("etag")) == (Outcome.NOT_MODIFIED, 304, 'W/"new"')
    sent = server.requests[-1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('W/"a-gzip"', "Tue, 19 Jan 2038 99:14:07 GMT")


@pytest.mark.parametrize("etag", ["two\r\nlines: x", "日本", " blank", "\0"])
def test_a_validator_that_cannot_be_sent_is_left_out(etag: str, visit: Visit, server: HostileServer) -> None:
    assert visit("/validated", etag=etag).outcome is None
    assert "if-none-match" not in server.requests[-1].headers


def test_a_type_that_is_not_wanted_is_not_read(visit: Visit) -> None:
    answer = visit("/endless", accept_types=("image/",))
    assert (answer.outcome, answer.reason) == (Outcome.WRONG_TYPE, "the content type is text/html")
    assert visit("/page", accept_types=("text/html", "application/xhtml")).outcome is None
    assert visit("/no-type", accept_types=("text/html",)).outcome is None


def test_retry_after_is_told_in_seconds_and_capped_at_a_day(visit: Visit) -> None:
    assert [visit(path).retry_after for path in ("/429", "/429-bare", "/429-week", "/503-later")] == [
        120.0,
        None,
        86400.0,
        None,
    ]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", None),
        ("7", 7.0),
        (" 90 ", 90.0),
        ("1.5", 1.5),
        ("-3", None),
        ("soon", None),
        (None, None),
        ("9" * 14, 86400.0),
        ("Wed, 01 May 2024 10:02:00 GMT", 120.0),
        ("Wed, 01 May 2024 09:00:00 GMT", None),
        ("Wed, 99 May 2024", None),
        ("Wednesday, 01-May-24 10:02:00 GMT", 120.0),
    ],
)
def test_retry_after_as_seconds_or_date(value: str | None, seconds: float | None) -> None:
    assert read_retry_after(value, datetime(2024, 5, 1, 10, 0, tzinfo=UTC)) == seconds


@given(st.text(max_size=60))
def test_retry_after_of_any_text_is_none_or_a_bounded_time(value: str) -> None:
    seconds = read_retry_after(value, datetime(2024, 5, 1, tzinfo=UTC))
    assert seconds is None or 0 < seconds <= 86400


def test_the_body_of_a_refusal_is_kept_as_evidence(visit: Visit) -> None:
    answer = visit("/403")
    assert answer.outcome is Outcome.HTTP_ERROR
    assert b"Just a moment" in answer.body


def test_redirects_are_told_and_the_fragment_is_kept(visit: Visit, server: HostileServer) -> None:
    answer = visit("/redirect")
    assert (answer.final_url, answer.redirects) == (server.url("/page#section"), (server.url("/redirect"),))


def test_before_hop_sees_each_target_before_it_is_asked_and_can_refuse(visit: Visit, server: HostileServer) -> None:
    seen: list[str] = []

    def refuse(url: str) -> Outcome:
        seen.append(url)
        return Outcome.ROBOTS_DENIED

    before = len(server.requests)
    answer = visit("/redirect", before_hop=refuse)
    assert answer.outcome is Outcome.ROBOTS_DENIED
    assert seen == [server.url("/page#section")]
    assert len(server.requests) == before + 1


def test_waiting_for_a_turn_costs_no_time_of_the_deadline(visit: Visit) -> None:
    answer = visit("/redirect", deadline=0.3, before_hop=lambda url: time.sleep(0.5))
    assert answer.outcome is None
    assert answer.elapsed < 0.3


def test_headers_of_the_caller_stay_with_the_origin(session: requests.Session) -> None:
    with HostileServer() as other:
        there = Scene("/away", "", None, lambda request: redirect(other.url("/page")), hangs_up=False)
        with HostileServer({"/away": there}) as first:
            answer = fetch(
                session, first.url("/away"), deadline=2, max_bytes=MAX_BYTES, allow_private=True,
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


def test_one_connection_serves_many_pages(session: requests.Session) -> None:
    with HostileServer() as server:
        for path in ("/page", "/redirect", "/404", "/chunked", "/gzip"):
            fetch(session, server.url(path), deadline=2, max_bytes=MAX_BYTES, allow_private=True)
        assert server.connections == 1


def test_a_kept_alive_connection_that_closes_as_we_ask_is_replaced_once(session: requests.Session) -> None:
    class ClosesAtSecondRequest(HostileServer):
        def _serve(self, conn: socket.socket) -> None:
            with conn:
                conn.recv(4096)
                conn.sendall(reply())
                conn.recv(4096)

    with ClosesAtSecondRequest() as server:
        for connections in (1, 2, 3):
            answer = fetch(session, server.url("/page"), deadline=2, max_bytes=MAX_BYTES, allow_private=True)
            assert (answer.outcome, server.connections) == (None, connections)


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        ("http://127.0.0.1:9/", Outcome.CONNECTION),
        ("", Outcome.BLOCKED_ADDRESS),
        ("http://\ud800/", Outcome.BLOCKED_ADDRESS),
        ("http://a..b/", Outcome.BLOCKED_ADDRESS),
        ("ftp://127.0.0.1/", Outcome.BLOCKED_ADDRESS),
    ],
)
def test_urls_that_lead_nowhere(url: str, outcome: Outcome, visit: Visit) -> None:
    answer = visit(url)
    assert answer.outcome is outcome, answer.reason


def test_a_private_address_is_refused_unless_allowed(visit: Visit, server: HostileServer) -> None:
    before = server.connections
    answer = visit("/page", allow_private=False)
    assert answer.outcome is Outcome.BLOCKED_ADDRESS
    assert server.connections == before


def test_a_connection_to_a_private_address_is_not_reused_where_none_is_allowed(
    session: requests.Session, resolver: Resolver
) -> None:
    resolver.answers = ["127.0.0.1"]
    with HostileServer() as server:
        url = server.url("/page", host="www.example.com")
        assert fetch(session, url, deadline=2, max_bytes=MAX_BYTES, allow_private=True).outcome is None
        assert fetch(session, url, deadline=2, max_bytes=MAX_BYTES).outcome is Outcome.BLOCKED_ADDRESS


class Resolver:
    """Stands in for DNS, which cannot be made to lie on a test machine: `answers` in turn, the last one for ever."""

    def __init__(self) -> None:
        self.answers: list[str | OSError] = []
        self.asked: list[str] = []
        self.seconds = 0.0

    def __call__(self, host: str, port: Any, *args: Any, **kwargs: Any) -> list[tuple[Any, ...]]:
        self.asked.append(host)
        time.sleep(self.seconds)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, OSError):
            raise answer
        family = socket.AF_INET6 if ip_address(answer).version == 6 else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (answer, port or 0))]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    fake = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", fake)
    return fake


def test_the_address_that_was_judged_is_the_one_connected_to(
    session: requests.Session, resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public at the first look-up, ours at the second, which must never be made."""
    connected: list[Any] = []

    def connect(sock: socket.socket, address: Any) -> None:
        connected.append(address)
        raise ConnectionRefusedError(111, "not in a test")

    monkeypatch.setattr(socket.socket, "connect", connect)
    resolver.answers = ["93.184.215.14", "127.0.0.1"]
    answer = fetch(session, "http://rebind.example.com/", deadline=2, max_bytes=MAX_BYTES)
    assert answer.outcome is Outcome.CONNECTION
    assert (resolver.asked, connected) == (["rebind.example.com"], [("93.184.215.14", 80)])


def test_a_name_that_leads_to_us_is_refused_before_a_connection(session: requests.Session, resolver: Resolver) -> None:
    resolver.answers = ["169.254.169.254"]
    answer = fetch(session, "https://www.example.com/", deadline=2, max_bytes=MAX_BYTES)
    assert answer.outcome is Outcome.BLOCKED_ADDRESS
    assert "169.254.169.254" in (answer.reason or "")


def test_a_name_that_does_not_resolve_or_not_in_time_is_dns(session: requests.Session, resolver: Resolver) -> None:
    resolver.answers = [socket.gaierror(socket.EAI_NONAME, "Name or service not known")]
    assert fetch(session, "http://nx.example.com/", deadline=2, max_bytes=MAX_BYTES).outcome is Outcome.DNS
    resolver.seconds = 2
    answer = fetch(session, "http://slow.example.com/", deadline=0.3, max_bytes=MAX_BYTES)
    assert (answer.outcome, answer.elapsed < 0.3 + GRACE) == (Outcome.DNS, True)


def test_a_dead_first_address_does_not_hide_a_living_second(session: requests.Session, server: HostileServer) -> None:
    from newsdesk.fetch import transport

    sock = transport._connect(["::1", "127.0.0.1"], server.port, time.monotonic() + 2)
    sock.close()
    assert transport._alternate_families(("::1", "::2", "127.0.0.1")) == ["::1", "127.0.0.1", "::2"]


def certificate(tmp_path: Path, *names: str) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for the names: its PEM file (to be trusted) and a server's context."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    cert = (
        x509.CertificateBuilder(
            subject, subject, key.public_key(), x509.random_serial_number(), now - timedelta(1), now + timedelta(1)
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / f"{names[0]}.pem"
    pem.write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    secret = tmp_path / f"{names[0]}.key"
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return pem, context


def test_tls_is_verified_against_the_name_though_the_connection_goes_to_an_address(
    tmp_path: Path, resolver: Resolver
) -> None:
    resolver.answers = ["127.0.0.1"]
    pem, context = certificate(tmp_path, "www.example.com")
    trusting, strict = open_session("t", authorities=str(pem)), open_session("t")
    with HostileServer(tls=context) as server, trusting, strict:

        def visit(session: requests.Session, path: str, host: str = "www.example.com") -> Response:
            return fetch(session, server.url(path, host), deadline=DEADLINE, max_bytes=MAX_BYTES, allow_private=True)

        assert visit(trusting, "/page").body == PAGE
        for path in ("/trickled-head", "/trickled-body"):
            answer = visit(trusting, path)
            assert (answer.outcome, answer.elapsed < DEADLINE + GRACE) == (Outcome.TIMEOUT, True)
        assert visit(trusting, "/length-too-large").outcome is Outcome.INCOMPLETE
        wrong_name = visit(trusting, "/page", "other.example.com")
        assert (wrong_name.outcome, "Hostname mismatch" in (wrong_name.reason or "")) == (Outcome.TLS, True)
        assert visit(strict, "/page").outcome is Outcome.TLS


def test_plain_http_on_a_tls_port_is_tls_and_a_handshake_that_hangs_is_timeout(
    visit: Visit, server: HostileServer
) -> None:
    assert visit(server.url("/page").replace("http:", "https:")).outcome in (Outcome.TLS, Outcome.TIMEOUT)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answer = visit(f"https://127.0.0.1:{silent.getsockname()[1]}/", deadline=0.5)
    assert (answer.outcome, answer.elapsed < 0.5 + GRACE) == (Outcome.TIMEOUT, True)


_HEADS = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from(
            [
                b"Content-Length: 5",
                b"Content-Length: 5, 6",
                b"Content-Length:",
                b"Transfer-Encoding: chunked",
                b"Transfer-Encoding: ,",
                b"Content-Encoding: gzip",
                b"Content-Encoding: deflate",
                b"Location: //",
                b"Location: http://\xff\xfe/",
                b"Set-Cookie: =;=;",
                b"Content-Type: \xff;charset=\x00",
                b"\tfolded",
                b":",
                b"Content-Length: \xb2",
                b"Connection: close",
                b"Retry-After: \xff",
            ]
        ),
    ),
    max_size=6,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    status=st.sampled_from(
        [b"HTTP/1.1 200 OK", b"HTTP/1.1 302 X", b"HTTP/1.0 503", b"HTTP/1.1 100 ", b"HTTP/2 \xff", b""]
    ),
    head=_HEADS,
    body=st.one_of(st.binary(max_size=60), st.just(chunked(b"hello")), st.just(gzip.compress(b"hello"))),
)
def test_whatever_bytes_come_fetch_raises_nothing(status: bytes, head: list[bytes], body: bytes, visit: Visit) -> None:
    answer_bytes = b"\r\n".join([status, *head]) + b"\r\n\r\n" + body
    SCENES["/fuzz"] = Scene("/fuzz", "", None, lambda request: answer_bytes, hangs_up=True)
    try:
        answer = visit("/fuzz", deadline=2)
    finally:
        del SCENES["/fuzz"]
    assert isinstance(answer, Response)
    assert answer.outcome is None or answer.reason


# ---- content coding without a network ----------------------------------------------------------------------------


def undo(data: bytes, names: str, limit: int = 10**6, step: int = 7) -> bytes:
    return b"".join(coding.decode((data[at : at + step] for at in range(0, len(data), step)), names, limit))


def coded(name: str, data: bytes) -> bytes:
    if name == "br":
        return bytes(pytest.importorskip("brotli").compress(data))
    if name == "zstd":
        return bytes(pytest.importorskip("backports.zstd").compress(data))
    return gzip.compress(data) if name == "gzip" else zlib.compress(data)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_each_coding_is_undone_in_steps_cut_bodies_are_found_and_bombs_stop(name: str) -> None:
    data = bytes(range(256)) * 400
    packed = coded(name, data)
    assert undo(packed, name) == data
    assert undo(packed, name, step=10**6) == data
    assert undo(b"", name) == b""
    with pytest.raises(coding.Cut):
        undo(packed[:-5], name)
    with pytest.raises(coding.TooLong):
        undo(packed, name, limit=len(data) - 1)
    largest = max(len(piece) for piece in coding.decode(iter([coded(name, b"\0" * 10**7)]), name, 10**8))
    assert largest <= coding.STEP * 4  # br gives a little more than it is asked for


@settings(deadline=None)
@given(st.binary(max_size=3000), st.integers(1, 4000), st.lists(st.sampled_from(["gzip", "deflate"]), max_size=4))
def test_layers_are_undone_in_reverse_order(data: bytes, step: int, names: list[str]) -> None:
    packed = data
    for name in names:
        packed = coded(name, packed)
    assert undo(packed, ", ".join(names), step=step) == data


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br"]))
def test_garbage_in_any_coding_is_an_error_of_ours_or_a_body(data: bytes, names: str) -> None:
    try:
        undo(data, names)
        undo(b"\x1f\x8b" + data, names)
    except coding.CodingError:
        pass
