"""# import_warc: other people's archives, through the same stages

Takes the pages of WARC files that others made (such as CC-NEWS, `.warc.gz` of 1 GB with thousands of hosts) to the
analysts' tables: extracted, enriched, deduplicated and published as our own captures are. **Nothing is fetched, and no
visit is planned.** Has no schedule: trigger it with the files. One run at a time; `ingest_news` may run beside it.

| task | what it does | stays behind |
| --- | --- | --- |
| `open_run` | finds the files, tells by their content which were imported already, registers this run | `ops.run`, `ops.import` |
| `plan` | reads the files; their pages go to our archive and into batches; the log tells how far it is | `ops.capture`, `ops.batch`, WARC files |
| `batch.extract` | body, title, authors, dates (none later than the page's WARC-Date), language | `ops.document` |
| `batch.enrich` | names of people, organisations, places | `ops.mention` |
| `deduplicate` | groups reprints of one text; joins a page with the article that it is already | `ops.pair` |
| `publish` | makes all of it visible in one transaction; emits the asset `news` with counts | `news.*` |
| `check` | adds up: records read = pages taken + left out by reason; pages taken = outcomes | `ops.import` |

What each file came to stands in `ops.import`: `SELECT file, state, records, captures, left_out FROM ops.import`.
Why a page is in no table stands in `news.url_status`, as ever.

## What is taken, and as what

Response records of status 200 with an HTML page that we do not have in this or a later state. All others are counted
by reason (`left_out`). A page counts as fetched at its WARC-Date; so `first_seen_at` of a new article is that date
too. A page goes to the source whose homepage or endpoints are of its site; where there is none, a source is made for
the site (`example-com`), which is never polled. A source file of that id takes it over.

## When it is red

Open the log of the first red task: the error near its end names the cause and the remedy. To do the rest, **clear that task
with its downstream tasks**, or trigger a new run with the same files: each file goes on where it was.

- **`open_run`**: a file is missing, is no WARC file, or another run has it in hand; or the database is away. The files
  must be at the same path on every worker.
- **`plan`**: disk full, the file vanished. A retry goes on at the record where the reading ended.
- **`batch.…`**: mostly the machine: memory, a killed worker. The other batches are published all the same.
- **`deduplicate`, `publish`**: nothing of this run is visible yet, and nothing is lost: clear the task.
- **`check`**: the run is over, and something does not add up. *Damaged records*: the download is broken; its first
  places are in `ops.import.damages`; get the file anew: of a file with other content only what is not here yet is
  taken. *Read to … only*: more than 1,000 batches (Airflow maps no more); trigger again with the same files.

## Parameters

- `files`: paths, folders, patterns with `*`, or addresses (`s3://…`); one a line.
- `source`: all pages go to this source; empty: each to that of its site.
- `again`: read files again that were imported; what was left out then may be taken now, nothing is taken twice.

## Knobs

`NEWSDESK_BATCH_SIZE` (pages in a batch: with 200, about 200,000 pages in a run) · `NEWSDESK_FETCH_MAX_BYTES` (larger
pages are left out) · the pool `news_cpu` (batches computed at once: the number of cores).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task, task_group

from newsdesk.orchestration import (
    CPU_POOL,
    EVERY_DAG,
    WHATEVER_THE_BATCHES_DID,
    deduplicate,
    desk,
    enrich,
    extract,
    publish,
    require_run,
    require_success,
    run_key,
)


@dag(
    schedule=None,
    dagrun_timeout=timedelta(days=3),
    doc_md=__doc__,
    params={
        "files": Param(
            [],
            type="array",
            items={"type": "string"},
            minItems=1,
            title="Files",
            description="Paths, folders, patterns with * or addresses such as s3://…, one a line; the same on every worker.",
        ),
        "source": Param(
            None,
            type=["null", "string"],
            title="Source",
            description="All pages go to the source of this id. Empty: each to that of its site.",
        ),
        "again": Param(
            False,
            type="boolean",
            title="Read again",
            description="Read files again that were imported already; nothing is taken twice.",
        ),
    },
    **EVERY_DAG,
)
def import_warc() -> None:
    @task
    def open_run(params: dict[str, Any] | None = None) -> int:
        from newsdesk.importing import steps as importing

        wish = params or {}
        return importing.open_run(
            desk(), run_key(), "airflow_import", wish.get("files", ()), wish.get("source") or None,
            again=bool(wish.get("again")),
        )  # fmt: skip

    @task(pool=CPU_POOL, execution_timeout=timedelta(hours=12), retries=5)
    def plan(run: int) -> list[int]:
        from newsdesk.importing import steps as importing

        return importing.plan(desk(), run)

    @task_group
    def batch(batch_id: int) -> None:
        extract(batch_id) >> enrich(batch_id)

    @task(trigger_rule=WHATEVER_THE_BATCHES_DID)
    def check(run: int | None) -> dict[str, int]:
        from newsdesk.importing import steps as importing

        counts = importing.check(desk(), require_run(run))
        require_success()
        return counts

    opened = open_run()
    # an archive may bring a hundred times what an hour does
    grouped = deduplicate.override(execution_timeout=timedelta(hours=6))(opened)
    published = publish.override(execution_timeout=timedelta(hours=2))(opened)
    batch.expand(batch_id=plan(opened)) >> grouped >> published >> check(opened)


import_warc()
