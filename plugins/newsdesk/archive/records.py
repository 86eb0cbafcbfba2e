"""What was fetched as WARC/1.1 records, each as one gzip member.

What is kept: a page that came whole is a `response` record; one whose bytes lie in the archive already is a small
`revisit` record that names the first (WARC/1.1, 6.7: identical-payload-digest), as is a server's 304
(server-not-modified). A visit that ended without a page (error, refusal, challenge) leaves its outcome in the
database and nothing here, and so do the hops of a redirect: `X-Newsdesk-Requested-URI` tells where it began.

The body is stored decoded, so the HTTP headers that told of its coding and length are kept under `X-Archive-Orig-`
and Content-Length is that of the stored body, as archives of browser captures do it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urldefrag

from newsdesk import __version__
from newsdesk.model import Outcome, Response

_REWRITTEN = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_ORIGINAL = "X-Archive-Orig-"
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
_TRUNCATED = {  # WARC/1.1, 5.13: why the stored body is not the whole one
    Outcome.TOO_LARGE: "length",
    Outcome.TIMEOUT: "time",
    Outcome.INCOMPLETE: "disconnect",
    Outcome.CONNECTION: "disconnect",
}
_NOT_OF_A_LINE = re.compile(r"[\r\n\x00]+")
_NOT_OF_A_URI = re.compile(r"[\x00-\x20\x7f]")

Headers = Sequence[tuple[str, str]]


def response_record(response: Response) -> bytes:
    """The record of one response, of whatever status. ValueError where no response came (its `status` is None)."""
    headers = [*_http_headers(response), ("Content-Length", str(len(response.body)))]
    head = _http_head(response, headers)
    warc_headers = [("WARC-Payload-Digest", _digest(response.body))]
    if response.outcome in _TRUNCATED:
        warc_headers.append(("WARC-Truncated", _TRUNCATED[response.outcome]))
    return _http_record("response", response, warc_headers, head + response.body)


def revisit_record(response: Response, first_url: str, first_date: datetime) -> bytes:
    """The record of a response whose body is that of an earlier response record, fetched from `first_url` then.

    Its block is the head of the answer. Of status 304 the server says that the body is the same, else its digest does.
    """
    if response.status == 304:
        profile, headers = "server-not-modified", list(response.headers)
        warc_headers = []
    else:
        profile, headers = "identical-payload-digest", [*_http_headers(response)]
        headers.append(("Content-Length", str(len(response.body))))
        warc_headers = [("WARC-Payload-Digest", _digest(response.body)), ("WARC-Truncated", "length")]
    warc_headers += [
        ("WARC-Profile", _PROFILE + profile),
        ("WARC-Refers-To-Target-URI", target_uri(first_url)),
        ("WARC-Refers-To-Date", _warc_date(first_date)),
    ]
    return _http_record("revisit", response, warc_headers, _http_head(response, headers))


def info_record(file_name: str) -> bytes:
    """The record that begins a file."""
    about = {
        "software": f"newsdesk/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": "news pages; bodies are stored with their transfer and content codings undone",
    }
    headers = [("WARC-Filename", file_name), ("Content-Type", "application/warc-fields")]
    block = "".join(f"{name}: {value}\r\n" for name, value in about.items()).encode()
    return _record("warcinfo", datetime.now(UTC), headers, block)


def blank_record(length: int, url: str) -> bytes:
    """A gzip member of exactly `length` bytes that says that a record was here: for what is written over.

    The rest is a comment in the member's head (RFC 1952, FCOMMENT), which every reader passes over. ValueError where
    `length` is too little even for a record without its address.
    """
    block = b"withdrawn: the page that was here was taken out on request\r\n"
    for headers in ([("WARC-Target-URI", target_uri(url))], []):
        member = _record("metadata", datetime.now(UTC), [*headers, ("Content-Type", "application/warc-fields")], block)
        room = length - len(member)
        if room == 0:
            return member
        if room > 0:
            flags, rest = bytes([member[3] | 0b10000]), member[4:10]
            return member[:3] + flags + rest + b" " * (room - 1) + b"\0" + member[10:]
    raise ValueError(f"no record fits into {length} bytes")


def target_uri(url: str) -> str:
    """The address as records name it: without fragment, and with no character that a header's line cannot hold."""
    return _NOT_OF_A_URI.sub(lambda found: f"%{ord(found[0]):02X}", urldefrag(url).url)


def _http_record(kind: str, response: Response, warc_headers: Headers, block: bytes) -> bytes:
    headers = [("WARC-Target-URI", target_uri(response.final_url)), *warc_headers]
    if response.redirects:
        headers.append(("X-Newsdesk-Requested-URI", target_uri(response.url)))
    headers.append(("Content-Type", "application/http; msgtype=response"))
    return _record(kind, response.fetched_at, headers, block)


def _record(kind: str, date: datetime, headers: Headers, block: bytes) -> bytes:
    lines = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", f"<urn:uuid:{uuid.uuid4()}>"),
        ("WARC-Date", _warc_date(date)),
        *headers,
        ("WARC-Block-Digest", _digest(block)),
        ("Content-Length", str(len(block))),
    ]
    head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines) + "\r\n"
    # level 9 takes twice the time for 1% less
    return gzip.compress(head.encode("utf-8", "replace") + block + b"\r\n\r\n", compresslevel=6, mtime=0)


def _http_headers(response: Response) -> Headers:
    return [(_ORIGINAL + name if name.lower() in _REWRITTEN else name, value) for name, value in response.headers]


def _http_head(response: Response, headers: Headers) -> bytes:
    """The head byte for byte as it came (Latin-1 is how its bytes are handed to us), but for what would break a line."""
    if response.status is None:
        raise ValueError(f"no response of {response.final_url} to store: {response.reason}")
    lines = [f"HTTP/1.1 {response.status} {_phrase(response.status)}"]
    lines += [_NOT_OF_A_LINE.sub(" ", f"{name}: {value}") for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _digest(data: bytes) -> str:
    """In the form that all tools check: SHA-1 in base 32 (against accidents; the database keeps a SHA-256)."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _warc_date(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
