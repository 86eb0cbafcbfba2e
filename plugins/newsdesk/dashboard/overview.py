"""The first page: did everything come in? And what moves on it while a run is under way."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from newsdesk.dashboard import charts
from newsdesk.dashboard.door import Door, Visitor
from newsdesk.dashboard.showing import show
from newsdesk.store import desk_actions, desk_overview, desk_run
from newsdesk.store.asking import reading
from newsdesk.store.database import Cursor

ILL = ("failing", "problem", "quiet")
ODD = ("flood", "watch")
SHOWN = 100  # sources, those that need somebody first; the others one click away


def routes(door: Door) -> APIRouter:
    router = APIRouter()

    @router.get("/")
    def overview(
        request: Request, visitor: Annotated[Visitor, Depends(door.visitor)], every: bool = False
    ) -> HTMLResponse:
        """`every`: list every source, however many there are."""
        with reading(door.desk().dsn) as cursor:
            hours = desk_overview.hours(cursor)
            sources = desk_overview.sources(cursor)
            outcomes = desk_overview.outcomes(cursor)
            return show(
                request, visitor, "overview.html",
                hours=hours, chart=charts.hours(hours.rows), labels=charts.labels(hours.rows, "hour"),
                sources=sources, shown=None if every else SHOWN, rests=desk_overview.rests(cursor), ill=[one for one in sources.rows if one["state"] in ILL],
                odd=[one for one in sources.rows if one["state"] in ODD],
                well=sum(one["state"] == "ok" for one in sources.rows),
                outcomes=outcomes, visits=sum(one["urls"] for one in outcomes.rows),
                published=sum(one["urls"] for one in outcomes.rows if one["outcome"] == "published"),
                lag=desk_overview.lag(cursor), waiting=desk_overview.waiting(cursor), stuck=desk_overview.stuck(cursor),
                running=running(cursor), runs=desk_overview.latest_runs(cursor), audit=desk_actions.audit(cursor, most=6),
            )  # fmt: skip

    @router.get("/live")
    def live(request: Request, visitor: Annotated[Visitor, Depends(door.visitor)]) -> HTMLResponse:
        """The runs under way, to be put in the place of the last answer."""
        with reading(door.desk().dsn) as cursor:
            return show(request, visitor, "running.html", running=running(cursor))

    return router


def running(cursor: Cursor) -> list[dict[str, Any]]:
    return [
        {"run": desk_run.run(cursor, run_id), "ledger": desk_run.ledger(cursor, run_id)}
        for run_id in desk_overview.running(cursor)
    ]
