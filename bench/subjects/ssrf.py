"""Addresses that must never be connected to: the whole way of a fetch, on a network that exists only here.

Nothing leaves the machine: look-ups are answered from the row, and a connection is noted instead of made. A verdict
is what was connected to, not what a function says: so a name that answers differently the second time shows.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any
from urllib.parse import urljoin, urlsplit

from subjects.scoring import OURS, Reader, Row, Subject

PUBLIC = "93.184.215.14"
INSIDE = "10.0.0.5"
_LOOPBACK_NAMES = ("localhost", "localtest.me", "lvh.me", "localdomain")
_real_look_up = socket.getaddrinfo

Connected = set[tuple[str, int]]


def part(row: Row) -> str | None:
    return "must be fetched" if not row["must_block"] else f"must be blocked: {row['cls']}"


def judge(row: Row, connected: Connected) -> list[str]:
    if not row["must_block"]:
        return [] if connected else ["is refused"]
    # What a row of the second chance gave at first is public: to go there is no fault.
    fair = {(PUBLIC, 80), (PUBLIC, 443)} if row["cls"] in ("dns", "redirect") else set()
    beyond = connected - fair
    return [f"connects to {', '.join(f'{ip} port {port}' for ip, port in sorted(beyond))}"] if beyond else []


def hops(row: Row) -> list[str]:
    """The addresses that the fetch of the row comes to, one after the other."""
    if row["cls"] != "redirect":
        return [row["url"]]
    chain = row["why"].split("leads to ")[1].split(" -> ")
    found = [row["url"]]
    for step in chain:
        found.append(urljoin(found[-1], step))
    return found


def answers(row: Row) -> Callable[[str], list[str]]:
    """The resolver of the row: the answers to one name, look-up by look-up."""
    if row["cls"] == "dns":
        rounds = json.loads(row["why"].split("resolver answers ")[1])
    elif "rebind" in row["id"]:
        rounds = [[PUBLIC], ["127.0.0.1"]]
    else:
        rounds = []
    asked = 0

    def look_up(name: str) -> list[str]:
        nonlocal asked
        name = name.lower().rstrip(".")
        if rounds and (row["cls"] == "dns" or name.startswith("rebind")):
            asked += 1
            return list(rounds[min(asked, len(rounds)) - 1])
        if name.endswith((".invalid", ".test")) or not name.strip(".-"):
            return []
        if name.endswith(_LOOPBACK_NAMES):
            return ["127.0.0.1"]
        public = not row["must_block"] or name.endswith((".example", "example.com", "evil.com"))
        return [PUBLIC] if public else [INSIDE]

    return look_up


@contextmanager
def no_network(look_up: Callable[[str], list[str]]) -> Iterator[Connected]:
    connected: Connected = set()

    def getaddrinfo(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> Any:  # noqa: A002
        text = host.decode() if isinstance(host, bytes) else str(host or "")
        try:
            return _real_look_up(text, port, family, type or socket.SOCK_STREAM, proto, socket.AI_NUMERICHOST)
        except socket.gaierror:
            found = look_up(text)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        kinds = {4: socket.AF_INET, 6: socket.AF_INET6}
        number = int(port) if port else 0
        return [
            (kinds[ip_address(ip).version], socket.SOCK_STREAM, 6, "",
             (ip, number) if ip_address(ip).version == 4 else (ip, number, 0, 0))
            for ip in found
        ]  # fmt: skip

    def connect(self: socket.socket, address: Any) -> None:
        connected.add((address[0], address[1]))
        raise ConnectionRefusedError("nothing is connected to in this test")

    def connect_ex(self: socket.socket, address: Any) -> int:
        connected.add((address[0], address[1]))
        return 111

    changed: dict[str, Any] = {"connect": connect, "connect_ex": connect_ex}
    socket.getaddrinfo = getaddrinfo
    for name, stub in changed.items():
        setattr(socket.socket, name, stub)
    try:
        yield connected
    finally:
        socket.getaddrinfo = _real_look_up
        for name in changed:
            delattr(socket.socket, name)  # the one of the C class below shows again


def on_no_network(visit: Callable[[str], None]) -> Callable[[Row], Connected]:
    def read(row: Row) -> Connected:
        with no_network(answers(row)) as connected:
            for url in hops(row):
                visit(url)
        return connected

    return read


def ours() -> Callable[[Row], Connected]:
    from newsdesk.fetch.fetcher import fetch, open_session

    session = open_session("newsdesk")

    def visit(url: str) -> None:
        fetch(session, url, deadline=2.0, max_bytes=100_000)

    return on_no_network(visit)


def naive() -> Callable[[Row], Connected]:
    """What is often written: look the name up, ask `is_global` of the answers, then let requests fetch."""
    import requests

    session = requests.Session()
    session.trust_env = False

    def visit(url: str) -> None:
        try:
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                return
            found = socket.getaddrinfo(parts.hostname, parts.port or 80)
            if not all(ip_address(entry[4][0]).is_global for entry in found):
                return
            session.get(url, timeout=1, allow_redirects=False)
        except (requests.RequestException, OSError, ValueError):
            return

    return on_no_network(visit)


def readers() -> list[Reader]:
    return [Reader(OURS, ours()), Reader("look-up + is_global + requests", naive())]


SSRF = Subject(
    "ssrf", "ssrf",
    "A row is right when nothing was connected to that must not be (or something was, where it must). Redirects are "
    "followed hop by hop in both columns, which flatters the naive one.",
    part, readers, judge, speed_of=None,
)  # fmt: skip
