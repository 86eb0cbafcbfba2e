"""The DAG reconcile_news, run whole by Airflow's own `dag.test`."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from arrivals import Arrival, arrive
from newsdesk import stages
from newsdesk.desk import Desk
from newsdesk.settings import read_settings
from newsdesk.store.database import rows, transaction

TEXT = " ".join(f"In part {n} of the county the storm took {n + 3} roofs and closed road {n * 7}." for n in range(12))
STEPS = ("open_reconcile", "fingerprint", "pair", "weigh", "verify", "publish", "check")
DAG_ID = "reconcile_news"


def test_each_step_waits_for_the_one_before_and_only_a_whole_run_publishes(dag: Any) -> None:
    for earlier, later in pairwise(STEPS):
        assert earlier in dag.get_task(later).upstream_task_ids
    assert {task.trigger_rule.value for task in dag.tasks} == {"all_success"}
    assert [asset.name for asset in dag.get_task("publish").outlets] == ["news"]


def test_it_runs_daily_unless_the_operator_triggers_all_by_hand(dag: Any) -> None:
    assert dag.schedule == "23 3 * * *"


@pytest.mark.slow
def test_a_whole_run_decides_all_pairs_and_a_second_one_changes_nothing(
    dag: Any, dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"NEWSDESK_HOME": tmp_path, "NEWSDESK_SOURCES": tmp_path, "NEWSDESK_DSN": dsn}.items():
        monkeypatch.setenv(name, str(value))
    run_id = arrive(
        dsn, [Arrival("https://bb.example/1", TEXT), Arrival("https://aa.example/1", TEXT, published=None)], "first"
    )
    desk = Desk(read_settings(), dsn)
    stages.deduplicate(desk, run_id)
    stages.publish(desk, run_id)
    for times in (1, 2):
        assert dag.test(run_conf={"months": 1}).state == "success"
        with transaction(dsn) as cursor:
            cursor.execute("SELECT state, months, counts ->> 'pairs_verified' AS verified FROM ops.reconcile")
            assert rows(cursor) == [{"state": "done", "months": 1, "verified": "1"}] * times
            cursor.execute(
                "SELECT source_id, size FROM news.article JOIN news.cluster USING (cluster_id) WHERE is_primary"
            )
            assert rows(cursor) == [{"source_id": "bb", "size": 2}]
            cursor.execute("SELECT count(*) FROM news.cluster_change")
            assert rows(cursor) == [{"count": 0}]
