"""What is read anew: which pages, what they were, what they are now. How it is applied: `reprocess_apply`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from psycopg2.extras import Json

from newsdesk.model import ArchivedAt
from newsdesk.store.database import Cursor, insert_values, rows, single
from newsdesk.store.documents import TEXT, ToEnrich
from newsdesk.store.visits import ToExtract

_MOST_PORTIONS = 1_000  # Airflow maps a task 1,024 times at most


@dataclass(frozen=True, slots=True)
class Scope:
    """Which archived pages: by the day of their capture (UTC, both ends included), newest first where limited."""

    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()  # empty: all
    limit: int | None = None
    all: bool = False  # also what the present reader has read already

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Scope:
        """What `as_json` gave."""
        days = {name: date.fromisoformat(found[name]) if found[name] else None for name in ("since", "until")}
        return cls(**{**found, **days, "sources": tuple(found["sources"])})

    def as_json(self) -> dict[str, Any]:
        values = asdict(self) | {"sources": sorted(set(self.sources))}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Reprocess:
    """A row of ops.reprocess."""

    reprocess_id: int
    stage: str  # extract, enrich
    scope: Mapping[str, Any]
    reader: str
    opened_at: datetime
    planned_at: datetime | None
    run_id: int | None
    applied_at: datetime | None
    unread: int  # pages


@dataclass(frozen=True, slots=True)
class ToReread:
    """A page with what it is now. `before`: the row of its document; None: it is no article, by reason of `refusal`."""

    item: ToExtract
    refusal: str | None
    before: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Result:
    """What a page is to the present reader; the words are those of ops.reprocess_page."""

    url_id: int
    found: str
    outcome: str | None = None
    reason: str | None = None
    changes: tuple[str, ...] = ()
    added: int = 0
    removed: int = 0
    words: int = 0
    reading: Mapping[str, Any] | None = None


_SELECT = """
    SELECT r.reprocess_id, r.stage, r.scope, r.reader, r.opened_at, r.planned_at, r.run_id, r.applied_at,
        (SELECT count(*) FROM ops.reprocess_page AS p WHERE p.reprocess_id = r.reprocess_id AND p.read_at IS NULL)::int AS unread
    FROM ops.reprocess AS r
"""


def open_reprocess(cursor: Cursor, key: str, stage: str, scope: Scope, reader: str) -> int:
    """The id of the reprocess of this key, made where there is none."""
    cursor.execute(
        """
        INSERT INTO ops.reprocess (reprocess_key, stage, scope, reader) VALUES (%s, %s, %s, %s)
        ON CONFLICT (reprocess_key) DO UPDATE SET reprocess_key = EXCLUDED.reprocess_key
        RETURNING reprocess_id
        """,
        (key, stage, Json(scope.as_json()), reader),
    )
    return int(single(cursor))


def by_key(cursor: Cursor, key: str) -> int | None:
    cursor.execute("SELECT reprocess_id FROM ops.reprocess WHERE reprocess_key = %s", (key,))
    found = cursor.fetchone()
    return int(found[0]) if found else None


def read_reprocess(cursor: Cursor, reprocess_id: int) -> Reprocess | None:
    cursor.execute(f"{_SELECT} WHERE r.reprocess_id = %s", (reprocess_id,))
    found = rows(cursor)
    return Reprocess(**found[0]) if found else None


def latest(cursor: Cursor, most: int = 20) -> list[Reprocess]:
    cursor.execute(f"{_SELECT} ORDER BY r.reprocess_id DESC LIMIT %s", (most,))
    return [Reprocess(**row) for row in rows(cursor)]


def open_ones(cursor: Cursor, stage: str, scope: Scope) -> list[Reprocess]:
    """Those of this stage and scope that are not applied; one whose application has begun comes first, then the latest."""
    cursor.execute(
        f"{_SELECT} WHERE r.stage = %s AND r.scope = %s AND r.applied_at IS NULL "
        "ORDER BY r.run_id IS NULL, r.reprocess_id DESC",
        (stage, Json(scope.as_json())),
    )
    return [Reprocess(**row) for row in rows(cursor)]


def discard_reports(cursor: Cursor, stage: str, scope: Scope, reader: str) -> None:
    """Forget reports that a new one takes the place of, and those that can be applied no more, the reader being another."""
    cursor.execute(
        "DELETE FROM ops.reprocess WHERE run_id IS NULL AND stage = %s AND (scope = %s OR reader <> %s)",
        (stage, Json(scope.as_json()), reader),
    )


# the current document of each published article
_ARTICLES = """
    SELECT a.article_id AS url_id, d.capture_id, d.document_id, NULL::text AS refusal, c.fetched_at
    FROM ops.article AS a
    JOIN news.article AS n USING (article_id)
    JOIN ops.document AS d USING (document_id)
    JOIN ops.capture AS c ON c.capture_id = d.capture_id
    JOIN ops.frontier AS f ON f.url_id = a.article_id
    WHERE {scope} AND (%(all)s OR {reader} IS DISTINCT FROM %(reader)s)
