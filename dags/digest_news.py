"""# digest_news: the day in one letter

Tells what came in of each source in the last 24 hours beside what is usual, which alerts are open, what was refused most
and which batches are late, through the channels that `NEWSDESK_NOTIFY` names. Runs each morning; nothing is fetched, and
nothing but the letter is written. `newsdesk digest` shows the same at a terminal.

| task | what it does | stays behind |
| --- | --- | --- |
| `tell` | writes the letter, and gives it to each channel | `ops.message`, `ops.telling` |

Where no channel is set, the task's log has the letter.

## When it is red

Only the database can make it so: the error in the log says what is wrong. A channel that fails makes nothing red: it is
noted in `ops.telling` with its reason, and tried again by the next run of `ingest_news`, for a day:
`SELECT * FROM ops.telling WHERE failure IS NOT NULL`.

Clearing `tell` tells nothing twice: a run has one letter. For another letter, trigger the DAG.

## Knobs

`NEWSDESK_NOTIFY` (who is told) · `NEWSDESK_SCHEDULE=none` leaves this DAG to your own triggers too.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import dag, task

from newsdesk.orchestration import EVERY_DAG, SCHEDULE, desk, run_key

DAILY = "37 5 * * *"  # UTC


@dag(
    schedule=DAILY if SCHEDULE else None,
    dagrun_timeout=timedelta(hours=1),
    doc_md=__doc__,
    **EVERY_DAG,
)
def digest_news() -> None:
    @task
    def tell() -> dict[str, int]:
        from newsdesk.alerting.digest import tell_digest

        return tell_digest(desk(), run_key())

    tell()


digest_news()
