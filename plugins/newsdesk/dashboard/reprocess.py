"""Archived pages read anew: asking for a report, looking at it, and only then having it applied."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from newsdesk.dashboard.door import Door, Visitor
from newsdesk.dashboard.showing import show
from newsdesk.reprocessing import report as reports
from newsdesk.reprocessing.report_html import page as report_page
from newsdesk.store import reprocess as store
from newsdesk.store import sources as source_store
from newsdesk.store.asking import reading


def routes(door: Door) -> APIRouter:
    router = APIRouter()

    @router.get("/reprocess")
    def reprocess(
        request: Request, visitor: Annotated[Visitor, Depends(door.visitor)], source: str = ""
    ) -> HTMLResponse:
        with reading(door.desk().dsn) as cursor:
            latest = store.latest(cursor)
            sources = source_store.read_sources(cursor, paused=True)
        return show(request, visitor, "reprocess.html", reports=latest, sources=sources, chosen=source)

    @router.get("/reprocess/{reprocess_id}")
    def report(request: Request, visitor: Annotated[Visitor, Depends(door.visitor)], reprocess_id: int) -> HTMLResponse:
        with reading(door.desk().dsn) as cursor:
            found = store.read_reprocess(cursor, reprocess_id)
            if found is None:
                raise HTTPException(
                    404, f"report {reprocess_id} is not there: a later one of the same scope took its place"
                )
            progress = store.progress(cursor, reprocess_id)
        return show(request, visitor, "report.html", report=found, progress=progress)

    @router.get("/reprocess/{reprocess_id}/report")
    def whole(visitor: Annotated[Visitor, Depends(door.visitor)], reprocess_id: int) -> HTMLResponse:
        """The report as `newsdesk reprocess` writes it, under its own policy."""
        found = reports.gather(door.desk(), reprocess_id)
        html = report_page(reports.as_json(found), found.largest)
        policy = (
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
        )
        return HTMLResponse(html, headers={"content-security-policy": policy})

    return router
