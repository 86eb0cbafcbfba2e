"""Connections to PostgreSQL: one transaction a unit of work, a clear word when the database is away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

import psycopg2
import psycopg2.errors
import psycopg2.extras
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor
from psycopg2.extensions import parse_dsn

from newsdesk.errors import ConfigError, DatabaseContended, DatabaseExhausted, DatabaseUnreachable
from newsdesk.store.dsn import place_of, without_secrets

CONNECT_TIMEOUT = 8  # seconds; the promise is a clear error within 10
_TRIES = 5  # of a transaction that the database ended to break a deadlock


class Unwritable(ValueError):
    """A value that psycopg2 cannot write into a statement: a text with NUL, or with half a character."""


# What a value meets that the database will never take: psycopg2's refusal, or the server's.
UNSTORABLE = (psycopg2.DataError, psycopg2.errors.ProgramLimitExceeded, Unwritable)
INSUFFICIENT = (psycopg2.errors.DiskFull, psycopg2.errors.OutOfMemory, psycopg2.errors.TooManyConnections)

__all__ = [
    "UNSTORABLE",
    "Begin",
    "Connection",
    "Cursor",
    "attempt",
    "autocommitting",
    "connect",
    "first_row",
    "in_turn",
    "insert_values",
    "rows",
    "run_alone",
    "session",
    "single",
    "transaction",
    "wait_for_turn",
    "why_unstorable",
]


class _Writing(Cursor):
    """Tells what cannot be written down from any other ValueError."""

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - psycopg2's own name
        try:
            super().execute(query, vars)
        except ValueError as error:
            raise Unwritable(str(error)) from error

    def mogrify(self, query: Any, vars: Any = None) -> bytes:  # noqa: A002
        try:
            return super().mogrify(query, vars)
        except ValueError as error:
            raise Unwritable(str(error)) from error


def connect(dsn: str) -> Connection:
    """An open connection, in UTC. DatabaseUnreachable (says which database and setting) when there is none.

    The address's own time to connect, name and options hold, but for another time zone.
    """
    try:
        own = parse_dsn(dsn)  # both URLs and key=value strings pass through libpq's own parser
        return psycopg2.connect(
            dsn,
            connect_timeout=own.get("connect_timeout", CONNECT_TIMEOUT),
            options=f"{own.get('options', '')} -c timezone=UTC".strip(),
            fallback_application_name="newsdesk",
            cursor_factory=_Writing,
        )
    except (psycopg2.ProgrammingError, ValueError) as error:
        raise ConfigError(f"the database setting is not a PostgreSQL DSN: {without_secrets(str(error), dsn)}") from None
    except psycopg2.OperationalError as error:
        raise DatabaseUnreachable(
            f"cannot reach the database {place_of(dsn)}: {without_secrets(str(error), dsn)}. "
            "Check that it runs; its address is the Airflow connection `news_db`, else NEWSDESK_DSN."
        ) from None


Begin = Callable[[], AbstractContextManager[Cursor]]
Result = TypeVar("Result")


@contextmanager
def session(dsn: str) -> Iterator[Begin]:
    """A connection for as long as the block lasts. `with begin() as cursor:` is one transaction on it."""
    connection = connect(dsn)

    @contextmanager
    def begin() -> Iterator[Cursor]:
        try:
            with connection, connection.cursor() as cursor:  # psycopg2: commits, or rolls back on any error
                yield cursor
        except psycopg2.Error as error:  # not all that a lost connection brings is an OperationalError
            if isinstance(error, INSUFFICIENT):
                raise DatabaseExhausted(
                    f"the database could not take it: {without_secrets(str(error), dsn)}. "
                    "What was committed before is kept; make room, then run it again"
                ) from error
            if isinstance(error, psycopg2.errors.DeadlockDetected):
                raise DatabaseContended(
                    f"the database ended this to break a deadlock: {str(error).strip()}. Run it again"
                ) from error
            if not is_lost(connection, error):  # the statement's own fault
                raise
            # the end of the transaction may have failed too, and tell less
            first = error.__context__ if isinstance(error.__context__, psycopg2.Error) else error
            raise DatabaseUnreachable(
                f"lost the database in mid-work: {without_secrets(str(first), dsn)}. "
                "What was committed before is kept; run it again"
            ) from error

    try:
        yield begin
    finally:
        connection.close()


def is_lost(connection: Connection, error: psycopg2.Error) -> bool:
    """Whether the connection itself is what failed. A server that crashes may be seen by psycopg2 as no more than an error
    without a code, of no kind, on a connection that it holds for open.
    """
    without_kind = type(error) in (psycopg2.DatabaseError, psycopg2.OperationalError, psycopg2.InterfaceError)
    return bool(connection.closed) or (without_kind and error.pgcode is None)


@contextmanager
def transaction(dsn: str) -> Iterator[Cursor]:
    """A cursor in a transaction of its own connection: committed at the end, rolled back on any error."""
    with session(dsn) as begin, begin() as cursor:
        yield cursor


@contextmanager
def attempt(cursor: Cursor) -> Iterator[None]:
    """What the block writes is taken back where it meets something UNSTORABLE, and the transaction can go on without it."""
    cursor.execute("SAVEPOINT attempt")
    try:
        yield
    except UNSTORABLE:
        cursor.execute("ROLLBACK TO SAVEPOINT attempt")
        raise
    cursor.execute("RELEASE SAVEPOINT attempt")


def why_unstorable(fault: Exception) -> str:
    """The reason that whoever brought it is set aside for."""
    return f"the database does not take what it says: {str(fault).strip().partition(chr(10))[0][:300]}"


def in_turn(begin: Begin, work: Callable[[Cursor], Result]) -> Result:
    """Do the work in one transaction, and again where the database ended it to break a deadlock."""
    for _ in range(_TRIES - 1):
        try:
            with begin() as cursor:
                return work(cursor)
        except DatabaseContended:
            continue
    with begin() as cursor:
        return work(cursor)


def wait_for_turn(cursor: Cursor, key: int) -> None:
    """Until no other transaction has the turn of that key; it is ours until this one ends."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", (key,))


@contextmanager
def autocommitting(dsn: str) -> Iterator[Cursor]:
    """A cursor on a connection of its own on which each statement commits by itself."""
    connection = connect(dsn)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def run_alone(dsn: str, statements: Sequence[str]) -> None:
    """Run statements that PostgreSQL allows in no transaction, one after the other."""
    with autocommitting(dsn) as cursor:
        for statement in statements:
            cursor.execute(statement)


def rows(cursor: Cursor) -> list[dict[str, Any]]:
    """What the last query gave, each row by column name."""
    names = [column.name for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def first_row(cursor: Cursor) -> dict[str, Any] | None:
    """The first row of what the last query gave, by column name."""
    return next(iter(rows(cursor)), None)


def single(cursor: Cursor) -> Any:
    """The first value of the first row of what the last query gave. LookupError where it gave none."""
    found = cursor.fetchone()
    if found is None:
        raise LookupError("the query gave no row")
    return found[0]


def insert_values(cursor: Cursor, sql: str, values: Iterable[Sequence[Any]], page_size: int = 500) -> list[Any]:
    """`INSERT … VALUES %s [RETURNING …]` in pages; what it returned, if anything."""
    found = list(values)
    if not found:
        return []
    returning = "returning" in sql.lower()
    return list(psycopg2.extras.execute_values(cursor, sql, found, page_size=page_size, fetch=returning) or [])
