"""The nightly upkeep: what is forgotten, what is cleaned up behind it, and a share of the archive read through.

    trim → vacuum → verify

Each step can be killed at any line and run again. Nothing that an article came from is touched.
"""

from __future__ import annotations

import fnmatch
import logging
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsdesk.alerting.telling import tell
from newsdesk.archive.places import open_place
from newsdesk.archive_verifying import FileReport, files_to_verify
from newsdesk.archive_verifying import verify as verify_files
from newsdesk.desk import Desk
from newsdesk.errors import CheckFailed
from newsdesk.store import archive_files, retention
from newsdesk.store.archive_files import Verified
from newsdesk.store.database import session, transaction

log = logging.getLogger(__name__)

SHOWN = 5  # faults of a file, in words
NAMED = 20  # damaged files in an error's text
AGAIN = 50  # damaged files that are looked at again each night

Files = Sequence[tuple[str, int | None]]  # name below the archive's root, bytes


def trim(desk: Desk) -> dict[str, int]:
    """Delete the rows and files whose time is over. Returns how many of each kind."""
    now = datetime.now(UTC)
    keep = {kind: timedelta(days=days) for kind, days in desk.settings.keep.items()}
    done: dict[str, int] = {}
    with session(desk.dsn) as begin:
        for one in retention.TRIMS:
            done[one.name] = retention.trim(begin, one, now - keep[one.keep])
    home = desk.settings.home
    done["report_files"] = _delete_older(home / "reports", "reprocess-*", now - keep["reports"])
    done["log_files"] = _delete_older(home / "logs" / "airflow", "*.log*", now - keep["logs"])
    log.info("forgotten: %s", ", ".join(f"{count} {name}" for name, count in done.items() if count) or "nothing")
    return done


def _delete_older(folder: Path, pattern: str, before: datetime) -> int:
    """Delete files of this name in and below the folder, last written before then, and folders that this leaves empty."""
    deleted = 0
    for place, folders, names in os.walk(folder, topdown=False):  # links to folders are not followed
        for name in fnmatch.filter(names, pattern):
            file = Path(place, name)
            try:
                if not file.is_symlink() and file.stat().st_mtime < before.timestamp():
                    file.unlink()
                    deleted += 1
            except OSError as error:  # another worker deletes, too; what is left goes tomorrow
                log.info("%s stays: %s", file, error)
        if place != str(folder) and (names or folders):
            with suppress(OSError):  # there is something in it
                Path(place).rmdir()
    return deleted


def vacuum(desk: Desk) -> dict[str, int]:
    """VACUUM (ANALYZE) of all tables of which something may have been deleted."""
    refused = retention.vacuum(desk.dsn, retention.TABLES)
    if refused:
        log.warning(
            "not vacuumed, as this account does not own them: %s. PostgreSQL's autovacuum does it in its time; to have it "
            "done here, let the connection's account be a member of their owner",
            ", ".join(refused),
        )
    return {"tables": len(retention.TABLES) - len(refused), "not_ours": len(refused)}


def verify(desk: Desk, key: str) -> dict[str, int]:
    """Read tonight's share of the archive, and hold it against the database. `key`: of this maintenance.

    Each file's result is kept as it is found. CheckFailed names the files whose damage is new; what was told in an
    earlier night is only counted and logged, until it is another.
    """
    place = open_place(desk.settings.archive, desk.settings.archive_options)
    files = files_to_verify(place, desk.dsn)
    with transaction(desk.dsn) as cursor:
        known = archive_files.verified(cursor)
        archive_files.forget(cursor, [file for file, _ in files])
    tonight = share(files, known, desk.settings.verify_nights, f"{datetime.now(UTC):%Y-%m-%d}")
    done = {"files": 0, "bytes": 0, "records": 0, "files_in_all": len(files)}
    for report in verify_files(place, desk.dsn, tonight):
        _save(desk, key, report)
        done["files"] += 1
        done["bytes"] += report.size or 0
        done["records"] += sum(report.records.values())
    with transaction(desk.dsn) as cursor:
        damaged = archive_files.damaged(cursor)
    new = {file: damage for file, damage, found_by in damaged if found_by == key}
    done |= {"files_damaged": len(damaged), "files_newly_damaged": len(new)}
    for file, damage, found_by in damaged:
        if found_by != key:
            log.warning("known to be damaged since %s: %s: %s", found_by, file, damage[0])
    if new:
        raise CheckFailed(_tell_damage(desk, key, new))
    return done


def share(files: Files, known: Mapping[str, Verified], nights: float, today: str) -> list[tuple[str, int | None]]:
    """The files to read tonight: the longest unread first, at least a whole day's of them, today's not yet.

    As many bytes as bring the whole archive to its turn in so many nights. Those that were damaged are read again, to see
    whether they still are.
    """
    never = datetime.min.replace(tzinfo=UTC)
    last = {file: known[file].verified_at if file in known else never for file, _ in files}
    ripe = [(file, size) for file, size in files if _day(file) < today or not _is_day(_day(file))]
    enough = sum(size or 0 for _, size in ripe) / nights
    days: dict[str, list[tuple[str, int | None]]] = {}
    for file, size in sorted(ripe, key=lambda one: (last[one[0]], one[0])):
        days.setdefault(_day(file), []).append((file, size))
    chosen: list[tuple[str, int | None]] = []
    for of_day in days.values():
        chosen += of_day
        if sum(size or 0 for _, size in chosen) >= enough:
            break
    taken = {file for file, _ in chosen}
    again = [(file, size) for file, size in ripe if file not in taken and file in known and known[file].faults]
    return chosen + again[:AGAIN]


def _day(file: str) -> str:
    return file.partition("/")[0]


def _is_day(name: str) -> bool:
    return len(name) == 10 and name[:4].isdecimal()


def _save(desk: Desk, key: str, report: FileReport) -> None:
    damage = [f"{fault.kind} at {fault.offset}: {fault.what}" for fault in report.faults[:SHOWN]]
    with transaction(desk.dsn) as cursor:
        archive_files.save(
            cursor, key, report.file, report.size, sum(report.records.values()), len(report.faults), damage
        )


def _tell_damage(desk: Desk, key: str, new: Mapping[str, Sequence[str]]) -> str:
    lines = [f"{file}: {damage[0]}" for file, damage in list(new.items())[:NAMED]]
    if len(new) > NAMED:
        lines.append(f"and {len(new) - NAMED} more: SELECT * FROM ops.archive_file WHERE faults > 0")
    remedy = (
        "Bring the file back from a backup. `newsdesk archive verify --file NAME` shows all that is wrong with one; "
        "`--repair` cuts off the broken end that a killed writer left"
    )
    tell(desk, f"newsdesk: {len(new)} files of the archive are damaged", [*lines, remedy], f"damage/{key}")
    return "\n".join((f"{len(new)} files of the archive are damaged. {remedy}", *lines))


def run(desk: Desk, key: str) -> dict[str, int]:
    """All steps, one after the other, in the foreground. Returns their counts."""
    counts = {f"forgotten_{name}": count for name, count in trim(desk).items()}
    counts |= {f"vacuumed_{name}": count for name, count in vacuum(desk).items()}
    return counts | {f"verified_{name}": count for name, count in verify(desk, key).items()}
