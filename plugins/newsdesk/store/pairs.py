"""Pairs of articles that may be the same text: which there are, and what was decided on each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from newsdesk.store.database import Cursor, insert_values
from newsdesk.store.fingerprints import EARLIEST_FIRST

Pair = tuple[int, int]  # article ids, lower first

# conditions on ops.pair
PLAIN = "plain AND candidate"
DUPLICATE = "is_duplicate"

_AT_A_TIME = 10_000  # rows from a cursor on the server


START: Pair = (0, 0)  # before all pairs


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair, lower id first, and how alike the two are."""

    a: int
    b: int
    score: float  # 0 to 1
    same: bool  # they are duplicates


def forget(cursor: Cursor, article_ids: Sequence[int]) -> None:
    """An article's text is another now: what was decided on the old one no longer holds."""
    cursor.execute(
        "DELETE FROM ops.pair WHERE article_a = ANY(%(ids)s) OR article_b = ANY(%(ids)s)", {"ids": list(article_ids)}
    )


def save(cursor: Cursor, compared: Iterable[Compared], plain: Collection[Pair], df_version: int | None) -> None:
    """What was decided at once, as new articles came. `plain`: the pairs that are plain copies."""
    insert_values(
        cursor,
        """
        INSERT INTO ops.pair (article_a, article_b, score, is_duplicate, plain, df_version) VALUES %s
        ON CONFLICT (article_a, article_b) DO UPDATE
        SET score = EXCLUDED.score, is_duplicate = EXCLUDED.is_duplicate, plain = EXCLUDED.plain,
            df_version = EXCLUDED.df_version, candidate = true, pending = NULL, decided_at = now()
        """,
        [
            (c.a, c.b, c.score, c.same, (c.a, c.b) in plain, df_version)
            for c in sorted(compared, key=lambda c: (c.a, c.b))
        ],
    )


# What is done where `wanted`, the pairs that fingerprints say now, and `ops.pair` differ, by what it is counted as
_HELD_TO_WANTED = (
    (
        "pairs_no_longer",
        """
        UPDATE ops.pair AS p SET candidate = false, pending = CASE WHEN is_duplicate THEN false END
        WHERE candidate
          AND NOT EXISTS (SELECT FROM wanted AS w WHERE (w.article_a, w.article_b) = (p.article_a, p.article_b))
          AND EXISTS (SELECT FROM ops.sketch AS s WHERE s.article_id = p.article_a)
          AND EXISTS (SELECT FROM ops.sketch AS s WHERE s.article_id = p.article_b)
        """,
    ),
    (
        "pairs_again",
        """
        UPDATE ops.pair AS p SET candidate = true, pending = NULL, df_version = NULL, found_at = now()
        FROM wanted AS w WHERE (w.article_a, w.article_b) = (p.article_a, p.article_b) AND NOT p.candidate
        """,
    ),
    (
        "pairs_new",
        """
        INSERT INTO ops.pair (article_a, article_b, is_duplicate)
        SELECT article_a, article_b, false FROM wanted AS w
        WHERE NOT EXISTS (SELECT FROM ops.pair AS p WHERE (p.article_a, p.article_b) = (w.article_a, w.article_b))
        """,
    ),
)


def find_all(cursor: Cursor, needed: Sequence[int], *, all_paired: int) -> dict[str, int]:
    """Hold `candidate` of all pairs to what the fingerprints say now, whenever and in whatever order they came.

    `needed`: for 1, 2, … fingerprints of the one of two texts that has fewer, how many they must share.
    `all_paired`: as for `fingerprints.note_common`, which comes before, in the same transaction; and the turn
    (`articles.take_turn`) is ours: or pairs that are found meanwhile would be taken for none. Pairs whose fingerprints are
    no longer kept stay as they are. One pass over the index, then a count by pair; PostgreSQL puts on disk what does not
    fit its work_mem.
    """
    cursor.execute("SET LOCAL work_mem = '128MB'")
    # a table of its own, because the planner takes a fingerprint to have hundreds of holders, and would loop
    cursor.execute(
        """
        CREATE TEMPORARY TABLE held ON COMMIT DROP AS
        SELECT h, article_id FROM (SELECT h, article_id, count(*) OVER (PARTITION BY h) AS holders FROM ops.fingerprint) AS f
        WHERE holders BETWEEN 2 AND %s
        """,
        (all_paired,),
    )
    cursor.execute("ANALYZE held")
    cursor.execute(
        """
        CREATE TEMPORARY TABLE wanted ON COMMIT DROP AS
        SELECT t.a AS article_a, t.b AS article_b
        FROM (
            SELECT a, b, count(*) AS shared
            FROM (
                SELECT x.article_id AS a, y.article_id AS b
                FROM held AS x JOIN held AS y ON y.h = x.h AND y.article_id > x.article_id
                UNION ALL
                SELECT least(p.article_id, first.article_id), greatest(p.article_id, first.article_id)
                FROM ops.common_fingerprint AS c
                CROSS JOIN unnest(c.first) AS first (article_id)
                JOIN ops.fingerprint AS p ON p.h = c.h
                WHERE p.article_id <> first.article_id
                  AND NOT (p.article_id = ANY (c.first) AND p.article_id < first.article_id)
            ) AS together
            GROUP BY a, b
        ) AS t
        JOIN ops.sketch AS of_a ON of_a.article_id = t.a
        JOIN ops.sketch AS of_b ON of_b.article_id = t.b
        WHERE t.shared >= (%(needed)s::int[])[least(cardinality(of_a.prints), cardinality(of_b.prints), %(most)s)]
        """,
        {"needed": list(needed), "most": len(needed)},
    )
    cursor.execute("ANALYZE wanted")
    counts: dict[str, int] = {}
    for name, statement in _HELD_TO_WANTED:
        cursor.execute(statement)
        counts[name] = cursor.rowcount
    return counts


