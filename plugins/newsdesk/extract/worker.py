"""The guarded process: `python -m newsdesk.extract.worker`. Pickled pages in on stdin, pickled documents out on stdout.

Frames are those of `child`. The first one out is empty: the tools are loaded.
"""

from __future__ import annotations

import pickle
import resource
import sys
from datetime import UTC, datetime

from newsdesk.extract.child import read_frame, take_stdout, write_frame
from newsdesk.model import Document, Outcome, Page


def main() -> None:
    memory = int(sys.argv[1]) * 1024 * 1024
    answers = take_stdout()
    pages = sys.stdin.buffer

    from newsdesk.extract.page import extract

    extract(_WARM_UP)  # the first call of htmldate and of the language model costs more than a second
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    write_frame(answers, b"")
    while (frame := read_frame(pages)) is not None:
        page: Page = pickle.loads(frame)  # noqa: S301 - our own parent wrote it
        try:
            document = extract(page)
        except MemoryError:
            document = Document(Outcome.QUARANTINED, f"the extractor ran out of memory ({sys.argv[1]} MB)")
        except Exception as error:  # noqa: BLE001 - whatever a library does to one page is that page's end, not the worker's
            document = Document(Outcome.QUARANTINED, f"the extractor failed: {type(error).__name__}: {error}"[:500])
        write_frame(answers, pickle.dumps(document))


# No date but in prose, and a line that looks like one: htmldate and the date parser behind it are asked.
_WARM_UP = Page(
    "https://www.example.com/a",
    b"<html><head><title>The bridge is open again</title></head><body><article><h1>The bridge is open again</h1>"
    + b"<p class=date>the 3 of the year 2024, at noon</p><p>After two years of work the bridge over the river was opened on 2 March 2026 by the town's mayor.</p>"
    * 4
    + b"</article></body></html>",
    fetched_at=datetime(2026, 3, 3, tzinfo=UTC),
)

if __name__ == "__main__":
    main()
