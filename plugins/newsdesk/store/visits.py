"""Visits: what each stage of a batch still has to do, and how a visit ends before it leads to an article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg2.extras import Json

from newsdesk.characters import storable
from newsdesk.model import ArchivedAt, Outcome, Response
from newsdesk.store.database import Cursor, rows

# headers worth a look later; the whole head is in the archive
_KEPT_HEADERS = frozenset({
    "age", "cache-control", "content-encoding", "content-language", "content-length", "content-type", "date", "etag",
    "expires", "last-modified", "link", "retry-after", "server", "x-robots-tag",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ToFetch:
    url_id: int
    url: str
    host: str
    source_id: str
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class ToExtract:
    url_id: int
    capture_id: int
    url: str  # after redirects
    content_type: str | None
    archived: ArchivedAt
    fetched_at: datetime
    source_id: str
    feed_title: str | None
    feed_published: datetime | None


def enter(cursor: Cursor, batch_id: int, url_ids: Sequence[int]) -> None:
    """A visit for each URL of a new batch."""
    cursor.execute(
        "INSERT INTO ops.visit (batch_id, url_id) SELECT %s, unnest(%s::bigint[])", (batch_id, list(url_ids))
    )


def to_fetch(cursor: Cursor, batch_id: int) -> list[ToFetch]:
    cursor.execute(
        """
        SELECT f.url_id, f.url, f.host, f.source_id, f.etag, f.last_modified
        FROM ops.visit AS v JOIN ops.frontier AS f USING (url_id)
        WHERE v.batch_id = %s AND v.outcome IS NULL AND v.capture_id IS NULL
        ORDER BY f.published_at DESC NULLS LAST, f.url_id
        """,
        (batch_id,),
    )
    return [ToFetch(**row) for row in rows(cursor)]


def lock_unfetched(cursor: Cursor, batch_id: int, url_ids: Sequence[int]) -> set[int]:
    """Those of the visits whose fetch has not ended, locked: whoever else fetches the same batch waits, and finds it done."""
    cursor.execute(
        """
        SELECT url_id FROM ops.visit
        WHERE batch_id = %s AND url_id = ANY(%s) AND outcome IS NULL AND capture_id IS NULL
        ORDER BY url_id FOR UPDATE
        """,
        (batch_id, list(url_ids)),
    )
    return {url_id for (url_id,) in cursor.fetchall()}


def save_capture(cursor: Cursor, batch_id: int, url_id: int, response: Response, digest: bytes, at: ArchivedAt) -> None:
    """A page that arrived whole. Where another try was first, its capture stays and this one is forgotten."""
    cursor.execute(
        """
        WITH new AS (
            INSERT INTO ops.capture (url_id, batch_id, final_url, redirects, status, headers, content_type, digest, size,
                fetched_at, elapsed_ms, warc_file, warc_offset, warc_length)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            ON CONFLICT (batch_id, url_id) DO NOTHING
            RETURNING capture_id, batch_id, url_id, fetched_at)
        UPDATE ops.visit AS v SET capture_id = new.capture_id, fetched_at = new.fetched_at
        FROM new WHERE v.batch_id = new.batch_id AND v.url_id = new.url_id
        """,
        (
            url_id, batch_id, response.final_url, list(response.redirects), response.status,
            Json({name.lower(): storable(value) for name, value in response.headers if name.lower() in _KEPT_HEADERS}),
            storable(response.header("Content-Type")), digest, len(response.body), response.fetched_at,
            round(response.elapsed * 1000), at.file, at.offset, at.length,
        ),
    )  # fmt: skip


def end_visit(
    cursor: Cursor, batch_id: int, url_id: int, stage: str, outcome: Outcome, reason: str | None,
    *, evidence: Mapping[str, Any] | None = None, retry_after: float | None = None,
) -> bool:  # fmt: skip
    """A visit that leads to no new document. The first end stands, and so does what another try has read to its end.

    Returns whether this one stands.
    """
    cursor.execute(
        f"""
        UPDATE ops.visit
        SET stage = %s, outcome = %s, reason = %s, evidence = %s, retry_after = %s,
            {"fetched_at" if stage == "fetch" else "extracted_at" if stage == "extract" else "enriched_at"} = now()
        WHERE batch_id = %s AND url_id = %s AND outcome IS NULL AND enriched_at IS NULL
        """,
        (
            stage, outcome, storable(reason), Json(dict(evidence)) if evidence else None,
            timedelta(seconds=retry_after) if retry_after else None, batch_id, url_id,
        ),
    )  # fmt: skip
    return cursor.rowcount > 0


def to_extract(cursor: Cursor, batch_id: int, again: Sequence[int] | None = None) -> list[ToExtract]:
    """The captures that are still to be read; of `again` (url_ids) those that are to be read once more."""
    cursor.execute(
        """
        SELECT c.url_id, c.capture_id, c.final_url, c.content_type, c.warc_file, c.warc_offset, c.warc_length, c.fetched_at,
            f.source_id, f.title AS feed_title, f.published_at AS feed_published
        FROM ops.visit AS v JOIN ops.capture AS c USING (capture_id) JOIN ops.frontier AS f ON f.url_id = v.url_id
        WHERE v.batch_id = %(batch_id)s AND v.outcome IS NULL
          AND CASE WHEN %(again)s::bigint[] IS NULL THEN v.document_id IS NULL ELSE v.url_id = ANY(%(again)s) END
        ORDER BY c.capture_id
        """,
        {"batch_id": batch_id, "again": list(again) if again is not None else None},
    )
    return [
        ToExtract(
            row["url_id"], row["capture_id"], row["final_url"], row["content_type"],
            ArchivedAt(row["warc_file"], row["warc_offset"], row["warc_length"]), row["fetched_at"], row["source_id"],
            row["feed_title"], row["feed_published"],
        )
        for row in rows(cursor)
    ]  # fmt: skip
