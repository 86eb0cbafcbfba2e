"""A site's furniture and the pages that it is told from: ops.template and ops.template_page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsdesk.characters import storable
from newsdesk.model import Document, SiteBlock
from newsdesk.store.database import Cursor, insert_values, rows

MOST_SEEN = 50  # rows of a site for blocks that return and are kept
MOST_FURNITURE = 300  # rows of a site for its furniture, past and present
_LEARN_SHARE = 0.2  # of a site's latest pages that must be new before its furniture is told anew


@dataclass(frozen=True, slots=True)
class Furniture:
    """Keys of the blocks that are left out of a site's bodies."""

    version: int = 0
    always: frozenset[int] = frozenset()
    until: tuple[tuple[int, datetime], ...] = ()  # those that went with an older template, last seen then

    def at(self, fetched_at: datetime) -> frozenset[int]:
        """What is left out of a page of that time."""
        return self.always.union(key for key, last in self.until if fetched_at <= last)


@dataclass(frozen=True, slots=True)
class PageRead:
    """An article as it was just read. `furniture`: what was known of its site then."""

    url_id: int
    capture_id: int
    site: str
    fetched_at: datetime
    document: Document
    furniture: frozenset[int]


@dataclass(frozen=True, slots=True)
class WindowPage:
    """One of a site's latest articles: columns of one length."""

    url_id: int
    fetched_at: datetime
    keys: Sequence[int]
    places: Sequence[int]
    chars: Sequence[int]
    kinds: Sequence[str]
    times: Sequence[int]


@dataclass(frozen=True, slots=True)
class Decision:
    """On one block of a site. `example`: a page that shows it; `at`: its place in that page's columns, from 1."""

    site: str
    key: int
    pages: int
    articles: int
    is_furniture: bool
    why: str
    first_seen_at: datetime
    last_seen_at: datetime
    example: int
    at: int


def read_furniture(cursor: Cursor, sites: Iterable[str]) -> dict[str, Furniture]:
    """What is known of each of these sites; those of which nothing is known are absent."""
    cursor.execute(
        """
        SELECT site, max(greatest(since_version, until_version)) AS version,
            coalesce(array_agg(block) FILTER (WHERE by_hand = 'drop' OR by_hand IS NULL AND state = 'furniture'), '{}') AS always,
            coalesce(array_agg(block) FILTER (WHERE by_hand IS NULL AND state = 'gone'), '{}') AS gone,
            coalesce(array_agg(last_seen_at) FILTER (WHERE by_hand IS NULL AND state = 'gone'), '{}') AS last
        FROM ops.template WHERE site = ANY(%s) GROUP BY site
        """,
        (list(sites),),
    )
    return {
        row["site"]: Furniture(
            row["version"] or 0, frozenset(row["always"]), tuple(zip(row["gone"], row["last"], strict=True))
        )
        for row in rows(cursor)
    }


def save_pages(cursor: Cursor, pages: Iterable[PageRead]) -> None:
    """The blocks of articles just read; of a page read before, the later capture's stand."""
    insert_values(
        cursor,
        """
        INSERT INTO ops.template_page AS t (url_id, capture_id, site, fetched_at, blocks, places, chars, kinds, times, paths,
            texts, known, left_out)
        VALUES %s
        ON CONFLICT (url_id) DO UPDATE SET capture_id = excluded.capture_id, site = excluded.site,
            fetched_at = excluded.fetched_at, blocks = excluded.blocks, places = excluded.places, chars = excluded.chars,
            kinds = excluded.kinds, times = excluded.times, paths = excluded.paths, texts = excluded.texts,
            known = excluded.known, left_out = excluded.left_out, learned = t.learned AND t.capture_id = excluded.capture_id
        WHERE t.fetched_at <= excluded.fetched_at
        """,
        [_as_row(page) for page in pages if page.document.outcome is None and page.document.blocks],
    )


def _as_row(page: PageRead) -> tuple[object, ...]:
    blocks: dict[int, SiteBlock] = {}
    for block in page.document.blocks:
        blocks.setdefault(block.key, block)
    found = list(blocks.values())
    return (
        page.url_id, page.capture_id, page.site, page.fetched_at, [b.key for b in found], [b.place for b in found],
        [b.chars for b in found], [b.kind for b in found], [b.times for b in found], [storable(b.path) for b in found],
        [storable(b.text) for b in found], [b.key for b in found if b.key in page.furniture],
        list(dict.fromkeys(b.key for b in page.document.left_out)),
    )  # fmt: skip


