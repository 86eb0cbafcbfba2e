"""Waiting for what another process or thread does: it goes on at once when it is done, and fails where it is not."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable
from typing import TypeVar

import psutil

Found = TypeVar("Found")


def until(condition: Callable[[], Found], seconds: float, what: str | Callable[[], str], pause: float = 0.05) -> Found:
    """What `condition` gives as soon as that is true; after so many seconds a failure that says `what` was waited for."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:g} s for {what if isinstance(what, str) else what()}")
        time.sleep(pause)
    return found


def read_until(descriptor: int, words: bytes | None, seconds: float = 60) -> bytes:
    """What a terminal or a pipe tells until it has told the words; None: until its end."""
    seen, end = b"", time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([descriptor], [], [], 0.2)[0]:
            try:
                told = os.read(descriptor, 65536)
            except OSError:  # Linux's word for the end of a terminal
                told = b""
            if not told:
                break
            seen += told
        if words is not None and words in seen:
            return seen
    assert words is None, f"{words!r} was not told: {seen[-2000:]!r}"
    return seen


def is_gone(process: psutil.Process) -> bool:
    """Where nobody reaps for us (a container's first process may not), a zombie is left."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
