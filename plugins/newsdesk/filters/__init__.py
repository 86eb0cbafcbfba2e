"""`newsdesk try STEP`: each craft as a filter of JSON lines, without database and Airflow.

One line out for each line in, in order. A bad input is a line with "error", and the rest goes on. The rows of each
step are told by the functions that answer them, in `finding`, `fetching` and `texts`. Steps that take a row by itself
answer in a process of their own (`guarded`, which runs `worker`), so that a row that hangs or crashes a parser costs its line only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TextIO

from newsdesk.filters import texts
from newsdesk.filters.guarded import answer_each
from newsdesk.filters.rows import BadRow, Lines, dump, parse
from newsdesk.model import JsonObject
from newsdesk.settings import Settings

__all__ = ["STEPS", "BadRow", "run"]

STEPS: dict[str, Callable[[Iterable[JsonObject], Settings, bool], Lines]] = {
    "url": partial(answer_each, "url"),
    "feed": partial(answer_each, "feed"),
    "sitemap": partial(answer_each, "sitemap"),
    "robots": partial(answer_each, "robots"),
    "address": partial(answer_each, "address"),
    "decode": partial(answer_each, "decode"),
    "extract": texts.extract,
    "dedupe": texts.dedupe,
    "stories": texts.stories,
    "entities": texts.entities,
}


def run(
    step: str, settings: Settings, source: TextIO, sink: TextIO, *, online: bool = False, aliases: Path | None = None
) -> None:
    """Filter `source` to `sink`. Steps that look at rows together (dedupe, stories) read all first; the others answer at once."""
    rows = (parse(line) for line in source if line.strip())
    work = partial(texts.entities, aliases=aliases) if step == "entities" else STEPS[step]
    for answer in work(rows, settings, online):
        sink.write(dump(answer) + "\n")
        sink.flush()
