"""Who uses the embedded PostgreSQL: commands come and go, and the last one to leave stops what a command started.

Whoever uses the server holds a shared lock on `postgres.users`; it is stopped only by whoever has that lock for himself.
The kernel lets go of a lock when its holder dies, however it dies, and no child inherits it: what a killed command leaves
behind holds nothing up.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from newsdesk.errors import ConfigError
from newsdesk.local import postgres

_USERS = "postgres.users"


class Use:
    """A use of the server of `home`, from its making to `end()`. It may have to wait while somebody stops the server."""

    def __init__(self, home: Path) -> None:
        self._home = home
        postgres.make_folder(home)
        self._lock = postgres.open_lock(home, _USERS)
        _share(self._lock)

    def end(self) -> None:
        _end(self._home, self._lock)


@contextmanager
def in_use(home: Path, *, keep: bool = False) -> Iterator[str]:
    """The DSN of the embedded database, started where it does not run. `keep`: it runs on until `stop_unused`."""
    use = Use(home)
    try:
        yield postgres.start(home, passing=not keep)
    finally:
        use.end()


@contextmanager
def spared(home: Path) -> Iterator[None]:
    """For who only looks: what runs is not stopped meanwhile. Nothing is started or made, and no fault is raised here."""
    try:
        lock = os.open(home / _USERS, os.O_RDWR)
    except OSError:  # nobody ever used it, or it is another account's
        yield
        return
    _share(lock)
    try:
        yield
    finally:
        with suppress(ConfigError):  # it does not stop: whoever looked shall have what was seen
            _end(home, lock)


def stop_unused(home: Path) -> None:
    """Stop the server. ConfigError names who uses it."""
    if not home.is_dir():
        return
    lock = postgres.open_lock(home, _USERS)
    try:
        if not _had_alone(lock):
            raise ConfigError(
                f"PostgreSQL in {home} is in use by {_users(home)}: end that first (Ctrl-C, or kill with its number)"
            )
        postgres.stop(home)
    finally:
        os.close(lock)


def _share(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_SH)
    except BaseException:
        os.close(lock)
        raise


def _end(home: Path, lock: int) -> None:
    """The last one stops the server, where it was started for as long as it is used.

    One that is in recovery goes on: stopped, it would begin again with each command, and never come to the end.
    """
    try:
        if _had_alone(lock) and postgres.is_passing(home) and postgres.is_ready(home):
            postgres.stop(home)
    finally:
        os.close(lock)


def _had_alone(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _users(home: Path) -> str:
    """Those of our own account with their numbers; of others' open files nothing is told."""
    file = str((home / _USERS).resolve())
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid != os.getpid() and any(opened.path == file for opened in process.open_files()):
                found.append(f"process {process.pid} ({' '.join(process.cmdline()[1:])[:80]})")
    return ", ".join(found) or "another command"
