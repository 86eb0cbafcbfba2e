"""One embedded PostgreSQL for several commands: who ends leaves it to the others, and the last one stops it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from command_line import NEWSDESK, environment, heed_ctrl_c, run_newsdesk
from newsdesk.errors import ConfigError
from newsdesk.local import airflow_home, postgres, supervisor
from newsdesk.local.sharing import in_use, spared
from newsdesk.local.supervisor import Supervisor
from waiting import read_until, until

PSQL = ("psql", "-X", "-A", "-t")  # for as long as its stdin is open


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("shared") / "home"
    assert newsdesk(home, "migrate").returncode == 0
    yield home
    postgres.stop(home)


@pytest.fixture
def home(made: Path) -> Path:
    """A home whose database is migrated, and does not run."""
    postgres.stop(made)
    return made


def newsdesk(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run_newsdesk(*words, NEWSDESK_HOME=str(home))


class Psql:
    """`newsdesk psql`, a command that uses the database until it is told to end."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [*NEWSDESK, *PSQL], env=environment(NEWSDESK_HOME=str(home)), text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, preexec_fn=heed_ctrl_c,
        )  # fmt: skip
        assert self.ask("1 + 1") == "2"

    def ask(self, question: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"SELECT {question};\n")
        return read_until(self.process.stdout.fileno(), b"\n").decode().strip()

    def end(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(60)


@contextmanager
def psql(home: Path) -> Iterator[Psql]:
    one = Psql(home)
    try:
        yield one
    finally:
        family = psutil.Process(one.process.pid).children() if one.process.poll() is None else []
        for process in (*family, one.process):
            process.kill()
        one.process.wait()
        for pipe in (one.process.stdin, one.process.stdout):
            assert pipe is not None
            pipe.close()


def test_the_first_command_to_end_leaves_the_database_to_the_second_which_stops_it(home: Path) -> None:
    with psql(home) as first, psql(home) as second:
        assert first.end() == 0
        assert second.ask("2 + 2") == "4"
        assert second.end() == 0
        assert postgres.running(home) is None


def test_what_a_killed_command_started_is_stopped_by_the_last_one(home: Path) -> None:
    with psql(home) as first, psql(home) as second:
        first.process.kill()
        first.process.wait()
        assert second.ask("2 + 2") == "4"
        assert second.end() == 0
        assert postgres.running(home) is None


def test_stop_refuses_while_a_command_uses_the_database_and_names_it(home: Path) -> None:
    with psql(home) as one:
        refused = newsdesk(home, "stop")
        assert refused.returncode == 2
        assert f"in use by process {one.process.pid} (-m newsdesk.cli psql -X -A -t)" in refused.stderr
        assert "end that first" in refused.stderr
        assert one.ask("2 + 2") == "4"
        assert one.end() == 0
    assert newsdesk(home, "stop").returncode == 0  # there is nothing to stop


def test_what_dsn_left_running_stays_until_stop(home: Path) -> None:
    assert newsdesk(home, "dsn").returncode == 0
    with psql(home) as one:
        assert one.end() == 0
    assert postgres.running(home) is not None
    assert newsdesk(home, "stop").returncode == 0
    assert postgres.running(home) is None


def test_dsn_keeps_what_another_command_started(home: Path) -> None:
    with psql(home) as one:
        assert newsdesk(home, "dsn").returncode == 0
        assert one.end() == 0
    assert postgres.running(home) is not None
    assert newsdesk(home, "stop").returncode == 0


def test_what_a_killed_command_leaves_behind_holds_nothing_up(home: Path) -> None:
    with psql(home) as one:
        (left,) = psutil.Process(one.process.pid).children()
        one.process.kill()
        one.process.wait()
        try:
            assert left.is_running()
            assert newsdesk(home, "stop").returncode == 0
            assert postgres.running(home) is None
        finally:
            left.kill()


def test_start_is_not_stopped_under_its_feet_and_leaves_the_database_to_who_uses_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "COMPONENTS", {})
    monkeypatch.setattr(airflow_home, "prepare", lambda home, env: None)  # nothing of Airflow is started
    with psql(home) as early:
        with Supervisor(home, sources=home):
            refused = newsdesk(home, "stop")
            assert (refused.returncode, f"process {os.getpid()} (" in refused.stderr) == (2, True)
            assert early.end() == 0
            assert postgres.running(home) is not None
            late = Psql(home)
        assert late.ask("2 + 2") == "4"
        assert late.end() == 0
        assert postgres.running(home) is None


