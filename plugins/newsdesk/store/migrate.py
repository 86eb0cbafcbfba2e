"""Versioned, append-only migrations: `migrations/NNNN_name.sql`, each in one transaction, each with its checksum."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib import resources

from newsdesk.errors import MigrationError
from newsdesk.store.database import Cursor, transaction

_LOCK = 0x6E657773  # "news": two migrating processes take turns
_LOCK_TIMEOUT = "30s"  # that a migration waits for a table which others use


def migrate(dsn: str) -> list[str]:
    """Bring the database to this version. Returns the names applied now; empty: it was there already.

    MigrationError when the database is newer than this version, or an applied file was edited since.
    """
    if not pending(dsn):  # as a login that may not make tables finds it, too
        return []
    with transaction(dsn) as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS public.newsdesk_migration ("
            "name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        # rather fail, and be run again, than stand in the way of every reader behind one that takes long
        cursor.execute("SET LOCAL lock_timeout = %s", (_LOCK_TIMEOUT,))
        return [name for name, sql in _pending(cursor) if _apply(cursor, name, sql)]


def pending(dsn: str) -> list[str]:
    """The migrations that the database lacks. MigrationError as `migrate` has it. Changes nothing."""
    with transaction(dsn) as cursor:
        return [name for name, _ in _pending(cursor)]


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


def _apply(cursor: Cursor, name: str, sql: str) -> bool:
    cursor.execute(sql)
    cursor.execute("INSERT INTO public.newsdesk_migration (name, checksum) VALUES (%s, %s)", (name, _checksum(sql)))
    return True


def _files() -> Iterator[tuple[str, str]]:
    folder = resources.files("newsdesk.store") / "migrations"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql"):
            yield file.name, file.read_text(encoding="utf-8")


def _checksum(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()
