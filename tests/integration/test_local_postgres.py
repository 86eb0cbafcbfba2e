"""The embedded PostgreSQL: made, found again, recovered, kept private."""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg2
import pytest

from newsdesk.errors import ConfigError
from newsdesk.local import accounts, postgres
from waiting import is_gone, until


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "a home, of mine"  # a comma would cut libpq's list of hosts, a space the shell's words
    yield folder
    postgres.stop(folder)


def _kill_9(home: Path) -> None:
    server = _postmaster(home)
    family = [server, *server.children(recursive=True)]
    for process in family:
        with suppress(psutil.NoSuchProcess):  # it followed its parent already
            process.kill()
    until(lambda: all(map(is_gone, family)), 60, "the server's processes to be gone")


def _postmaster(home: Path) -> psutil.Process:
    return psutil.Process(int((home / "postgres" / "postmaster.pid").read_text().split()[0]))


def test_it_is_made_once_and_found_again(home: Path) -> None:
    assert postgres.running(home) is None
    dsn = postgres.start(home)
    server = _postmaster(home)
    assert postgres.start(home) == dsn == postgres.running(home)
    assert _postmaster(home) == server
    assert set(postgres.DATABASES) <= set(postgres.psql(dsn, "SELECT datname FROM pg_database").split())


def test_text_is_utf8_and_case_is_known_beyond_ascii(home: Path) -> None:
    assert (
        postgres.psql(postgres.start(home), "SELECT lower('ÉLYSÉE'), current_setting('server_encoding')")
        == "élysée|UTF8"
    )


def test_it_stops_and_keeps_what_was_written(home: Path) -> None:
    postgres.psql(postgres.start(home), "CREATE TABLE kept AS SELECT 7 AS n")
    server = _postmaster(home)
    postgres.stop(home)
    assert postgres.running(home) is None
    assert is_gone(server)
    postgres.stop(home)  # once more harms nothing
    assert postgres.psql(postgres.start(home), "SELECT n FROM kept") == "7"


def test_it_recovers_after_kill_9(home: Path) -> None:
    postgres.psql(postgres.start(home), "CREATE TABLE kept AS SELECT 7 AS n")
    _kill_9(home)
    assert postgres.running(home) is None
    assert postgres.psql(postgres.start(home), "SELECT n FROM kept") == "7"


def test_a_start_waits_while_the_server_recovers_from_the_loss_of_one_process(home: Path) -> None:
    postgres.psql(postgres.start(home), "CREATE TABLE kept AS SELECT n FROM generate_series(1, 200000) AS n")
    for _ in range(3):
        for process in _postmaster(home).children():
            with suppress(psutil.NoSuchProcess):
                if "checkpointer" in " ".join(process.cmdline()):
                    process.kill()  # the server ends all others, and lets nobody in until it has read its log
                    process.wait(10)
        time.sleep(0.05)
        assert postgres.psql(postgres.start(home), "SELECT count(*) FROM kept") == "200000"


@pytest.mark.parametrize("passing", [False, True])
def test_a_start_waits_for_a_server_that_is_stopping_and_starts_another(home: Path, passing: bool) -> None:
    user = psycopg2.connect(postgres.start(home))  # for whom the server stays, while it is stopping
    server = _postmaster(home)
    server.terminate()
    until(lambda: postgres.running(home) is None, 60, "the server to be stopping")
    leaving = threading.Timer(1, user.close)
    leaving.start()
    try:
        dsn = postgres.start(home, passing=passing)
    finally:
        leaving.join()
    assert postgres.psql(dsn, "SELECT 1") == "1"
    assert (is_gone(server), _postmaster(home) != server, postgres.is_passing(home)) == (True, True, passing)


def test_a_pid_file_of_another_process_is_not_believed(home: Path) -> None:
    """After a restart of the machine the old server's number belongs to somebody else."""
    postgres.start(home)
    record = home / "postgres" / "postmaster.pid"
    lines = record.read_text().splitlines()
    _kill_9(home)
    record.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert postgres.running(home) is None
    postgres.stop(home)  # would be the end of this test's own process
    assert postgres.start(home) == postgres.running(home)


def test_only_its_own_account_can_come_in(home: Path) -> None:
    dsn = postgres.start(home)
    assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700
    folder = (home / "postgres" / "postmaster.pid").read_text().splitlines()[4]
    assert stat.S_IMODE(Path(folder).stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE(Path(folder, ".s.PGSQL.5432").stat().st_mode) == 0o600
    assert postgres.psql(dsn, "SHOW listen_addresses") == ""
    assert {line.split()[3] for line in (home / "postgres" / "pg_hba.conf").read_text().splitlines()} == {"peer"}


def test_a_path_too_long_for_a_socket_is_no_hindrance(tmp_path: Path) -> None:
    home = tmp_path / ("deep" * 30)
    try:
        assert postgres.psql(postgres.start(home), "SELECT 1") == "1"
        lent = Path((home / "postgres" / "postmaster.pid").read_text().splitlines()[4])
        assert home not in lent.parents
        assert stat.S_IMODE(lent.stat().st_mode) == 0o700
    finally:
        postgres.stop(home)
    assert not lent.exists()


def test_variables_of_another_server_do_not_lead_astray(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGHOST", "db.example")
    assert postgres.psql(postgres.start(home), "SHOW port") == "5432"


def test_data_of_another_version_are_left_alone(home: Path) -> None:
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "PG_VERSION").write_text("15\n")
    with pytest.raises(ConfigError, match="made by PostgreSQL 15"):
        postgres.start(home)


def test_a_half_made_start_is_begun_anew(home: Path) -> None:
    (home / "postgres.new" / "base").mkdir(parents=True)
    assert postgres.psql(postgres.start(home), "SELECT 1") == "1"
    assert not (home / "postgres.new").exists()


def test_a_path_that_the_shell_would_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="NEWSDESK_HOME"):
        postgres.start(tmp_path / "$(true)")


def test_a_place_that_is_no_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="NEWSDESK_HOME"):
        postgres.start(tmp_path / "file" / "home")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to lend its server an account")
def test_root_lends_the_way_but_not_the_sight(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    account = accounts.server_account(closed / "none yet")
    assert account is not None
    assert account.uid != 0
    accounts.let_through(closed / "postgres", account)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o701


def test_ctrl_c_at_the_terminal_does_not_reach_it(home: Path) -> None:
    postgres.start(home)
    server = _postmaster(home)
    assert os.getsid(server.pid) != os.getsid(0)
