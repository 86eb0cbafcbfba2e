"""Processes that compute side by side for a command in the foreground, and end with it."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait


def computing_pool(most: int) -> ProcessPoolExecutor:
    """As many processes as there are cores, at most `most`; each loads its models once.

    A caller that is killed (`kill -9`, out of memory) cannot end them, and would leave them waiting for work for ever:
    so each ends itself when its parent is gone, whatever it does at that moment.
    """
    return ProcessPoolExecutor(
        min(os.cpu_count() or 1, most),
        # spawn, not fork: threads and database connections do not survive a fork
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_end_with_parent,
    )


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # it runs in a child only

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)  # at once: nothing is committed after the caller's end

    threading.Thread(target=watch, name="watch the parent", daemon=True).start()
