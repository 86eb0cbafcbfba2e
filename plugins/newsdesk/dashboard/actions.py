"""What a person does at the desk. Each route asks for its own permission and leaves a row in ops.audit.

The answers are JSON: {"said": what was done, "go": a page of the desk to look at next, or null}.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from newsdesk import drafting, retrying, urls
from newsdesk.dashboard import searching
from newsdesk.dashboard.door import INGEST, REPROCESS, Door, Visitor
from newsdesk.fetch.addresses import check_url
from newsdesk.model import Source
from newsdesk.store import desk_actions, drafts
from newsdesk.store import polls as poll_store
from newsdesk.store import reprocess as reprocess_store
from newsdesk.store.database import in_turn, session, transaction
from newsdesk.store.reprocess import Scope
from newsdesk.store.retries import Selection

Name = Annotated[str, Field(min_length=1, max_length=200)]


class Asked(BaseModel):
    """A request's body: what is not known is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Retry(Asked):
    url_id: int | None = None
    outcome: Name | None = None
    group: Annotated[str, Field(max_length=200)] | None = None
    source_id: Name | None = None


class OfSource(Asked):
    source_id: Name


class Pause(OfSource):
    why: Annotated[str, Field(max_length=500)] = ""


class Poll(Asked):
    endpoint_id: int


class Ingest(Asked):
    source_id: Name | None = None


class Reprocess(Asked):
    stage: Literal["extract", "enrich"] = "extract"
    source_id: Annotated[str, Field(max_length=200)] = ""
    since: date | Literal[""] | None = None
    until: date | Literal[""] | None = None
    limit: Annotated[int, Field(ge=1, le=10_000_000)] | Literal[""] | None = None
    all_pages: bool = False


class Apply(Asked):
    reprocess_id: int


class FindSource(Asked):
    homepage: Annotated[str, Field(min_length=4, max_length=2000)]
    source_id: Annotated[str, Field(max_length=64)] = ""


class AddSource(Asked):
    draft_id: int


