"""Looking for a new site's feeds, in a thread of its own: it takes a minute, and each step is noted in ops.source_draft."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime

from newsdesk import drafting
from newsdesk.dashboard.door import Door
from newsdesk.errors import NewsdeskError
from newsdesk.model import Source
from newsdesk.store import desk_actions, drafts
from newsdesk.store.database import transaction

log = logging.getLogger(__name__)

MOST = 3  # searches at a time, of all who ask


def begin(door: Door, draft_id: int, audit_id: int, source: Source) -> threading.Thread:
    thread = threading.Thread(
        target=_search, args=(door, draft_id, audit_id, source), name=f"search-{draft_id}", daemon=True
    )
    thread.start()
    return thread


def _search(door: Door, draft_id: int, audit_id: int, source: Source) -> None:
    try:
        _find(door, draft_id, audit_id, source)
    except Exception as fault:  # nobody waits for this thread: what went wrong is told on the draft's page
        log.exception("the search for %s failed", source.homepage)
        _end(door, draft_id, audit_id, failure=f"the search failed: {fault}" if isinstance(fault, NewsdeskError) else
             "the search failed by a fault of newsdesk's own: the api-server's log has it")  # fmt: skip


def _find(door: Door, draft_id: int, audit_id: int, source: Source) -> None:
    desk = door.desk()

    def tell(line: str) -> None:
        with transaction(desk.dsn) as cursor:
            drafts.note(cursor, draft_id, line)

    found = door.find(desk.guest(), source, tell)
    if not found.reached and not found.chosen:
        _end(door, draft_id, audit_id, failure=f"{source.homepage} cannot be read: {found.reason}")
        return
    about = Source(
        source.id,
        found.about.name or source.name,
        found.homepage or source.homepage,
        allow_private=source.allow_private,
    )
    text = drafting.draft(about, found, datetime.now(UTC))
    _end(door, draft_id, audit_id, endpoints=len(found.chosen), yaml=text)


def _end(
    door: Door, draft_id: int, audit_id: int, *, endpoints: int = 0, yaml: str | None = None, failure: str | None = None
) -> None:
    with transaction(door.desk().dsn) as cursor:
        drafts.finish(cursor, draft_id, endpoints=endpoints, yaml=yaml, failure=failure)
        desk_actions.conclude(cursor, audit_id, failure or f"{endpoints} endpoints chosen")
