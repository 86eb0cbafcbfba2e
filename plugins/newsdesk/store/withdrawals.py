"""What a withdrawal takes out of the tables, and what it leaves: the addresses, so that they are not taken in again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from newsdesk.model import ArchivedAt
from newsdesk.store import clusters, days, fingerprints, names, stories, twins
from newsdesk.store.database import Cursor, insert_values, rows


@dataclass(frozen=True, slots=True)
class Addresses:
    """All that leads to one page's article, where it is one."""

    article_id: int | None
    url_ids: tuple[int, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToErase:
    capture_id: int
    url: str
    at: ArchivedAt


def addresses_of(cursor: Cursor, key: str) -> Addresses:
    """Of an address that was never found: itself."""
    cursor.execute(
        """
        SELECT coalesce(
            (SELECT k.article_id FROM ops.article_key AS k WHERE k.url_key = %(key)s),
            (SELECT coalesce(f.article_id, a.article_id)
             FROM ops.frontier AS f LEFT JOIN ops.article AS a ON a.article_id = f.url_id WHERE f.url_key = %(key)s))
        """,
        {"key": key},
    )
    (article_id,) = cursor.fetchone() or (None,)
    cursor.execute(
        """
        WITH keys AS (
            SELECT %(key)s::text AS url_key
            UNION SELECT url_key FROM ops.article_key WHERE article_id = %(article)s),
        urls AS (
            SELECT url_id FROM ops.frontier WHERE url_key IN (SELECT url_key FROM keys) OR article_id = %(article)s OR url_id = %(article)s
            UNION SELECT article_id FROM ops.twin WHERE joined_into = %(article)s)
        SELECT ARRAY(SELECT url_id FROM urls ORDER BY 1),
            ARRAY(SELECT url_key FROM keys UNION SELECT f.url_key FROM ops.frontier AS f JOIN urls USING (url_id) ORDER BY 1)
        """,
        {"key": key, "article": article_id},
    )
    url_ids, keys = cursor.fetchone()  # type: ignore[misc]
    return Addresses(article_id, tuple(url_ids), tuple(keys))


def entomb(cursor: Cursor, keys: Iterable[str], url: str, article_id: int | None, why: str) -> None:
    """What is known already keeps its first reason."""
    insert_values(
        cursor,
        "INSERT INTO ops.withdrawal (url_key, url, article_id, why) VALUES %s ON CONFLICT (url_key) DO NOTHING",
        [(key, url, article_id, why) for key in sorted(keys)],
    )


def withdrawn(cursor: Cursor, keys: Collection[str]) -> dict[str, str]:
    """Those of these addresses that are withdrawn -> why."""
    cursor.execute("SELECT url_key, why FROM ops.withdrawal WHERE url_key = ANY(%s)", (list(keys),))
    return dict(cursor.fetchall())


def set_apart(cursor: Cursor, article_id: int) -> set[int]:
    """The article is like no other from now on. Returns those whose groups must be formed anew."""
    cursor.execute(
        "SELECT article_id FROM ops.article WHERE cluster_id = (SELECT cluster_id FROM ops.article WHERE article_id = %s)",
        (article_id,),
    )
    group = {member for (member,) in cursor.fetchall()}
    fingerprints.forget(cursor, [article_id])
    cursor.execute("DELETE FROM ops.pair WHERE %(id)s IN (article_a, article_b)", {"id": article_id})
    return group


def take_from_analysts(cursor: Cursor, article_id: int | None) -> int:
    """Remove the article from `news`, and tell its group, story and day anew. Returns articles removed, 0 or 1.

    Groups and stories must have been formed without it.
    """
    cursor.execute("CREATE TEMPORARY TABLE publishing (article_id bigint) ON COMMIT DROP")
    cursor.execute(
        "CREATE TEMPORARY TABLE parting ON COMMIT DROP AS SELECT article_id, cluster_id, story_id FROM news.article WHERE article_id = %s",
        (article_id,),
    )
    removed = cursor.rowcount
    cursor.execute(
        "CREATE TEMPORARY TABLE unnamed ON COMMIT DROP AS SELECT entity_id FROM news.article_entity WHERE article_id = %s",
        (article_id,),
    )
    clusters.regroup(cursor)
    for statement in twins.REMOVE:
        cursor.execute(statement)
    clusters.publish(cursor, "withdraw")
    stories.publish(cursor)
    cursor.execute(names.FORGET_UNNAMED)
    days.refresh_days(cursor, None)
    return removed


# In the order of who reads anew (a URL, then its page of a report) and of who reads and names (a visit, then its document).
# A visit whose page is only being fetched is passed over: its fetch holds it while the archive takes the page, and may
# want its URL then.
_LOCK_URLS_AND_READINGS = (
    """SELECT 1 FROM ops.frontier WHERE url_id = ANY(%(urls)s) ORDER BY url_key COLLATE "C" FOR NO KEY UPDATE""",
    "SELECT 1 FROM ops.reprocess_page WHERE url_id = ANY(%(urls)s) ORDER BY reprocess_id, url_id FOR UPDATE",
    """
    SELECT 1 FROM ops.visit WHERE url_id = ANY(%(urls)s) AND (capture_id IS NOT NULL OR outcome IS NOT NULL)
    ORDER BY batch_id, capture_id, url_id FOR NO KEY UPDATE
    """,
    "SELECT 1 FROM ops.document WHERE url_id = ANY(%(urls)s) ORDER BY document_id FOR UPDATE",
)


def forget(cursor: Cursor, found: Addresses, why: str) -> int:
    """Remove all that was read from these pages. Returns how many readings there were.

    A visit that is under way and has no reading yet goes on, and is refused when its page is told from others, or, where
    it ends before that, when it is settled. Whoever reads one of these pages just now, or looks for names in it, is waited
    for, or finds that it is gone.
    """
    values = {"urls": list(found.url_ids), "article": found.article_id, "why": why}
    for statement in _LOCK_URLS_AND_READINGS:
        cursor.execute(statement, values)
    cursor.execute(
        """
        CREATE TEMPORARY TABLE readings ON COMMIT DROP AS
        SELECT document_id FROM ops.document WHERE url_id = ANY(%(urls)s)
        """,
        values,
    )
    readings = cursor.rowcount
    for statement in (
        "DELETE FROM ops.article_key WHERE article_id = %(article)s",
        "DELETE FROM ops.twin WHERE joined_into = %(article)s",
        "DELETE FROM ops.article WHERE article_id = %(article)s",
        "DELETE FROM ops.reprocess_page WHERE url_id = ANY(%(urls)s)",
        "DELETE FROM ops.template_page WHERE url_id = ANY(%(urls)s)",
        """
        UPDATE ops.visit
        SET stage = 'deduplicate', outcome = 'withdrawn', article_id = NULL
        WHERE url_id = ANY(%(urls)s) AND settled_at IS NULL
          AND (outcome IS NOT NULL OR document_id IN (SELECT document_id FROM readings))
        """,
        """
        UPDATE ops.visit SET document_id = NULL, evidence = NULL,
            reason = CASE WHEN outcome = 'withdrawn' THEN %(why)s ELSE reason END
        WHERE url_id = ANY(%(urls)s) AND outcome IS NOT NULL
        """,
        "DELETE FROM ops.mention WHERE document_id IN (SELECT document_id FROM readings)",
        "DELETE FROM ops.document_entity WHERE document_id IN (SELECT document_id FROM readings)",
        "DELETE FROM ops.document WHERE document_id IN (SELECT document_id FROM readings)",
        # a page's headers may quote it (Link, Content-Disposition)
        "UPDATE ops.capture SET headers = '{}' WHERE url_id = ANY(%(urls)s)",
        """
        UPDATE ops.frontier
        SET outcome = 'withdrawn', reason = %(why)s, stage = NULL, article_id = NULL, title = NULL, next_visit_at = NULL,
            etag = NULL, last_modified = NULL
        WHERE url_id = ANY(%(urls)s)
        """,
    ):
        cursor.execute(statement, values)
    return readings


def refuse(cursor: Cursor, visits: Sequence[tuple[int, int, int, str, str]]) -> None:
    """(batch_id, url_id, document_id, address, why): end these visits as withdrawn, and forget what was read there."""
    insert_values(
        cursor,
        """
        UPDATE ops.visit AS v
        SET stage = 'deduplicate', outcome = 'withdrawn', reason = d.why, document_id = NULL, evidence = NULL, deduplicated_at = now()
        FROM (VALUES %s) AS d (batch_id, url_id, document_id, address, why) WHERE v.batch_id = d.batch_id AND v.url_id = d.url_id
        """,
        visits,
    )
    cursor.execute("DELETE FROM ops.template_page WHERE url_id = ANY(%s)", ([url_id for _, url_id, _, _, _ in visits],))
    documents = [document_id for _, _, document_id, _, _ in visits]
    for statement in (
        "UPDATE ops.reprocess_page SET document_id = NULL, reading = NULL WHERE document_id = ANY(%s)",
        "DELETE FROM ops.mention WHERE document_id = ANY(%s)",
        "DELETE FROM ops.document_entity WHERE document_id = ANY(%s)",
        "DELETE FROM ops.document WHERE document_id = ANY(%s)",
    ):
        cursor.execute(statement, (documents,))
    for _, _, _, address, why in visits:
        entomb(cursor, [address], address, None, why)


def refuse_ended(cursor: Cursor, run_id: int) -> None:
    """The run's visits that ended at an address that was withdrawn meanwhile: end them as that.

    What they ended in, and the beginning of the text as its evidence, was found by a reading that nobody stopped.
    """
    cursor.execute(
        """
        WITH refused AS (
            UPDATE ops.visit AS v
            SET stage = 'publish', outcome = 'withdrawn', reason = w.why, evidence = NULL, article_id = NULL
            FROM ops.batch AS b, ops.frontier AS f, ops.withdrawal AS w
            WHERE b.run_id = %s AND v.batch_id = b.batch_id AND f.url_id = v.url_id AND w.url_key = f.url_key
              AND v.outcome <> 'withdrawn' AND v.settled_at IS NULL
            RETURNING v.url_id)
        DELETE FROM ops.template_page AS t USING refused WHERE t.url_id = refused.url_id
        """,
        (run_id,),
    )


def to_erase(cursor: Cursor) -> list[ToErase]:
    """The pages of withdrawn addresses that are still in the archive, one for each record."""
    cursor.execute(
        """
        SELECT DISTINCT ON (c.warc_file, c.warc_offset) c.capture_id, c.final_url, c.warc_file, c.warc_offset, c.warc_length
        FROM ops.withdrawal AS w JOIN ops.frontier AS f USING (url_key) JOIN ops.capture AS c USING (url_id)
        WHERE c.erased_at IS NULL
        ORDER BY c.warc_file, c.warc_offset, c.capture_id
        """
    )
    return [
        ToErase(
            row["capture_id"],
            row["final_url"],
            ArchivedAt(row["warc_file"], row["warc_offset"], row["warc_length"]),
        )
        for row in rows(cursor)
    ]


def erased(cursor: Cursor, at: ArchivedAt) -> None:
    cursor.execute(
        "UPDATE ops.capture SET erased_at = now(), headers = '{}' WHERE warc_file = %s AND warc_offset = %s",
        (at.file, at.offset),
    )
