"""Computing processes end with the command that started them, however that ends."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

# as `newsdesk ingest` does: a pool whose processes are idle, or at work
PARENT = """
import sys, time
from newsdesk.process_pool import computing_pool

if __name__ == "__main__":
    pool = computing_pool(2)
    print(pool.submit({work}).result() if {wait} else pool.submit({work}), flush=True)
    time.sleep(1 if {wait} else 2)
    print(*pool._processes, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize(
    ("work", "wait"), [pytest.param("abs, -1", True, id="idle"), pytest.param("time.sleep, 60", False, id="at work")]
)
def test_no_computing_process_outlives_a_killed_parent(work: str, wait: bool, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(work=work, wait=wait))
    parent = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert parent.stdout is not None
    parent.stdout.readline()
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert pids
    parent.kill()
    parent.wait()
    until = time.monotonic() + 20
    while (left := [pid for pid in pids if lives(pid)]) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == []


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
