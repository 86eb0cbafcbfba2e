"""Stories: which articles are to be put into one, what stands around them, what was decided; and their publishing.

In ops, a group of near-duplicates is in a story by its first article (`ops.article.cluster_id`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from newsdesk.store.database import Cursor, insert_values, rows, single


@dataclass(frozen=True, slots=True)
class ToPlace:
    """The first article of a group whose text is new."""

    article_id: int
    document_id: int
    language: str | None
    told_at: datetime
    title: str | None
    lead: str
    names: tuple[str, ...]
    url_key: str  # of its URL: what it is called on every machine


@dataclass(frozen=True, slots=True)
class Member:
    article_id: int
    document_id: int
    story_id: int
    told_at: datetime
    terms: bytes
    url_key: str


def drop_reprints(cursor: Cursor) -> dict[int, tuple[str, int]]:
    """Take articles out that are not the first of their group any more. Group → language and story of one of them."""
    cursor.execute(
        """
        DELETE FROM ops.story_member AS m USING ops.article AS o
        WHERE o.article_id = m.article_id AND o.cluster_id <> o.article_id AND o.article_id = ANY(ARRAY(
            SELECT article_id FROM ops.article WHERE cluster_id IS DISTINCT FROM published_cluster_id))
        RETURNING o.cluster_id, m.language, m.story_id
        """
    )
    found = sorted(cursor.fetchall(), reverse=True)
    return {group: (language, story) for group, language, story in found}


def to_place(cursor: Cursor, run_id: int | None, days: float, lead_chars: int) -> list[ToPlace]:
    """The groups that this run touched, or that changed since the last publish, as far as their text is new.

    The very first time, also what was published in the last `days`.
    """
    cursor.execute(
        """
        SELECT cluster_id FROM ops.article WHERE cluster_id IS DISTINCT FROM published_cluster_id
        UNION
        SELECT o.cluster_id
        FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id) JOIN ops.article AS o USING (article_id)
        WHERE b.run_id = %(run)s AND v.settled_at IS NULL
        UNION
        SELECT o.cluster_id FROM ops.article AS o JOIN ops.document AS d USING (document_id)
        WHERE NOT EXISTS (SELECT 1 FROM ops.story) AND d.published_at > now() - %(days)s * interval '1 day'
        """,
        {"run": run_id, "days": days},
    )
    touched = [cluster_id for (cluster_id,) in cursor.fetchall()]
    cursor.execute(
        """
        SELECT o.article_id, o.document_id, d.language, coalesce(d.published_at, f.first_found_at) AS told_at,
            d.title, left(d.body, %(chars)s) AS lead, f.url_key,
            ARRAY(SELECT e.name FROM ops.document_entity AS e WHERE e.document_id = o.document_id ORDER BY e.name) AS names
        FROM ops.article AS o
        JOIN ops.document AS d USING (document_id)
        JOIN ops.frontier AS f ON f.url_id = o.article_id
        LEFT JOIN ops.story_member AS m ON m.article_id = o.article_id
        WHERE o.article_id = ANY(%(touched)s) AND m.document_id IS DISTINCT FROM o.document_id
        ORDER BY told_at, f.url_key COLLATE "C"
        """,
        {"touched": touched, "chars": lead_chars},
    )
    return [ToPlace(**{**row, "names": tuple(row["names"])}) for row in rows(cursor)]


def members_between(cursor: Cursor, language: str, since: datetime, until: datetime, days: float) -> list[Member]:
    """What was placed before and told between `since` - `days` and `until` + `days`, in the order of telling."""
    cursor.execute(
        """
        SELECT m.article_id, m.document_id, m.story_id, m.told_at, m.terms, f.url_key
        FROM ops.story_member AS m JOIN ops.frontier AS f ON f.url_id = m.article_id
        WHERE m.language = %(language)s
          AND m.told_at BETWEEN %(since)s - %(days)s * interval '1 day' AND %(until)s + %(days)s * interval '1 day'
        ORDER BY m.told_at, f.url_key COLLATE "C"
        """,
        {"language": language, "since": since, "until": until, "days": days},
    )
    return [Member(**{**row, "terms": bytes(row["terms"])}) for row in rows(cursor)]


def languages(cursor: Cursor) -> list[str]:
    cursor.execute("SELECT DISTINCT language FROM ops.story_member ORDER BY language")
    return [language for (language,) in cursor.fetchall()]


def latest_members(cursor: Cursor, language: str, most: int) -> list[Member]:
    """Those that were told last, in the order of telling."""
    cursor.execute(
        """
        SELECT m.article_id, m.document_id, m.story_id, m.told_at, m.terms, f.url_key
        FROM (SELECT * FROM ops.story_member WHERE language = %s ORDER BY told_at DESC LIMIT %s) AS m
        JOIN ops.frontier AS f ON f.url_id = m.article_id
        ORDER BY m.told_at, f.url_key COLLATE "C"
        """,
        (language, most),
    )
    return [Member(**{**row, "terms": bytes(row["terms"])}) for row in rows(cursor)]


def next_story_id(cursor: Cursor) -> int:
    """No sequence: a transaction that is rolled back and run again gives the same ids."""
    cursor.execute("SELECT coalesce(max(story_id), 0) + 1 FROM ops.story")
    return int(single(cursor))


def forget_members(cursor: Cursor, language: str, article_ids: Iterable[int]) -> dict[int, int]:
    """Make room for their new texts. Returns the story of each that had one, in this language."""
    cursor.execute(
        "DELETE FROM ops.story_member WHERE article_id = ANY(%s) RETURNING article_id, story_id, language",
        (list(article_ids),),
    )
    return {article: story for article, story, was in cursor.fetchall() if was == language}


def save_stories(cursor: Cursor, language: str, typical: Mapping[int, int], ended: Mapping[int, int]) -> None:
    """Each story's most typical article; and where those that ended went, with all that was in them."""
    insert_values(
        cursor,
        """
        INSERT INTO ops.story (story_id, language, typical_article_id) VALUES %s
        ON CONFLICT (story_id) DO UPDATE SET typical_article_id = EXCLUDED.typical_article_id
        """,
        [(story, language, article) for story, article in sorted(typical.items())],
    )
    for statement in (
        """
        UPDATE ops.story AS s SET went_into = v.heir, typical_article_id = NULL
        FROM (VALUES %s) AS v (ended, heir) WHERE s.story_id = v.ended
        """,
        "UPDATE ops.story_member AS m SET story_id = v.heir FROM (VALUES %s) AS v (ended, heir) WHERE m.story_id = v.ended",
    ):
        insert_values(cursor, statement, sorted(ended.items()))


