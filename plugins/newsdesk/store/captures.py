"""What lies in the archive: earlier captures of a URL, revisits, and which rows name which file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from newsdesk.model import ArchivedAt, Response
from newsdesk.store.database import Cursor, rows


@dataclass(frozen=True, slots=True)
class Original:
    """A capture with a response record of its own."""

    capture_id: int
    url: str  # after redirects
    fetched_at: datetime
    at: ArchivedAt


@dataclass(frozen=True, slots=True)
class Pointer:
    """A row that names a record. `digest`: SHA-256 of the body that must be in it; None: it is a revisit record."""

    row: str  # as a person is told of it: capture 12
    url: str
    at: ArchivedAt
    digest: bytes | None


# a capture of bytes that were there already shares the place of the original, which its visit's revisit row names
_ORIGINAL = """
    SELECT o.capture_id, o.final_url, o.fetched_at, o.warc_file, o.warc_offset, o.warc_length
    FROM ops.capture AS c LEFT JOIN ops.revisit AS r USING (batch_id, url_id)
    JOIN ops.capture AS o ON o.capture_id = coalesce(r.original_id, c.capture_id)
    WHERE c.url_id = %(url_id)s AND o.erased_at IS NULL AND {condition}
    ORDER BY c.capture_id DESC LIMIT 1
"""


def captured_before(cursor: Cursor, url_id: int, digest: bytes) -> Original | None:
    """Where these bytes of this page lie already."""
    cursor.execute(_ORIGINAL.format(condition="c.digest = %(digest)s"), {"url_id": url_id, "digest": digest})
    return _original(cursor)


def captured_with(cursor: Cursor, url_id: int, etag: str | None, last_modified: str | None) -> Original | None:
    """The page that came with these validators."""
    cursor.execute(
        _ORIGINAL.format(
            condition="c.headers ->> 'etag' IS NOT DISTINCT FROM %(etag)s "
            "AND c.headers ->> 'last-modified' IS NOT DISTINCT FROM %(last_modified)s"
        ),
        {"url_id": url_id, "etag": etag, "last_modified": last_modified},
    )
    return _original(cursor)


def _original(cursor: Cursor) -> Original | None:
    found = rows(cursor)
    if not found:
        return None
    row = found[0]
    at = ArchivedAt(row["warc_file"], row["warc_offset"], row["warc_length"])
    return Original(row["capture_id"], row["final_url"], row["fetched_at"], at)


def save_revisit(
    cursor: Cursor, batch_id: int, url_id: int, response: Response, original: Original, at: ArchivedAt
) -> None:
    """A page that was in the archive already. Where another try was first, its record stays and this one is forgotten."""
    cursor.execute(
        """
        INSERT INTO ops.revisit (batch_id, url_id, original_id, final_url, status, fetched_at,
            warc_file, warc_offset, warc_length)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (batch_id, url_id) DO NOTHING
        """,
        (
            batch_id, url_id, original.capture_id, response.final_url, response.status, response.fetched_at,
            at.file, at.offset, at.length,
        ),
    )  # fmt: skip


def forget_validators(cursor: Cursor, url_id: int) -> None:
    """The next visit asks for the whole page: what the validators stand for is lost."""
    cursor.execute("UPDATE ops.frontier SET etag = NULL, last_modified = NULL WHERE url_id = %s", (url_id,))


def files_named(cursor: Cursor, since: date | None = None) -> set[str]:
    """The files that rows name. `since`: only those of that day and later."""
    cursor.execute(
        """
        SELECT warc_file FROM ops.capture WHERE %(since)s IS NULL OR warc_file >= %(since)s
        UNION SELECT warc_file FROM ops.revisit WHERE %(since)s IS NULL OR warc_file >= %(since)s
        """,
        {"since": since.isoformat() if since else None},
    )
    return {row["warc_file"] for row in rows(cursor)}


def pointers(cursor: Cursor, file: str) -> list[Pointer]:
    """The rows that name a record in `file`."""
    cursor.execute(
        """
        SELECT 'capture ' || c.capture_id AS row, coalesce(o.final_url, c.final_url) AS url,
            c.warc_offset, c.warc_length, c.digest
        FROM ops.capture AS c LEFT JOIN ops.revisit AS r USING (batch_id, url_id)
        LEFT JOIN ops.capture AS o ON o.capture_id = r.original_id
        WHERE c.warc_file = %(file)s AND c.erased_at IS NULL
        UNION ALL
        SELECT 'revisit of batch ' || batch_id || ', URL ' || url_id, final_url, warc_offset, warc_length, NULL
        FROM ops.revisit WHERE warc_file = %(file)s
        ORDER BY warc_offset
        """,
        {"file": file},
    )
    return [
        Pointer(
            row["row"], row["url"], ArchivedAt(file, row["warc_offset"], row["warc_length"]),
            bytes(row["digest"]) if row["digest"] is not None else None,
        )
        for row in rows(cursor)
    ]  # fmt: skip
