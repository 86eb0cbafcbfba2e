"""Sources and their endpoints: as the files say, or as they were found. When each is asked: `polls`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from psycopg2.extras import Json

from newsdesk import sources as source_files
from newsdesk.model import Endpoint, Source
from newsdesk.store.database import Cursor, insert_values, single

DEAD_AFTER = timedelta(days=3)  # of failures: an endpoint that was found, and not told by the file, is given up
SEEK_EVERY = timedelta(days=1)  # for the endpoints of a source all of whose endpoints are dead


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
            "UPDATE ops.source SET enabled = false WHERE enabled AND source_id <> ALL(%s)",
            ([source.id for source in sources],),
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
        [(source_id, kind, url) for url, kind in {e.url: e.kind.value for e in reversed(endpoints)}.items()],
    )
    cursor.execute(
        "UPDATE ops.endpoint SET active = false WHERE source_id = %s AND url <> ALL(%s)",
        (source_id, [endpoint.url for endpoint in endpoints]),
    )


def read_sources(
    cursor: Cursor, only: Sequence[str] = (), *, all_ever: bool = False, paused: bool = False
) -> dict[str, Source]:
    """The enabled sources by id; `only`: of these. `paused`: also those that somebody paused.

    `all_ever`: also those that are switched off or were imported.
    """
    cursor.execute(
        """
        SELECT definition FROM ops.source
        WHERE (enabled AND (paused_at IS NULL OR %(paused)s) OR %(all_ever)s)
          AND (%(only)s = '{}' OR source_id = ANY(%(only)s)) ORDER BY source_id
        """,
        {"only": list(only), "all_ever": all_ever, "paused": paused},
    )
    found = (source_files.from_definition(definition) for (definition,) in cursor.fetchall())
    return {source.id: source for source in found}


def to_seek(cursor: Cursor, sources: Mapping[str, Source]) -> list[Source]:
    """The sources whose files name no endpoints and for which they are to be looked for now.

    That is where they never were (or the site could not be reached), and once a day where all of them are dead:
    switched off, or failing for DEAD_AFTER.
    """
    cursor.execute(
        """
        SELECT source_id FROM ops.source AS s
        WHERE source_id = ANY(%s) AND coalesce(jsonb_array_length(definition -> 'endpoints'), 0) = 0
          AND (endpoints_sought_at IS NULL
               OR endpoints_sought_at < now() - %s
                  AND NOT EXISTS (
                    SELECT 1 FROM ops.endpoint AS e
                    WHERE e.source_id = s.source_id AND e.active AND e.off_since IS NULL
                      AND (e.failing_since IS NULL OR e.failing_since > now() - %s)))
        ORDER BY source_id
        """,
        (list(sources), SEEK_EVERY, DEAD_AFTER),
    )
    return [sources[source_id] for (source_id,) in cursor.fetchall()]


def save_found(cursor: Cursor, source_id: str, endpoints: Sequence[Endpoint], *, complete: bool) -> None:
    """The endpoints found for a source whose file names none.

    `complete`: the site could be reached. Where it could not they are a guess, which takes the place of no endpoint
    that was found before: those may come back with the site, which is looked at again a day later.
    """
    if not complete and _has_found(cursor, source_id):
        cursor.execute("UPDATE ops.source SET endpoints_sought_at = now() WHERE source_id = %s", (source_id,))
        return
    save_endpoints(cursor, source_id, endpoints)
    if complete:
        cursor.execute("UPDATE ops.source SET endpoints_sought_at = now() WHERE source_id = %s", (source_id,))
        cursor.execute(
            "UPDATE ops.endpoint SET off_since = NULL, off_reason = NULL WHERE source_id = %s AND active", (source_id,)
        )


def _has_found(cursor: Cursor, source_id: str) -> bool:
    """Its endpoints were looked for with success at some time."""
    cursor.execute("SELECT endpoints_sought_at IS NOT NULL FROM ops.source WHERE source_id = %s", (source_id,))
    return bool(single(cursor))
