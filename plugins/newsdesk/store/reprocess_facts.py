"""What a report on a reprocess tells: counts, distributions, the largest changes, the pages that need a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newsdesk.store.database import Cursor, rows, single

# a share of the old reading's words -> its bucket in the report
SHARES = ((0.01, "up to 1 %"), (0.05, "up to 5 %"), (0.2, "up to 20 %"), (0.5, "up to 50 %"), (float("inf"), "more"))


@dataclass(frozen=True, slots=True)
class Large:
    """One of the largest changes."""

    url_id: int
    url: str
    source_id: str
    fetched_at: datetime
    changes: tuple[str, ...]
    added: int
    removed: int
    before: Mapping[str, Any]  # the row of ops.document; times as datetimes
    reading: Mapping[str, Any]


def counts(cursor: Cursor, reprocess_id: int) -> list[dict[str, Any]]:
    """Pages by what they were (`refusal`), what was found, and what they are (`outcome`)."""
    cursor.execute(
        """
        SELECT p.document_id IS NOT NULL AS article, p.refusal, p.found, p.outcome, count(*) AS pages
        FROM ops.reprocess_page AS p WHERE p.reprocess_id = %s GROUP BY 1, 2, 3, 4 ORDER BY 1 DESC, 2, 3, 4
        """,
        (reprocess_id,),
    )
    return rows(cursor)


def changed_fields(cursor: Cursor, reprocess_id: int) -> dict[str, int]:
    cursor.execute(
        """
        SELECT change, count(*) FROM ops.reprocess_page AS p, unnest(p.changes) AS change
        WHERE p.reprocess_id = %s AND p.found = 'changed' GROUP BY 1 ORDER BY 2 DESC, 1
        """,
        (reprocess_id,),
    )
    return dict(cursor.fetchall())


def changed_in(cursor: Cursor, reprocess_id: int, any_of: Sequence[str]) -> int:
    """How many articles change in any of these fields."""
    cursor.execute(
        "SELECT count(*) FROM ops.reprocess_page WHERE reprocess_id = %s AND found = 'changed' AND changes && %s",
        (reprocess_id, list(any_of)),
    )
    return int(single(cursor))


def amounts(cursor: Cursor, reprocess_id: int, body: str) -> dict[str, Any]:
    """Over the changed pages whose `body` (the name among `changes`) changed: quantiles and sums of added, removed."""
    cursor.execute(
        """
        SELECT percentile_disc(ARRAY[0.5, 0.9, 0.99, 1]) WITHIN GROUP (ORDER BY added) AS added,
            percentile_disc(ARRAY[0.5, 0.9, 0.99, 1]) WITHIN GROUP (ORDER BY removed) AS removed,
            coalesce(sum(added), 0)::bigint AS added_in_all, coalesce(sum(removed), 0)::bigint AS removed_in_all
        FROM ops.reprocess_page WHERE reprocess_id = %s AND found = 'changed' AND %s = ANY(changes)
        """,
        (reprocess_id, body),
    )
    return rows(cursor)[0]


def shares(cursor: Cursor, reprocess_id: int, body: str) -> dict[str, int]:
    """How many changed by how much: the words added and removed, as a share of the old reading's."""
    bounds, names = [bound for bound, _ in SHARES], [name for _, name in SHARES]
    cursor.execute(
        """
        SELECT width_bucket((added + removed)::float / greatest(words, 1) - 1e-9, %s::float[]) AS bucket, count(*)
        FROM ops.reprocess_page WHERE reprocess_id = %s AND found = 'changed' AND %s = ANY(changes) GROUP BY 1
        """,
        (bounds[:-1], reprocess_id, body),
    )
    found = dict(cursor.fetchall())
    return {name: found.get(place, 0) for place, name in enumerate(names)}


def by_source(cursor: Cursor, reprocess_id: int) -> list[dict[str, Any]]:
    cursor.execute(
        """
        SELECT f.source_id AS source, count(*) AS pages, count(*) FILTER (WHERE p.found = 'changed') AS changed,
            count(*) FILTER (WHERE p.found = 'new') AS new, count(*) FILTER (WHERE p.found = 'refused') AS refused,
            count(*) FILTER (WHERE p.found = 'lost') AS lost, coalesce(sum(p.added), 0)::bigint AS added,
            coalesce(sum(p.removed), 0)::bigint AS removed
        FROM ops.reprocess_page AS p JOIN ops.frontier AS f USING (url_id)
        WHERE p.reprocess_id = %s GROUP BY 1 ORDER BY changed DESC, pages DESC, source LIMIT 50
        """,
        (reprocess_id,),
    )
    return rows(cursor)


