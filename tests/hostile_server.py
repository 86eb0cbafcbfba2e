"""A web server on the loopback that misbehaves in every way we know of, one path for each way.

Raw sockets, since what it sends is mostly not HTTP as a library would send it. `SCENES` holds each path with what
it does and the outcome that a visit must end in (None: a page), so a test can walk through all of them:

    with HostileServer() as server:
        for scene in SCENES.values(): fetch(session, server.url(scene.path), ...)

Bodies of a usable page are PAGE. Nothing here waits longer than the client does: handlers stop when it hangs up.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from types import TracebackType

from newsdesk.model import Outcome

PAGE = b"<!doctype html><title>A page</title><p>" + b"The council met and talked of the harbour wall. " * 20
MAX_BYTES = 200_000  # the limit that scenes of size are made for
DEADLINE = 0.5  # seconds, likewise for scenes of time


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]  # names in lower case


Answer = bytes | Iterable[bytes]
Play = Callable[[Request], Answer]


@dataclass(frozen=True)
class Scene:
    path: str
    what: str
    outcome: Outcome | None
    play: Play
    hangs_up: bool  # the server closes behind the answer


SCENES: dict[str, Scene] = {}


class Reset(Exception):
    """Raised by a scene: close the connection with RST."""


def scene(path: str, outcome: Outcome | None = None, *, hangs_up: bool = True) -> Callable[[Play], Play]:
    def register(play: Play) -> Play:
        SCENES[path] = Scene(path, (play.__doc__ or play.__name__.replace("_", " ")).strip(), outcome, play, hangs_up)
        return play

    return register


def reply(body: bytes = PAGE, *headers: str, status: str = "200 OK", length: int | str | None = -1) -> bytes:
    """A response as bytes; `length` -1: the right Content-Length, None: no such header."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if not any(header.lower().startswith("content-type") for header in headers):
        lines.append("Content-Type: text/html; charset=utf-8")
    if length is not None:
        lines.append(f"Content-Length: {len(body) if length == -1 else length}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + end


@cache
def bomb(size: int, layers: int = 1) -> bytes:
    data = b" " * size
    for _ in range(layers):
        data = gzip.compress(data)
    return data


class HostileServer:
    """Plays `SCENES`, or the scenes given. `requests` lists what was asked, in order. `tls`: a server-side context."""

    def __init__(self, scenes: dict[str, Scene] | None = None, *, tls: ssl.SSLContext | None = None) -> None:
        self.scenes = SCENES if scenes is None else scenes
        self.requests: list[Request] = []
        self.connections = 0
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def __enter__(self) -> HostileServer:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                conn, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(conn,), daemon=True).start()

    def _serve(self, conn: socket.socket) -> None:
        try:
            conn.settimeout(10)
            if self._tls:
                conn = self._tls.wrap_socket(conn, server_side=True)
            with conn, conn.makefile("rb") as lines:
                while request := _read_request(lines):
                    self.requests.append(request)
                    played = self.scenes.get(request.path.partition("?")[0])
                    try:
                        _send(conn, played.play(request) if played else reply(b"no such scene", status="404 Not Found"))
                    except Reset:
                        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        return
                    if played and played.hangs_up:
                        return
        except OSError:
            pass  # the client has had enough


def _read_request(lines: Iterable[bytes]) -> Request | None:
    head = []
    for line in lines:
        if line in (b"\r\n", b"\n"):
            break
        head.append(line.decode("latin-1").strip())
    if not head:
        return None
    if head[0].count(" ") != 2:  # a TLS handshake, say
        return None
    method, path, _ = head[0].split(" ", 2)
    pairs = (line.partition(":") for line in head[1:])
    return Request(method, path, {name.lower(): value.strip() for name, _, value in pairs})


def _send(conn: socket.socket, answer: Answer) -> None:
    if isinstance(answer, bytes):
        conn.sendall(answer)
    else:
        for part in answer:
            conn.sendall(part)


# ---- pages -------------------------------------------------------------------------------------------------------


@scene("/page", hangs_up=False)
def page(request: Request) -> Answer:
    return reply(PAGE, 'ETag: W/"abc-gzip"', "Last-Modified: Tue, 19 Jan 2038 99:14:07 GMT")