def sites_to_learn(cursor: Cursor, batch_id: int) -> list[str]:
    """The batch's sites with enough pages that are new. Until the transaction ends nobody else learns of them."""
    cursor.execute(
        """
        SELECT p.site FROM ops.template_page AS p
        WHERE p.site IN (
            SELECT b.site FROM ops.template_page AS b JOIN ops.visit AS v USING (url_id) WHERE v.batch_id = %s)
        GROUP BY p.site
        HAVING count(*) FILTER (WHERE NOT p.learned) >= greatest(1, %s * count(*))
        ORDER BY p.site
        """,
        (batch_id, _LEARN_SHARE),
    )
    found = [site for (site,) in cursor.fetchall()]
    _lock(cursor, found)
    return found


def _lock(cursor: Cursor, sites: Sequence[str]) -> None:
    """Until the transaction ends nobody else decides on these sites: one site may have hosts in several batches."""
    # in one order, that two batches never wait for each other
    cursor.execute(
        "SELECT pg_advisory_xact_lock(hashtext('ops.template'), hashtext(site)) FROM unnest(%s::text[]) AS site",
        (sorted(sites),),
    )


def read_windows(cursor: Cursor, sites: Sequence[str], latest: int) -> dict[str, list[WindowPage]]:
    """The latest pages of each site, the newest first."""
    cursor.execute(
        """
        SELECT s.site, p.url_id, p.fetched_at, p.blocks, p.places, p.chars, p.kinds, p.times
        FROM unnest(%s::text[]) AS s (site)
        CROSS JOIN LATERAL (SELECT * FROM ops.template_page AS t WHERE t.site = s.site
                            ORDER BY t.fetched_at DESC, t.url_id DESC LIMIT %s) AS p
        """,
        (list(sites), latest),
    )
    found: dict[str, list[WindowPage]] = {site: [] for site in sites}
    for site, *columns in cursor.fetchall():
        found[site].append(WindowPage(*columns))
    return found


def present_furniture(cursor: Cursor, sites: Sequence[str]) -> dict[str, frozenset[int]]:
    """What the rules hold to be furniture now, whatever a hand has set."""
    cursor.execute(
        "SELECT site, array_agg(block) FROM ops.template WHERE site = ANY(%s) AND state = 'furniture' GROUP BY site",
        (list(sites),),
    )
    return {site: frozenset(blocks) for site, blocks in cursor.fetchall()}


_TOLD = """
    unnest(%(sites)s::text[], %(keys)s::bigint[], %(pages)s::integer[], %(articles)s::integer[], %(furniture)s::boolean[],
        %(whys)s::text[], %(versions)s::integer[], %(firsts)s::timestamptz[], %(lasts)s::timestamptz[], %(examples)s::bigint[],
        %(ats)s::integer[])
        AS d (site, block, pages, articles, is_furniture, why, version, first_seen_at, last_seen_at, example, at)
"""


