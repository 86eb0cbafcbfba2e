"""Groups of articles with the same text: who is in which, and how a change of groups becomes visible.

In `ops.article` a group is named by its first member. In `news` too, but by the first of those that analysts see: one
that a dead run left half-way must not be pointed at. What follows here is the same for a publish, which brings
articles, and for a reconcile, which brings none.
"""

from __future__ import annotations

from collections.abc import Mapping

from newsdesk.store.database import Cursor, insert_values
from newsdesk.store.fingerprints import EARLIEST_FIRST

_NOTHING_COMES_OR_GOES = """
CREATE TEMPORARY TABLE publishing (article_id bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE parting (article_id bigint, cluster_id bigint, story_id bigint) ON COMMIT DROP
"""

# How few they are is known after ANALYZE only: the planner takes each group for one that changed, and reads every table.
_TOUCHED = """
CREATE TEMPORARY TABLE touched ON COMMIT DROP AS
SELECT cluster_id FROM ops.article WHERE cluster_id IS DISTINCT FROM published_cluster_id
UNION
SELECT o.cluster_id FROM publishing AS p JOIN ops.article AS o USING (article_id)
UNION
SELECT o.cluster_id
FROM parting AS p JOIN news.article AS a ON a.cluster_id = p.cluster_id JOIN ops.article AS o ON o.article_id = a.article_id;
ANALYZE touched
"""

_REGROUPED = f"""
CREATE TEMPORARY TABLE regrouped ON COMMIT DROP AS
SELECT o.article_id, o.cluster_id AS group_id, a.cluster_id AS old_cluster_id,
    first_value(o.article_id) OVER (PARTITION BY o.cluster_id ORDER BY {EARLIEST_FIRST}) AS cluster_id
FROM ops.article AS o
JOIN ops.document AS d USING (document_id)
JOIN ops.frontier AS f ON f.url_id = o.article_id
LEFT JOIN news.article AS a ON a.article_id = o.article_id
WHERE o.cluster_id IN (SELECT cluster_id FROM touched)
  AND (a.article_id IS NOT NULL OR o.article_id IN (SELECT article_id FROM publishing))
"""

# An old group's first member that is in none of the groups touched is still where it was: the others left it.
_CHANGES = """
INSERT INTO news.cluster_change (article_id, from_cluster_id, to_cluster_id, why, step)
SELECT r.article_id, r.old_cluster_id, r.cluster_id,
    CASE
        WHEN first.cluster_id IS DISTINCT FROM r.cluster_id
            AND NOT EXISTS (SELECT FROM parting AS p WHERE p.article_id = r.old_cluster_id)
        THEN 'split'
        WHEN r.groups_before > 1 THEN 'merged'
        ELSE 'first_member'
    END,
    %(step)s
FROM (
    SELECT *, CASE WHEN min(old_cluster_id) OVER same < max(old_cluster_id) OVER same THEN 2 ELSE 1 END AS groups_before
    FROM regrouped WINDOW same AS (PARTITION BY cluster_id)) AS r
LEFT JOIN regrouped AS first ON first.article_id = r.old_cluster_id
WHERE r.old_cluster_id <> r.cluster_id
"""

_PUBLISH = (
    """
    UPDATE news.article AS a SET cluster_id = r.cluster_id, is_primary = (r.cluster_id = a.article_id)
    FROM regrouped AS r WHERE a.article_id = r.article_id AND a.cluster_id <> r.cluster_id
    """,
    """
    UPDATE ops.article AS o SET published_cluster_id = r.group_id
    FROM regrouped AS r WHERE o.article_id = r.article_id AND o.published_cluster_id IS DISTINCT FROM r.group_id
    """,
    """
    INSERT INTO news.cluster (cluster_id, size, outlets, primary_article_id, first_published_at, last_published_at,
        first_seen_at, last_seen_at, language)
    SELECT a.cluster_id, count(*), count(DISTINCT a.source_id), a.cluster_id, min(a.published_at), max(a.published_at),
        min(a.first_seen_at), max(a.first_seen_at), max(a.language) FILTER (WHERE a.is_primary)
    FROM news.article AS a
    WHERE a.cluster_id IN (
        SELECT cluster_id FROM regrouped UNION SELECT old_cluster_id FROM regrouped UNION SELECT cluster_id FROM parting)
    GROUP BY a.cluster_id
    ON CONFLICT (cluster_id) DO UPDATE
    SET size = EXCLUDED.size, outlets = EXCLUDED.outlets, first_published_at = EXCLUDED.first_published_at,
        last_published_at = EXCLUDED.last_published_at, first_seen_at = EXCLUDED.first_seen_at,
        last_seen_at = EXCLUDED.last_seen_at, language = EXCLUDED.language
    """,
    """
    DELETE FROM news.cluster AS c
    WHERE c.cluster_id IN (SELECT old_cluster_id FROM regrouped UNION SELECT cluster_id FROM parting)
      AND NOT EXISTS (SELECT 1 FROM news.article AS a WHERE a.cluster_id = c.cluster_id)
    """,
)


