"""The one door to Airflow: what the DAGs need of Airflow and the library must not know.

- `desk()` the library's handle on the database, from the connection `news_db`
- `EVERY_DAG` what all DAGs have in common; `RETRY_POLICY` how a task is tried again, by our tree of errors
- `FETCH_POOL`, `CPU_POOL`, `NEWS`, `SCHEDULE` names and values that the DAGs share
- `extract`, `enrich`, `deduplicate`, `publish` the tasks that are the same in every DAG that brings articles
- `measured()` a stage's work, told to Airflow's metrics and traces
- `name_batch()`, `require_run()`, `require_success()` for the tasks themselves

The desk's part is in `airflow_desk`, Airflow's own database in `airflow_database`. Importing this costs what `airflow.sdk`
costs, some seconds; nothing of the library's crafts comes with it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from airflow.sdk import (
    Asset,
    Connection,
    ExceptionRetryPolicy,
    RetryAction,
    RetryRule,
    TriggerRule,
    get_current_context,
    task,
)
from airflow.sdk.exceptions import AirflowNotFoundException
from airflow.sdk.observability import stats
from opentelemetry import trace

from newsdesk import connections
from newsdesk.errors import CheckFailed, ConfigError, Quarantine, Retryable
from newsdesk.settings import read_settings

if TYPE_CHECKING:
    from newsdesk.desk import Desk

log = logging.getLogger(__name__)

Result = TypeVar("Result")

CONNECTION = connections.NEWS_DB

# Two pools, so that one batch's waiting on the network overlaps another batch's computing
FETCH_POOL = "news_fetch"
CPU_POOL = "news_cpu"

# What the analysts' tables are to other DAGs: `schedule=[NEWS]` runs after each publication, and the event's
# `extra` holds its counts
NEWS = Asset(name="news", uri="newsdesk://news", group="newsdesk")

# Cron of ingest_news; NEWSDESK_SCHEDULE=none leaves it to the operator's own triggers
_HOURLY = "7 * * * *"  # not on the hour, when every crawler of the world comes
_wish = os.environ.get("NEWSDESK_SCHEDULE", "").strip() or _HOURLY
SCHEDULE: str | None = None if _wish.lower() == "none" else _wish

# Rules are read from the top. What no rule names (a bug, a killed process) is tried again as `retries` says
RETRY_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception=Quarantine,
            action=RetryAction.FAIL,
            reason="will not work as it is; the text of the error says what to change",
        ),
        RetryRule(
            exception=CheckFailed,
            action=RetryAction.FAIL,
            reason="the run is over, and what came out is not what was expected",
        ),
        RetryRule(
            exception=Retryable,
            action=RetryAction.RETRY,
            retry_delay=timedelta(seconds=30),
            reason="may work later",
        ),
    ]
)

_EVERY_TASK: dict[str, Any] = {
    "owner": "newsdesk",
    # At least one: it is also how Airflow recovers a task whose worker died
    "retries": 2,
    "retry_delay": timedelta(seconds=10),
    "retry_policy": RETRY_POLICY,
    "execution_timeout": timedelta(minutes=30),
}

EVERY_DAG: dict[str, Any] = {
    "start_date": datetime(2025, 1, 1, tzinfo=UTC),
    "catchup": False,
    "max_active_runs": 1,
    "default_args": _EVERY_TASK,
    "tags": ["newsdesk"],
}

# One failed batch does not hold back the others, and a run without a batch (nothing new anywhere) is checked all the
# same. ALL_DONE_MIN_ONE_SUCCESS would skip the check then: to it a skipped batch is not done
WHATEVER_THE_BATCHES_DID = TriggerRule.ALL_DONE


def desk() -> Desk:
    """The library's handle, for a task: settings from the environment, the database from `news_db`.

    Without that connection: NEWSDESK_DSN, then the embedded PostgreSQL where it runs. ConfigError if none; MigrationError
    where a later version has migrated it.
    """
    from newsdesk.desk import Desk

    settings = read_settings()
    try:
        dsn: str | None = dsn_of(Connection.get(CONNECTION))
    except AirflowNotFoundException:
        dsn = settings.dsn or _embedded_dsn()
    if dsn is None:
        raise ConfigError(f"no database: add the Airflow connection {CONNECTION} (type Postgres), or set NEWSDESK_DSN")
    _refuse_newer(dsn)
    return Desk(settings=settings, dsn=dsn, headers_of=_connection_headers, send=_send, pages=_pages())


def _embedded_dsn() -> str | None:
    from newsdesk.local import postgres

    return postgres.running(read_settings().home)


@cache
def _refuse_newer(dsn: str) -> None:
    """Once a process, which of a task is once: what a later version's tables mean is not known here."""
    from newsdesk.store.migrate import pending

    pending(dsn)


def _send(kind: str, connection: str, subject: str, lines: Sequence[str]) -> None:
    from newsdesk.alerting.channels import send

    send(kind, connection, subject, lines)


