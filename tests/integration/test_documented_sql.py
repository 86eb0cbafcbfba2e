"""The SQL of the documents, as the real database takes it, and the tables, functions and columns that they name."""

from __future__ import annotations

import re

import psycopg2
import pytest

from documents import Piece, blocks, spans
from newsdesk.store.database import connect

_NO_TABLES = {"news.dump"}  # a file


@pytest.mark.parametrize("piece", [*blocks("sql")], ids=lambda piece: f"{piece.file.stem}:{piece.line}")
def test_every_query_is_taken_by_the_database(template_dsn: str, piece: Piece) -> None:
    connection = connect(template_dsn)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET search_path = news")
            cursor.execute(piece.text)
    except psycopg2.Error as error:
        pytest.fail(f"{piece}\n{error}")
    finally:
        connection.rollback()  # roles, too, are made in the transaction
        connection.close()


def test_every_table_function_and_column_that_is_told_is_there(template_dsn: str) -> None:
    connection = connect(template_dsn)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT n.nspname || '.' || c.relname, array_agg(a.attname::text)
                FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE n.nspname IN ('ops', 'news') AND c.relkind IN ('r', 'v', 'm') GROUP BY 1
                UNION ALL
                SELECT DISTINCT 'news.' || proname, ARRAY[]::text[] FROM pg_proc WHERE pronamespace = 'news'::regnamespace
                """
            )
            columns = dict(cursor.fetchall())
    finally:
        connection.close()
    told = [
        (piece, *found.groups())
        for piece in spans()
        for found in re.finditer(r"(?<![\w.])((?:ops|news)\.[a-z_]+)(?:\.([a-z_]+))?", piece.text)
        if found[1] not in _NO_TABLES
    ]
    assert len(told) > 100
    assert [
        str(piece)
        for piece, table, column in told
        if table not in columns or (column is not None and column not in columns[table])
    ] == []
