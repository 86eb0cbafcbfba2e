"""# export_news: the analysts' tables as files

Keeps a folder (or a prefix of an object store) like the tables of schema `news`: after each publish, the days on which
an article came, was edited, was regrouped or withdrawn are written anew, the others stay. Nothing is read twice, so it
may run as often as it likes. Does nothing, and says so, while `NEWSDESK_EXPORT` names no place.

| task | what it does | stays behind |
| --- | --- | --- |
| `export` | writes the days that changed, and the tables that have no days | files |

`article/day=2026-03-02/part.parquet` holds the articles that were first seen on that day (UTC); `mention`,
`article_entity` and `article_version` are cut likewise, other tables are one file each. DuckDB, pandas and Spark read
such a folder as one table: `SELECT * FROM read_parquet('article/*/*.parquet', hive_partitioning = true)`. A file has
its name only when it is whole. `newsdesk export` does the same by hand.

## When it is red

The folder cannot be written to (disk, rights, credentials), it holds an export of another format, or Arrow is missing
(`pip install 'newsdesk[parquet]'`): the log's last line says which. A disk that is full and a store that is away or
refuses us have been tried twice more before. Mend it and clear the task; it goes on with the days that are not written
yet. After a publish it would run anyway.

## Knobs

`NEWSDESK_EXPORT` (where) · `NEWSDESK_EXPORT_FORMAT` (parquet, csv, jsonl) · credentials of an object store: those of
its own tools in the environment, such as `AWS_ACCESS_KEY_ID`.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowSkipException

from newsdesk.orchestration import CPU_POOL, EVERY_DAG, NEWS, desk


@dag(
    schedule=[NEWS],
    dagrun_timeout=timedelta(hours=12),
    doc_md=__doc__,
    **EVERY_DAG,
)
def export_news() -> None:
    @task(pool=CPU_POOL, execution_timeout=timedelta(hours=6))
    def export() -> dict[str, int]:
        from newsdesk.exporting.export import export as write

        at = desk()
        if at.settings.export is None:
            raise AirflowSkipException("NEWSDESK_EXPORT names no folder to write to")
        done = write(at.dsn, at.settings.export, at.settings.export_format)
        return {"days": done.days, "days_as_before": done.days_as_before, "files": done.files, **done.rows}

    export()


export_news()
