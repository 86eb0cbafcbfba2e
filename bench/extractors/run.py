"""All pages through all tools, turn by turn in one run: what each answered, and what it scored."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractors import measure
from extractors.process import Tool
from extractors.runner import Answer
from labelled import html_of, read_rows
from newsdesk.extract.decode import decode

OURS = "newsdesk"
PLAIN = "trafilatura comments off"  # the best single setting, and the yardstick of cost
NEWS_SETS = ("scrapinghub", "fundus_eval", "fundus")
CEILING = "best of five, page by page"
FIVE = ("trafilatura fast", "trafilatura precision", PLAIN, "readability-lxml", "newspaper4k")


@dataclass
class Mark:
    """One page by one tool. Scores are None, marks absent, where gold tells nothing."""

    body: tuple[float, float, float] | None = None  # precision, recall, F1
    told: bool = False  # the text has a word
    snippets: tuple[int, int, int, int] | None = None
    metadata: dict[str, bool] = field(default_factory=dict)
    outcome: str | None = None
    error: str | None = None
    cpu: float | None = None  # seconds; None where the tool was killed


Marks = dict[str, dict[str, list[Mark]]]  # tool -> set -> a mark a page
Gold = dict[str, list[dict[str, Any]]]


def load(data: Path, sets: Iterable[str], sample: int | None) -> Gold:
    """sample: so many pages of each set, spread evenly over it."""
    gold: Gold = {}
    for name in sets:
        rows = list(read_rows(data / f"{name}.jsonl.xz"))
        step = max(1, len(rows) // sample) if sample else 1
        gold[name] = rows[::step][:sample]
    return gold


def run(tools: list[Tool], gold: Gold) -> Marks:
    marks: Marks = {tool.name: {name: [] for name in gold} for tool in tools}
    done, total = 0, sum(map(len, gold.values()))
    for name, rows in gold.items():
        for row in rows:
            html = html_of(row)
            page = {"url": row["url"], "html": html, "text": decode(html, None)[0]}
            for tool in _in_turn(tools, done):
                marks[tool.name][name].append(mark(name, row, tool.read(page)))
            done += 1
            if sys.stderr.isatty() or done % 100 == 0:
                print(f"\r{done} of {total} pages", end="" if sys.stderr.isatty() else "\n", file=sys.stderr)
    return marks


def _in_turn(tools: list[Tool], start: int) -> Iterator[Tool]:
    """Another one first each time: none always finds the page's bytes cold."""
    return (tools[(start + at) % len(tools)] for at in range(len(tools)))


def mark(name: str, row: dict[str, Any], answer: Answer) -> Mark:
    text = answer.get("text")
    # wcxb has other pages too, and labels them: only its articles count, the others are for `not_article`
    counts = name != "wcxb" or row["page_type"] == "article"
    return Mark(
        body=measure.body_score(row["body"], text) if counts and row.get("body") else None,
        told=measure.has_shingles(text),
        snippets=measure.snippet_counts(row, text) if counts and row.get("with") else None,
        metadata=measure.metadata_marks(row, answer) if counts else {},
        outcome=answer.get("outcome"),
        error=answer.get("error"),
        cpu=answer.get("cpu"),
    )


def best_of(marks: Marks, tools: Iterable[str]) -> dict[str, list[Mark]] | None:
    """The best body F1 of each page by any of the tools; None where one of them is not there."""
    if any(tool not in marks for tool in tools):
        return None
    columns = [marks[tool] for tool in tools]
    return {
        name: [
            Mark(max(scores, key=lambda score: score[2]), told=any(one.told for one in same))
            if (scores := [one.body for one in same if one.body is not None])
            else Mark()
            for same in zip(*(column[name] for column in columns), strict=True)
        ]
        for name in columns[0]
    }


def body_of(marks: Iterable[Mark]) -> dict[str, float] | None:
    """p, r (means over pages; of p over those with an answer), f1 of the two, and page_f1, the mean of the pages' F1."""
    rows = [one for one in marks if one.body is not None]
    if not rows:
        return None
    precision = measure.mean(one.body[0] for one in rows if one.told and one.body) or 0.0
    recall = measure.mean(one.body[1] for one in rows if one.body) or 0.0
    page = measure.mean(one.body[2] for one in rows if one.body) or 0.0
    return {"n": len(rows), "p": precision, "r": recall, "f1": measure.f1(precision, recall) or 0.0, "page_f1": page}


def pooled(sets: dict[str, list[Mark]]) -> float | None:
    """The mean F1 of all pages of the news sets."""
    found = body_of(one for name in NEWS_SETS for one in sets.get(name, ()))
    return found["page_f1"] if found else None


def snippets_of(marks: Iterable[Mark]) -> float | None:
    """F1 over all snippets of the pages."""
    counts = [one.snippets for one in marks if one.snippets is not None]
    if not counts:
        return None
    found, wrong, missed, _ = (sum(column) for column in zip(*counts, strict=True))
    return 2 * found / max(1, 2 * found + wrong + missed)


def rate(marks: Iterable[Mark], what: str) -> float | None:
    return measure.mean(one.metadata[what] for one in marks if what in one.metadata)


OTHERS_WEIGH = 3  # wcxb keeps each article and one in three of the other pages


def not_article(gold: Gold, sets: dict[str, list[Mark]]) -> tuple[float, float, float] | None:
    """How the pages that are no articles are told, by wcxb's page types: precision, the same with each of them counted
    as often as it was drawn from, recall.
    """
    pairs = [
        (row["page_type"] != "article", one.outcome != "article")
        for row, one in zip(gold.get("wcxb", ()), sets.get("wcxb", ()), strict=True)
        if row.get("page_type") and one.outcome
    ]
    both = sum(other and refused for other, refused in pairs)
    others, refused = sum(other for other, _ in pairs), sum(told for _, told in pairs)
    if not others or not refused:
        return None
    drawn = OTHERS_WEIGH * both
    return both / refused, drawn / (drawn + refused - both), both / others


def costs(sets: dict[str, list[Mark]]) -> dict[str, float | int]:
    """CPU milliseconds a page, and pages without an answer: `failed` raised, hung or crashed; `empty` gave no word."""
    every = [one for rows in sets.values() for one in rows]
    spent = [one.cpu * 1000 for one in every if one.cpu is not None]
    share: Callable[[float], float] = lambda at: measure.percentile(spent, at) or 0.0  # noqa: E731
    return {
        "mean": measure.mean(spent) or 0.0, "median": share(0.5), "p95": share(0.95), "p99": share(0.99),
        "failed": sum(one.error is not None for one in every),
        "empty": sum(not one.told and one.error is None and one.body is not None for one in every),
    }  # fmt: skip
