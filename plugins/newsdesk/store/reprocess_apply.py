"""How a reprocess becomes current: its readings enter batches of a run, which enriches, deduplicates and publishes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg2.extras import Json

from newsdesk.store import names
from newsdesk.store.database import Cursor, insert_values, rows
from newsdesk.store.runs import is_at_work, take_over


@dataclass(frozen=True, slots=True)
class ToApply:
    """A page whose result is not applied yet, with what its URL is now."""

    url_id: int
    host: str
    capture_id: int
    fetched_at: datetime
    document_id: int | None  # the article's when the pages were listed
    current_id: int | None  # the article's now
    has_article: bool
    open_batch_id: int | None
    found: str
    outcome: str | None
    reason: str | None
    changes: tuple[str, ...]
    reading: Mapping[str, Any] | None

    @property
    def obstacle(self) -> str | None:
        """Why it is not applied, as a word of ops.reprocess_page.applied; None: it may be."""
        if self.current_id != self.document_id or (self.document_id is None and self.has_article):
            return "overtaken"
        return "in_hand" if self.open_batch_id is not None else None


def worked_on(cursor: Cursor, reprocess_id: int, run_id: int) -> bool:
    """Another run applies it now."""
    cursor.execute("SELECT run_id FROM ops.reprocess WHERE reprocess_id = %s AND applied_at IS NULL", (reprocess_id,))
    found = cursor.fetchone()
    return found is not None and is_at_work(cursor, found[0], run_id)


def lock(cursor: Cursor, reprocess_id: int) -> None:
    """Until the transaction ends nobody else takes it up or ends it."""
    cursor.execute("SELECT 1 FROM ops.reprocess WHERE reprocess_id = %s FOR UPDATE", (reprocess_id,))


def take_up(cursor: Cursor, reprocess_id: int, run_id: int) -> None:
    """Put it, with the batches that an earlier run left unfinished, into this run's hands."""
    cursor.execute("UPDATE ops.reprocess SET run_id = %s WHERE reprocess_id = %s", (run_id, reprocess_id))
    cursor.execute(
        """
        SELECT b.batch_id FROM ops.batch AS b JOIN ops.run AS r USING (run_id)
        WHERE b.reprocess_id = %s AND r.kind IN ('reprocess', 'airflow_reprocess')
          AND EXISTS (SELECT 1 FROM ops.visit AS v WHERE v.batch_id = b.batch_id AND v.settled_at IS NULL)
        ORDER BY b.batch_id FOR UPDATE OF b
        """,
        (reprocess_id,),
    )
    take_over(cursor, run_id, [batch_id for (batch_id,) in cursor.fetchall()])


def unapplied_portions(cursor: Cursor, reprocess_id: int) -> list[int]:
    cursor.execute(
        "SELECT DISTINCT portion FROM ops.reprocess_page WHERE reprocess_id = %s AND applied IS NULL ORDER BY 1",
        (reprocess_id,),
    )
    return [portion for (portion,) in cursor.fetchall()]


def to_apply(cursor: Cursor, reprocess_id: int, portion: int) -> list[ToApply]:
    """The portion's pages that are not applied yet. Their URLs are locked until the transaction ends."""
    cursor.execute(
        """
        SELECT f.url_id FROM ops.reprocess_page AS p JOIN ops.frontier AS f USING (url_id)
        WHERE p.reprocess_id = %s AND p.portion = %s AND p.applied IS NULL
        ORDER BY f.url_key COLLATE "C" FOR NO KEY UPDATE OF f
        """,
        (reprocess_id, portion),
    )
    # a statement of its own, so that it sees what was committed while the first one waited
    cursor.execute(
        """
        SELECT p.url_id, f.host, p.capture_id, c.fetched_at, p.document_id, a.document_id AS current_id,
            f.article_id IS NOT NULL AS has_article, f.open_batch_id, p.found, p.outcome, p.reason, p.changes, p.reading
        FROM ops.reprocess_page AS p
        JOIN ops.frontier AS f USING (url_id)
        JOIN ops.capture AS c USING (capture_id)
        LEFT JOIN ops.article AS a ON a.article_id = p.url_id
        WHERE p.reprocess_id = %s AND p.portion = %s AND p.applied IS NULL
        ORDER BY p.url_id FOR UPDATE OF p
        """,
        (reprocess_id, portion),
    )
    return [ToApply(**{**row, "changes": tuple(row["changes"])}) for row in rows(cursor)]


def enter_reading(cursor: Cursor, batch_id: int, page: ToApply, document_id: int) -> None:
    """A visit that has been fetched (then) and extracted (now)."""
    cursor.execute(
        """
        INSERT INTO ops.visit (batch_id, url_id, capture_id, document_id, fetched_at, extracted_at)
        VALUES (%s, %s, %s, %s, %s, now())
        """,
        (batch_id, page.url_id, page.capture_id, document_id, page.fetched_at),
    )