def _pages() -> str:
    """The address of the desk's pages in Airflow's UI, as `[api] base_url` tells it; empty where it tells none."""
    from airflow.sdk.configuration import conf

    base = str(conf.get("api", "base_url", fallback="") or "").rstrip("/")
    return f"{base}/newsdesk" if base else ""


def _connection_headers(name: str) -> Mapping[str, str]:
    """Request headers that a source's file names by their connection: what stands in its extra."""
    try:
        extra = Connection.get(name).extra_dejson
    except AirflowNotFoundException:
        raise ConfigError(f"a source names the connection {name!r} for its headers: add it in Airflow") from None
    return {str(key): str(value) for key, value in extra.items()}


def dsn_of(connection: Connection) -> str:
    """An Airflow connection as a libpq URI."""
    return connections.dsn_of(
        connections.Connection(
            connection.conn_id, connection.conn_type or "", connection.host or "", connection.port,
            connection.login or "", connection.password or "", connection.schema or "", connection.extra_dejson,
        )
    )  # fmt: skip


def name_batch(name: str) -> None:
    """Name this task in Airflow's grid; for tasks with `map_index_template="{{ batch_name }}"`."""
    context: Any = get_current_context()  # a TypedDict that knows only Airflow's own keys
    context["batch_name"] = name


def tell(name: str, lines: Sequence[str], counts: Mapping[str, int]) -> None:
    """What a task found, for people: the lines in its log, the counts among its results as `name`."""
    for line in lines:
        log.info("%s", line)
    get_current_context()["ti"].xcom_push(name, dict(counts))


def measured(stage: Callable[[Desk, int], Result], key: int) -> Result:
    """The stage's work on the run or batch `key`, told to Airflow's metrics and, as a span, to its traces.

    `newsdesk.STAGE.duration` in milliseconds, `newsdesk.STAGE.COUNT` for each of its counts, `newsdesk.STAGE.failed`.
    """
    from newsdesk.measuring import counts_of

    name = stage.__name__
    with trace.get_tracer("newsdesk").start_as_current_span(
        f"newsdesk.{name}", attributes={"newsdesk.id": key}
    ) as span:
        began = monotonic()
        try:
            result = stage(desk(), key)
        except Exception:
            stats.incr(f"newsdesk.{name}.failed")
            raise
        stats.timing(f"newsdesk.{name}.duration", 1000 * (monotonic() - began))
        for what, many in counts_of(result).items():
            stats.incr(f"newsdesk.{name}.{what}", many)
            span.set_attribute(f"newsdesk.{what}", many)
    return result


def run_key() -> str:
    """What makes a run of ours the same as a run of Airflow: a task that is tried again finds the same one."""
    context = get_current_context()
    return f"{context['dag'].dag_id}/{context['run_id']}"


def require_run(run: int | None) -> int:
    """The run's id, for a task that runs whatever the others did. CheckFailed where no run was opened."""
    if run is None:
        raise CheckFailed("no run was opened: the log of the task open_run says why")
    return run


def require_success() -> None:
    """CheckFailed if a task of this run failed, for the last task: its colour is the run's."""
    context = get_current_context()
    own, run = context["ti"], context["run_id"]
    states: Mapping[str, str | None] = own.get_task_states(dag_id=own.dag_id, run_ids=[run]).get(run, {})
    failed = sorted(task for task, state in states.items() if state in ("failed", "upstream_failed"))
    if failed:
        raise CheckFailed(
            f"{len(failed)} task(s) of this run did not succeed: {', '.join(failed[:10])}"
            f"{', …' if len(failed) > 10 else ''}. What the other tasks brought is published; the log of the first "
            "red task says why. Clear that task, with its downstream tasks, to do the rest"
        )


@task(pool=CPU_POOL, map_index_template="{{ batch_name }}", execution_timeout=timedelta(hours=2))
def extract(batch_id: int) -> dict[str, int]:
    from newsdesk import stages

    name_batch(stages.batch_name(desk(), batch_id))
    return measured(stages.extract, batch_id)


@task(pool=CPU_POOL, map_index_template="{{ batch_name }}", execution_timeout=timedelta(hours=1))
def enrich(batch_id: int) -> dict[str, int]:
    from newsdesk import stages

    name_batch(stages.batch_name(desk(), batch_id))
    return measured(stages.enrich, batch_id)


@task(trigger_rule=WHATEVER_THE_BATCHES_DID, pool=CPU_POOL, execution_timeout=timedelta(hours=1))
def deduplicate(run: int | None) -> dict[str, int]:
    from newsdesk import stages

    return measured(stages.deduplicate, require_run(run))


@task(trigger_rule=WHATEVER_THE_BATCHES_DID, outlets=[NEWS], execution_timeout=timedelta(hours=1))
def publish(run: int | None, *, outlet_events: Any = None) -> dict[str, int]:
    from newsdesk import stages

    counts = measured(stages.publish, require_run(run))
    outlet_events[NEWS].extra = {"run": run_key(), **counts}
    return counts
