"""Questions of the desk: one snapshot a page, nothing written, bounded in time, and each answer with its own SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any

from psycopg2 import errors

from newsdesk.errors import ConfigError
from newsdesk.store.database import Cursor, rows, transaction

SECONDS = 15  # for one statement


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows by column name, and the statement that gives them, with its values put in: it can be run as it stands."""

    rows: list[dict[str, Any]]
    sql: str

    @property
    def one(self) -> dict[str, Any]:
        """The only row."""
        (row,) = self.rows
        return row


@contextmanager
def reading(dsn: str) -> Iterator[Cursor]:
    """A cursor that sees one moment and can write nothing.

    ConfigError where the database is older than this version, or the answer takes too long.
    """
    try:
        with transaction(dsn) as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(f"SET LOCAL statement_timeout = '{SECONDS}s'")
            yield cursor
    except (errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedFunction, errors.InvalidSchemaName) as error:
        raise ConfigError(
            f"the database is of another version than this newsdesk ({str(error).splitlines()[0]}): "
            "`newsdesk status` brings it up to date, and so does the next start"
        ) from error
    except errors.QueryCanceled:
        raise ConfigError(
            f"the database did not answer within {SECONDS} s: it is busy, or the question too wide"
        ) from None


def ask(cursor: Cursor, sql: str, values: Mapping[str, Any] | None = None) -> Answer:
    statement = cursor.mogrify(cleandoc(sql), values or {})
    cursor.execute(statement)
    return Answer(rows(cursor), statement.decode("utf-8", "replace"))
