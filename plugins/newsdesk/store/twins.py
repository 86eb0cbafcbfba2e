"""Articles that turned out to be one: joined in ops at once, parted from news in the transaction of a publish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from newsdesk.store import fingerprints
from newsdesk.store.database import Cursor, insert_values

# Waits for the survivor to be visible, so that no reader ever finds neither of the two.
PARTING = """
CREATE TEMPORARY TABLE parting ON COMMIT DROP AS
SELECT t.article_id, t.joined_into, a.cluster_id, a.story_id
FROM ops.twin AS t LEFT JOIN news.article AS a USING (article_id)
WHERE t.published_at IS NULL
  AND (EXISTS (SELECT 1 FROM news.article AS s WHERE s.article_id = t.joined_into)
       OR t.joined_into IN (SELECT article_id FROM publishing))
"""

PART = (
    "DELETE FROM news.mention WHERE article_id IN (SELECT article_id FROM parting)",
    "DELETE FROM news.article_entity WHERE article_id IN (SELECT article_id FROM parting)",
    "DELETE FROM news.article_version WHERE article_id IN (SELECT article_id FROM parting)",
    "DELETE FROM news.article WHERE article_id IN (SELECT article_id FROM parting)",
    """
    UPDATE ops.frontier AS f
    SET article_id = p.joined_into,
        outcome = CASE WHEN o.has_article THEN 'duplicate_url' ELSE f.outcome END,
        reason = CASE WHEN o.has_article THEN 'another address of article ' || p.joined_into ELSE f.reason END,
        stage = CASE WHEN o.has_article THEN 'deduplicate' ELSE f.stage END,
        next_visit_at = CASE WHEN o.has_article THEN NULL ELSE f.next_visit_at END
    FROM parting AS p, news.outcome AS o
    WHERE f.article_id = p.article_id AND o.outcome = f.outcome AND f.url_id <> p.joined_into
    """,
    "UPDATE ops.frontier AS f SET article_id = p.joined_into FROM parting AS p WHERE f.article_id = p.article_id",
    "UPDATE ops.twin AS t SET published_at = now() FROM parting AS p WHERE t.article_id = p.article_id",
)


def visible(cursor: Cursor, article_ids: Iterable[int]) -> set[int]:
    """Which of these are in news.article."""
    cursor.execute("SELECT article_id FROM news.article WHERE article_id = ANY(%s)", (list(article_ids),))
    return {article_id for (article_id,) in cursor.fetchall()}


def join(cursor: Cursor, survivor_of: Mapping[int, int]) -> set[int]:
    """Twin -> the article that it is. Returns the articles whose groups must be formed anew.

    The twins' addresses lead to the survivor; what was computed from their texts goes, and visits that would have
    published them end as duplicates.
    """
    if not survivor_of:
        return set()
    pairs, twins = sorted(survivor_of.items()), list(survivor_of)
    cursor.execute(
        """
        SELECT o.article_id FROM ops.article AS o
        WHERE o.cluster_id IN (SELECT t.cluster_id FROM ops.article AS t WHERE t.article_id = ANY(%(twins)s))
          AND o.article_id <> ALL(%(twins)s)
        """,
        {"twins": twins},
    )
    neighbours = {article_id for (article_id,) in cursor.fetchall()}
    for statement in (
        "UPDATE ops.article_key AS k SET article_id = v.survivor FROM (VALUES %s) AS v (twin, survivor) WHERE k.article_id = v.twin",
        "UPDATE ops.twin AS t SET joined_into = v.survivor FROM (VALUES %s) AS v (twin, survivor) WHERE t.joined_into = v.twin",
        "INSERT INTO ops.twin (article_id, joined_into) VALUES %s",
        """
        UPDATE ops.visit AS w
        SET article_id = v.survivor, stage = 'deduplicate', outcome = 'duplicate_url',
            reason = 'another address of article ' || v.survivor
        FROM (VALUES %s) AS v (twin, survivor)
        WHERE w.article_id = v.twin AND w.url_id <> v.survivor AND w.settled_at IS NULL
          AND (w.outcome IS NULL OR w.outcome = 'duplicate_url')
        """,
    ):
        insert_values(cursor, statement, pairs)
    fingerprints.forget(cursor, twins)
    for statement in (
        "DELETE FROM ops.pair WHERE article_a = ANY(%(twins)s) OR article_b = ANY(%(twins)s)",
        "DELETE FROM ops.article WHERE article_id = ANY(%(twins)s)",
    ):
        cursor.execute(statement, {"twins": twins})
    return neighbours | set(survivor_of.values())
