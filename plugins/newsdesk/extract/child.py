"""A process of our own that is spoken to in frames and can be killed at any moment: both ends of its pipes.

A signal does not stop C code, so what strangers' bytes may hang is done in such a process. It is a plain subprocess:
`multiprocessing` may not be used below Airflow's own task processes. A frame is a length (8 bytes, big-endian) and that
many bytes. The child ends when its stdin does, so it never outlives its parent.
"""

from __future__ import annotations

import os
import selectors
import signal
import struct
import subprocess
import sys
from contextlib import suppress
from time import monotonic
from typing import BinaryIO

_LENGTH = struct.Struct(">Q")
_CHUNK = 1 << 16

Process = subprocess.Popen[bytes]


class Gone(Exception):
    """The child ended, and its answer with it."""


def start(module: str, *arguments: str) -> Process:
    """`python -m module arguments…`, a group of its own. OSError where no process can be started."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, start_new_session=True,
    )  # fmt: skip


def send(process: Process, frame: bytes) -> None:
    """One frame to the child. Gone where it has ended."""
    assert process.stdin is not None
    try:
        # the child reads whole frames before it computes, so writing does not wait on what is in them
        view = memoryview(_LENGTH.pack(len(frame)) + frame)
        while view:
            view = view[process.stdin.write(view) :]
    except OSError:  # the pipe is broken
        raise Gone from None


def receive(process: Process, until: float) -> bytes:
    """The next frame, whole. TimeoutError where it is not there at `until` on the monotonic clock."""
    assert process.stdout is not None
    received = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while len(received) < _LENGTH.size or len(received) < _LENGTH.size + _LENGTH.unpack_from(received)[0]:
            if not selector.select(max(0.0, until - monotonic())):
                raise TimeoutError
            chunk = os.read(process.stdout.fileno(), _CHUNK)
            if not chunk:
                raise Gone
            received += chunk
    return bytes(received[_LENGTH.size :])


def end(process: Process) -> int:
    """Kill the child and all that it started. Returns its exit code."""
    code = process.poll()
    if code is None:
        with suppress(ProcessLookupError):  # it ended this moment
            os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    return code


def take_stdout() -> BinaryIO:
    """In the child: where its frames go. What a library prints goes to stderr from now on, not between the frames."""
    frames = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return frames


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame's bytes; None where the stream has ended."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(head)
    body = stream.read(size)
    return body if len(body) == size else None


def write_frame(stream: BinaryIO, body: bytes) -> None:
    """In the child: one frame to the parent."""
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()