def routes(door: Door) -> APIRouter:
    router = APIRouter()
    runs, manages, reprocesses = Depends(door.may_run), Depends(door.may_manage), Depends(door.may_reprocess)
    Who = Annotated[Visitor, Depends(door.visitor)]  # noqa: N806 - a type

    @router.post("/retry", dependencies=[runs])
    def retry(asked: Retry, visitor: Who) -> dict[str, Any]:
        """One URL, a group of reasons, or an outcome's URLs are due with the next run."""
        if (asked.url_id is None) == (asked.outcome is None):
            raise HTTPException(422, "a retry is of one URL, or of an outcome")
        if asked.url_id is not None:
            selection, target = Selection((asked.url_id,)), f"URL {asked.url_id}"
        else:
            selection = Selection((), (asked.outcome or "",), asked.group, source_id=asked.source_id)
            target = f"{asked.outcome}: {asked.group or 'all'}"
        with session(door.desk().dsn) as begin:
            done = in_turn(begin, lambda cursor: retrying.retry(cursor, selection, visitor.name, target))
        return _done(retrying.in_words(done))

    @router.post("/pause", dependencies=[manages])
    def pause(asked: Pause, visitor: Who) -> dict[str, Any]:
        with transaction(door.desk().dsn) as cursor:
            if not desk_actions.pause(cursor, asked.source_id, visitor.name, asked.why):
                raise HTTPException(409, f"{asked.source_id} is paused already, or there is no such source")
            desk_actions.record(
                cursor,
                visitor.name,
                "pause",
                asked.source_id,
                source_id=asked.source_id,
                detail={"why": asked.why},
                result="paused",
            )
        return _done(f"{asked.source_id} is paused: nothing of it is asked for until it is resumed")

    @router.post("/resume", dependencies=[manages])
    def resume(asked: OfSource, visitor: Who) -> dict[str, Any]:
        with transaction(door.desk().dsn) as cursor:
            if not desk_actions.resume(cursor, asked.source_id):
                raise HTTPException(409, f"{asked.source_id} is not paused, or there is no such source")
            desk_actions.record(
                cursor, visitor.name, "resume", asked.source_id, source_id=asked.source_id, result="resumed"
            )
        return _done(f"{asked.source_id} goes on with the next run")

    @router.post("/poll", dependencies=[runs])
    def poll(asked: Poll, visitor: Who) -> dict[str, Any]:
        """An endpoint that is off, or waits after failures, is due again."""
        with transaction(door.desk().dsn) as cursor:
            found = desk_actions.endpoint(cursor, asked.endpoint_id)
            if found is None:
                raise HTTPException(404, f"there is no endpoint {asked.endpoint_id} in use")
            source_id, address = found
            poll_store.switch_on(cursor, address)
            desk_actions.record(
                cursor, visitor.name, "poll", address, source_id=source_id, result="due with the next run"
            )
        return _done(f"{address} is polled with the next run")

    @router.post("/ingest", dependencies=[runs])
    def ingest(asked: Ingest, visitor: Who) -> dict[str, Any]:
        conf = {"sources": [asked.source_id] if asked.source_id else []}
        run = start(INGEST, conf, visitor, "ingest", asked.source_id or "all sources", source_id=asked.source_id)
        return _done(f"a run was started: {run}", f"/airflow/{INGEST}")

    @router.post("/reprocess", dependencies=[reprocesses])
    def reprocess(asked: Reprocess, visitor: Who) -> dict[str, Any]:
        """The report only: nothing is changed by it."""
        conf = {
            "stage": asked.stage, "sources": [asked.source_id] if asked.source_id else [], "apply": "no", "all_pages": asked.all_pages,
            "since": asked.since.isoformat() if asked.since else None, "until": asked.until.isoformat() if asked.until else None,
            "limit": asked.limit or None,
        }  # fmt: skip
        run = start(
            REPROCESS, conf, visitor, "reprocess", asked.source_id or "all sources", source_id=asked.source_id or None
        )
        return _done(f"the report is being made by run {run}: it appears in this list", "/reprocess")

    @router.post("/apply", dependencies=[reprocesses])
    def apply(asked: Apply, visitor: Who) -> dict[str, Any]:
        """What a report found becomes current: only of one that is whole, and that is the last of its scope."""
        with transaction(door.desk().dsn) as cursor:
            report = reprocess_store.read_reprocess(cursor, asked.reprocess_id)
            if report is None:
                raise HTTPException(404, f"report {asked.reprocess_id} is no longer there: a later one took its place")
            if report.unread or report.applied_at or report.planned_at is None:
                raise HTTPException(
                    409, "it is not read to its end yet" if not report.applied_at else "it is applied already"
                )
            scope = Scope.of(report.scope)
            last = next(iter(reprocess_store.open_ones(cursor, report.stage, scope)), None)
            if last is None or last.reprocess_id != report.reprocess_id:
                raise HTTPException(409, "another report of the same pages is to be applied first: look at that one")
        told = scope.as_json()
        conf = {"stage": report.stage, "apply": "yes", "all_pages": told.pop("all"), **told}
        run = start(REPROCESS, conf, visitor, "apply", f"report {report.reprocess_id}")
        return _done(f"it is being applied by run {run}", f"/reprocess/{report.reprocess_id}")

    def start(
        dag_id: str, conf: Mapping[str, Any], visitor: Visitor, action: str, target: str, source_id: str | None = None
    ) -> str:
        """Airflow starts the run. The row comes before, so that there is one whatever happens, and then its result."""
        dsn = door.desk().dsn
        with transaction(dsn) as cursor:
            audit_id = desk_actions.record(
                cursor, visitor.name, action, target, source_id=source_id, detail={"dag": dag_id, "conf": conf}
            )
        result = "it could not be started: the api-server's log says why"
        try:
            run = door.start(dag_id, conf, visitor.name)
            result = f"run {run}"
        finally:
            with transaction(dsn) as cursor:
                desk_actions.conclude(cursor, audit_id, result)
        return run

    @router.post("/find-source", dependencies=[manages])
    def find_source(asked: FindSource, visitor: Who) -> dict[str, Any]:
        """Look for a site's feeds and sitemaps; the draft's page shows how that goes."""
        homepage = asked.homepage if "://" in asked.homepage else f"https://{asked.homepage}"
        try:
            key = asked.source_id or drafting.suggest_id(urls.absolute(homepage, homepage) or homepage)
        except ValueError as error:
            raise HTTPException(422, f"that is not the address of a site: {error}") from None
        address = check_url(homepage)
        if not address.allowed:
            raise HTTPException(422, f"that address cannot be asked: {address.why}")
        drafting.file_for(door.desk().settings.sources, key)  # refuses an id that is taken, before the search
        with transaction(door.desk().dsn) as cursor:
            if drafts.searching(cursor) >= searching.MOST:
                raise HTTPException(409, f"{searching.MOST} searches are under way: wait for one of them")
            draft_id = drafts.open_draft(cursor, homepage, key, visitor.name)
            audit_id = desk_actions.record(cursor, visitor.name, "find_source", homepage, source_id=key)
        searching.begin(door, draft_id, audit_id, Source(key, key, homepage))
        return _done("the search has begun", f"/drafts/{draft_id}")

    @router.post("/add-source", dependencies=[manages])
    def add_source(asked: AddSource, visitor: Who) -> dict[str, Any]:
        """Write the file that was drafted, as it was shown."""
        folder, dsn = door.desk().settings.sources, door.desk().dsn
        with transaction(dsn) as cursor:
            draft = drafts.read(cursor, asked.draft_id)
            if draft is None or not draft["yaml"]:
                raise HTTPException(409, "there is nothing to write: the search found nothing, or is not over")
            if draft["written_at"]:
                raise HTTPException(409, f"it is written already: {draft['file']}")
            file = drafting.file_for(folder, draft["source_id"])
            drafting.write(
                file, draft["yaml"]
            )  # in the transaction: a row that cannot be written leaves a file, and says so below
            drafts.written(cursor, asked.draft_id, str(file))
            desk_actions.record(
                cursor, visitor.name, "add_source", str(file), source_id=draft["source_id"], detail={"homepage": draft["homepage"]},
                result="written",
            )  # fmt: skip
        return _done(f"{file.name} is written: its source comes in with the next run", f"/drafts/{asked.draft_id}")

    return router


def _done(said: str, go: str | None = None) -> dict[str, Any]:
    return {"said": said, "go": go}
