"""The frontier: every URL ever found, when it is due, and who has it in hand.

Who waits for many of its rows, here and elsewhere, does so by url_key COLLATE "C", as Python sorts: of two that have the
same URLs in hand, one waits, and neither is ended to break a deadlock. `lock_due` takes the newest first, since it waits
for none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsdesk.model import Link, Outcome
from newsdesk.store import runs, visits
from newsdesk.store.database import Cursor, insert_values, rows, wait_for_turn

LONGEST_KEY = 2_000  # characters: the table's own limit
_TURN = 0x706C616E  # one claim at a time

# When the article of a row `f` is looked at again: at its source's own ages, else at %(ages)s; see `newsdesk.revisits`.
NEXT_REVISIT = """ops.next_revisit(f.first_found_at, (
            SELECT CASE
                WHEN src.definition ? 'revisit'
                THEN ARRAY(SELECT jsonb_array_elements_text(src.definition -> 'revisit')::interval)
                ELSE %(ages)s::interval[] END
            FROM ops.source AS src WHERE src.source_id = f.source_id))"""


@dataclass(frozen=True, slots=True)
class Found:
    """A link with what the frontier needs to know of it."""

    key: str  # canonical
    host: str
    link: Link
    excluded: str | None = None  # why it is not to be visited


@dataclass(frozen=True, slots=True)
class Due:
    url_id: int
    host: str
    source_id: str


def add_links(cursor: Cursor, source_id: str, endpoint_id: int, found: Sequence[Found]) -> int:
    """Note the links an endpoint gave. Returns how many URLs are new.

    A URL that is known is visited again when its endpoint says that it changed: a later update, or another title. One
    that was left out is judged anew: patterns change, and what was learned of a site grows old.
    """
    by_key = {item.key: item for item in reversed(found)}  # of two forms of one address, the first named
    inserted = insert_values(
        cursor,
        f"""
        INSERT INTO ops.frontier AS f (url_key, url, host, source_id, endpoint_id, title, published_at, updated_at,
            first_found_at, last_found_at, next_visit_at, outcome, reason, stage)
        SELECT v.key, v.url, v.host, v.source_id, v.endpoint_id::bigint, CASE WHEN w.why IS NULL THEN v.title END,
            v.published_at::timestamptz, v.updated_at::timestamptz, now(), now(),
            CASE WHEN v.excluded IS NULL AND w.why IS NULL THEN now() END,
            CASE WHEN w.why IS NOT NULL THEN '{Outcome.WITHDRAWN}' WHEN v.excluded IS NOT NULL THEN '{Outcome.EXCLUDED}' END,
            coalesce(w.why, v.excluded), CASE WHEN v.excluded IS NOT NULL OR w.why IS NOT NULL THEN 'discover' END
        FROM (VALUES %s) AS v (key, url, host, source_id, endpoint_id, title, published_at, updated_at, excluded)
        LEFT JOIN ops.withdrawal AS w ON w.url_key = v.key
        ORDER BY v.key COLLATE "C"
        ON CONFLICT (url_key) DO UPDATE
        SET last_found_at = now(),
            title = CASE WHEN f.outcome IS DISTINCT FROM '{Outcome.WITHDRAWN}' THEN coalesce(EXCLUDED.title, f.title) END,
            updated_at = greatest(EXCLUDED.updated_at, f.updated_at),
            outcome = CASE WHEN f.outcome = '{Outcome.EXCLUDED}' THEN EXCLUDED.outcome ELSE f.outcome END,
            reason = CASE WHEN f.outcome = '{Outcome.EXCLUDED}' THEN EXCLUDED.reason ELSE f.reason END,
            stage = CASE WHEN f.outcome = '{Outcome.EXCLUDED}' THEN EXCLUDED.stage ELSE f.stage END,
            next_visit_at = CASE
                WHEN f.outcome = '{Outcome.EXCLUDED}' THEN EXCLUDED.next_visit_at
                -- whether one that is being fetched is an article is not known yet: its settling decides
                WHEN (f.article_id IS NOT NULL OR EXISTS (
                        SELECT 1 FROM ops.batch AS b
                        WHERE b.batch_id = f.open_batch_id AND b.import_id IS NULL AND b.reprocess_id IS NULL))
                     AND coalesce(f.outcome, '') NOT IN ('{Outcome.DUPLICATE_URL}', '{Outcome.WITHDRAWN}')
                     AND (EXCLUDED.updated_at > coalesce(f.updated_at, f.last_tried_at)
                          OR EXCLUDED.title <> f.title AND f.endpoint_id = EXCLUDED.endpoint_id)
                     -- some endpoints date every link with the moment of the request
                     AND (coalesce(f.outcome, '') NOT IN ('unchanged', 'not_modified') OR f.last_tried_at <= now() - interval '1 hour')
                THEN now() ELSE f.next_visit_at END
        RETURNING (xmax = 0)
        """,
        [
            (
                i.key,
                i.link.url,
                i.host,
                source_id,
                endpoint_id,
                i.link.title,
                i.link.published,
                i.link.updated,
                i.excluded,
            )
            for i in sorted(by_key.values(), key=lambda item: item.key)  # one lock order for all
        ],
    )
    return sum(new for (new,) in inserted)


def take_turn(cursor: Cursor) -> None:
    """Wait until no other transaction claims URLs; held until this one ends.

    What another has claimed of a host is not to be seen before it commits, and the host's other URLs are not locked.
    """
    wait_for_turn(cursor, _TURN)


def lock_due(cursor: Cursor, sources: Sequence[str], limit: int, of_host: int) -> list[Due]:
    """The URLs that are due, newest first, locked until the transaction ends; what others have locked is passed over.

    Of each host that a source names `of_host` at most, so that one with very many keeps nobody else's out of `limit`.
    A host that stands in an open batch is left out: no host is ever in two batches at once, where each took its turn.
    A batch of imported pages, or of pages read anew, fetches nothing, so it keeps no host waiting.
    """
    cursor.execute(
        """
        WITH due AS (
            SELECT f.url_id,
                row_number() OVER (PARTITION BY f.source_id, f.host ORDER BY f.published_at DESC NULLS LAST, f.url_id) AS place
            FROM ops.frontier AS f
            WHERE f.next_visit_at <= now() AND f.open_batch_id IS NULL AND f.source_id = ANY(%(sources)s)
              AND NOT EXISTS (SELECT 1 FROM ops.withdrawal AS w WHERE w.url_key = f.url_key)
              AND f.host NOT IN (
                SELECT o.host FROM ops.frontier AS o JOIN ops.batch AS b ON b.batch_id = o.open_batch_id
                WHERE b.import_id IS NULL AND b.reprocess_id IS NULL AND o.open_batch_id IS NOT NULL))
        SELECT f.url_id, f.host, f.source_id FROM due JOIN ops.frontier AS f USING (url_id)
        WHERE due.place <= %(of_host)s AND f.next_visit_at <= now() AND f.open_batch_id IS NULL
        ORDER BY f.published_at DESC NULLS LAST, f.url_id
        LIMIT %(limit)s FOR UPDATE OF f SKIP LOCKED
        """,
        {"sources": list(sources), "limit": limit, "of_host": of_host},
    )
    return [Due(row["url_id"], row["host"], row["source_id"]) for row in rows(cursor)]


def claim(cursor: Cursor, run_id: int, hosts: Sequence[str], url_ids: Sequence[int]) -> int:
    """Make a batch of locked URLs, each with a visit. Returns its id."""
    batch_id = runs.open_batch(cursor, run_id, hosts, url_ids)
    visits.enter(cursor, batch_id, url_ids)
    return batch_id
