"""Who may do what: readers see the analysts' schema and nothing else, writers do a whole run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from psycopg2 import errors


@pytest.fixture
def reader(dsn: str) -> Iterator[Any]:
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE news_reader")
            yield cursor
    finally:
        connection.close()


def tables_of(cursor: Any, schema: str) -> list[str]:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p', 'v', 'm') ORDER BY 1",
        (schema,),
    )
    return [f"{schema}.{name}" for (name,) in cursor.fetchall()]


def test_a_reader_reads_every_table_of_news(reader: Any) -> None:
    names = tables_of(reader, "news")
    assert "news.url_status" in names
    for name in names:
        reader.execute(f"SELECT * FROM {name} LIMIT 1")


def test_a_reader_writes_nothing_and_sees_nothing_of_ops(reader: Any) -> None:
    for name in tables_of(reader, "news"):
        reader.execute("SELECT has_table_privilege(%s, 'INSERT, UPDATE, DELETE, TRUNCATE')", (name,))
        assert reader.fetchone() == (False,), name
    for name in tables_of(reader, "ops"):
        with pytest.raises(errors.InsufficientPrivilege):
            reader.execute(f"SELECT 1 FROM {name}")
    for statement in ("CREATE TABLE news.mine (a int)", "SELECT ops.this_load()", "CREATE SCHEMA mine"):
        with pytest.raises(errors.InsufficientPrivilege):
            reader.execute(statement)


def test_a_table_of_a_later_migration_is_readable_and_writable_at_once(dsn: str) -> None:
    connection = psycopg2.connect(dsn)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE news.later (id int)")
            cursor.execute("CREATE TABLE ops.later (id bigint GENERATED ALWAYS AS IDENTITY, a int)")
            cursor.execute("SET ROLE news_reader")
            cursor.execute("SELECT * FROM news.later")
            cursor.execute("SET ROLE news_writer")
            cursor.execute("INSERT INTO news.later VALUES (1)")
            cursor.execute("INSERT INTO ops.later (a) VALUES (1)")
    finally:
        connection.close()
