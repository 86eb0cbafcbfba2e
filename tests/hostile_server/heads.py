"""Status lines and headers."""

from __future__ import annotations

import time

from hostile_server.server import PAGE, Answer, Request, Reset, reply, scene
from newsdesk.model import Outcome


@scene("/empty-reply", Outcome.CONNECTION, hangs_up=True)
def empty_reply(request: Request) -> Answer:
    return b""


@scene("/reset", Outcome.CONNECTION, hangs_up=True)
def reset_before_the_answer(request: Request) -> Answer:
    raise Reset


@scene("/reset-in-body", Outcome.CONNECTION, hangs_up=True)
def reset_in_mid_body(request: Request) -> Answer:
    yield reply(PAGE, length=100_000)
    time.sleep(0.1)  # let it be read, or the reset overtakes it
    raise Reset


@scene("/http09", Outcome.PROTOCOL, hangs_up=True)
def http_0_9(request: Request) -> Answer:
    return PAGE


@scene("/garbage-status", Outcome.PROTOCOL, hangs_up=True)
def garbage_status_line(request: Request) -> Answer:
    return b"HTTP/1.1 two hundred\r\n\r\n" + PAGE


@scene("/many-headers", Outcome.PROTOCOL, hangs_up=True)
def a_thousand_headers(request: Request) -> Answer:
    return reply(PAGE, *(f"X-{number}: x" for number in range(1000)))


@scene("/long-header", Outcome.PROTOCOL, hangs_up=True)
def header_of_100_kilobytes(request: Request) -> Answer:
    return reply(PAGE, "X-Long: " + "x" * 100_000)


@scene("/lines-without-colon", Outcome.PROTOCOL, hangs_up=True)
def endless_lines_without_colon(request: Request) -> Answer:
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"no header at all\r\n" * 1000


@scene("/interim-flood", Outcome.PROTOCOL, hangs_up=True)
def endless_early_hints(request: Request) -> Answer:
    while True:
        yield b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100


@scene("/head-cut", Outcome.INCOMPLETE, hangs_up=True)
def head_cut_short(request: Request) -> Answer:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Fra"


@scene("/headers-400")
def four_hundred_headers(request: Request) -> Answer:
    return reply(PAGE, *(f"X-{number}: {'x' * 300}" for number in range(400)))


@scene("/headers-odd")
def names_with_blanks_and_lines_with_bare_cr(request: Request) -> Answer:
    return reply(PAGE, "X Odd: 1", ": no name", "X-\xe9: 1", "X-Cr: a\rb", "X-After: kept")


@scene("/status-0", Outcome.PROTOCOL, hangs_up=True)
def status_zero(request: Request) -> Answer:
    return reply(status="0 Nothing")
