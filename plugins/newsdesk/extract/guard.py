"""Extraction that cannot hang, eat the machine or crash its caller: one worker process, killed when it must be.

A signal does not stop C code, so the page's deadline is kept by killing the process (its whole group) and starting
another; see `child`.
"""

from __future__ import annotations

import os
import pickle
import signal
from time import monotonic
from types import TracebackType
from typing import Self

import psutil

from newsdesk.errors import ToolCrashed
from newsdesk.extract import child
from newsdesk.extract.child import Gone, Process
from newsdesk.model import Document, Outcome, Page

START_SECONDS = 120.0  # imports of a cold disk on a busy machine
_MB = 1 << 20


class Guard:
    """A worker for one caller, from `with` to its end.

    deadline: seconds of wall clock for one page. memory_mb: address space of the worker, which is about 1 GB before
    the first page. recycle_after: pages after which a fresh worker takes over, so that leaks of libraries do not add
    up (bench/extraction_soak.py). worn_mb: resident memory above which it does so too: what one huge page left behind.
    """

    def __init__(self, deadline: float, memory_mb: int = 4096, recycle_after: int = 5000, worn_mb: int = 1024) -> None:
        self._deadline = deadline
        self._memory_mb = memory_mb
        self._recycle_after = recycle_after
        self._worn_mb = worn_mb
        self._process: Process | None = None
        self._pages = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._kill()

    def extract(self, page: Page) -> Document:
        """What the page says. A page that hangs, exhausts or kills the worker ends as QUARANTINED, with the reason.

        A worker that ends under a page may have been killed from outside (by the kernel, say, when memory was short), so
        the page is given to a second one; where that ends too, it is the page's fault.
        ToolCrashed where no worker can be started at all.
        """
        for _ in range(2):
            try:
                return self._ask(page)
            except TimeoutError:
                self._kill()
                reason = f"the extractor took longer than {self._deadline:g} s and was killed"
                break
            except Gone:
                code = self._kill()
                reason = f"the extractor crashed twice: {_words(code)}"
            except BaseException:  # the caller is stopped: the answer under way must not be taken for the next page's
                self._kill()
                raise
        return Document(Outcome.QUARANTINED, reason)

    def _ask(self, page: Page) -> Document:
        if self._is_worn():
            self._kill()
        process = self._process or self._start()
        self._pages += 1
        child.send(process, pickle.dumps(page))
        while not (frame := child.receive(process, monotonic() + self._deadline)):
            # a tool loads that no page needed before; the page's own clock starts again when it is there
            child.receive(process, monotonic() + START_SECONDS)
        answer: Document = pickle.loads(frame)  # noqa: S301 - our own worker's
        return answer

    def _is_worn(self) -> bool:
        """Too many pages, too much memory kept, or ended between two pages, which is no fault of the next one's."""
        if self._process is None:
            return False
        if self._pages >= self._recycle_after or self._process.poll() is not None:
            return True
        # its pid is ours until we have waited for it
        resident: int = psutil.Process(self._process.pid).memory_info().rss
        return resident > self._worn_mb * _MB

    def _start(self) -> Process:
        try:
            process = child.start("newsdesk.extract.worker", str(self._memory_mb), str(self._deadline))
        except OSError as error:
            raise ToolCrashed(f"cannot start the extractor: {error}") from None
        self._process, self._pages = process, 0
        try:
            child.receive(process, monotonic() + START_SECONDS)
        except (TimeoutError, Gone) as fault:
            code = self._kill()
            how = _words(code) if isinstance(fault, Gone) else f"not ready after {START_SECONDS:.0f} s"
            raise ToolCrashed(f"the extractor does not start: {how}; what it said is in this log") from None
        return process

    def _kill(self) -> int:
        """End the worker and all that it started. Returns its exit code."""
        process, self._process = self._process, None
        return child.end(process) if process else 0


def standing(deadline: float) -> Guard:
    """This process's own guard, whose worker stays for the next caller: a batch need not wait while one loads (1.7 s of CPU).

    For one thread. The worker ends when this process does, since its pipe does.
    """
    # by process: a fork must not speak to its parent's worker
    return _standing.setdefault((os.getpid(), deadline), Guard(deadline))


_standing: dict[tuple[int, float], Guard] = {}


def _words(code: int) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
