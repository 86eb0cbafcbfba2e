"""Fingerprints of the articles' texts: kept, forgotten, and looked up for the pairs worth comparing.

One row a fingerprint (`ops.fingerprint`), one btree on (h) that holds the article too; what an article has stands in
its row of `ops.sketch`. Which articles are paired by one fingerprint is told in `dedup.candidates`. Reconcile holds all
pairs to that (`pairs.find_all`); a new article is looked up by what reconcile found to be common last.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from newsdesk.store.database import Cursor, insert_values

# Holders looked at by one fingerprint that has become common since the last reconcile
_MOST_LOOKED_AT = 200

EARLIEST_FIRST = 'ops.earliest_certain(d.published_at, d.published_precision) NULLS LAST, f.url_key COLLATE "C"'
"""What makes a member of a group the first: ORDER BY, for ops.document as d and the article's ops.frontier as f."""


def save(
    cursor: Cursor, rule: int, prints: Mapping[int, Sequence[int]], made_at: Mapping[int, datetime] | None = None
) -> None:
    """article_id -> the fingerprints of its current text, as `rule` makes them. `made_at`: of those that are not new."""
    forget(cursor, prints)
    insert_values(
        cursor,
        "INSERT INTO ops.sketch (article_id, rule, prints, made_at) VALUES %s",
        [
            (article_id, rule, sorted(set(found)), (made_at or {}).get(article_id, "now"))
            for article_id, found in prints.items()
        ],
    )
    cursor.execute(
        """
        INSERT INTO ops.fingerprint (article_id, h)
        SELECT article_id, h FROM ops.sketch CROSS JOIN unnest(prints) AS h WHERE article_id = ANY(%s) ORDER BY h
        """,
        (list(prints),),
    )


def forget(cursor: Cursor, article_ids: Collection[int]) -> None:
    """New articles are no longer compared with these."""
    cursor.execute(
        """
        WITH gone AS (DELETE FROM ops.sketch WHERE article_id = ANY(%s) RETURNING article_id, prints)
        DELETE FROM ops.fingerprint AS f USING (SELECT article_id, unnest(prints) AS h FROM gone) AS old
        WHERE f.h = old.h AND f.article_id = old.article_id
        """,
        (list(article_ids),),
    )


def outdated(cursor: Cursor, rule: int, most: int) -> dict[int, datetime]:
    """Articles whose fingerprints another rule made, at most so many, and when the first were made of this text."""
    cursor.execute("SELECT article_id, made_at FROM ops.sketch WHERE rule <> %s ORDER BY 1 LIMIT %s", (rule, most))
    return dict(cursor.fetchall())


def older_than(cursor: Cursor, months: int, most: int) -> list[int]:
    """Articles whose fingerprints were made more than so many months ago, at most so many."""
    cursor.execute(
        "SELECT article_id FROM ops.sketch WHERE made_at < now() - make_interval(months => %s) LIMIT %s", (months, most)
    )
    return [article_id for (article_id,) in cursor.fetchall()]


def candidates(cursor: Cursor, new: Collection[int]) -> list[tuple[int, int, int, int, int]]:
    """Pairs of a new article and any other that share a fingerprint: (lower id, higher id, shared, of lower, of higher).

    The new articles' fingerprints are saved already. A pair of two new articles comes once. The cost is that of the
    pairs, not of the table: the LIMITs keep PostgreSQL to the indexes, also where it expects more than comes.
    """
    cursor.execute(
        """
        WITH new AS (SELECT article_id, prints, cardinality(prints) AS size FROM ops.sketch WHERE article_id = ANY(%(new)s)),
        together AS (
            SELECT n.article_id, n.size, found.other, count(*) AS shared
            FROM (SELECT article_id, size, unnest(prints) AS h FROM new) AS n
            LEFT JOIN ops.common_fingerprint AS c ON c.h = n.h
            CROSS JOIN LATERAL (
                SELECT unnest(c.first) AS other
                UNION ALL
                (SELECT f.article_id FROM ops.fingerprint AS f WHERE f.h = n.h AND c.h IS NULL LIMIT %(most)s)) AS found
            WHERE found.other <> n.article_id
            GROUP BY 1, 2, 3)
        SELECT t.article_id, t.other, t.shared, t.size, other.size
        FROM together AS t
        CROSS JOIN LATERAL (
            SELECT cardinality(s.prints) AS size FROM ops.sketch AS s WHERE s.article_id = t.other LIMIT 1) AS other
        """,
        {"new": list(new), "most": _MOST_LOOKED_AT},
    )
    found: dict[tuple[int, int], tuple[int, int, int]] = {}
    for one, other, shared, of_one, of_other in cursor.fetchall():
        pair, sizes = ((one, other), (of_one, of_other)) if one < other else ((other, one), (of_other, of_one))
        known = found.get(pair, (0,))[0]  # of two new articles that either found
        found[pair] = (max(shared, known), *sizes)
    return [(*pair, *counts) for pair, counts in found.items()]


def note_common(cursor: Cursor, *, all_paired: int, first_paired: int, says_nothing: int) -> int:
    """Note the fingerprints that more than `all_paired` articles have, anew. Returns how many there are.

    Of each the `first_paired` articles that were published first, unless more than `says_nothing` have it.
    """
    cursor.execute("DELETE FROM ops.common_fingerprint")
    cursor.execute(
        f"""
        INSERT INTO ops.common_fingerprint (h, holders, first)
        WITH common AS (SELECT h, count(*) AS holders FROM ops.fingerprint GROUP BY h HAVING count(*) > %(all)s),
        placed AS (
            SELECT c.h, p.article_id, row_number() OVER (PARTITION BY c.h ORDER BY {EARLIEST_FIRST}) AS place
            FROM common AS c
            JOIN ops.fingerprint AS p ON p.h = c.h
            JOIN ops.article AS a ON a.article_id = p.article_id
            JOIN ops.document AS d USING (document_id)
            JOIN ops.frontier AS f ON f.url_id = p.article_id
            WHERE c.holders <= %(none)s)
        SELECT c.h, c.holders, coalesce(array_agg(p.article_id ORDER BY p.place) FILTER (WHERE p.place <= %(first)s), '{{}}')
        FROM common AS c LEFT JOIN placed AS p ON p.h = c.h AND p.place <= %(first)s
        GROUP BY c.h, c.holders
        """,
        {"all": all_paired, "first": first_paired, "none": says_nothing},
    )
    return cursor.rowcount
