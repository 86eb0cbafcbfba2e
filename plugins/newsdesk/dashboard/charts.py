"""Charts as geometry: the templates draw it as SVG that stretches to its place, and write the words in HTML around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, log10
from typing import Any

WIDTH, HEIGHT = 960.0, 160.0


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    kind: str  # its colour
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chart:
    """In a box of WIDTH × HEIGHT; y grows downwards. `top`: the value at its upper edge."""

    bars: Sequence[Bar]
    top: int
    band: str = ""  # an SVG path around what is usual
    middle: str = ""  # and along its middle
    lines: Sequence[tuple[float, int]] = ()  # y and value of the lines behind it
    step: float = 0.0  # from one bar to the next
    width: float = WIDTH
    height: float = HEIGHT


def round_up(value: float) -> int:
    """The next of 4, 5, 10, 20, 40, 50, 100 …: so that the axis has whole numbers."""
    if value <= 4:
        return 4
    size = 10 ** floor(log10(value))
    return int(next(size * one for one in (1, 2, 4, 5, 10) if size * one >= value))


def hours(rows: Sequence[Mapping[str, Any]]) -> Chart:
    """Rows with hour, articles, low, middle, high: a bar each, over the band of what is usual."""
    top = round_up(max([1, *(row["articles"] for row in rows), *(row["high"] or 0 for row in rows)]))
    step = WIDTH / max(1, len(rows))
    bars = [
        _bar(i, step, 0, row["articles"], top, _judged(row, last=i == len(rows) - 1), row) for i, row in enumerate(rows)
    ]
    known = [(i, row) for i, row in enumerate(rows) if row["high"] is not None]
    upper = [(i * step + step / 2, _y(row["high"], top)) for i, row in known]
    lower = [(i * step + step / 2, _y(row["low"], top)) for i, row in known]
    middle = [(i * step + step / 2, _y(row["middle"], top)) for i, row in known]
    return Chart(bars, top, _path([*upper, *reversed(lower)], closed=True), _path(middle), _lines(top), step)


def stacks(rows: Sequence[Mapping[str, Any]], kinds: Sequence[str]) -> Chart:
    """Rows with a number for each of `kinds`: one bar of them each, the first at the bottom."""
    top = round_up(max([1, *(sum(row[kind] for kind in kinds) for row in rows)]))
    step = WIDTH / max(1, len(rows))
    bars = []
    for i, row in enumerate(rows):
        below = 0
        for kind in kinds:
            if row[kind]:
                bars.append(_bar(i, step, below, row[kind], top, kind, row))
                below += row[kind]
    return Chart(bars, top, lines=_lines(top), step=step)


def _bar(i: int, step: float, below: int, value: int, top: int, kind: str, row: Mapping[str, Any]) -> Bar:
    height = HEIGHT * value / top
    return Bar(
        round(i * step + 0.12 * step, 2),
        round(HEIGHT * (1 - below / top) - height, 2),
        round(0.76 * step, 2),
        round(height, 2),
        kind,
        row,
    )


def _judged(row: Mapping[str, Any], *, last: bool) -> str:
    """The hour that is not over yet is not judged; one in ten is below the band's edge, which is no news by itself."""
    if last:
        return "now"
    if row["low"] is not None and row["articles"] < row["low"] and row["articles"] < 0.7 * row["middle"]:
        return "under"
    return "over" if row["high"] is not None and row["articles"] > max(3, 2 * row["high"]) else "usual"


def _y(value: float, top: int) -> float:
    return HEIGHT * (1 - value / top)


def _path(points: Sequence[tuple[float, float]], *, closed: bool = False) -> str:
    if len(points) < 2:
        return ""
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points) + (" Z" if closed else "")


def _lines(top: int) -> list[tuple[float, int]]:
    return [(_y(value, top), value) for value in (ceil(top / 2), top)]


def labels(rows: Sequence[Mapping[str, Any]], column: str, many: int = 5) -> list[tuple[float, datetime]]:
    """Where on the axis (per cent) to write which row's `column`."""
    if not rows:
        return []
    places = sorted({round(i * (len(rows) - 1) / (many - 1)) for i in range(many)})
    return [(100 * (place + 0.5) / len(rows), rows[place][column]) for place in places]