def save_decisions(
    cursor: Cursor, sites: Sequence[str], decisions: Sequence[Decision], versions: Mapping[str, int], rule: int
) -> None:
    """All that was told of these sites. versions: the version of each site's furniture, with these decisions.

    Furniture that no page of the window shows is gone: it stays in the table for older pages that are read again.
    """
    told = {
        "sites": [d.site for d in decisions], "keys": [d.key for d in decisions], "pages": [d.pages for d in decisions],
        "articles": [d.articles for d in decisions], "furniture": [d.is_furniture for d in decisions],
        "whys": [d.why for d in decisions], "versions": [versions[d.site] for d in decisions],
        "firsts": [d.first_seen_at for d in decisions], "lasts": [d.last_seen_at for d in decisions],
        "examples": [d.example for d in decisions], "ats": [d.at for d in decisions],
        "rule": rule, "all_sites": list(sites), "all_versions": [versions[site] for site in sites],
    }  # fmt: skip
    cursor.execute(
        f"""
        UPDATE ops.template AS t
        SET state = CASE WHEN told.block IS NULL THEN 'gone' ELSE 'seen' END, until_version = v.version, decided_at = now(),
            why = 'was ' || t.why
        FROM unnest(%(all_sites)s::text[], %(all_versions)s::integer[]) AS v (site, version)
        JOIN ops.template AS o ON o.site = v.site AND o.state = 'furniture'
        LEFT JOIN {_TOLD.replace(" AS d ", " AS told ")} ON told.site = o.site AND told.block = o.block
        WHERE t.site = o.site AND t.block = o.block AND told.is_furniture IS NOT TRUE
        """,
        told,
    )
    cursor.execute(
        f"""
        DELETE FROM ops.template AS t
        WHERE t.site = ANY(%(all_sites)s) AND t.state = 'seen' AND t.by_hand IS NULL
          AND NOT EXISTS (SELECT 1 FROM {_TOLD} WHERE d.site = t.site AND d.block = t.block)
        """,
        told,
    )
    cursor.execute(
        f"""
        INSERT INTO ops.template AS t (site, block, path, text, kind, pages, articles, first_seen_at, last_seen_at, state, why,
            since_version, rule)
        SELECT d.site, d.block, coalesce(o.path, p.paths[d.at]), coalesce(o.text, p.texts[d.at]), coalesce(o.kind, p.kinds[d.at]),
            d.pages, d.articles, d.first_seen_at, d.last_seen_at, CASE WHEN d.is_furniture THEN 'furniture' ELSE 'seen' END, d.why,
            CASE WHEN d.is_furniture THEN d.version END, %(rule)s
        FROM {_TOLD} JOIN ops.template_page AS p ON p.url_id = d.example
        LEFT JOIN ops.template AS o ON o.site = d.site AND o.block = d.block
        ON CONFLICT (site, block) DO UPDATE SET pages = excluded.pages, articles = excluded.articles,
            first_seen_at = least(t.first_seen_at, excluded.first_seen_at),
            last_seen_at = greatest(t.last_seen_at, excluded.last_seen_at),
            since_version = CASE WHEN t.state = 'furniture' THEN t.since_version
                            ELSE coalesce(excluded.since_version, t.since_version) END,
            until_version = CASE WHEN excluded.state = 'furniture' THEN NULL ELSE t.until_version END,
            state = excluded.state, why = excluded.why, rule = excluded.rule, decided_at = now()
        """,
        told,
    )
    # rows that another batch of the site is writing just now are left for the next time
    cursor.execute(
        """
        UPDATE ops.template_page SET learned = true
        WHERE url_id IN (SELECT url_id FROM ops.template_page WHERE site = ANY(%s) AND NOT learned FOR UPDATE SKIP LOCKED)
        """,
        (list(sites),),
    )


def read_too_early(cursor: Cursor, batch_id: int) -> list[int]:
    """The batch's articles that show furniture which was not known yet when they were read. Enriched ones stay as they are."""
    cursor.execute(
        """
        SELECT v.url_id FROM ops.visit AS v JOIN ops.template_page AS p ON p.url_id = v.url_id AND p.capture_id = v.capture_id
        WHERE v.batch_id = %s AND v.document_id IS NOT NULL AND v.outcome IS NULL AND v.enriched_at IS NULL
          AND EXISTS (SELECT 1 FROM ops.template AS t WHERE t.site = p.site AND t.block = ANY(p.blocks)
                      AND (t.by_hand = 'drop' OR t.by_hand IS NULL AND t.state = 'furniture') AND t.block <> ALL(p.known))
        ORDER BY v.url_id
        """,
        (batch_id,),
    )
    return [url_id for (url_id,) in cursor.fetchall()]


def forget_old(cursor: Cursor, batch_id: int, latest: int) -> None:
    """Keep the latest pages and rows of the batch's sites."""
    cursor.execute(
        "SELECT DISTINCT p.site FROM ops.template_page AS p JOIN ops.visit AS v USING (url_id) WHERE v.batch_id = %s",
        (batch_id,),
    )
    sites = [site for (site,) in cursor.fetchall()]
    _lock(cursor, sites)
    cursor.execute(
        """
        WITH site AS (SELECT unnest(%s::text[]) AS site),
        old AS (
            SELECT o.url_id FROM site CROSS JOIN LATERAL (
                SELECT url_id FROM ops.template_page AS p WHERE p.site = site.site
                ORDER BY p.fetched_at DESC, p.url_id DESC OFFSET %s FOR UPDATE SKIP LOCKED) AS o),
        worn AS (
            SELECT t.site, t.block, t.state = 'seen' AS is_seen, row_number() OVER (
                PARTITION BY t.site, t.state = 'seen'
                ORDER BY t.state = 'gone', CASE WHEN t.state = 'seen' THEN t.articles END DESC, t.last_seen_at DESC, t.block) AS place
            FROM ops.template AS t JOIN site USING (site) WHERE t.by_hand IS NULL),
        dropped AS (DELETE FROM ops.template_page WHERE url_id IN (SELECT url_id FROM old))
        DELETE FROM ops.template AS t USING worn AS w
        WHERE w.site = t.site AND w.block = t.block AND w.place > CASE WHEN w.is_seen THEN %s ELSE %s END
        """,
        (sites, latest, MOST_SEEN, MOST_FURNITURE),
    )
