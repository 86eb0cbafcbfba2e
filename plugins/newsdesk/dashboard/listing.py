"""The rows behind a figure."""

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from newsdesk.dashboard.door import Door, Visitor
from newsdesk.dashboard.showing import show
from newsdesk.store import desk_rows
from newsdesk.store.asking import reading


def routes(door: Door) -> APIRouter:
    router = APIRouter()

    @router.get("/rows/{name}")
    def listed(
        request: Request, visitor: Annotated[Visitor, Depends(door.visitor)], name: str, page: int = 0
    ) -> HTMLResponse:
        values = read_values(name, dict(request.query_params))
        page = min(max(page, 0), desk_rows.MOST_COUNTED // desk_rows.PAGE)
        with reading(door.desk().dsn) as cursor:
            answer, count = desk_rows.read(cursor, name, values, page)
        told = {key: value for key, value in request.query_params.items() if key in values}
        return show(
            request, visitor, "rows.html", name=name, title=desk_rows.LISTS[name].title, answer=answer, count=count, told=told,
            page=page, size=desk_rows.PAGE, most=desk_rows.MOST_COUNTED, query=urlencode(told),
            columns=[column for column in (answer.rows[0] if answer.rows else {}) if column not in ("url_id", "batch_id", "endpoint_id")],
        )  # fmt: skip

    return router


def read_values(name: str, query: dict[str, str]) -> dict[str, Any]:
    """What the address says, as the list takes it. 404: no such list; 422: a value that cannot be."""
    if name not in desk_rows.LISTS:
        raise HTTPException(404, f"there is no list {name!r}")
    wanted = desk_rows.LISTS[name]
    values: dict[str, Any] = {}
    for key, kind in wanted.takes.items():
        if query.get(key):
            try:
                values[key] = (
                    datetime.fromisoformat(query[key]).replace(tzinfo=UTC) if kind is datetime else kind(query[key])
                )
                if key == "entity":
                    UUID(query[key])
            except ValueError:
                raise HTTPException(422, f"{key}={query[key]!r} is not a {kind.__name__}") from None
            if isinstance(values[key], int) and not -(2**63) <= values[key] <= (36_500 if key == "days" else 2**63 - 1):
                raise HTTPException(422, f"{key} is out of range")
            if isinstance(values[key], str) and "\x00" in values[key]:
                raise HTTPException(422, f"{key} holds a character that no text has")
    if wanted.needs and not set(wanted.needs) & values.keys():
        raise HTTPException(422, f"the list {name} needs one of {', '.join(wanted.needs)}")
    return values
