"""Databases of the tests' own, each a copy of the migrated one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2

_numbers = itertools.count(1)


@contextmanager
def fresh_database(template_dsn: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    _administer(template_dsn, f"CREATE DATABASE {name} TEMPLATE newsdesk")
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
