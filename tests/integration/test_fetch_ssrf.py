"""No page makes us talk to our own network: names that lead there, and redirects that do, end before a connection.

DNS and the network are stood in for, so nothing leaves this machine; TLS, HTTP and redirects are real. The rows
are those of the conformance data where it is at hand, and some of our own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from hostile_server import PAGE, HostileServer, Scene, redirect, reply
from hostile_server.certificates import make_certificate
from hostile_server.standins import Resolver, Wire
from labelled_data import rows_if_there
from newsdesk.fetch.addresses import check_url
from newsdesk.fetch.fetcher import fetch, open_session
from newsdesk.model import Outcome, Response

pytest_plugins = ["hostile_server.fixtures"]

PUBLIC = "93.184.215.14"
HOST = "news.example"


def rows(*kinds: str) -> list[Any]:
    """The file's rows of these classes, else of all others; one that skips where the file is missing."""
    read = rows_if_there("conformance/ssrf.jsonl.gz")
    if not read:
        return [pytest.param({}, marks=pytest.mark.skip(reason="the labelled data is not here"))]
    some = [row for row in read if (row["cls"] in kinds if kinds else row["cls"] not in ("dns", "redirect"))]
    return [pytest.param(row, id=row["id"]) for row in some]


@pytest.mark.parametrize("row", rows())
def test_each_address_is_judged_as_the_registries_have_it(row: dict[str, Any], resolver: Resolver) -> None:
    resolver.answers = [[PUBLIC]]
    verdict = check_url(row["url"])
    assert verdict.allowed is not row["must_block"], (row["why"], verdict.why)
    assert verdict.why


@pytest.mark.parametrize("row", rows())
def test_each_address_is_fetched_or_not(
    row: dict[str, Any], session: requests.Session, resolver: Resolver, wire: Wire
) -> None:
    """The same, seen from the socket: a connection is tried exactly where it may be."""
    resolver.answers = [[PUBLIC]]
    answer = fetch(session, row["url"], deadline=2, max_bytes=1000)
    assert answer.outcome is (Outcome.BLOCKED_ADDRESS if row["must_block"] else Outcome.CONNECTION)
    assert bool(wire.connected) is not row["must_block"]


@pytest.mark.parametrize("row", rows("dns"))
def test_each_lie_of_dns_comes_to_nothing(
    row: dict[str, Any], session: requests.Session, resolver: Resolver, wire: Wire
) -> None:
    resolver.answers = json.loads(row["why"].rpartition("resolver answers ")[2])
    is_rebinding = len(resolver.answers) > 1
    answer = fetch(session, row["url"], deadline=2, max_bytes=1000)
    if is_rebinding:  # allowed by the one look-up, and connected to its answer only
        assert (answer.outcome, wire.connected, resolver.asked) == (Outcome.CONNECTION, [(PUBLIC, 443)], [HOST])
    else:
        empty = resolver.answers == [[]]
        assert answer.outcome is (Outcome.DNS if empty else Outcome.BLOCKED_ADDRESS)
        assert wire.connected == []


@pytest.fixture
def site(tmp_path: Path, resolver: Resolver, wire: Wire) -> Iterator[Site]:
    made = make_certificate(tmp_path, HOST, "rebind.example")
    with HostileServer({}, tls=made.context) as server, open_session("t", authorities=str(made.pem)) as session:
        wire.servers[PUBLIC, 443] = server.port
        resolver.by_name = {HOST: [[PUBLIC]], "rebind.example": [["127.0.0.1"]]}
        yield Site(server, session)


class Site:
    """https://news.example/, on the loopback."""

    def __init__(self, server: HostileServer, session: requests.Session) -> None:
        self.server, self.session = server, session

    def leads(self, chain: list[str]) -> Response:
        """Fetch a page of the site that redirects along the chain; hops on the site redirect to the next one."""
        path = "/start"
        for target in chain:
            self._play(path, redirect(target))
            path = target.removeprefix(f"https://{HOST}")
        return fetch(self.session, f"https://{HOST}/start", deadline=5, max_bytes=10_000)

    def page(self, body: bytes, *headers: str) -> Response:
        self._play("/start", reply(body, *headers))
        return fetch(self.session, f"https://{HOST}/start", deadline=5, max_bytes=10_000)

    def _play(self, path: str, answer: bytes) -> None:
        self.server.scenes[path] = Scene(path, "", None, lambda request: answer, hangs_up=False)


@pytest.mark.parametrize("row", rows("redirect"))
def test_each_redirect_to_us_ends_before_the_hop(row: dict[str, Any], site: Site, wire: Wire) -> None:
    chain = re.split(r"\s*->\s*", row["why"].rpartition("leads to ")[2])
    assert site.leads(chain).outcome is Outcome.BLOCKED_ADDRESS
    assert set(wire.connected) == {(PUBLIC, 443)}


@pytest.mark.parametrize(
    "chain",
    [
        ["http://169.254.169.254/latest/"],
        ["http://[::1]/"],
        ["http://2130706433/"],
        ["//127.0.0.1/x"],
        ["ftp://news.example/x"],
        ["file:///etc/hostname"],
        ["https://news.example:6379/"],
        ["https://rebind.example/"],
        ["https://news.example/b", "https://news.example/c", "http://10.0.0.1/"],
        ["https://user@news.example/"],
    ],
    ids=lambda chain: chain[-1],
)
def test_a_redirect_to_us_ends_before_the_hop(chain: list[str], site: Site, wire: Wire) -> None:
    assert site.leads(chain).outcome is Outcome.BLOCKED_ADDRESS
    assert set(wire.connected) == {(PUBLIC, 443)}


def test_a_redirect_to_a_public_page_is_followed(site: Site) -> None:
    site._play("/b", reply())
    assert site.leads(["https://news.example/b"]).body == PAGE


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (b"<meta http-equiv=refresh content='0;url=http://127.0.0.1/'>", "X-None: 1"),
        (b"<p>on we go", "Refresh: 0;url=http://[::1]/"),
    ],
)
def test_a_refresh_to_us_ends_before_the_hop(body: bytes, header: str, site: Site, wire: Wire) -> None:
    assert site.page(body, header).outcome is Outcome.BLOCKED_ADDRESS
    assert set(wire.connected) == {(PUBLIC, 443)}


def test_a_name_that_turns_private_between_two_hops_is_refused(site: Site, resolver: Resolver, wire: Wire) -> None:
    """A new connection is a new look-up, judged anew; the kept-alive one goes to what was judged before."""
    resolver.by_name[HOST] = [[PUBLIC], ["10.0.0.1"]]
    site._play("/b", reply(b"end", "Connection: close"))
    site._play("/start", redirect("/b").replace(b"Content-Length", b"Connection: close\r\nContent-Length"))
    answer = fetch(site.session, f"https://{HOST}/start", deadline=5, max_bytes=10_000)
    assert answer.outcome is Outcome.BLOCKED_ADDRESS
    assert set(wire.connected) == {(PUBLIC, 443)}
