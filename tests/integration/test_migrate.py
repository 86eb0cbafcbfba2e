"""Migrations: what is lacking is told, applied once, and never waits for ever."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import psycopg2
import pytest
from psycopg2.extensions import make_dsn
from typer.testing import CliRunner

from command_line import run_newsdesk
from databases import fresh_database
from newsdesk.cli import app
from newsdesk.errors import DatabaseContended, MigrationError, Retryable
from newsdesk.local import postgres
from newsdesk.store import migrate as migrations
from newsdesk.store.database import transaction


def check(dsn: str, home: Path) -> subprocess.CompletedProcess[str]:
    return run_newsdesk("migrate", "--check", NEWSDESK_DSN=dsn, NEWSDESK_HOME=str(home))


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


def test_check_changes_nothing_of_the_embedded_database_either(tmp_path: Path) -> None:
    home = tmp_path / "home"

    def migrate(*words: str) -> tuple[int, list[str]]:
        done = run_newsdesk("migrate", *words, NEWSDESK_HOME=str(home))
        return done.returncode, done.stdout.splitlines()

    try:
        for _ in range(2):
            code, lacking = migrate("--check")
            assert (code, lacking[0]) == (1, "to apply: 0001_ops.sql")
        assert migrate() == (0, [line.replace("to apply:", "applied") for line in lacking])
        assert migrate("--check") == migrate() == (0, ["the database is up to date"])
    finally:
        postgres.stop(home)


def test_a_migration_gives_up_where_a_reader_holds_its_table(
    dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "_LOCK_TIMEOUT", "200ms")
    monkeypatch.setattr(migrations, "_files", lambda: [("0001_x.sql", "ALTER TABLE news.source ADD COLUMN x int")])
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM public.newsdesk_migration")
    connection.close()
    reader = psycopg2.connect(dsn)
    try:
        with reader.cursor() as cursor:
            cursor.execute("SELECT * FROM news.source")
            with pytest.raises(DatabaseContended, match="run it again"):
                migrations.migrate(dsn)
            assert issubclass(DatabaseContended, Retryable)  # what a task meets is tried again
            for name, value in {"NEWSDESK_DSN": dsn, "NEWSDESK_HOME": str(tmp_path)}.items():
                monkeypatch.setenv(name, value)
            told = CliRunner().invoke(app, ["migrate"])
            assert (told.exit_code, told.stdout, told.stderr.count("\n")) == (2, "", 1)
            assert told.stderr.startswith("newsdesk: a migration waited 200ms for a table that others use")
        reader.rollback()
        assert migrations.migrate(dsn) == ["0001_x.sql"]
    finally:
        reader.close()


def test_a_login_that_may_not_migrate_is_told_who_may(dsn: str, tmp_path: Path) -> None:
    writer = "writer_of_migrations"
    with transaction(dsn) as cursor:
        cursor.execute(f"CREATE ROLE {writer} LOGIN IN ROLE news_writer")
        cursor.execute(
            "DELETE FROM public.newsdesk_migration WHERE name = (SELECT max(name) FROM public.newsdesk_migration)"
        )
    try:
        theirs = make_dsn(dsn, user=writer)
        with pytest.raises(MigrationError, match="as the database's owner"):
            migrations.migrate(theirs)
        done = run_newsdesk("status", NEWSDESK_DSN=theirs, NEWSDESK_HOME=str(tmp_path))
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert done.stderr.startswith(f"newsdesk: the login of postgresql://{writer}@")
        assert "permission denied" in done.stderr
    finally:
        with transaction(dsn) as cursor:
            cursor.execute(f"DROP ROLE {writer}")


def test_a_login_that_may_not_even_look_is_told_so(dsn: str) -> None:
    reader = "reader_of_migrations"
    with transaction(dsn) as cursor:
        cursor.execute(f"CREATE ROLE {reader} LOGIN IN ROLE news_reader")
    try:
        with pytest.raises(MigrationError, match="news_writer"):
            migrations.pending(make_dsn(dsn, user=reader))
    finally:
        with transaction(dsn) as cursor:
            cursor.execute(f"DROP ROLE {reader}")
