"""The guarded process: `python -m newsdesk.extract.worker MEMORY_MB DEADLINE_SECONDS`. Pickled pages in on stdin, pickled documents out on stdout.

Frames are those of `child`. The first one out is empty: the tools are loaded. Two empty ones before an answer say that
the page is the first that needs dateparser, and that it is there; its deadline starts again with the second. An alarm ends
the process a little after a page's deadline, for the page that hangs while the parent, who would have killed it, is killed.
"""

from __future__ import annotations

import pickle
import resource
import signal
import sys
from datetime import UTC, datetime
from functools import cache
from typing import Any, BinaryIO

import htmldate.extractors

from newsdesk.extract.child import read_frame, take_stdout, write_frame
from newsdesk.model import Document, Outcome, Page

_GRACE = 2.0  # seconds that the parent has to do it first


def main() -> None:
    """Answer pages until stdin ends."""
    memory, deadline = int(sys.argv[1]) * 1024 * 1024, float(sys.argv[2])
    answers = take_stdout()
    pages = sys.stdin.buffer

    from newsdesk.extract.page import extract

    _load_dateparser_late(answers, deadline)
    extract(_WARM_UP)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    write_frame(answers, b"")
    while (frame := read_frame(pages)) is not None:
        _end_after(deadline + _GRACE)
        page: Page = pickle.loads(frame)  # noqa: S301 - our own parent wrote it
        try:
            document = extract(page)
        except MemoryError:
            document = Document(Outcome.QUARANTINED, f"the extractor ran out of memory ({sys.argv[1]} MB)")
        except Exception as error:  # noqa: BLE001 - whatever a library does to one page is that page's end, not the worker's
            document = Document(Outcome.QUARANTINED, f"the extractor failed: {type(error).__name__}: {error}"[:500])
        _end_after(0)
        write_frame(answers, pickle.dumps(document))


def _load_dateparser_late(answers: BinaryIO, deadline: float) -> None:
    """Its tables of all languages take three quarters of a start, and hardly one page in ten needs them."""
    parser_of = htmldate.extractors.get_external_parser

    @cache
    def load() -> Any:  # a DateDataParser; dateparser has no types
        _end_after(0)
        write_frame(answers, b"")
        try:
            parser_of().get_date_data("the 2nd of Wintermonth 2026 at 14:05")  # no language knows it, so all are tried
        finally:
            write_frame(answers, b"")
            _end_after(deadline + _GRACE)
        return parser_of()

    htmldate.extractors.get_external_parser = load


def _end_after(seconds: float) -> None:
    """0: not at all. Without a handler of Python's own an alarm ends the process, in whatever C code it is."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


# Loads the model of languages: text enough to tell one, and a day that costs no dateparser.
_WARM_UP = Page(
    "https://www.example.com/bridge",
    b"<html><head><title>The bridge is open again</title></head><body><article><h1>The bridge is open again</h1>"
    b"<p class='date'>2 March 2026</p><p>After two years of work the bridge over the river was opened by the town's"
    b" mayor, to the sound of a band.</p><p>Some hundred people came to see it, and the first of them had crossed it"
    b" before the ribbon was cut.</p></article></body></html>",
    fetched_at=datetime(2026, 3, 3, tzinfo=UTC),
)

if __name__ == "__main__":
    main()
