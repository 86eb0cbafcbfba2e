"""Importing foreign archives: their pages take the way of our own from the extract stage on.

    open_run → plan (read the files into batches) → [extract → enrich] → deduplicate → publish → check

A file is read in chunks. A chunk is one transaction: its pages are in our archive, in the frontier and in a batch, and
the place where reading goes on is noted, or none of it. So a reading that is killed anywhere goes on where it was, and
no record is taken twice or lost. Each record that is read is taken or left out for one reason, and each page that is
taken ends in one outcome: `check` holds both sums against the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from newsdesk import logs, urls
from newsdesk.archive.foreign import ForeignRecord, Position, read_records
from newsdesk.archive.foreign_files import ForeignFile, identify, list_files, open_file
from newsdesk.archive.records import response_record
from newsdesk.archive.warc import ArchiveWriter
from newsdesk.archiving import open_archive
from newsdesk.desk import Desk
from newsdesk.errors import CheckFailed, ConfigError, Retryable
from newsdesk.importing.chunks import Chunk, cut_chunks
from newsdesk.importing.pages import MAX_HEAD, LeftOut, judge
from newsdesk.importing.sites import Sites, sites_of
from newsdesk.importing.taking import take
from newsdesk.model import Response, Source
from newsdesk.sources import load_sources, own_hosts
from newsdesk.store import imports, runs, visits
from newsdesk.store import sources as source_store
from newsdesk.store.database import Begin, Cursor, in_turn, session, transaction
from newsdesk.store.imports import Account, Import

log = logs.logger(__name__)

MOST_BATCHES = 1_000  # of one run: Airflow maps a task 1,024 times at most

Tell = Callable[[Import], None]


def open_run(
    desk: Desk, key: str, kind: str, names: Sequence[str], source_id: str | None = None, *, again: bool = False
) -> int:
    """A run that imports these files; those that were imported before are passed over, but for `again`.

    ConfigError for a file that cannot be read, and for a source that is unknown. Retryable where another run has one
    of the files in hand.
    """
    files = [identify(name) for name in list_files(names)]
    return open_run_of(desk, key, kind, files, source_id, again=again)


def open_run_of(
    desk: Desk, key: str, kind: str, files: Sequence[ForeignFile], source_id: str | None, *, again: bool
) -> int:
    """As `open_run`, of files that were identified already."""
    known, faults = load_sources(desk.settings.sources)
    for fault in faults:
        log.warning("source file left out: %s", fault)
    with transaction(desk.dsn) as cursor:
        if known:
            source_store.save_sources(cursor, known, complete=not faults)
        if source_id is not None and source_id not in source_store.read_sources(cursor, [source_id], all_ever=True):
            raise ConfigError(f"no source has the id {source_id}; `newsdesk sources list` shows them")
        run_id = runs.open_run(cursor, key, kind, [], None)
        for file in files:
            item = imports.open_import(cursor, file.digest, file.name, file.size, again=again)
            if item.state == "done":
                log.info("%s was imported already, by run %s", file.name, item.run_id)
                continue
            if imports.worked_on(cursor, item.import_id, run_id):
                raise Retryable(f"{file.name} is being imported by run {item.run_id} now: wait for it, or stop it")
            imports.take_up(cursor, item.import_id, run_id, source_id)
        return run_id


def plan(desk: Desk, run_id: int, *, most_batches: int = MOST_BATCHES, tell: Tell | None = None) -> list[int]:
    """Read the run's files into batches, as far as `most_batches` goes. Returns the ids of the unfinished batches."""
    with transaction(desk.dsn) as cursor:
        todo = [item for item in imports.imports_of(cursor, run_id) if item.state == "reading"]
    for item in todo:
        try:
            _read_file(desk, run_id, item, most_batches, tell or (lambda item: None))
        except OSError as error:  # of the file: the archive and the database have words of their own
            raise Retryable(
                f"cannot read on in {item.file}: {error.strerror or error}; import it again to go on"
            ) from error
    with transaction(desk.dsn) as cursor:
        if all(item.state != "reading" for item in imports.imports_of(cursor, run_id)):
            runs.mark(cursor, run_id, "planned_at")
        return runs.batches(cursor, run_id)


