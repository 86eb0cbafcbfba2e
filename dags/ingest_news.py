"""# ingest_news: from the publishers' sites to the analysts' tables

Finds what is new at every source, fetches it, and publishes it as clean, deduplicated rows with their
entities. Runs hourly, one run at a time. Missed hours are not made up for: the next run finds all
that is still linked.

| task | what it does | stays behind |
| --- | --- | --- |
| `open_run` | registers this run; a dry run is done here, and ends here | `ops.run` |
| `discover` | asks the feeds, sitemaps and section pages that are due; a source that fails is noted, the others go on | `ops.frontier` |
| `plan` | cuts what is due into batches; a host is in one batch only | `ops.batch` |
| `batch.fetch` | robots.txt, pace, limits; pages go to the archive as received | `ops.capture`, WARC files |
| `batch.extract` | body, title, authors, dates, language | `ops.document` |
| `batch.enrich` | names of people, organisations, places | `ops.mention` |
| `deduplicate` | groups reprints of one text | `ops.pair` |
| `publish` | makes all of it visible in one transaction; emits the asset `news` with counts | `news.*` |
| `check` | compares each source with what its file expects | `ops.run_report` |

A single page never makes a task red: each URL ends in an outcome, with its reason, in `news.url_status`.

## When it is red

Open the log of the first red task: the error near its end names the cause and the remedy.
To do the rest, **clear that task with its downstream tasks**. Each task does what is not done yet, and nothing
twice, so clearing too much only costs time.

- **`open_run`**: the database. Is it up, and does the connection `news_db` lead to it?
- **`discover`, `plan`**: as above, or a file in `dags/sources/`: the log says file, line and remedy. That
  source is left out until it is mended.
- **`batch.…`**: mostly the machine: disk full, memory, a killed worker. The other batches are published all
  the same. What a batch did not finish, the next run takes over by itself.
- **`deduplicate`, `publish`**: nothing of this run is visible yet, and nothing is lost: clear the task.
- **`check`**: the run is over, and something is not as expected: a source went quiet, pages stopped yielding
  text, a task failed. What was good is published. The report names each source, what was seen, what was
  expected. Mend the cause, or the expectation in the source's file.

Faults that can pass (database away, disk full) are tried again after 30 seconds, twice; faults that cannot (a
wrong setting) are not.

A run that is not over an hour after it was queued is late: that is told once, with how far it is, to whom
`NEWSDESK_NOTIFY` names, and in the log of the scheduler's or worker's callbacks. It goes on, and after six hours Airflow
ends it.

## Scheduled and manual runs

A scheduled run asks the endpoints whose time has come (`newsdesk sources polls` shows them); a run that you trigger
asks every endpoint that works. Failing ones wait out their pause, and hosts that rest (`ops.host`) are left alone.

## Parameters of a manual run

- `sources`: ids of the sources to visit; empty: all that are enabled.
- `max_per_run`: at most this many URLs of each source, newest first; empty: as the source's file or
  `NEWSDESK_MAX_PER_RUN` says.

- `max_pages`: at most this many URLs in the whole run, newest first; the rest waits for later runs.
- `dry_run`: asks the feeds, sitemaps and section pages, and tells in the log of `open_run` what each of them named and
  what would be fetched; the counts are that task's result `dry_run`. No page is fetched and no table changes, except
  that a host which asks to be left alone is left alone. The other tasks are skipped.

## Knobs

`NEWSDESK_SCHEDULE` (a cron, or `none`) · `NEWSDESK_LATE_MINUTES` (60; 0: no run is late) · the pools `news_fetch` (batches fetched at once) and `news_cpu`
(batches computed at once: the number of cores) · `NEWSDESK_BATCH_SIZE`.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task, task_group
from airflow.sdk.definitions.callback import SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

from newsdesk.orchestration import (
    EVERY_DAG,
    FETCH_POOL,
    SCHEDULE,
    WHATEVER_THE_BATCHES_DID,
    deduplicate,
    desk,
    enrich,
    extract,
    measured,
    name_batch,
    publish,
    require_run,
    require_success,
    run_key,
    tell,
)
from newsdesk.settings import late_minutes

# Told once for a run that is not over so long after it was queued: an hour, when the next one is due. It runs on
_late = late_minutes(os.environ)
LATE = (
    DeadlineAlert(
        DeadlineReference.DAGRUN_QUEUED_AT,
        timedelta(minutes=_late),
        SyncCallback("newsdesk.lateness.tell_late", {"minutes": _late}),  # where tasks run: it needs the database
        name="late",
    )
    if _late
    else None
)


@dag(
    schedule=SCHEDULE,
    dagrun_timeout=timedelta(hours=6),  # a run that hangs must not keep the next ones waiting for ever
    deadline=LATE,
    doc_md=__doc__,
    params={
        "sources": Param(
            [],
            type="array",
            items={"type": "string"},
            title="Sources",
            description="Ids of the sources to visit, one a line. Empty: all that are enabled.",
        ),
        "max_per_run": Param(
            None,
            type=["null", "integer"],
            minimum=1,
            title="URLs of one source at most",
            description="Newest first. Empty: as the source's file or NEWSDESK_MAX_PER_RUN says.",
        ),
        "max_pages": Param(
            None,
            type=["null", "integer"],
            minimum=1,
            title="URLs in all at most",
            description="Of the whole run, newest first; the rest waits. Empty: all that is due.",
        ),
        "dry_run": Param(
            False,
            type="boolean",
            title="Dry run",
            description="Only tell what would be asked, found and fetched; nothing is left behind.",
        ),
    },
    **EVERY_DAG,
)
def ingest_news() -> None:
    # all that follows is skipped where it gives no run
    @task.short_circuit(execution_timeout=timedelta(hours=1))
    def open_run(params: dict[str, Any] | None = None) -> int | None:
        from newsdesk import rehearsing, stages

        wish = params or {}
        limits = wish.get("sources", ()), wish.get("max_per_run"), wish.get("max_pages")
        if wish.get("dry_run"):
            found = rehearsing.rehearse(desk(), *limits)
            tell("dry_run", found.lines(), found.counts)
            return None
        return stages.open_run(desk(), run_key(), "airflow", *limits)

    @task(execution_timeout=timedelta(hours=1))
    def discover(run: int) -> dict[str, int]:
        from newsdesk import stages

        return measured(stages.discover, run)

    @task
    def plan(run: int) -> list[int]:
        from newsdesk import stages

        return measured(stages.plan, run)

    @task(pool=FETCH_POOL, map_index_template="{{ batch_name }}", execution_timeout=timedelta(hours=2))
    def fetch(batch_id: int) -> dict[str, int]:
        from newsdesk import stages

        name_batch(stages.batch_name(desk(), batch_id))
        return measured(stages.fetch, batch_id)

    @task_group
    def batch(batch_id: int) -> None:
        fetch(batch_id) >> extract(batch_id) >> enrich(batch_id)

    @task(trigger_rule=WHATEVER_THE_BATCHES_DID)
    def check(run: int | None) -> dict[str, int]:
        from newsdesk import stages

        counts = measured(stages.check, require_run(run))
        require_success()
        return counts

    opened = open_run()
    found = discover(opened)
    planned = plan(opened)
    found >> planned
    batch.expand(batch_id=planned) >> deduplicate(opened) >> publish(opened) >> check(opened)


ingest_news()
