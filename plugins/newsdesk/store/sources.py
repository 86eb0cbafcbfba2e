"""Sources and their endpoints: as the files say, and when each endpoint was polled with what result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from psycopg2.extras import Json

from newsdesk import sources as source_files
from newsdesk.model import Endpoint, EndpointKind, Outcome, Response, Source
from newsdesk.store.database import Cursor, insert_values, rows

MOVED_AFTER = timedelta(days=3)  # of the same permanent redirect: then it is polled where that leads
WHOLE_AFTER = timedelta(days=3)  # of nothing but 304: then it is asked for without validators
DEAD_AFTER = timedelta(days=3)  # of failures: an endpoint that was found, and not told by the file, is given up
SEEK_EVERY = timedelta(days=1)  # for the endpoints of a source all of whose endpoints are dead


@dataclass(frozen=True, slots=True)
class ChildState:
    """A sitemap below an index, as it was last read."""

    etag: str | None = None
    last_modified: str | None = None
    lastmod: str | None = None  # what the index told of it, ISO 8601
    whole: str | None = None  # when its body last came, ISO 8601


@dataclass(frozen=True, slots=True)
class Poll:
    """An endpoint that is due."""

    endpoint_id: int
    source: Source
    endpoint: Endpoint
    address: str  # where it is asked for: its own, or where it moved for good
    etag: str | None = None
    last_modified: str | None = None
    failures: int = 0
    digest: bytes | None = None  # of the last body that was read to its end
    tree: Mapping[str, ChildState] = field(default_factory=dict)
    per_day: float | None = None  # new links, see discover.rhythm
    pause: timedelta | None = None  # that was planned at the last poll that worked
    elapsed: timedelta | None = None  # since then


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
    return bool(cursor.fetchone()[0])  # type: ignore[index]


def due_polls(cursor: Cursor, sources: Mapping[str, Source], run_id: int | None = None) -> list[Poll]:
    """The endpoints to poll now.

    By their schedule; or, for the run by hand `run_id`, all but those that it polled already (a task that runs again)
    and those whose failures make them wait. An endpoint that is due in a moment counts as due: runs do not start by
    the second.
    """
    cursor.execute(
        """
        SELECT e.endpoint_id, e.source_id, e.kind, e.url, e.etag, e.last_modified, e.failures, e.digest, e.tree,
            e.new_per_day, e.poll_every, now() - e.worked_at AS elapsed,
            CASE WHEN e.moved_since < now() - %(moved)s THEN e.moved_to END AS moved_to,
            coalesce(e.whole_at < now() - %(whole)s, false) AS stale
        FROM ops.endpoint AS e LEFT JOIN ops.run AS r ON r.run_id = %(run)s
        WHERE e.active AND e.off_since IS NULL AND e.source_id = ANY(%(sources)s)
          AND CASE
                WHEN e.failures > 0 OR e.poll_every IS NULL THEN e.next_poll_at <= now()
                WHEN r.run_id IS NOT NULL THEN e.polled_at < r.started_at
                ELSE e.next_poll_at <= now() + least(0.05 * e.poll_every, interval '2 minutes')
              END
        ORDER BY e.endpoint_id
        """,
        {"sources": list(sources), "run": run_id, "moved": MOVED_AFTER, "whole": WHOLE_AFTER},
    )
    return [_poll(row, sources[row["source_id"]]) for row in rows(cursor)]


def _poll(row: Mapping[str, Any], source: Source) -> Poll:
    return Poll(
        endpoint_id=row["endpoint_id"],
        source=source,
        endpoint=Endpoint(EndpointKind(row["kind"]), row["url"]),
        address=row["moved_to"] or row["url"],
        etag=None if row["stale"] else row["etag"],
        last_modified=None if row["stale"] else row["last_modified"],
        failures=row["failures"],
        digest=bytes(row["digest"]) if row["digest"] is not None else None,
        tree={address: ChildState(*told) for address, told in row["tree"].items()},
        per_day=row["new_per_day"],
        pause=row["poll_every"],
        elapsed=row["elapsed"],
    )


def save_poll(
    cursor: Cursor, poll: Poll, response: Response, *, digest: bytes | None, tree: Mapping[str, ChildState],
    links_seen: int, links_new: int, pause: timedelta, per_day: float | None, why: str,
) -> None:  # fmt: skip
    """A poll that worked, in the transaction that saved its links: the validators stand for what was processed.

    A 200 brings both validators anew, also where it has none; a 304 may bring new ones.
    """
    unmodified = response.status == HTTPStatus.NOT_MODIFIED
    etag, last_modified = response.header("ETag"), response.header("Last-Modified")
    if poll.address == poll.endpoint.url or response.redirects:
        moved_to = response.final_url if response.moved else None
    else:
        moved_to = poll.address
    cursor.execute(
        """
        UPDATE ops.endpoint
        SET polled_at = now(), worked_at = now(), next_poll_at = now() + %(pause)s, poll_every = %(pause)s,
            new_per_day = %(per_day)s, why = %(why)s, status = %(status)s, outcome = NULL, reason = NULL, failures = 0,
            failing_since = NULL, links_seen = %(seen)s, links_new = %(new)s,
            etag = CASE WHEN %(unmodified)s THEN coalesce(%(etag)s, etag) ELSE %(etag)s END,
            last_modified = CASE WHEN %(unmodified)s THEN coalesce(%(modified)s, last_modified) ELSE %(modified)s END,
            whole_at = CASE WHEN %(unmodified)s THEN whole_at ELSE now() END,
            changed_at = CASE WHEN %(digest)s IS NULL OR digest = %(digest)s THEN changed_at ELSE now() END,
            digest = coalesce(%(digest)s, digest),
            tree = %(tree)s,
            moved_since = CASE WHEN %(moved)s IS NULL THEN NULL WHEN moved_to = %(moved)s THEN moved_since ELSE now() END,
            moved_to = %(moved)s
        WHERE endpoint_id = %(id)s
        """,
        {
            "id": poll.endpoint_id, "pause": pause, "per_day": per_day, "why": why,
            "status": response.status, "seen": links_seen, "new": links_new, "unmodified": unmodified, "etag": etag,
            "modified": last_modified, "digest": digest, "moved": moved_to,
            "tree": Json({address: astuple(told) for address, told in tree.items()}),
        },
    )  # fmt: skip


def save_failed_poll(
    cursor: Cursor, endpoint_id: int, *, status: int | None, outcome: Outcome, reason: str, again_in: timedelta,
    off: str | None = None,
) -> None:  # fmt: skip
    """A poll that failed. What is known of the last one that worked stays. `off`: why it is not polled any more.

    Where it was asked for at the address it had moved to, its own address has its turn again.
    """
    cursor.execute(
        """
        UPDATE ops.endpoint
        SET polled_at = now(), next_poll_at = now() + %s, status = %s, outcome = %s, reason = %s, failures = failures + 1,
            failing_since = coalesce(failing_since, now()), links_seen = NULL, links_new = NULL,
            moved_to = NULL, moved_since = NULL,
            off_since = CASE WHEN %s IS NULL THEN off_since ELSE now() END, off_reason = %s
        WHERE endpoint_id = %s
        """,
        (again_in, status, outcome, reason, off, off, endpoint_id),
    )


def put_off_poll(cursor: Cursor, endpoint_id: int, *, outcome: Outcome, reason: str, again_in: timedelta) -> None:
    """A poll that was not made, since its host is left alone: no failure, unless that goes on for more than a day."""
    cursor.execute(
        """
        UPDATE ops.endpoint
        SET next_poll_at = now() + %s, why = %s, outcome = %s, reason = %s,
            failing_since = coalesce(failing_since, now()),
            failures = failures + CASE WHEN failing_since < now() - interval '1 day' THEN 1 ELSE 0 END
        WHERE endpoint_id = %s
        """,
        (again_in, reason, outcome, reason, endpoint_id),
    )


def switch_on(cursor: Cursor, url: str) -> int:
    """Poll the endpoints of this address again, now: those that are off, and those that wait. Returns how many."""
    cursor.execute(
        """
        UPDATE ops.endpoint SET off_since = NULL, off_reason = NULL, failures = 0, failing_since = NULL, next_poll_at = now()
        WHERE active AND (url = %(url)s OR moved_to = %(url)s)
        """,
        {"url": url},
    )
    return cursor.rowcount


def poll_schedule(cursor: Cursor, source_id: str | None = None) -> list[dict[str, Any]]:
    """ops.poll_schedule, for a reader: the next first."""
    cursor.execute(
        "SELECT * FROM ops.poll_schedule WHERE %(source)s IS NULL OR source_id = %(source)s", {"source": source_id}
    )
    return rows(cursor)
