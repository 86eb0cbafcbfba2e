"""Names shown to analysts: what was found in a document, linked, and put right by the operator's merges and splits.

The caller makes the temporary table `naming`: one row (article_id, document_id) for each article whose names are to be
shown anew, article of news.article. Whatever was shown of it goes. The operator's word is applied here and nowhere
else, to ids that are the same in every reading: so it outlives each reprocess.
"""

from __future__ import annotations

from newsdesk.store.database import Cursor

# From the document's entity (found_id) over the knowledge base's (own_id) to what is shown (entity_id).
# A split may be of what others were merged into, and what was split off may be merged: so merges come twice.
_NAMED = """
CREATE TEMPORARY TABLE named ON COMMIT DROP AS
SELECT n.article_id, de.document_id, de.entity_id AS found_id, coalesce(de.linked_id, de.entity_id) AS own_id,
    coalesce(last.into_id, s.to_id, first.into_id, de.linked_id, de.entity_id) AS entity_id
FROM naming AS n
JOIN ops.document_entity AS de USING (document_id)
LEFT JOIN ops.entity_merge AS first ON first.entity_id = coalesce(de.linked_id, de.entity_id)
LEFT JOIN ops.entity_split AS s
    ON s.entity_id = coalesce(first.into_id, de.linked_id, de.entity_id) AND s.article_id = n.article_id
LEFT JOIN ops.entity_merge AS last ON last.entity_id = s.to_id
"""

_GO = (
    """
    CREATE TEMPORARY TABLE unnamed ON COMMIT DROP AS
    SELECT DISTINCT entity_id FROM news.article_entity WHERE article_id IN (SELECT article_id FROM naming)
    """,
    "DELETE FROM news.mention WHERE article_id IN (SELECT article_id FROM naming)",
    "DELETE FROM news.article_entity WHERE article_id IN (SELECT article_id FROM naming)",
)

_ENTITIES = (
    """
    INSERT INTO news.entity AS e (entity_id, type, name, wikidata_id, geonames_id, iso_code, country_code,
        link_confidence, of_one_article)
    SELECT DISTINCT ON (n.own_id) n.own_id, coalesce(d.linked_type, d.type), coalesce(d.linked_name, d.name),
        d.wikidata_id, d.geonames_id, d.iso_code, d.country_code,
        CASE
            WHEN coalesce(d.geonames_id::text, d.iso_code) IS NOT NULL THEN d.link_confidence
            ELSE coalesce(d.wikidata_confidence, d.link_confidence)
        END AS link_confidence,
        d.one_article AND d.linked_id IS NULL
    FROM named AS n JOIN ops.document_entity AS d ON d.document_id = n.document_id AND d.entity_id = n.found_id
    WHERE n.entity_id = n.own_id
    ORDER BY n.own_id, d.wikidata_id NULLS LAST, length(d.name) DESC, d.name, link_confidence DESC NULLS LAST
    ON CONFLICT (entity_id) DO UPDATE
    SET type = EXCLUDED.type, wikidata_id = coalesce(EXCLUDED.wikidata_id, e.wikidata_id), geonames_id = EXCLUDED.geonames_id,
        iso_code = EXCLUDED.iso_code, country_code = EXCLUDED.country_code,
        name = CASE WHEN EXCLUDED.wikidata_id IS NULL AND EXCLUDED.geonames_id IS NULL THEN e.name ELSE EXCLUDED.name END,
        link_confidence = greatest(e.link_confidence, EXCLUDED.link_confidence), merged_into = NULL
    WHERE (e.type, e.wikidata_id, e.geonames_id, e.iso_code, e.country_code)
            IS DISTINCT FROM (EXCLUDED.type, coalesce(EXCLUDED.wikidata_id, e.wikidata_id), EXCLUDED.geonames_id, EXCLUDED.iso_code, EXCLUDED.country_code)
      OR EXCLUDED.link_confidence > coalesce(e.link_confidence, -1)
      OR e.merged_into IS NOT NULL
    """,
    """
    INSERT INTO news.entity AS e (entity_id, type, name, wikidata_id)
    SELECT DISTINCT ON (s.to_id) s.to_id, s.type, s.name, s.wikidata_id
    FROM ops.entity_split AS s WHERE s.to_id IN (SELECT entity_id FROM named WHERE entity_id <> own_id)
    ORDER BY s.to_id, s.made_at
    ON CONFLICT (entity_id) DO NOTHING
    """,
)

