"""Taking an article out for good, as a court or an author may ask for: from every table and from the archive.

What stays is the address with the reason (`ops.withdrawal`, `news.url_status`), so that the article is not taken in
again: neither there nor at another address that leads to it. Groups and stories that it was in are told anew, and
`news.changes` says that it is gone, so that copies can follow; an export that was made before is mended by the next.

First the tables, in one transaction; then the archive, record by record. Killed between, it is done by the next
withdrawal, the next run's deduplication, or the same command again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from newsdesk import urls
from newsdesk.archive.places import open_place
from newsdesk.archive.records import blank_record
from newsdesk.deduplication import form_groups
from newsdesk.desk import Desk
from newsdesk.store import articles, withdrawals
from newsdesk.store.database import Cursor, in_turn, session
from newsdesk.story_building import build_stories


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was taken out."""

    addresses: int  # that led to it, each with a tombstone now
    articles: int  # of news.article: 0 or 1
    readings: int  # of its pages
    records: int  # of the archive


def withdraw(desk: Desk, url: str, why: str) -> Withdrawn:
    """Take out what is at this address. ValueError where it is no page's address, or no reason is given.

    Of an address that was never found the tombstone alone is made. Done again, it removes nothing more.
    """
    if not why.strip():
        raise ValueError("a withdrawal needs its reason")
    with session(desk.dsn) as begin:
        done = in_turn(
            begin, partial(_take_out, key=urls.canonical_key(url), url=url, why=why, days=desk.settings.story_days)
        )
    return replace(done, records=erase_records(desk))


def _take_out(cursor: Cursor, key: str, url: str, why: str, days: float) -> Withdrawn:
    articles.take_turn(cursor)
    found = withdrawals.addresses_of(cursor, key)
    withdrawals.entomb(cursor, found.keys, url, found.article_id, why)
    if found.article_id is not None:
        form_groups(cursor, withdrawals.set_apart(cursor, found.article_id))
        build_stories(cursor, None, days)
    readings = withdrawals.forget(cursor, found, why)
    removed = withdrawals.take_from_analysts(cursor, found.article_id)
    return Withdrawn(len(found.keys), removed, readings, 0)


def erase_records(desk: Desk) -> int:
    """Write over what the archive still has of withdrawn pages. Returns how many records.

    ArchiveUnavailable where it cannot be written; what is left is done the next time.
    """
    with session(desk.dsn) as begin:
        with begin() as cursor:
            todo = withdrawals.to_erase(cursor)
        if not todo:
            return 0
        place = open_place(desk.settings.archive, desk.settings.archive_options)
        for item in todo:
            place.write_over(item.at.file, item.at.offset, blank_record(item.at.length, item.url))
            with begin() as cursor:
                withdrawals.erased(cursor, item.at)
    return len(todo)
