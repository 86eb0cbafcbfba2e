"""Processes that are started, found again, and ended with all their offspring.

Each is started as the leader of a session of its own. Airflow puts every task into a process group of its own
but leaves it in the session, so the session (and not the group) is what belongs together. A record of the
leaders on disk lets a later start find what an earlier one left, even if that was killed: a session is taken
for ours only if its leader has the recorded time of birth, or, where the leader is gone, its members were born
later and run the same program.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from newsdesk.private_files import private_opener

_SAME_BIRTH = 1.5  # seconds; the clock may have been set since
_ASK_AGAIN = 2  # seconds


@dataclass(frozen=True, slots=True)
class Leader:
    """A process that was started here, as the record keeps it."""

    name: str
    pid: int
    born: float  # seconds since 1970
    program: str  # path of the executable


def spawn(
    name: str, command: Sequence[str], env: Mapping[str, str], cwd: Path, output: Path
) -> tuple[Leader, subprocess.Popen[bytes]]:
    """Start `command` in a session of its own; all that it says goes to `output`, the last start's to *.old."""
    if output.exists():
        output.replace(output.with_suffix(".old"))
    with open(output, "wb", opener=private_opener) as lines:
        child = subprocess.Popen(
            command, env=dict(env), cwd=cwd, stdin=subprocess.DEVNULL, stdout=lines, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    try:
        process = psutil.Process(child.pid)
        return Leader(name, child.pid, process.create_time(), process.exe()), child
    except psutil.Error:  # it is gone already; its owner will see that by poll()
        return Leader(name, child.pid, time.time(), command[0]), child


def write_record(path: Path, leaders: Iterable[Leader]) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps([asdict(leader) for leader in leaders]))
    fresh.replace(path)


def read_record(path: Path) -> list[Leader]:
    """What write_record() wrote; nothing where there is no record, or a broken one."""
    try:
        return [Leader(**row) for row in json.loads(path.read_text())]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def living(leaders: Iterable[Leader]) -> list[psutil.Process]:
    """Every process of the leaders' sessions that lives, and their offspring in other sessions."""
    sessions = {leader.pid: leader for leader in leaders}
    found: dict[int, psutil.Process] = {}
    for pid in psutil.pids():
        with suppress(psutil.Error, OSError):
            leader = sessions.get(os.getsid(pid))
            if leader is None:
                continue
            process = psutil.Process(pid)
            if _is_ours(process, leader):
                found[pid] = process
                found |= {child.pid: child for child in process.children(recursive=True)}
    return [process for process in found.values() if _lives(process)]


def end(
    leaders: Sequence[Leader],
    patience: float,
    hurry: Callable[[], bool] = lambda: False,
    ask_again: Container[str] = (),
) -> list[str]:
    """SIGTERM to the leaders, `patience` seconds for all to go, SIGKILL to the rest. Names those that were killed.

    `hurry()` True ends the patience. Leaders named in `ask_again` get a second SIGTERM after two seconds.
    The caller's own children are to be reaped by him.
    """
    chiefs = {leader.pid for leader in leaders}
    again = {leader.pid for leader in leaders if leader.name in ask_again}
    everyone: list[psutil.Process] = []
    told: set[int] = set()
    began = time.monotonic()
    while time.monotonic() < began + patience and not hurry():
        everyone = [process for process in {*everyone, *living(leaders)} if _lives(process)]
        if not everyone:
            return []
        for process in everyone:
            # A leader ends its own workers; where it is gone they are told themselves
            leads = process.pid in chiefs
            if process.pid not in told and (leads or not chiefs & {parent.pid for parent in _parents(process)}):
                told.add(process.pid)
                _send(process, signal.SIGTERM)
        if time.monotonic() > began + _ASK_AGAIN:
            told -= again  # they are told once more
            again = set()
        time.sleep(0.1)
    killed = set()
    for _ in range(5):  # again, for what was born while we killed
        everyone = [process for process in {*everyone, *living(leaders)} if _lives(process)]
        if not everyone:
            break
        for process in everyone:
            killed.add(_name(process))
            _send(process, signal.SIGKILL)
        psutil.wait_procs(everyone, timeout=2)
    return sorted(killed)


def working_in(folder: Path, name: str) -> list[psutil.Process]:
    """The living processes whose name begins with `name` and whose working folder is `folder`; those we may look at."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name().startswith(name) and Path(process.cwd()).resolve() == folder.resolve():
                found.append(process)
    return found


def _is_ours(process: psutil.Process, leader: Leader) -> bool:
    born = process.create_time()
    if process.pid == leader.pid:
        return abs(born - leader.born) < _SAME_BIRTH
    if psutil.pid_exists(leader.pid):
        return _is_ours(psutil.Process(leader.pid), leader)
    return born > leader.born - _SAME_BIRTH and process.exe() == leader.program


def _lives(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _parents(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return process.parents()
    return []


def _send(process: psutil.Process, number: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)


def _name(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return f"{process.pid} ({' '.join(process.cmdline())[:60]})"
    return str(process.pid)
