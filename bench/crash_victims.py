"""Who is killed, and how: by SIGKILL, with a look at whether it lived."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from crash_points import STAGES

# each with the stages in which there is one
VICTIMS: dict[str, tuple[str, ...]] = {
    "the command": STAGES,
    "backend of PostgreSQL": STAGES,
    "PostgreSQL": STAGES,
    "all at once": STAGES,
    "computing process": ("extract", "enrich"),
    "extractor": ("extract",),
}
MOST_AFTER = 0.03  # seconds that a victim may run on from its place, at most


@dataclass(frozen=True, slots=True)
class Target:
    stage: str
    victim: str


@dataclass(frozen=True, slots=True)
class Kill:
    """One that was effective."""

    stage: str
    victim: str
    edition: int = 1
    point: int = 0  # of the stage, in its process
    after_ms: float = 0.0  # it ran on from there


def strike(
    victim: str, task: int, stopped: int, backend: int, home: Path, let_go: Callable[[], None], chance: random.Random
) -> float | None:
    """Kill it. Returns the milliseconds that it had run on from its place; None: it did not live.

    `task`: the command's process; `stopped`: the one that stands at its place, until `let_go`.
    """
    pids = _pids(victim, task, stopped, backend, home)
    delay = chance.choice((0.0, chance.uniform(0.0, MOST_AFTER)))
    if delay:
        let_go()
        time.sleep(delay)
    lived = [_kill(pid) for pid in pids]
    let_go()
    return delay * 1000 if pids and lived[0] else None


def _pids(victim: str, task: int, stopped: int, backend: int, home: Path) -> Sequence[int]:
    """The processes to kill, the one that must live first."""
    if victim == "the command":
        return [task]
    if victim == "backend of PostgreSQL":
        return [backend] if backend else _backends(home)[:1]
    if victim == "PostgreSQL":
        return [_postmaster(home)]
    if victim == "all at once":
        server = psutil.Process(_postmaster(home))
        return [task, *_offspring(task), server.pid, *(child.pid for child in server.children(recursive=True))]
    if victim == "computing process":
        return [stopped]
    return [pid for pid in _offspring(stopped) if "newsdesk.extract.worker" in _words(pid)]


def _kill(pid: int) -> bool:
    lives = _lives(pid)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return lives


def _postmaster(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().split()[0])


def _backends(home: Path) -> list[int]:
    """Of this database's clients."""
    children = psutil.Process(_postmaster(home)).children()
    return [child.pid for child in children if " postgres " in _words(child.pid) and "idle" in _words(child.pid)]


def _offspring(pid: int) -> list[int]:
    with suppress(psutil.Error):
        return [child.pid for child in psutil.Process(pid).children(recursive=True)]
    return []


def _words(pid: int) -> str:
    with suppress(psutil.Error):
        return " ".join(psutil.Process(pid).cmdline())
    return ""


def _lives(pid: int) -> bool:
    with suppress(psutil.Error):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False
