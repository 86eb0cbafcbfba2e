"""What holds of every table, index and function, whichever migration made it."""

from __future__ import annotations

import re
from pathlib import Path

from newsdesk.store.database import rows, transaction
from newsdesk.store.retention import TABLES

LIBRARY = Path(__file__).parents[2] / "plugins" / "newsdesk"
WITHOUT_INDEX = {  # references to tables whose rows are deleted: why reading the whole table is well there
    "ops.alert.grave_run_id": "alerts are few, and forgotten with the runs",
    "ops.alert.run_id": "alerts are few, and forgotten with the runs",
    "ops.alert.taken_back_in": "alerts are few, and forgotten with their messages",
    "ops.alert.told_in": "alerts are few, and forgotten with their messages",
    "ops.frontier.open_batch_id": "the index frontier_open has just the rows that are in hand",
    "ops.import.run_id": "a row for each file",
    "ops.reprocess.run_id": "a row for each report",
}


def deleted_from() -> set[str]:
    """The tables whose rows the library deletes."""
    texts = [file.read_text(encoding="utf-8") for file in LIBRARY.rglob("*.py")]
    return {*TABLES, *(table for text in texts for table in re.findall(r"DELETE FROM ((?:news|ops)\.\w+)", text))}


def test_a_row_that_is_deleted_is_found_by_an_index_wherever_it_is_referred_to(dsn: str) -> None:
    with transaction(dsn) as cursor:
        cursor.execute(
            """
            SELECT format('%%s.%%s', k.conrelid::regclass, string_agg(a.attname, ',' ORDER BY place)) AS referring
            FROM pg_constraint AS k
            CROSS JOIN unnest(k.conkey) WITH ORDINALITY AS of_key (attnum, place)
            JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = of_key.attnum
            WHERE k.contype = 'f' AND k.confrelid::regclass::text = ANY(%s)
              AND NOT EXISTS (
                SELECT 1 FROM pg_index AS i
                WHERE i.indrelid = k.conrelid AND i.indisvalid
                  AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
                  AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) = format('(%%I IS NOT NULL)', a.attname)))
            GROUP BY k.oid, k.conrelid
            """,
            (sorted(deleted_from()),),
        )
        found = {row["referring"] for row in rows(cursor)}
    assert found == set(WITHOUT_INDEX), "an index in a migration of its own, or a reason above"


def test_no_function_of_ops_is_everybodys(dsn: str) -> None:
    with transaction(dsn) as cursor:
        cursor.execute(
            """
            SELECT p.oid::regprocedure::text AS function FROM pg_proc AS p
            WHERE p.pronamespace = 'ops'::regnamespace
              AND EXISTS (
                SELECT 1 FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS one
                WHERE one.grantee = 0)
            """
        )
        found = [row["function"] for row in rows(cursor)]
    assert found == [], "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ops FROM PUBLIC, at the end of the migration"