def enter_refusal(cursor: Cursor, batch_id: int, page: ToApply, evidence: Mapping[str, Any]) -> None:
    """A visit that ends with the extraction."""
    cursor.execute(
        """
        INSERT INTO ops.visit (batch_id, url_id, capture_id, fetched_at, extracted_at, stage, outcome, reason, evidence)
        VALUES (%s, %s, %s, %s, now(), 'extract', %s, %s, %s)
        """,
        (batch_id, page.url_id, page.capture_id, page.fetched_at, page.outcome, page.reason, Json(dict(evidence))),
    )


def copy_names(cursor: Cursor, batch_id: int, url_id: int, old_id: int, new_id: int) -> None:
    """The text is the same, so its names are: the new document has those of the old one."""
    cursor.execute(
        """
        INSERT INTO ops.mention (document_id, start_pos, end_pos, type, subtype, text, entity_id, value, value_precision)
        SELECT %s, start_pos, end_pos, type, subtype, text, entity_id, value, value_precision
        FROM ops.mention WHERE document_id = %s
        """,
        (new_id, old_id),
    )
    cursor.execute(
        """
        INSERT INTO ops.document_entity (document_id, entity_id, type, name, mentions, first_pos, in_title,
            geonames_id, iso_code, country_code, link_confidence, one_article, linked_id, linked_type, linked_name,
            wikidata_id, wikidata_confidence)
        SELECT %s, entity_id, type, name, mentions, first_pos, in_title, geonames_id, iso_code, country_code,
            link_confidence, one_article, linked_id, linked_type, linked_name, wikidata_id, wikidata_confidence
        FROM ops.document_entity WHERE document_id = %s
        """,
        (new_id, old_id),
    )
    cursor.execute(
        """
        UPDATE ops.document AS d SET ner_model = o.ner_model, annotator = o.annotator, linker = o.linker
        FROM ops.document AS o WHERE d.document_id = %s AND o.document_id = %s
        """,
        (new_id, old_id),
    )
    cursor.execute("UPDATE ops.visit SET enriched_at = now() WHERE batch_id = %s AND url_id = %s", (batch_id, url_id))


def note_reader(cursor: Cursor, stage: str, reader: str, pages: Sequence[ToApply]) -> None:
    """The present reader reads these as before: what is stored of them is its reading too."""
    documents = [page.document_id for page in pages if page.document_id is not None]
    column = {"extract": "extractor", "enrich": "annotator", "link": "linker"}[stage]
    cursor.execute(f"UPDATE ops.document SET {column} = %s WHERE document_id = ANY(%s)", (reader, documents))
    cursor.execute(
        """
        UPDATE ops.visit AS v SET evidence = coalesce(v.evidence, '{}') || jsonb_build_object('extractor', %s::text)
        FROM (SELECT url_id, max(batch_id) AS batch_id FROM ops.visit
              WHERE url_id = ANY(%s) AND settled_at IS NOT NULL GROUP BY 1) AS last
        WHERE v.url_id = last.url_id AND v.batch_id = last.batch_id AND v.stage = 'extract'
        """,
        (reader, [page.url_id for page in pages if page.document_id is None]),
    )


def save_applied(cursor: Cursor, reprocess_id: int, applied: Sequence[tuple[int, str, int | None]]) -> None:
    """(url_id, word, batch_id): what was done about the pages."""
    insert_values(
        cursor,
        """
        UPDATE ops.reprocess_page AS p SET applied = v.applied, batch_id = v.batch_id::bigint
        FROM (VALUES %s) AS v (reprocess_id, url_id, applied, batch_id)
        WHERE p.reprocess_id = v.reprocess_id AND p.url_id = v.url_id
        """,
        [(reprocess_id, *row) for row in applied],
    )


def publish_names(cursor: Cursor, document_ids: Sequence[int]) -> None:
    """Show analysts the names of these documents, where the text that they see is the document's."""
    cursor.execute(
        """
        CREATE TEMPORARY TABLE naming ON COMMIT DROP AS
        SELECT a.article_id, a.document_id
        FROM ops.article AS a JOIN ops.document AS d USING (document_id) JOIN news.article AS n USING (article_id)
        WHERE a.document_id = ANY(%s) AND n.body = d.body
        """,
        (list(document_ids),),
    )
    names.publish(cursor)
    cursor.execute("UPDATE news.article SET loaded_at = now() WHERE article_id IN (SELECT article_id FROM naming)")
    cursor.execute("DROP TABLE naming")


def finish(cursor: Cursor, reprocess_id: int) -> None:
    """All of it is applied; the readings are documents now."""
    cursor.execute(
        "UPDATE ops.reprocess SET applied_at = clock_timestamp() WHERE reprocess_id = %s AND applied_at IS NULL",
        (reprocess_id,),
    )
    cursor.execute(
        "UPDATE ops.reprocess_page SET reading = NULL WHERE reprocess_id = %s AND reading IS NOT NULL", (reprocess_id,)
    )
