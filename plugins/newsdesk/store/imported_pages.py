"""How the pages of a foreign archive enter the frontier: what is known of them, new URLs, their batch, their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg2.extras import Json

from newsdesk import sources as source_files
from newsdesk.model import Outcome, Source
from newsdesk.store import imports
from newsdesk.store.database import Cursor, insert_values, rows


@dataclass(frozen=True, slots=True)
class KnownUrl:
    """What the frontier and the archive know of a URL that a record names."""

    url_id: int
    source_id: str
    open_batch_id: int | None
    open_run_id: int | None
    here: bool  # this very capture is in the archive
    newest: datetime | None  # capture
    digest: bytes | None  # of the page that its article was read from


@dataclass(frozen=True, slots=True)
class NewUrl:
    key: str
    url: str
    host: str
    source_id: str
    found_at: datetime
    excluded: str | None = None


def known_urls(cursor: Cursor, wanted: Mapping[str, datetime]) -> dict[str, KnownUrl]:
    """Canonical URL -> what is known of it, for those that are; `wanted`: when each was captured. Locks their rows."""
    keys = sorted(wanted)
    cursor.execute(
        'SELECT url_id FROM ops.frontier WHERE url_key = ANY(%s) ORDER BY url_key COLLATE "C" FOR NO KEY UPDATE',
        (keys,),
    )
    # a statement of its own, so that it sees what was committed while the first one waited
    cursor.execute(
        """
        SELECT f.url_key, f.url_id, f.source_id, f.open_batch_id, b.run_id AS open_run_id,
            EXISTS (SELECT 1 FROM ops.capture AS c WHERE c.url_id = f.url_id AND c.fetched_at = w.captured_at) AS here,
            (SELECT max(c.fetched_at) FROM ops.capture AS c WHERE c.url_id = f.url_id) AS newest,
            (SELECT c.digest FROM ops.article AS a JOIN ops.document AS d USING (document_id)
                JOIN ops.capture AS c USING (capture_id)
             WHERE a.article_id = f.article_id AND d.url_id = f.url_id) AS digest
        FROM unnest(%s::text[], %s::timestamptz[]) AS w (url_key, captured_at)
        JOIN ops.frontier AS f USING (url_key)
        LEFT JOIN ops.batch AS b ON b.batch_id = f.open_batch_id
        """,
        (keys, [wanted[key] for key in keys]),
    )
    return {
        row.pop("url_key"): KnownUrl(**{**row, "digest": row["digest"] and bytes(row["digest"])})
        for row in rows(cursor)
    }


def add_urls(cursor: Cursor, new: Sequence[NewUrl]) -> dict[str, int]:
    """Note URLs that only a foreign archive names; canonical URL -> url_id of those that are new indeed.

    No visit is planned: an import must not make us fetch the old web.
    """
    inserted = insert_values(
        cursor,
        f"""
        INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, outcome, reason, stage)
        SELECT v.key, v.url, v.host, v.source_id, v.found_at, v.found_at,
            CASE WHEN v.excluded IS NOT NULL THEN '{Outcome.EXCLUDED}' END, v.excluded,
            CASE WHEN v.excluded IS NOT NULL THEN 'discover' END
        FROM (VALUES %s) AS v (key, url, host, source_id, found_at, excluded)
        ORDER BY v.key COLLATE "C"
        ON CONFLICT (url_key) DO NOTHING
        RETURNING url_key, url_id
        """,
        [
            (item.key, item.url, item.host, item.source_id, item.found_at, item.excluded)
            for item in sorted(new, key=lambda item: item.key)  # one lock order for all
        ],
    )
    return dict(inserted)


def supersede(cursor: Cursor, batch_id: int, url_id: int, reason: str) -> bool:
    """Take an imported page back that nothing was made of yet, for a later state of it: it counts as left out.

    False where the visit is not such a one.
    """
    cursor.execute(
        """
        DELETE FROM ops.visit AS v USING ops.batch AS b
        WHERE v.batch_id = %s AND v.url_id = %s AND b.batch_id = v.batch_id AND b.import_id IS NOT NULL
          AND v.document_id IS NULL AND v.outcome IS NULL
        RETURNING v.capture_id, b.import_id
        """,
        (batch_id, url_id),
    )
    found = cursor.fetchone()
    if found is None:
        return False
    capture_id, import_id = found
    cursor.execute("DELETE FROM ops.capture WHERE capture_id = %s", (capture_id,))
    cursor.execute("UPDATE ops.batch SET urls = urls - 1 WHERE batch_id = %s", (batch_id,))
    before = imports.read_import(cursor, import_id, lock=True)
    imports.advance(cursor, import_id, before.place, 0, -1, {reason: 1})
    return True


def add_sources(cursor: Cursor, sources: Sequence[Source]) -> None:
    """Make sources for sites that no source file names; they are not polled."""
    insert_values(
        cursor,
        "INSERT INTO ops.source (source_id, definition, enabled, imported) VALUES %s ON CONFLICT DO NOTHING",
        [(source.id, Json(source_files.to_definition(source)), False, True) for source in sources],
    )
    insert_values(
        cursor,
        "INSERT INTO news.source (source_id, name, homepage) VALUES %s ON CONFLICT DO NOTHING",
        [(source.id, source.name, source.homepage) for source in sources],
    )
