"""The ways that a visit takes beyond its first request: redirects, refreshes, second tries; each has its turn."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hostile_server import (
    MAX_BYTES,
    PAGE,
    Answer,
    HostileServer,
    Request,
    Scene,
    redirect,
)
from hostile_server.certificates import make_certificate
from hostile_server.standins import Resolver, Visit, anywhere
from newsdesk.fetch.fetcher import fetch, open_session
from newsdesk.model import Outcome
from newsdesk.urls import canonical_key

pytest_plugins = ["hostile_server.fixtures"]


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


def test_a_refresh_is_a_hop_like_any_other(visit: Visit, server: HostileServer) -> None:
    seen: list[str] = []
    answer = visit("/meta-refresh", before_hop=lambda url: seen.append(url))
    assert seen == [answer.final_url] == [server.url("/page?a=1&b=2")]
    assert answer.redirects == (server.url("/meta-refresh"),)
    assert visit("/meta-refresh", before_hop=lambda url: Outcome.ROBOTS_DENIED).outcome is Outcome.ROBOTS_DENIED


def test_a_fragment_goes_with_the_reader_and_not_into_the_key(visit: Visit, server: HostileServer) -> None:
    answer = visit("/307#part-2")
    assert answer.final_url == server.url("/page#part-2")
    assert visit("/redirect#part-2").final_url == server.url("/page#section")
    assert "#" not in canonical_key(answer.final_url)
    assert not any("#" in request.path for request in server.requests)


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
            answer = fetch(trusting, targets["http"], deadline=5, max_bytes=MAX_BYTES, allow_private=anywhere)
        assert (answer.outcome, len(plain.requests), len(secure.requests)) == (Outcome.REDIRECT_LOOP, 1, 1)


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
