"""The extractor's guard: a page that hangs, eats memory or kills the worker ends as an outcome, and the next is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import psutil
import pytest

from newsdesk.errors import ToolCrashed
from newsdesk.extract import child
from newsdesk.extract.guard import Guard, standing
from newsdesk.extract.page import extract
from newsdesk.extract.worker import _WARM_UP
from newsdesk.model import Outcome, Page
from waiting import is_gone, until

NOW = datetime(2026, 3, 3, tzinfo=UTC)
TEXT = "The council voted on Monday to rebuild the old harbour wall before the winter storms arrive, and said so. "
GOOD = Page(
    "https://www.example.com/2026/03/02/harbour-wall-to-be-rebuilt",
    f"<html lang=en><head><title>Harbour wall</title></head><body><article><h1>Harbour wall</h1>{f'<p>{TEXT * 3}</p>' * 4}"
    "</article></body></html>".encode(),
    fetched_at=NOW,
)
# one tag with so many attributes costs every HTML parser minutes, in C code that no signal stops
HANGING = Page(GOOD.url, b"<html><body><p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">x</p></body></html>")


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard(deadline=20) as guard:
        yield guard


def reads_well(guard: Guard) -> bool:
    document = guard.extract(GOOD)
    return document.outcome is None and TEXT.strip() in (document.text or "")


def test_a_page_is_read(guard: Guard) -> None:
    assert reads_well(guard)


def test_a_page_that_hangs_costs_its_deadline_and_the_next_is_read() -> None:
    with Guard(deadline=60) as guard:
        assert reads_well(guard)  # the worker is warm
        guard._deadline = 1  # for the hanging page alone: on a busy machine a good one may need more
        began = time.monotonic()
        document = guard.extract(HANGING)
        assert time.monotonic() - began < 20  # by itself the page takes over a minute
        guard._deadline = 60
        assert document.outcome is Outcome.QUARANTINED
        assert document.reason == "the extractor took longer than 1 s and was killed"
        assert reads_well(guard)


def kill_workers(guard: Guard, times: int) -> threading.Thread:
    """In the background: each of the guard's next workers a little after it began on its page."""

    def kill() -> None:
        def next_worker() -> subprocess.Popen[bytes] | None:
            return guard._process if guard._process is not worker and guard._pages > 0 else None

        worker = None
        for _ in range(times):
            worker = until(next_worker, 60, "a worker with a page")
            time.sleep(0.3)
            os.kill(worker.pid, signal.SIGKILL)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    return thread


def test_a_page_whose_worker_is_killed_from_outside_is_read_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    with Guard(deadline=60) as guard:
        assert reads_well(guard)
        worker = guard._process
        assert worker is not None
        receive, kills = child.receive, [worker.pid]

        def receive_too_late(process: child.Process, until: float) -> bytes:
            if kills:  # the page is with the worker
                os.kill(kills.pop(), signal.SIGKILL)
                worker.wait()
                process.stdout.read()  # type: ignore[union-attr]
            return receive(process, until)

        monkeypatch.setattr(child, "receive", receive_too_late)
        assert reads_well(guard)
        assert kills == []


def test_a_page_under_which_two_workers_end_is_given_up() -> None:
    with Guard(deadline=60) as guard:
        assert reads_well(guard)
        kill_workers(guard, 2)
        document = guard.extract(HANGING)
        assert document.outcome is Outcome.QUARANTINED
        assert document.reason == "the extractor crashed twice: killed by SIGKILL"
        assert reads_well(guard)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(b"<p a=1 b=2 c=3 d=4>x" * 600_000, id="the parser has none left"),
        pytest.param(b"<p>x" * 900_000, id="a later step has none left"),
    ],
)
def test_a_page_that_eats_memory_is_given_up(markup: bytes) -> None:
    with Guard(deadline=60, memory_mb=500) as guard:
        assert reads_well(guard)  # the bound is the page's fault, not the worker's
        document = guard.extract(Page(GOOD.url, b"<html><body>" + markup, fetched_at=NOW))
        assert (document.outcome, document.reason) == (
            Outcome.QUARANTINED,
            "the extractor ran out of memory (500 MB)",
        )
        assert reads_well(guard)


