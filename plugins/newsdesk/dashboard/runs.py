"""A run and a batch: counts that add up from found to published; and the way here from Airflow's own pages."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from newsdesk.dashboard.door import Door, Visitor
from newsdesk.dashboard.showing import show
from newsdesk.store import desk_overview, desk_run
from newsdesk.store import runs as run_store
from newsdesk.store.asking import reading
from newsdesk.store.database import Cursor

_FINDING = ("airflow", "cli")  # kinds of runs that poll endpoints
PAGE = 50


def routes(door: Door) -> APIRouter:
    router = APIRouter()

    @router.get("/runs")
    def runs(request: Request, visitor: Annotated[Visitor, Depends(door.visitor)], before: int = 2**62) -> HTMLResponse:
        with reading(door.desk().dsn) as cursor:
            found = desk_overview.latest_runs(cursor, PAGE, before=before)
        return show(request, visitor, "runs.html", runs=found, dag=None, more=len(found.rows) == PAGE)

    @router.get("/runs/{run_id}")
    def run(request: Request, visitor: Annotated[Visitor, Depends(door.visitor)], run_id: int) -> HTMLResponse:
        with reading(door.desk().dsn) as cursor:
            return show(
                request, visitor, "run.html", **_run(cursor, run_id), batches=desk_run.batches(cursor, run_id), times=desk_run.times(cursor, run_id),
                hosts=desk_run.slowest_hosts(cursor, run_id), errors=desk_run.errors(cursor, run_id),
                problems=desk_run.problems(cursor, run_id), by_source=desk_run.by_source(cursor, run_id),
            )  # fmt: skip

    @router.get("/runs/{run_id}/live")
    def run_live(request: Request, visitor: Annotated[Visitor, Depends(door.visitor)], run_id: int) -> HTMLResponse:
        with reading(door.desk().dsn) as cursor:
            return show(request, visitor, "run_live.html", **_run(cursor, run_id))

    @router.get("/batches/{batch_id}")
    def batch(request: Request, visitor: Annotated[Visitor, Depends(door.visitor)], batch_id: int) -> HTMLResponse:
        with reading(door.desk().dsn) as cursor:
            found = desk_run.batch(cursor, batch_id)
            if found is None:
                raise HTTPException(404, f"there is no batch {batch_id} in ops.batch")
            ledger = desk_run.ledger(cursor, found["run_id"], batch_id)
        return show(request, visitor, "batch.html", batch=found, ledger=ledger, which=f"batch={batch_id}", found=None)

    @router.get("/airflow/{dag_id}")
    def of_dag(request: Request, visitor: Annotated[Visitor, Depends(door.visitor)], dag_id: str) -> HTMLResponse:
        with reading(door.desk().dsn) as cursor:
            found = desk_overview.latest_runs(cursor, PAGE, dag_id)
        return show(request, visitor, "runs.html", runs=found, dag=dag_id, more=False)

    @router.get("/airflow/{dag_id}/{airflow_run_id}")
    def of_run(
        request: Request, visitor: Annotated[Visitor, Depends(door.visitor)], dag_id: str, airflow_run_id: str
    ) -> Response:
        return _go(request, visitor, dag_id, airflow_run_id, None)

    @router.get("/airflow/{dag_id}/{airflow_run_id}/{task_id}/{map_index}")
    def of_task(
        request: Request, visitor: Annotated[Visitor, Depends(door.visitor)], dag_id: str, airflow_run_id: str, task_id: str,
        map_index: str,
    ) -> Response:  # fmt: skip
        """`map_index` stands as it is in the address where the task is not mapped."""
        mapped = task_id.startswith("batch.") and map_index.isdecimal()
        return _go(request, visitor, dag_id, airflow_run_id, int(map_index) if mapped else None)

    def _go(request: Request, visitor: Visitor, dag_id: str, airflow_run_id: str, place: int | None) -> Response:
        root = str(request.scope.get("root_path", "")).rstrip("/")
        with reading(door.desk().dsn) as cursor:
            run_id = run_store.by_key(cursor, f"{dag_id}/{airflow_run_id}")
            if run_id is not None:
                batch_id = desk_run.batch_at(cursor, run_id, place) if place is not None else None
                return RedirectResponse(f"{root}/batches/{batch_id}" if batch_id else f"{root}/runs/{run_id}")
            found = desk_overview.latest_runs(cursor, PAGE, dag_id)
        return show(request, visitor, "runs.html", runs=found, dag=dag_id, more=False)

    return router


def _run(cursor: Cursor, run_id: int) -> dict[str, Any]:
    found = desk_run.run(cursor, run_id)
    if found is None:
        raise HTTPException(404, f"there is no run {run_id} in ops.run")
    return {
        "run": found, "ledger": desk_run.ledger(cursor, run_id), "which": f"run={run_id}",
        "found": desk_run.found(cursor, run_id) if found["kind"] in _FINDING else None,
    }  # fmt: skip
