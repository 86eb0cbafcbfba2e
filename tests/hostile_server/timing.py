"""Servers that take their time."""

from __future__ import annotations

import time

from hostile_server.server import DEADLINE, Answer, Request, chunked, reply, scene
from newsdesk.model import Outcome


@scene("/silent", Outcome.TIMEOUT, hangs_up=True)
def says_nothing(request: Request) -> Answer:
    time.sleep(DEADLINE * 2)
    return b""


@scene("/trickled-head", Outcome.TIMEOUT, hangs_up=True)
def trickles_the_headers(request: Request) -> Answer:
    yield b"HTTP/1.1 200 OK\r\nX-Slow: "
    while True:
        time.sleep(0.05)
        yield b"x"


@scene("/trickled-body", Outcome.TIMEOUT, hangs_up=True)
def trickles_the_body(request: Request) -> Answer:
    yield reply(b"", length=100_000)
    while True:
        time.sleep(0.05)
        yield b"x"


@scene("/trickled-chunks", Outcome.TIMEOUT, hangs_up=True)
def trickles_chunk_by_chunk(request: Request) -> Answer:
    yield reply(b"", "Transfer-Encoding: chunked", length=None)
    while True:
        time.sleep(0.05)
        yield chunked(b"x", end=b"")


@scene("/slow-redirects", Outcome.TIMEOUT, hangs_up=True)
def each_redirect_takes_its_time(request: Request) -> Answer:
    time.sleep(0.2)
    number = int(request.path.partition("?")[2] or 0)
    return reply(b"", f"Location: /slow-redirects?{number + 1}", status="302 Found")
