"""An export: a folder (or a prefix of an object store) that is kept like the tables, file by file.

    article/day=2026-03-02/part.parquet     what belongs to articles, by the day on which they were first seen (UTC)
    source/part.parquet                     what does not, whole
    _newsdesk.json                          which load each day was written at

A day is written anew when one of its articles changed since: came, was edited, was regrouped, was withdrawn. All files
of one export tell of one moment, so each article that a file names is in the others; what is published meanwhile is for
the next. The price is a snapshot that is held as long as the export takes: until then VACUUM leaves what others delete.
A file takes its name when it is whole, so an export that is killed goes on where it was, with what is new by then.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from newsdesk.errors import ConfigError
from newsdesk.exporting.folder import Folder
from newsdesk.exporting.formats import FORMATS
from newsdesk.store import catalogue, exports
from newsdesk.store.catalogue import Relation
from newsdesk.store.database import Cursor, session

_STATE = "_newsdesk.json"
# what says nothing of the articles themselves: how they came here
_LEFT_OUT = frozenset({"load", "changes", "outcome"})

Tell = Callable[[str, int, int], None]


@dataclass(slots=True)
class Exported:
    days: int = 0
    days_as_before: int = 0
    files: int = 0
    rows: dict[str, int] = field(default_factory=dict)  # by table


def export(
    dsn: str,
    target: str,
    form: str = "parquet",
    *,
    since: date | None = None,
    until: date | None = None,
    options: Mapping[str, Any] | None = None,
    tell: Tell = lambda what, done, of: None,
) -> Exported:
    """Bring the export at `target` up to date; since, until: only these days of arrival, both included.

    ConfigError where the folder holds an export of another format, or is none that can be written to; ExportUnavailable
    where its disk is full, or its store does not answer as it should.
    """
    if form not in FORMATS:
        raise ConfigError(f"no such format: {form}; there are {', '.join(FORMATS)}")
    folder = Folder(target, options or {})
    state = _read_state(folder, form)
    done = Exported()
    with session(dsn) as begin, begin() as cursor:
        exports.of_one_moment(cursor)
        changed = exports.changed_days(cursor)
        tables = [
            table
            for table in catalogue.read_schema(cursor, "news")
            if not table.is_view and table.name not in _LEFT_OUT
        ]
        wanted = [day for day in changed if (since is None or day >= since) and (until is None or day <= until)]
        stale = [day for day in wanted if state["days"].get(day.isoformat()) != changed[day]]
        done.days, done.days_as_before = len(stale), len(wanted) - len(stale)
        for number, day in enumerate(stale):
            tell(day.isoformat(), number, len(stale))
            for table in tables:
                if _by_day(table):
                    _write(folder, cursor, table, form, day, done)
            state["days"][day.isoformat()] = changed[day]
            folder.write(_STATE, json.dumps(state, indent=1).encode())
        for table in tables:
            if not _by_day(table):
                _write(folder, cursor, table, form, None, done)
    tell("", len(stale), len(stale))
    return done


def _by_day(table: Relation) -> bool:
    return any(column.name == "article_id" for column in table.columns)


def _write(folder: Folder, cursor: Cursor, table: Relation, form: str, day: date | None, done: Exported) -> None:
    ending, writer = FORMATS[form]
    place = f"{table.name}/day={day.isoformat()}" if day else table.name
    names = [column.name for column in table.columns]
    key = [column.name for column in table.columns if column.is_key] or names[:1]
    with folder.writing(f"{place}/part.{ending}") as file:
        rows = writer(file, table.columns, exports.stream(cursor, table.name, names, day, key))
    done.files += 1
    done.rows[table.name] = done.rows.get(table.name, 0) + rows


def _read_state(folder: Folder, form: str) -> dict[str, Any]:
    raw = folder.read(_STATE)
    if raw is None:
        return {"format": form, "days": {}}
    try:
        state: dict[str, Any] = json.loads(raw)
        found = state["format"]
    except (ValueError, KeyError):
        raise ConfigError(f"{folder}/{_STATE} cannot be read: remove it, and all days are written anew") from None
    if found != form:
        raise ConfigError(f"{folder} holds an export as {found}: take another folder for {form}")
    return state


def describe(done: Exported) -> Sequence[str]:
    """In words, a line each."""
    lines = [f"{done.days} days written, {done.days_as_before} as before; {done.files} files"]
    return [*lines, *(f"{table}: {rows} rows" for table, rows in done.rows.items())]
