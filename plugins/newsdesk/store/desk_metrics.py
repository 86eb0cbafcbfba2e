"""The desk's figures for Prometheus. Each question is answered from an index or a small table: they are asked every minute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsdesk.store.asking import ask
from newsdesk.store.database import Cursor


@dataclass(frozen=True, slots=True)
class Metric:
    """`kind`: counter (never falls) or gauge. Its samples are the rows of `sql`: the column `value`, the others its labels."""

    name: str
    kind: str
    help: str
    sql: str


METRICS = (
    Metric(
        "newsdesk_visits_total", "counter", "Visits that ended, by outcome.",
        "SELECT o.outcome, coalesce(t.visits, 0) AS value FROM news.outcome AS o LEFT JOIN ops.outcome_total AS t USING (outcome) ORDER BY 1",
    ),
    Metric(
        "newsdesk_lag_seconds", "gauge", "From an article's publication to its finding, over the articles of the last hour that tell their time.",
        """
        SELECT quantile, percentile_cont(quantile) WITHIN GROUP (ORDER BY extract(epoch FROM first_seen_at - published_at)) AS value
        FROM news.article, unnest(ARRAY[0.5, 0.9]::float[]) AS quantile
        WHERE first_seen_at > now() - interval '1 hour' AND published_precision <> 'day'
          AND published_at BETWEEN first_seen_at - interval '7 days' AND first_seen_at
        GROUP BY quantile ORDER BY quantile
        """,
    ),
    Metric(
        "newsdesk_urls_due", "gauge", "URLs whose visit is due and that are in no batch.",
        "SELECT count(*) AS value FROM ops.frontier WHERE next_visit_at <= now() AND open_batch_id IS NULL",
    ),
    Metric(
        "newsdesk_urls_due_oldest_seconds", "gauge", "For how long the oldest of them has been due.",
        """
        SELECT coalesce(extract(epoch FROM now() - min(next_visit_at)), 0) AS value FROM ops.frontier
        WHERE next_visit_at <= now() AND open_batch_id IS NULL
        """,
    ),
    Metric(
        "newsdesk_urls_quarantined", "gauge", "URLs in quarantine.",
        "SELECT count(*) AS value FROM ops.frontier WHERE article_id IS NULL AND outcome = 'quarantined'",
    ),
    Metric(
        "newsdesk_hosts_resting", "gauge", "Hosts that are left alone for now, by why.",
        "SELECT coalesce(deferred_as, '') AS why, count(*) AS value FROM ops.host WHERE deferred_until > now() GROUP BY 1 ORDER BY 1",
    ),
    Metric(
        "newsdesk_endpoints", "gauge", "Endpoints in use, by the state of their polls.",
        "SELECT state, count(*) AS value FROM ops.poll_schedule GROUP BY 1 ORDER BY 1",
    ),
    Metric("newsdesk_runs_running", "gauge", "Runs under way.", "SELECT count(*) AS value FROM ops.run WHERE state = 'running'"),
    Metric(
        "newsdesk_last_run_finished_seconds", "gauge", "When the last run of ingest_news ended, as Unix time.",
        """
        SELECT extract(epoch FROM finished_at) AS value FROM ops.run
        WHERE finished_at IS NOT NULL AND kind IN ('airflow', 'cli') ORDER BY run_id DESC LIMIT 1
        """,
    ),
    Metric(
        "newsdesk_last_run_failed", "gauge", "1 where that run's checks, or a task of it, failed.",
        """
        SELECT (state = 'failed')::int AS value FROM ops.run
        WHERE finished_at IS NOT NULL AND kind IN ('airflow', 'cli') ORDER BY run_id DESC LIMIT 1
        """,
    ),
    Metric(
        "newsdesk_last_run_stage_seconds", "gauge", "Seconds that this run's stages took, their batches' together.",
        """
        SELECT stage, sum(seconds) AS value FROM ops.stage_time
        WHERE run_id = (SELECT run_id FROM ops.run WHERE finished_at IS NOT NULL AND kind IN ('airflow', 'cli') ORDER BY run_id DESC LIMIT 1)
        GROUP BY 1 ORDER BY 1
        """,
    ),
)  # fmt: skip


def samples(cursor: Cursor) -> Iterator[tuple[Metric, list[tuple[Mapping[str, str], float]]]]:
    """Each metric with its samples: labels and value."""
    for metric in METRICS:
        yield (
            metric,
            [
                ({name: str(told) for name, told in row.items() if name != "value"}, float(row["value"]))
                for row in ask(cursor, metric.sql).rows
            ],
        )
