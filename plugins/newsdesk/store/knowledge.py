"""The operator's knowledge base: its loads, who is called how, what goes together."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg2.extras import Json

from newsdesk.store.database import Cursor, rows, single


@dataclass(frozen=True, slots=True)
class Alias:
    """One row of a table, or one name of a dump's item."""

    key: str
    alias: str
    language: str  # empty: in all of them
    qid: str
    prior: float
    type: str | None = None
    name: str | None = None
    geonames_id: int | None = None
    related: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Load:
    """A row of ops.kb_load."""

    load_id: int
    file: str
    position: int
    aliases: int
    items: int
    left_out: Mapping[str, int]
    started_at: Any = None
    finished_at: Any = None
    options: Mapping[str, Any] = field(default_factory=dict)


_SELECT = "SELECT load_id, file, position, aliases, items, left_out, started_at, finished_at, options FROM ops.kb_load"


def open_load(cursor: Cursor, file: str, digest: str, size: int, options: Mapping[str, Any]) -> Load:
    """The load of this file with these options that is unfinished; a new one where there is none."""
    cursor.execute(
        """
        INSERT INTO ops.kb_load (file, digest, size, options) VALUES (%s, %s, %s, %s)
        ON CONFLICT (digest, size, options) WHERE finished_at IS NULL DO UPDATE SET file = EXCLUDED.file
        RETURNING load_id
        """,
        (file, digest, size, Json(dict(options))),
    )
    cursor.execute(f"{_SELECT} WHERE load_id = %s", cursor.fetchone())
    return Load(**rows(cursor)[0])


def loads(cursor: Cursor) -> list[Load]:
    cursor.execute(f"{_SELECT} ORDER BY load_id")
    return [Load(**row) for row in rows(cursor)]


_STAGED = """
CREATE TEMPORARY TABLE staged (
    number bigint GENERATED ALWAYS AS IDENTITY, key text, alias text, language text, qid text, prior real, type text,
    name text, geonames_id bigint, related text[]) ON COMMIT DROP
"""
_ITEMS = """
INSERT INTO ops.kb_item AS i (qid, type, name, geonames_id, related, load_id)
SELECT DISTINCT ON (qid) qid, type, coalesce(name, alias), geonames_id, related, %(load)s
FROM staged ORDER BY qid, name IS NULL, type IS NULL, number
ON CONFLICT (qid) DO UPDATE
SET type = coalesce(EXCLUDED.type, i.type), geonames_id = coalesce(EXCLUDED.geonames_id, i.geonames_id),
    name = CASE WHEN EXCLUDED.qid = ANY(SELECT qid FROM staged WHERE name IS NOT NULL) THEN EXCLUDED.name ELSE i.name END,
    related = CASE WHEN EXCLUDED.related = '{}' THEN i.related ELSE EXCLUDED.related END, load_id = EXCLUDED.load_id
"""
_ALIASES = """
INSERT INTO ops.alias AS a (key, language, qid, alias, prior, load_id)
SELECT DISTINCT ON (key, qid, language) key, language, qid, alias, max(prior) OVER (PARTITION BY key, qid, language), %(load)s
FROM staged ORDER BY key, qid, language, number
ON CONFLICT (key, qid, language) DO UPDATE
SET alias = EXCLUDED.alias, load_id = EXCLUDED.load_id,
    prior = CASE WHEN a.load_id = EXCLUDED.load_id THEN greatest(a.prior, EXCLUDED.prior) ELSE EXCLUDED.prior END
"""


def save_portion(
    cursor: Cursor, load: Load, found: Sequence[Alias], *, items: int, left_out: Mapping[str, int], position: int
) -> bool:
    """The next rows of a load, and how far it is now; False, and nothing, where another process was first."""
    cursor.execute(
        "SELECT 1 FROM ops.kb_load WHERE load_id = %s AND position = %s AND finished_at IS NULL FOR UPDATE",
        (load.load_id, load.position),
    )
    if cursor.fetchone() is None:
        return False
    cursor.execute(_STAGED)
    columns = "key, alias, language, qid, prior, type, name, geonames_id, related"
    cursor.copy_expert(f"COPY staged ({columns}) FROM STDIN", io.StringIO("".join(map(_line, found))))
    cursor.execute(_ITEMS, {"load": load.load_id})
    cursor.execute(_ALIASES, {"load": load.load_id})
    cursor.execute("DROP TABLE staged")
    cursor.execute(
        """
        UPDATE ops.kb_load SET position = %s, aliases = aliases + %s, items = items + %s, left_out = %s
        WHERE load_id = %s
        """,
        (position, len(found), items, Json(dict(left_out)), load.load_id),
    )
    return True


