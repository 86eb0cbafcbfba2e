"""What the desk can be asked for: an address of each page, each action with a body, and in whose name."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

from desk_world import World
from newsdesk.store.database import rows, transaction

VIEWER = {"x-role": "viewer"}
USER = {"x-role": "user"}
OURS = {"x-newsdesk": "1", "sec-fetch-site": "same-origin", **USER}  # as the desk's own pages ask


def pages(world: World) -> dict[str, str]:
    """Each route that reads -> an address of it."""
    return {
        "/": "/", "/live": "/live", "/sources/new": "/sources/new", "/drafts/{draft_id}": "/drafts/99", "/sources/{source_id}": "/sources/times",
        "/find": "/find?q=https://post.example/ferry", "/urls/{url_id}": f"/urls/{world.article_id}",
        "/captures/{capture_id}/page": f"/captures/{world.capture_id}/page", "/quarantine": "/quarantine", "/runs": "/runs",
        "/runs/{run_id}": f"/runs/{world.run_id}", "/runs/{run_id}/live": f"/runs/{world.running_id}/live", "/batches/{batch_id}": f"/batches/{world.batch_id}",
        "/airflow/{dag_id}": "/airflow/ingest_news", "/airflow/{dag_id}/{airflow_run_id}": "/airflow/ingest_news/manual__2026-03-02T07:00:00+00:00",
        "/airflow/{dag_id}/{airflow_run_id}/{task_id}/{map_index}": "/airflow/ingest_news/manual__2026-03-02T07:00:00+00:00/batch.fetch/0",
        "/metrics": "/metrics", "/reprocess": "/reprocess", "/reprocess/{reprocess_id}": "/reprocess/99", "/reprocess/{reprocess_id}/report": "/reprocess/99/report",
        "/rows/{name}": f"/rows/visits?run={world.run_id}",
    }  # fmt: skip


ACTIONS: dict[str, dict[str, Any]] = {
    "/actions/retry": {"outcome": "timeout"}, "/actions/pause": {"source_id": "post", "why": "asked to"}, "/actions/resume": {"source_id": "post"},
    "/actions/poll": {"endpoint_id": 1}, "/actions/ingest": {"source_id": "times"}, "/actions/reprocess": {"since": "", "limit": None},
    "/actions/apply": {"reprocess_id": 99}, "/actions/find-source": {"homepage": "https://8.8.8.8/"}, "/actions/add-source": {"draft_id": 99},
}  # fmt: skip


def act(client: TestClient, path: str, body: dict[str, Any]) -> Any:
    """The answer to an action that a person takes on the desk's own pages."""
    return client.post(f"/newsdesk/actions/{path}", json=body, headers=OURS)


def last_audit(world: World) -> dict[str, Any]:
    with transaction(world.desk.dsn) as cursor:
        cursor.execute(
            "SELECT actor, action, source_id, target, detail, result FROM ops.audit ORDER BY audit_id DESC LIMIT 1"
        )
        return rows(cursor)[0]


def actions_noted(world: World) -> int:
    with transaction(world.desk.dsn) as cursor:
        cursor.execute("SELECT count(*) FROM ops.audit")
        return int(cursor.fetchone()[0])  # type: ignore[index]