@scene("/validated", hangs_up=False)
def validated(request: Request) -> Answer:
    """304 to a validator, whatever it is; else a page."""
    if "if-none-match" in request.headers or "if-modified-since" in request.headers:
        return reply(b"", 'ETag: W/"new"', status="304 Not Modified", length=None)
    return reply()


@scene("/http10")
def http_1_0_and_close(request: Request) -> Answer:
    return reply(length=None).replace(b"HTTP/1.1", b"HTTP/1.0")


@scene("/no-length")
def no_length_read_to_close(request: Request) -> Answer:
    return reply(length=None)


@scene("/chunked", hangs_up=False)
def in_chunks(request: Request) -> Answer:
    return reply(chunked(PAGE[:100], PAGE[100:]), "Transfer-Encoding: chunked", length=None)


@scene("/chunked-and-length", hangs_up=False)
def chunks_win_over_content_length(request: Request) -> Answer:
    return reply(chunked(PAGE), "Transfer-Encoding: chunked", length=7)


@scene("/chunk-extension", hangs_up=False)
def chunk_with_extension_and_trailer(request: Request) -> Answer:
    body = b"%x;name=value\r\n%s\r\n0\r\nX-Trailer: 1\r\n\r\n" % (len(PAGE), PAGE)
    return reply(body, "Transfer-Encoding: chunked", length=None)


@scene("/early-hints", hangs_up=False)
def early_hints_before_the_page(request: Request) -> Answer:
    return b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n" + reply()


@scene("/continues", hangs_up=False)
def fifty_times_100_continue(request: Request) -> Answer:
    return b"HTTP/1.1 100 Continue\r\n\r\n" * 50 + reply()


@scene("/no-colon", hangs_up=False)
def header_line_without_colon(request: Request) -> Answer:
    return reply(PAGE, "this is no header", "X-After: kept")


@scene("/no-type", hangs_up=False)
def no_content_type(request: Request) -> Answer:
    return reply().replace(b"Content-Type: text/html; charset=utf-8\r\n", b"")


@scene("/odd-type", hangs_up=False)
def content_type_in_bad_form(request: Request) -> Answer:
    return reply(PAGE, "Content-Type: text/html;;;charset")


@scene("/length-too-small")
def content_length_too_small_is_believed(request: Request) -> Answer:
    return reply(PAGE, length=10)


@scene("/set-cookie", hangs_up=False)
def sets_a_cookie(request: Request) -> Answer:
    return reply(PAGE, "Set-Cookie: visit=1; path=/")


# ---- content coding ----------------------------------------------------------------------------------------------


@scene("/gzip", hangs_up=False)
def gzip_page(request: Request) -> Answer:
    return reply(gzip.compress(PAGE), "Content-Encoding: gzip")


@scene("/gzip-members", hangs_up=False)
def gzip_of_several_members(request: Request) -> Answer:
    return reply(gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:]), "Content-Encoding: x-gzip")


@scene("/gzip-twice", hangs_up=False)
def gzip_twice(request: Request) -> Answer:
    return reply(gzip.compress(gzip.compress(PAGE)), "Content-Encoding: gzip, gzip")


@scene("/gzip-garbage-behind", hangs_up=False)
def garbage_behind_the_gzip(request: Request) -> Answer:
    return reply(gzip.compress(PAGE) + b"\0" * 50 + b"<!-- cached -->", "Content-Encoding: gzip")


@scene("/gzip-says-plain", hangs_up=False)
def says_gzip_sends_plain(request: Request) -> Answer:
    return reply(PAGE, "Content-Encoding: gzip")


@scene("/gzip-empty", hangs_up=False)
def says_gzip_sends_nothing(request: Request) -> Answer:
    return reply(b"", "Content-Encoding: gzip")


@scene("/deflate", hangs_up=False)
def deflate_as_zlib(request: Request) -> Answer:
    return reply(zlib.compress(PAGE), "Content-Encoding: deflate")


@scene("/deflate-raw", hangs_up=False)
def raw_deflate(request: Request) -> Answer:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return reply(stream.compress(PAGE) + stream.flush(), "Content-Encoding: deflate")


@scene("/coding-of-no-kind", hangs_up=False)
def content_encoding_that_is_none(request: Request) -> Answer:
    return reply(PAGE, "Content-Encoding: utf-8")


