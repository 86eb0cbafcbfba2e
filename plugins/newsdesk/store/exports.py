"""Rows of the schema news for files, a day at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from psycopg2 import sql

from newsdesk.store.database import Cursor

_ROWS_AT_ONCE = 2_000


def of_one_moment(cursor: Cursor) -> None:
    """Let all that this transaction reads be as it is now; to be its first statement. It writes nothing."""
    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def changed_days(cursor: Cursor) -> dict[date, int]:
    """Each day (UTC) on which articles were first seen -> the load that changed one of them last."""
    cursor.execute(
        "SELECT (first_seen_at AT TIME ZONE 'UTC')::date AS day, max(load_id) FROM news.changes GROUP BY 1 ORDER BY 1"
    )
    return dict(cursor.fetchall())


def stream(
    cursor: Cursor, table: str, columns: Sequence[str], day: date | None, key: Sequence[str]
) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of news.`table` in portions, in the order of `key`; with a day, those of articles first seen on it."""
    query = sql.SQL("SELECT {} FROM news.{} AS t{} ORDER BY {}").format(
        sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(name)) for name in columns),
        sql.Identifier(table),
        sql.SQL(_OF_A_DAY) if day is not None else sql.SQL(""),
        sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(name)) for name in key),
    )
    with cursor.connection.cursor(name="export") as portions:
        portions.itersize = _ROWS_AT_ONCE
        portions.execute(query, {"day": day})
        while some := portions.fetchmany(_ROWS_AT_ONCE):
            yield some


# news.article itself too: by its key
_OF_A_DAY = """
    WHERE t.article_id IN (
        SELECT a.article_id FROM news.article AS a
        WHERE a.first_seen_at >= (%(day)s::date)::timestamp AT TIME ZONE 'UTC'
          AND a.first_seen_at < (%(day)s::date + 1)::timestamp AT TIME ZONE 'UTC')
"""
