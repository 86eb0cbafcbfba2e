"""WARC files: how many records are whole, and is it said what is wrong."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module

from subjects.scoring import OURS, Reader, Row, Subject, reader


@dataclass
class Read:
    records: int
    faults: list[str] = field(default_factory=list)  # what a check would tell its user


def part(row: Row) -> str | None:
    expected = row["expected"]
    if expected.get("records") is None:
        return None
    return "damaged or out of order" if _must_tell(expected) else "sound"


def _must_tell(expected: Row) -> bool:
    """Is there something that a check must report? Cut records, a digest that does not match, one member for all."""
    note = expected.get("note") or ""
    return (
        bool(expected.get("error"))
        or "report" in note
        or "member cut" in note
        or expected.get("gzip_members") == 1 < (expected.get("records") or 0)
    )


def judge(row: Row, read: Read) -> list[str]:
    expected = row["expected"]
    wrong = []
    if read.records != expected["records"]:
        wrong.append(f"{read.records} records, {expected['records']} expected")
    if _must_tell(expected) and not read.faults:
        wrong.append("takes it for sound")
    if not _must_tell(expected) and read.faults:
        wrong.append(f"finds fault: {read.faults[0][:100]}")
    return wrong


def body(row: Row) -> bytes:
    return base64.b64decode(row["bytes_b64"])


def by_warcio() -> Callable[[Row], Read]:
    from warcio.archiveiterator import ArchiveIterator

    def read(row: Row) -> Read:
        found = Read(0)
        try:
            for record in ArchiveIterator(io.BytesIO(body(row)), check_digests=True):
                record.raw_stream.read()
                if record.digest_checker.passed is False:
                    found.faults += record.digest_checker.problems
                found.records += 1
        except Exception as error:  # noqa: BLE001 - its way to say what is wrong
            found.faults.append(f"{type(error).__name__}: {error}")
        return found

    return read


def by_fastwarc() -> Callable[[Row], Read]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    def read(row: Row) -> Read:
        found = Read(0)
        try:
            for record in ArchiveIterator(io.BytesIO(body(row)), parse_http=False):
                if record.headers.get("WARC-Block-Digest") and not record.verify_block_digest():
                    found.faults.append("block digest does not match")
                found.records += 1
            # a payload is what follows the HTTP headers, so they must be parsed
            for record in ArchiveIterator(io.BytesIO(body(row)), record_types=WarcRecordType.response):
                if record.headers.get("WARC-Payload-Digest") and not record.verify_payload_digest():
                    found.faults.append("payload digest does not match")
        except Exception as error:  # noqa: BLE001 - as above
            found.faults.append(f"{type(error).__name__}: {error}")
        return found

    return read


def ours() -> Callable[[Row], Read] | None:
    """The strict reader, where this version has one."""
    try:
        strict = import_module("newsdesk.archive.strict")
    except ImportError:
        return None

    def read(row: Row) -> Read:
        found = list(strict.read_strictly(io.BytesIO(body(row))))
        faults = [one for one in found if type(one).__name__ == "Fault"]
        return Read(len(found) - len(faults), [str(fault) for fault in faults])

    return read


def readers() -> list[Reader]:
    return [
        Reader(OURS, ours(), "not in this version"),
        reader("warcio", "warcio", by_warcio),
        reader("fastwarc", "fastwarc", by_fastwarc),
    ]


WARC = Subject(
    "warc", "warc",
    "A row is right when the whole records are counted, and what is damaged (and nothing else) is said to be. "
    "Left out: files of which a reader may make what it likes.",
    part, readers, judge,
)  # fmt: skip
