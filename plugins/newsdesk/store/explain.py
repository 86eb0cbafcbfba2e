"""Everything known about one URL, in the order it happened."""

from __future__ import annotations

from typing import Any

from newsdesk.store.database import Cursor, first_row, rows


def find_url(cursor: Cursor, url: str, key: str) -> int | None:
    """The url_id of an address: as found, by its canonical form, or as a redirect's or article's other address."""
    cursor.execute(
        """
        SELECT url_id FROM (
            SELECT url_id, 1 AS preference FROM ops.frontier WHERE url = %(url)s
            UNION ALL SELECT url_id, 2 FROM ops.frontier WHERE url_key = %(key)s
            UNION ALL SELECT article_id, 3 FROM ops.article_key WHERE url_key = %(key)s) AS found
        ORDER BY preference LIMIT 1
        """,
        {"url": url, "key": key},
    )
    found = cursor.fetchone()
    return int(found[0]) if found else None


def found_where(cursor: Cursor, url_id: int) -> dict[str, Any]:
    cursor.execute(
        """
        SELECT f.url, f.url_key, f.source_id, f.host, e.kind, e.url AS endpoint, f.title, f.published_at, f.first_found_at,
            f.last_found_at, coalesce(f.outcome, 'pending') AS outcome, f.reason, f.stage, f.last_tried_at, f.next_visit_at,
            f.failures, f.article_id, f.open_batch_id, o.meaning
        FROM ops.frontier AS f LEFT JOIN ops.endpoint AS e USING (endpoint_id) LEFT JOIN news.outcome AS o ON o.outcome = f.outcome
        WHERE f.url_id = %s
        """,
        (url_id,),
    )
    return rows(cursor)[0]


def visits(cursor: Cursor, url_id: int) -> list[dict[str, Any]]:
    """Each time the URL was taken up: batch, capture, document, end."""
    cursor.execute(
        """
        SELECT v.batch_id, b.run_id, b.reprocess_id, r.run_key, b.created_at, v.fetched_at, v.extracted_at, v.enriched_at, v.deduplicated_at,
            v.settled_at, v.stage, v.outcome, v.reason, v.evidence, c.status, c.final_url, c.redirects, c.size, c.elapsed_ms,
            c.content_type, c.warc_file, c.warc_offset, d.document_id, d.title, d.word_count, d.language, d.extractor,
            d.ner_model, d.published_at, v.capture_id, c.erased_at, again.warc_file AS revisit_file, again.warc_offset AS revisit_offset,
            (SELECT count(*) FROM ops.mention AS m WHERE m.document_id = v.document_id AND m.entity_id IS NOT NULL) AS mentions
        FROM ops.visit AS v
        JOIN ops.batch AS b USING (batch_id)
        JOIN ops.run AS r ON r.run_id = b.run_id
        LEFT JOIN ops.capture AS c ON c.capture_id = v.capture_id
        LEFT JOIN ops.revisit AS again ON again.batch_id = v.batch_id AND again.url_id = v.url_id
        LEFT JOIN ops.document AS d ON d.document_id = v.document_id
        WHERE v.url_id = %s ORDER BY v.batch_id
        """,
        (url_id,),
    )
    return rows(cursor)


def article(cursor: Cursor, article_id: int) -> dict[str, Any] | None:
    """The article's row, with the addresses that lead to it and its near-duplicates."""
    cursor.execute(
        """
        SELECT a.article_id, a.source_id, a.url, a.title, a.published_at, a.published_precision, a.version, a.word_count,
            a.language, a.authors, a.is_primary, a.cluster_id, c.size, c.outlets,
            (SELECT array_agg(f.url ORDER BY f.url_id) FROM ops.frontier AS f WHERE f.article_id = a.article_id) AS addresses,
            (SELECT array_agg(t.source_id || ': ' || t.title ORDER BY t.article_id) FROM news.article AS t
             WHERE t.cluster_id = a.cluster_id AND t.article_id <> a.article_id) AS twins,
            (SELECT count(*) FROM news.mention AS m WHERE m.article_id = a.article_id AND m.entity_id IS NOT NULL) AS mentions,
            d.extractor, d.annotator
        FROM news.article AS a JOIN news.cluster AS c USING (cluster_id)
        LEFT JOIN ops.article AS o USING (article_id) LEFT JOIN ops.document AS d USING (document_id)
        WHERE a.article_id = %s
        """,
        (article_id,),
    )
    return first_row(cursor)
