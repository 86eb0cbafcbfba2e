"""Imports in the foreground, without Airflow: file by file, a run each, batches side by side in processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePath

from newsdesk import stages
from newsdesk.archive.foreign import Position, read_records
from newsdesk.archive.foreign_files import ForeignFile, open_file
from newsdesk.desk import Desk
from newsdesk.errors import CheckFailed
from newsdesk.importing import steps as importing
from newsdesk.importing.chunks import cut_chunks
from newsdesk.importing.pages import MAX_HEAD, judge
from newsdesk.ingest import work_off
from newsdesk.run_keys import own_key
from newsdesk.settings import Settings
from newsdesk.store import imports, runs
from newsdesk.store.database import transaction
from newsdesk.store.imports import Account, Import

# batches of one foreground run: nothing is mapped here
ANY_NUMBER = 1 << 62

Tell = Callable[[str, dict[str, int]], None]


@dataclass(slots=True)
class Imported:
    """How the import of one file ended."""

    item: Import
    account: Account
    before: datetime | None = None  # it had been imported then, and nothing was done now
    failures: list[str] = field(default_factory=list)  # what a person must look at


def import_files(
    desk: Desk,
    files: Sequence[ForeignFile],
    source_id: str | None = None,
    *,
    again: bool = False,
    tell: Tell | None = None,
) -> Iterator[Imported]:
    """Import one file after the other, each as a run of its own, so that a later file's pages meet the earlier ones'.

    `tell(stage, counts)` is called as `ingest` does; stage `read` while the file is read: bytes, size, records, pages.
    """
    for file in files:
        yield _import_file(desk, file, source_id, again, tell or (lambda stage, counts: None))


def _import_file(desk: Desk, file: ForeignFile, source_id: str | None, again: bool, tell: Tell) -> Imported:
    with transaction(desk.dsn) as cursor:
        item = imports.open_import(cursor, file.digest, file.name, file.size, again=again)
        if item.state == "done":
            return Imported(item, imports.account(cursor, item.import_id), before=item.finished_at)
    key = own_key(f"import/{PurePath(file.name).name}")
    run_id = importing.open_run_of(desk, key, "import", [file], source_id, again=False)
    failures: list[str] = []

    def tell_reading(item: Import) -> None:
        tell("read", {"bytes": item.place[0], "size": item.size, "records": item.records, "pages": item.captures})

    with runs.alive(desk.dsn, run_id):
        batches = importing.plan(desk, run_id, most_batches=ANY_NUMBER, tell=tell_reading)
        failures += work_off(desk, run_id, batches, tell)
        tell("deduplicate", stages.deduplicate(desk, run_id))
        tell("publish", stages.publish(desk, run_id))
        try:
            tell("check", importing.check(desk, run_id))
        except CheckFailed as error:
            failures += str(error).splitlines()
    with transaction(desk.dsn) as cursor:
        item = imports.read_import(cursor, item.import_id)
        return Imported(item, imports.account(cursor, item.import_id), failures=failures)


def count_records(settings: Settings, file: ForeignFile, tell: Tell | None = None) -> Import:
    """What the file holds, without a database: what would be taken at most, and what is left out for which reason."""
    left_out: Counter[str] = Counter()
    damages: list[str] = []
    records = pages = 0
    after = Position()
    with open_file(file.name) as stream:
        found = read_records(stream, max_block=settings.fetch_max_bytes + MAX_HEAD)
        chunks = cut_chunks(
            found, after, lambda record: judge(record, settings.fetch_max_bytes, datetime.now(UTC)), settings.batch_size
        )
        for chunk in chunks:
            left_out.update(chunk.left_out)
            damages += chunk.damages
            records, pages, after = records + chunk.records, pages + len(chunk.pages), chunk.after
            if tell:
                tell("read", {"bytes": after.member, "size": file.size, "records": records, "pages": pages})
    return Import(0, file.name, file.size, None, None, "read", (after.member, after.inside), records, pages, left_out,
                  damages[: imports.MOST_DAMAGES], None)  # fmt: skip
