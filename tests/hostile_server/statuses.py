"""Status codes."""

from __future__ import annotations

from hostile_server.server import Answer, Request, reply, scene
from newsdesk.model import Outcome


def _status(path: str, status: str, outcome: Outcome, *headers: str, body: bytes = b"an error page") -> None:
    def play(request: Request) -> Answer:
        return reply(body, *headers, status=status)

    play.__doc__ = f"status {status}" + "".join(f", {header}" for header in headers)
    scene(path, outcome)(play)


_status("/404", "404 Not Found", Outcome.GONE)
_status("/410", "410 Gone", Outcome.GONE)
_status("/429", "429 Too Many Requests", Outcome.RATE_LIMITED, "Retry-After: 120")
_status("/429-bare", "429 Too Many Requests", Outcome.RATE_LIMITED)
_status("/429-week", "429 Too Many Requests", Outcome.RATE_LIMITED, "Retry-After: 604800")
_status("/503", "503 Service Unavailable", Outcome.RATE_LIMITED)
_status("/503-later", "503 Service Unavailable", Outcome.RATE_LIMITED, "Retry-After: soon")
_status("/401", "401 Unauthorized", Outcome.WALL)
_status("/402", "402 Payment Required", Outcome.WALL)
_status("/403", "403 Forbidden", Outcome.HTTP_ERROR, body=b"<title>Just a moment...</title>")
_status("/451", "451 Unavailable For Legal Reasons", Outcome.FORBIDDEN)
_status("/500", "500 Internal Server Error", Outcome.HTTP_ERROR)
_status("/999", "999 Request denied", Outcome.HTTP_ERROR)
_status("/202", "202 Accepted", Outcome.HTTP_ERROR)
_status("/206", "206 Partial Content", Outcome.HTTP_ERROR, "Content-Range: bytes 0-4/900")
_status("/204", "204 No Content", Outcome.HTTP_ERROR, body=b"")
_status("/304", "304 Not Modified", Outcome.HTTP_ERROR, body=b"")
_status("/101", "101 Switching Protocols", Outcome.HTTP_ERROR, "Upgrade: foo", body=b"")
_status("/407", "407 Proxy Authentication Required", Outcome.FORBIDDEN)
_status("/403-burst", "403 Forbidden", Outcome.RATE_LIMITED, body=b"<h1>Too Many Requests</h1>")
_status("/403-later", "403 Forbidden", Outcome.RATE_LIMITED, "Retry-After: 60")
_status("/444", "444 No Response", Outcome.HTTP_ERROR)
_status("/502", "502 Bad Gateway", Outcome.HTTP_ERROR)
_status("/504", "504 Gateway Timeout", Outcome.HTTP_ERROR)
_status("/520", "520 Web Server Returned an Unknown Error", Outcome.HTTP_ERROR)
_status("/205", "205 Reset Content", Outcome.HTTP_ERROR, body=b"")
_status("/406-always", "406 Not Acceptable", Outcome.HTTP_ERROR)
_status("/421-always", "421 Misdirected Request", Outcome.HTTP_ERROR)


@scene("/406")
def not_acceptable_unless_anything_is_accepted(request: Request) -> Answer:
    return reply() if request.headers["accept"] == "*/*" else reply(b"", status="406 Not Acceptable")


@scene("/415")
def unsupported_media_type_unless_anything_is_accepted(request: Request) -> Answer:
    return reply() if request.headers["accept"] == "*/*" else reply(b"", status="415 Unsupported Media Type")


def _is_first_and_only(request: Request) -> bool:
    return request.nth == 1 and request.headers.get("connection") == "close"


@scene("/421")
def misdirected_unless_on_a_connection_of_its_own(request: Request) -> Answer:
    return reply() if _is_first_and_only(request) else reply(b"", status="421 Misdirected Request")


@scene("/425")
def too_early_unless_on_a_connection_of_its_own(request: Request) -> Answer:
    return reply() if _is_first_and_only(request) else reply(b"", status="425 Too Early")


@scene("/304-of-a-cache")
def not_modified_unasked_until_caches_are_passed(request: Request) -> Answer:
    return reply() if "cache-control" in request.headers else reply(b"", status="304 Not Modified", length=None)