def tell_anew(cursor: Cursor, typical: Mapping[int, int]) -> None:
    """Stories whose most typical article is to be another one: the next publish gives them its title."""
    insert_values(
        cursor,
        """
        UPDATE ops.story_member AS m SET published_story_id = NULL
        FROM (VALUES %s) AS v (story, article) JOIN ops.story AS s ON s.story_id = v.story
        WHERE m.article_id = v.article AND s.typical_article_id IS DISTINCT FROM v.article
        """,
        sorted(typical.items()),
    )


def end_stories(cursor: Cursor, heirs: Mapping[int, int]) -> None:
    """Story → where its articles went. Those that still have articles, of an earlier time, are left as they are."""
    insert_values(
        cursor,
        """
        UPDATE ops.story AS s SET went_into = v.heir, typical_article_id = NULL
        FROM (VALUES %s) AS v (ended, heir)
        WHERE s.story_id = v.ended AND NOT EXISTS (SELECT 1 FROM ops.story_member AS m WHERE m.story_id = v.ended)
        """,
        sorted(heirs.items()),
    )


def save_members(cursor: Cursor, language: str, members: Iterable[Member]) -> None:
    insert_values(
        cursor,
        """
        INSERT INTO ops.story_member (article_id, document_id, story_id, language, told_at, terms) VALUES %s
        ON CONFLICT (article_id) DO UPDATE
        SET document_id = EXCLUDED.document_id, story_id = EXCLUDED.story_id, language = EXCLUDED.language,
            told_at = EXCLUDED.told_at, terms = EXCLUDED.terms
        """,
        [(m.article_id, m.document_id, m.story_id, language, m.told_at, m.terms) for m in members],
    )


