"""Processes that compute side by side for a command in the foreground: they outlast the loss of one, and end with it."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from functools import partial
from multiprocessing.connection import wait
from typing import Any, ParamSpec, TypeVar

from newsdesk import logs

log = logs.logger(__name__)

MOST_LOSSES = 2  # of one work's process: what takes the machine's memory each time fails

Given = ParamSpec("Given")
Result = TypeVar("Result")


def computing_pool(most: int) -> Executor:
    """As many processes as there are cores, at most `most`; each loads its models once.

    A caller that is killed (`kill -9`, out of memory) cannot end them, and would leave them waiting for work for ever:
    so each ends itself when its parent is gone, whatever it does at that moment.
    """
    return LastingPool(
        lambda: ProcessPoolExecutor(
            min(os.cpu_count() or 1, most),
            # spawn, not fork: threads and database connections do not survive a fork
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_end_with_parent,
        )
    )


class LastingPool(Executor):
    """A pool in the place of one that broke: whatever was in its hands is begun anew, MOST_LOSSES times each.

    One of its processes may be killed from outside (by the kernel, when memory is short), and all work of a
    ProcessPoolExecutor fails with it.
    """

    def __init__(self, make: Callable[[], Executor]) -> None:
        self._make = make
        self._pool = make()
        self._changing = threading.Lock()

    def submit(self, work: Callable[Given, Result], /, *args: Given.args, **named: Given.kwargs) -> Future[Result]:
        outcome: Future[Result] = Future()
        self._begin(partial(work, *args, **named), outcome, MOST_LOSSES)
        return outcome

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def _begin(self, work: Callable[[], Any], outcome: Future[Any], losses: int) -> None:
        with self._changing:
            try:
                attempt = self._pool.submit(work)
            except BrokenExecutor:
                self._pool.shutdown(wait=False)  # this may be its own thread
                self._pool = self._make()
                attempt = self._pool.submit(work)
        attempt.add_done_callback(partial(self._end, work, outcome, losses))

    def _end(self, work: Callable[[], Any], outcome: Future[Any], losses: int, attempt: Future[Any]) -> None:
        if attempt.cancelled():
            outcome.cancel()
            return
        error = attempt.exception()
        if isinstance(error, BrokenExecutor) and losses:
            log.warning("a computing process was killed from outside; its work is begun anew")
            try:
                self._begin(work, outcome, losses - 1)
            except Exception as fault:  # noqa: BLE001 - it is told to whoever waits
                outcome.set_exception(fault)
        elif error is not None:
            outcome.set_exception(error)
        else:
            outcome.set_result(attempt.result())


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # it runs in a child only

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)  # at once: nothing is committed after the caller's end

    threading.Thread(target=watch, name="watch the parent", daemon=True).start()
