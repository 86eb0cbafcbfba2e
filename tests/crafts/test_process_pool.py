"""Computing processes: the loss of one costs nothing, and all end with the command that started them, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import BrokenExecutor
from pathlib import Path

import psutil
import pytest

from newsdesk.process_pool import computing_pool
from waiting import is_gone, until

# as `newsdesk ingest` does: a pool whose processes are idle, or at work
PARENT = """
import time
from newsdesk.process_pool import computing_pool

def work(seconds):
    print("at work", flush=True)
    time.sleep(seconds)

if __name__ == "__main__":
    pool = computing_pool(2)
    task = pool.submit(work, {seconds})
    if not {seconds}:
        task.result()
    print(*pool._pool._processes, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("seconds", [pytest.param(0, id="idle"), pytest.param(60, id="at work")])
def test_no_computing_process_outlives_a_killed_parent(seconds: int, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(seconds=seconds))
    parent = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert parent.stdout is not None
    said = parent.stdout.readline() + parent.stdout.readline()  # in either order
    assert "at work" in said
    (computing,) = [psutil.Process(int(pid)) for pid in said.split() if pid.isdigit()]
    parent.kill()
    parent.wait()
    until(lambda: is_gone(computing), 20, "the end of the computing process")


def die_once(file: str) -> int:
    if not os.path.exists(file):  # noqa: PTH110 - a path is one more import of the child
        open(file, "w").close()  # noqa: PTH123
        os.kill(os.getpid(), signal.SIGKILL)
    return 7


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_work_whose_process_is_killed_from_outside_is_begun_anew_with_all_that_waited_behind_it(tmp_path: Path) -> None:
    with computing_pool(1) as pool:
        mine, others = pool.submit(die_once, str(tmp_path / "dead")), [pool.submit(abs, -n) for n in range(3)]
        assert mine.result(60) == 7
        assert [other.result(60) for other in others] == [0, 1, 2]


def test_work_that_kills_its_process_each_time_fails_and_the_pool_goes_on() -> None:
    with computing_pool(1) as pool:
        with pytest.raises(BrokenExecutor):
            pool.submit(die).result(60)
        assert pool.submit(abs, -1).result(60) == 1


def test_what_work_raises_is_its_own() -> None:
    with computing_pool(1) as pool, pytest.raises(ZeroDivisionError):
        pool.submit(divmod, 1, 0).result(60)
