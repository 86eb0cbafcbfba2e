"""From a fetched page to its place: the archive takes the bytes first, then the database notes the visit.

A page whose bytes the archive has already, from an earlier visit to the same URL, is not stored again: a revisit
record tells of the visit, and its capture names the place of the first. Only a record that is still there counts; if
its file was lost, the page that came now takes its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from newsdesk import logs
from newsdesk.archive.records import response_record, revisit_record
from newsdesk.archive.warc import ArchiveWriter
from newsdesk.desk import Desk
from newsdesk.model import ArchivedAt, Outcome, Response
from newsdesk.store import captures, documents, visits
from newsdesk.store.captures import Original
from newsdesk.store.database import UNSTORABLE, Cursor, attempt, why_unstorable
from newsdesk.store.visits import ToFetch

log = logs.logger(__name__)

BYTES_A_COMMIT = 8_000_000  # of fetched pages


def open_archive(desk: Desk, prefix: str) -> ArchiveWriter:
    """A writer of files of its own, as the settings say."""
    settings = desk.settings
    return ArchiveWriter(
        settings.archive, prefix, options=settings.archive_options, file_bytes=settings.archive_file_bytes
    )


def groups(
    arrivals: Iterable[tuple[ToFetch, Response]], pages: int, seconds: float
) -> Iterator[list[tuple[ToFetch, Response]]]:
    """What is stored and committed together. Where `arrivals` fails, what came before is still given."""
    some: list[tuple[ToFetch, Response]] = []
    size, began = 0, 0.0
    try:
        for item, response in arrivals:
            began = began if some else monotonic()
            some.append((item, response))
            size += len(response.body)
            if len(some) >= pages or size >= BYTES_A_COMMIT or monotonic() - began >= seconds:
                yield some
                some, size = [], 0
    except Exception:
        if some:
            yield some
        raise
    if some:
        yield some


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A response, and what becomes of it. `outcome` None: it is to be extracted."""

    item: ToFetch
    response: Response
    digest: bytes
    outcome: Outcome | None
    reason: str | None
    original: Original | None  # where its body lies in the archive already
    whole: bool  # a page came


def save_responses(
    cursor: Cursor, archive: ArchiveWriter, batch_id: int, some: Sequence[tuple[ToFetch, Response]]
) -> list[str]:
    """Archive what is new, then note each visit: what the rows name is stored before they are committed.

    A visit that another task has ended meanwhile (the same batch may run twice for a while) stays as it is.
    """
    ours = visits.lock_unfetched(cursor, batch_id, [item.url_id for item, _ in some])
    arrivals = [_judge(cursor, archive, item, response) for item, response in some if item.url_id in ours]
    kept = [arrival for arrival in arrivals if arrival.whole or arrival.original]
    places = archive.write_all([_record(arrival) for arrival in kept])
    at = dict(zip((arrival.item.url_id for arrival in kept), places, strict=True))
    return [_save(cursor, batch_id, arrival, at.get(arrival.item.url_id)) for arrival in arrivals]


def _save(cursor: Cursor, batch_id: int, arrival: _Arrival, at: ArchivedAt | None) -> str:
    """`at`: its record in the archive, where it has one. What the database does not take ends as QUARANTINED."""
    url_id = arrival.item.url_id
    try:
        with attempt(cursor):
            _save_place(cursor, batch_id, arrival, at)
            return _end_fetch(cursor, batch_id, arrival)
    except UNSTORABLE as fault:
        with logs.about(url=url_id):
            log.error("ended: %s: %s", Outcome.QUARANTINED, type(fault).__name__)
        # without the server's own words: a record that no row names would outlive a withdrawal
        bare = replace(arrival.response, headers=(), redirects=())
        _save_place(cursor, batch_id, replace(arrival, response=bare), at)
        visits.end_visit(cursor, batch_id, url_id, "fetch", Outcome.QUARANTINED, why_unstorable(fault))
        return Outcome.QUARANTINED.value


def _save_place(cursor: Cursor, batch_id: int, arrival: _Arrival, at: ArchivedAt | None) -> None:
    url_id, response, original = arrival.item.url_id, arrival.response, arrival.original
    if at and arrival.whole:
        visits.save_capture(cursor, batch_id, url_id, response, arrival.digest, original.at if original else at)
    if at and original:
        captures.save_revisit(cursor, batch_id, url_id, response, original, at)


def _judge(cursor: Cursor, archive: ArchiveWriter, item: ToFetch, response: Response) -> _Arrival:
    outcome, reason, original = response.outcome, response.reason, None
    digest = hashlib.sha256(response.body).digest()
    if outcome is None and not response.body.strip():
        outcome, reason = Outcome.INCOMPLETE, "the server sent an empty page"
    whole = outcome is None
    if whole:
        original = captures.captured_before(cursor, item.url_id, digest)
        if original and not archive.holds(original.at):
            original = None  # lost: this body takes its place
        if original and documents.seen_unchanged(cursor, item.url_id, digest, response.final_url):
            outcome, reason = Outcome.UNCHANGED, "the page is the same, byte for byte"
    elif outcome is Outcome.NOT_MODIFIED:
        original = captures.captured_with(cursor, item.url_id, item.etag, item.last_modified)
        if original and not archive.holds(original.at):
            original = None
            captures.forget_validators(cursor, item.url_id)
    return _Arrival(item, response, digest, outcome, reason, original, whole)


def _record(arrival: _Arrival) -> bytes:
    if arrival.original:
        return revisit_record(arrival.response, arrival.original.url, arrival.original.fetched_at)
    return response_record(arrival.response)


def _end_fetch(cursor: Cursor, batch_id: int, arrival: _Arrival) -> str:
    if arrival.outcome is None:
        return "fetched"
    with logs.about(url=arrival.item.url_id):
        log.log(logs.level_of(arrival.outcome), "ended: %s", arrival.outcome)
    response = arrival.response
    evidence = {"status": response.status, "final_url": response.final_url} if response.status else None
    visits.end_visit(
        cursor, batch_id, arrival.item.url_id, "fetch", arrival.outcome, arrival.reason,
        evidence=evidence, retry_after=response.retry_after,
    )  # fmt: skip
    return arrival.outcome.value
