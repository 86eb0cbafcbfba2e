"""The run as a picture: SVG, a tool a line, its pooled F1 as a dot and its CPU time in words.

The colours follow the reader's light or dark scheme; the picture brings its own ground, so that it can be read on a
page of the other scheme too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

_ROW, _TOP, _LEFT, _RIGHT, _PLOT = 30, 92, 250, 190, 420  # pixels
_WIDTH = _LEFT + _PLOT + _RIGHT

_STYLE = """
  svg { color-scheme: light dark; font: 14px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif }
  .ground { fill: #ffffff } .ink { fill: #1f2328 } .soft { fill: #59636e } .grid { stroke: #d1d9e0 }
  .dot { fill: #7d8894 } .stem { stroke: #b6bfc8 } .our-dot { fill: #0969da } .our-stem { stroke: #0969da } .ours { fill: #0550ae; font-weight: 600 }
  .top { stroke: #bc4c00 } .top-text { fill: #bc4c00 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 } .ink { fill: #f0f6fc } .soft { fill: #9198a1 } .grid { stroke: #2f3742 }
    .dot { fill: #8d96a0 } .stem { stroke: #4a525c } .our-dot { fill: #4493f8 } .our-stem { stroke: #4493f8 } .ours { fill: #79b8ff }
    .top { stroke: #f0883e } .top-text { fill: #f0883e }
  }
"""


@dataclass(frozen=True)
class Line:
    name: str
    value: float  # mean F1
    cost: float  # median CPU ms a page
    is_ours: bool = False


def draw(lines: list[Line], ceiling: tuple[str, float] | None, title: str, subtitle: str) -> str:
    """The lines from the best down. ceiling: (name, value) of an upright line."""
    lines = sorted(lines, key=lambda line: -line.value)
    low = _floor(min([line.value for line in lines], default=0.0))
    bottom = _TOP + _ROW * len(lines)
    height = bottom + 52

    def x(value: float) -> float:
        return round(_LEFT + (value - low) / (1 - low) * _PLOT, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img" aria-labelledby="title">',
        f'<title id="title">{escape(title)}</title>', f"<style>{_STYLE}</style>",
        f'<rect class="ground" width="{_WIDTH}" height="{height}" rx="8"/>',
        f'<text class="ink" x="20" y="32" font-size="17" font-weight="600">{escape(title)}</text>',
        f'<text class="soft" x="20" y="54">{escape(subtitle)}</text>',
        f'<text class="soft" x="{_WIDTH - 20}" y="{_TOP - 12}" text-anchor="end">median CPU a page</text>',
    ]  # fmt: skip
    for tick in _ticks(low):
        parts.append(f'<line class="grid" x1="{x(tick)}" y1="{_TOP}" x2="{x(tick)}" y2="{bottom}"/>')
        parts.append(f'<text class="soft" x="{x(tick)}" y="{bottom + 20}" text-anchor="middle">{tick:.2f}</text>')
    if ceiling is not None:
        name, value = ceiling
        parts.append(
            f'<line class="top" x1="{x(value)}" y1="{_TOP - 4}" x2="{x(value)}" y2="{bottom}" stroke-width="1.5" stroke-dasharray="5 4"/>'
        )
        parts.append(
            f'<text class="top-text" x="{x(value)}" y="{bottom + 40}" text-anchor="middle">{escape(name)} {value:.3f}</text>'
        )
    for place, line in enumerate(lines):
        parts += _row(line, _TOP + _ROW * place + _ROW // 2, x)
    return "\n".join([*parts, "</svg>", ""])


def _row(line: Line, y: int, x: Callable[[float], float]) -> list[str]:
    dot, stem, text = ("our-dot", "our-stem", "ours") if line.is_ours else ("dot", "stem", "ink")
    at = x(line.value)
    return [
        f'<text class="{text}" x="{_LEFT - 14}" y="{y + 5}" text-anchor="end">{escape(line.name)}</text>',
        f'<line class="{stem}" x1="{_LEFT}" y1="{y}" x2="{at}" y2="{y}" stroke-width="2"/>',
        f'<circle class="{dot}" cx="{at}" cy="{y}" r="6"/>',
        f'<text class="{text}" x="{_LEFT + _PLOT + 16}" y="{y + 5}">{line.value:.3f}</text>',
        f'<text class="soft" x="{_WIDTH - 20}" y="{y + 5}" text-anchor="end">{line.cost:.1f} ms</text>',
    ]


def _floor(value: float) -> float:
    """A round number somewhat below the least value: the differences shall be seen."""
    return max(0.0, int((value - 0.02) * 20) / 20)


def _ticks(low: float) -> list[float]:
    step = 0.05 if low >= 0.6 else 0.1
    return [round(low + step * at, 2) for at in range(int((1 - low) / step + 1.001))]
