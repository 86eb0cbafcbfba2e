"""URLs that are asked for again, by hand."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from newsdesk.store.database import Cursor


@dataclass(frozen=True, slots=True)
class Selection:
    """Which URLs: those named; or those without an article of these outcomes, narrowed by what else is told."""

    url_ids: tuple[int, ...] = ()
    outcomes: tuple[str, ...] = ()
    group: str | None = None  # of reasons, as `desk_quarantine.groups` tells it
    words: str | None = None  # that stand in the reason, in any case
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Retried:
    """What a retry did. URLs of sources that are off or paused wait until those are on again."""

    due: int
    in_hand: int  # a run has them already: left as they are
    asleep: int  # of those that are due: of sources that are off or paused
    withdrawn: int  # taken out on request: left as they are


def retry(cursor: Cursor, selection: Selection) -> Retried:
    """Make the selected URLs due now, with all their tries before them. Done again it changes nothing more."""
    if not selection.url_ids and not selection.outcomes:
        raise ValueError("a retry needs URLs or outcomes")
    cursor.execute(
        """
        WITH chosen AS (
            SELECT f.url_id, f.open_batch_id, f.source_id, f.outcome = 'withdrawn'
                OR EXISTS (SELECT 1 FROM ops.withdrawal AS w WHERE w.url_key = f.url_key) AS withdrawn
            FROM ops.frontier AS f
            WHERE (%(url_ids)s::bigint[] = '{}' OR f.url_id = ANY(%(url_ids)s::bigint[]))
              AND (%(url_ids)s::bigint[] <> '{}' OR f.article_id IS NULL AND f.outcome = ANY(%(outcomes)s::text[]))
              AND (%(group)s IS NULL OR ops.reason_group(f.reason) = %(group)s)
              AND (%(words)s IS NULL OR position(lower(%(words)s) IN lower(f.reason)) > 0)
              AND (%(source_id)s IS NULL OR f.source_id = %(source_id)s)
            ORDER BY f.url_key COLLATE "C" FOR NO KEY UPDATE OF f),
        due AS (
            UPDATE ops.frontier AS f SET next_visit_at = now(), failures = 0
            FROM chosen WHERE f.url_id = chosen.url_id AND chosen.open_batch_id IS NULL AND chosen.withdrawn IS NOT TRUE
            RETURNING f.url_id, f.source_id)
        SELECT (SELECT count(*) FROM due)::int,
            (SELECT count(*) FROM chosen WHERE open_batch_id IS NOT NULL AND withdrawn IS NOT TRUE)::int,
            (SELECT count(*) FROM due JOIN ops.source AS s USING (source_id) WHERE NOT s.enabled OR s.paused_at IS NOT NULL)::int,
            (SELECT count(*) FROM chosen WHERE withdrawn)::int
        """,
        {**asdict(selection), "url_ids": list(selection.url_ids), "outcomes": list(selection.outcomes)},
    )
    return Retried(*cursor.fetchone())  # type: ignore[misc]
