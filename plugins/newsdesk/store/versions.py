"""Versions of articles: which of the documents about to be published make one, and what changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from newsdesk.article_versions import Change, State, compare
from newsdesk.portions import portions
from newsdesk.store.database import Cursor, insert_values, rows

# What a reading anew makes another version of (reread): where one of these differs in more than white space; where not,
# the version that is there is put right.
VERSIONED = ("title", "body", "authors", "published_at", "modified_at")

_AT_ONCE = 200  # articles whose texts are held at the same time
_COSMETIC = "the page differs only in how its type is set or in what moves by itself: counts, clocks, today's date"
_BETTER = "the page says the same; what is its site's furniture is left out now"

_OPEN = """
SELECT p.article_id FROM publishing AS p
WHERE p.old_version IS NOT NULL AND (p.outcome IS NULL OR p.reread AND p.outcome = 'updated') ORDER BY 1
"""

# The version that is shown, not the last document, is what a page is held against: small differences cannot add up unseen.
_PAIRS = """
WITH furniture AS (
    SELECT gone.article_id, array_agg(DISTINCT t.text) AS texts
    FROM (
        SELECT p.article_id, unnest(string_to_array(split_part(d.provenance ->> 'template', 'left out: ', 2), ' ')::bigint[]) AS block
        FROM publishing AS p JOIN ops.document AS d USING (document_id)
        WHERE p.article_id = ANY(%(ids)s) AND d.provenance ->> 'template' <> '') AS gone
    JOIN ops.template AS t USING (block) GROUP BY 1)
SELECT p.article_id, p.reread, p.changed AS reread_changes, p.fetched_at, a.title, a.body, a.authors, a.published_at,
    a.published_precision, a.modified_at, coalesce(v.seen_at, p.fetched_at) AS seen_at,
    d.title AS new_title, d.body AS new_body, d.authors AS new_authors, d.published_at AS new_published_at,
    d.published_precision AS new_published_precision, d.modified_at AS new_modified_at,
    coalesce(furniture.texts, '{}') AS left_out
FROM publishing AS p
JOIN news.article AS a USING (article_id)
JOIN ops.document AS d USING (document_id)
LEFT JOIN news.article_version AS v ON v.article_id = a.article_id AND v.version = a.version
LEFT JOIN furniture ON furniture.article_id = p.article_id
WHERE p.article_id = ANY(%(ids)s)
"""

WRITE = (
    """
    INSERT INTO news.article_version (article_id, version, seen_at, title, body, authors, published_at, modified_at,
        word_count, reread, changed, words_added, words_removed, diff)
    SELECT p.article_id, a.version, p.fetched_at, a.title, a.body, a.authors, a.published_at, a.modified_at, a.word_count,
        p.reread AND p.old_version IS NOT NULL, p.changed, p.words_added, p.words_removed, p.diff
    FROM publishing AS p JOIN news.article AS a USING (article_id)
    WHERE p.outcome IN ('published', 'updated')
    """,
    """
    UPDATE news.article_version AS v SET title = a.title, body = a.body, word_count = a.word_count
    FROM publishing AS p JOIN news.article AS a USING (article_id)
    WHERE p.put_right AND p.outcome = 'unchanged' AND v.article_id = a.article_id AND v.version = a.version
      AND (v.title, v.body) IS DISTINCT FROM (a.title, a.body)
    """,
)


def decide(cursor: Cursor) -> None:
    """Settle the rows of `publishing` whose outcome is open: updated with what changed, or unchanged."""
    cursor.execute(_OPEN)
    waiting = [article_id for (article_id,) in cursor.fetchall()]
    for some in portions(waiting, _AT_ONCE):
        cursor.execute(_PAIRS, {"ids": some})
        _save(cursor, [_decided(row) for row in rows(cursor)])


def _decided(row: dict[str, Any]) -> tuple[object, ...]:
    change = compare(
        _state(row, "", row["seen_at"], ()), _state(row, "new_", row["fetched_at"], tuple(row["left_out"]))
    )
    updated = row["reread"] or change.is_version
    # a reading anew is another version by what it was reported to change, also where that is little
    changed = list(change.changed) or (row["reread_changes"] if row["reread"] else [])
    return (
        row["article_id"],
        "updated" if updated else "unchanged",
        change.better_read and not updated,
        None if updated else _reason(change),
        changed if updated else [],
        change.added if updated else None,
        change.removed if updated else None,
        change.diff if updated else None,
    )


def _reason(change: Change) -> str:
    return _BETTER if change.better_read else _COSMETIC


def _state(row: dict[str, Any], side: str, seen_at: Any, left_out: tuple[str, ...]) -> State:
    return State(
        title=row[f"{side}title"],
        body=row[f"{side}body"],
        authors=tuple(row[f"{side}authors"]),
        published_at=row[f"{side}published_at"],
        published_precision=row[f"{side}published_precision"],
        modified_at=row[f"{side}modified_at"],
        seen_at=seen_at,
        left_out=left_out,
    )


def _save(cursor: Cursor, decided: Sequence[tuple[object, ...]]) -> None:
    insert_values(
        cursor,
        """
        UPDATE publishing AS p
        SET outcome = v.outcome, put_right = p.put_right OR v.put_right, reason = v.reason, changed = v.changed::text[],
            words_added = v.added::integer, words_removed = v.removed::integer, diff = v.diff
        FROM (VALUES %s) AS v (article_id, outcome, put_right, reason, changed, added, removed, diff)
        WHERE p.article_id = v.article_id
        """,
        decided,
    )


def of_article(cursor: Cursor, article_id: int) -> list[dict[str, Any]]:
    """Its versions in order, each with what changed since the one before."""
    cursor.execute(
        """
        SELECT version, seen_at, title, word_count, reread, changed, words_added, words_removed, diff
        FROM news.article_version WHERE article_id = %s ORDER BY version
        """,
        (article_id,),
    )
    return rows(cursor)
