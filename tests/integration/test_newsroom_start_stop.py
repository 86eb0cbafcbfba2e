"""The demo newsroom begins on ports of its own, says which is taken, and ends whatever it is doing."""

from __future__ import annotations

import select
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

import newsdesk.local.newsroom
from newsdesk.local.newsroom import Newsroom, PortInUseError
from newsdesk.local.newsroom.outlets import OUTLETS
from ports import free_ports


def test_stop_leaves_no_thread_even_amid_slow_answers() -> None:
    before = set(threading.enumerate())
    newsroom = Newsroom()
    newsroom.start()
    slow = next(row.url for row in newsroom.expected() if row.outcome == "timeout")
    session = requests.Session()
    session.get(newsroom.bases["harbour-courier"] + "/", timeout=5)  # stays open: keep-alive
    with session.get(slow, stream=True, timeout=5):
        started = time.monotonic()
        newsroom.stop()
        assert time.monotonic() - started < 10  # the slow answer would take minutes
    assert set(threading.enumerate()) <= before
    newsroom.stop()
    session.close()


def test_taken_port_is_named_and_nothing_stays_open() -> None:
    first = free_ports(len(OUTLETS))
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", first + 2))
        other.listen()
        with pytest.raises(PortInUseError, match=rf"port {first + 2} .*--port"):
            Newsroom(first).start()
    with Newsroom(first) as again:
        assert again.bases["harbour-courier"] == f"http://127.0.0.1:{first}"


def test_module_serves_until_sigterm(tmp_path: Path) -> None:
    first = free_ports(len(OUTLETS))
    with subprocess.Popen(
        [sys.executable, "-m", "newsdesk.local.newsroom", "--port", str(first), "--sources", str(tmp_path)],
        stdout=subprocess.PIPE, text=True,
        cwd=Path(newsdesk.local.newsroom.__file__).parents[3],  # newsdesk need not be installed
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            assert select.select([process.stdout], [], [], 60)[0], "it serves at once, and says so"
            assert process.stdout.readline().startswith(f"http://127.0.0.1:{first}/")
            assert requests.get(f"http://127.0.0.1:{first}/", timeout=5).status_code == 200
            assert len(list(tmp_path.glob("*.yaml"))) == len(OUTLETS)
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