"""
# the last capture of each page that was refused when it was read
_REFUSED = """
    SELECT f.url_id, v.capture_id, NULL::bigint, f.outcome, c.fetched_at
    FROM ops.frontier AS f
    CROSS JOIN LATERAL (
        SELECT w.capture_id, w.stage, w.evidence FROM ops.visit AS w
        WHERE w.url_id = f.url_id AND w.settled_at IS NOT NULL ORDER BY w.batch_id DESC LIMIT 1) AS v
    JOIN ops.capture AS c ON c.capture_id = v.capture_id
    WHERE {scope} AND f.article_id IS NULL AND f.outcome IS NOT NULL AND f.outcome <> 'withdrawn' AND v.stage = 'extract'
      AND NOT EXISTS (SELECT 1 FROM ops.article AS a WHERE a.article_id = f.url_id)
      AND (%(all)s OR v.evidence ->> 'extractor' IS DISTINCT FROM %(reader)s)
"""
_IN_SCOPE = """
    (%(sources)s = '{}'::text[] OR f.source_id = ANY(%(sources)s))
    AND (%(since)s::timestamptz IS NULL OR c.fetched_at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR c.fetched_at < %(until)s)
"""


def plan_pages(cursor: Cursor, reprocess_id: int, stage: str, scope: Scope, reader: str, portion: int) -> None:
    """List the pages, `portion` of them to a portion, about; once: what was listed stays."""
    cursor.execute("SELECT planned_at FROM ops.reprocess WHERE reprocess_id = %s FOR UPDATE", (reprocess_id,))
    found = cursor.fetchone()
    if found is None or found[0] is not None:
        return
    reads = {"extract": "d.extractor", "enrich": "d.annotator", "link": "d.linker"}[stage]
    pages = _ARTICLES.format(scope=_IN_SCOPE, reader=reads)
    if stage == "extract":
        pages += " UNION ALL " + _REFUSED.format(scope=_IN_SCOPE)
    cursor.execute(
        f"""
        INSERT INTO ops.reprocess_page (reprocess_id, url_id, portion, capture_id, document_id, refusal)
        SELECT %(id)s, url_id, (number - 1) / greatest(%(portion)s, ceil(total / %(most)s::float)::bigint),
            capture_id, document_id, refusal
        FROM (
            SELECT *, row_number() OVER (ORDER BY fetched_at DESC, url_id) AS number, count(*) OVER () AS total
            FROM (SELECT * FROM ({pages}) AS found ORDER BY fetched_at DESC, url_id LIMIT %(limit)s) AS chosen) AS numbered
        """,
        {
            "id": reprocess_id, "portion": portion, "most": _MOST_PORTIONS, "limit": scope.limit, "all": scope.all,
            "reader": reader, "sources": list(scope.sources), "since": scope.since,
            "until": scope.until + timedelta(days=1) if scope.until else None,
        },
    )  # fmt: skip
    cursor.execute("UPDATE ops.reprocess SET planned_at = clock_timestamp() WHERE reprocess_id = %s", (reprocess_id,))


def unread_portions(cursor: Cursor, reprocess_id: int) -> list[int]:
    cursor.execute(
        "SELECT DISTINCT portion FROM ops.reprocess_page WHERE reprocess_id = %s AND read_at IS NULL ORDER BY 1",
        (reprocess_id,),
    )
    return [portion for (portion,) in cursor.fetchall()]


def progress(cursor: Cursor, reprocess_id: int) -> dict[str, int]:
    cursor.execute(
        "SELECT count(*) AS pages, count(read_at) AS read FROM ops.reprocess_page WHERE reprocess_id = %s",
        (reprocess_id,),
    )
    return rows(cursor)[0]


def to_reread(cursor: Cursor, reprocess_id: int, portion: int) -> list[ToReread]:
    """The portion's pages that are not read yet, in the order of their place in the archive."""
    cursor.execute(
        """
        SELECT p.url_id, p.capture_id, p.refusal, c.final_url, c.content_type, c.warc_file, c.warc_offset, c.warc_length,
            c.fetched_at, f.source_id, f.title AS feed_title, f.published_at AS feed_published, to_jsonb(d) AS document,
            d.published_at, d.modified_at
        FROM ops.reprocess_page AS p
        JOIN ops.capture AS c USING (capture_id)
        JOIN ops.frontier AS f ON f.url_id = p.url_id
        LEFT JOIN ops.document AS d ON d.document_id = p.document_id
        WHERE p.reprocess_id = %s AND p.portion = %s AND p.read_at IS NULL
        ORDER BY c.warc_file, c.warc_offset, p.url_id
        """,
        (reprocess_id, portion),
    )
    return [
        ToReread(
            ToExtract(
                row["url_id"], row["capture_id"], row["final_url"], row["content_type"],
                ArchivedAt(row["warc_file"], row["warc_offset"], row["warc_length"]), row["fetched_at"],
                row["source_id"], row["feed_title"], row["feed_published"],
            ),
            row["refusal"],
            row["document"] and {**row["document"], "published_at": row["published_at"], "modified_at": row["modified_at"]},
        )
        for row in rows(cursor)
    ]  # fmt: skip


