"""The desk behind Airflow's own permissions: tokens of Airflow, roles of Airflow, routes of the desk."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
OURS = {"x-newsdesk": "1", "sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def airflow_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Airflow's metadata in a file of its own; made by another process, as this one may have read its settings."""
    import sqlalchemy
    from airflow import settings

    file = tmp_path_factory.mktemp("metadata") / "airflow.db"
    env = os.environ | {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{file}", "PYTHONPATH": str(ROOT / "plugins")}
    subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], env=env, check=True, capture_output=True)
    before = settings.Session, settings.engine
    settings.engine = sqlalchemy.create_engine(f"sqlite:///{file}")
    settings.Session = sqlalchemy.orm.scoped_session(
        sqlalchemy.orm.sessionmaker(settings.engine, expire_on_commit=False)
    )
    yield
    settings.Session, settings.engine = before


@pytest.fixture(scope="module")
def plugin() -> Any:
    spec = importlib.util.spec_from_file_location("newsdesk_plugin", ROOT / "plugins" / "newsdesk_plugin.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def client(plugin: Any, airflow_database: None, module_dsn: str) -> Iterator[Any]:
    from airflow.api_fastapi.app import create_auth_manager
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    os.environ["AIRFLOW_CONN_NEWS_DB"] = _connection(module_dsn)
    create_auth_manager()
    app = FastAPI()
    (told,) = plugin.NewsdeskPlugin.fastapi_apps
    app.mount(told["url_prefix"], told["app"])
    with TestClient(app, base_url="http://desk.example") as client:
        yield client
    del os.environ["AIRFLOW_CONN_NEWS_DB"]


def _connection(dsn: str) -> str:
    from newsdesk.local.airflow_home import connection_json

    return connection_json(dsn)


def token(role: str) -> dict[str, str]:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    return {
        "authorization": f"Bearer {get_auth_manager().generate_jwt(SimpleAuthManagerUser(username=f'the {role}', role=role))}"
    }


@pytest.mark.parametrize(
    ("role", "reads", "acts"),
    [(None, 401, 401), ("viewer", 200, 403), ("user", 200, 200), ("op", 200, 200), ("admin", 200, 200)],
)
def test_airflows_roles_open_the_desk(client: Any, role: str | None, reads: int, acts: int) -> None:
    headers = token(role) if role else {}
    answer = client.get("/newsdesk/", headers=headers)
    assert answer.status_code == reads, answer.text
    if reads == 200:
        assert f"the {role}" in answer.text
        assert ("may look but not act" in answer.text) is (acts == 403)
    for path, body in (("retry", {"outcome": "timeout"}), ("retry", {"url_id": 1})):
        assert client.post(f"/newsdesk/actions/{path}", json=body, headers=headers | OURS).status_code == acts
    pause = client.post("/newsdesk/actions/pause", json={"source_id": "none"}, headers=headers | OURS)
    assert pause.status_code == (409 if acts == 200 else acts)  # there is no such source
    cross = client.post(
        "/newsdesk/actions/retry", json={"outcome": "gone"}, headers=headers | OURS | {"sec-fetch-site": "cross-site"}
    )
    assert cross.status_code == 403


def test_a_forged_token_opens_nothing(client: Any) -> None:
    assert client.get("/newsdesk/", headers={"authorization": "Bearer e30.e30.e30"}).status_code in (401, 403)


def test_a_run_that_cannot_be_started_is_told_and_noted(client: Any) -> None:
    answer = client.post("/newsdesk/actions/ingest", json={}, headers=token("user") | OURS)
    assert answer.status_code == 409
    assert "ingest_news" in answer.json()["error"]
    assert "could not be started" in client.get("/newsdesk/rows/audit", headers=token("viewer")).text


def test_airflow_shows_the_desk_in_its_navigation_and_at_dags_runs_and_tasks(plugin: Any) -> None:
    views = plugin.NewsdeskPlugin.external_views
    assert [view["destination"] for view in views] == ["nav", "dag", "dag_run", "task_instance"]
    assert len({view["url_route"] for view in views}) == 4
    assert views[3]["href"].endswith("/newsdesk/airflow/{DAG_ID}/{RUN_ID}/{TASK_ID}/{MAP_INDEX}")


def test_the_doctor_reads_off_airflows_database_what_is_paused_broken_missing_or_dead(airflow_database: None) -> None:
    from airflow.jobs.job import Job
    from airflow.models.errors import ParseImportError
    from airflow.models.pool import Pool
    from airflow.utils import timezone
    from airflow.utils.session import create_session

    from newsdesk import airflow_facts

    with create_session() as session:
        Pool.create_or_update_pool("news_cpu", 2, "", False, session=session)
        session.add(
            ParseImportError(filename="ingest_news.py", stacktrace="Traceback\nSyntaxError: here", bundle_name="b")
        )
        job = Job(job_type="SchedulerJob", state="running")
        job.latest_heartbeat = timezone.utcnow() - timedelta(minutes=9)
        session.add(job)
    found = airflow_facts.rows()
    assert found["import_errors"] == [{"file": "ingest_news.py", "error": "SyntaxError: here"}]
    assert (found["pools"]["news_cpu"], "news_fetch" in found["pools"]) == (2, False)
    assert found["jobs"]["SchedulerJob"]["age"] > 500 > found["jobs"]["SchedulerJob"]["dead_after"]
    assert found["jobs"]["DagProcessorJob"]["age"] is None
    assert found["dags"] == []


def test_pools_are_made_once_and_keep_the_operators_sizes(
    airflow_database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.models.pool import Pool
    from airflow.utils import db
    from airflow.utils.session import create_session

    from newsdesk.airflow_database import prepare_metadata
    from newsdesk.orchestration import CPU_POOL, FETCH_POOL

    monkeypatch.setattr(db, "initdb", lambda: None)  # the fixture did it, in a process of its own
    with create_session() as session:
        session.query(Pool).filter(Pool.pool.in_([FETCH_POOL, CPU_POOL])).delete()
    prepare_metadata()
    with create_session() as session:
        Pool.create_or_update_pool(FETCH_POOL, 77, "the operator's", False, session=session)
    prepare_metadata()
    with create_session() as session:
        found = {pool.pool: pool.slots for pool in session.query(Pool)}
    assert found[FETCH_POOL] == 77
    assert found[CPU_POOL] == (os.cpu_count() or 1)
