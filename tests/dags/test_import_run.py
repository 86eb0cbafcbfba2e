"""The DAG import_warc, run whole by Airflow's own `dag.test`, on a small archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newsdesk.local.newsroom.stories import ALL
from newsdesk.local.newsroom.story import blocks
from newsdesk.store.database import rows, transaction
from warc_making import WHEN, cc_news, html

DAG_ID = "import_warc"


@pytest.mark.slow
def test_a_whole_run_publishes_the_files_pages_and_a_second_one_finds_nothing_left(
    dag: Any, dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "NEWSDESK_HOME": tmp_path, "NEWSDESK_SOURCES": tmp_path, "NEWSDESK_DSN": dsn, "NEWSDESK_BATCH_SIZE": "2",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, str(value))
    for name, stories in (("a", ALL[:3]), ("b", ALL[3:6])):
        pages = [
            (
                f"https://www.{story.outlet}.example{story.path}",
                WHEN,
                html(story.title, [text for _, text in blocks(story.text)]),
            )
            for story in stories
        ]
        (tmp_path / f"{name}.warc.gz").write_bytes(cc_news(pages))
    for _ in range(2):
        run = dag.test(run_conf={"files": [str(tmp_path / "*.warc.gz")]})
        assert run.state == "success"
        with transaction(dsn) as cursor:
            cursor.execute("SELECT state, records, captures FROM ops.import ORDER BY file")
            assert rows(cursor) == [{"state": "done", "records": 10, "captures": 3}] * 2
            cursor.execute("SELECT count(*) AS articles, count(DISTINCT source_id) AS sources FROM news.article")
            assert rows(cursor) == [{"articles": 6, "sources": len({story.outlet for story in ALL[:6]})}]
            cursor.execute("SELECT DISTINCT kind, state FROM ops.run")
            assert rows(cursor) == [{"kind": "airflow_import", "state": "done"}]
