"""# reprocess_news: archived pages read anew

After a new version of the extractor (or of what finds names): reads the pages in the archive anew and reports what would
change in the analysts' tables. With `apply`, makes just that current. **Nothing is fetched, and no visit is planned.**
Has no schedule: trigger it. One run at a time; `ingest_news` may run beside it.

| task | what it does | stays behind |
| --- | --- | --- |
| `open_report` | lists the pages in scope; with `apply` = yes, takes the last report of the same scope, where there is one | `ops.reprocess`, `ops.reprocess_page` |
| `portions` | tells which portions are not read yet | |
| `read` | reads a portion of the pages anew and compares | `ops.reprocess_page` |
| `report` | writes the report as HTML and JSON; its path is the task's result and in its log | a file in `$NEWSDESK_HOME/reports` |
| `approve` | asks a person; the run waits here without holding a worker | `ops.audit` |
| `open_run` | registers the run that applies the report | `ops.run` |
| `admit` | puts what changed into batches; notes the version on what is read as before | `ops.document`, `ops.batch` |
| `batch.enrich` | names of people, organisations, places, in texts that changed | `ops.mention` |
| `deduplicate` | groups reprints of one text | `ops.pair` |
| `publish` | makes all of it visible in one transaction; emits the asset `news` with counts | `news.*` |
| `check` | holds what was reported against what was done | `ops.reprocess.applied_at` |

## What to do

1. Trigger it as it is. When the report is made, `approve` waits for an answer: Airflow shows it under *Required
   Actions*, with how many articles change and a link to the whole report at the news desk (the file is on the disk of
   the worker, too): how many texts, titles, authors, dates change, by how much, the 20 largest changes word by word,
   the articles that the present version would refuse.
2. *Approve*: what is applied is what was reported. *Reject*, or no answer for three days: nothing changes, the run ends
   green, and the report stays. It can be applied later: trigger with the same parameters and `apply` = yes, or at the
   news desk. If the extractor has changed in between, `open_report` says so and is red: begin again at 1.

While a run waits for its answer, others of this DAG are queued behind it.

An article whose title, text, authors or dates change gets a new version (`news.article_version.reread` is true: no edit
by its publisher). Where only other fields or the white space of its text change, it is put right without one.
**Articles that the present version would refuse stay as they are**, and are listed in the report. So do those whose page
cannot be read, and those whose page was fetched anew after the report.

## When it is red

Open the log of the first red task: its last line names the cause and the remedy. To do the rest, **clear that task
with its downstream tasks**, or trigger a new run with the same parameters: it goes on where this one was.

- **`open_report`**, **`portions`**: a source that is unknown; the report is of another version; or the database is away.
- **`read`**: mostly the machine: memory, a killed worker; or the archive is away. What was read stays.
- **`report`**: the disk is full, or `NEWSDESK_HOME` cannot be written to.
- **`approve`**: the database is away. (A *Reject* is no failure.)
- **`open_run`**: a command line applies the same report now.
- **`admit`**, **`batch.enrich`**: mostly the machine. An `ingest_news` run may finish what is left here.
- **`deduplicate`, `publish`**: nothing of this run is visible yet (of stages enrich and link, all is), and nothing is lost.
- **`check`**: what was reported and what was done do not add up, or a task failed.

## Parameters

- `stage`: extract (read the pages anew), enrich (find the names in the present texts anew) or link (ask anew whom of
  the knowledge base they mean, as after `newsdesk entities load`).
- `since`, `until`: only pages fetched on these days (UTC) or between.
- `sources`: ids; empty: all. `limit`: at most so many pages, the latest first.
- `all_pages`: also what the present version has read already.
- `apply`: *ask* a person when the report is there; *no*, only report; *yes*, without asking: make current what the last
  report of the same parameters found (made first, where there is none). The buttons of the news desk say no, and yes.

## Knobs

`NEWSDESK_APPROVERS` (who may answer: ids of Airflow's users, with commas between them; not set: all who may act on this
DAG) · `NEWSDESK_APPROVAL_HOURS` (72: for so long an answer is waited for) · `NEWSDESK_BATCH_SIZE` (pages in a portion) · the pool `news_cpu` (portions read at once: the number of cores).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from airflow.sdk import Param, TriggerRule, dag, task, task_group

from newsdesk.approving import ASK, NO, PATIENCE, YES, Approval
from newsdesk.orchestration import (
    CPU_POOL,
    EVERY_DAG,
    WHATEVER_THE_BATCHES_DID,
    deduplicate,
    desk,
    enrich,
    name_batch,
    publish,
    require_run,
    require_success,
    run_key,
)


@dag(
    schedule=None,
    dagrun_timeout=PATIENCE + timedelta(days=2),  # the question's, and the work before and after it
    doc_md=__doc__,
    params={
        "stage": Param(
            "extract",
            type="string",
            enum=["extract", "enrich", "link"],
            title="Stage",
            description="extract: read the pages anew; enrich: find the names in the present texts anew; link: link them to the knowledge base anew.",
        ),
        "since": Param(None, type=["null", "string"], format="date", title="Fetched since", description="A day, UTC."),
        "until": Param(None, type=["null", "string"], format="date", title="Fetched until", description="A day, UTC."),
        "sources": Param(
            [], type="array", items={"type": "string"}, title="Sources", description="Ids, one a line. Empty: all."
        ),
        "limit": Param(
            None,
            type=["null", "integer"],
            minimum=1,
            title="Pages at most",
            description="The latest first. Empty: all.",
        ),
        "all_pages": Param(
            False,
            type="boolean",
            title="All pages",
            description="Also what the present version has read already.",
        ),
        "apply": Param(
            ASK,
            type="string",
            enum=[ASK, NO, YES],
            title="Apply",
            description="ask: when the report is there, a person is asked; no: only report; yes: make current what the last report of the same parameters found.",
        ),
    },
    **EVERY_DAG,
)
def reprocess_news() -> None:
    @task(execution_timeout=timedelta(hours=1))
    def open_report(params: dict[str, Any] | None = None) -> int:
        from newsdesk.reprocessing import steps
        from newsdesk.store.reprocess import Scope

        wish = params or {}
        days = {name: date.fromisoformat(wish[name]) if wish.get(name) else None for name in ("since", "until")}
        scope = Scope(
            **days, sources=tuple(wish.get("sources", ())), limit=wish.get("limit"), all=bool(wish.get("all_pages"))
        )
        return steps.open_report(desk(), run_key(), wish.get("stage", "extract"), scope, apply=wish.get("apply") == YES)

    @task
    def portions(opened: int) -> list[int]:
        from newsdesk.reprocessing import steps

        return steps.unread_portions(desk(), opened)

    @task(pool=CPU_POOL, map_index_template="{{ batch_name }}", execution_timeout=timedelta(hours=2))
    def read(opened: int, portion: int) -> dict[str, int]:
        from newsdesk.reprocessing import steps

        name_batch(f"portion {portion} of report {opened}")
        return steps.read_portion(desk(), opened, portion)

    # a report that has nothing to read is made all the same; one that could not be read is not
    @task(trigger_rule=TriggerRule.NONE_FAILED, execution_timeout=timedelta(hours=1))
    def report(opened: int) -> str:
        from newsdesk.reprocessing import report as report_of

        at = desk()
        found = report_of.gather(at, opened)
        file = report_of.write(found, at.settings.home / "reports")
        print(f"report: {file}")  # noqa: T201 - the task's log
        return str(file)

    @task
    def open_run(opened: int) -> int:
        from newsdesk.reprocessing import applying

        return applying.open_run(desk(), opened, run_key(), "airflow_reprocess")

    @task(pool=CPU_POOL, execution_timeout=timedelta(hours=6))
    def admit(opened: int, run: int) -> list[int]:
        from newsdesk.reprocessing import applying

        return applying.admit(desk(), opened, run)

    @task_group
    def batch(batch_id: int) -> None:
        enrich(batch_id)

    @task(trigger_rule=WHATEVER_THE_BATCHES_DID)
    def check(opened: int, run: int | None) -> dict[str, int]:
        from newsdesk.reprocessing import applying

        counts = applying.check(desk(), opened, require_run(run))
        require_success()
        return counts

    opened = open_report()
    written = report(opened)
    read.partial(opened=opened).expand(portion=portions(opened)) >> written
    run = open_run(opened)
    written >> Approval(task_id="approve", opened=opened) >> run
    # a reprocess may change a hundred times what an hour brings
    grouped = deduplicate.override(execution_timeout=timedelta(hours=6))(run)
    published = publish.override(execution_timeout=timedelta(hours=2))(run)
    batch.expand(batch_id=admit(opened, run)) >> grouped >> published >> check(opened, run)


reprocess_news()
