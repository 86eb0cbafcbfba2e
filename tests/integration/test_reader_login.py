"""An analyst's own login: made by a command, used by psql and DuckDB."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg2
import pytest
from psycopg2 import errors

from command_line import run_newsdesk
from newsdesk.local import postgres_programs

LOGIN = "analyst_of_tests"


def make(dsn: str, home: Path, name: str = LOGIN) -> subprocess.CompletedProcess[str]:
    return run_newsdesk(
        "reader", name, "--timeout", "7",
        NEWSDESK_DSN=dsn, NEWSDESK_HOME=str(home), NEWSDESK_READER_PASSWORD="not-a-secret",
    )  # fmt: skip


@pytest.fixture
def login(dsn: str, tmp_path: Path) -> Iterator[str]:
    """The DSN of a login that the command made."""
    done = make(dsn, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "not-a-secret" not in done.stdout + done.stderr
    yield psycopg2.extensions.make_dsn(dsn, user=LOGIN)
    connection = psycopg2.connect(dsn)
    with connection, connection.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {LOGIN}; DROP ROLE {LOGIN}")
    connection.close()


def test_psql_reads_news_without_its_name_and_nothing_else(login: str, dsn: str) -> None:
    def psql(sql: str) -> tuple[str, str]:
        command = [str(postgres_programs.program("psql")), login, "-X", "-A", "-t", "-c", sql]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout.strip(), done.stderr

    assert psql("SELECT count(*) FROM article")[0] == "0"
    assert psql("SHOW statement_timeout")[0] == "7s"
    assert "permission denied" in psql("SELECT 1 FROM ops.document")[1]
    assert "read-only" in psql("CREATE TEMPORARY TABLE mine (a int)")[1]


def test_made_again_it_has_another_password_and_the_server_never_sees_it(login: str, dsn: str, tmp_path: Path) -> None:
    connection = psycopg2.connect(dsn)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", (LOGIN,))
        (before,) = cursor.fetchone() or ("",)
        assert before.startswith("SCRAM-SHA-256$")
        assert make(dsn, tmp_path).stderr.startswith(f"{LOGIN} has another password")
        cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", (LOGIN,))
        assert cursor.fetchone() != (before,)
    connection.close()


def test_a_login_that_may_do_more_is_not_touched(dsn: str, tmp_path: Path) -> None:
    done = make(dsn, tmp_path, "postgres")
    assert done.returncode == 2
    assert "take another name" in done.stderr
    connection = psycopg2.connect(dsn)
    try:
        with connection.cursor() as cursor, pytest.raises(errors.UndefinedTable):
            cursor.execute("SELECT 1 FROM article")  # its search_path is as it was
    finally:
        connection.close()


def test_a_login_that_is_there_for_something_else_keeps_its_password(dsn: str, tmp_path: Path) -> None:
    connection = psycopg2.connect(dsn)
    password = "SELECT rolpassword FROM pg_authid WHERE rolname = 'other_of_tests'"
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE ROLE other_of_tests LOGIN PASSWORD 'its-own'")
        cursor.execute(password)
        before = cursor.fetchone()
    try:
        done = make(dsn, tmp_path, "other_of_tests")
        assert done.returncode == 2
        assert "GRANT news_reader TO other_of_tests" in done.stderr
        with connection, connection.cursor() as cursor:
            cursor.execute(password)
            assert cursor.fetchone() == before
            cursor.execute("GRANT news_reader TO other_of_tests")
        assert make(dsn, tmp_path, "other_of_tests").returncode == 0
    finally:
        with connection, connection.cursor() as cursor:
            cursor.execute("DROP ROLE other_of_tests")
        connection.close()


def test_duckdb_reads_the_tables_where_they_are(login: str) -> None:
    duck = duckdb.connect()
    try:
        duck.execute("INSTALL postgres; LOAD postgres")
    except duckdb.Error as error:
        pytest.skip(f"DuckDB's extension for PostgreSQL cannot be had here: {str(error).splitlines()[0][:80]}")
    duck.execute(f"ATTACH '{login}' AS desk (TYPE postgres, READ_ONLY, SCHEMA 'news')")
    assert duck.execute("SELECT count(*) FROM desk.news.article").fetchone() == (0,)
