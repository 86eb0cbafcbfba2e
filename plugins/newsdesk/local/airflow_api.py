"""Airflow's REST API, as far as the local mode needs it: health, one run, its tasks."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx

from newsdesk.errors import ConfigError, ToolCrashed

COMPONENTS = ("scheduler", "triggerer", "dag_processor")


@dataclass(frozen=True, slots=True)
class TaskState:
    """One task of a run; a mapped one once for each of its batches."""

    task_id: str
    map_index: int  # -1: not mapped
    name: str | None  # what the task called itself: "3: 200 URLs of ..."
    state: str | None  # None: not yet scheduled
    try_number: int
    started: datetime | None
    ended: datetime | None


class AirflowApi:
    """A client that logs in by itself. Every fault is a ToolCrashed that names the request."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self.url = url
        self._login = {"username": user, "password": password}
        self._token: str | None = None
        # trust_env off: a proxy of the user's has no business on loopback
        self._client = httpx.Client(base_url=url, timeout=30, trust_env=False)

    def close(self) -> None:
        self._client.close()

    def token(self) -> str:
        """A bearer token of the API; kept, it holds for a day."""
        if self._token is None:
            answer = self._send("POST", "/auth/token", json=self._login)
            if answer.status_code != 201:
                raise ToolCrashed(f"Airflow refused the login of {self._login['username']}: {_words(answer)}")
            self._token = str(answer.json()["access_token"])
        return self._token

    def get(self, path: str, **query: str | int) -> Any:
        return self._ask("GET", path, params=query)

    def healthy_since(self, moment: datetime) -> dict[str, bool]:
        """Which components have reported since `moment`: an earlier start's last report counts for nothing."""
        seen = dict.fromkeys(("api-server", *COMPONENTS), False)
        try:
            answer = self._client.get("/api/v2/monitor/health", timeout=5)
        except httpx.HTTPError:
            return seen
        if answer.status_code != 200:
            return seen
        health = answer.json()
        seen["api-server"] = health["metadatabase"]["status"] == "healthy"
        for name in COMPONENTS:
            report = health.get(name) or {}
            beat = report.get(f"latest_{name}_heartbeat")
            fresh = beat is not None and datetime.fromisoformat(beat) >= moment
            seen[name] = fresh and report.get("status") == "healthy"
        return seen

    def trigger(self, dag_id: str, conf: Mapping[str, Any], alive: Callable[[], None], patience: float = 60) -> str:
        """Start a run now, and return its id. Waits for a DAG whose file is not read yet.

        ConfigError: the file has an import error (shown), or the DAG is paused and would never start.
        """
        path = f"/api/v2/dags/{quote(dag_id)}"
        until = time.monotonic() + patience
        while (found := self._ask("GET", path, absent=(404,))) is None or found["is_stale"]:
            alive()
            for error in self.get("/api/v2/importErrors")["import_errors"]:
                if error["filename"].endswith(f"{dag_id}.py"):
                    raise ConfigError(f"{error['filename']} cannot be imported:\n{error['stack_trace']}")
            if time.monotonic() > until:
                raise ToolCrashed(f"Airflow found no DAG {dag_id} in {patience:.0f} s; see logs/dag-processor.log")
            time.sleep(0.5)
        if found["is_paused"]:
            raise ConfigError(f"the DAG {dag_id} is paused: switch it on at {self.url}/dags/{quote(dag_id)}")
        run = self._ask("POST", f"{path}/dagRuns", json={"logical_date": None, "conf": dict(conf)})
        return str(run["dag_run_id"])

    def run_state(self, dag_id: str, run_id: str) -> str:
        """queued, running, success or failed."""
        return str(self.get(_run_path(dag_id, run_id))["state"])

    def task_states(self, dag_id: str, run_id: str) -> list[TaskState]:
        """All tasks of a run, in the order in which they started."""
        found: list[Mapping[str, Any]] = []
        while True:
            page = self.get(f"{_run_path(dag_id, run_id)}/taskInstances", limit=100, offset=len(found))
            found += page["task_instances"]
            if not page["task_instances"] or len(found) >= page["total_entries"]:
                break
        states = [
            TaskState(
                task_id=row["task_id"],
                map_index=row["map_index"],
                name=row["rendered_map_index"],
                state=row["state"],
                try_number=row["try_number"],
                started=_moment(row["start_date"]),
                ended=_moment(row["end_date"]),
            )
            for row in found
        ]
        return sorted(states, key=lambda task: (task.started is None, str(task.started), task.task_id, task.map_index))

    def _ask(self, method: str, path: str, absent: tuple[int, ...] = (), **request: Any) -> Any:
        """The answer's JSON; None for a status in `absent`."""
        for attempt in (1, 2):
            headers = {"Authorization": f"Bearer {self.token()}"}
            answer = self._send(method, path, headers=headers, **request)
            if answer.status_code != 401:
                break
            self._token = None  # it ran out: once more with a new one
            if attempt == 2:
                break
        if answer.status_code in absent:
            return None
        if answer.is_error:
            raise ToolCrashed(f"Airflow answered {method} {path} with {answer.status_code}: {_words(answer)}")
        return answer.json()

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            return self._client.request(method, path, **request)
        except httpx.HTTPError as fault:
            raise ToolCrashed(f"Airflow at {self.url} does not answer {method} {path}: {fault}") from None


def _run_path(dag_id: str, run_id: str) -> str:
    return f"/api/v2/dags/{quote(dag_id)}/dagRuns/{quote(run_id, safe='')}"


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _words(answer: httpx.Response) -> str:
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        detail = answer.text
    return str(detail)[:300]
