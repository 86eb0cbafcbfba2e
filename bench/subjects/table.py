"""Scores as tables: for the terminal and as Markdown."""

from __future__ import annotations

from subjects.scoring import OURS, Reader, Score


def cells(score: Score) -> tuple[list[str], list[list[str]]]:
    """Head and lines: a part a line, a reader a column; then all of it, and the speed."""
    head = ["", *(one.name for one in score.readers)]
    lines = [[part, *(_counts(score, part, one) for one in score.readers)] for part in score.parts]
    lines.append(["**all**", *(_share(score, one) for one in score.readers)])
    if score.subject.speed_of:
        lines.append([f"a CPU second ({score.subject.speed_of})", *(_speed(score, one) for one in score.readers)])
    return head, lines


def _counts(score: Score, part: str, one: Reader) -> str:
    if one.read is None:
        return one.missing
    asked = score.asked[part, one.name]
    return f"{score.right[part, one.name]} / {asked}" if asked else "–"


def _share(score: Score, one: Reader) -> str:
    right, asked = score.total(one.name)
    return f"{right} / {asked} = {100 * right / asked:.1f}%" if asked else "–"


def _speed(score: Score, one: Reader) -> str:
    rate, ours = score.rates.get(one.name), score.rates.get(OURS)
    if rate is None:
        return "–"
    return f"{rate:,.0f}" + (f" (ours ×{ours / rate:.1f})" if ours and one.name != OURS else "")


_HEAD = """# Reading what the web sends, beside the libraries

Made by `python bench/conformance.py --markdown docs/conformance.md` (the libraries: `make bench-tools`), one run for all.
The rows are labelled cases of other projects' tests, real feeds, robots.txt files and pages, and traps; half of them,
the other half is kept for measuring alone. Speeds are rows a CPU second; what counts is the ratio in the same run.
What else is measured: `bench/fetching.py` (requests a second and CPU of a fetch beside bare requests) and
`bench/mutations.py` (thousands of damaged feeds, sitemaps and robots.txt, none of which may raise).
"""


def markdown(scores: list[Score]) -> str:
    blocks = [_HEAD]
    for score in scores:
        head, lines = cells(score)
        rows = [f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *lines]]
        left_out = f" {score.left_out} rows left out." if score.left_out else ""
        blocks.append("\n".join([f"## {score.subject.name}", "", score.subject.what + left_out, "", *rows, ""]))
    return "\n".join(blocks)


def plain(score: Score) -> str:
    head, lines = cells(score)
    head[0] = score.subject.name
    grid = [[cell.strip("*") for cell in line] for line in [head, *lines]]
    widths = [max(len(line[at]) for line in grid) for at in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in grid)
