"""Migrations: what is lacking is told, applied once, and never waits for ever."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import errors

from command_line import NEWSDESK, environment
from databases import fresh_database
from newsdesk.store import migrate as migrations


def check(dsn: str, home: Path) -> subprocess.CompletedProcess[str]:
    settings = environment(NEWSDESK_DSN=dsn, NEWSDESK_HOME=str(home))
    return subprocess.run([*NEWSDESK, "migrate", "--check"], env=settings, capture_output=True, text=True, check=False)


def test_check_tells_what_is_lacking_and_changes_nothing(template_dsn: str, dsn: str, tmp_path: Path) -> None:
    done = check(dsn, tmp_path)
    assert (done.returncode, done.stdout) == (0, "the database is up to date\n")
    with fresh_database(template_dsn, "template1") as empty:
        for _ in range(2):
            lacking = check(empty, tmp_path)
            assert lacking.returncode == 1
            assert lacking.stdout.startswith("to apply: 0001_ops.sql\n")
        assert migrations.migrate(empty)[0] == "0001_ops.sql"
        assert migrations.migrate(empty) == []
        assert check(empty, tmp_path).returncode == 0


def test_two_that_migrate_one_database_at_once_both_end(template_dsn: str) -> None:
    with fresh_database(template_dsn, "template1") as empty:
        applied: list[list[str]] = []
        both = [
            threading.Thread(target=lambda: applied.append(migrations.migrate(empty)), daemon=True) for _ in range(2)
        ]
        for one in both:
            one.start()
        for one in both:
            one.join(60)
        assert sorted(map(len, applied)) == [0, len(list(migrations._files()))]
        assert migrations.pending(empty) == []


def test_a_migration_gives_up_where_a_reader_holds_its_table(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "_LOCK_TIMEOUT", "200ms")
    monkeypatch.setattr(migrations, "_files", lambda: [("0001_x.sql", "ALTER TABLE news.source ADD COLUMN x int")])
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM public.newsdesk_migration")
    connection.close()
    reader = psycopg2.connect(dsn)
    try:
        with reader.cursor() as cursor:
            cursor.execute("SELECT * FROM news.source")
            with pytest.raises(errors.LockNotAvailable):
                migrations.migrate(dsn)
        reader.rollback()
        assert migrations.migrate(dsn) == ["0001_x.sql"]
    finally:
        reader.close()
