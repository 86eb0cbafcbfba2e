"""The cookbook's page: each recipe of docs/cookbook/ with what it gives on the demo newsroom's two editions.

A recipe is a file of SQL whose first comment lines are its question, then how to read the answer. `-- chart: bars NAME
VALUE` or `-- chart: matrix ROW COLUMN VALUE` draws it; `result: …` in a comment says why no result is shown.

    make docs        # docs/cookbook.md, docs/images/cookbook_*.svg

A test makes them again and compares.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from newsdesk.desk import Desk
from newsdesk.ingest import ingest
from newsdesk.local.newsroom import Newsroom
from newsdesk.settings import read_settings
from newsdesk.store.database import transaction

DOCS = Path(__file__).resolve().parent
_WIDTH, _LABEL, _ROW, _CELL = 720, 300, 24, 34  # pixels
_STYLE = """
  svg { color-scheme: light dark; font: 13px system-ui, sans-serif } .ground { fill: #ffffff } .ink { fill: #1f2328 } .soft { fill: #59636e }
  .bar { fill: #0969da } .cell { fill: #0969da } .grid { stroke: #d1d9e0 }
  @media (prefers-color-scheme: dark) { .ground { fill: #0d1117 } .ink { fill: #f0f6fc } .soft { fill: #9198a1 } .bar, .cell { fill: #4493f8 } .grid { stroke: #3d444d } }
"""


@dataclass(frozen=True)
class Recipe:
    name: str
    question: str
    reading: str
    sql: str
    chart: tuple[str, ...]  # kind, then columns
    no_result: str | None


@dataclass(frozen=True)
class Answer:
    columns: list[str]
    rows: list[tuple[Any, ...]]


def recipes() -> list[Recipe]:
    return [_read(file) for file in sorted((DOCS / "cookbook").glob("*.sql"))]


def _read(file: Path) -> Recipe:
    lines = file.read_text(encoding="utf-8").splitlines()
    comments = [line.removeprefix("--").strip() for line in lines if line.startswith("--")]
    charts = [line.removeprefix("chart:").split() for line in comments if line.startswith("chart:")]
    reading = " ".join(line for line in comments[1:] if not line.startswith("chart:"))
    reading, _, no_result = reading.partition("result:")
    sql = "\n".join(line for line in lines if not line.startswith("--"))
    return Recipe(
        file.stem, comments[0], reading.strip(), sql, tuple(charts[0]) if charts else (), no_result.strip() or None
    )


def demo_pages() -> dict[str, str]:
    """As `pages`, of a database of its own that the demo newsroom's two editions were read into."""
    from newsdesk.local import postgres
    from newsdesk.store.migrate import migrate

    with TemporaryDirectory(prefix="newsdesk-docs-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        (home / "sources").mkdir()
        dsn = postgres.start(home)
        try:
            migrate(dsn)
            settings = read_settings({
                "NEWSDESK_HOME": name, "NEWSDESK_SOURCES": str(home / "sources"), "NEWSDESK_FETCH_DEADLINE": "3",
                "NEWSDESK_FETCH_MAX_BYTES": "5000000",
            })  # fmt: skip
            with Newsroom() as newsroom:
                newsroom.write_sources(home / "sources")
                for edition in (1, 2):
                    newsroom.edition = edition
                    ingest(Desk(settings, dsn))
            return pages(dsn)
        finally:
            postgres.stop(home)


def pages(dsn: str) -> dict[str, str]:
    """File below docs/ → its text."""
    found = recipes()
    answers = {recipe.name: ask(dsn, recipe) for recipe in found}
    charts = {
        f"images/cookbook_{recipe.name}.svg": draw(recipe, answers[recipe.name]) for recipe in found if recipe.chart
    }
    return {"cookbook.md": page(found, answers), **charts}


def ask(dsn: str, recipe: Recipe) -> Answer:
    with transaction(dsn) as cursor:
        cursor.execute("SET LOCAL TimeZone = 'UTC'")
        cursor.execute(recipe.sql)
        return Answer([column.name for column in cursor.description or ()], [tuple(row) for row in cursor.fetchall()])


def page(found: Sequence[Recipe], answers: dict[str, Answer]) -> str:
    parts = [
        "# Cookbook",
        "",
        f"{len(found)} questions with the query that answers each, and what it gives on the demo newsroom (`make demo`, both",
        "editions). The queries are the files of `docs/cookbook/`; a test runs them all. This page is written by `make docs`.",
        "",
        *(f"{number}. [{recipe.question}](#{_anchor(number, recipe)})" for number, recipe in enumerate(found, 1)),
        "",
    ]
    for number, recipe in enumerate(found, 1):
        parts += [f"## {number}. {recipe.question}", ""]
        parts += [recipe.reading, ""] if recipe.reading else []
        parts += ["```sql", recipe.sql, "```", ""]
        if recipe.no_result:
            parts += [f"Its result {recipe.no_result}.", ""]
        else:
            parts += [*_table(answers[recipe.name]), ""]
        if recipe.chart:
            parts += [f"![{recipe.question}](images/cookbook_{recipe.name}.svg)", ""]
    return "\n".join(parts)


def _anchor(number: int, recipe: Recipe) -> str:
    return re.sub(r"[^a-z0-9 -]", "", f"{number} {recipe.question}".lower()).replace(" ", "-")


def _table(answer: Answer) -> list[str]:
    return [
        f"| {' | '.join(answer.columns)} |",
        f"| {' | '.join('---' for _ in answer.columns)} |",
        *(f"| {' | '.join(map(_said, row))} |" for row in answer.rows),
    ]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    if isinstance(value, timedelta):
        return str(value)
    return str(value).replace("|", "\\|").replace("\n", "<br>")


def draw(recipe: Recipe, answer: Answer) -> str:
    kind, *columns = recipe.chart
    places = [answer.columns.index(column) for column in columns]
    rows = [tuple(row[place] for place in places) for row in answer.rows]
    return {"bars": bars, "matrix": matrix}[kind](recipe.question, rows)


def bars(title: str, rows: Sequence[tuple[Any, Any]]) -> str:
    most = max((float(value) for _, value in rows), default=1) or 1
    height = _ROW * len(rows) + 16
    room = _WIDTH - _LABEL - 60
    drawn = []
    for place, (label, value) in enumerate(rows):
        y = 8 + place * _ROW
        width = room * float(value) / most
        drawn += [
            f'<text class="ink" x="{_LABEL - 8}" y="{y + 16}" text-anchor="end">{escape(_cut(str(label)))}</text>',
            f'<rect class="bar" x="{_LABEL}" y="{y + 4}" width="{width:.1f}" height="{_ROW - 8}" rx="2"/>',
            f'<text class="soft" x="{_LABEL + width + 6:.1f}" y="{y + 16}">{escape(str(value))}</text>',
        ]
    return _svg(title, _WIDTH, height, drawn)


def matrix(title: str, rows: Sequence[tuple[Any, Any, Any]]) -> str:
    down, across = (sorted({str(row[place]) for row in rows}) for place in (0, 1))
    most = max((float(row[2]) for row in rows), default=1) or 1
    top = 150
    drawn = [
        f'<text class="ink" x="{_LABEL - 8}" y="{top + at * _CELL + 22}" text-anchor="end">{escape(label)}</text>'
        for at, label in enumerate(down)
    ]
    for at, label in enumerate(across):
        x = _LABEL + at * _CELL + 20
        drawn.append(
            f'<text class="ink" x="{x}" y="{top - 8}" transform="rotate(-50 {x} {top - 8})">{escape(label)}</text>'
        )
    for row, column, value in rows:
        x, y = _LABEL + across.index(str(column)) * _CELL, top + down.index(str(row)) * _CELL
        share = 0.15 + 0.35 * float(value) / most
        drawn += [
            f'<rect class="cell" x="{x}" y="{y}" width="{_CELL - 2}" height="{_CELL - 2}" rx="2" fill-opacity="{share:.2f}"/>',
            f'<text class="ink" x="{x + _CELL / 2 - 1}" y="{y + 21}" text-anchor="middle">{escape(str(value))}</text>',
        ]
    return _svg(title, max(_WIDTH, _LABEL + len(across) * _CELL + 120), top + len(down) * _CELL + 12, drawn)


def _svg(title: str, width: int, height: int, drawn: Sequence[str]) -> str:
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="title">',
        f'<title id="title">{escape(title)}</title>',
        f"<style>{_STYLE}</style>",
        f'<rect class="ground" width="{width}" height="{height}" rx="6"/>',
        *drawn,
        "</svg>",
        "",
    ])  # fmt: skip


def _cut(text: str, most: int = 42) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
