"""The run as tables: Markdown, which a terminal shows well enough too."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable

from extractors import run
from extractors.process import Tool
from extractors.run import CEILING, FIVE, NEWS_SETS, OURS, PLAIN, Gold, Mark, Marks

_HEAD = """# Articles out of pages, beside other extractors

Made by `python bench/extraction.py --markdown docs/extraction.md --chart docs/images/extraction.svg` (the tools: `make
bench-tools`), one run for all: every page goes through every tool before the next page does, each tool in a process of
its own that is killed when a page takes longer than {deadline:g} s. The pages are labelled sets of other projects (half of
their domains; the other half is kept apart, and no figure here is of it). Which blocks newsdesk takes was fitted on the news
sets and wcxb, as the other tools were not: the first table's {ours} is of domains that the fit has seen (`bench/body.py`
tells what it reaches on domains that the fit has not seen: [measured.md](measured.md)). Each tool's text is scored as it
comes; ours also where the page is then refused as no article. The measures are those of `score.py` beside the data.

![Mean F1 of the pages of the news sets, a tool a line](images/extraction.svg)
"""


def markdown(tools: list[Tool], gold: Gold, marks: Marks, deadline: float) -> str:
    """deadline: seconds a page."""
    best = run.best_of(marks, FIVE)
    scored: dict[str, dict[str, list[Mark]]] = {**marks, **({CEILING: best} if best else {})}
    pages = sum(map(len, gold.values()))
    blocks = [
        _HEAD.format(deadline=deadline, ours=_number(run.pooled(marks.get(OURS, {})))),
        f"{pages} pages ({', '.join(f'{name} {len(rows)}' for name, rows in gold.items())}); Python "
        f"{platform.python_version()}, {os.cpu_count()} cores; "
        + ", ".join(dict.fromkeys(f"{_package(tool)} {tool.version}" for tool in tools if tool.version)) + ".",
        _body("Body: the news sets", [name for name in NEWS_SETS if name in gold], scored, with_pool=True),
        _body("Body: other pages", [name for name in ("magic", "wcxb") if name in gold], scored, with_pool=False),
        _metadata(gold, marks),
        _costs(gold, marks),
    ]  # fmt: skip
    if (told := run.not_article(gold, marks.get(OURS, {}))) is not None:
        blocks.append(
            f"Pages of wcxb that are no articles (services, listings, forums, products …): newsdesk refuses them with "
            f"precision {told[1]:.3f} and recall {told[2]:.3f}, counting each {run.OTHERS_WEIGH} times since the set keeps one "
            f"in {run.OTHERS_WEIGH} of them (precision {told[0]:.3f} without). The model that tells was fitted on these pages; "
            "`bench/verdict.py train` says what it reaches on domains that it has not seen. The other tools do not tell."
        )
    if absent := [tool.name for tool in tools if tool.version is None]:
        blocks.append(f"Not installed: {', '.join(absent)}.")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _package(tool: Tool) -> str:
    return tool.name.split()[0]


def _body(title: str, sets: list[str], scored: Marks, *, with_pool: bool) -> str:
    sets = [name for name in sets if run.body_of(next(iter(scored.values()))[name])]
    if not sets:
        return ""
    head = ["", *(f"{name}: P / R / F1" for name in sets)]
    head += ["mean F1 of all their pages"] if with_pool else ["wcxb: snippets F1"] if "wcxb" in sets else []
    lines = []
    for tool, columns in scored.items():
        line = [tool, *(_prf(columns[name]) for name in sets)]
        if with_pool:
            line.append(_number(run.pooled(columns)))
        elif "wcxb" in sets:
            line.append(_number(run.snippets_of(columns["wcxb"])))
        lines.append(line)
    note = (
        "P and R are means over pages of four-word shingles, F1 is of those two; the last column is the mean of the "
        f"pages' own F1. The last line takes each page from whichever of {', '.join(FIVE)} did best on it: what a "
        "perfect choice between them would reach."
        if with_pool
        else "magic is in large part not news and not English; of wcxb the pages labelled as articles."
    )
    return f"## {title}\n\n{note}\n\n{_table(head, lines)}"


def _prf(marks: list[Mark]) -> str:
    found = run.body_of(marks)
    return f"{found['p']:.3f} / {found['r']:.3f} / **{found['f1']:.3f}**" if found else "–"


def _metadata(gold: Gold, marks: Marks) -> str:
    asked = [
        (what, name) for what in ("date", "published", "title", "authors") for name in gold
        if any(run.rate(columns[name], what) is not None for columns in marks.values())
    ]  # fmt: skip
    if not asked:
        return ""
    words = {"date": "day", "published": "zoned time"}
    head = ["", *(f"{words.get(what, what)}: {name}" for what, name in asked)]
    lines = [
        [tool, *(_rate(columns[name], what) for what, name in asked)] for tool, columns in marks.items()
        if any(run.rate(columns[name], what) for what, name in asked)
    ]  # fmt: skip
    note = (
        "Shares of the pages for which gold tells it that are exactly right: the day, the instant to the minute where "
        "gold has its zone, the title but for case and punctuation, all authors and no other."
    )
    return f"## Dates, titles, authors\n\n{note}\n\n{_table(head, lines)}"


def _rate(marks: list[Mark], what: str) -> str:
    """– also for a tool that never tells it."""
    return _number(run.rate(marks, what) or None)


def _costs(gold: Gold, marks: Marks) -> str:
    head = ["", "mean", "median", "p95", "p99", "failed pages", "empty texts"]
    lines = []
    for tool, columns in marks.items():
        cost = run.costs(columns)
        lines.append(
            [tool, *(f"{cost[key]:.1f}" for key in ("mean", "median", "p95", "p99")), *(str(cost[key]) for key in ("failed", "empty"))]
        )  # fmt: skip
    ratio = ""
    if OURS in marks and PLAIN in marks:
        parts = ", ".join(f"{name} {_ratio(marks, [name]):.2f}" for name in gold)
        ratio = (
            f"\n\nnewsdesk's CPU by that of {PLAIN} (with metadata): {_ratio(marks, gold):.2f} on all pages; {parts}."
        )
    note = "CPU milliseconds a page. Failed: raised, crashed or took too long. Empty: no word where gold has a body."
    return f"## Cost and failures\n\n{note}\n\n{_table(head, lines)}{ratio}"


def _ratio(marks: Marks, sets: Iterable[str]) -> float:
    names = list(sets)
    spent: Callable[[str], float] = lambda tool: sum(one.cpu or 0.0 for name in names for one in marks[tool][name])  # noqa: E731
    return spent(OURS) / max(1e-9, spent(PLAIN))


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _table(head: list[str], lines: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *lines])
