"""# reconcile_news: which articles are the same text, decided anew by all that came

When an article arrives it is compared with what is there at that hour. Here all pairs of the last months are decided
anew, on all articles and on today's frequencies of words: **what comes out does not depend on what came first, nor on
how it was cut into batches**. Runs daily, one run at a time; nothing is fetched, and no text is changed.

| task | what it does | stays behind |
| --- | --- | --- |
| `open_reconcile` | registers this reconcile, or goes on with the one that is under way | `ops.reconcile` |
| `fingerprint` | forgets fingerprints that are too old; makes anew those of an older version | `ops.sketch`, `ops.fingerprint` |
| `pair` | finds all pairs of articles that share fingerprints | `ops.pair`, `ops.common_fingerprint` |
| `weigh` | counts how many articles hold each run of words: a new snapshot | `ops.df_snapshot`, `ops.df_part` |
| `verify` | decides on each pair by the snapshot; decisions that differ wait | `ops.pair.score`, `.pending` |
| `publish` | applies them, rebuilds the groups, tells the latest 50,000 articles' stories again, logs what changed: one transaction; emits the asset `news` | `news.cluster`, `news.cluster_change`, `news.story`, `news.story_change` |
| `check` | adds up: each group's size and outlets, one primary each | |

What each run did: `SELECT * FROM ops.reconcile ORDER BY 1 DESC`. Which articles changed their group, and why:
`SELECT why, count(*) FROM news.cluster_change WHERE step = 'reconcile' AND changed_at > now() - interval '1 day' GROUP BY 1`.
A handful of a thousand is usual. Thousands on a quiet day are not: look at `ops.df_snapshot` first (are `documents`
about as many as yesterday?).

`ingest_news` may run beside it. Its `deduplicate` and `publish` wait while `pair` or `publish` of this DAG work, each
some seconds for a hundred thousand articles, and up to a minute and a half where stories are told again.

## When it is red

Open the log of the first red task: the error near its end names the cause and the remedy. To do the rest, **clear that
task with its downstream tasks**, or let tomorrow's run do it. Analysts see the groups as they were until `publish`.

- **`open_reconcile`**, or any other: the database is away.
- **`fingerprint`**, **`weigh`**, **`verify`**: mostly the machine: memory, a killed worker. What was done stays.
  *Another was begun*: this run stood for a day, or someone began one of other months; there is nothing to do.
- **`weigh`**: also a full disk: it counts in temporary files (8 bytes a run of words, some 3 kB a text).
- **`pair`**: the disk of the database is full (it sorts there); or a lock: does an import deduplicate for hours?
- **`check`**: the tables do not add up: keep the log, and tell the developers; the next run rebuilds them all.

## Parameters

- `months`: pairs found in the last months are decided anew, and texts read in them are counted. What is older keeps
  its last decision, and its groups are rebuilt all the same.

## Knobs

`NEWSDESK_FINGERPRINT_MONTHS` (24: a text's reprints are found for so long; some 3 kB of database an article) ·
`NEWSDESK_SCHEDULE=none` leaves this DAG to your own triggers too. Without Airflow: `newsdesk reconcile`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task

from newsdesk.orchestration import CPU_POOL, EVERY_DAG, NEWS, SCHEDULE, desk, run_key

DAILY = "23 3 * * *"  # UTC; while few publish in the Atlantic's newsrooms


@dag(
    schedule=DAILY if SCHEDULE else None,
    dagrun_timeout=timedelta(days=1),
    doc_md=__doc__,
    params={
        "months": Param(
            3,
            type="integer",
            minimum=1,
            title="Months",
            description="Pairs found in the last months are decided anew, and texts read in them are counted.",
        ),
    },
    **EVERY_DAG,
)
def reconcile_news() -> None:
    @task
    def open_reconcile(params: dict[str, Any] | None = None) -> int:
        from newsdesk import reconciling

        return reconciling.open_reconcile(desk(), run_key(), (params or {}).get("months", reconciling.MONTHS))

    @task(pool=CPU_POOL, execution_timeout=timedelta(hours=2))
    def fingerprint(reconcile: int) -> dict[str, int]:
        from newsdesk import reconciling

        return reconciling.fingerprint(desk(), reconcile)

    @task(execution_timeout=timedelta(hours=2))
    def pair(reconcile: int) -> dict[str, int]:
        from newsdesk import reconciling

        return reconciling.pair(desk(), reconcile)

    @task(pool=CPU_POOL, execution_timeout=timedelta(hours=2))
    def weigh(reconcile: int) -> dict[str, int]:
        from newsdesk import reconciling

        return reconciling.weigh(desk(), reconcile)

    @task(pool=CPU_POOL, execution_timeout=timedelta(hours=6))
    def verify(reconcile: int) -> dict[str, int]:
        from newsdesk import reconciling

        return reconciling.verify(desk(), reconcile)

    @task(outlets=[NEWS], execution_timeout=timedelta(hours=2))
    def publish(reconcile: int, *, outlet_events: Any = None) -> dict[str, int]:
        from newsdesk import reconciling

        counts = reconciling.publish(desk(), reconcile)
        outlet_events[NEWS].extra = {"run": run_key(), **counts}
        return counts

    @task
    def check(reconcile: int) -> dict[str, int]:
        from newsdesk import reconciling

        return reconciling.check(desk(), reconcile)

    opened = open_reconcile()
    first, *rest = (step(opened) for step in (fingerprint, pair, weigh, verify, publish, check))
    for step in rest:
        first >> step
        first = step


reconcile_news()
