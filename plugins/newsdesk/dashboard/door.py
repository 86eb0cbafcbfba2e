"""The desk's door: what it needs of its surroundings, and the refusal of what other sites ask for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fastapi import HTTPException, Request

from newsdesk.desk import Desk
from newsdesk.endpoint_finding import Finding, find
from newsdesk.model import Source
from newsdesk.visiting import Guest

HEADER = "x-newsdesk"  # a request with a header of its own is never sent to us by another site without our leave

INGEST, REPROCESS = "ingest_news", "reprocess_news"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at the desk, and which buttons are theirs. The routes ask again themselves."""

    name: str
    runs: bool = False  # retry, poll, ingest
    manages: bool = False  # pause, resume, add a source
    reprocesses: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """Airflow's part of the desk, or a test's. The first five are FastAPI dependencies.

    `visitor` gives who it is; it and the may_… raise HTTPException: 401 for strangers, 403 for who may not.
    `start(dag_id, conf, who)` starts a run and returns its id. `find` looks for a site's feeds and sitemaps.
    """

    desk: Callable[[], Desk]
    visitor: Callable[..., Any]
    may_read: Callable[..., Any]
    may_run: Callable[..., Any]
    may_manage: Callable[..., Any]
    may_reprocess: Callable[..., Any]
    start: Callable[[str, Mapping[str, Any], str], str]
    find: Callable[[Guest, Source, Callable[[str], None]], Finding] = find
    origins: tuple[str, ...] = ()  # further ones of our own: a proxy's


def own_pages_only(door: Door) -> Callable[[Request], None]:
    """A dependency: 403 unless the request comes from a page of the desk itself.

    Browsers say where a request comes from (Sec-Fetch-Site; over plain HTTP to another machine only Origin), which
    no page can forge; the header of our own makes them ask us first, which we never allow to another origin.
    """

    def check(request: Request) -> None:
        if HEADER not in request.headers:
            raise HTTPException(403, f"actions are taken on the desk's own pages: the header {HEADER} is missing")
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        ours = {_netloc(request.headers.get("host", "")), *map(_netloc, door.origins)} - {""}
        if site is not None and site != "same-origin":
            raise HTTPException(403, f"refused: another site asked for it (sec-fetch-site: {site})")
        if origin is not None and _netloc(origin) not in ours:
            raise HTTPException(403, "refused: another site asked for it (its origin is not this one)")
        if site is None and origin is None:
            raise HTTPException(403, "refused: neither sec-fetch-site nor origin tells that a page of the desk asked")

    return check


def _netloc(origin: str) -> str:
    """Name and port: `https://a.example` and `a.example:443` are the same."""
    parts = urlsplit(origin if "//" in origin else f"//{origin}")
    try:
        port = parts.port
    except ValueError:
        return ""
    default = {"http": 80, "https": 443}.get(parts.scheme)
    name = (parts.hostname or "").lower()
    return f"{name}:{port}" if port not in (None, default, 80, 443) else name
