"""Databases of the tests' own, each a copy of the migrated one."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from newsdesk.store.database import transaction
from waiting import until

_numbers = itertools.count(1)
_MEMORY = Path("/dev/shm")
_ENOUGH = 2 << 30  # bytes: a copy of the migrated database is a dozen megabytes, in some thousand files


def databases_folder() -> Path | None:
    """Where the tests' server has its data: in memory, where there is much of it; None: where temporary files are."""
    if not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ENOUGH:
        return None
    return _MEMORY


@contextmanager
def fresh_database(template_dsn: str, template: str = "newsdesk") -> Iterator[str]:
    """A database of its own, as `template` (a name on the same server) is: one that nobody is connected to."""
    name = f"test_{next(_numbers)}"
    _administer(template_dsn, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield template_dsn.replace("/newsdesk?", f"/{name}?")
    _administer(template_dsn, f"DROP DATABASE {name} WITH (FORCE)")


def forget_power_cuts(dsn: str) -> None:
    """The server waits for no disk: a database is made in a third of the time, and the tests of crashes have their own."""
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        _administer(dsn, f"ALTER SYSTEM SET {setting} = off")
    _administer(dsn, "SELECT pg_reload_conf()")


def wait_for_a_lock(dsn: str, other: Future[object] | None = None) -> None:
    """Until somebody in this database waits for another, or the `other` is through and waits for nobody."""
    with transaction(dsn) as cursor:

        def somebody_waits() -> bool:
            cursor.execute(
                "SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database OR l.database IS NULL"
                " WHERE NOT l.granted AND d.datname = current_database()"
            )
            return cursor.fetchone() != (0,)

        until(lambda: (other is not None and other.done()) or somebody_waits(), 60, "a lock that is waited for")


def _administer(dsn: str, statement: str) -> None:
    connection = psycopg2.connect(dsn.replace("/newsdesk?", "/postgres?"))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
