"""A source: its rhythm, endpoints, outcomes, what was refused and learned; and a new one being added."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from newsdesk.dashboard import charts
from newsdesk.dashboard.door import Door, Visitor
from newsdesk.dashboard.showing import show
from newsdesk.store import desk_actions, desk_overview, desk_source, drafts
from newsdesk.store.asking import reading

KINDS = ("published", "known", "refused", "failed")


def routes(door: Door) -> APIRouter:
    router = APIRouter()

    @router.get("/sources/new")
    def new(request: Request, visitor: Annotated[Visitor, Depends(door.visitor)]) -> HTMLResponse:
        with reading(door.desk().dsn) as cursor:
            return show(request, visitor, "new_source.html", drafts=drafts.latest(cursor), homepage="")

    @router.get("/drafts/{draft_id}")
    def draft(request: Request, visitor: Annotated[Visitor, Depends(door.visitor)], draft_id: int) -> HTMLResponse:
        with reading(door.desk().dsn) as cursor:
            found = drafts.read(cursor, draft_id)
        if found is None:
            raise HTTPException(404, f"there is no draft {draft_id}")
        return show(request, visitor, "draft.html", draft=found, folder=str(door.desk().settings.sources))

    @router.get("/sources/{source_id}")
    def source(request: Request, visitor: Annotated[Visitor, Depends(door.visitor)], source_id: str) -> HTMLResponse:
        with reading(door.desk().dsn) as cursor:
            found = desk_source.source(cursor, source_id)
            if found is None:
                raise HTTPException(404, f"there is no source {source_id}: the overview lists them")
            days = desk_source.days(cursor, source_id)
            hours = desk_overview.hours(cursor, source_id)
            return show(
                request, visitor, "source.html", source=found, health=desk_overview.sources(cursor, source_id),
                rests=desk_overview.rests(cursor, source_id),
                days=days, chart=charts.stacks(days.rows, KINDS), labels=charts.labels(days.rows, "day"), kinds=KINDS,
                hours=hours, hours_chart=charts.hours(hours.rows), hours_labels=charts.labels(hours.rows, "hour"),
                outcomes=desk_overview.outcomes(cursor, source_id), endpoints=desk_source.endpoints(cursor, source_id),
                refused=desk_source.refused(cursor, source_id), supply=desk_source.supply(cursor, source_id), learned=desk_source.learned(cursor, source_id),
                articles=desk_source.latest_articles(cursor, source_id), hosts=desk_source.hosts(cursor, source_id),
                audit=desk_actions.audit(cursor, source_id, 8),
            )  # fmt: skip

    return router
