"""The application: its routes behind its door, its headers, and faults as pages."""

import logging
from typing import Any

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException as AnyHTTPException

from newsdesk.dashboard import actions, listing, metrics, overview, quarantine, reprocess, runs, sources, urls
from newsdesk.dashboard.door import Door, own_pages_only
from newsdesk.dashboard.rendering import static
from newsdesk.dashboard.showing import Headers, show
from newsdesk.errors import ArchiveUnavailable, ConfigError, DatabaseUnreachable, NewsdeskError, Quarantine

log = logging.getLogger(__name__)

_STATIC = {
    "desk.css": "text/css; charset=utf-8", "desk.js": "text/javascript; charset=utf-8", "desk.svg": "image/svg+xml",
}  # fmt: skip


def create_app(door: Door) -> FastAPI:
    app = FastAPI(title="newsdesk", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Headers)
    for page in (overview, sources, urls, quarantine, runs, reprocess, listing, metrics):
        app.include_router(page.routes(door), dependencies=[Depends(door.may_read)])
    app.include_router(
        actions.routes(door), prefix="/actions", dependencies=[Depends(own_pages_only(door)), Depends(door.may_read)]
    )

    @app.get("/static/{name}")
    def file(request: Request, name: str) -> Response:
        """Style and script: the only thing here that strangers get."""
        if name not in _STATIC:
            raise HTTPException(404, "there is no such file")
        return Response(
            static(name),
            media_type=_STATIC[name],
            headers={"cache-control": f"public, max-age={86_400 * 365 if request.url.query else 3_600}"},
        )

    @app.exception_handler(AnyHTTPException)
    def refused(request: Request, fault: AnyHTTPException) -> Response:
        return _told(request, fault.status_code, str(fault.detail))

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, fault: RequestValidationError) -> Response:
        what = "; ".join(f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in fault.errors()[:5])
        return _told(request, 422, f"the address or the values are not as they should be: {what}")

    @app.exception_handler(NewsdeskError)
    def failed(request: Request, fault: NewsdeskError) -> Response:
        if isinstance(fault, DatabaseUnreachable | ArchiveUnavailable):
            status = 503
        elif isinstance(fault, ConfigError | Quarantine):
            status = 409
        else:
            log.error("the desk failed at %s", request.url.path, exc_info=fault)
            status = 500
        return _told(request, status, str(fault))

    return app


_TITLES = {
    401: "You are not logged in", 403: "This is not yours to do", 404: "There is no such page", 409: "That cannot be done as it is", 410: "It is gone",
    422: "That cannot be read", 503: "Not reachable now",
}  # fmt: skip


def _told(request: Request, status: int, what: str) -> Response:
    """A page for a person, JSON for a script."""
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        title = _TITLES.get(status, "The desk failed")
        return show(request, None, "fault.html", status, title=title, what=what, code=status)
    body: dict[str, Any] = {"error": what}
    return JSONResponse(body, status)