def uncompared(cursor: Cursor, after: Pair, most: int) -> list[Pair]:
    """The next candidates of which it is not known whether they are plain copies; locked."""
    cursor.execute(
        """
        SELECT article_a, article_b FROM ops.pair
        WHERE plain IS NULL AND candidate AND (article_a, article_b) > %s
        ORDER BY article_a, article_b LIMIT %s FOR UPDATE SKIP LOCKED
        """,
        (after, most),
    )
    return cursor.fetchall()


def save_plain(cursor: Cursor, near: Iterable[Pair], plain: Collection[Pair]) -> None:
    insert_values(
        cursor,
        """
        UPDATE ops.pair AS p SET plain = v.plain FROM (VALUES %s) AS v (a, b, plain)
        WHERE p.article_a = v.a AND p.article_b = v.b
        """,
        [(*pair, pair in plain) for pair in near],
    )


def to_verify(cursor: Cursor, df_version: int, months: int, after: Pair, most: int) -> list[Pair]:
    """The next candidates of the last `months` that were not decided by this snapshot yet; locked.

    What another transaction holds is passed over: its article's text is just becoming another.
    """
    cursor.execute(
        """
        SELECT article_a, article_b FROM ops.pair
        WHERE (article_a, article_b) > %(after)s AND candidate AND df_version IS DISTINCT FROM %(version)s
          AND (found_at >= now() - make_interval(months => %(months)s) OR score IS NULL)
        ORDER BY article_a, article_b LIMIT %(most)s FOR UPDATE SKIP LOCKED
        """,
        {"after": after, "version": df_version, "months": months, "most": most},
    )
    return cursor.fetchall()


def save_verdicts(cursor: Cursor, compared: Iterable[Compared], df_version: int) -> int:
    """What reconcile decided: the score at once, another decision as pending. Returns how many are decided otherwise."""
    changed = insert_values(
        cursor,
        """
        UPDATE ops.pair AS p
        SET score = v.score, df_version = v.version, decided_at = now(),
            pending = CASE WHEN v.same <> p.is_duplicate THEN v.same END
        FROM (VALUES %s) AS v (a, b, score, same, version)
        WHERE p.article_a = v.a AND p.article_b = v.b
        RETURNING p.pending
        """,
        [(c.a, c.b, c.score, c.same, df_version) for c in compared],
    )
    return sum(pending is not None for (pending,) in changed)


def apply_pending(cursor: Cursor) -> int:
    """What is pending becomes the decision. Returns how many pairs that changes."""
    cursor.execute("UPDATE ops.pair SET is_duplicate = pending, pending = NULL WHERE pending IS NOT NULL")
    return cursor.rowcount


def members(cursor: Cursor, condition: str) -> list[int]:
    """The articles of all pairs of this condition (PLAIN or DUPLICATE), the one to name a group by first."""
    cursor.execute(
        f"""
        SELECT m.article_id
        FROM (SELECT article_a AS article_id FROM ops.pair WHERE {condition}
              UNION SELECT article_b FROM ops.pair WHERE {condition}) AS m
        JOIN ops.article AS a USING (article_id)
        JOIN ops.document AS d USING (document_id)
        JOIN ops.frontier AS f ON f.url_id = m.article_id
        ORDER BY {EARLIEST_FIRST}
        """
    )
    return [article_id for (article_id,) in cursor.fetchall()]


def stream(cursor: Cursor, condition: str) -> Iterator[Pair]:
    """All pairs of this condition, a page at a time."""
    with cursor.connection.cursor(name="pairs") as pages:
        pages.itersize = _AT_A_TIME
        pages.execute(f"SELECT article_a, article_b FROM ops.pair WHERE {condition}")
        yield from pages