@scene("/gzip-cut", Outcome.INCOMPLETE, hangs_up=False)
def gzip_cut_in_mid_stream(request: Request) -> Answer:
    return reply(gzip.compress(PAGE)[:-30], "Content-Encoding: gzip")


@scene("/gzip-crc", Outcome.PROTOCOL, hangs_up=False)
def gzip_with_wrong_crc(request: Request) -> Answer:
    data = bytearray(gzip.compress(PAGE))
    data[-8] ^= 0xFF
    return reply(bytes(data), "Content-Encoding: gzip")


@scene("/coding-unknown", Outcome.PROTOCOL, hangs_up=False)
def content_coding_nobody_asked_for(request: Request) -> Answer:
    return reply(b"\x1f\x9d\x90" + PAGE, "Content-Encoding: compress")


@scene("/six-layers", Outcome.PROTOCOL, hangs_up=False)
def six_layers_of_gzip(request: Request) -> Answer:
    return reply(bomb(100, 6), "Content-Encoding: " + ", ".join(["gzip"] * 6))


@scene("/bomb", Outcome.TOO_LARGE)
def gzip_bomb(request: Request) -> Answer:
    return reply(bomb(20_000_000), "Content-Encoding: gzip")


@scene("/bomb-layers", Outcome.TOO_LARGE)
def gzip_bomb_in_three_layers(request: Request) -> Answer:
    return reply(bomb(50_000_000, 3), "Content-Encoding: gzip, gzip, gzip")


# ---- size and framing --------------------------------------------------------------------------------------------


@scene("/too-large", Outcome.TOO_LARGE)
def content_length_over_the_limit(request: Request) -> Iterable[bytes]:
    yield reply(b"", length=2_000_000_000)
    time.sleep(DEADLINE * 2)  # a fetcher that waits for the body would end in TIMEOUT


@scene("/endless", Outcome.TOO_LARGE)
def endless_body(request: Request) -> Answer:
    yield reply(b"", length=None)
    while True:
        yield PAGE


@scene("/endless-chunks", Outcome.TOO_LARGE)
def endless_chunks(request: Request) -> Answer:
    yield reply(b"", "Transfer-Encoding: chunked", length=None)
    while True:
        yield chunked(PAGE, end=b"")


@scene("/length-too-large", Outcome.INCOMPLETE)
def content_length_too_large(request: Request) -> Answer:
    return reply(PAGE, length=len(PAGE) + 500)


@scene("/length-negative", Outcome.PROTOCOL)
def content_length_negative(request: Request) -> Answer:
    return reply(PAGE, length=-5)


@scene("/length-words", Outcome.PROTOCOL)
def content_length_no_number(request: Request) -> Answer:
    return reply(PAGE, length="many")


@scene("/two-lengths", Outcome.PROTOCOL)
def two_different_content_lengths(request: Request) -> Answer:
    return reply(PAGE, "Content-Length: 12")


@scene("/chunk-cut", Outcome.INCOMPLETE)
def cut_in_a_chunk(request: Request) -> Answer:
    return reply(chunked(PAGE)[:300], "Transfer-Encoding: chunked", length=None)


@scene("/chunk-no-end", Outcome.INCOMPLETE)
def no_last_chunk(request: Request) -> Answer:
    return reply(chunked(PAGE, end=b""), "Transfer-Encoding: chunked", length=None)


@scene("/chunk-garbage", Outcome.INCOMPLETE)
def chunk_size_is_garbage(request: Request) -> Answer:
    return reply(b"zzz\r\n" + PAGE, "Transfer-Encoding: chunked", length=None)


@scene("/chunk-huge", Outcome.INCOMPLETE)
def chunk_size_of_sixteen_f(request: Request) -> Answer:
    return reply(b"FFFFFFFFFFFFFFFF\r\n" + PAGE, "Transfer-Encoding: chunked", length=None)


@scene("/chunk-negative", Outcome.PROTOCOL)
def chunk_size_minus_one_then_no_end(request: Request) -> Answer:
    yield reply(b" -1\r\n", "Transfer-Encoding: chunked", length=None)
    while True:
        yield PAGE


@scene("/chunk-extension-flood", Outcome.PROTOCOL)
def chunk_extensions_without_end(request: Request) -> Answer:
    yield reply(b"", "Transfer-Encoding: chunked", length=None)
    while True:
        yield b"1;" + b"x" * 60_000 + b"\r\na\r\n"