def _read_file(desk: Desk, run_id: int, item: Import, most_batches: int, tell: Tell) -> None:
    with (
        session(desk.dsn) as begin,
        open_file(item.file) as file,
        open_archive(desk, f"import-{item.import_id}") as archive,
    ):
        with begin() as cursor:
            known = source_store.read_sources(cursor, all_ever=True)
        sites = sites_of(known.values())
        forced = known[item.source_id] if item.source_id else None
        private = {host for source in known.values() if source.allow_private for host in own_hosts(source)}

        def judged(record: ForeignRecord) -> Response | LeftOut:
            return judge(record, desk.settings.fetch_max_bytes, datetime.now(UTC), private)

        while item.state == "reading":
            place = Position(*item.place)
            records = read_records(file, place, max_block=desk.settings.fetch_max_bytes + MAX_HEAD)
            for chunk in cut_chunks(records, place, judged, desk.settings.batch_size):
                with begin() as cursor:
                    if len(runs.batches(cursor, run_id)) >= most_batches:
                        return
                mine = _save_chunk(begin, archive, run_id, item.import_id, chunk, sites, forced)
                with begin() as cursor:
                    item = imports.read_import(cursor, item.import_id)
                if not mine:
                    break  # another try of this task reads too, and was first: go on from where it is
                _tell_of(item, chunk, tell)
            else:
                with begin() as cursor:
                    imports.mark(cursor, item.import_id, "read")
                    item = imports.read_import(cursor, item.import_id)
                tell(item)


def _tell_of(item: Import, chunk: Chunk, tell: Tell) -> None:
    tell(item)
    log.info(
        "%s: %.0f of %.0f MB, %d records, %d pages", item.file, item.place[0] / 1e6, item.size / 1e6, item.records, item.captures
    )  # fmt: skip
    for damage in chunk.damages:
        log.warning("%s: %s", item.file, damage)


def _save_chunk(
    begin: Begin, archive: ArchiveWriter, run_id: int, import_id: int, chunk: Chunk, sites: Sites, forced: Source | None
) -> bool:
    """Take the chunk in, in one transaction. False where another process dealt with it before."""

    def work(cursor: Cursor) -> bool:
        item = imports.read_import(cursor, import_id, lock=True)
        if item.run_id != run_id:
            raise Retryable(f"{item.file} was taken over by run {item.run_id}")
        if item.state != "reading" or Position(*item.place) != chunk.start:
            return False
        left_out = Counter(chunk.left_out)
        taken = take(cursor, run_id, chunk.pages, left_out, sites, forced)
        if taken:
            hosts = sorted({urls.host(page.response.url) for page in taken.values()})
            batch_id = runs.open_batch(cursor, run_id, hosts, list(taken), import_id=import_id)
            visits.enter(cursor, batch_id, list(taken))
            places = archive.write_all([response_record(page.response) for page in taken.values()])
            for (url_id, page), at in zip(taken.items(), places, strict=True):
                visits.save_capture(cursor, batch_id, url_id, page.response, page.digest, at)
        imports.advance(
            cursor, import_id, (chunk.after.member, chunk.after.inside), chunk.records, len(taken), left_out,
            chunk.damages,
        )  # fmt: skip
        return True

    return in_turn(begin, work)


def check(desk: Desk, run_id: int) -> dict[str, int]:
    """Hold each file's sums against the database. CheckFailed names what a person must look at."""
    totals: Counter[str] = Counter(files=0, records=0, captures=0, left_out=0)
    failures: list[str] = []
    with transaction(desk.dsn) as cursor:
        for item in imports.imports_of(cursor, run_id):
            account = imports.account(cursor, item.import_id)
            faults = failures_of(item, account)
            failures += faults
            if item.state == "read" and not account.unsettled:
                imports.mark(cursor, item.import_id, "done")
            totals.update(
                files=1, records=item.records, captures=item.captures, left_out=sum(item.left_out.values()),
                **account.outcomes,
            )  # fmt: skip
        if not runs.marks(cursor, run_id).published:
            failures.append("nothing was published: see the log of the task publish")
        runs.finish(cursor, run_id, failed=bool(failures))
    if failures:
        raise CheckFailed("\n".join(failures))
    return dict(totals)


def failures_of(item: Import, account: Account) -> list[str]:
    """What is not as it should be with a file's import; empty: every record is accounted for and every page settled."""
    left_out = sum(item.left_out.values())
    failures = []
    if item.state == "reading":
        failures.append(
            f"read to {item.place[0]:,} of {item.size:,} bytes only: import the same file again, and it goes on"
        )
    if item.records != item.captures + left_out:
        failures.append(f"{item.records} records are not {item.captures} taken + {left_out} left out: report this bug")
    if item.captures != account.captures:
        failures.append(f"{item.captures} pages were taken, {account.captures} are in ops.visit: report this bug")
    if account.unsettled:
        failures.append(f"{account.unsettled} pages are unfinished: clear the red task, or import the file again")
    if damaged := item.left_out.get(LeftOut.DAMAGED, 0):
        failures.append(f"{damaged} damaged records; get the file anew. {item.damages[0]}")
    return [f"{item.file}: {failure}" for failure in failures]
