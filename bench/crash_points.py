"""The command line with places at which it can be stopped: `python bench/crash_points.py ingest --quiet`, for `crash.py`.

A point is before each SQL statement, before and after each commit, before and after each write to the archive, and
before each page that is read or searched for names; it belongs to the stage that runs there. Points are counted in each
process. CRASH_AT=stage:number is where to stop: the process says so on the socket CRASH_SOCKET and waits for its end, or
for leave to go on. CRASH_COUNTS is a folder for the counts of each process.
"""

from __future__ import annotations

import functools
import json
import os
import socket
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extensions import connection, cursor

from newsdesk import enrichment, stages
from newsdesk.archive.warc import ArchiveWriter
from newsdesk.extract.guard import Guard

STAGES = ("discover", "plan", "fetch", "extract", "enrich", "deduplicate", "publish", "check")

_at, _, _number = os.environ.get("CRASH_AT", "").partition(":")
_socket = os.environ.get("CRASH_SOCKET", "")
_counts_folder = os.environ.get("CRASH_COUNTS")
_counts: Counter[str] = Counter()
_lock = threading.Lock()
_mine = threading.local()
_latest: list[str] = []


def point(backend: int = 0) -> None:
    """A place at which this process may be stopped. `backend`: the server's process of the connection in use."""
    # threads that a stage starts are the stage's
    stage = getattr(_mine, "stage", None) or (_latest[-1] if _latest else None)
    if stage is None:
        return
    with _lock:
        _counts[stage] += 1
        number = _counts[stage]
        if _counts_folder is not None:
            Path(_counts_folder, f"{os.getpid()}.json").write_text(json.dumps(_counts))
    if stage == _at and number == int(_number):
        with socket.socket(socket.AF_UNIX) as harness:
            harness.connect(_socket)
            harness.sendall(f"{os.getpid()} {backend}\n".encode())
            harness.recv(1)


class _Cursor(cursor):
    def execute(self, *args: Any, **options: Any) -> None:
        point(self.connection.info.backend_pid)
        super().execute(*args, **options)


class _Connection(connection):
    def cursor(self, *args: Any, **options: Any) -> Any:
        return super().cursor(*args, **{"cursor_factory": _Cursor, **options})

    def commit(self) -> None:
        point(self.info.backend_pid)
        super().commit()
        point(self.info.backend_pid)


def _with_points(work: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    @functools.wraps(work)
    def run(*args: Any, **options: Any) -> Any:
        point()
        result = work(*args, **options)
        if after:
            point()
        return result

    return run


def _stage(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(work)
    def run(*args: Any, **options: Any) -> Any:
        _mine.stage = name
        _latest[:] = [name]
        try:
            point()
            result = work(*args, **options)
            point()
            return result
        finally:
            _mine.stage = None

    return run


def _install() -> None:
    for name in STAGES:
        setattr(stages, name, _stage(name, getattr(stages, name)))
    connect = psycopg2.connect
    psycopg2.connect = lambda *args, **options: connect(*args, connection_factory=_Connection, **options)
    ArchiveWriter.write_all = _with_points(ArchiveWriter.write_all, after=True)  # type: ignore[method-assign]
    Guard._ask = _with_points(Guard._ask, after=False)  # type: ignore[method-assign]
    enrichment.annotate_documents = _with_points(enrichment.annotate_documents, after=True)


if __name__ in ("__main__", "__mp_main__"):  # also in the processes that it starts to compute
    _install()

if __name__ == "__main__":
    from newsdesk.cli.__main__ import app

    app()
