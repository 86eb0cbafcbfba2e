"""One WARC record, read strictly: WARC/1.1 (ISO 28500:2017), clauses 4 to 6.

Whole is a record with its version line, a head of lines that end with CRLF, exactly Content-Length bytes, and CRLF
CRLF after them. What else is wrong with it (a field that must be there and is not, a digest that does not match the
bytes, an id that another record has) is told as its fault.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

CHUNK = 64 * 1024
MOST_HEADER = 256 * 1024  # bytes of a record's head, or of an HTTP answer's

VERSION = re.compile(rb"WARC/([0-9]\.[0-9]{1,3})\r\n")
_READ_VERSIONS = frozenset({b"1.0", b"1.1"})
_REQUIRED = ("warc-type", "warc-record-id", "warc-date", "content-length")
_OF_A_TARGET = frozenset({"response", "resource", "request", "revisit", "conversion", "continuation"})
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z)?)?)?")
_LABELS = {"sha1": "sha1", "sha256": "sha256", "sha512": "sha512", "md5": "md5"}  # others are not checked
_CHUNKED = re.compile(rb"^transfer-encoding:.*chunked", re.IGNORECASE | re.MULTILINE)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


class Kind(StrEnum):
    """What may be wrong with a record."""

    CUT = "cut"  # the file or the gzip member ends before the record does
    CHECKSUM = "checksum"  # the gzip member is damaged
    NOT_WARC = "not_warc"  # what stands here begins no record
    HEADER = "header"  # a field is missing, there twice or not readable
    TERMINATOR = "terminator"  # no CRLF CRLF where Content-Length says that the record ends
    DIGEST = "digest"  # the bytes are not those that the digest was made of
    DUPLICATE_ID = "duplicate_id"
    NOT_SEEKABLE = "not_seekable"  # several records in one gzip member


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind`: one of `Kind`; who holds records against something else has kinds of its own."""

    kind: str
    offset: int  # of the record, or of the gzip member that it is in
    what: str


@dataclass(frozen=True, slots=True)
class Record:
    """A whole record. `length` 0: it cannot be read alone. `payload`: SHA-256 of an HTTP answer's stored body."""

    offset: int
    length: int
    type: str
    id: str
    target_uri: str | None
    payload: bytes | None


class Broken(Exception):
    """The record is not whole. Stays within the strict reading."""

    def __init__(self, kind: Kind, what: str) -> None:
        super().__init__(what)
        self.kind = kind


class Source(Protocol):
    """The plain bytes that records are in."""

    def read(self, size: int, /) -> bytes: ...

    def readline(self, size: int, /) -> bytes: ...


def read_record(source: Source, line: bytes, offset: int, faults: list[Fault], ids: set[str]) -> Record:
    """The record that begins with `line`; its length is for the caller to know.

    Adds to `faults` what is wrong with a record that is whole, and its id to `ids`. Broken where it is not whole.
    """
    version = VERSION.fullmatch(line)
    if not version:
        raise Broken(Kind.NOT_WARC, f"not the first line of a WARC record: {line[:40]!r}")
    found = _read_fields(source)
    fields = dict(found)
    block = _Block(fields)
    left = length = _length(found)
    while left:
        data = source.read(min(left, CHUNK))
        if not data:
            raise Broken(Kind.CUT, f"{left} of {length} bytes (Content-Length) are not there")
        block.add(data)
        left -= len(data)
    end = source.read(4)
    if end != b"\r\n\r\n":
        if len(end) < 4 and b"\r\n\r\n".startswith(end):
            raise Broken(Kind.CUT, "the CRLF CRLF that ends a record is cut")
        raise Broken(Kind.TERMINATOR, f"{end!r} after {length} bytes (Content-Length), not CRLF CRLF")
    if version[1] not in _READ_VERSIONS:
        faults.append(Fault(Kind.HEADER, offset, f"version {version[1].decode()}, not 1.0 or 1.1"))
    faults += [Fault(Kind.HEADER, offset, what) for what in _judge_fields(found)]
    faults += [Fault(Kind.DIGEST, offset, what) for what in block.mismatches()]
    name = fields.get("warc-record-id", "")
    if name in ids:
        faults.append(Fault(Kind.DUPLICATE_ID, offset, f"another record has the id {name}"))
    elif name:
        ids.add(name)
    target = fields.get("warc-target-uri", "").removeprefix("<").removesuffix(">")
    return Record(offset, 0, _type(fields), name, target or None, block.body_sha256())


