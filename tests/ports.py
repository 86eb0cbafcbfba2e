"""Ports in a row, for what is told its first one."""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack

FIRST = 18701  # below those that the kernel gives to whoever asks for any
STRETCH = 1000


def free_ports(count: int) -> int:
    """The first of so many free ports in a row.

    They are free until somebody else takes them: so each process of the tests looks in a stretch of its own.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    begin = FIRST + worker % 10 * STRETCH
    for first in range(begin, begin + STRETCH - count, count):
        if all_free(first, count):
            return first
    raise AssertionError(f"no {count} free ports in a row from {begin} on")


def all_free(first: int, count: int) -> bool:
    with ExitStack() as probes:
        try:
            for port in range(first, first + count):
                probes.enter_context(socket.socket()).bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