# Salience as reading goes: the title weighs as three mentions, the first of the body's lines more than its last.
# (Dunietz and Gillick, A New Entity Salience Task with Millions of Training Examples, 2014: title, count, first position.)
_COME = (
    """
    INSERT INTO news.mention (article_id, entity_id, type, subtype, text, start_pos, end_pos, value, value_precision)
    SELECT n.article_id, d.entity_id, m.type, m.subtype, m.text, m.start_pos, m.end_pos, m.value, m.value_precision
    FROM naming AS n JOIN ops.mention AS m USING (document_id)
    LEFT JOIN named AS d ON d.article_id = n.article_id AND d.found_id = m.entity_id
    """,
    """
    INSERT INTO news.article_entity (article_id, entity_id, mentions, first_pos, in_title, seen_at, salience)
    SELECT t.article_id, t.entity_id, t.mentions, t.first_pos, t.in_title, coalesce(a.published_at, a.first_seen_at),
        t.weight / sum(t.weight) OVER (PARTITION BY t.article_id)
    FROM (
        SELECT n.article_id, n.entity_id, sum(d.mentions) AS mentions, min(d.first_pos) AS first_pos,
            bool_or(d.in_title) AS in_title,
            sum(d.mentions) + 3 * bool_or(d.in_title)::int
                + coalesce(1 - min(d.first_pos)::float / greatest(min(length(x.body)), 1), 0) AS weight
        FROM named AS n
        JOIN ops.document_entity AS d ON d.document_id = n.document_id AND d.entity_id = n.found_id
        JOIN ops.document AS x ON x.document_id = n.document_id
        GROUP BY 1, 2) AS t
    JOIN news.article AS a USING (article_id)
    """,
)

# What no article names any more goes, but for what the operator's word is about. Reads the temporary table `unnamed`.
FORGET_UNNAMED = """
DELETE FROM news.entity AS e
WHERE e.entity_id IN (SELECT entity_id FROM unnamed) AND e.articles = 0 AND e.merged_into IS NULL
  AND NOT EXISTS (SELECT 1 FROM ops.entity_merge AS m WHERE m.into_id = e.entity_id)
  AND NOT EXISTS (SELECT 1 FROM news.entity AS o WHERE o.merged_into = e.entity_id)
"""


def publish(cursor: Cursor) -> None:
    """Show the names of `naming`'s documents in place of those that its articles had."""
    for statement in (_NAMED, *_GO, *_ENTITIES, *_COME, FORGET_UNNAMED, "DROP TABLE named, unnamed"):
        cursor.execute(statement)


# Of articles whose shown text is not their document's: names that were found in another text stay, with ids exchanged.
_EXCHANGED = (
    """
    CREATE TEMPORARY TABLE exchanged ON COMMIT DROP AS
    SELECT ae.article_id, coalesce(m.into_id, ae.entity_id) AS entity_id, ae.entity_id AS old_id, ae.mentions, ae.first_pos,
        ae.in_title, ae.seen_at, ae.salience
    FROM news.article_entity AS ae LEFT JOIN ops.entity_merge AS m USING (entity_id)
    WHERE ae.article_id IN (
        SELECT b.article_id FROM news.article_entity AS b JOIN ops.entity_merge AS c USING (entity_id))
    """,
    """
    CREATE TEMPORARY TABLE renamed ON COMMIT DROP AS
    SELECT n.* FROM news.mention AS n WHERE n.article_id IN (SELECT article_id FROM exchanged)
    """,
    "DELETE FROM news.mention WHERE article_id IN (SELECT article_id FROM exchanged)",
    "DELETE FROM news.article_entity WHERE article_id IN (SELECT article_id FROM exchanged)",
    """
    INSERT INTO news.mention (article_id, entity_id, type, subtype, text, start_pos, end_pos, value, value_precision)
    SELECT r.article_id, coalesce(m.into_id, r.entity_id), r.type, r.subtype, r.text, r.start_pos, r.end_pos, r.value,
        r.value_precision
    FROM renamed AS r LEFT JOIN ops.entity_merge AS m USING (entity_id)
    """,
    """
    INSERT INTO news.article_entity (article_id, entity_id, mentions, first_pos, in_title, seen_at, salience)
    SELECT article_id, entity_id, sum(mentions), min(first_pos), bool_or(in_title), min(seen_at), least(sum(salience), 1)
    FROM exchanged GROUP BY 1, 2
    """,
    "DROP TABLE exchanged, renamed",
)


def exchange_merged(cursor: Cursor) -> None:
    """Where an entity is still shown that was merged, show what it was merged into."""
    for statement in _EXCHANGED:
        cursor.execute(statement)
