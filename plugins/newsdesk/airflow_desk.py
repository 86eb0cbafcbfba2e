"""What the desk asks of Airflow: who may what, by Airflow's own rules, and a run started by a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsdesk.errors import ConfigError


def permissions() -> dict[str, Any]:
    """The desk's dependencies (see `newsdesk.dashboard.door.Door`): 401 for strangers, 403 for who may not.

    To read the desk is to read the DAG `ingest_news`; to retry, poll or ingest is to start its runs; to pause or add a
    source is to edit it, as it changes what its schedule does; to reprocess is to start runs of `reprocess_news`.
    """
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
    from airflow.api_fastapi.core_api.security import get_user, requires_access_dag
    from airflow.models.dag import DagModel
    from fastapi import Depends

    from newsdesk.dashboard.door import INGEST, REPROCESS, Visitor

    def visitor(user: BaseUser = Depends(get_user)) -> Visitor:  # noqa: B008 - FastAPI's way
        def may(method: Any, dag_id: str, entity: DagAccessEntity | None = None) -> bool:
            details = DagDetails(id=dag_id, team_name=DagModel.get_team_name(dag_id))
            return get_auth_manager().is_authorized_dag(method=method, access_entity=entity, details=details, user=user)

        return Visitor(
            user.get_name(), runs=may("POST", INGEST, DagAccessEntity.RUN), manages=may("PUT", INGEST),
            reprocesses=may("POST", REPROCESS, DagAccessEntity.RUN),
        )  # fmt: skip

    visitor.__annotations__["user"] = BaseUser  # this module's annotations are strings, and the name is local
    return {
        "visitor": visitor,
        "may_read": requires_access_dag("GET", param_dag_id=INGEST),
        "may_run": requires_access_dag("POST", DagAccessEntity.RUN, INGEST),
        "may_manage": requires_access_dag("PUT", param_dag_id=INGEST),
        "may_reprocess": requires_access_dag("POST", DagAccessEntity.RUN, REPROCESS),
    }


def start_run(dag_id: str, conf: Mapping[str, Any], who: str) -> str:
    """A run of the DAG, started now in the name of a person. Returns its id. ConfigError where it cannot be started."""
    from airflow.api.common.trigger_dag import trigger_dag
    from airflow.exceptions import DagNotFound
    from airflow.models.dag import DagModel
    from airflow.sdk.exceptions import ParamValidationError
    from airflow.utils.types import DagRunTriggeredByType

    try:
        if (found := DagModel.get_current(dag_id)) is not None and found.is_paused:
            raise ConfigError(f"the DAG {dag_id} is paused in Airflow: switch it on there first")
        run = trigger_dag(
            dag_id,
            triggered_by=DagRunTriggeredByType.UI,
            triggering_user_name=who,
            conf=dict(conf),
            note="from the news desk",
        )
    except (DagNotFound, ParamValidationError, ValueError) as fault:
        raise ConfigError(f"no run of {dag_id} could be started: {fault}") from fault
    if run is None:
        raise ConfigError(f"no run of {dag_id} could be started")
    return str(run.run_id)