@scene("/transfer-unknown", Outcome.PROTOCOL)
def unknown_transfer_coding(request: Request) -> Answer:
    return reply(PAGE, "Transfer-Encoding: foo", length=None)


@scene("/transfer-gzip-chunked", Outcome.PROTOCOL)
def transfer_coding_gzip_chunked(request: Request) -> Answer:
    return reply(chunked(gzip.compress(PAGE)), "Transfer-Encoding: gzip, chunked", length=None)


# ---- heads -------------------------------------------------------------------------------------------------------


@scene("/empty-reply", Outcome.CONNECTION)
def empty_reply(request: Request) -> Answer:
    return b""


@scene("/reset", Outcome.CONNECTION)
def reset_before_the_answer(request: Request) -> Answer:
    raise Reset


@scene("/reset-in-body", Outcome.CONNECTION)
def reset_in_mid_body(request: Request) -> Answer:
    yield reply(PAGE, length=100_000)
    time.sleep(0.1)  # let it be read, or the reset overtakes it
    raise Reset


@scene("/http09", Outcome.PROTOCOL)
def http_0_9(request: Request) -> Answer:
    return PAGE


@scene("/garbage-status", Outcome.PROTOCOL)
def garbage_status_line(request: Request) -> Answer:
    return b"HTTP/1.1 two hundred\r\n\r\n" + PAGE


@scene("/many-headers", Outcome.PROTOCOL)
def a_thousand_headers(request: Request) -> Answer:
    return reply(PAGE, *(f"X-{number}: x" for number in range(1000)))


@scene("/long-header", Outcome.PROTOCOL)
def header_of_100_kilobytes(request: Request) -> Answer:
    return reply(PAGE, "X-Long: " + "x" * 100_000)


@scene("/lines-without-colon", Outcome.PROTOCOL)
def endless_lines_without_colon(request: Request) -> Answer:
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"no header at all\r\n" * 1000


@scene("/interim-flood", Outcome.PROTOCOL)
def endless_early_hints(request: Request) -> Answer:
    while True:
        yield b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100


@scene("/head-cut", Outcome.INCOMPLETE)
def head_cut_short(request: Request) -> Answer:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Fra"


# ---- time --------------------------------------------------------------------------------------------------------


@scene("/silent", Outcome.TIMEOUT)
def says_nothing(request: Request) -> Answer:
    time.sleep(DEADLINE * 2)
    return b""


@scene("/trickled-head", Outcome.TIMEOUT)
def trickles_the_headers(request: Request) -> Answer:
    yield b"HTTP/1.1 200 OK\r\nX-Slow: "
    while True:
        time.sleep(0.05)
        yield b"x"


@scene("/trickled-body", Outcome.TIMEOUT)
def trickles_the_body(request: Request) -> Answer:
    yield reply(b"", length=100_000)
    while True:
        time.sleep(0.05)
        yield b"x"


@scene("/trickled-chunks", Outcome.TIMEOUT)
def trickles_chunk_by_chunk(request: Request) -> Answer:
    yield reply(b"", "Transfer-Encoding: chunked", length=None)
    while True:
        time.sleep(0.05)
        yield chunked(b"x", end=b"")


@scene("/slow-redirects", Outcome.TIMEOUT)
def each_redirect_takes_its_time(request: Request) -> Answer:
    time.sleep(0.2)
    number = int(request.path.partition("?")[2] or 0)
    return reply(b"", f"Location: /slow-redirects?{number + 1}", status="302 Found")


# ---- redirects ---------------------------------------------------------------------------------------------------


def redirect(location: str | bytes | None, status: str = "302 Found") -> bytes:
    value = location if isinstance(location, bytes) else (location or "").encode()
    head = b"" if location is None else b"Location: " + value + b"\r\n"
    return b"HTTP/1.1 " + status.encode() + b"\r\n" + head + b"Content-Length: 5\r\n\r\nmoved"


@scene("/redirect", hangs_up=False)
def redirect_to_a_page(request: Request) -> Answer:
    return redirect("/page#section", "301 Moved Permanently")


@scene("/redirect-endless-body")
def redirect_with_an_endless_body(request: Request) -> Answer:
    yield redirect("/page").replace(b"Content-Length: 5", b"X-No-Length: 1")
    while True:
        yield PAGE


