"""Sockets and the reader of an HTTP response's lines, as a fetcher of hostile servers needs them.

Three things differ from the standard library:

- a socket's timeout is a budget for all reads together, not for each: a server that trickles headers or body a
  byte at a time runs out of it (requests' own `timeout` is only the longest pause between two reads);
- what servers really send is read: 1xx responses before the answer are skipped, a head may have hundreds of lines
  (http.client: 100), and a line that is no header costs that line, not all the headers behind it;
- what would cost us is refused: endless lines, a head that is cut short (http.client takes it for whole), and a
  negative chunk size (http.client reads "-1" as "all there is", whatever the caller's limit). A connection that
  carries more than the answer it announced is not used again: the rest would be taken for the next answer.

Errors are http.client's own (HTTPException, IncompleteRead) and TimeoutError.
"""

from __future__ import annotations

import errno
import http.client
import io
import re
import socket
import ssl
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_LINE_BYTES = 1 << 20  # of status, header, chunk-size and trailer lines of one response together
MAX_HEADER_BYTES = 1 << 16  # of one header line, as http.client
MAX_HEADERS = 500
MAX_INTERIM = 64  # 1xx responses before the answer

_INTERIM = re.compile(rb"HTTP/1\.[0-9] 1(?!01)[0-9][0-9]\b")  # 101 is an answer: a switch of protocol
_HEADER = re.compile(rb"[!-9;-~]+:|[ \t]")  # a name and its colon, or the line before goes on
_END_OF_HEAD = (b"\r\n", b"\n")


class BudgetSocket(socket.socket):
    """All reads after `settimeout(s)` are over within s seconds, or raise TimeoutError.

    While `paused`, nothing is read: a reader gives what it holds already.
    """

    paused = False
    _until: float | None = None

    def settimeout(self, value: float | None, /) -> None:
        self._until = None if value is None else monotonic() + value
        super().settimeout(value)

    def recv_into(self, buffer: WriteableBuffer, nbytes: int | None = None, flags: int = 0) -> int:
        if self.paused:
            raise BlockingIOError(errno.EAGAIN, "paused")
        if self._until is not None:
            left = self._until - monotonic()
            if left <= 0:
                raise TimeoutError("timed out")
            super().settimeout(left)
        if nbytes is None and not flags:  # the reader's call; for TLS, nbytes=0 would mean none
            return super().recv_into(buffer)
        return super().recv_into(buffer, nbytes or 0, flags)


class BudgetTLSSocket(BudgetSocket, ssl.SSLSocket):
    """The same above TLS."""


class HTTPResponse(http.client.HTTPResponse):
    """http.client's response, reading through a `LineReader`."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._socket = sock
        self._reader = LineReader(self.fp.detach())
        self.fp = self._reader

    def begin(self) -> None:
        super().begin()
        self._reader.in_head = False
        if self.chunked and "Content-Length" in self.headers:  # whoever believed the length sees another end
            self.will_close = True

    def _close_conn(self) -> None:
        if self.fp is self._reader and not self.will_close and self._holds_more():
            self._end_connection()
        super()._close_conn()  # type: ignore[misc]

    def _holds_more(self) -> bool:
        """More than the answer came with it. What arrives still later, urllib3 sees before it asks again."""
        if not isinstance(self._socket, BudgetSocket):
            return False
        if isinstance(self._socket, ssl.SSLSocket) and self._socket.pending():  # urllib3 looks below TLS
            return True
        self._socket.paused = True
        try:
            return bool(self._reader.peek(1))
        finally:
            self._socket.paused = False

    def _end_connection(self) -> None:
        with suppress(OSError):  # the server was first
            self._socket.shutdown(socket.SHUT_RDWR)


class LineReader(io.BufferedReader):
    """Reads the lines of a response: its status line first, then headers, then (in_head False) those of chunks."""

    in_head = True
    _status_read = False
    _line_bytes = 0
    _headers = 0
    _held = b""  # a header line that did not fit into the block before
    _end_of_head = b""

    def readline(self, size: int | None = -1, /) -> bytes:
        if not self.in_head:
            return self._read_chunk_line(size)
        if not self._status_read:
            self._status_read = True
            return self._read_status_line(size)
        return self._end_of_head or self._read_headers()

    def _read_headers(self) -> bytes:
        """Header lines, many in one piece: http.client counts what it is given (100), we count lines.

        A bare CR is a blank (RFC 9112, 2.2), since the parser behind http.client would take it for a line's end.
        """
        block, self._held = self._held, b""
        while True:
            line = self._read_line(MAX_HEADER_BYTES + 1)
            if line in _END_OF_HEAD:
                self._end_of_head = line
                return block.replace(b"\r\n", b"\n").replace(b"\r", b" ") or line
            if not line.endswith(b"\n"):
                if len(line) > MAX_HEADER_BYTES:
                    raise http.client.LineTooLong("header line")
                raise http.client.IncompleteRead(line)
            self._headers += 1
            if self._headers > MAX_HEADERS:
                raise http.client.HTTPException(f"more than {MAX_HEADERS} header lines")
            if not _HEADER.match(line):
                continue
            if len(block) + len(line) > MAX_HEADER_BYTES:
                self._held = line
                return block.replace(b"\r\n", b"\n").replace(b"\r", b" ")
            block += line

    def _read_status_line(self, size: int | None) -> bytes:
        line = self._read_line(size)
        interim = 0
        while _INTERIM.match(line):
            interim += 1
            if interim > MAX_INTERIM:
                raise http.client.HTTPException(f"more than {MAX_INTERIM} interim (1xx) responses")
            while self._read_line(size) not in (*_END_OF_HEAD, b""):
                pass
            line = self._read_line(size)
        return line

    def _read_chunk_line(self, size: int | None) -> bytes:
        line = self._read_line(size)
        if line.lstrip().startswith(b"-"):
            raise http.client.HTTPException("a negative chunk size")
        return line

    def _read_line(self, size: int | None) -> bytes:
        line = super().readline(size)
        self._line_bytes += len(line)
        if self._line_bytes > MAX_LINE_BYTES:
            raise http.client.HTTPException(f"more than {MAX_LINE_BYTES:,} bytes of header and chunk lines")
        return line