def listed(cursor: Cursor, reprocess_id: int, found: str) -> list[dict[str, Any]]:
    """The pages of which this was found, with what they were and what they are."""
    cursor.execute(
        """
        SELECT p.url_id, f.url, f.source_id AS source, d.title, p.refusal AS was, p.outcome, p.reason,
            CASE WHEN p.found = 'new' THEN p.reading ->> 'title' END AS new_title
        FROM ops.reprocess_page AS p JOIN ops.frontier AS f USING (url_id)
        LEFT JOIN ops.document AS d ON d.document_id = p.document_id
        WHERE p.reprocess_id = %s AND p.found = %s ORDER BY p.document_id IS NULL, f.source_id, p.url_id
        """,
        (reprocess_id, found),
    )
    return rows(cursor)


def largest(cursor: Cursor, reprocess_id: int, most: int) -> list[Large]:
    cursor.execute(
        """
        SELECT p.url_id, f.url, f.source_id, c.fetched_at, p.changes, p.added, p.removed, p.reading, to_jsonb(d) AS before,
            d.published_at, d.modified_at
        FROM ops.reprocess_page AS p
        JOIN ops.frontier AS f USING (url_id)
        JOIN ops.capture AS c USING (capture_id)
        JOIN ops.document AS d ON d.document_id = p.document_id
        WHERE p.reprocess_id = %s AND p.found = 'changed'
        ORDER BY p.added + p.removed DESC, cardinality(p.changes) DESC, p.url_id LIMIT %s
        """,
        (reprocess_id, most),
    )
    found = []
    for row in rows(cursor):
        times = {name: row.pop(name) for name in ("published_at", "modified_at")}
        found.append(Large(**{**row, "before": {**row["before"], **times}, "changes": tuple(row["changes"])}))
    return found


def links(cursor: Cursor, reprocess_id: int, most: int = 30) -> dict[str, Any]:
    """Of a reprocess of stage link: entities of articles linked before and after, and the names that change most."""
    cursor.execute(
        """
        SELECT coalesce(sum(words), 0)::bigint AS before, coalesce(sum(words + added - removed), 0)::bigint AS after,
            coalesce(sum(added), 0)::bigint AS added, coalesce(sum(removed), 0)::bigint AS removed
        FROM ops.reprocess_page WHERE reprocess_id = %s
        """,
        (reprocess_id,),
    )
    found = rows(cursor)[0]
    cursor.execute(
        """
        SELECT b.old ->> 3 AS name, b.old ->> 2 AS before, a.new ->> 2 AS after, count(*) AS articles
        FROM ops.reprocess_page AS p
        CROSS JOIN LATERAL jsonb_array_elements(p.reading -> 'before') WITH ORDINALITY AS b (old, place)
        JOIN LATERAL jsonb_array_elements(p.reading -> 'after') WITH ORDINALITY AS a (new, place) USING (place)
        WHERE p.reprocess_id = %s AND p.found = 'changed' GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT %s
        """,
        (reprocess_id, most),
    )
    return {**found, "names": rows(cursor)}


def applied(cursor: Cursor, reprocess_id: int) -> dict[str, int]:
    """Pages by what was done about them."""
    cursor.execute(
        """
        SELECT coalesce(applied, 'waiting'), count(*) FROM ops.reprocess_page
        WHERE reprocess_id = %s GROUP BY 1 ORDER BY 1
        """,
        (reprocess_id,),
    )
    return dict(cursor.fetchall())


def outcomes(cursor: Cursor, reprocess_id: int) -> tuple[dict[str, int], int]:
    """The visits of its batches: how they ended, and how many have not, whichever run has them in hand."""
    cursor.execute(
        """
        SELECT v.outcome, v.settled_at IS NOT NULL AS settled, count(*)
        FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id) WHERE b.reprocess_id = %s GROUP BY 1, 2 ORDER BY 1
        """,
        (reprocess_id,),
    )
    found = cursor.fetchall()
    return {outcome: n for outcome, settled, n in found if settled}, sum(n for _, settled, n in found if not settled)