@scene("/redirect-utf8", hangs_up=False)
def redirect_in_utf_8_with_blanks(request: Request) -> Answer:
    return redirect("/page?q=é à".encode())


@scene("/redirect-latin1", hangs_up=False)
def redirect_in_latin_1(request: Request) -> Answer:
    return redirect("/page?q=é".encode("latin-1"))


@scene("/redirect-self", Outcome.REDIRECT_LOOP, hangs_up=False)
def redirect_to_itself(request: Request) -> Answer:
    return redirect("/redirect-self")


@scene("/redirect-ring", Outcome.REDIRECT_LOOP, hangs_up=False)
def redirect_in_a_ring(request: Request) -> Answer:
    return redirect("/redirect-ring?b" if "?" not in request.path else "/redirect-ring")


@scene("/redirect-on", Outcome.REDIRECT_LOOP, hangs_up=False)
def redirect_on_and_on(request: Request) -> Answer:
    return redirect(f"/redirect-on?{int(request.path.partition('?')[2] or 0) + 1}")


@scene("/redirect-nowhere", Outcome.BAD_REDIRECT, hangs_up=False)
def redirect_without_location(request: Request) -> Answer:
    return redirect(None)


@scene("/redirect-bad", Outcome.BAD_REDIRECT, hangs_up=False)
def redirect_to_no_url(request: Request) -> Answer:
    return redirect("http://[::1")


@scene("/redirect-file", Outcome.BLOCKED_ADDRESS, hangs_up=False)
def redirect_to_a_file(request: Request) -> Answer:
    return redirect("file:///etc/hostname")


@scene("/redirect-userinfo", Outcome.BLOCKED_ADDRESS, hangs_up=False)
def redirect_with_a_user_name(request: Request) -> Answer:
    return redirect("http://user:word@127.0.0.1/")


@scene("/redirect-gone", Outcome.GONE, hangs_up=False)
def redirect_to_404(request: Request) -> Answer:
    return redirect("/404")


@scene("/300", Outcome.HTTP_ERROR, hangs_up=False)
def alternatives_are_not_followed(request: Request) -> Answer:
    return redirect("/page", "300 Multiple Choices")


# ---- status ------------------------------------------------------------------------------------------------------


def _status(path: str, status: str, outcome: Outcome, *headers: str, body: bytes = b"an error page") -> None:
    def play(request: Request) -> Answer:
        return reply(body, *headers, status=status)

    play.__doc__ = f"status {status}" + "".join(f", {header}" for header in headers)
    scene(path, outcome, hangs_up=False)(play)


_status("/404", "404 Not Found", Outcome.GONE)
_status("/410", "410 Gone", Outcome.GONE)
_status("/429", "429 Too Many Requests", Outcome.RATE_LIMITED, "Retry-After: 120")
_status("/429-bare", "429 Too Many Requests", Outcome.RATE_LIMITED)
_status("/429-week", "429 Too Many Requests", Outcome.RATE_LIMITED, "Retry-After: 604800")
_status("/503", "503 Service Unavailable", Outcome.HTTP_ERROR)
_status("/503-later", "503 Service Unavailable", Outcome.RATE_LIMITED, "Retry-After: soon")
_status("/401", "401 Unauthorized", Outcome.HTTP_ERROR)
_status("/402", "402 Payment Required", Outcome.HTTP_ERROR)
_status("/403", "403 Forbidden", Outcome.HTTP_ERROR, body=b"<title>Just a moment...</title>")
_status("/451", "451 Unavailable For Legal Reasons", Outcome.HTTP_ERROR)
_status("/500", "500 Internal Server Error", Outcome.HTTP_ERROR)
_status("/999", "999 Request denied", Outcome.HTTP_ERROR)
_status("/202", "202 Accepted", Outcome.HTTP_ERROR)
_status("/206", "206 Partial Content", Outcome.HTTP_ERROR, "Content-Range: bytes 0-4/900")
_status("/204", "204 No Content", Outcome.HTTP_ERROR, body=b"")
_status("/304", "304 Not Modified", Outcome.HTTP_ERROR, body=b"")
_status("/101", "101 Switching Protocols", Outcome.HTTP_ERROR, "Upgrade: foo", body=b"")
