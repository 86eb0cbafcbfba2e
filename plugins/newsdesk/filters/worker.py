"""The process that answers rows: `python -m newsdesk.filters.worker STEP`. Pickled rows in, pickled answers out.

Frames are as in `extract.worker`. The first one in holds the settings, the first one out is empty: ready. It ends when
its stdin does, so it never outlives its parent.
"""

from __future__ import annotations

import os
import pickle
import resource
import sys
from collections.abc import Callable

from newsdesk.extract.worker import read_frame, write_frame
from newsdesk.filters import fetching, finding, texts
from newsdesk.filters.rows import failed
from newsdesk.model import JsonObject
from newsdesk.settings import Settings

MEMORY = 4 << 30  # bytes of address space

WORK: dict[str, Callable[[JsonObject, Settings], JsonObject]] = {
    "url": finding.url,
    "feed": finding.feed,
    "sitemap": finding.sitemap,
    "robots": fetching.robots,
    "address": fetching.address,
    "decode": texts.decode,
}


def main() -> None:
    # what a library prints must not get between the frames
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    work = WORK[sys.argv[1]]
    settings: Settings = pickle.loads(read_frame(sys.stdin.buffer) or b"")  # noqa: S301 - our own parent wrote it
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    write_frame(answers, b"")
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        row: JsonObject = pickle.loads(frame)  # noqa: S301 - our own parent wrote it
        write_frame(answers, pickle.dumps(answer(work, row, settings)))


def answer(work: Callable[[JsonObject, Settings], JsonObject], row: JsonObject, settings: Settings) -> JsonObject:
    """The step's answer, or the row's "error". A fault of our own code says its class, so that it can be told apart."""
    try:
        return work(row, settings)
    except ValueError as error:
        return failed(row, str(error))
    except Exception as error:  # noqa: BLE001 - one row's end, not the filter's
        return failed(row, f"the step failed: {type(error).__name__}: {error}"[:500])


if __name__ == "__main__":
    main()