def save_moves(cursor: Cursor, story_of: Mapping[int, int]) -> None:
    """article_id → story_id."""
    insert_values(
        cursor,
        "UPDATE ops.story_member AS m SET story_id = v.story FROM (VALUES %s) AS v (article, story) WHERE m.article_id = v.article",
        sorted(story_of.items()),
    )


_PUBLISH = (
    # analysed for the same reason as `clusters`' touched
    """
    CREATE TEMPORARY TABLE retelling ON COMMIT DROP AS
    SELECT article_id AS cluster_id FROM ops.story_member WHERE story_id IS DISTINCT FROM published_story_id
    UNION
    SELECT o.cluster_id FROM publishing AS p JOIN ops.article AS o USING (article_id)
    UNION
    SELECT o.cluster_id FROM regrouped AS r JOIN ops.article AS o USING (article_id);
    ANALYZE retelling
    """,
    """
    CREATE TEMPORARY TABLE retold ON COMMIT DROP AS
    SELECT a.article_id, a.story_id AS old_story_id, m.story_id
    FROM retelling AS t
    JOIN ops.story_member AS m ON m.article_id = t.cluster_id
    JOIN ops.article AS o ON o.cluster_id = t.cluster_id
    JOIN news.article AS a ON a.article_id = o.article_id
    """,
    """
    UPDATE news.article AS a SET story_id = r.story_id
    FROM retold AS r WHERE a.article_id = r.article_id AND a.story_id IS DISTINCT FROM r.story_id
    """,
    """
    INSERT INTO news.story_change (kind, from_story_id, to_story_id, article_ids)
    SELECT
        CASE
            WHEN NOT EXISTS (SELECT 1 FROM news.article AS a WHERE a.story_id = r.old_story_id) THEN 'merged'
            WHEN NOT EXISTS (SELECT 1 FROM news.story AS s WHERE s.story_id = r.story_id) THEN 'split'
            ELSE 'moved'
        END,
        r.old_story_id, r.story_id, array_agg(r.article_id ORDER BY r.article_id)
    FROM retold AS r WHERE r.old_story_id <> r.story_id GROUP BY r.old_story_id, r.story_id
    ORDER BY r.old_story_id, r.story_id
    """,
    """
    INSERT INTO news.story (story_id, title, language, articles, texts, outlets, title_article_id, first_published_at, last_published_at)
    SELECT a.story_id, (array_agg(a.title ORDER BY t.rank, a.url))[1], (array_agg(a.language ORDER BY t.rank, a.url))[1],
        count(*), count(DISTINCT a.cluster_id), count(DISTINCT a.source_id), (array_agg(a.article_id ORDER BY t.rank, a.url))[1],
        min(a.published_at), max(a.published_at)
    FROM news.article AS a JOIN ops.story AS s USING (story_id)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN a.article_id = s.typical_article_id THEN 0 WHEN a.is_primary THEN 1 ELSE 2 END AS rank) AS t
    WHERE a.story_id IN (
        SELECT story_id FROM retold UNION SELECT old_story_id FROM retold UNION SELECT story_id FROM parting)
    GROUP BY a.story_id
    ON CONFLICT (story_id) DO UPDATE
    SET title = EXCLUDED.title, language = EXCLUDED.language, articles = EXCLUDED.articles, texts = EXCLUDED.texts,
        outlets = EXCLUDED.outlets, title_article_id = EXCLUDED.title_article_id,
        first_published_at = EXCLUDED.first_published_at, last_published_at = EXCLUDED.last_published_at
    """,
    """
    DELETE FROM news.story AS s
    WHERE s.story_id IN (SELECT old_story_id FROM retold UNION SELECT story_id FROM parting)
      AND NOT EXISTS (SELECT 1 FROM news.article AS a WHERE a.story_id = s.story_id)
    """,
    "UPDATE ops.story_member SET published_story_id = story_id WHERE story_id IS DISTINCT FROM published_story_id",
)


def publish(cursor: Cursor) -> None:
    """Make what was decided visible, after the groups; reads the temporary tables `publishing`, `regrouped`, `parting`."""
    for statement in _PUBLISH:
        cursor.execute(statement)