@pytest.fixture
def recovering(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home whose server, once started, is in recovery until there is the file `go` in its data."""
    data = home / "postgres"
    monkeypatch.setattr(postgres, "START_TIMEOUT", 2)
    monkeypatch.setattr(postgres, "START_GRACE", 0.2)
    settings = data / "postgresql.auto.conf"
    before = settings.read_text()
    settings.write_text(f"{before}restore_command = 'while [ ! -e go ]; do sleep 0.1; done; false'\n")
    (data / "recovery.signal").touch()
    owner = data.stat()
    os.chown(data / "recovery.signal", owner.st_uid, owner.st_gid)
    yield data / "go"
    (data / "go").touch()
    postgres.stop(home)
    settings.write_text(before)
    (data / "go").unlink()
    (data / "recovery.signal").unlink(missing_ok=True)


def postmaster(home: Path) -> psutil.Process:
    return psutil.Process(int((home / "postgres" / "postmaster.pid").read_text().split()[0]))


def test_a_recovery_that_takes_longer_than_a_command_waits_goes_on_and_the_next_command_waits_for_it(
    home: Path, recovering: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "COMPONENTS", {})
    for start in (in_use(home), in_use(home), Supervisor(home, sources=home)):
        with pytest.raises(ConfigError, match=r"is not ready after 2 s.* goes on .*try again"), start:
            raise AssertionError("it is not ready")
        with spared(home):
            pass
        server = postmaster(home)
        assert server.is_running()
    recovering.touch()
    monkeypatch.setattr(postgres, "START_TIMEOUT", 60)
    with in_use(home):
        assert postmaster(home) == server
    assert postgres.running(home) is None


def test_a_command_that_is_interrupted_while_the_server_recovers_leaves_it_to_recover(
    home: Path, recovering: Path
) -> None:
    process = subprocess.Popen(
        [*NEWSDESK, "status"], env=environment(NEWSDESK_HOME=str(home)), stderr=subprocess.DEVNULL,
        start_new_session=True, preexec_fn=heed_ctrl_c,
    )  # fmt: skip
    until(lambda: (home / "postgres" / "postmaster.pid").exists(), 60, "a server")
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGINT)  # as the key does
    process.wait(30)
    assert postmaster(home).is_running()


def test_who_only_looks_starts_nothing_makes_nothing_and_keeps_what_runs_for_as_long(
    home: Path, tmp_path: Path
) -> None:
    with spared(tmp_path / "none"), spared(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []
    with psql(home) as one:
        with spared(home):
            assert one.end() == 0
            assert postgres.running(home) is not None
        assert postgres.running(home) is None
    with spared(home):
        assert postgres.running(home) is None


def test_who_only_looks_keeps_what_was_seen_where_the_server_does_not_stop(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def does_not_stop(of: Path) -> None:
        raise ConfigError(f"PostgreSQL in {of} does not stop")

    def look() -> str:
        with psql(home) as one, spared(home):
            assert one.end() == 0
            monkeypatch.setattr(postgres, "stop", does_not_stop)
            return "seen"

    assert look() == "seen"
    monkeypatch.undo()


def test_doctor_is_such_a_one(home: Path) -> None:
    with psql(home) as one:
        doctor = subprocess.Popen(
            [*NEWSDESK, "doctor", "--no-airflow"],
            env=environment(NEWSDESK_HOME=str(home)),
            stdout=subprocess.PIPE,
            text=True,
        )
        file = str((home / "postgres.users").resolve())
        until(
            lambda: any(opened.path == file for opened in psutil.Process(doctor.pid).open_files()),
            60,
            "the doctor's lock",
        )
        assert one.end() == 0
        said, _ = doctor.communicate(timeout=120)
    assert "embedded, in" in said
    assert postgres.running(home) is None
