"""The DAG as Airflow reads it: without a database, without work at import."""

from __future__ import annotations

import inspect
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


ORDER = {
    "ingest_news": [
        "open_run", "discover", "plan", "batch.fetch", "batch.extract", "batch.enrich", "deduplicate", "publish", "check",
    ],
    "import_warc": ["open_run", "plan", "batch.extract", "batch.enrich", "deduplicate", "publish", "check"],
    "reprocess_news": [
        "open_report", "portions", "read", "report", "approve", "open_run", "admit", "batch.enrich", "deduplicate", "publish",
        "check",
    ],
    "digest_news": ["tell"],
    "reconcile_news": ["open_reconcile", "fingerprint", "pair", "weigh", "verify", "publish", "check"],
}  # fmt: skip
POOLS = {"batch.fetch": "news_fetch", "batch.extract": "news_cpu", "batch.enrich": "news_cpu"}


@pytest.fixture(scope="module")
def bag() -> Any:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(ROOT / "dags"))
    assert bag.import_errors == {}
    return bag


@pytest.fixture(params=sorted(ORDER))
def dag(bag: Any, request: pytest.FixtureRequest) -> Any:
    return bag.dags[request.param]


@pytest.fixture(params=[name for name in sorted(ORDER) if "deduplicate" in ORDER[name]])
def dag_of_batches(bag: Any, request: pytest.FixtureRequest) -> Any:
    return bag.dags[request.param]


def test_it_serialises(dag: Any) -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    assert DagSerialization.to_dict(dag)["dag"]["dag_id"] == dag.dag_id


def test_the_steps_stand_in_their_order(dag: Any) -> None:
    order = ORDER[dag.dag_id]
    assert [task.task_id for task in dag.topological_sort()] == order
    for earlier, later in pairwise(order):
        assert later in {task.task_id for task in dag.get_task(earlier).get_flat_relatives(upstream=False)}


def test_one_run_at_a_time_and_no_catching_up(dag: Any) -> None:
    assert (dag.max_active_runs, dag.catchup) == (1, False)


def test_every_task_survives_a_dead_worker(dag: Any) -> None:
    assert all(task.retries >= 1 and task.retry_policy is not None for task in dag.tasks)


def test_waiting_and_computing_have_pools_of_their_own(dag_of_batches: Any) -> None:
    batch = [task for task in dag_of_batches.tasks if task.task_id.startswith("batch.")]
    assert batch
    assert {task.task_id: task.pool for task in batch} == {task.task_id: POOLS[task.task_id] for task in batch}


def test_a_batch_that_fails_does_not_hold_back_the_others_and_a_run_without_one_is_checked(dag_of_batches: Any) -> None:
    for name in ("deduplicate", "publish", "check"):
        assert dag_of_batches.get_task(name).trigger_rule.value == "all_done"


def test_no_task_has_an_argument_by_a_name_that_airflow_keeps_for_itself(dag: Any) -> None:
    """Airflow says so only when the task runs."""
    from airflow.sdk.definitions.context import Context

    for task in [task for task in dag.tasks if hasattr(task, "python_callable")]:
        given = inspect.signature(task.python_callable).parameters.values()
        demanded = {parameter.name for parameter in given if parameter.default is parameter.empty}
        assert not demanded & set(Context.__annotations__), task.task_id


def test_a_run_that_was_never_opened_is_named() -> None:
    from newsdesk.errors import CheckFailed
    from newsdesk.orchestration import require_run

    assert require_run(7) == 7
    with pytest.raises(CheckFailed, match="open_run"):
        require_run(None)


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://desk:s%20t%2F@db.example:5433/news?sslmode=require",
        "postgresql://postgres@/newsdesk?host=%2Ftmp%2Fa%20home%2Fpostgres&port=5432",
        "postgresql://desk@[::1]:5432/news",
    ],
)
def test_a_dsn_comes_back_from_its_airflow_connection(dsn: str) -> None:
    from airflow.sdk import Connection

    from newsdesk.local.airflow_home import connection_json
    from newsdesk.orchestration import dsn_of

    assert dsn_of(Connection.from_json(connection_json(dsn), conn_id="news_db")) == dsn


def test_its_manual_names_every_task(dag: Any) -> None:
    for task in dag.tasks:
        assert f"`{task.task_id}`" in dag.doc_md


def test_faults_are_tried_again_by_our_tree_of_errors() -> None:
    from airflow.sdk import RetryAction

    from newsdesk import errors
    from newsdesk.orchestration import RETRY_POLICY

    def decide(error: BaseException) -> Any:
        return RETRY_POLICY.evaluate(error, 1, 2, None).action

    assert decide(errors.DatabaseUnreachable("x")) is RetryAction.RETRY
    assert decide(errors.ArchiveUnavailable("x")) is RetryAction.RETRY
    assert decide(errors.ConfigError("x")) is RetryAction.FAIL
    assert decide(errors.CheckFailed("x")) is RetryAction.FAIL


@pytest.mark.parametrize("name", sorted(ORDER))
def test_importing_the_dag_brings_no_craft_along(name: str) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'dags')!r}); import {name}; "
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'spacy', 'trafilatura', 'psycopg2', 'feedparser'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_the_celery_executor_can_be_imported() -> None:
    """celery 5.7.0 broke it at import; constraints.txt must keep to one that works."""
    from airflow.providers.celery.executors.celery_executor import CeleryExecutor

    assert CeleryExecutor.__name__ == "CeleryExecutor"
