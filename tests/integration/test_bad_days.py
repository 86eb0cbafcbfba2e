"""Days when something is broken: a killed run, a full disk, an absent database, a wrong source file."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from psycopg2 import errors

from command_line import AT_A_RUN, NEWSDESK, PATIENCE, WITHOUT_NAMES, WITHOUT_PAUSES, environment, run_newsdesk
from newsdesk import stages, urls
from newsdesk.desk import Desk
from newsdesk.local.newsroom import Newsroom
from newsdesk.settings import read_settings
from newsdesk.store.database import rows, transaction
from waiting import until

# what a run writes one after the other: links, pages, bodies, and that a body was searched for names
PROGRESS = ("ops.frontier", "ops.capture", "ops.document", "ops.visit WHERE enriched_at IS NOT NULL")


@dataclass
class Day:
    """The newsroom on the air, and the command line with a database and an archive of its own."""

    newsroom: Newsroom
    dsn: str
    home: Path

    def settings(self, **changes: str) -> dict[str, str]:
        return {
            "NEWSDESK_HOME": str(self.home), "NEWSDESK_SOURCES": str(self.home / "sources"), "NEWSDESK_DSN": self.dsn,
            "NEWSDESK_ARCHIVE": str(self.home / "archive"), "NEWSDESK_FETCH_DEADLINE": "2", "NEWSDESK_BATCH_SIZE": "15",
            "NEWSDESK_FETCH_MAX_BYTES": "5000000", **changes,
        }  # fmt: skip

    def ingest(self, **changes: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*NEWSDESK, "ingest", "--quiet"], env=environment(**self.settings(**changes)),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip

    def kill_after(self, progress: str) -> None:
        """Kill a run, with its workers, that has just brought further rows: at whatever line it is by then."""
        before = self.count(progress)
        run = self.ingest(**WITHOUT_NAMES, **WITHOUT_PAUSES)
        until(
            lambda: self.count(progress) > before or run.poll() is not None,
            PATIENCE,
            f"a row of {progress}",
            pause=0.01,
        )
        was_running = run.poll() is None
        os.killpg(run.pid, signal.SIGKILL)
        said, _ = run.communicate()
        assert was_running, f"it was over before there was a row of {progress}, or with it:\n{said}"
        with transaction(self.dsn) as cursor:  # as a dozen seconds later, when what the dead run holds has lapsed
            cursor.execute("UPDATE ops.host SET held_until = NULL; UPDATE ops.robots SET asked_until = NULL")

    def count(self, rows_of: str) -> int:
        with transaction(self.dsn) as cursor:
            cursor.execute(f"SELECT count(*) FROM {rows_of}")
            return int((cursor.fetchone() or (0,))[0])

    def outcomes(self) -> dict[str, str]:
        with transaction(self.dsn) as cursor:
            cursor.execute("SELECT url, outcome FROM news.url_status")
            return {urls.canonical_key(row["url"]): row["outcome"] for row in rows(cursor)}

    def truth(self) -> dict[str, str]:
        return {urls.canonical_key(row.url): row.outcome for row in self.newsroom.expected(1)}


@pytest.fixture
def day(dsn: str, tmp_path: Path) -> Iterator[Day]:
    (tmp_path / "sources").mkdir()
    with Newsroom(pace=AT_A_RUN) as newsroom:
        newsroom.write_sources(tmp_path / "sources")
        yield Day(newsroom, dsn, tmp_path)


@pytest.mark.slow
def test_a_run_that_is_killed_again_and_again_ends_as_an_undisturbed_one(day: Day) -> None:
    for progress in PROGRESS:
        day.kill_after(progress)
    last = day.ingest(**WITHOUT_NAMES, **WITHOUT_PAUSES)
    said, _ = last.communicate(timeout=PATIENCE)
    assert last.returncode == 0, said
    assert day.outcomes() == day.truth()
    with transaction(day.dsn) as cursor:
        cursor.execute(
            """
            SELECT (SELECT count(*) FROM news.article) AS articles,
                (SELECT count(*) FROM news.article_version) AS versions,
                (SELECT count(*) FROM ops.visit WHERE settled_at IS NULL) AS unfinished,
                (SELECT count(*) FROM ops.frontier WHERE open_batch_id IS NOT NULL) AS held
            """
        )
        found = rows(cursor)[0]
    published = sum(row.body is not None for row in day.newsroom.expected(1))
    assert found == {"articles": published, "versions": published, "unfinished": 0, "held": 0}


@pytest.mark.slow
def test_a_full_archive_disk_fails_loudly_and_loses_nothing(day: Day) -> None:
    disk = day.home / "disk"
    disk.mkdir()
    if not mount_tmpfs(disk, "100k"):
        pytest.skip("this machine does not let us mount a small disk")
    try:
        run = day.ingest(NEWSDESK_ARCHIVE=str(disk), **WITHOUT_NAMES, **WITHOUT_PAUSES)
        said, _ = run.communicate(timeout=PATIENCE)
        assert run.returncode == 1
        assert "cannot write to" in said
        assert "No space left on device" in said
        archived = archive_rows(day.dsn)
        assert archived
        mount_tmpfs(disk, "50m", remount=True)
        run = day.ingest(NEWSDESK_ARCHIVE=str(disk), **WITHOUT_NAMES, **WITHOUT_PAUSES)
        said, _ = run.communicate(timeout=PATIENCE)
        assert run.returncode == 0, said
        assert archive_rows(day.dsn) >= archived
        assert day.outcomes() == day.truth()
    finally:
        ctypes.CDLL(None).umount(os.fsencode(disk))


def test_a_lost_archive_file_costs_its_pages_and_no_other(day: Day) -> None:
    desk = Desk(read_settings(day.settings(**WITHOUT_NAMES, **WITHOUT_PAUSES)), day.dsn)
    run = stages.open_run(desk, "lost", "cli")
    stages.discover(desk, run)
    batches = stages.plan(desk, run)
    for batch in batches:
        stages.fetch(desk, batch)
    lost = min((day.home / "archive").rglob("*.warc.gz"))
    lost.unlink()
    for batch in batches:
        stages.extract(desk, batch)
        stages.enrich(desk, batch)
    stages.deduplicate(desk, run)
    stages.publish(desk, run)
    with transaction(day.dsn) as cursor:
        cursor.execute("SELECT f.url, v.reason FROM ops.visit AS v JOIN ops.capture AS c USING (capture_id) "
                       "JOIN ops.frontier AS f ON f.url_id = v.url_id WHERE c.warc_file LIKE %s", (f"%{lost.name}",))  # fmt: skip
        reasons = {urls.canonical_key(row["url"]): row["reason"] for row in rows(cursor)}
    assert reasons
    assert all("missing from the archive" in reason for reason in reasons.values())
    found, truth = day.outcomes(), day.truth()
    assert {found[key] for key in reasons} == {"quarantined"}
    assert {key: found[key] for key in truth if key not in reasons and truth[key] != "duplicate_url"} == {
        key: outcome for key, outcome in truth.items() if key not in reasons and outcome != "duplicate_url"
    }


def archive_rows(dsn: str) -> set[tuple[str, int]]:
    with transaction(dsn) as cursor:
        cursor.execute("SELECT warc_file, warc_offset FROM ops.capture")
        return set(cursor.fetchall())


def mount_tmpfs(place: Path, size: str, *, remount: bool = False) -> bool:
    flags = 32 if remount else 0  # MS_REMOUNT
    done = ctypes.CDLL(None, use_errno=True).mount(
        b"newsdesk", os.fsencode(place), b"tmpfs", flags, f"size={size}".encode()
    )
    return bool(done == 0)


def refused(dsn: str) -> str:
    """What `newsdesk ingest` says of a database that it cannot reach."""
    run = run_newsdesk("ingest", "--quiet", NEWSDESK_DSN=dsn)
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    return run.stderr


def test_a_database_that_refuses_is_named_with_its_setting() -> None:
    said = refused("postgresql://desk:secret@127.0.0.1:1/news")
    assert "cannot reach the database" in said
    assert "NEWSDESK_DSN" in said
    assert "127.0.0.1" in said
    assert "secret" not in said


def test_a_database_that_never_answers_is_given_up_within_ten_seconds() -> None:
    began = time.monotonic()
    refused("postgresql://desk:secret@127.0.0.1:1/news")
    at_once = time.monotonic() - began  # the start of Python and its imports, on a busy machine too
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        said = refused(f"postgresql://desk:secret@127.0.0.1:{silent.getsockname()[1]}/news")
    assert time.monotonic() - began < 10 + 2 * at_once
    assert "cannot reach the database" in said
    assert "secret" not in said


def test_a_setting_that_is_no_address_is_named() -> None:
    assert "not a PostgreSQL DSN" in refused("mysql://desk:secret@127.0.0.1/news")


def test_a_wrong_source_file_is_named_and_the_others_run(day: Day) -> None:
    broken = day.home / "sources" / "broken.yaml"
    broken.write_text("id: broken\nname: Broken\nhomepage: www.example.com\n")
    run = day.ingest(**WITHOUT_NAMES, **WITHOUT_PAUSES)
    said, _ = run.communicate(timeout=PATIENCE)
    assert run.returncode == 1
    assert re.search(rf"{re.escape(str(broken))}:3: homepage: .* with http:// or https://", said)
    assert day.outcomes() == day.truth()


@pytest.mark.slow
def test_a_login_that_may_only_write_does_a_whole_run(day: Day) -> None:
    with transaction(day.dsn) as cursor:
        cursor.execute("SELECT current_database()")
        cursor.execute(f"ALTER DATABASE {(cursor.fetchone() or ('',))[0]} SET role TO news_writer")
    with transaction(day.dsn) as cursor, pytest.raises(errors.InsufficientPrivilege):
        cursor.execute("CREATE TABLE ops.mine (a int)")
    last = day.ingest(**WITHOUT_PAUSES)
    said, _ = last.communicate(timeout=PATIENCE)
    assert last.returncode == 0, said
    assert day.outcomes() == day.truth()
