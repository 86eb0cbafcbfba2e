"""What Airflow knows of itself, for `newsdesk doctor`: asked in a process of its own, and printed as JSON.

`python -m newsdesk.airflow_facts` prints one JSON object as the last line of stdout; `gather` runs it and reads that.
So nobody pays for Airflow's import, some seconds, who does not ask; and one that hangs can be killed. The process is
started so that Airflow writes nothing: no `airflow.cfg`, no folder of logs, no file of SQLite.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

JOBS = ("SchedulerJob", "DagProcessorJob", "TriggererJob")


def gather(env: Mapping[str, str], seconds: float) -> dict[str, Any]:
    """The facts by subject: version, settings, metadata, dags, import_errors, pools, connection, jobs, plugins.

    A subject that cannot be told is {"error": why}. TimeoutError after `seconds`; RuntimeError with Airflow's last words
    where it cannot even be imported.
    """
    home = Path(env["AIRFLOW_HOME"])
    config = Path(env.get("AIRFLOW_CONFIG") or home / "airflow.cfg")
    with tempfile.TemporaryDirectory(prefix="newsdesk-doctor-") as scratch:
        quiet = {
            **env,
            "AIRFLOW_CONFIG": str(config if config.is_file() else Path(os.devnull)),
            "AIRFLOW__LOGGING__BASE_LOG_FOLDER": scratch,
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        }
        try:
            done = subprocess.run(
                [sys.executable, "-m", "newsdesk.airflow_facts"], env=quiet, cwd=scratch, stdin=subprocess.DEVNULL,
                capture_output=True, text=True, timeout=seconds, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"Airflow told nothing within {seconds:g} s") from None
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        words = done.stderr.strip().splitlines()[-1:] or ["no word of why"]
        raise RuntimeError(f"Airflow cannot be asked: {words[0]}")
    return dict(json.loads(lines[-1]))


def facts() -> dict[str, Any]:
    """All subjects; for the process of their own."""
    subjects: dict[str, Callable[[], Any]] = {
        "version": _version,
        "settings": _settings,
        "metadata": _metadata,
        "plugins": _plugins,
        "connection": _connection,
    }
    found = {name: _told(tell) for name, tell in subjects.items()}
    return found | rows() if found["metadata"].get("migrated") else found


def rows() -> dict[str, Any]:
    """The subjects that Airflow's own database tells."""
    subjects: dict[str, Callable[[], Any]] = {
        "dags": _dags, "import_errors": _import_errors, "pools": _pools, "jobs": _jobs,
    }  # fmt: skip
    return {name: _told(tell) for name, tell in subjects.items()}


def _told(tell: Callable[[], Any]) -> Any:
    try:
        return tell()
    except Exception as error:  # noqa: BLE001 - of any kind: what it says is the fact
        return {"error": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"}


def _version() -> str:
    import airflow

    return str(airflow.__version__)


def _settings() -> dict[str, Any]:
    from airflow.configuration import conf

    def source(section: str, key: str) -> str:
        """Where its value comes from, never the value: default (made anew by each process), airflow.cfg, env var …"""
        told: Any = conf.as_dict(display_source=True, display_sensitive=True)[section].get(key, ("", "default"))
        return str(told[1]) if told[0] else "empty"

    return {
        "executor": conf.get("core", "executor"),
        "dags_folder": conf.get("core", "dags_folder"),
        "plugins_folder": conf.get("core", "plugins_folder"),
        "keys": {
            "core.fernet_key": source("core", "fernet_key"),
            "api.secret_key": source("api", "secret_key"),
            "api_auth.jwt_secret": source("api_auth", "jwt_secret"),
        },
    }


def _metadata() -> dict[str, Any]:
    from airflow.configuration import conf
    from sqlalchemy.engine import make_url

    url = make_url(conf.get("database", "sql_alchemy_conn"))
    told = {"address": url.render_as_string(hide_password=True), "kind": url.get_backend_name()}
    if told["kind"] == "sqlite" and url.database and not Path(url.database).is_file():
        return {**told, "migrated": False, "lacking": "the file is not there"}
    from airflow.utils.db import _configured_alembic_environment

    with _configured_alembic_environment() as env:
        wanted, there = set(env.script.get_heads()), set(env.get_context().get_current_heads())
    return {
        **told,
        "migrated": wanted == there,
        "lacking": f"it is at {', '.join(sorted(there)) or 'nothing'}, this Airflow wants {', '.join(sorted(wanted))}",
    }


def _plugins() -> dict[str, Any]:
    from airflow import plugins_manager

    plugins_manager.ensure_plugins_loaded()
    loaded, errors = plugins_manager._get_plugins()
    return {"loaded": [str(plugin.name) for plugin in loaded], "errors": errors}


def _connection() -> dict[str, Any]:
    """The connection `news_db`, as a task would have it; its password stays here."""
    from airflow.models.connection import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    from newsdesk.orchestration import CONNECTION, dsn_of
    from newsdesk.store.database import transaction
    from newsdesk.store.dsn import place_of

    try:
        connection = Connection.get_connection_from_secrets(CONNECTION)
    except AirflowNotFoundException:
        return {"there": False}
    told: dict[str, Any] = {"there": True, "type": connection.conn_type}
    if (connection.conn_type or "") not in ("postgres", "postgresql"):
        return told
    dsn = dsn_of(connection)
    told["address"] = place_of(dsn)
    with transaction(dsn) as cursor:
        cursor.execute("SELECT to_regclass('ops.run') IS NOT NULL")
        told["holds_news"] = cursor.fetchone() == (True,)
    return told


def _dags() -> list[dict[str, Any]]:
    from airflow.models.dag import DagModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        rows = session.execute(select(DagModel.dag_id, DagModel.is_paused, DagModel.is_stale, DagModel.fileloc))
        return [
            {"dag": dag, "paused": paused, "stale": stale, "file": Path(file or "").name}
            for dag, paused, stale, file in rows
        ]


def _import_errors() -> list[dict[str, str]]:
    from airflow.models.errors import ParseImportError
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        rows = session.execute(select(ParseImportError.filename, ParseImportError.stacktrace))
        return [{"file": file or "", "error": (trace or "").strip().splitlines()[-1:][0]} for file, trace in rows]


def _pools() -> dict[str, int]:
    from airflow.models.pool import Pool
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        return {str(pool.pool): pool.slots for pool in session.scalars(select(Pool))}


def _jobs() -> dict[str, dict[str, Any]]:
    """Of each kind the youngest: seconds since its last sign of life, and after how many it counts as dead."""
    from airflow.jobs.job import Job, health_check_threshold
    from airflow.utils.session import create_session
    from sqlalchemy import func, select

    now = datetime.now(UTC)
    with create_session() as session:
        rows = session.execute(
            select(Job.job_type, func.max(Job.latest_heartbeat)).where(Job.state == "running").group_by(Job.job_type)
        )
        last = {str(kind): beat for kind, beat in rows if beat is not None}
    return {
        kind: {
            "age": (now - last[kind]).total_seconds() if kind in last else None,
            "dead_after": health_check_threshold(kind, 5),
        }
        for kind in JOBS
    }


if __name__ == "__main__":
    sys.stdout.write(f"{json.dumps(facts(), default=str)}\n")
