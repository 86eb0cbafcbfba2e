"""Rows answered one by one in a process of their own, which is killed and started anew when a row hangs or crashes it.

A signal does not stop C code, and parsers are C code that strangers feed. The worker is idle between rows, so the
rows keep their order and each answer is out before the next row is read.
"""

from __future__ import annotations

import os
import pickle
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from time import monotonic

from newsdesk.errors import ToolCrashed
from newsdesk.extract.worker import LENGTH
from newsdesk.filters.rows import Lines, failed, is_fault
from newsdesk.model import JsonObject
from newsdesk.settings import Settings

START_SECONDS = 60.0  # imports of a cold disk on a busy machine
_CHUNK = 1 << 20

Process = subprocess.Popen[bytes]


class _Lost(Exception):
    """The worker gave no answer; its text says why."""


def answer_each(step: str, rows: Iterable[JsonObject], settings: Settings, online: bool) -> Lines:
    """The step's answer to each row, in order. ToolCrashed where no worker can be started."""
    process: Process | None = None
    try:
        for row in rows:
            if is_fault(row):
                yield row
                continue
            process = process or _start(step, settings)
            try:
                answer = _ask(process, row, settings.extract_deadline)
            except _Lost as lost:
                code = _end(process)
                process = None
                answer = failed(row, f"{lost}{f' ({signal.Signals(-code).name})' if code < 0 else ''}")
            yield answer
    finally:
        if process is not None:
            _end(process)


def _start(step: str, settings: Settings) -> Process:
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "newsdesk.filters.worker", step],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise ToolCrashed(f"cannot start the worker of `try {step}`: {error}") from None
    try:
        _send(process, pickle.dumps(settings))
        _receive(process, monotonic() + START_SECONDS)
    except _Lost as lost:
        code = _end(process)
        raise ToolCrashed(f"the worker of `try {step}` does not start: {lost}, exit code {code}") from None
    return process


def _ask(process: Process, row: JsonObject, seconds: float) -> JsonObject:
    until = monotonic() + seconds
    _send(process, pickle.dumps(row))
    try:
        answer: JsonObject = pickle.loads(_receive(process, until))  # noqa: S301 - our own worker's
    except TimeoutError:
        raise _Lost(f"no answer within {seconds:g} s, so it was given up") from None
    return answer


def _send(process: Process, frame: bytes) -> None:
    assert process.stdin is not None
    try:
        # the worker reads whole frames before it computes, so writing does not wait on the row
        view = memoryview(LENGTH.pack(len(frame)) + frame)
        while view:
            view = view[process.stdin.write(view) :]
    except OSError:
        raise _Lost("the worker crashed") from None


def _receive(process: Process, until: float) -> bytes:
    """The next frame, whole. TimeoutError where it is not there at `until` on the monotonic clock."""
    assert process.stdout is not None
    received = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while len(received) < LENGTH.size or len(received) < LENGTH.size + LENGTH.unpack_from(received)[0]:
            if not selector.select(max(0.0, until - monotonic())):
                raise TimeoutError
            chunk = os.read(process.stdout.fileno(), _CHUNK)
            if not chunk:
                raise _Lost("the row crashed the worker")
            received += chunk
    return bytes(received[LENGTH.size :])


def _end(process: Process) -> int:
    """Kill the worker and all that it started. Returns its exit code."""
    code = process.poll()
    if code is None:
        with suppress(ProcessLookupError):  # it ended this moment
            os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    return code