def neighbourhood(cursor: Cursor, article_ids: list[int]) -> tuple[list[int], list[tuple[int, int]]]:
    """All articles whose group these could touch, the one to name a group by first, and the duplicate pairs among them.

    That is: what duplicate pairs reach from these, and the present members of any of their groups.
    """
    cursor.execute(
        """
        WITH RECURSIVE reached (article_id) AS (
            SELECT article_id FROM ops.article
            WHERE cluster_id = ANY(ARRAY(SELECT cluster_id FROM ops.article WHERE article_id = ANY(%(ids)s)))
            UNION
            SELECT twin.article_id FROM reached AS r
            CROSS JOIN LATERAL (
                SELECT p.article_b AS article_id FROM ops.pair AS p WHERE p.is_duplicate AND p.article_a = r.article_id
                UNION ALL
                SELECT p.article_a FROM ops.pair AS p WHERE p.is_duplicate AND p.article_b = r.article_id) AS twin)
        SELECT article_id FROM reached
        """,
        {"ids": article_ids},
    )
    reached = {"ids": [article_id for (article_id,) in cursor.fetchall()]}
    # by their ids: the planner takes a recursion for endless, and would read every table for it
    cursor.execute(
        f"""
        SELECT a.article_id
        FROM ops.article AS a JOIN ops.document AS d USING (document_id) JOIN ops.frontier AS f ON f.url_id = a.article_id
        WHERE a.article_id = ANY(%(ids)s)
        ORDER BY {EARLIEST_FIRST}
        """,
        reached,
    )
    members = [article_id for (article_id,) in cursor.fetchall()]
    cursor.execute(
        "SELECT article_a, article_b FROM ops.pair WHERE is_duplicate AND article_a = ANY(%(ids)s) AND article_b = ANY(%(ids)s)",
        reached,
    )
    return members, cursor.fetchall()


def save(cursor: Cursor, cluster_of: Mapping[int, int]) -> int:
    """article_id -> cluster_id. Returns how many articles changed their group."""
    changed = insert_values(
        cursor,
        """
        UPDATE ops.article AS a SET cluster_id = v.cluster_id FROM (VALUES %s) AS v (article_id, cluster_id)
        WHERE a.article_id = v.article_id AND a.cluster_id <> v.cluster_id
        RETURNING a.article_id
        """,
        sorted(cluster_of.items()),
    )
    return len(changed)


def save_all(cursor: Cursor, cluster_of: Mapping[int, int]) -> int:
    """As `save`, and every other article is alone."""
    cursor.execute("CREATE TEMPORARY TABLE grouped (article_id bigint PRIMARY KEY, cluster_id bigint) ON COMMIT DROP")
    insert_values(cursor, "INSERT INTO grouped VALUES %s", cluster_of.items(), page_size=5000)
    cursor.execute("ANALYZE grouped")
    cursor.execute(
        """
        UPDATE ops.article AS a SET cluster_id = now.cluster_id
        FROM (SELECT o.article_id, coalesce(g.cluster_id, o.article_id) AS cluster_id
              FROM ops.article AS o LEFT JOIN grouped AS g USING (article_id)) AS now
        WHERE a.article_id = now.article_id AND a.cluster_id <> now.cluster_id
        """
    )
    return cursor.rowcount


def regroup(cursor: Cursor) -> None:
    """The temporary table `regrouped`: each visible article of a touched group, with its group before and now.

    Reads the temporary tables `publishing` (articles that become visible) and `parting` (that go).
    """
    cursor.execute(_TOUCHED)
    cursor.execute(_REGROUPED)


def publish(cursor: Cursor, step: str) -> int:
    """Make `regrouped` visible, and log it. `step`: of news.cluster_change. Returns articles that changed groups."""
    cursor.execute(_CHANGES, {"step": step})
    changed = cursor.rowcount
    for statement in _PUBLISH:
        cursor.execute(statement)
    return changed


def publish_alone(cursor: Cursor, step: str) -> int:
    """`regroup` and `publish` where no article comes or goes."""
    cursor.execute(_NOTHING_COMES_OR_GOES)
    regroup(cursor)
    return publish(cursor, step)


def faults(cursor: Cursor) -> list[str]:
    """What does not add up in news.cluster, in words; empty: all does."""
    cursor.execute(
        """
        SELECT format('group %s: size %s and %s outlets are said, %s and %s are there; primaries: %s', c.cluster_id, c.size,
            c.outlets, count(a.article_id), count(DISTINCT a.source_id), count(*) FILTER (WHERE a.is_primary))
        FROM news.cluster AS c LEFT JOIN news.article AS a USING (cluster_id)
        GROUP BY c.cluster_id
        HAVING count(a.article_id) <> c.size OR count(DISTINCT a.source_id) <> c.outlets
            OR count(*) FILTER (WHERE a.is_primary) <> 1
            OR min(a.article_id) FILTER (WHERE a.is_primary) <> c.primary_article_id
        ORDER BY c.cluster_id LIMIT 20
        """
    )
    return [said for (said,) in cursor.fetchall()]
