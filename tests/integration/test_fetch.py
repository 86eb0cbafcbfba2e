"""fetch against a server of our own that misbehaves in every way of `hostile_server`."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hostile_server import (
    DEADLINE,
    SCENES,
    HostileServer,
    Scene,
    chunked,
)
from hostile_server.standins import GRACE, Visit
from newsdesk.fetch.media import HTML
from newsdesk.model import Outcome, Response

pytest_plugins = ["hostile_server.fixtures"]


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


def test_a_type_that_is_not_wanted_is_not_read(visit: Visit) -> None:
    answer = visit("/endless", accept_types=("image/",))
    assert (answer.outcome, answer.reason) == (Outcome.WRONG_TYPE, "the content type is text/html")
    assert visit("/page", accept_types=HTML).outcome is None
    assert visit("/no-type", accept_types=("text/html",)).outcome is None


def test_retry_after_is_told_in_seconds_and_capped_at_a_day(visit: Visit) -> None:
    assert [visit(path).retry_after for path in ("/429", "/429-bare", "/429-week", "/503-later")] == [
        120.0,
        None,
        86400.0,
        None,
    ]


def test_the_body_of_a_refusal_is_kept_as_evidence(visit: Visit) -> None:
    answer = visit("/403")
    assert answer.outcome is Outcome.HTTP_ERROR
    assert b"Just a moment" in answer.body


def test_a_gate_or_the_home_page_is_judged_for_pages_only(visit: Visit) -> None:
    assert visit("/to-login", accept_types=HTML).outcome is Outcome.WALL
    assert visit("/to-login").outcome is None
    assert visit("/consent/collect", accept_types=HTML).outcome is None  # asked for itself


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
def test_a_url_that_leads_nowhere_ends_as_what_it_met(url: str, outcome: Outcome, visit: Visit) -> None:
    answer = visit(url)
    assert answer.outcome is outcome, answer.reason


def test_a_private_address_is_refused_unless_allowed(visit: Visit, server: HostileServer) -> None:
    before = server.connections
    answer = visit("/page", allow_private=lambda _: False)
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
