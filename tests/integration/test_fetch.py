"""fetch against a server of our own that misbehaves in every way of `hostile_server`."""

from __future__ import annotations

import gzip
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hostile_server import (
    DEADLINE,
    MAX_BYTES,
    PAGE,
    SCENES,
    Answer,
    HostileServer,
    Request,
    Scene,
    chunked,
    redirect,
    reply,
)
from hostile_server.certificates import make_certificate
from hostile_server.standins import GRACE, Resolver, Visit
from newsdesk.fetch.fetcher import fetch, open_session
from newsdesk.fetch.status import read_retry_after
from newsdesk.model import Outcome, Response
from newsdesk.urls import canonical_key

pytest_plugins = ["hostile_server.fixtures"]

HTML = ("text/html", "application/xhtml")


@pytest.mark.parametrize("scene", SCENES.values(), ids=lambda scene: scene.path)
def test_each_misbehaviour_ends_in_its_outcome(scene: Scene, visit: Visit) -> None:
    deadline = DEADLINE if scene.outcome is Outcome.TIMEOUT else 10.0
    answer = visit(scene.path, deadline=deadline, accept_types=HTML if scene.as_page else ())
    assert answer.outcome == scene.outcome, answer.reason
    assert answer.elapsed < deadline + GRACE
    assert (answer.reason is None) == (answer.outcome is None)
    if scene.outcome is None and scene.body is not None:
        assert answer.body == scene.body


def test_threads_share_a_session_and_each_url_ends_in_its_own_outcome(visit: Visit) -> None:
    scenes = [scene for scene in SCENES.values() if scene.outcome is not Outcome.TIMEOUT] * 3
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda scene: visit(scene.path, deadline=10, accept_types=HTML if scene.as_page else ()), scenes)
        )
    assert [answer.outcome for answer in answers] == [scene.outcome for scene in scenes]


def test_a_body_without_outcome_is_whole_and_one_cut_short_is_not_handed_out(visit: Visit) -> None:
    assert visit("/length-too-large").body == b""
    assert visit("/gzip-cut").body == b""


def test_the_headers_behind_a_line_without_colon_are_kept(visit: Visit) -> None:
    assert visit("/no-colon").header("x-after") == "kept"


def test_hundreds_of_headers_are_kept_and_odd_ones_cost_no_others(visit: Visit) -> None:
    assert visit("/headers-400").header("x-399") == "x" * 300
    answer = visit("/headers-odd")
    assert (answer.header("x-after"), answer.header("x-cr")) == ("kept", "a b")


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


def test_two_visits_send_the_same_headers(visit: Visit, server: HostileServer) -> None:
    visit("/set-cookie")
    first = server.requests[-1].headers
    visit("/set-cookie")
    assert server.requests[-1].headers == first


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
    answer = visit("/redirect", deadline=1, before_hop=lambda url: time.sleep(1.1))
    assert answer.outcome is None
    assert answer.elapsed < 1


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


@pytest.mark.parametrize(
    "path", ["/length-too-small-kept", "/length-too-small-long", "/second-answer-unasked", "/chunked-and-length"]
)
def test_a_connection_that_carries_more_than_its_answer_is_not_used_again(path: str, session: requests.Session) -> None:
    with HostileServer() as server:
        for connections in (1, 2):
            fetch(session, server.url(path), deadline=2, max_bytes=MAX_BYTES, allow_private=True)
            page = fetch(session, server.url("/no-such"), deadline=2, max_bytes=MAX_BYTES, allow_private=True)
            assert (page.body, server.connections) == (b"no such scene", connections + 1)


@pytest.mark.parametrize("path", ["/421", "/gzip-crc-once", "/406", "/304-of-a-cache"])
def test_what_is_asked_once_more_is_asked_twice_and_waits_its_turn(
    path: str, visit: Visit, server: HostileServer
) -> None:
    turns: list[str] = []
    before = len(server.requests)
    answer = visit(path, before_hop=lambda url: turns.append(url))
    assert (answer.outcome, answer.body, answer.redirects) == (None, PAGE, ())
    assert turns == [server.url(path)]
    assert len(server.requests) == before + 2


@pytest.mark.parametrize("path", ["/421-always", "/gzip-crc", "/406-always", "/304"])
def test_nothing_is_asked_more_than_once_more_and_not_against_the_callers_will(
    path: str, visit: Visit, server: HostileServer
) -> None:
    for refusal, requests_made in ((None, 2), (Outcome.RATE_LIMITED, 1)):
        before = len(server.requests)
        assert visit(path, before_hop=lambda url, refusal=refusal: refusal).outcome in (
            Outcome.HTTP_ERROR, Outcome.PROTOCOL,
        )  # fmt: skip
        assert len(server.requests) == before + requests_made


