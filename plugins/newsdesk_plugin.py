"""The operator's desk in Airflow's UI: a plugin that gives newsdesk's pages Airflow's logins and permissions.

Whoever may see the DAG ingest_news may look; whoever may start its runs may retry and poll; whoever may change it may
pause, resume and add sources; whoever may start reprocess_news may have reports made and applied.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from airflow.api.common.trigger_dag import trigger_dag
from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import GetUserDep, requires_access_dag
from airflow.exceptions import AirflowNotFoundException
from airflow.models import Connection
from airflow.plugins_manager import AirflowPlugin
from airflow.utils.types import DagRunTriggeredByType
from fastapi import Depends

from newsdesk.dashboard.app import create_app
from newsdesk.dashboard.door import INGEST, REPROCESS, Door, Visitor
from newsdesk.desk import Desk
from newsdesk.errors import ConfigError
from newsdesk.orchestration import CONNECTION, dsn_of
from newsdesk.settings import read_settings

PREFIX = "/newsdesk"

_may_read = requires_access_dag("GET", param_dag_id=INGEST)
_may_run = requires_access_dag("POST", DagAccessEntity.RUN, INGEST)
_may_manage = requires_access_dag("PUT", param_dag_id=INGEST)
_may_reprocess = requires_access_dag("POST", DagAccessEntity.RUN, REPROCESS)


def _desk() -> Desk:
    """As a task has it: the connection `news_db`, else NEWSDESK_DSN. ConfigError if none."""
    settings = read_settings()
    try:
        dsn: str | None = dsn_of(Connection.get_connection_from_secrets(CONNECTION))
    except AirflowNotFoundException:
        dsn = settings.dsn
    if dsn is None:
        raise ConfigError(f"no database: add the Airflow connection {CONNECTION} (type Postgres), or set NEWSDESK_DSN")
    return Desk(settings=settings, dsn=dsn)


def _visitor(user: GetUserDep, _: Annotated[None, Depends(_may_read)]) -> Visitor:
    """Who it is, and which buttons are theirs."""

    def may(method: Any, dag_id: str, entity: DagAccessEntity | None = None) -> bool:
        return bool(
            get_auth_manager().is_authorized_dag(
                method=method, access_entity=entity, details=DagDetails(id=dag_id), user=user
            )
        )

    return Visitor(
        user.get_name(),
        runs=may("POST", INGEST, DagAccessEntity.RUN),
        manages=may("PUT", INGEST),
        reprocesses=may("POST", REPROCESS, DagAccessEntity.RUN),
    )


def _start(dag_id: str, conf: Mapping[str, Any], who: str) -> str:
    run = trigger_dag(
        dag_id, triggered_by=DagRunTriggeredByType.UI, triggering_user_name=who, conf=dict(conf),
        run_id=f"desk__{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}",
    )  # fmt: skip
    if run is None:
        raise ConfigError(f"Airflow started no run of {dag_id}: is it there, and without an import error?")
    return str(run.run_id)


def _view(name: str, route: str, destination: str, href: str = "") -> dict[str, str]:
    return {
        "name": name, "href": f"{PREFIX}/{href}", "destination": destination, "url_route": route, "category": "browse",
    }  # fmt: skip


class NewsdeskPlugin(AirflowPlugin):
    name = "newsdesk"
    fastapi_apps = [  # noqa: RUF012 - as Airflow's plugins declare theirs
        {
            "app": create_app(Door(_desk, _visitor, _may_read, _may_run, _may_manage, _may_reprocess, _start)),
            "url_prefix": PREFIX,
            "name": "newsdesk",
        }
    ]
    external_views = [  # noqa: RUF012
        {**_view("Newsdesk", "newsdesk", "nav"), "nav_top_level": True},
        _view("Newsdesk", "newsdesk-dag", "dag", "airflow/{DAG_ID}"),
        _view("Newsdesk", "newsdesk-run", "dag_run", "airflow/{DAG_ID}/{RUN_ID}"),
        _view("Newsdesk", "newsdesk-task", "task_instance", "airflow/{DAG_ID}/{RUN_ID}/{TASK_ID}/{MAP_INDEX}"),
    ]
