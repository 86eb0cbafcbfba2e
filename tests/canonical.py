"""What a database and its archive hold, in a form that does not tell how it came to be: two runs are compared by it.

Ids are replaced by what they stand for (an article's by the canonical key of its URL), times that the run made are left
out, the order is fixed. Used by the tests and benches that kill, restore or spread out a run and hold what comes of it
against an undisturbed one.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from newsdesk.archive.places import open_place
from newsdesk.archive.warc import read
from newsdesk.archive_verifying import files_to_verify, verify
from newsdesk.model import ArchivedAt
from newsdesk.store.database import Cursor, transaction

# relations of `news` that are left out, with the reason; every other one is in the dump, with all its columns
LEFT_OUT = {
    "cluster_change": "how the groups came to be, not what they are",
    "load": "one row for each transaction: how many there were is up to the run",
    "story_change": "how the stories came to be, not what they are",
    "alert": "what was told when: up to the run",
    "source_health": "compares with earlier days",
}
TIMES_OF_THE_RUN = frozenset({
    "changed_at", "first_found_at", "first_seen_at", "lag_minutes", "last_change_seen_at", "last_seen_at",
    "last_tried_at", "load_id", "loaded_at", "seen_at", "seen_before",
})  # fmt: skip
# days of the run, where the relation has a day
DAYS_OF_THE_RUN = frozenset({("source_day", "day"), ("entity_daily", "day")})
_ARTICLES = frozenset({"article_id", "cluster_id", "original_article_id", "primary_article_id", "title_article_id"})
_STORY = "story_id"

Rows = Counter[str]


@dataclass(frozen=True, slots=True)
class Dump:
    """Each relation's rows as JSON, with how often each is there; and what the archive holds for the database."""

    tables: Mapping[str, Rows]
    records: Rows = field(default_factory=Counter)  # URL and digest of each record that a row names
    orphans: int = 0  # records that no row names: of killed tasks

    @property
    def is_empty(self) -> bool:
        return not self.tables.get("article") or not self.tables.get("url_status")


@dataclass(frozen=True, slots=True)
class Difference:
    """What one of two dumps lacks, and what it has too much of."""

    lost: Mapping[str, Rows]  # by relation; the archive's under "archive"
    doubled: Mapping[str, Rows]

    @property
    def rows_lost(self) -> int:
        return sum(rows.total() for rows in self.lost.values())

    @property
    def rows_doubled(self) -> int:
        return sum(rows.total() for rows in self.doubled.values())

    def __bool__(self) -> bool:
        return bool(self.lost or self.doubled)

    def __str__(self) -> str:
        told = []
        for sign, tables in (("-", self.lost), ("+", self.doubled)):
            for name, rows in tables.items():
                told += [f"{sign} {name} ×{count}: {row[:600]}" for row, count in sorted(rows.items())[:10]]
        return "\n".join(told) or "no difference"


def dump(dsn: str, archive: str | None = None, *, repair: bool = False) -> Dump:
    """All of `news`, and of the archive (its address, see NEWSDESK_ARCHIVE) where one is given.

    AssertionError where the archive is damaged; `repair`: cut off first what killed writers left at ends of files.
    """
    with transaction(dsn) as cursor:
        tables = {name: _table(cursor, name, columns) for name, columns in _relations(cursor).items()}
    if archive is None:
        return Dump(tables)
    orphans = _verified(dsn, archive, repair)
    return Dump(tables, _records(dsn, archive), orphans)


def difference(expected: Dump, found: Dump) -> Difference:
    """ValueError where either is empty: nothing is equal to an empty dump, and least of all another one."""
    if expected.is_empty or found.is_empty:
        raise ValueError("an empty dump cannot be compared: no article, or no URL")
    if expected.tables.keys() != found.tables.keys() or bool(expected.records) != bool(found.records):
        raise ValueError("the dumps are not of the same things")
    before = {**expected.tables, "archive": expected.records}
    after = {**found.tables, "archive": found.records}
    return Difference(
        {name: gone for name in before if (gone := before[name] - after[name])},
        {name: new for name in before if (new := after[name] - before[name])},
    )


def _relations(cursor: Cursor) -> dict[str, list[tuple[str, str]]]:
    """Tables and views of `news` with their columns and types."""
    cursor.execute(
        """
        SELECT table_name, array_agg(column_name::text ORDER BY column_name::text COLLATE "C"),
            array_agg(udt_name::text ORDER BY column_name::text COLLATE "C")
        FROM information_schema.columns WHERE table_schema = 'news' AND table_name <> ALL(%s) GROUP BY 1 ORDER BY 1
        """,
        (list(LEFT_OUT),),
    )
    return {table: list(zip(names, types, strict=True)) for table, names, types in cursor.fetchall()}


def _table(cursor: Cursor, table: str, columns: list[tuple[str, str]]) -> Rows:
    told = [
        f"{_natural(name, kind)} AS {name}"
        for name, kind in columns
        if name not in TIMES_OF_THE_RUN and (table, name) not in DAYS_OF_THE_RUN
    ]
    # an article that was regrouped or changed between two publishes has more changes, but one beginning
    only = "WHERE kind IN ('inserted', 'withdrawn')" if table == "changes" else ""
    cursor.execute(f"SELECT row_to_json(r)::text FROM (SELECT {', '.join(told)} FROM news.{table} AS t {only}) AS r")
    return Counter(row for (row,) in cursor.fetchall())


def _natural(column: str, kind: str) -> str:
    """SQL for the column's value without ids."""
    if column in _ARTICLES:
        return f"(SELECT f.url_key FROM ops.frontier AS f WHERE f.url_id = t.{column})"
    if column == _STORY:
        return (
            "(SELECT min(f.url_key) FROM news.article AS a JOIN ops.frontier AS f ON f.url_id = a.article_id "
            f"WHERE a.story_id = t.{_STORY})"
        )
    if column == "reason":  # "another address of article 14"
        return f"regexp_replace(t.{column}, 'article [0-9]+', 'article')"
    # a sum of floats is told by their order, too
    return f"round(t.{column}::numeric, 4)" if kind in ("float4", "float8") else f"t.{column}"


def _verified(dsn: str, archive: str, repair: bool) -> int:
    """Records of the archive that no row names. AssertionError names what is damaged."""
    place = open_place(archive)
    reports = list(verify(place, dsn, files_to_verify(place, dsn), repair=repair))
    faults = [f"{report.file}: {fault}" for report in reports for fault in report.faults]
    assert not faults, faults
    return sum(report.orphans for report in reports)


def _records(dsn: str, archive: str) -> Rows:
    """URL and digest of what the archive gives for each row that names a record."""
    with transaction(dsn) as cursor:
        cursor.execute(
            """
            SELECT f.url_key, encode(c.digest, 'hex'), c.warc_file, c.warc_offset, c.warc_length
            FROM ops.capture AS c JOIN ops.frontier AS f USING (url_id) WHERE c.erased_at IS NULL
            """
        )
        named = cursor.fetchall()
        cursor.execute("SELECT f.url_key FROM ops.revisit AS r JOIN ops.frontier AS f USING (url_id)")
        found = Counter(f"{url} as before" for (url,) in cursor.fetchall())
    for url, digest, file, offset, length in named:
        _, body = read(archive, ArchivedAt(file, offset, length), {})
        assert hashlib.sha256(body).hexdigest() == digest, url
        found[f"{url} {digest}"] += 1
    return found
