"""The analyst's schema as the database itself describes it: tables, columns, keys, comments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from newsdesk.store.database import Cursor, rows


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    is_required: bool
    is_key: bool  # of the primary key
    refers_to: str | None  # a table of the same schema
    comment: str | None


@dataclass(slots=True)
class Relation:
    """A table, or a view."""

    name: str
    is_view: bool
    comment: str | None
    columns: list[Column] = field(default_factory=list)


_COLUMNS = """
SELECT c.relname AS relation, c.relkind IN ('v', 'm') AS is_view, obj_description(c.oid, 'pg_class') AS about,
    a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS is_required,
    coalesce(bool_or(k.contype = 'p'), false) AS is_key, max(t.relname::text) FILTER (WHERE k.contype = 'f') AS refers_to,
    col_description(c.oid, a.attnum) AS comment
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_constraint AS k ON k.conrelid = c.oid AND a.attnum = ANY(k.conkey) AND k.contype IN ('p', 'f')
LEFT JOIN pg_class AS t ON t.oid = k.confrelid
WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
GROUP BY c.oid, c.relname, c.relkind, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull
ORDER BY c.relkind IN ('v', 'm'), c.relname, a.attnum
"""


def read_schema(cursor: Cursor, schema: str) -> Sequence[Relation]:
    """The tables by name, then the views; columns in their order."""
    cursor.execute(_COLUMNS, (schema,))
    found: dict[str, Relation] = {}
    for row in rows(cursor):
        relation = found.setdefault(row["relation"], Relation(row["relation"], row["is_view"], row["about"]))
        relation.columns.append(
            Column(row["name"], row["type"], row["is_required"], row["is_key"], row["refers_to"], row["comment"])
        )
    return list(found.values())
