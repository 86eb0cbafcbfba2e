"""A page as an answer: its template with what every page needs, and the headers that keep it harmless."""

from datetime import UTC, datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsdesk.dashboard.door import HEADER, Visitor
from newsdesk.dashboard.rendering import render

# Nothing from elsewhere, no script or style in the page itself: what slips through the escaping does nothing
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
)
# An archived page: no script, no request, an origin that is nobody's
ARCHIVED_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'"
)


def show(request: Request, visitor: Visitor | None, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    root = str(request.scope.get("root_path", "")).rstrip("/")
    page = {
        "root": root, "airflow": root.removesuffix("/newsdesk"), "path": request.url.path, "visitor": visitor, "header": HEADER,
        "now": datetime.now(UTC), **values,
    }  # fmt: skip
    return HTMLResponse(render(template, page), status)


class Headers:
    """Adds to every answer the headers that it does not have yet."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_more(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (
                    ("content-security-policy", POLICY), ("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin"),
                    ("cross-origin-resource-policy", "same-origin"), ("cache-control", "no-store"),
                ):  # fmt: skip
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_more)
