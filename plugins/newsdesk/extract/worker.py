"""The guarded process: `python -m newsdesk.extract.worker MEMORY_MB DEADLINE_SECONDS`. Pickled pages in on stdin, pickled documents out on stdout.

Frames are those of `child`. The first one out is empty: the tools are loaded. An alarm ends the process a little after a
page's deadline, for the page that hangs while the parent, who would have killed it, is killed.
"""

from __future__ import annotations

import pickle
import resource
import signal
import sys
from datetime import UTC, datetime

from newsdesk.extract.child import read_frame, take_stdout, write_frame
from newsdesk.model import Document, Outcome, Page

_GRACE = 2.0  # seconds that the parent has to do it first


def main() -> None:
    memory, deadline = int(sys.argv[1]) * 1024 * 1024, float(sys.argv[2])
    answers = take_stdout()
    pages = sys.stdin.buffer

    from trafilatura.external import jt_stoplist_init

    from newsdesk.extract.page import extract

    extract(_WARM_UP)
    jt_stoplist_init()  # of its last resort, which no small page brings about
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    write_frame(answers, b"")
    while (frame := read_frame(pages)) is not None:
        # without a handler of Python's own it ends the process, in whatever C code it is
        signal.setitimer(signal.ITIMER_REAL, deadline + _GRACE)
        page: Page = pickle.loads(frame)  # noqa: S301 - our own parent wrote it
        try:
            document = extract(page)
        except MemoryError:
            document = Document(Outcome.QUARANTINED, f"the extractor ran out of memory ({sys.argv[1]} MB)")
        except Exception as error:  # noqa: BLE001 - whatever a library does to one page is that page's end, not the worker's
            document = Document(Outcome.QUARANTINED, f"the extractor failed: {type(error).__name__}: {error}"[:500])
        signal.setitimer(signal.ITIMER_REAL, 0)
        write_frame(answers, pickle.dumps(document))


# Loads all that loads at its first use, three seconds of it: no date in the address or the markup, so that htmldate
# reads the text; one that only dateparser's patterns of all languages may make sense of; text enough for the language.
_WARM_UP = Page(
    "https://www.example.com/bridge",
    b"<html><head><title>The bridge is open again</title></head><body><article><h1>The bridge is open again</h1>"
    b"<p class='date'>the 2nd of Wintermonth 2026 at 14:05</p><p>After two years of work the bridge over the river was"
    b" opened by the town's mayor, to the sound of a band.</p><p>Some hundred people came to see it, and the first of"
    b" them had crossed it before the ribbon was cut.</p></article></body></html>",
    fetched_at=datetime(2026, 3, 3, tzinfo=UTC),
)

if __name__ == "__main__":
    main()
