"""Versioned, append-only migrations: `migrations/NNNN_name.sql`, each in one transaction, each with its checksum."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from time import sleep

from psycopg2 import errors

from newsdesk.errors import DatabaseContended, MigrationError
from newsdesk.store.database import Begin, Cursor, run_alone, session, single, transaction
from newsdesk.store.dsn import place_of

_LOCK = 0x6E657773  # "news": two migrating processes take turns
_ALONE = "-- without a transaction\n"
_ASK_EVERY = 0.2  # seconds
_LOCK_TIMEOUT = "30s"  # that a migration waits for a table which others use


def migrate(dsn: str) -> list[str]:
    """Bring the database to this version. Returns the names applied now; empty: it was there already.

    Each migration is a transaction. One that begins with `-- without a transaction` is none: its statements are run one
    by one (indexes that are built beside running publishers), and all of them again where it was broken off.

    MigrationError when the database is newer than this version, an applied file was edited since, or the login is not the
    owner's; DatabaseContended when others held a table for too long.
    """
    if not pending(dsn):  # as a login that may not make tables finds it, too
        return []
    with _told(dsn), session(dsn) as begin:
        _wait_for_turn(begin)
        with begin() as cursor:
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS public.newsdesk_migration ("
                "name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
            )
            todo = list(_pending(cursor))
        for name, sql in todo:
            if sql.startswith(_ALONE):
                run_alone(dsn, [statement for statement in sql.split(";\n") if statement.strip()])
            with begin() as cursor:
                if not sql.startswith(_ALONE):
                    # rather fail, and be run again, than stand in the way of every reader behind one that takes long
                    cursor.execute("SET LOCAL lock_timeout = %s", (_LOCK_TIMEOUT,))
                    cursor.execute(sql)
                cursor.execute(
                    "INSERT INTO public.newsdesk_migration (name, checksum) VALUES (%s, %s)", (name, _checksum(sql))
                )
        return [name for name, _ in todo]


def _wait_for_turn(begin: Begin) -> None:
    """Until no other process migrates; the turn is ours until the session ends.

    Asked for again and again: a statement that waited would hold a snapshot, and an index that the other one builds
    CONCURRENTLY waits until all older snapshots are gone.
    """
    while True:
        with begin() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,))
            if single(cursor):
                return
        sleep(_ASK_EVERY)


def pending(dsn: str) -> list[str]:
    """The migrations that the database lacks. MigrationError as `migrate` has it. Changes nothing."""
    with _told(dsn), transaction(dsn) as cursor:
        return [name for name, _ in _pending(cursor)]


@contextmanager
def _told(dsn: str) -> Iterator[None]:
    try:
        yield
    except errors.LockNotAvailable as error:
        raise DatabaseContended(
            f"a migration waited {_LOCK_TIMEOUT} for a table that others use, and gave up: "
            f"{error.diag.message_primary or error}. What was applied before stays; run it again when they are done"
        ) from error
    except errors.InsufficientPrivilege as error:
        raise MigrationError(
            f"the login of {place_of(dsn)} may not migrate it: {error.diag.message_primary or error}. Run `newsdesk migrate` "
            "as the database's owner; for all else a login is to be a member of news_writer"
        ) from error


def latest() -> str:
    """The name of this version's last migration."""
    return max(name for name, _ in _files())


def _pending(cursor: Cursor) -> Iterator[tuple[str, str]]:
    cursor.execute("SELECT to_regclass('public.newsdesk_migration') IS NOT NULL")
    (exists,) = cursor.fetchone() or (False,)
    applied: dict[str, str] = {}
    if exists:
        cursor.execute("SELECT name, checksum FROM public.newsdesk_migration")
        applied = dict(cursor.fetchall())
    ours = dict(_files())
    if newer := sorted(applied.keys() - ours.keys()):
        raise MigrationError(
            f"the database has migrations that this version does not know: {', '.join(newer)}. Upgrade newsdesk."
        )
    for name, sql in ours.items():
        if name not in applied:
            yield name, sql
        elif applied[name] != _checksum(sql):
            raise MigrationError(
                f"migration {name} was edited after it had been applied. Restore the file; add a new one."
            )


def _files() -> Iterator[tuple[str, str]]:
    folder = resources.files("newsdesk.store") / "migrations"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql"):
            yield file.name, file.read_text(encoding="utf-8")


def _checksum(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()
