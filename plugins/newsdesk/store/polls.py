"""Polls of endpoints: which are due, and what each brought. Whose they are: `sources`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from psycopg2.extras import Json

from newsdesk.characters import storable
from newsdesk.model import Endpoint, EndpointKind, Outcome, Response, Source
from newsdesk.store.database import Cursor, rows

MOVED_AFTER = timedelta(days=3)  # of the same permanent redirect: then it is polled where that leads
WHOLE_AFTER = timedelta(days=3)  # of nothing but 304: then it is asked for without validators


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


def due(cursor: Cursor, sources: Mapping[str, Source], run_id: int | None = None) -> list[Poll]:
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


def save(
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
            "id": poll.endpoint_id, "pause": pause, "per_day": per_day, "why": storable(why),
            "status": response.status, "seen": links_seen, "new": links_new, "unmodified": unmodified, "etag": etag,
            "modified": last_modified, "digest": digest, "moved": moved_to,
            "tree": Json({address: astuple(told) for address, told in tree.items()}),
        },
    )  # fmt: skip


def save_failed(
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
        (again_in, status, outcome, storable(reason), off, off, endpoint_id),
    )


def put_off(cursor: Cursor, endpoint_id: int, *, outcome: Outcome, reason: str, again_in: timedelta) -> None:
    """A poll that was not made, since its host is left alone: no failure, unless that goes on for more than a day."""
    cursor.execute(
        """
        UPDATE ops.endpoint
        SET next_poll_at = now() + %s, why = %s, outcome = %s, reason = %s,
            failing_since = coalesce(failing_since, now()),
            failures = failures + CASE WHEN failing_since < now() - interval '1 day' THEN 1 ELSE 0 END
        WHERE endpoint_id = %s
        """,
        (again_in, storable(reason), outcome, storable(reason), endpoint_id),
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


def schedule(cursor: Cursor, source_id: str | None = None) -> list[dict[str, Any]]:
    """ops.poll_schedule, for a reader: the next first."""
    cursor.execute(
        "SELECT * FROM ops.poll_schedule WHERE %(source)s IS NULL OR source_id = %(source)s", {"source": source_id}
    )
    return rows(cursor)