def test_a_cookie_is_for_the_visit_and_the_host_that_set_it(visit: Visit, server: HostileServer) -> None:
    before = len(server.requests)
    assert visit("/cookie-wall").body == PAGE
    assert [request.headers.get("cookie") for request in server.requests[before:]] == [None, "seen=1"]
    visit("/page")
    assert "cookie" not in server.requests[-1].headers
    before = len(server.requests)
    assert visit("/cookie-wall-firm").outcome is Outcome.WALL
    assert len(server.requests) == before + 2


def test_flips_between_http_and_https_are_a_loop(tmp_path: Path, resolver: Resolver) -> None:
    resolver.answers = [["127.0.0.1"]]
    made = make_certificate(tmp_path, "www.example.com")
    scenes: dict[str, Scene] = {}
    with HostileServer(scenes) as plain, HostileServer(scenes, tls=made.context) as secure:
        targets = {"http": plain.url("/x", "www.example.com"), "https": secure.url("/x", "www.example.com")}

        def flip(request: Request) -> Answer:
            port = request.headers["host"].rpartition(":")[2]
            return redirect(targets["https" if port == str(plain.port) else "http"])

        scenes["/x"] = Scene("/x", "", None, flip, hangs_up=False)
        with open_session("t", authorities=str(made.pem)) as trusting:
            answer = fetch(trusting, targets["http"], deadline=5, max_bytes=MAX_BYTES, allow_private=True)
        assert (answer.outcome, len(plain.requests), len(secure.requests)) == (Outcome.REDIRECT_LOOP, 1, 1)


def test_a_fragment_goes_with_the_reader_and_not_into_the_key(visit: Visit, server: HostileServer) -> None:
    answer = visit("/307#part-2")
    assert answer.final_url == server.url("/page#part-2")
    assert visit("/redirect#part-2").final_url == server.url("/page#section")
    assert "#" not in canonical_key(answer.final_url)
    assert not any("#" in request.path for request in server.requests)


def test_a_refresh_is_a_hop_like_any_other(visit: Visit, server: HostileServer) -> None:
    seen: list[str] = []
    answer = visit("/meta-refresh", before_hop=lambda url: seen.append(url))
    assert seen == [answer.final_url] == [server.url("/page?a=1&b=2")]
    assert answer.redirects == (server.url("/meta-refresh"),)
    assert visit("/meta-refresh", before_hop=lambda url: Outcome.ROBOTS_DENIED).outcome is Outcome.ROBOTS_DENIED


def test_a_gate_or_the_home_page_is_judged_for_pages_only(visit: Visit) -> None:
    assert visit("/to-login", accept_types=HTML).outcome is Outcome.WALL
    assert visit("/to-login").outcome is None
    assert visit("/consent/collect", accept_types=HTML).outcome is None  # asked for itself


def test_a_kept_alive_connection_that_closes_as_we_ask_is_replaced_once(session: requests.Session) -> None:
    class ClosesAtSecondRequest(HostileServer):
        def _serve(self, conn: socket.socket, number: int) -> None:
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
                b"Set-Cookie: a=b; Domain=.0.1; Expires=Foo, 99 Jan",
                b"Location: /fuzz",
                b"Location: ?\xe9#x",
                b"Refresh: 0;url=/fuzz?1",
                b"Content-Disposition: attachment",
                b"Content-Type: application/octet-stream",
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
        [
            b"HTTP/1.1 200 OK",
            b"HTTP/1.1 302 X",
            b"HTTP/1.0 503",
            b"HTTP/1.1 100 ",
            b"HTTP/2 \xff",
            b"",
            b"HTTP/1.1 421 ",
            b"HTTP/1.1 304 X",
        ]
    ),
    head=_HEADS,
    body=st.one_of(
        st.binary(max_size=60),
        st.just(chunked(b"hello")),
        st.just(gzip.compress(b"hello")),
        st.binary(max_size=60).map(lambda target: b"<meta http-equiv=refresh content='0;url=" + target),
    ),
    wanted=st.sampled_from([(), HTML]),
)
def test_whatever_bytes_come_fetch_raises_nothing(
    status: bytes, head: list[bytes], body: bytes, wanted: tuple[str, ...], visit: Visit
) -> None:
    answer_bytes = b"\r\n".join([status, *head]) + b"\r\n\r\n" + body
    SCENES["/fuzz"] = Scene("/fuzz", "", None, lambda request: answer_bytes, hangs_up=True)
    try:
        answer = visit("/fuzz", deadline=2, accept_types=wanted)
    finally:
        del SCENES["/fuzz"]
    assert isinstance(answer, Response)
    assert answer.outcome is None or answer.reason