def _line(alias: Alias) -> str:
    """For COPY. Our own texts have no NUL."""
    related = "{" + ",".join(alias.related) + "}"
    values = (
        alias.key, alias.alias, alias.language, alias.qid, alias.prior, alias.type, alias.name, alias.geonames_id, related,
    )  # fmt: skip
    return "\t".join("\\N" if value is None else _escaped(str(value)) for value in values) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def finish_load(cursor: Cursor, load_id: int, *, replace: bool) -> int:
    """The load is whole: its priors are told for what they are. Returns how many items it brought.

    `replace`: what earlier loads alone brought goes.
    """
    cursor.execute("SELECT 1 FROM ops.kb_load WHERE load_id = %s FOR UPDATE", (load_id,))
    if replace:
        cursor.execute("DELETE FROM ops.alias WHERE load_id <> %s", (load_id,))
        cursor.execute(
            "DELETE FROM ops.kb_item AS i WHERE NOT EXISTS (SELECT 1 FROM ops.alias AS a WHERE a.qid = i.qid)"
        )
    # shares of a name's uses sum to about 1; what is far less is a weight that only says who comes first
    cursor.execute(
        """
        UPDATE ops.kb_load SET finished_at = clock_timestamp(), priors = (
            SELECT CASE
                WHEN max(most) > 1 THEN 'counts'
                WHEN percentile_cont(0.5) WITHIN GROUP (ORDER BY total) >= 0.5 THEN 'shares'
                ELSE 'weights' END
            FROM (SELECT key, language, sum(prior) AS total, max(prior) AS most FROM ops.alias WHERE load_id = %(load)s
                  GROUP BY 1, 2) AS names)
        WHERE load_id = %(load)s AND finished_at IS NULL
        """,
        {"load": load_id},
    )
    cursor.execute(
        """
        UPDATE ops.kb_load SET items = (SELECT count(*) FROM ops.kb_item WHERE load_id = %(load)s)
        WHERE load_id = %(load)s RETURNING items
        """,
        {"load": load_id},
    )
    items = int(single(cursor))
    cursor.execute("ANALYZE ops.alias, ops.kb_item")
    return items


def forget(cursor: Cursor) -> dict[str, int]:
    """Empty the knowledge base. Returns how much there was."""
    # a load's every transaction begins with its row there; TRUNCATE would be the owner's alone
    cursor.execute("LOCK TABLE ops.kb_load IN EXCLUSIVE MODE")
    counts = stock(cursor)
    for statement in (
        "DELETE FROM ops.alias",
        "DELETE FROM ops.kb_item",
        "DELETE FROM ops.kb_together",
        "DELETE FROM ops.kb_load",
    ):
        cursor.execute(statement)
    return counts


def stock(cursor: Cursor) -> dict[str, int]:
    cursor.execute("SELECT (SELECT count(*) FROM ops.kb_item) AS items, (SELECT count(*) FROM ops.alias) AS names")
    return rows(cursor)[0]


def version(cursor: Cursor) -> str | None:
    """What tells this knowledge base from any other state of it; None: there is none."""
    cursor.execute(
        """
        SELECT load_id, digest, finished_at FROM ops.kb_load
        WHERE finished_at IS NOT NULL ORDER BY load_id DESC LIMIT 1
        """
    )
    found = cursor.fetchone()
    return f"load {found[0]} of {found[2]:%Y-%m-%d %H:%M:%S}Z ({found[1][:8]})" if found else None


@dataclass(frozen=True, slots=True)
class Called:
    """An item that is called `key`."""

    key: str
    own: bool  # in the language that was asked for, or in all
    qid: str
    name: str
    type: str | None
    prior: float
    priors: str  # what the priors of its load are: shares, counts, weights
    geonames_id: int | None
    related: Sequence[str]
    load_id: int


def called(cursor: Cursor, keys: Collection[str], language: str) -> list[Called]:
    if not keys:
        return []
    cursor.execute(
        """
        SELECT a.key, a.language IN ('', 'mul', %s) AS own, a.qid, i.name, i.type, a.prior,
            coalesce(l.priors, 'counts') AS priors, i.geonames_id, i.related, a.load_id
        FROM ops.alias AS a JOIN ops.kb_item AS i USING (qid) JOIN ops.kb_load AS l ON l.load_id = a.load_id
        WHERE a.key = ANY(%s)
        """,
        (language, list(keys)),
    )
    return [Called(**row) for row in rows(cursor)]


def together(cursor: Cursor, qids: Collection[str]) -> dict[tuple[str, str], int]:
    """(item, other) → documents that name both, among these."""
    cursor.execute(
        "SELECT qid, other, documents FROM ops.kb_together WHERE qid = ANY(%(q)s) AND other = ANY(%(q)s)",
        {"q": list(qids)},
    )
    return {(qid, other): documents for qid, other, documents in cursor.fetchall()}


def save_together(cursor: Cursor, pairs: Iterable[tuple[str, str, int]]) -> None:
    """In place of what was learned before."""
    cursor.execute("LOCK TABLE ops.kb_together IN SHARE ROW EXCLUSIVE MODE")  # who learns at the same time comes after
    cursor.execute("DELETE FROM ops.kb_together")
    lines = "".join(f"{qid}\t{other}\t{documents}\n" for qid, other, documents in pairs)
    cursor.copy_expert("COPY ops.kb_together FROM STDIN", io.StringIO(lines))
    cursor.execute("ANALYZE ops.kb_together")
