"""One URL: its whole history, the archived page beside the text, names and removed lines marked, versions, group, story."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from newsdesk import urls as addresses
from newsdesk.archive.warc import read
from newsdesk.dashboard.door import Door, Visitor
from newsdesk.dashboard.marking import marked
from newsdesk.dashboard.showing import ARCHIVED_POLICY, show
from newsdesk.extract.decode import decode
from newsdesk.store import desk_url, explain, versions
from newsdesk.store.asking import reading

MOST_SHOWN = 5_000_000  # bytes of an archived page


def routes(door: Door) -> APIRouter:
    router = APIRouter()

    @router.get("/find")
    def find(request: Request, visitor: Annotated[Visitor, Depends(door.visitor)], q: str = "") -> Response:
        """An address, as found or in another form of it; or the number of an article."""
        asked = q.strip()[:4000]
        root = str(request.scope.get("root_path", "")).rstrip("/")
        with reading(door.desk().dsn) as cursor:
            if asked.isdecimal() and len(asked) < 19:
                return RedirectResponse(f"{root}/urls/{asked}", 303)
            try:
                key = addresses.canonical_key(asked)
            except ValueError as error:
                return show(
                    request,
                    visitor,
                    "not_found.html",
                    404,
                    asked=asked,
                    why=f"it is not the address of a page: {error}",
                )
            url_id = explain.find_url(cursor, asked, key)
        if url_id is None:
            return show(request, visitor, "not_found.html", 404, asked=asked, why="it was never found")
        return RedirectResponse(f"{root}/urls/{url_id}", 303)

    @router.get("/urls/{url_id}")
    def url(request: Request, visitor: Annotated[Visitor, Depends(door.visitor)], url_id: int) -> HTMLResponse:
        with reading(door.desk().dsn) as cursor:
            try:
                found = explain.found_where(cursor, url_id)
            except IndexError:
                raise HTTPException(404, f"there is no URL {url_id} in ops.frontier") from None
            visits = explain.visits(cursor, url_id)
            article = desk_url.text(cursor, found["article_id"]) if found["article_id"] else None
            names = desk_url.mentions(cursor, article["article_id"]) if article else None
            blocks = desk_url.blocks(cursor, article["article_id"]) if article else None
            withdrawal = desk_url.withdrawal(cursor, found["url_key"])
            gone = found["outcome"] == "withdrawn" or bool(withdrawal.rows)
            captures = [visit["capture_id"] for visit in visits if visit["capture_id"] and not visit["erased_at"]]
            # of a text, the page that it was read from: another address of the article may have led elsewhere since
            capture = (article["capture_id"] if article else None) or (captures[-1] if captures else None)
            return show(
                request, visitor, "url.html", url_id=url_id, found=found, visits=visits, article=article, names=names, blocks=blocks,
                text=marked(article["body"], names.rows, blocks.rows) if article and names and blocks else [],
                states=versions.of_article(cursor, article["article_id"]) if article else [],
                group=desk_url.group(cursor, article["article_id"], article["cluster_id"]) if article else None,
                story=desk_url.story(cursor, article["story_id"]) if article and article["story_id"] else None,
                capture=None if gone else capture, gone=gone, withdrawal=withdrawal,
            )  # fmt: skip

    @router.get("/captures/{capture_id}/page")
    def archived(visitor: Annotated[Visitor, Depends(door.visitor)], capture_id: int) -> Response:
        """The page as it was received, where it can do nothing and ask for nothing."""
        desk = door.desk()
        with reading(desk.dsn) as cursor:
            found = desk_url.archived(cursor, capture_id)
        if found is None:
            raise HTTPException(404, f"there is no capture {capture_id}")
        at, content_type, withdrawn = found
        if withdrawn:
            raise HTTPException(410, f"the page of capture {capture_id} was withdrawn")
        _, body = read(desk.settings.archive, at, desk.settings.archive_options)
        text, _ = decode(body[:MOST_SHOWN], content_type)
        return Response(
            text.encode("utf-8", "replace"),
            media_type="text/html; charset=utf-8",
            headers={"content-security-policy": ARCHIVED_POLICY},
        )

    return router
