"""The pages of docs/ that the database itself writes: the data dictionary and its picture, and the cookbook's results.

    make docs        # docs/dictionary.md, docs/images/schema.svg, docs/cookbook.md, docs/images/cookbook_*.svg

Tests make them again and compare.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from newsdesk.local import postgres
from newsdesk.store.catalogue import Relation, read_schema
from newsdesk.store.database import transaction
from newsdesk.store.migrate import migrate

DOCS = Path(__file__).resolve().parent
SCHEMA = "news"

_ROW, _HEAD, _WIDTH, _GAP_X, _GAP_Y, _EDGE = 19, 28, 250, 90, 28, 24  # pixels
_TYPES = {"timestamp with time zone": "timestamptz", "double precision": "float8"}
_STYLE = """
  svg { color-scheme: light dark; font: 12.5px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
  .ground { fill: #ffffff } .box { fill: #f6f8fa; stroke: #d1d9e0 } .head { fill: #0969da } .name { fill: #ffffff; font-weight: 600 }
  .ink { fill: #1f2328 } .soft { fill: #59636e } .key { fill: #0550ae; font-weight: 600 } .tie { fill: none; stroke: #7d8894; stroke-width: 1.4 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 } .box { fill: #151b23; stroke: #3d444d } .head { fill: #1f6feb }
    .ink { fill: #f0f6fc } .soft { fill: #9198a1 } .key { fill: #79b8ff } .tie { stroke: #8d96a0 }
  }
"""


def main() -> None:
    with TemporaryDirectory(prefix="newsdesk-docs-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        dsn = postgres.start(home)
        try:
            migrate(dsn)
            with transaction(dsn) as cursor:
                relations = read_schema(cursor, SCHEMA)
        finally:
            postgres.stop(home)
    from cookbook import demo_pages

    for file, text in {**pages(relations), **demo_pages()}.items():
        (DOCS / file).write_text(text, encoding="utf-8")
        print(f"docs/{file}", file=sys.stderr)


def pages(relations: Sequence[Relation]) -> dict[str, str]:
    """File below docs/ → its text."""
    return {"dictionary.md": dictionary(relations), "images/schema.svg": picture(relations)}


def dictionary(relations: Sequence[Relation]) -> str:
    parts = [
        "# Data dictionary",
        "",
        "The schema `news` as the database describes it (`\\d+ news.*` in psql shows the same). The first sentence says what",
        "one row is. This page is written by `make docs`.",
        "",
        "![The tables of the schema news and what refers to what](images/schema.svg)",
        "",
    ]
    for relation in relations:
        parts += [
            f"## news.{relation.name}{' (view)' if relation.is_view else ''}",
            "",
            relation.comment or "",
            "",
            "| column | type | what |",
            "| --- | --- | --- |",
        ]
        for column in relation.columns:
            marks = [*(["key"] if column.is_key else []), *([f"→ `{column.refers_to}`"] if column.refers_to else [])]
            optional = "" if column.is_required or relation.is_view else ", may be NULL"
            what = " ".join([*([f"({', '.join(marks)})"] if marks else []), (column.comment or "").replace("|", "\\|")])
            parts.append(f"| `{column.name}` | {_short(column.type)}{optional} | {what.strip()} |")
        parts.append("")
    return "\n".join(parts)


def picture(relations: Sequence[Relation]) -> str:
    """The tables in columns, those that refer to others right of them."""
    tables = [relation for relation in relations if not relation.is_view]
    places = _places(tables)
    width = max(x for x, _ in places.values()) + _WIDTH + _EDGE
    height = max(y + _height(table) for table in tables for _, y in [places[table.name]]) + _EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="title">',
        '<title id="title">The tables of the schema news and what refers to what</title>',
        f"<style>{_STYLE}</style>",
        f'<rect class="ground" width="{width}" height="{height}" rx="8"/>',
    ]
    for table in tables:
        for at, column in enumerate(table.columns):
            if column.refers_to in places and column.refers_to != table.name:
                parts.append(_tie(places, table.name, at, column.refers_to))
    for table in tables:
        parts += _box(table, *places[table.name])
    return "\n".join([*parts, "</svg>", ""])


def _places(tables: Sequence[Relation]) -> dict[str, tuple[int, int]]:
    """Left upper corners. A table's column is one right of the rightmost that it refers to; circles are cut by name."""
    refers = {
        table.name: sorted({column.refers_to for column in table.columns if column.refers_to} - {table.name})
        for table in tables
    }
    depth: dict[str, int] = {}

    def depth_of(name: str, above: frozenset[str]) -> int:
        if name not in depth:
            others = [depth_of(other, above | {name}) for other in refers.get(name, []) if other not in above]
            depth[name] = max(others, default=-1) + 1
        return depth[name]

    filled: defaultdict[int, int] = defaultdict(lambda: _EDGE)
    places = {}
    for table in sorted(tables, key=lambda table: (-len(refers[table.name]), table.name)):
        depth_of(table.name, frozenset())
    for table in tables:  # what refers to nothing stands beside what refers to it
        users = [depth[name] for name, others in refers.items() if table.name in others]
        if not refers[table.name] and users:
            depth[table.name] = min(users) - 1
    for table in sorted(tables, key=lambda table: (depth[table.name], -len(table.columns), table.name)):
        column = depth[table.name]
        places[table.name] = (_EDGE + column * (_WIDTH + _GAP_X), filled[column])
        filled[column] += _height(table) + _GAP_Y
    return places


def _height(table: Relation) -> int:
    return _HEAD + _ROW * len(table.columns) + 8


def _box(table: Relation, x: int, y: int) -> list[str]:
    parts = [
        f'<rect class="box" x="{x}" y="{y}" width="{_WIDTH}" height="{_height(table)}" rx="5"/>',
        f'<path class="head" d="M{x} {y + _HEAD}v-{_HEAD - 5}q0 -5 5 -5h{_WIDTH - 10}q5 0 5 5v{_HEAD - 5}z"/>',
        f'<text class="name" x="{x + 10}" y="{y + 19}">{escape(table.name)}</text>',
    ]
    for at, column in enumerate(table.columns):
        line = y + _HEAD + _ROW * at + 16
        parts.append(
            f'<text class="{"key" if column.is_key else "ink"}" x="{x + 10}" y="{line}">{escape(column.name)}</text>'
        )
        parts.append(
            f'<text class="soft" x="{x + _WIDTH - 10}" y="{line}" text-anchor="end">{escape(_short(column.type))}</text>'
        )
    return parts


def _tie(places: dict[str, tuple[int, int]], name: str, at: int, other: str) -> str:
    """From a column to the head of the table that it refers to."""
    x, y = places[name]
    to_x, to_y = places[other]
    start_y, end_y = y + _HEAD + _ROW * at + 12, to_y + _HEAD // 2
    if to_x < x:
        start, end, bend = x, to_x + _WIDTH, -_GAP_X // 2
    else:
        start, end, bend = x + _WIDTH, to_x if to_x > x else to_x + _WIDTH, _GAP_X // 2
    return f'<path class="tie" d="M{start} {start_y}C{start + bend} {start_y} {end - bend if to_x != x else end + bend} {end_y} {end} {end_y}"/>'


def _short(name: str) -> str:
    for long, short in _TYPES.items():
        name = name.replace(long, short)
    return name


if __name__ == "__main__":
    main()
