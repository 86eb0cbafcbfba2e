"""The order of many visits: one host is one thread's, and no thread waits where another host could be asked."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from heapq import heappop, heappush
from queue import SimpleQueue
from time import monotonic
from typing import Generic, TypeVar

Item = TypeVar("Item")
End = TypeVar("End")


class NotItsTurn(Exception):
    """A visit cannot begin for now: its host is another worker's, or has its pause. Worth a try in `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not its turn for another {seconds:.1f} s")
        self.seconds = seconds


class _Round(Generic[Item]):
    """Items waiting, by host. A host that is being visited is with its thread, the others wait for their time."""

    def __init__(self, items: Sequence[Item], host: Callable[[Item], str]) -> None:
        self._queues: dict[str, deque[Item]] = defaultdict(deque)
        for item in items:
            self._queues[host(item)].append(item)
        self.hosts = len(self._queues)
        self._waiting: list[tuple[float, int, str]] = []  # a heap: when, then the longest queue, which takes longest
        self._changed = threading.Condition()
        self._stopped = False
        for name in self._queues:
            self._put_back(name, 0.0)

    def next(self) -> tuple[str, Item] | None:
        """The first item of the host whose time has come first, now this thread's; blocks. None: all is done."""
        with self._changed:
            while self._queues and not self._stopped:
                wait = self._waiting[0][0] - monotonic() if self._waiting else None
                if wait is not None and wait <= 0:
                    name = heappop(self._waiting)[2]
                    return name, self._queues[name][0]
                self._changed.wait(wait)
            return None

    def done(self, name: str) -> None:
        """The item was visited: the host's next one may be."""
        with self._changed:
            self._queues[name].popleft()
            if self._queues[name]:
                self._put_back(name, monotonic())
            else:
                del self._queues[name]
            self._changed.notify_all()

    def later(self, name: str, seconds: float) -> None:
        """The item could not be visited yet."""
        with self._changed:
            self._put_back(name, monotonic() + seconds)
            self._changed.notify()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _put_back(self, name: str, when: float) -> None:
        heappush(self._waiting, (when, -len(self._queues[name]), name))


def by_host(
    items: Sequence[Item], host: Callable[[Item], str], visit: Callable[[Item], End], threads: int
) -> Generator[tuple[Item, End]]:
    """Visit all items and give each with what its visit ended in. A host is never visited by two threads at once.

    A `visit` that raises NotItsTurn is made again later; meanwhile its thread visits other hosts. Any other exception
    (a fault of ours, not of the web) is raised here; what is under way ends first. Close it where you stop early: it
    goes on asking for what nobody takes until then.
    """
    todo = _Round(items, host)
    arrived: SimpleQueue[tuple[Item, Future[End]]] = SimpleQueue()

    def work() -> None:
        while (found := todo.next()) is not None:
            name, item = found
            end: Future[End] = Future()
            try:
                end.set_result(visit(item))
            except NotItsTurn as not_yet:
                todo.later(name, not_yet.seconds)
                continue
            except Exception as error:  # noqa: BLE001 - it is raised where the ends are read
                end.set_exception(error)
            arrived.put((item, end))
            todo.done(name)

    workers = max(1, min(threads, todo.hosts))
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="visit") as pool:
        for _ in range(workers):
            pool.submit(copy_context().run, work)  # what the lines of the log are about
        try:
            for _ in items:
                item, end = arrived.get()
                yield item, end.result()
        finally:
            todo.stop()
