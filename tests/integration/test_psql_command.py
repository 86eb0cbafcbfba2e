"""`newsdesk psql`: all of the database's address but its password reaches psql, and Ctrl-C is psql's own."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import subprocess
import termios
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from psycopg2.extensions import parse_dsn

from command_line import NEWSDESK, environment, run_newsdesk
from newsdesk.store.database import transaction
from waiting import read_until, until

SHOWS_ITS_CALL = '#!/bin/sh\nprintf \'%s\\n\' "$@" "PGPASSWORD=$PGPASSWORD"\n'


def test_all_of_the_address_but_its_password_stands_in_psqls_arguments(dsn: str, tmp_path: Path) -> None:
    program = tmp_path / "psql"
    program.write_text(SHOWS_ITS_CALL)
    program.chmod(0o755)
    more = "&password=hunter2%20&sslpassword=hunter3&sslrootcert=/ca.pem&sslcert=/me.pem&passfile=/none"
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = run_newsdesk("psql", "-c", "SELECT 1", NEWSDESK_DSN=dsn + more, NEWSDESK_HOME=str(tmp_path), PATH=path)
    assert done.returncode == 0, done.stderr
    first, *others = done.stdout.splitlines()
    assert others == ["-c", "SELECT 1", "PGPASSWORD=hunter2 "]
    assert parse_dsn(first.removeprefix("--dbname=")) == {
        key: value for key, value in parse_dsn(dsn + more).items() if "password" not in key
    }


def services(dsn: str, folder: Path) -> Path:
    """A service file whose service `desk` is the test's database."""
    parts = urlsplit(dsn)
    place = parse_qs(parts.query)
    file = folder / "services"
    file.write_text(
        f"[desk]\nhost={place['host'][0]}\nport={place['port'][0]}\nuser=postgres\ndbname={parts.path[1:]}\n"
    )
    return file


def test_a_service_and_options_lead_psql_where_they_lead_everything_else(dsn: str, tmp_path: Path) -> None:
    name = urlsplit(dsn).path[1:]
    done = run_newsdesk(
        "psql", "-XAt", "-c", "SELECT current_database() || current_setting('statement_timeout')", NEWSDESK_HOME=str(tmp_path),
        NEWSDESK_DSN="service=desk options='-c statement_timeout=7s'", PGSERVICEFILE=str(services(dsn, tmp_path)),
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, f"{name}7s\n"), done.stderr


def test_a_name_that_comes_first_is_a_database_of_the_server_that_the_service_names(dsn: str, tmp_path: Path) -> None:
    done = run_newsdesk(
        "psql", "postgres", "-XAt", "-c", "SELECT current_database() || current_setting('statement_timeout')",
        NEWSDESK_HOME=str(tmp_path), NEWSDESK_DSN="service=desk options='-c statement_timeout=7s'",
        PGSERVICEFILE=str(services(dsn, tmp_path)),
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "postgres7s\n"), done.stderr


@pytest.mark.parametrize("place", ["dbname=postgres host=/elsewhere", "postgresql:///postgres?host=/elsewhere"])
def test_an_address_that_comes_first_is_psqls_own(place: str, dsn: str, tmp_path: Path) -> None:
    done = run_newsdesk("psql", place, "-c", "SELECT 1", NEWSDESK_DSN=dsn, NEWSDESK_HOME=str(tmp_path))
    assert (done.returncode, "/elsewhere" in done.stderr) == (2, True), done.stderr


def test_another_database_that_is_named_is_one_of_the_same_server(dsn: str, tmp_path: Path) -> None:
    words = ("psql", "-XAt", "-d", "postgres", "-c", "SELECT current_database()")
    done = run_newsdesk(*words, NEWSDESK_DSN=dsn, NEWSDESK_HOME=str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "postgres\n"), done.stderr


def test_a_name_that_comes_first_is_the_databases_as_it_is_psqls(dsn: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [*NEWSDESK, "psql", "postgres", "-XAt", "-c", "SELECT current_database(), current_user"],
        env=environment(NEWSDESK_DSN=dsn, NEWSDESK_HOME=str(tmp_path)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("postgres|postgres\n", "")


def test_ctrl_c_cancels_the_query_and_psql_lives(dsn: str, tmp_path: Path) -> None:
    parent, child = pty.openpty()

    def own_terminal() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    def it_sleeps() -> bool:
        with transaction(dsn) as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
            )
            return cursor.fetchone() is not None

    process = subprocess.Popen(
        [*NEWSDESK, "psql", "-X"], stdin=child, stdout=child, stderr=child, start_new_session=True,
        preexec_fn=own_terminal, env=environment(NEWSDESK_DSN=dsn, NEWSDESK_HOME=str(tmp_path), TERM="dumb", PAGER="cat"),
    )  # fmt: skip
    os.close(child)
    try:
        os.write(parent, b"SELECT pg_sleep(120);\n")
        until(it_sleeps, 60, "psql's query")
        os.write(parent, b"\x03")  # as the key does: a signal to the whole process group
        read_until(parent, b"canceling statement due to user request")
        time.sleep(1)  # a parent that gave up would have killed it by now
        os.write(parent, b"SELECT 'still ' || 'here';\n")
        read_until(parent, b"still here")
        os.write(parent, b"\\q\n")
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        os.close(parent)
