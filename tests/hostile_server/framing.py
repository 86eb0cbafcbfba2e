"""Bodies too large, cut, or framed in a way that cannot be trusted."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterable

from hostile_server.server import DEADLINE, PAGE, Answer, Request, chunked, reply, scene
from newsdesk.model import Outcome


@scene("/too-large", Outcome.TOO_LARGE, hangs_up=True)
def content_length_over_the_limit(request: Request) -> Iterable[bytes]:
    yield reply(b"", length=2_000_000_000)
    time.sleep(DEADLINE * 2)  # a fetcher that waits for the body would end in TIMEOUT


@scene("/endless", Outcome.TOO_LARGE, hangs_up=True)
def endless_body(request: Request) -> Answer:
    yield reply(b"", length=None)
    while True:
        yield PAGE


@scene("/endless-chunks", Outcome.TOO_LARGE, hangs_up=True)
def endless_chunks(request: Request) -> Answer:
    yield reply(b"", "Transfer-Encoding: chunked", length=None)
    while True:
        yield chunked(PAGE, end=b"")


@scene("/length-too-large", Outcome.INCOMPLETE, hangs_up=True)
def content_length_too_large(request: Request) -> Answer:
    return reply(PAGE, length=len(PAGE) + 500)


@scene("/length-negative", Outcome.PROTOCOL, hangs_up=True)
def content_length_negative(request: Request) -> Answer:
    return reply(PAGE, length=-5)


@scene("/length-words", Outcome.PROTOCOL, hangs_up=True)
def content_length_no_number(request: Request) -> Answer:
    return reply(PAGE, length="many")


@scene("/two-lengths", Outcome.PROTOCOL, hangs_up=True)
def two_different_content_lengths(request: Request) -> Answer:
    return reply(PAGE, "Content-Length: 12")


@scene("/chunk-cut", Outcome.INCOMPLETE, hangs_up=True)
def cut_in_a_chunk(request: Request) -> Answer:
    return reply(chunked(PAGE)[:300], "Transfer-Encoding: chunked", length=None)


@scene("/chunk-no-end", Outcome.INCOMPLETE, hangs_up=True)
def no_last_chunk(request: Request) -> Answer:
    return reply(chunked(PAGE, end=b""), "Transfer-Encoding: chunked", length=None)


@scene("/chunk-garbage", Outcome.INCOMPLETE, hangs_up=True)
def chunk_size_is_garbage(request: Request) -> Answer:
    return reply(b"zzz\r\n" + PAGE, "Transfer-Encoding: chunked", length=None)


@scene("/chunk-huge", Outcome.INCOMPLETE, hangs_up=True)
def chunk_size_of_sixteen_f(request: Request) -> Answer:
    return reply(b"FFFFFFFFFFFFFFFF\r\n" + PAGE, "Transfer-Encoding: chunked", length=None)


@scene("/chunk-negative", Outcome.PROTOCOL, hangs_up=True)
def chunk_size_minus_one_then_no_end(request: Request) -> Answer:
    yield reply(b" -1\r\n", "Transfer-Encoding: chunked", length=None)
    while True:
        yield PAGE


@scene("/chunk-extension-flood", Outcome.PROTOCOL, hangs_up=True)
def chunk_extensions_without_end(request: Request) -> Answer:
    yield reply(b"", "Transfer-Encoding: chunked", length=None)
    while True:
        yield b"1;" + b"x" * 60_000 + b"\r\na\r\n"


@scene("/transfer-unknown", Outcome.PROTOCOL, hangs_up=True)
def unknown_transfer_coding(request: Request) -> Answer:
    return reply(PAGE, "Transfer-Encoding: foo", length=None)


@scene("/transfer-gzip-chunked", Outcome.PROTOCOL, hangs_up=True)
def transfer_coding_gzip_chunked(request: Request) -> Answer:
    return reply(chunked(gzip.compress(PAGE)), "Transfer-Encoding: gzip, chunked", length=None)


@scene("/two-same-lengths")
def the_same_content_length_twice(request: Request) -> Answer:
    return reply(PAGE, f"Content-Length: {len(PAGE)}")


@scene("/length-too-small-kept", body=PAGE[:10])
def content_length_too_small_and_the_connection_stays(request: Request) -> Answer:
    return reply(PAGE, length=10)


@scene("/second-answer-unasked")
def a_second_answer_behind_the_page(request: Request) -> Answer:
    return reply() + reply(b"not what was asked")


@scene("/chunk-extension-long", Outcome.PROTOCOL, hangs_up=True)
def a_chunk_extension_of_a_megabyte(request: Request) -> Answer:
    return reply(b"5;" + b"x" * 1_000_000 + b"\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked", length=None)


_LONG = PAGE * 14
_BUFFER = 8192 - len(reply(b"", length=8000))  # of the body, what the reader's first buffer holds


@scene("/length-too-small-long", body=_LONG[:_BUFFER])
def content_length_that_ends_with_the_readers_buffer(request: Request) -> Answer:
    """Over TLS the rest is then where neither the reader nor the kernel shows it."""
    return reply(_LONG, length=_BUFFER)
