"""Backup and restore by the very lines of docs/operator.md: a dump, a return to a moment, and the archive alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
import pytest

import canonical
from arrivals import Arrival, arrive
from command_line import AT_A_RUN, ROOT, WITHOUT_NAMES, environment
from databases import fresh_database
from in_process import ingest_here
from newsdesk import stages
from newsdesk.archive.foreign_files import identify, list_files
from newsdesk.desk import Desk
from newsdesk.importing.foreground import import_files
from newsdesk.local import postgres, postgres_programs
from newsdesk.local.newsroom import Newsroom
from newsdesk.settings import read_settings
from newsdesk.sources import load_sources
from newsdesk.store.database import transaction
from newsdesk.store.migrate import migrate
from newsdesk.store.sources import save_sources

pytestmark = pytest.mark.slow

SECTION = re.search(r"## Backup and restore\n(.*?)\n## ", (ROOT / "docs/operator.md").read_text(), re.DOTALL)
BACK_UP, RESTORE, KEEP_LOG, GO_BACK = re.findall(r"```sh\n(.*?)```", SECTION[1] if SECTION else "", re.DOTALL)
SOME = ("harbour-courier", "northmoor-observer", "saltmarsh-gazette", "evening-lantern")  # none of them dawdles
FETCHED_QUICKLY = {
    "NEWSDESK_FETCH_DEADLINE": "2", "NEWSDESK_CRAWL_DELAY": "0", "NEWSDESK_FETCH_MAX_BYTES": "5000000", **WITHOUT_NAMES,
}  # fmt: skip


@dataclass
class House:
    """An installation that was backed up, with what it held at the time, and had a bad day after it."""

    folder: Path
    dump: canonical.Dump
    until: str

    @property
    def backup(self) -> Path:
        return self.folder / "backup"

    def settings(self, home: str) -> dict[str, str]:
        return {
            "NEWSDESK_HOME": str(self.folder / home),
            "NEWSDESK_SOURCES": str(self.folder / "sources"),
            **FETCHED_QUICKLY,
        }

    def shell(self, lines: str, home: str, **more: str) -> str:
        """The lines as an operator would type them, in a shell that has newsdesk in its path. Returns what they say."""
        path = f"{self.folder / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        program = f'PGBIN="{postgres_programs.program("pg_dump").parent}"\n{lines}'
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", program], capture_output=True, text=True, check=False,
            env=environment(**self.settings(home), BACKUP=str(self.backup), PATH=path, **more),
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with (
        TemporaryDirectory(prefix="newsdesk-restore-", ignore_cleanup_errors=True) as name,
        Newsroom(pace=AT_A_RUN) as newsroom,
    ):
        house = House(Path(name), canonical.Dump({}), "")
        for folder in ("sources", "bin", "backup/wal"):
            (house.folder / folder).mkdir(parents=True)
        (house.backup / "wal").chmod(0o777)
        house.backup.chmod(0o711)
        command = house.folder / "bin" / "newsdesk"
        command.write_text(f'#!/bin/sh\nexec {sys.executable} -m newsdesk.cli "$@"\n')
        command.chmod(0o755)
        newsroom.write_sources(house.folder / "sources")
        home = house.folder / "home"
        try:
            migrate(postgres.start(home))
            house.shell(KEEP_LOG, "home")
            dsn = postgres.start(home)
            desk = Desk(read_settings(house.settings("home")), dsn)
            assert ingest_here(desk, SOME).failures == []
            house.dump = canonical.dump(dsn, str(home / "archive"))
            house.shell(BACK_UP, "home")
            with transaction(dsn) as cursor:
                cursor.execute("SELECT clock_timestamp()::text")
                house.until = str((cursor.fetchone() or ("",))[0])
            with transaction(dsn) as cursor:  # the bad day
                cursor.execute("UPDATE news.article SET title = 'Lorem ipsum'")
                cursor.execute("DELETE FROM news.article_version")
            run_maintenance(dsn, "SELECT pg_switch_wal()")
            wait_for_the_log(dsn)
            yield house
        finally:
            for made in house.folder.iterdir():
                if (made / "postgres").is_dir():
                    postgres.stop(made)


def run_maintenance(dsn: str, statement: str) -> None:
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    connection.cursor().execute(statement)
    connection.close()


def wait_for_the_log(dsn: str) -> None:
    """Until the server has given its log away up to now."""
    with transaction(dsn) as cursor:
        for _ in range(600):
            cursor.execute(
                "SELECT last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 1) FROM pg_stat_archiver, pg_sleep(0.1)"
            )
            if cursor.fetchone() == (True,):
                return
            cursor.execute("SELECT pg_stat_clear_snapshot()")
    raise AssertionError("PostgreSQL does not give its log away")


def assert_all_is_there(house: House, dsn: str, home: str) -> None:
    found = canonical.difference(house.dump, canonical.dump(dsn, str(house.folder / home / "archive")))
    assert not found, str(found)


def test_a_dump_and_a_copy_of_the_archive_bring_everything_back_and_work_goes_on(house: House) -> None:
    house.shell(RESTORE, "restored")
    dsn = postgres.start(house.folder / "restored")
    assert_all_is_there(house, dsn, "restored")
    desk = Desk(read_settings(house.settings("restored")), dsn)
    body = " ".join(f"The ferry {n} left port {n * 3} on time." for n in range(30))
    run_id = arrive(dsn, [Arrival("https://late.example/1", body)], "after")
    stages.deduplicate(desk, run_id)
    assert stages.publish(desk, run_id) == {"published": 1}


def test_the_log_brings_back_the_moment_before_the_bad_day(house: House) -> None:
    house.shell(GO_BACK, "back", UNTIL=house.until)
    dsn = postgres.start(house.folder / "back")
    assert_all_is_there(house, dsn, "back")
    with transaction(dsn) as cursor:
        cursor.execute("SELECT pg_is_in_recovery(), current_setting('archive_mode')")
        assert cursor.fetchone() == (False, "off")


def test_the_archive_alone_makes_the_same_articles_again(house: House, template_dsn: str) -> None:
    settings = read_settings(house.settings("replayed"))
    with fresh_database(template_dsn) as dsn:
        desk = Desk(settings, dsn)
        with transaction(dsn) as cursor:
            save_sources(cursor, load_sources(settings.sources)[0], complete=True)
        for imported in import_files(desk, [identify(name) for name in list_files([str(house.backup / "archive")])]):
            assert imported.failures == []
        found = canonical.difference(house.dump, canonical.dump(dsn, settings.archive))
    # URLs that gave no page are in no archive, and a page that came by two addresses is in it twice
    assert found.lost.keys() == {"archive", "source_day", "url_status"}, str(found)
    assert found.doubled.keys() == {"source_day"}, str(found)
    assert not [row for row in found.lost["url_status"] if '"outcome":"published"' in row]
