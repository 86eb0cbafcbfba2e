"""How far something long has come, on stderr: bars on a terminal, plain lines now and then anywhere else."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.text import Text

from newsdesk import terminal
from newsdesk.store.reports import PHASES

EVERY = 10.0  # seconds between two plain lines of one bar


class Progress:
    """Use as a context manager. `quiet`: shows nothing. `as_json`: stdout is another program's, so no plain lines.

    `tell` is what the steps of the library call; `bar` and `line` are for what has no such steps.
    """

    def __init__(self, *, quiet: bool = False, as_json: bool = False, console: Console | None = None) -> None:
        self._console = console or terminal.err
        self._live = self._console.is_terminal and not quiet
        self._plain = not (self._live or quiet or as_json)
        self._bars = Bars(
            TextColumn("{task.description:<10}"), BarColumn(bar_width=30), TextColumn("{task.fields[amount]}"),
            TimeElapsedColumn(), TimeRemainingColumn(), TextColumn("{task.fields[note]}"),
            console=self._console, disable=not self._live, transient=False,
        )  # fmt: skip
        self._tasks: dict[str, TaskID] = {}
        self._told: dict[str, float] = {}  # bar -> when its last plain line was written
        self._ended: dict[str, str] = {}  # bar -> its last line, when it was full

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bars.stop()

    def tell(self, stage: str, counts: Mapping[str, int]) -> None:
        """A step that ended; or how far the bytes of a file (`read`), the pages (`read`) or the URLs (`batches`) are."""
        if stage == "read" and "bytes" in counts:
            note = f"{counts['records']:,} records, {counts['pages']:,} pages"
            self.bar("read", counts["bytes"], counts["size"], note, in_bytes=True)
        elif stage == "read":
            self.bar("read", counts["read"], counts["pages"])
        elif stage == "batches":
            for phase in PHASES:
                if counts.get(phase) or (phase in counts and phase != "settled"):
                    self.bar(phase, counts[phase], counts.get("planned", 0))
        else:
            words = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items() if count)
            self.note(stage, words or "nothing to do")

    def bar(self, name: str, done: int, total: int | None, note: str = "", *, in_bytes: bool = False) -> None:
        """How far `name` has come, of `total` (None: nobody knows)."""
        shown = decimal if in_bytes else "{:,}".format
        amount = shown(done) + (f" of {shown(total)}" if total else "")
        if self._live:
            if name not in self._tasks:
                self._tasks[name] = self._bars.add_task(name, total=total, note="", amount="")
            self._bars.update(self._tasks[name], completed=done, total=total, note=note, amount=amount)
        elif self._plain:
            self._plain_bar(name, f"{amount} {note}".rstrip(), full=bool(total) and done == total)

    def _plain_bar(self, name: str, words: str, *, full: bool) -> None:
        now = time.monotonic()
        first = self._told.setdefault(name, now)  # what is over within seconds is told once, at its end
        if (full and self._ended.get(name) != words) or now - first >= EVERY:
            self._told[name] = now
            if full:
                self._ended[name] = words
            self.note(name, words)

    def note(self, name: str, text: str) -> None:
        """One line above the bars, under a step's name."""
        self.line(Text(f"{name:<16}", style="bold") + Text(text, style="default"))

    def line(self, line: str | Text) -> None:
        if self._live or self._plain:
            self._bars.console.print(line, markup=False, soft_wrap=True)