def _read_fields(source: Source) -> list[tuple[str, str]]:
    """Names in lower case, "" for a line that is no field. One that is continued on further lines is one."""
    found: list[tuple[str, str]] = []
    size = 0
    while (line := source.readline(MOST_HEADER)) != b"\r\n":
        size += len(line)
        if not line or size > MOST_HEADER:
            raise Broken(Kind.CUT if not line else Kind.HEADER, "the record's head does not end")
        if not line.endswith(b"\r\n"):
            raise Broken(Kind.HEADER, f"a line of the head does not end with CRLF: {line[:40]!r}")
        text = line[:-2].decode("utf-8", "replace")
        if text[0] in " \t" and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {text.strip()}")
            continue
        name, colon, value = text.partition(":")
        if colon and _NAME.fullmatch(name):
            found.append((name.lower(), value.strip()))
        else:
            found.append(("", text))
    return found


def _length(found: Sequence[tuple[str, str]]) -> int:
    said = {value for name, value in found if name == "content-length"}
    if len(said) != 1 or not re.fullmatch("[0-9]{1,18}", min(said)):
        raise Broken(Kind.HEADER, f"no usable Content-Length: {', '.join(sorted(said))[:80] or 'there is none'}")
    return int(min(said))


def _type(fields: Mapping[str, str]) -> str:
    return fields.get("warc-type", "").lower()


def _judge_fields(found: Sequence[tuple[str, str]]) -> Iterator[str]:
    fields, counts = dict(found), Counter(name for name, _ in found)
    kind = _type(fields)
    yield from (f"not a field: {value[:40]!r}" for name, value in found if not name)
    if missing := [name for name in _REQUIRED if not fields.get(name)]:
        yield f"no {', '.join(missing)}"
    if twice := [name for name in _REQUIRED if counts[name] > 1]:
        yield f"more than one {', '.join(twice)}"
    if fields.get("warc-date") and not _DATE.fullmatch(fields["warc-date"]):
        yield f"WARC-Date is {fields['warc-date'][:40]!r}"
    if kind in _OF_A_TARGET and not fields.get("warc-target-uri"):
        yield f"a {kind} record without WARC-Target-URI"
    if kind == "revisit" and not fields.get("warc-profile"):
        yield "a revisit record without WARC-Profile"
    if fields.get("warc-profile", "").endswith("/identical-payload-digest") and not fields.get("warc-payload-digest"):
        yield "a revisit record of an identical payload without WARC-Payload-Digest"


class _Block:
    """The record's block as it streams by: its digests, and those of the payload in it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        kind = _type(fields)
        self._is_http = fields.get("content-type", "").lower().startswith("application/http")
        self._is_answer = self._is_http and kind == "response"
        self._block_says = _parse_digest(fields.get("warc-block-digest"))
        # a revisit's payload is another record's
        self._payload_says = None if kind == "revisit" else _parse_digest(fields.get("warc-payload-digest"))
        self._head: bytes | None = b"" if self._is_http else None  # of the HTTP message, until its end is met
        self._chunked = False
        self._block = hashlib.new(self._block_says[0], usedforsecurity=False) if self._block_says else None
        self._payload = hashlib.new(self._payload_says[0], usedforsecurity=False) if self._payload_says else None
        self._sha256 = hashlib.sha256()

    def add(self, data: bytes) -> None:
        if self._block:
            self._block.update(data)
        if self._head is not None:
            self._head += data
            end = _END_OF_HEAD.search(self._head)
            if end is None and len(self._head) < MOST_HEADER:
                return
            data = self._head[end.end() :] if end else b""
            self._chunked = bool(_CHUNKED.search(self._head[: end.end()])) if end else False
            self._head = None
        if self._payload:
            self._payload.update(data)
        if self._is_answer:
            self._sha256.update(data)

    def mismatches(self) -> Iterator[str]:
        if self._block and self._block_says and self._block.digest() != self._block_says[1]:
            yield "the block is not that of WARC-Block-Digest"
        # Writers disagree on whether the digest is of the chunks or of what is in them: those are left alone.
        if (
            self._payload
            and self._payload_says
            and not self._chunked
            and self._payload.digest() != self._payload_says[1]
        ):
            yield "the payload is not that of WARC-Payload-Digest"

    def body_sha256(self) -> bytes | None:
        return self._sha256.digest() if self._is_answer else None


def _parse_digest(field: str | None) -> tuple[str, bytes] | None:
    """(algorithm, digest) of `sha1:ABC…`, base 32 or hexadecimal; None where there is none, or none that can be checked."""
    label, colon, value = (field or "").partition(":")
    algorithm = _LABELS.get(label.strip().lower().replace("-", ""))
    if not colon or algorithm is None:
        return None
    value, size = value.strip(), hashlib.new(algorithm, usedforsecurity=False).digest_size
    try:
        digest = (
            bytes.fromhex(value)
            if len(value) == 2 * size
            else base64.b32decode(value.upper() + "=" * (-len(value) % 8))
        )
    except (ValueError, binascii.Error):
        return algorithm, b""  # matches nothing
    return algorithm, digest
