"""The DAG as Airflow reads it: without a database, without work at import."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Kept:
    """What a DAG promises. `tasks` in their order: pool and hours at most of each; `hours`: of a whole run."""

    schedule: str | None  # a cron, `news` for the asset, None: started by hand
    hours: float
    tasks: dict[str, tuple[str, float]]
    tells: str | None = None  # the task that tells other DAGs, by the asset `news`
    late: bool = False  # people are told of a run that takes too long


ANY, FETCH, CPU = "default_pool", "news_fetch", "news_cpu"
KEPT = {
    "ingest_news": Kept("7 * * * *", 6, {
        "open_run": (ANY, 1), "discover": (ANY, 1), "plan": (ANY, 0.5), "batch.fetch": (FETCH, 2), "batch.extract": (CPU, 2),
        "batch.enrich": (CPU, 1), "deduplicate": (CPU, 1), "publish": (ANY, 1), "check": (ANY, 0.5),
    }, tells="publish", late=True),
    "import_warc": Kept(None, 72, {
        "open_run": (ANY, 0.5), "plan": (CPU, 12), "batch.extract": (CPU, 2), "batch.enrich": (CPU, 1), "deduplicate": (CPU, 6),
        "publish": (ANY, 2), "check": (ANY, 0.5),
    }, tells="publish"),
    "reprocess_news": Kept(None, 72 + 48, {
        "open_report": (ANY, 1), "portions": (ANY, 0.5), "read": (CPU, 2), "report": (ANY, 1), "approve": (ANY, 0.5),
        "open_run": (ANY, 0.5), "admit": (CPU, 6), "batch.enrich": (CPU, 1), "deduplicate": (CPU, 6), "publish": (ANY, 2),
        "check": (ANY, 0.5),
    }, tells="publish"),
    "reconcile_news": Kept("23 3 * * *", 24, {
        "open_reconcile": (ANY, 0.5), "fingerprint": (CPU, 2), "pair": (ANY, 2), "weigh": (CPU, 2), "verify": (CPU, 6),
        "publish": (ANY, 2), "check": (ANY, 0.5),
    }, tells="publish"),
    "maintain_news": Kept("47 1 * * *", 12, {"trim": (ANY, 2), "vacuum": (ANY, 2), "verify": (CPU, 6)}),
    "export_news": Kept("news", 12, {"export": (CPU, 6)}),
    "digest_news": Kept("37 5 * * *", 1, {"tell": (ANY, 0.5)}),
}  # fmt: skip


@pytest.fixture(scope="module")
def bag() -> Any:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(ROOT / "dags"))
    assert bag.import_errors == {}
    return bag


@pytest.fixture(params=sorted(KEPT))
def dag(bag: Any, request: pytest.FixtureRequest) -> Any:
    return bag.dags[request.param]


@pytest.fixture(params=[name for name in sorted(KEPT) if "deduplicate" in KEPT[name].tasks])
def dag_of_batches(bag: Any, request: pytest.FixtureRequest) -> Any:
    return bag.dags[request.param]


def test_it_serialises(dag: Any) -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    assert DagSerialization.to_dict(dag)["dag"]["dag_id"] == dag.dag_id


def test_the_steps_stand_in_their_order(dag: Any) -> None:
    order = list(KEPT[dag.dag_id].tasks)
    assert [task.task_id for task in dag.topological_sort()] == order
    for earlier, later in pairwise(order):
        assert later in {task.task_id for task in dag.get_task(earlier).get_flat_relatives(upstream=False)}


def test_one_run_at_a_time_and_no_catching_up(dag: Any) -> None:
    assert (dag.max_active_runs, dag.catchup) == (1, False)


def test_every_task_survives_a_dead_worker(dag: Any) -> None:
    assert all(task.retries >= 1 and task.retry_policy is not None for task in dag.tasks)


def test_the_table_has_every_dag(bag: Any) -> None:
    assert bag.dags.keys() == KEPT.keys()


def test_every_task_has_its_pool_and_its_end_and_so_has_the_run(dag: Any) -> None:
    kept = KEPT[dag.dag_id]
    found = {task.task_id: (task.pool, task.execution_timeout.total_seconds() / 3600) for task in dag.tasks}
    assert found == kept.tasks
    assert dag.dagrun_timeout.total_seconds() / 3600 == kept.hours >= max(hours for _, hours in kept.tasks.values())


def test_it_runs_when_it_should_and_tells_whom_it_should(dag: Any) -> None:
    kept = KEPT[dag.dag_id]
    assert _when(dag.timetable) == kept.schedule
    assert [task.task_id for task in dag.tasks if "news" in {asset.name for asset in task.outlets}] == (
        [kept.tells] if kept.tells else []
    )


def _when(timetable: Any) -> str | None:
    if (asset := getattr(timetable, "asset_condition", None)) is not None:
        return str(asset.objects[0].name)
    return getattr(timetable, "expression", None)


def test_a_late_run_calls_a_function_that_is_there(dag: Any) -> None:
    if not KEPT[dag.dag_id].late:
        assert not dag.deadline
        return
    (alert,) = dag.deadline
    assert (alert.interval, alert.reference.reference_name) == (timedelta(hours=1), "DagRunQueuedAtDeadline")
    module, _, function = alert.callback.path.rpartition(".")
    inspect.signature(getattr(importlib.import_module(module), function)).bind(context={}, **alert.callback.kwargs)


def test_what_is_mapped_has_a_name_in_the_grid(dag: Any) -> None:
    for task in dag.tasks:
        if task.task_id.startswith("batch.") or task.is_mapped:
            assert task.map_index_template == "{{ batch_name }}", task.task_id


def test_every_task_has_a_button_to_the_desk_and_other_dags_have_none(dag: Any) -> None:
    spec = importlib.util.spec_from_file_location("newsdesk_plugin", ROOT / "plugins" / "newsdesk_plugin.py")
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(plugin := importlib.util.module_from_spec(spec))
    (link,) = plugin.NewsdeskPlugin.global_operator_extra_links
    assert link.name == "News desk"
    for task in dag.tasks:
        key = SimpleNamespace(
            dag_id=dag.dag_id, run_id="manual__2026-03-02T07:00:00+00:00", task_id=task.task_id, map_index=3
        )
        told = f"/newsdesk/airflow/{dag.dag_id}/manual__2026-03-02T07%3A00%3A00%2B00%3A00/{task.task_id}/3"
        assert link.get_link(task, ti_key=key) == told
    assert link.get_link(SimpleNamespace(dag=SimpleNamespace(tags={"theirs"})), ti_key=key) == ""


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


@pytest.mark.parametrize("name", sorted(KEPT))
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
