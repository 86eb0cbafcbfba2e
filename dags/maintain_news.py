"""# maintain_news: what is forgotten, and whether the archive is whole

Each night: deletes what only tells of days gone by, gives its space back, and reads a share of the archive through.
**No article, no address and nothing that an article came from is touched**: texts, versions, captures, the visits that an
article's history is told from, the archive's files and the audit of what people did stay for ever.

| task | what it does | stays behind |
| --- | --- | --- |
| `trim` | deletes rows and files whose time is over (below), some thousand a transaction | |
| `vacuum` | `VACUUM (ANALYZE)` of the tables of which something was deleted | |
| `verify` | reads a share of the archive strictly, and holds it against the database | `ops.archive_file` |

What is forgotten, and when:

| what | kept for | by |
| --- | --- | --- |
| visits to pages that are no article, but the last one of each address, with what they had as evidence | 180 days | `NEWSDESK_KEEP_VISITS` |
| runs and batches that nothing names any more, the runs' reports but each source's latest, times of stages, counts by the hour, closed alerts and messages, hosts and robots.txt files not asked since | 400 days | `NEWSDESK_KEEP_RUNS` (60 at least) |
| reports of `reprocess_news` with their readings, applied or not, and their files in `$NEWSDESK_HOME/reports`; searches for new sources | 90 days | `NEWSDESK_KEEP_REPORTS` |
| Airflow's task logs in `$NEWSDESK_HOME/logs`, in the local mode | 30 days | `NEWSDESK_KEEP_LOGS` |

Endpoints keep the state of their last poll only, so there is no history of polls to forget. The rows of Airflow's own
database are Airflow's: `airflow db clean --clean-before-timestamp 2026-01-01` deletes old ones.

**There are no partitions to make.** Tables are read by key, not by month: an article may be edited or withdrawn at any age,
and what is forgotten is chosen by what became of it, not by its month alone. A partition could not be dropped whole.

## How the archive is read

A file's day is read once it is over, the longest unread days first: each night at least the files of one day, and so
much that the whole archive has its turn in 90 nights. Each file's result is kept as it is found, so a killed task goes on.
`newsdesk archive verify` reads all of it, or one file, at once.

## When it is red

- **`trim`**, **`vacuum`**: the database is away. What was deleted is gone, the rest has its turn tomorrow.
- **`verify`**: *files of the archive are damaged*: the log names them, and so does whoever `NEWSDESK_NOTIFY` tells. Bring
  them back from a backup; `newsdesk archive verify --file NAME` shows all that is wrong with one. It is red in the night
  in which the damage is found; later nights look again, and only log it: `SELECT * FROM ops.archive_file WHERE faults > 0`.
  Otherwise: the archive cannot be reached.

Clearing a task does what is not done yet.

## Knobs

The settings above · `NEWSDESK_VERIFY_NIGHTS` (90) · the pool `news_cpu` (`verify` computes checksums) ·
`NEWSDESK_SCHEDULE=none` leaves this DAG to your own triggers too. Without Airflow: `newsdesk maintain`.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import dag, task

from newsdesk.orchestration import CPU_POOL, EVERY_DAG, SCHEDULE, desk, run_key

NIGHTLY = "47 1 * * *"  # UTC; before reconcile_news


@dag(
    schedule=NIGHTLY if SCHEDULE else None,
    dagrun_timeout=timedelta(hours=12),
    doc_md=__doc__,
    **EVERY_DAG,
)
def maintain_news() -> None:
    @task(execution_timeout=timedelta(hours=2))
    def trim() -> dict[str, int]:
        from newsdesk import maintaining

        return maintaining.trim(desk())

    @task(execution_timeout=timedelta(hours=2))
    def vacuum() -> dict[str, int]:
        from newsdesk import maintaining

        return maintaining.vacuum(desk())

    @task(pool=CPU_POOL, execution_timeout=timedelta(hours=6))
    def verify() -> dict[str, int]:
        from newsdesk import maintaining

        return maintaining.verify(desk(), run_key())

    trim() >> vacuum() >> verify()


maintain_news()
