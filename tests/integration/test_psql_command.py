"""`newsdesk psql`: all of the database's address but its password reaches psql, and Ctrl-C is psql's own."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import termios
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from psycopg2.extensions import parse_dsn

from command_line import NEWSDESK, environment
from newsdesk.store.database import transaction

SHOWS_ITS_CALL = '#!/bin/sh\nprintf \'%s\\n\' "$@" "PGPASSWORD=$PGPASSWORD"\n'


def test_all_of_the_address_but_its_password_stands_in_psqls_arguments(dsn: str, tmp_path: Path) -> None:
    program = tmp_path / "psql"
    program.write_text(SHOWS_ITS_CALL)
    program.chmod(0o755)
    more = "&password=hunter2%20&sslpassword=hunter3&sslrootcert=/ca.pem&sslcert=/me.pem&passfile=/none"
    done = subprocess.run(
        [*NEWSDESK, "psql", "-c", "SELECT 1"], capture_output=True, text=True, check=True,
        env=environment(NEWSDESK_DSN=dsn + more, NEWSDESK_HOME=str(tmp_path), PATH=f"{tmp_path}:{os.environ['PATH']}"),
    )  # fmt: skip
    first, *others = done.stdout.splitlines()
    assert others == ["-c", "SELECT 1", "PGPASSWORD=hunter2 "]
    assert parse_dsn(first.removeprefix("--dbname=")) == {
        key: value for key, value in parse_dsn(dsn + more).items() if "password" not in key
    }


def test_a_service_and_options_lead_psql_where_they_lead_everything_else(dsn: str, tmp_path: Path) -> None:
    parts = urlsplit(dsn)
    place = parse_qs(parts.query)
    (tmp_path / "services").write_text(
        f"[desk]\nhost={place['host'][0]}\nport={place['port'][0]}\nuser=postgres\ndbname={parts.path[1:]}\n"
    )
    done = subprocess.run(
        [*NEWSDESK, "psql", "-XAt", "-c", "SELECT current_database() || current_setting('statement_timeout')"],
        capture_output=True, text=True, check=True,
        env=environment(
            NEWSDESK_DSN="service=desk options='-c statement_timeout=7s'", PGSERVICEFILE=str(tmp_path / "services"),
            NEWSDESK_HOME=str(tmp_path),
        ),
    )  # fmt: skip
    assert done.stdout == f"{parts.path[1:]}7s\n"


def test_another_database_that_is_named_is_one_of_the_same_server(dsn: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [*NEWSDESK, "psql", "-XAt", "-d", "postgres", "-c", "SELECT current_database()"],
        env=environment(NEWSDESK_DSN=dsn, NEWSDESK_HOME=str(tmp_path)), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "postgres\n"


def test_ctrl_c_cancels_the_query_and_psql_lives(dsn: str, tmp_path: Path) -> None:
    parent, child = pty.openpty()

    def own_terminal() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    process = subprocess.Popen(
        [*NEWSDESK, "psql", "-X"], stdin=child, stdout=child, stderr=child, start_new_session=True,
        preexec_fn=own_terminal, env=environment(NEWSDESK_DSN=dsn, NEWSDESK_HOME=str(tmp_path), TERM="dumb", PAGER="cat"),
    )  # fmt: skip
    os.close(child)
    try:
        os.write(parent, b"SELECT pg_sleep(120);\n")
        _wait_until_it_sleeps(dsn)
        os.write(parent, b"\x03")  # as the key does: a signal to the whole process group
        _read_until(parent, b"canceling statement due to user request")
        time.sleep(1)  # a parent that gave up would have killed it by now
        os.write(parent, b"SELECT 'still ' || 'here';\n")
        _read_until(parent, b"still here")
        os.write(parent, b"\\q\n")
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        os.close(parent)


def _wait_until_it_sleeps(dsn: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with transaction(dsn) as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
            )
            if cursor.fetchone():
                return
        time.sleep(0.1)
    raise AssertionError("psql does not ask")


def _read_until(descriptor: int, words: bytes) -> None:
    seen, until = b"", time.monotonic() + 30
    while words not in seen:
        assert time.monotonic() < until, seen
        if select.select([descriptor], [], [], 0.2)[0]:
            seen += os.read(descriptor, 4096)
