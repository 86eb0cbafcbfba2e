"""What of our own operations is forgotten after a while, and the clearing up behind it.

Forgotten is what only tells of days gone by: never what an article came from (its visits, captures and documents), never
an address (ops.frontier says of each URL ever found how it ended), never who did what (ops.audit).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsdesk.store.database import Begin, autocommitting

CHUNK = 10_000  # rows of one transaction


@dataclass(frozen=True, slots=True)
class Trim:
    """Rows that go. `ripe` gives their ctid, at most %(chunk)s, of those older than %(before)s."""

    name: str
    table: str
    keep: str  # whose setting holds: a key of the periods
    ripe: str
    chunk: int = CHUNK


# In the order of their references: what is named by others comes after them
TRIMS = (
    # of a URL that is no article, all visits but the last one that ended
    Trim("visits", "ops.visit", "visits", """
        SELECT v.ctid FROM ops.visit AS v JOIN ops.frontier AS f USING (url_id)
        WHERE v.settled_at < %(before)s AND v.article_id IS NULL AND v.document_id IS NULL AND f.article_id IS NULL
          AND f.open_batch_id IS DISTINCT FROM v.batch_id
          AND EXISTS (SELECT 1 FROM ops.visit AS l
                      WHERE l.url_id = v.url_id AND l.batch_id > v.batch_id AND l.settled_at IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM ops.revisit AS r WHERE r.batch_id = v.batch_id AND r.url_id = v.url_id)"""),
    # a source's latest report stays: the next check asks it what is known already
    Trim("run_reports", "ops.run_report", "runs", """
        SELECT p.ctid FROM ops.run_report AS p JOIN ops.run AS r USING (run_id)
        WHERE r.started_at < %(before)s
          AND EXISTS (SELECT 1 FROM ops.run_report AS l WHERE l.source_id = p.source_id AND l.run_id > p.run_id)"""),
    Trim("stage_times", "ops.stage_time", "runs", "SELECT ctid FROM ops.stage_time WHERE began_at < %(before)s"),
    Trim("hours", "ops.arrivals", "runs", "SELECT ctid FROM ops.arrivals WHERE hour < %(before)s"),
    Trim("alerts", "ops.alert", "runs", "SELECT ctid FROM ops.alert WHERE closed_at < %(before)s"),
    Trim("tellings", "ops.telling", "runs", """
        SELECT t.ctid FROM ops.telling AS t JOIN ops.message AS m USING (message_id)
        WHERE m.written_at < %(before)s"""),
    Trim("messages", "ops.message", "runs", """
        SELECT m.ctid FROM ops.message AS m
        WHERE m.written_at < %(before)s
          AND NOT EXISTS (SELECT 1 FROM ops.telling AS t WHERE t.message_id = m.message_id)
          AND NOT EXISTS (SELECT 1 FROM ops.alert AS a WHERE m.message_id IN (a.told_in, a.taken_back_in))"""),
    # that nobody applied: with all its pages, so that none is ever there, to be applied, with some of them
    Trim("unapplied_reports", "ops.reprocess", "reports", """
        SELECT r.ctid FROM ops.reprocess AS r
        WHERE r.run_id IS NULL AND r.opened_at < %(before)s
          AND NOT EXISTS (SELECT 1 FROM ops.batch AS b WHERE b.reprocess_id = r.reprocess_id)""", chunk=1),
    Trim("report_pages", "ops.reprocess_page", "reports", """
        SELECT p.ctid FROM ops.reprocess_page AS p JOIN ops.reprocess AS r USING (reprocess_id)
        WHERE r.applied_at < %(before)s"""),
    Trim("reports", "ops.reprocess", "reports", """
        SELECT r.ctid FROM ops.reprocess AS r
        WHERE r.applied_at < %(before)s
          AND NOT EXISTS (SELECT 1 FROM ops.reprocess_page AS p WHERE p.reprocess_id = r.reprocess_id)
          AND NOT EXISTS (SELECT 1 FROM ops.batch AS b WHERE b.reprocess_id = r.reprocess_id)"""),
    Trim("drafts", "ops.source_draft", "reports", """
        SELECT ctid FROM ops.source_draft WHERE asked_at < %(before)s AND seen_at < %(before)s"""),
    Trim("batches", "ops.batch", "runs", """
        SELECT b.ctid FROM ops.batch AS b
        WHERE b.created_at < %(before)s
          AND NOT EXISTS (SELECT 1 FROM ops.visit AS v WHERE v.batch_id = b.batch_id)
          AND NOT EXISTS (SELECT 1 FROM ops.capture AS c WHERE c.batch_id = b.batch_id)
          AND NOT EXISTS (SELECT 1 FROM ops.frontier AS f WHERE f.open_batch_id = b.batch_id)
          AND NOT EXISTS (SELECT 1 FROM ops.reprocess_page AS p WHERE p.batch_id = b.batch_id)"""),
    Trim("runs", "ops.run", "runs", """
        SELECT r.ctid FROM ops.run AS r
        WHERE r.finished_at < %(before)s AND r.state <> 'running'
          AND NOT EXISTS (SELECT 1 FROM ops.batch AS b WHERE b.run_id = r.run_id)
          AND NOT EXISTS (SELECT 1 FROM ops.import AS i WHERE i.run_id = r.run_id)
          AND NOT EXISTS (SELECT 1 FROM ops.reprocess AS p WHERE p.run_id = r.run_id)
          AND NOT EXISTS (SELECT 1 FROM ops.run_report AS p WHERE p.run_id = r.run_id)
          AND NOT EXISTS (SELECT 1 FROM ops.alert AS a WHERE r.run_id IN (a.run_id, a.grave_run_id))"""),
    # hosts and robots.txt files that nobody has asked for since: the next request begins anew with them
    Trim("hosts", "ops.host", "runs", """
        SELECT ctid FROM ops.host
        WHERE greatest(last_asked_at, held_until, next_turn_at, deferred_until) < %(before)s"""),
    Trim("robots", "ops.robots", "runs", """
        SELECT ctid FROM ops.robots WHERE greatest(next_fetch_at, asked_until) < %(before)s"""),
)  # fmt: skip
TABLES = tuple(dict.fromkeys(trim.table for trim in TRIMS))


def trim(begin: Begin, one: Trim, before: datetime) -> int:
    """Delete what is ripe, some thousand rows a transaction. Returns how many."""
    done = 0
    while True:
        with begin() as cursor:
            cursor.execute(
                f"DELETE FROM {one.table} WHERE ctid = ANY(ARRAY({one.ripe} LIMIT %(chunk)s))",
                {"before": before, "chunk": one.chunk},
            )
            done += cursor.rowcount
            if cursor.rowcount < one.chunk:
                return done


def vacuum(dsn: str, tables: Sequence[str]) -> list[str]:
    """Give the space of deleted rows back to the tables, and count anew for the planner. Returns those that may not be.

    That is where the account of the workers does not own them.
    """
    with autocommitting(dsn) as cursor:
        for table in tables:
            cursor.execute(f"VACUUM (ANALYZE) {table}")
        return [table for table in tables if any(f'"{table[4:]}"' in told for told in cursor.connection.notices)]
