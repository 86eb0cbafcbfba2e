"""Fixtures of the tests that fetch: `pytest_plugins = ["hostile_server.fixtures"]`."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from hostile_server import DEADLINE, MAX_BYTES, HostileServer
from hostile_server.standins import Resolver, Visit, Wire, anywhere
from newsdesk.fetch.fetcher import fetch, open_session
from newsdesk.fetch.wire import BudgetSocket
from newsdesk.model import Response


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
        options = {"deadline": DEADLINE, "max_bytes": MAX_BYTES, "allow_private": anywhere, **options}
        return fetch(session, server.url(path) if path.startswith("/") else path, **options)

    return go


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    fake = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", fake)
    return fake


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    fake = Wire()

    def connect(sock: socket.socket, address: tuple[str, int]) -> None:
        fake.connected.append(address)
        if address not in fake.servers:
            raise ConnectionRefusedError(111, "not in a test")
        socket.socket.connect(sock, ("127.0.0.1", fake.servers[address]))

    monkeypatch.setattr(BudgetSocket, "connect", connect, raising=False)
    return fake
