"""Airflow's plugin: the operator's desk as pages in Airflow's UI, behind Airflow's permissions; nothing else.

Every component of Airflow executes this file, and each task does. So it is light: the application is made with the
first request, in the api-server. A plugin's application is not authenticated by Airflow: each route asks by itself.
No `from __future__ import annotations`: FastAPI reads the annotations of the dependencies.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

from airflow.plugins_manager import AirflowPlugin
from airflow.sdk import BaseOperatorLink

PREFIX = "/newsdesk"  # of the pages, below Airflow's own address

Message = MutableMapping[str, Any]


class LazyApplication:
    """The application, made when it is first asked for something."""

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        await application()(scope, receive, send)


@cache
def application() -> Any:
    from airflow.configuration import conf

    from newsdesk import airflow_desk, orchestration
    from newsdesk.dashboard.app import create_app
    from newsdesk.dashboard.door import Door

    return create_app(
        Door(
            desk=orchestration.desk, start=airflow_desk.start_run, origins=(conf.get("api", "base_url", fallback=""),),
            **airflow_desk.permissions(),
        )
    )  # fmt: skip


def _root() -> str:
    from airflow.configuration import conf

    return urlsplit(conf.get("api", "base_url", fallback="")).path.rstrip("/") + PREFIX


def _pages() -> list[dict[str, Any]]:
    """Where Airflow shows the desk. Its address may have a path of its own, which a link must begin with."""
    root = _root()
    icon = {"icon": f"{root}/static/desk.svg"}
    return [
        {"name": "News desk", "href": f"{root}/", "destination": "nav", "url_route": "newsdesk", "nav_top_level": True, **icon},
        {"name": "News desk", "href": f"{root}/airflow/{{DAG_ID}}", "destination": "dag", "url_route": "newsdesk-runs", **icon},
        {"name": "News desk", "href": f"{root}/airflow/{{DAG_ID}}/{{RUN_ID}}", "destination": "dag_run", "url_route": "newsdesk-run", **icon},
        {
            "name": "News desk", "href": f"{root}/airflow/{{DAG_ID}}/{{RUN_ID}}/{{TASK_ID}}/{{MAP_INDEX}}",
            "destination": "task_instance", "url_route": "newsdesk-batch", **icon,
        },
    ]  # fmt: skip


class DeskLink(BaseOperatorLink):
    """A button at each task of our DAGs: the desk's page on its batch, else on its run. At others it is not shown."""

    name = "News desk"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        if "newsdesk" not in operator.dag.tags:
            return ""
        place = (ti_key.dag_id, ti_key.run_id, ti_key.task_id, str(ti_key.map_index))
        return "/".join((f"{_root()}/airflow", *(quote(part, safe="") for part in place)))


class NewsdeskPlugin(AirflowPlugin):
    name = "newsdesk"
    global_operator_extra_links: list[Any] = [DeskLink()]
    fastapi_apps: list[Any] = [{"app": LazyApplication(), "url_prefix": PREFIX, "name": "newsdesk"}]
    external_views: list[Any] = _pages()
