"""Snapshots of how many articles hold each run of words, by which pairs are decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from newsdesk import shingle_frequencies
from newsdesk.shingle_frequencies import Frequencies
from newsdesk.store.database import Cursor, insert_values, single

_KEPT = 2  # current snapshots, the latest


@dataclass(frozen=True, slots=True)
class Snapshot:
    version: int | None  # None: none was ever taken
    last_article_id: int  # the latest article when it was taken
    frequencies: Frequencies


def current(cursor: Cursor) -> Snapshot:
    """What new articles are decided by: the latest snapshot whose reconcile has published."""
    cursor.execute("SELECT max(version) FROM ops.df_snapshot WHERE current_since IS NOT NULL")
    version = single(cursor)
    return Snapshot(None, 0, shingle_frequencies.NONE) if version is None else read(cursor, version)


def read(cursor: Cursor, version: int) -> Snapshot:
    """LookupError where there is none of this version, or its parts are no longer kept."""
    cursor.execute("SELECT documents, rarest, last_article_id FROM ops.df_snapshot WHERE version = %s", (version,))
    head = cursor.fetchone()
    cursor.execute("SELECT runs, counts FROM ops.df_part WHERE version = %s ORDER BY part", (version,))
    found = cursor.fetchall()
    if head is None or len(found) != shingle_frequencies.PARTS:
        raise LookupError(f"ops.df_snapshot has no version {version} with all its parts")
    runs = np.frombuffer(b"".join(bytes(some) for some, _ in found), "<i8").astype(np.int64, copy=False)
    counts = np.frombuffer(b"".join(bytes(some) for _, some in found), "<i4").astype(np.int32, copy=False)
    return Snapshot(version, head[2], Frequencies(head[0], head[1], runs, counts))


def save(cursor: Cursor, found: Frequencies, last_article_id: int) -> int:
    """A new snapshot, which decides nothing yet. Returns its version."""
    cursor.execute(
        """
        INSERT INTO ops.df_snapshot (documents, runs, rarest, last_article_id) VALUES (%s, %s, %s, %s) RETURNING version
        """,
        (found.documents, len(found.runs), found.rarest, last_article_id),
    )
    version = int(single(cursor))
    insert_values(
        cursor,
        "INSERT INTO ops.df_part (version, part, runs, counts) VALUES %s",
        (
            (version, part, runs.astype("<i8").tobytes(), counts.astype("<i4").tobytes())
            for part, (runs, counts) in enumerate(shingle_frequencies.parts(found))
        ),
        page_size=8,
    )
    return version


def make_current(cursor: Cursor, version: int) -> None:
    """New articles are decided by this from now on. The parts of what is two versions old go."""
    cursor.execute("UPDATE ops.df_snapshot SET current_since = now() WHERE version = %s", (version,))
    cursor.execute(
        """
        DELETE FROM ops.df_part WHERE version NOT IN (
            SELECT version FROM ops.df_snapshot WHERE current_since IS NOT NULL ORDER BY version DESC LIMIT %s)
        """,
        (_KEPT,),
    )


def latest_article(cursor: Cursor) -> int:
    cursor.execute("SELECT coalesce(max(article_id), 0) FROM ops.article")
    return int(single(cursor))


def to_count(cursor: Cursor, copies: Iterable[int], months: int, of_each_source: int, most: int) -> list[int]:
    """The articles to count: those whose text was read in the last `months`, but for plain `copies`.

    At most so many of each source, and so many in all, filled up source by source. Which ones is drawn by a hash of the
    address: the same ones whatever came first, and mostly the same ones tomorrow.
    """
    cursor.execute("CREATE TEMPORARY TABLE copy (article_id bigint PRIMARY KEY) ON COMMIT DROP")
    insert_values(cursor, "INSERT INTO copy VALUES %s", ((article_id,) for article_id in copies), page_size=5000)
    cursor.execute(
        """
        SELECT article_id FROM (
            SELECT a.article_id, f.url_key,
                row_number() OVER (PARTITION BY f.source_id ORDER BY hashtextextended(f.url_key, 0), f.url_key) AS place
            FROM ops.article AS a
            JOIN ops.document AS d USING (document_id)
            JOIN ops.frontier AS f ON f.url_id = a.article_id
            WHERE d.extracted_at >= now() - make_interval(months => %s)
              AND NOT EXISTS (SELECT FROM copy AS c WHERE c.article_id = a.article_id)) AS drawn
        WHERE place <= %s
        ORDER BY place, hashtextextended(url_key, 0), url_key LIMIT %s
        """,
        (months, of_each_source, most),
    )
    return [article_id for (article_id,) in cursor.fetchall()]
