"""What docs/ says of the schema is what the schema says of itself."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from newsdesk.store.catalogue import read_schema
from newsdesk.store.database import transaction

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_data_dictionary_is_the_present_schemas(template_dsn: str) -> None:
    with transaction(template_dsn) as cursor:
        relations = read_schema(cursor, "news")
    made = runpy.run_path(str(DOCS / "generate.py"))["pages"](relations)
    stale = [file for file, text in made.items() if (DOCS / file).read_text(encoding="utf-8") != text]
    assert not stale, "run `make docs`"


@pytest.mark.parametrize("schema", ["news", "ops"])
def test_every_table_and_every_column_of_the_analysts_says_what_it_is(template_dsn: str, schema: str) -> None:
    with transaction(template_dsn) as cursor:
        relations = read_schema(cursor, schema)
    silent = [relation.name for relation in relations if not relation.comment]
    if schema == "news":
        silent += [f"{relation.name}.{c.name}" for relation in relations for c in relation.columns if not c.comment]
    assert silent == []
