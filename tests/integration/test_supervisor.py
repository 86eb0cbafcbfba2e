"""The supervisor's parts: sessions ended with all their offspring, ports, secrets. Whole starts: tests/dags."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from newsdesk.errors import ConfigError, ToolCrashed
from newsdesk.local import airflow_home, postgres, processes, supervisor
from newsdesk.local.processes import Leader
from newsdesk.local.supervisor import Supervisor
from waiting import is_gone, until

# A leader with one child in a process group of its own (as Airflow's tasks are) and one in a session of its own
FAMILY = """
import os, subprocess, sys, time
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
subprocess.Popen(sleep, process_group=0)
subprocess.Popen(sleep, start_new_session=True)
print("ready", flush=True)
time.sleep(600)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(600)
"""

Start = Callable[[str], tuple[Leader, "subprocess.Popen[bytes]"]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a program as the supervisor does, and wait for its word."""
    children: list[subprocess.Popen[bytes]] = []
    seen: list[psutil.Process] = []

    def begin(code: str) -> tuple[Leader, subprocess.Popen[bytes]]:
        output = tmp_path / f"{len(children)}.log"
        leader, child = processes.spawn("it", [sys.executable, "-c", code], os.environ, tmp_path, output)
        children.append(child)
        until(lambda: "ready" in output.read_text(), 60, lambda: f"its word: {output.read_text()}")
        seen.extend([psutil.Process(leader.pid), *psutil.Process(leader.pid).children(recursive=True)])
        return leader, child

    yield begin
    for process in seen:
        if process.is_running():
            process.kill()
    for child in children:
        child.wait()


def test_the_whole_family_is_found_and_ended(start: Start) -> None:
    leader, _ = start(FAMILY)
    family = processes.living([leader])
    assert len(family) == 3
    processes.end([leader], patience=2)  # with or without force, as the children are quick to hear or not
    assert all(map(is_gone, family))


def test_what_heeds_no_signal_is_killed_and_named(start: Start) -> None:
    leader, _ = start(STUBBORN)
    assert [str(leader.pid) in name for name in processes.end([leader], patience=0.5)] == [True]
    assert processes.living([leader]) == []


def test_a_second_signal_ends_the_patience(start: Start) -> None:
    leader, _ = start(STUBBORN)
    began = time.monotonic()
    processes.end([leader], patience=60, hurry=lambda: True)
    assert time.monotonic() - began < 10


def test_children_of_a_killed_leader_are_found(start: Start) -> None:
    leader, child = start(FAMILY)
    child.send_signal(signal.SIGKILL)
    child.wait()
    left = processes.living([leader])
    assert len(left) == 1  # the one in the leader's session
    processes.end([leader], patience=2)
    assert all(map(is_gone, left))


def test_a_stranger_with_a_recorded_number_is_not_touched(start: Start) -> None:
    stranger, child = start(STUBBORN)
    record = Leader("scheduler", stranger.pid, stranger.born - 3600, stranger.program)
    assert processes.living([record]) == []
    assert processes.end([record], patience=0.2) == []
    assert child.poll() is None


def test_a_broken_record_is_no_record(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    assert processes.read_record(path) == []
    path.write_text('[{"pid": 1')
    assert processes.read_record(path) == []
    processes.write_record(path, [Leader("it", 1, 2.5, "/bin/true")])
    assert processes.read_record(path) == [Leader("it", 1, 2.5, "/bin/true")]


def test_a_named_port_that_is_taken_is_an_error_and_an_unnamed_one_moves_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"port {port} is taken"):
            airflow_home.choose_port({"NEWSDESK_PORT": str(port)})
        monkeypatch.setattr(airflow_home, "DEFAULT_PORT", port)
        assert airflow_home.choose_port({}) > port
    with pytest.raises(ConfigError, match="NEWSDESK_PORT"):
        airflow_home.choose_port({"NEWSDESK_PORT": "http"})


def test_secrets_are_made_once_and_are_private(tmp_path: Path) -> None:
    password = airflow_home.password(tmp_path)
    assert airflow_home.password(tmp_path) == password
    assert len(password) >= 12
    file = airflow_home.folder(tmp_path) / "passwords.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text()) == {"admin": password}


def test_a_proxy_does_not_get_between_tasks_and_the_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "example.org")
    env = airflow_home.environment(
        tmp_path, metadata_dsn="postgresql://a@/airflow?host=/s", news_dsn="postgresql://a@/newsdesk?host=/s", port=8080,
        sources=tmp_path, archive="archive",
    )  # fmt: skip
    assert env["NO_PROXY"].split(",") == ["127.0.0.1", "localhost", "example.org"]
    assert env["AIRFLOW__API__HOST"] == "127.0.0.1"


@pytest.mark.slow
def test_a_component_that_dies_is_named_with_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "COMPONENTS", {})
    dies = [sys.executable, "-c", "import sys; print('no ink left'); sys.exit(3)"]
    home = tmp_path / "home"
    with Supervisor(home, sources=tmp_path, beside={"press": dies}) as airflow:
        with pytest.raises(ToolCrashed, match="press ended with code 3") as fault:
            airflow.stay()
        assert "no ink left" in str(fault.value)
        assert str(airflow.log_file("press")) in str(fault.value)
        with (
            pytest.raises(ConfigError, match=f"runs already in .* \\(process {os.getpid()}\\)"),
            Supervisor(home, sources=tmp_path),
        ):
            pass
        assert postgres.running(home) is not None  # the refused start left the first one's database alone
    assert postgres.running(home) is None
    assert not (home / "supervisor.json").exists()
