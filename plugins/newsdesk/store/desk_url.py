"""One URL at the desk, beyond what `explain` tells: its text and names, what was left out, its group and its story."""

from __future__ import annotations

from typing import Any

from newsdesk.model import ArchivedAt
from newsdesk.store.asking import Answer, ask
from newsdesk.store.database import Cursor, first_row

_MENTIONS = """
SELECT m.start_pos, m.end_pos, m.type, m.subtype, m.text, m.entity_id::text AS entity_id, e.name, e.wikidata_id
FROM news.mention AS m JOIN news.entity AS e USING (entity_id)
WHERE m.article_id = %(article)s ORDER BY m.start_pos, m.end_pos DESC
"""

_BLOCKS = """
SELECT p.texts[i] AS text, p.blocks[i] = ANY(p.left_out) AS left_out, t.why, t.path
FROM ops.template_page AS p CROSS JOIN LATERAL generate_subscripts(p.blocks, 1) AS i
LEFT JOIN ops.template AS t ON t.site = p.site AND t.block = p.blocks[i]
WHERE p.url_id = %(url)s ORDER BY i
"""

_GROUP = """
SELECT a.article_id AS url_id, a.source_id, a.title, a.url, a.published_at, a.is_primary, a.word_count, p.score
FROM news.article AS a
LEFT JOIN ops.pair AS p ON p.article_a = least(a.article_id, %(article)s) AND p.article_b = greatest(a.article_id, %(article)s)
WHERE a.cluster_id = %(cluster)s ORDER BY a.is_primary DESC, a.published_at NULLS LAST, a.article_id LIMIT 50
"""

_STORY = """
SELECT a.article_id AS url_id, a.source_id, a.title, a.url, a.published_at, a.is_primary, a.cluster_id FROM news.article AS a
WHERE a.story_id = %(story)s ORDER BY a.published_at NULLS LAST, a.article_id LIMIT 50
"""

_WITHDRAWAL = """
SELECT w.url, w.article_id, w.why, w.asked_at, w.asked_by,
    (SELECT count(*)::int FROM ops.withdrawal AS o WHERE o.article_id = w.article_id) AS addresses,
    (SELECT count(*)::int FROM ops.frontier AS f JOIN ops.capture AS c USING (url_id) WHERE f.url_key = w.url_key AND c.erased_at IS NULL) AS kept
FROM ops.withdrawal AS w WHERE w.url_key = %(key)s
"""


def text(cursor: Cursor, article_id: int) -> dict[str, Any] | None:
    """The article as the analysts have it."""
    cursor.execute(
        """
        SELECT a.article_id, a.source_id, a.url, a.canonical_url, a.title, a.body, a.authors, a.language, a.published_at,
            a.published_precision, a.modified_at, a.section, a.tags, a.description, a.word_count, a.cluster_id, a.story_id,
            a.version, d.capture_id, d.provenance, s.title AS story_title, s.articles AS story_articles, s.outlets AS story_outlets
        FROM news.article AS a LEFT JOIN ops.article AS o USING (article_id) LEFT JOIN ops.document AS d USING (document_id)
        LEFT JOIN news.story AS s ON s.story_id = a.story_id
        WHERE a.article_id = %s
        """,
        (article_id,),
    )
    return first_row(cursor)


def mentions(cursor: Cursor, article_id: int) -> Answer:
    """Names in the body, in order."""
    return ask(cursor, _MENTIONS, {"article": article_id})


def blocks(cursor: Cursor, url_id: int) -> Answer:
    """The text's blocks before its site's furniture was left out: beginnings, in order; empty: not kept any more."""
    return ask(cursor, _BLOCKS, {"url": url_id})


def group(cursor: Cursor, article_id: int, cluster_id: int) -> Answer:
    """Articles with nearly the same text."""
    return ask(cursor, _GROUP, {"article": article_id, "cluster": cluster_id})


def story(cursor: Cursor, story_id: int) -> Answer:
    """Articles on the same event."""
    return ask(cursor, _STORY, {"story": story_id})


def withdrawal(cursor: Cursor, url_key: str) -> Answer:
    """The tombstone of the address: one row or none."""
    return ask(cursor, _WITHDRAWAL, {"key": url_key})


def archived(cursor: Cursor, capture_id: int) -> tuple[ArchivedAt, str | None, bool] | None:
    """Where a capture lies, its content type, and whether its page was withdrawn: then nobody is shown it any more."""
    cursor.execute(
        """
        SELECT c.warc_file, c.warc_offset, c.warc_length, c.content_type, c.erased_at IS NOT NULL OR f.outcome = 'withdrawn'
            OR EXISTS (SELECT 1 FROM ops.withdrawal AS w WHERE w.url_key = f.url_key)
        FROM ops.capture AS c JOIN ops.frontier AS f USING (url_id) WHERE c.capture_id = %s
        """,
        (capture_id,),
    )
    row = cursor.fetchone()
    return (ArchivedAt(row[0], row[1], row[2]), row[3], bool(row[4])) if row else None
