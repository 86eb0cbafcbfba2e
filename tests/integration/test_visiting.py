"""A visit by a good guest: whatever a server answers, it ends in an outcome and never in an exception."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hostile_server.standins import Resolver, Wire
from newsdesk.connections import request_headers
from newsdesk.model import Outcome
from newsdesk.visiting import Guest
from pacing import NO_ROBOTS, Host, guest_of, moved, serving, source_of

pytest_plugins = ["hostile_server.fixtures"]

TARGETS = (
    "ftp://files.example/a",
    "javascript:alert(1)",
    "http://a..b/",
    "http://[::1",
    "file:///etc/passwd",
    "http://10.0.0.1/",
)


def test_a_redirect_to_no_usable_address_is_an_outcome(dsn: str) -> None:
    moves = {f"/{number}": moved(target) for number, target in enumerate(TARGETS)}
    with serving(Host({"/robots.txt": NO_ROBOTS, **moves})) as host:
        guest, source = guest_of(dsn), source_of(host.origin)
        found = {target: guest.get(source, f"{host.origin}/{number}").outcome for number, target in enumerate(TARGETS)}
    assert set(found.values()) <= {Outcome.BLOCKED_ADDRESS, Outcome.BAD_REDIRECT}, found


def test_a_host_is_not_left_alone_for_what_another_one_asked(dsn: str) -> None:
    stay_away = (429, {"Retry-After": "60"}, b"", 0.0)
    with serving(Host({"/robots.txt": NO_ROBOTS, "/": stay_away})) as busy, serving(Host()) as host:
        host.scenes = {"/robots.txt": NO_ROBOTS, "/to": moved(f"{busy.origin}/a"), "/none": (404, {}, b"", 0.0)}
        guest, source = guest_of(dsn), source_of(host.origin, busy.origin)
        assert guest.get(source, f"{busy.origin}/").outcome is Outcome.RATE_LIMITED
        assert guest.get(source, f"{host.origin}/to").outcome is Outcome.RATE_LIMITED  # its target's host is left alone
        assert guest.get(source, f"{host.origin}/none").outcome is Outcome.GONE  # the host itself is not


def test_a_sources_headers_are_for_its_own_sites_only() -> None:
    guest = Guest(guest_of("").settings, "", lambda name: {"X-Subscriber": name})
    source = replace(source_of("https://www.example.com"), headers="paid")
    assert guest.headers_for(source, "https://news.example.com/a") == {"X-Subscriber": "paid"}
    assert guest.headers_for(source, "https://elsewhere.example.org/linked-in-its-feed") == {}
    assert guest.headers_for(replace(source, headers=None), "https://www.example.com/a") == {}


def test_an_address_that_is_none_gets_no_headers_and_ends_no_step(dsn: str) -> None:
    guest = Guest(guest_of(dsn).settings, dsn, lambda name: {"X-Subscriber": name})
    source = replace(source_of("https://www.example.com"), headers="paid")
    assert guest.get(source, "https://www..example.com/map.xml").outcome is Outcome.BLOCKED_ADDRESS


def test_a_source_whose_connection_is_missing_is_not_asked_and_ends_no_step(dsn: str) -> None:
    with serving(Host({"/robots.txt": NO_ROBOTS})) as host:
        guest = Guest(guest_of(dsn).settings, dsn, lambda name: request_headers(name, {}))
        answer = guest.get(replace(source_of(host.origin), headers="paid"), f"{host.origin}/a")
        assert host.log == []
    assert (answer.outcome, answer.status) == (Outcome.CONNECTION, None)
    assert answer.retry_after  # not asked, so not counted as a failure
    assert "'paid'" in (answer.reason or "")
    assert "AIRFLOW_CONN_PAID" in (answer.reason or "")


@pytest.mark.parametrize("public_answers", [1, 2])
@pytest.mark.parametrize("path", ["/linked", "/redirect"])
def test_a_source_with_private_servers_opens_no_other_part_of_the_private_network(
    path: str, public_answers: int, dsn: str, resolver: Resolver, wire: Wire
) -> None:
    """DNS that answers otherwise the second time gains nothing here either."""
    public, private = "93.184.215.14", "10.0.0.5"
    with serving(Host({"/robots.txt": NO_ROBOTS, "/redirect": moved("http://evil.example/")})) as host:
        port = int(host.name.rpartition(":")[2])
        wire.servers = {("127.0.0.1", port): port}
        resolver.answers = [*[[public]] * public_answers, [private]]
        url = "http://evil.example/" if path == "/linked" else f"{host.origin}{path}"
        answer = guest_of(dsn).get(source_of(host.origin), url)
    assert answer.outcome in (Outcome.BLOCKED_ADDRESS, Outcome.CONNECTION), answer
    assert private not in {address for address, _ in wire.connected}