def test_a_worker_is_replaced_after_its_pages() -> None:
    with Guard(deadline=20, recycle_after=2) as guard:
        seen = set()
        for _ in range(4):
            assert reads_well(guard)
            assert guard._process is not None
            seen.add(guard._process.pid)
        assert len(seen) == 2


def test_a_worker_that_ended_between_two_pages_costs_neither() -> None:
    with Guard(deadline=60) as guard:
        assert reads_well(guard)
        assert guard._process is not None
        os.kill(guard._process.pid, signal.SIGKILL)
        guard._process.wait()
        assert reads_well(guard)


def test_a_worker_that_keeps_much_memory_is_replaced() -> None:
    with Guard(deadline=60, worn_mb=1) as guard:
        assert reads_well(guard)
        first = guard._process
        assert reads_well(guard)
        assert guard._process is not first


def test_a_caller_that_is_stopped_leaves_no_answer_behind_for_the_next_page() -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with Guard(deadline=60) as guard:
        assert reads_well(guard)
        before = signal.signal(signal.SIGALRM, stop)
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(KeyboardInterrupt):
                guard.extract(HANGING)
        finally:
            signal.signal(signal.SIGALRM, before)
        assert reads_well(guard)


def test_a_process_keeps_its_standing_worker_from_one_batch_to_the_next() -> None:
    first = standing(60)
    assert reads_well(first)
    worker = first._process
    second = standing(60)
    assert reads_well(second)
    assert second._process is worker
    second._kill()


def test_the_first_page_finds_the_languages_loaded() -> None:
    document = extract(_WARM_UP)
    assert (document.language, document.provenance["language"]) == ("en", "text")


def test_the_page_that_dateparser_is_loaded_for_does_not_pay_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A load of some seconds under a deadline of one; the frames that tell of it are told once."""
    in_words = b"<html><body><h1>The wall</h1><p class='date'>the %d. of Wintermonth 2026 at 14:05</p>" + b"".join(
        b"<p>" + TEXT.encode() + b"</p>" for _ in range(9)
    )
    frames: list[bytes] = []
    receive = child.receive

    def receive_and_note(process: child.Process, until: float) -> bytes:
        frames.append(receive(process, until))
        return frames[-1]

    monkeypatch.setattr(child, "receive", receive_and_note)
    with Guard(deadline=1) as guard:
        for day in (2, 3):
            document = guard.extract(Page("https://www.example.com/wall", in_words % day, fetched_at=NOW))
            assert document.outcome is None
    assert [bool(frame) for frame in frames] == [False, False, False, True, True]  # loaded, loading, loaded, answers


def test_no_worker_outlives_its_guard(guard: Guard) -> None:
    with Guard(deadline=20) as other:
        assert reads_well(other)
        assert other._process is not None
        pid = other._process.pid
    assert not psutil.pid_exists(pid)


IDLE = "print(g._start().pid, flush=True); time.sleep(60)"
HUNG = (
    "print(g._start().pid, flush=True); g.extract(Page('https://www.example.com/', "
    "b'<p ' + b' '.join(b'a%d=1' % n for n in range(200_000)) + b'>'))"
)


@pytest.mark.parametrize("doing", [pytest.param(IDLE, id="idle"), pytest.param(HUNG, id="on a page that hangs")])
def test_no_worker_outlives_a_killed_parent(doing: str) -> None:
    code = (
        "import time; from newsdesk.extract.guard import Guard; from newsdesk.model import Page; g = Guard(3); " + doing
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert parent.stdout is not None
    worker = psutil.Process(int(parent.stdout.readline()))
    time.sleep(0.5)
    parent.kill()
    parent.wait()
    until(lambda: is_gone(worker), 20, "the worker's end")


def test_a_worker_that_cannot_start_is_a_fault_of_the_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Guard(deadline=1) as guard, pytest.raises(ToolCrashed, match="exit code 1"):
        guard.extract(GOOD)
