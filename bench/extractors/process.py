"""A tool in a process of its own, which a page that hangs or crashes ends, and no more than that."""

from __future__ import annotations

import os
import pickle
import selectors
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

from extractors.runner import LENGTH, Answer

_RUNNER = Path(__file__).with_name("runner.py")
_PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
START = 180.0  # seconds until the tool has read its first page


class Tool:
    """`version` None: the tool is in none of the environments, and `missing` says so."""

    def __init__(self, name: str, pythons: list[str], deadline: float) -> None:
        """pythons: interpreters in which the tool may be, the first that has it is taken."""
        self.name, self._deadline = name, deadline
        self.version: str | None = None
        self.missing = "not installed"
        self._process: subprocess.Popen[bytes] | None = None
        for self._python in pythons:
            if self._start():
                return

    def read(self, page: dict[str, Any]) -> Answer:
        """The tool's answer, or {"error"} where it raised, took too long or ended; then the next page finds a new one."""
        process = self._process
        if process is None:
            if not self._start():
                return {"error": "does not start again"}
            process = self._process
        assert process is not None
        assert process.stdin is not None
        body = pickle.dumps(page)
        view = memoryview(LENGTH.pack(len(body)) + body)
        try:
            while view:
                view = view[process.stdin.write(view) :]
            return self._receive(self._deadline)
        except TimeoutError:
            fault = f"took longer than {self._deadline:g} s"
        except (EOFError, OSError):
            fault = "crashed"
        self.close()
        return {"error": fault}

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def _start(self) -> bool:
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        if self._python == sys.executable:
            environment["PYTHONPATH"] = str(_PLUGINS)
        self._process = subprocess.Popen(
            [self._python, str(_RUNNER), self.name, str(self._deadline + 10)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, bufsize=0, start_new_session=True, env=environment,
        )  # fmt: skip
        try:
            hello = self._receive(START)
        except (TimeoutError, EOFError):
            self.close()
            return False
        if "missing" in hello:
            self.close()
            return False
        self.version = hello["version"]
        return True

    def _receive(self, seconds: float) -> Answer:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        until, received = monotonic() + seconds, bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while len(received) < LENGTH.size or len(received) < LENGTH.size + LENGTH.unpack_from(received)[0]:
                if not selector.select(max(0.0, until - monotonic())):
                    raise TimeoutError
                chunk = os.read(process.stdout.fileno(), 1 << 16)
                if not chunk:
                    raise EOFError
                received += chunk
        answer: Answer = pickle.loads(bytes(received[LENGTH.size :]))
        return answer
