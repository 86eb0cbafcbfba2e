"""The operator's word on entities: merges, splits, and their undoing. What is shown follows at once; see `names`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsdesk.store import names
from newsdesk.store.database import Cursor, insert_values, rows


@dataclass(frozen=True, slots=True)
class Shown:
    """An entity as analysts see it."""

    entity_id: str
    type: str
    name: str
    articles: int
    mentions: int
    wikidata_id: str | None
    geonames_id: int | None
    link_confidence: float | None
    merged_into: str | None
    aliases: Sequence[str]


_SHOWN = """
    SELECT e.entity_id::text, e.type, e.name, e.articles, e.mentions, e.wikidata_id, e.geonames_id, e.link_confidence,
        e.merged_into::text,
        ARRAY(SELECT a.alias FROM news.entity_alias AS a WHERE a.entity_id = e.entity_id
              ORDER BY a.mentions DESC, a.alias LIMIT 8) AS aliases
    FROM news.entity AS e
"""


def read(cursor: Cursor, entity_ids: Sequence[str]) -> dict[str, Shown]:
    cursor.execute(f"{_SHOWN} WHERE e.entity_id = ANY(%s::uuid[])", (list(entity_ids),))
    return {row["entity_id"]: Shown(**row) for row in rows(cursor)}


def find(cursor: Cursor, name: str, most: int) -> list[Shown]:
    """Those called so, in full or in a form that was printed; those that most articles name come first."""
    cursor.execute(
        f"""{_SHOWN}
        WHERE e.entity_id IN (
            SELECT entity_id FROM news.entity WHERE lower(name) = lower(%(name)s) OR wikidata_id = %(name)s
            UNION
            SELECT entity_id FROM news.entity_alias WHERE lower(alias) = lower(%(name)s))
        ORDER BY e.articles DESC, e.name, e.entity_id LIMIT %(most)s
        """,
        {"name": name, "most": most},
    )
    return [Shown(**row) for row in rows(cursor)]


def merge(cursor: Cursor, entity_ids: Sequence[str], into: Shown, why: str | None) -> int:
    """From now on these are `into`, and so is what was merged into them. Returns how many articles change."""
    touched = _articles_of(cursor, entity_ids)
    cursor.execute("DELETE FROM ops.entity_merge WHERE entity_id = %s", (into.entity_id,))
    cursor.execute(
        "UPDATE ops.entity_merge SET into_id = %s WHERE into_id = ANY(%s::uuid[])", (into.entity_id, list(entity_ids))
    )
    cursor.execute(
        """
        INSERT INTO ops.entity_merge (entity_id, into_id, type, name, why)
        SELECT entity_id, %s, type, name, %s FROM news.entity WHERE entity_id = ANY(%s::uuid[])
        ON CONFLICT (entity_id) DO UPDATE SET into_id = EXCLUDED.into_id, why = EXCLUDED.why, made_at = now()
        """,
        (into.entity_id, why, list(entity_ids)),
    )
    cursor.execute(
        "UPDATE news.entity SET merged_into = %(into)s WHERE entity_id = ANY(%(ids)s::uuid[]) OR merged_into = ANY(%(ids)s::uuid[])",
        {"into": into.entity_id, "ids": list(entity_ids)},
    )
    cursor.execute("UPDATE news.entity SET merged_into = NULL WHERE entity_id = %s", (into.entity_id,))
    return show_anew(cursor, touched)


def unmerge(cursor: Cursor, entity_id: str) -> int | None:
    """It stands for itself again. Returns how many articles change; None where it was not merged."""
    cursor.execute("DELETE FROM ops.entity_merge WHERE entity_id = %s RETURNING into_id::text", (entity_id,))
    found = cursor.fetchone()
    if found is None:
        return None
    cursor.execute("UPDATE news.entity SET merged_into = NULL WHERE entity_id = %s", (entity_id,))
    return show_anew(cursor, _articles_of(cursor, [found[0]]))


def split(cursor: Cursor, entity: Shown, articles: Sequence[int], to: Shown, why: str | None) -> int:
    """In these articles `entity` is `to`. Returns how many articles change."""
    insert_values(
        cursor,
        """
        INSERT INTO ops.entity_split (entity_id, article_id, to_id, type, name, wikidata_id, why) VALUES %s
        ON CONFLICT (entity_id, article_id) DO UPDATE
        SET to_id = EXCLUDED.to_id, type = EXCLUDED.type, name = EXCLUDED.name, wikidata_id = EXCLUDED.wikidata_id,
            why = EXCLUDED.why, made_at = now()
        """,
        [(entity.entity_id, article, to.entity_id, to.type, to.name, to.wikidata_id, why) for article in articles],
    )
    return show_anew(cursor, articles)


def unsplit(cursor: Cursor, entity_id: str) -> int | None:
    """All that was split off from it, or into it, goes back. Returns how many articles change; None: nothing was."""
    cursor.execute(
        "DELETE FROM ops.entity_split WHERE entity_id = %(id)s OR to_id = %(id)s RETURNING article_id",
        {"id": entity_id},
    )
    touched = [article_id for (article_id,) in cursor.fetchall()]
    return show_anew(cursor, touched) if touched else None


def naming(cursor: Cursor, entity_id: str, articles: Sequence[int]) -> set[int]:
    """Those of these articles that name it."""
    cursor.execute(
        "SELECT article_id FROM news.article_entity WHERE entity_id = %s AND article_id = ANY(%s)",
        (entity_id, list(articles)),
    )
    return {article_id for (article_id,) in cursor.fetchall()}


def _articles_of(cursor: Cursor, entity_ids: Sequence[str]) -> list[int]:
    cursor.execute(
        "SELECT DISTINCT article_id FROM news.article_entity WHERE entity_id = ANY(%s::uuid[])", (list(entity_ids),)
    )
    return [article_id for (article_id,) in cursor.fetchall()]


def show_anew(cursor: Cursor, articles: Sequence[int]) -> int:
    """Show these articles' names by the operator's present word.

    An article whose text was read a little otherwise since (see `article_versions`) keeps the names of the text that is shown,
    with their ids exchanged where they were merged.
    """
    cursor.execute(
        """
        CREATE TEMPORARY TABLE naming ON COMMIT DROP AS
        SELECT a.article_id, a.document_id
        FROM ops.article AS a JOIN ops.document AS d USING (document_id) JOIN news.article AS n USING (article_id)
        WHERE a.article_id = ANY(%s) AND n.body = d.body
        """,
        (list(articles),),
    )
    names.publish(cursor)
    cursor.execute("DROP TABLE naming")
    names.exchange_merged(cursor)
    # so that news.changes says it to those who keep a copy
    cursor.execute("UPDATE news.article SET loaded_at = now() WHERE article_id = ANY(%s)", (list(articles),))
    return len(articles)
