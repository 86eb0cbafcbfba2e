"""The archive held against the database: every row's record is there, whole, and the one that the row means.

Records that no row names are counted, not blamed: a task that was killed between the archive and the database leaves
them, and its next try writes its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from newsdesk.archive.folder import Folder
from newsdesk.archive.places import Place
from newsdesk.archive.records import target_uri
from newsdesk.archive.strict import Fault, Kind, Record, read_strictly
from newsdesk.errors import ArchiveUnavailable
from newsdesk.store import captures
from newsdesk.store.captures import Pointer
from newsdesk.store.database import transaction

_OF_PAGES = frozenset({"response", "revisit"})
_TAIL = frozenset({Kind.CUT, Kind.CHECKSUM, Kind.NOT_WARC})  # what a killed writer leaves at the end of its file


@dataclass(slots=True)
class FileReport:
    """What was found in one file. `size` None: rows name it, and it is not there."""

    file: str
    size: int | None
    records: Counter[str] = field(default_factory=Counter)  # whole ones, by WARC-Type
    rows: int = 0  # of the database that name a record in it
    orphans: int = 0  # response and revisit records that no row names
    faults: list[Fault] = field(default_factory=list)
    being_written: bool = False
    repaired: int = 0  # bytes cut off at the end


def files_to_verify(
    place: Place, dsn: str | None, only: Sequence[str] = (), since: date | None = None
) -> list[tuple[str, int | None]]:
    """Files with their sizes: those in the archive and those that rows name. `dsn` None: the archive alone."""
    if only:
        # rows are found by the name: by another spelling of it a file would have none, and `repair` would cut it
        names = [place.name(file) if isinstance(place, Folder) else file for file in only]
        return [(file, place.size(file)) for file in dict.fromkeys(names)]
    there = dict(place.files())
    named: set[str] = set()
    if dsn is not None:
        with transaction(dsn) as cursor:
            named = captures.files_named(cursor, since)
    day = since.isoformat() if since else ""
    return [(file, there.get(file)) for file in sorted(there.keys() | named) if file >= day]


def verify(
    place: Place,
    dsn: str | None,
    files: Sequence[tuple[str, int | None]],
    *,
    repair: bool = False,
    told: Callable[[int], None] = lambda done: None,
) -> Iterator[FileReport]:
    """Each file's report. `repair`: cut off what a killed writer left at the end of a file that no row names.

    `told` is called with the bytes of the current file that are done. ArchiveUnavailable where a file cannot be read.
    """
    ids: set[str] = set()
    for file, size in files:
        rows: list[Pointer] = []
        if dsn is not None:  # first the rows, then the file: what a row names was stored before
            with transaction(dsn) as cursor:
                rows = captures.pointers(cursor, file)
        yield _verify_file(place, file, size, rows, dsn is not None, ids, repair, told)


def _verify_file(
    place: Place, file: str, size: int | None, rows: Sequence[Pointer], has_rows: bool, ids: set[str],
    repair: bool, told: Callable[[int], None],
) -> FileReport:  # fmt: skip
    report = FileReport(file, size, rows=len(rows))
    if size is None:
        what = (
            f"the file is missing; {len(rows)} rows name records in it: bring it back"
            if rows
            else "the archive has no such file; files are named by their path below its root, as <day>/….warc.gz"
        )
        report.faults.append(Fault("missing_file", 0, what))
        return report
    report.being_written = place.being_written(file)
    records: dict[int, Record] = {}
    whole_until = 0
    with place.open(file) as opened:
        for found in _found(opened, file, ids):
            if isinstance(found, Record):
                report.records[found.type] += 1
                whole_until = max(whole_until, found.offset + found.length)
                if found.type in _OF_PAGES:
                    records[found.offset] = found
            else:
                report.faults.append(found)
            told(opened.tell())
    named = {row.at.offset for row in rows}
    report.orphans = sum(offset not in named for offset in records) if has_rows else 0
    report.faults += [fault for row in rows for fault in _compare(row, records.get(row.at.offset))]
    tail = [fault for fault in report.faults if fault.kind in _TAIL and fault.offset >= whole_until]
    if tail and report.being_written:  # the writer has not finished its record
        report.faults = [fault for fault in report.faults if fault not in tail]
    elif tail and repair and isinstance(place, Folder) and all(offset < whole_until for offset in named):
        if whole_until == 0 and any(fault.kind == Kind.NOT_WARC for fault in tail):
            return report  # no record from its first byte on: someone else's file, which no writer of ours began
        place.cut_off(file, whole_until)
        report.repaired = size - whole_until
        report.faults = [fault for fault in report.faults if fault not in tail]
    return report


def _found(opened: BinaryIO, file: str, ids: set[str]) -> Iterator[Record | Fault]:
    try:
        yield from read_strictly(opened, ids)
    except OSError as error:
        raise ArchiveUnavailable(f"cannot read {file} to its end: {error.strerror or error}") from error


def _compare(row: Pointer, record: Record | None) -> Iterator[Fault]:
    """What the row says of its record that is not so."""
    at = row.at
    if record is None:
        yield Fault("no_record", at.offset, f"{row.row} of {row.url} names a record that is not whole or not there")
        return
    kind = "revisit" if row.digest is None else "response"
    if record.type != kind:
        yield Fault("wrong_record", at.offset, f"{row.row} names a {record.type} record, not a {kind}")
    if record.length != at.length:
        yield Fault("wrong_record", at.offset, f"{row.row} says {at.length} bytes, the record has {record.length}")
    if record.target_uri != target_uri(row.url):
        yield Fault("wrong_record", at.offset, f"{row.row} is of {row.url}, the record of {record.target_uri}")
    if row.digest is not None and record.type == kind and record.payload != row.digest:
        yield Fault("wrong_record", at.offset, f"the body in the record is not the one of {row.row}")