def to_rename(cursor: Cursor, reprocess_id: int, portion: int) -> list[ToEnrich]:
    """The portion's documents whose names are not found anew yet."""
    cursor.execute(
        f"""
        SELECT p.url_id, {TEXT}
        FROM ops.reprocess_page AS p JOIN ops.document AS d USING (document_id)
        JOIN ops.frontier AS f ON f.url_id = p.url_id
        WHERE p.reprocess_id = %s AND p.portion = %s AND p.read_at IS NULL
        ORDER BY p.document_id
        """,
        (reprocess_id, portion),
    )
    return [ToEnrich(**row) for row in rows(cursor)]


def to_relink(cursor: Cursor, reprocess_id: int, portion: int) -> list[tuple[int, int]]:
    """(url_id, document_id) of the portion's documents whose links are not asked for anew yet."""
    cursor.execute(
        """
        SELECT url_id, document_id FROM ops.reprocess_page
        WHERE reprocess_id = %s AND portion = %s AND read_at IS NULL ORDER BY document_id
        """,
        (reprocess_id, portion),
    )
    return [(url_id, document_id) for url_id, document_id in cursor.fetchall()]


def save_results(cursor: Cursor, reprocess_id: int, results: Sequence[Result]) -> None:
    """What the pages are. Where another try was first, its result stays."""
    insert_values(
        cursor,
        """
        UPDATE ops.reprocess_page AS p
        SET found = v.found, outcome = v.outcome, reason = v.reason, changes = v.changes::text[], added = v.added,
            removed = v.removed, words = v.words, reading = v.reading::jsonb, read_at = clock_timestamp()
        FROM (VALUES %s) AS v (reprocess_id, url_id, found, outcome, reason, changes, added, removed, words, reading)
        WHERE p.reprocess_id = v.reprocess_id AND p.url_id = v.url_id AND p.read_at IS NULL
        """,
        [
            (
                reprocess_id, r.url_id, r.found, r.outcome, r.reason, list(r.changes), r.added, r.removed, r.words,
                Json(dict(r.reading)) if r.reading is not None else None,
            )
            for r in results
        ],
    )  # fmt: skip
