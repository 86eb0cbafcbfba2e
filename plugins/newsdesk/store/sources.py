"""Sources and their endpoints: as the files say, and when each endpoint was polled with what result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from psycopg2.extras import Json

from newsdesk import sources as source_files
from newsdesk.model import Endpoint, EndpointKind, Outcome, Source
from newsdesk.store.database import Cursor, insert_values, rows


@dataclass(frozen=True, slots=True)
class Poll:
    """An endpoint that is due."""

    endpoint_id: int
    source: Source
    endpoint: Endpoint
    etag: str | None
    last_modified: str | None
    failures: int


def save_sources(cursor: Cursor, sources: Sequence[Source], *, complete: bool) -> None:
    """Write the files' state into the database. `complete`: every file was readable, so what is missing was removed.

    A source whose file has a fault keeps its last good definition: the other sources run, and so does it.
    """
    insert_values(
        cursor,
        """
        INSERT INTO ops.source (source_id, definition, enabled) VALUES %s
        ON CONFLICT (source_id) DO UPDATE
        SET definition = EXCLUDED.definition, enabled = EXCLUDED.enabled, loaded_at = now()
        """,
        [(source.id, Json(source_files.to_definition(source)), source.enabled) for source in sources],
    )
    if complete:
        cursor.execute(
            "UPDATE ops.source SET enabled = false WHERE source_id <> ALL(%s)", ([source.id for source in sources],)
        )
    insert_values(
        cursor,
        """
        INSERT INTO news.source (source_id, name, country, language, homepage, tags) VALUES %s
        ON CONFLICT (source_id) DO UPDATE
        SET name = EXCLUDED.name, country = EXCLUDED.country, language = EXCLUDED.language,
            homepage = EXCLUDED.homepage, tags = EXCLUDED.tags
        WHERE (news.source.name, news.source.country, news.source.language, news.source.homepage, news.source.tags)
              IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.country, EXCLUDED.language, EXCLUDED.homepage, EXCLUDED.tags)
        """,
        [(s.id, s.name, s.country, s.language, s.homepage, list(s.tags)) for s in sources],
    )
    for source in sources:
        if source.endpoints:
            save_endpoints(cursor, source.id, source.endpoints)


def save_endpoints(cursor: Cursor, source_id: str, endpoints: Sequence[Endpoint]) -> None:
    """Make these the source's active endpoints; the poll state of those that were known stays."""
    insert_values(
        cursor,
        """
        INSERT INTO ops.endpoint (source_id, kind, url) VALUES %s
        ON CONFLICT (source_id, url) DO UPDATE SET kind = EXCLUDED.kind, active = true
        """,
        list(dict.fromkeys((source_id, endpoint.kind.value, endpoint.url) for endpoint in endpoints)),
    )
    cursor.execute(
        "UPDATE ops.endpoint SET active = false WHERE source_id = %s AND url <> ALL(%s)",
        (source_id, [endpoint.url for endpoint in endpoints]),
    )


def read_sources(cursor: Cursor, only: Sequence[str] = (), *, all_ever: bool = False) -> dict[str, Source]:
    """The enabled sources by id; `only`: of these. `all_ever`: also those that are switched off or were imported."""
    cursor.execute(
        """
        SELECT definition FROM ops.source
        WHERE (enabled OR %(all_ever)s) AND (%(only)s = '{}' OR source_id = ANY(%(only)s)) ORDER BY source_id
        """,
        {"only": list(only), "all_ever": all_ever},
    )
    found = (source_files.from_definition(definition) for (definition,) in cursor.fetchall())
    return {source.id: source for source in found}


def without_endpoints(cursor: Cursor, sources: dict[str, Source]) -> list[Source]:
    """Those for which no active endpoint is known yet."""
    cursor.execute("SELECT DISTINCT source_id FROM ops.endpoint WHERE active")
    known = {source_id for (source_id,) in cursor.fetchall()}
    return [source for source in sources.values() if source.id not in known]


def due_polls(cursor: Cursor, sources: dict[str, Source]) -> list[Poll]:
    cursor.execute(
        """
        SELECT endpoint_id, source_id, kind, url, etag, last_modified, failures FROM ops.endpoint
        WHERE active AND next_poll_at <= now() AND source_id = ANY(%s) ORDER BY endpoint_id
        """,
        (list(sources),),
    )
    return [
        Poll(
            row["endpoint_id"],
            sources[row["source_id"]],
            Endpoint(EndpointKind(row["kind"]), row["url"]),
            row["etag"],
            row["last_modified"],
            row["failures"],
        )
        for row in rows(cursor)
    ]


def save_poll(
    cursor: Cursor, endpoint_id: int, *, status: int | None, etag: str | None, last_modified: str | None,
    links_seen: int, links_new: int, again_in: timedelta,
) -> None:  # fmt: skip
    """A poll that worked."""
    cursor.execute(
        """
        UPDATE ops.endpoint
        SET polled_at = now(), next_poll_at = now() + %s, status = %s, etag = %s, last_modified = %s,
            outcome = NULL, reason = NULL, failures = 0, links_seen = %s, links_new = %s
        WHERE endpoint_id = %s
        """,
        (again_in, status, etag, last_modified, links_seen, links_new, endpoint_id),
    )


def save_failed_poll(
    cursor: Cursor, endpoint_id: int, *, status: int | None, outcome: Outcome, reason: str, again_in: timedelta
) -> None:
    cursor.execute(
        """
        UPDATE ops.endpoint
        SET polled_at = now(), next_poll_at = now() + %s, status = %s, outcome = %s, reason = %s, failures = failures + 1,
            links_seen = NULL, links_new = NULL
        WHERE endpoint_id = %s
        """,
        (again_in, status, outcome, reason, endpoint_id),
    )
