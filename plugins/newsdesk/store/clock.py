"""A server's clock that ran ahead and was set right: what it planned would wait until it is that late again.

Every moment here is PostgreSQL's. `ops.host` needs none of this: its statements take no lease, pause or rest for true
that is longer than one can be (see `hosts`).
"""

from __future__ import annotations

from datetime import timedelta

from newsdesk.store import robots
from newsdesk.store.database import Cursor

_AHEAD = "clock_timestamp() + interval '1 minute'"  # later than any moment that was written beside us

_ENDPOINTS = "UPDATE ops.endpoint SET next_poll_at = least(next_poll_at, now()), " + ", ".join(
    f"{moment} = CASE WHEN {moment} > now() THEN now() ELSE {moment} END"
    for moment in ("polled_at", "worked_at", "changed_at", "whole_at", "failing_since", "moved_since")
)

# found, or tried, in the time that was none; by one order of locks
_URLS = f"""
WITH ahead AS (
    SELECT url_id FROM ops.frontier
    WHERE next_visit_at > now() AND greatest(first_found_at, last_found_at, last_tried_at) > {_AHEAD}
    ORDER BY url_key COLLATE "C" FOR NO KEY UPDATE)
UPDATE ops.frontier AS f SET next_visit_at = now() FROM ahead WHERE f.url_id = ahead.url_id
"""

_ROBOTS = f"""
UPDATE ops.robots SET next_fetch_at = now(), asked_until = NULL, unreachable_since = CASE WHEN unreachable_since < now() THEN unreachable_since END
WHERE next_fetch_at > now() + %s OR greatest(asked_until - %s, fetched_at, unreachable_since) > {_AHEAD}
"""

_LEASE = timedelta(hours=1)  # nobody asks for a robots.txt so long


def set_right(cursor: Cursor) -> bool:
    """Make due what was planned by a clock that ran ahead. False: it did not, which is what the polls' times tell.

    A poll, a page or a robots.txt that is asked for once too often is all that this can cost. What was noted as found or
    published in that time keeps its time.
    """
    cursor.execute(f"SELECT coalesce(max(greatest(polled_at, failing_since)) > {_AHEAD}, false) FROM ops.endpoint")
    if cursor.fetchone() != (True,):
        return False
    cursor.execute(_ENDPOINTS)
    cursor.execute("UPDATE ops.source SET endpoints_sought_at = now() WHERE endpoints_sought_at > now()")
    cursor.execute(_URLS)
    cursor.execute(_ROBOTS, (robots.LATEST, _LEASE))
    return True
