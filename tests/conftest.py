"""What several tests stand on: one embedded PostgreSQL for the session, and a fresh database for each test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from newsdesk.local import postgres
from newsdesk.store.migrate import migrate

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def template_dsn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The DSN of a migrated database that nobody writes to."""
    home: Path = tmp_path_factory.mktemp("home")
    dsn = postgres.start(home)
    try:
        migrate(dsn)
        yield dsn
    finally:
        postgres.stop(home)


@pytest.fixture
def dsn(template_dsn: str) -> Iterator[str]:
    """A migrated, empty database of the test's own."""
    with fresh_database(template_dsn) as found:
        yield found


@pytest.fixture(scope="module")
def module_dsn(template_dsn: str) -> Iterator[str]:
    """A migrated, empty database that the tests of a module share."""
    with fresh_database(template_dsn) as found:
        yield found


@pytest.fixture(scope="session")
def copy_database(template_dsn: str) -> Callable[[str], AbstractContextManager[str]]:
    """A function: DSN of a database that nobody is connected to → a context with the DSN of a copy."""
    return lambda dsn: fresh_database(template_dsn, urlsplit(dsn).path.strip("/"))


@contextmanager
def fresh_database(template_dsn: str, template: str = "newsdesk") -> Iterator[str]:
    """A database of its own, as `template` is: one that nobody is connected to."""
    name = f"test_{next(_numbers)}"
    _administer(template_dsn, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield template_dsn.replace("/newsdesk?", f"/{name}?")
    _administer(template_dsn, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(dsn: str, statement: str) -> None:
    connection = psycopg2.connect(dsn.replace("/newsdesk?", "/postgres?"))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
