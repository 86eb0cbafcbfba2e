"""Rows, readers and scores: every reader reads every row in one run, turn by turn, and one judge compares them all."""

from __future__ import annotations

import gzip
import json
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

Row = dict[str, Any]
OURS = "newsdesk"
LONGEST = 5.0  # seconds for one row, where the row itself tells no limit


class NotAsked(Exception):
    """Raised by a reader that has no answer to rows of this kind; they do not count for it."""


@dataclass(frozen=True)
class Reader:
    """`read(row)` gives what the subject's judge compares. `read` None: `missing` says what is not there."""

    name: str
    read: Callable[[Row], Any] | None
    missing: str = "not installed"


@dataclass(frozen=True)
class Subject:
    """`part(row)`: the line of the table that the row counts in; None: the data expects nothing that can be compared."""

    name: str
    file: str
    what: str
    part: Callable[[Row], str | None]
    readers: Callable[[], list[Reader]]
    judge: Callable[[Row, Any], list[str]]  # what is wrong with the answer
    speed_of: str | None = "all rows"  # the part whose speed is shown; traps are no measure of it


@dataclass
class Score:
    """How the readers did on one subject."""

    subject: Subject
    readers: list[Reader]
    parts: list[str] = field(default_factory=list)
    right: Counter[tuple[str, str]] = field(default_factory=Counter)  # (part, reader's name)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    misses: list[tuple[str, str, str, list[str]]] = field(default_factory=list)  # reader, part, row's id, why
    rates: dict[str, float] = field(default_factory=dict)  # rows a second of CPU, by reader, of `speed_of`
    left_out: int = 0

    def total(self, reader: str) -> tuple[int, int]:
        return (
            sum(n for (_, name), n in self.right.items() if name == reader),
            sum(n for (_, name), n in self.asked.items() if name == reader),
        )


def reader(name: str, package: str, make: Callable[[], Callable[[Row], Any]]) -> Reader:
    """A library's reader; `make` imports it. Where it is not installed, its column says so."""
    try:
        found = version(package)
    except PackageNotFoundError:
        return Reader(name, None)
    return Reader(f"{name} {found}", make())


def load(data: Path, file: str) -> list[Row]:
    with gzip.open(data / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def measure(subject: Subject, data: Path, rounds: int) -> Score:
    """All rows through all readers, `rounds` times; time is each row's best round, answers are the first round's."""
    score = Score(subject, subject.readers())
    rows = []
    for row in load(data, subject.file):
        part = subject.part(row)
        if part is None:
            score.left_out += 1
        else:
            rows.append((part, row))
    best: dict[tuple[str, int], float] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for turn in range(rounds):
            for number, (part, row) in enumerate(rows):
                for one in _in_turn(score.readers, turn + number):
                    spent = _read(score, one, part, row, judged=turn == 0)
                    if spent is not None:
                        best[one.name, number] = min(spent, best.get((one.name, number), spent))
    for one in score.readers:
        times = [
            spent for (name, number), spent in best.items()
            if name == one.name and subject.speed_of in ("all rows", rows[number][0])
        ]  # fmt: skip
        if times:
            score.rates[one.name] = len(times) / sum(times)
    score.parts = list(dict.fromkeys(part for part, _ in rows))
    return score


def _in_turn(readers: list[Reader], start: int) -> Iterator[Reader]:
    """The installed readers, another one first each time: none always pays for a cold cache."""
    here = [one for one in readers if one.read]
    return (here[(start + at) % len(here)] for at in range(len(here)))


def _read(score: Score, one: Reader, part: str, row: Row, *, judged: bool) -> float | None:
    assert one.read is not None
    began, cpu = perf_counter(), process_time()
    answer, wrong = None, []
    try:
        answer = one.read(row)
    except NotAsked:
        return None
    except Exception as error:  # noqa: BLE001 - a library's fault is what is measured here
        wrong = [f"raised {type(error).__name__}: {str(error)[:120]}"]
    spent, elapsed = process_time() - cpu, perf_counter() - began
    if judged:
        wrong = wrong or score.subject.judge(row, answer)
        expected = row.get("expected")
        limit = (expected.get("max_seconds") if isinstance(expected, dict) else None) or LONGEST
        if elapsed > limit:
            wrong = [*wrong, f"took {elapsed:.1f} s"]
        score.asked[part, one.name] += 1
        score.right[part, one.name] += not wrong
        if wrong:
            score.misses.append((one.name, part, str(row["id"]), wrong))
    return spent
