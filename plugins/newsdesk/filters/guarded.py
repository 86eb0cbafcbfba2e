"""Rows answered one by one in a process of their own, which is killed and started anew when a row hangs or crashes it.

A signal does not stop C code, and parsers are C code that strangers feed. The worker is idle between rows, so the
rows keep their order and each answer is out before the next row is read.
"""

from __future__ import annotations

import pickle
import signal
from collections.abc import Iterable
from time import monotonic

from newsdesk.errors import ToolCrashed
from newsdesk.extract import child
from newsdesk.extract.child import Gone, Process
from newsdesk.filters.rows import Lines, failed, is_fault
from newsdesk.model import JsonObject
from newsdesk.settings import Settings

START_SECONDS = 60.0  # imports of a cold disk on a busy machine


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
                code = child.end(process)
                process = None
                answer = failed(row, f"{lost}{f' ({signal.Signals(-code).name})' if code < 0 else ''}")
            yield answer
    finally:
        if process is not None:
            child.end(process)


def _start(step: str, settings: Settings) -> Process:
    try:
        process = child.start("newsdesk.filters.worker", step)
    except OSError as error:
        raise ToolCrashed(f"cannot start the worker of `try {step}`: {error}") from None
    try:
        child.send(process, pickle.dumps(settings))
        child.receive(process, monotonic() + START_SECONDS)
    except (TimeoutError, Gone) as fault:
        code = child.end(process)
        how = f"exit code {code}" if isinstance(fault, Gone) else f"not ready after {START_SECONDS:.0f} s"
        raise ToolCrashed(f"the worker of `try {step}` does not start: {how}") from None
    return process


def _ask(process: Process, row: JsonObject, seconds: float) -> JsonObject:
    frame, until = pickle.dumps(row), monotonic() + seconds
    try:
        child.send(process, frame)
    except Gone:
        raise _Lost("the worker crashed") from None
    try:
        answer: JsonObject = pickle.loads(child.receive(process, until))  # noqa: S301 - our own worker's
    except TimeoutError:
        raise _Lost(f"no answer within {seconds:g} s, so it was given up") from None
    except Gone:
        raise _Lost("the row crashed the worker") from None
    return answer
