"""URLs that came to nothing, by why, with the evidence; each can be asked for again, and each group, and all."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from newsdesk.dashboard.door import Door, Visitor
from newsdesk.dashboard.showing import show
from newsdesk.store import desk_quarantine
from newsdesk.store.asking import reading


def routes(door: Door) -> APIRouter:
    router = APIRouter()

    @router.get("/quarantine")
    def page(
        request: Request, visitor: Annotated[Visitor, Depends(door.visitor)], outcome: str = "quarantined", source: str | None = None,
    ) -> HTMLResponse:  # fmt: skip
        with reading(door.desk().dsn) as cursor:
            outcomes = desk_quarantine.outcomes(cursor)
            groups = desk_quarantine.groups(cursor, outcome, source)
            shown = [url_id for group in groups.rows[:30] for url_id in group["examples"]]
            examples = {row["url_id"]: row for row in desk_quarantine.examples(cursor, shown).rows}
        here = next((one for one in outcomes.rows if one["outcome"] == outcome), None)
        return show(
            request, visitor, "quarantine.html", outcome=outcome, source=source, here=here, outcomes=outcomes, groups=groups,
            examples=examples, latest=desk_quarantine.LATEST, in_all=sum(group["urls"] for group in groups.rows),
        )  # fmt: skip

    return router
