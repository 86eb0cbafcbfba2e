"""The operator's desk: every page with the demo newsroom's data, who may do what, and what the web cannot smuggle in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Header, HTTPException
from fastapi.testclient import TestClient

from newsdesk import stages
from newsdesk.dashboard.app import create_app
from newsdesk.dashboard.door import HEADER, Door, Visitor
from newsdesk.desk import Desk
from newsdesk.ingest import ingest
from newsdesk.local.newsroom import Newsroom
from newsdesk.settings import read_settings
from newsdesk.store.database import transaction
from newsdesk.withdrawing import withdraw

ROLES = {"viewer": (), "operator": ("run",), "admin": ("run", "manage", "reprocess")}
OURS = {HEADER: "1", "sec-fetch-site": "same-origin"}


@dataclass
class Here:
    desk: Desk
    client: TestClient
    started: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with transaction(self.desk.dsn) as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    def get(self, path: str, role: str | None = "viewer") -> Any:
        headers = {"accept": "text/html", **({"x-role": role} if role else {})}
        return self.client.get(f"/newsdesk{path}", headers=headers, follow_redirects=False)

    def act(self, path: str, body: dict[str, Any], role: str | None = "admin", **headers: str) -> Any:
        return self.client.post(
            f"/newsdesk/actions/{path}", json=body, headers={**OURS, **({"x-role": role} if role else {}), **headers}
        )


def require(right: str | None) -> Any:
    def check(x_role: str | None = Header(default=None)) -> None:
        if x_role not in ROLES:
            raise HTTPException(401, "log in first")
        if right is not None and right not in ROLES[x_role]:
            raise HTTPException(403, "not yours to do")

    return check


def who(x_role: str | None = Header(default=None)) -> Visitor:
    require(None)(x_role)
    rights = ROLES[str(x_role)]
    return Visitor(f"the {x_role}", "run" in rights, "manage" in rights, "reprocess" in rights)


@pytest.fixture(scope="module")
def here(module_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Here:
    folder: Path = tmp_path_factory.mktemp("desk")
    (folder / "sources").mkdir()
    settings = read_settings({
        "NEWSDESK_HOME": str(folder), "NEWSDESK_SOURCES": str(folder / "sources"), "NEWSDESK_FETCH_DEADLINE": "3",
        "NEWSDESK_FETCH_MAX_BYTES": "5000000",
    })  # fmt: skip
    desk = Desk(settings, module_dsn)
    with Newsroom() as newsroom:
        newsroom.write_sources(folder / "sources")
        for edition in (1, 2):
            newsroom.edition = edition
            ingest(desk)
    started: list[tuple[str, dict[str, Any], str]] = []

    def start(dag_id: str, conf: Any, visitor: str) -> str:
        started.append((dag_id, dict(conf), visitor))
        return "desk__1"

    app = FastAPI()
    app.mount(
        "/newsdesk",
        create_app(
            Door(lambda: desk, who, require(None), require("run"), require("manage"), require("reprocess"), start)
        ),
    )
    return Here(desk, TestClient(app), started)


def pages(here: Here) -> list[str]:
    (article,) = here.ask("SELECT url_id FROM ops.frontier WHERE outcome = 'updated' ORDER BY 1 LIMIT 1")
    (refused,) = here.ask("SELECT url_id FROM ops.frontier WHERE outcome = 'gone' ORDER BY 1 LIMIT 1")
    (run,) = here.ask("SELECT max(run_id) FROM ops.run")
    (batch,) = here.ask("SELECT max(batch_id) FROM ops.batch")
    (capture,) = here.ask("SELECT max(capture_id) FROM ops.capture WHERE url_id = %s", *article)
    return [
        "/", "/live", "/quarantine", "/quarantine?outcome=gone", "/reprocess", "/runs", f"/runs/{run[0]}", f"/runs/{run[0]}/live",
        f"/batches/{batch[0]}", "/airflow/ingest_news", "/sources/new", "/sources/harbour-courier", f"/urls/{article[0]}",
        f"/urls/{refused[0]}", f"/captures/{capture[0]}/page", "/find?q=https%3A%2F%2Fnowhere.example%2F",
    ]  # fmt: skip


def test_every_page_is_shown_to_who_may_look_and_to_nobody_else(here: Here) -> None:
    for path in pages(here):
        shown = here.get(path)
        expected = (404,) if path.startswith("/find") else (200, 302, 303, 307)
        assert shown.status_code in expected, (path, shown.status_code, shown.text[:500])
        assert "content-security-policy" in shown.headers
        assert here.get(path, role=None).status_code == 401, path


def test_every_link_of_the_desk_leads_somewhere(here: Here) -> None:
    seen: set[str] = set()
    todo = ["/newsdesk/"]
    while todo and len(seen) < 150:
        path = todo.pop(0)
        answer = here.client.get(path, headers={"x-role": "admin", "accept": "text/html"}, follow_redirects=False)
        assert answer.status_code in (200, 302, 303, 307), (path, answer.status_code, answer.text[-600:])
        if "text/html" in answer.headers.get("content-type", "") and "/captures/" not in path:
            for link in re.findall(r'href="(/newsdesk[^"#]*)', answer.text):
                link = link.replace("&amp;", "&")
                if link not in seen and "/static/" not in link:
                    seen.add(link)
                    todo.append(link)
    assert len(seen) > 30


ACTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "retry": ({"outcome": "gone"}, "run"), "poll": ({"endpoint_id": 1}, "run"), "ingest": ({}, "run"),
    "pause": ({"source_id": "harbour-courier", "why": "asked to"}, "manage"), "resume": ({"source_id": "harbour-courier"}, "manage"),
    "find-source": ({"homepage": "https://www.example.com/"}, "manage"), "add-source": ({"draft_id": 1}, "manage"),
    "reprocess": ({}, "reprocess"), "apply": ({"reprocess_id": 1}, "reprocess"),
}  # fmt: skip


def test_the_table_of_actions_is_whole(here: Here) -> None:
    app = create_app(Door(lambda: here.desk, who, *(require(None),) * 4, lambda *_: ""))
    posts = {route.path.removeprefix("/actions/") for route in app.routes if "POST" in getattr(route, "methods", ())}
    if posts:  # newer FastAPI keeps included routers apart
        assert posts == set(ACTIONS)


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", [None, *ROLES])
def test_who_may_not_act_is_refused_and_leaves_no_row(here: Here, action: str, role: str | None) -> None:
    body, right = ACTIONS[action]
    if role is not None and right in ROLES[role]:
        return  # that they may is for the tests of each action
    before = here.ask("SELECT count(*) FROM ops.audit")
    assert here.act(action, body, role).status_code == (401 if role is None else 403)
    assert here.ask("SELECT count(*) FROM ops.audit") == before


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "none"},
    ],
)
def test_what_another_site_asks_for_is_refused(here: Here, action: str, headers: dict[str, str]) -> None:
    assert here.act(action, ACTIONS[action][0], "admin", **headers).status_code == 403


@pytest.mark.parametrize("action", ACTIONS)
def test_without_the_desks_own_header_nothing_is_done(here: Here, action: str) -> None:
    answer = here.client.post(
        f"/newsdesk/actions/{action}",
        json=ACTIONS[action][0],
        headers={"x-role": "admin", "sec-fetch-site": "same-origin"},
    )
    assert answer.status_code == 403


def test_a_retry_makes_its_urls_due_but_not_those_that_were_withdrawn(here: Here) -> None:
    (gone, *_) = here.ask("SELECT url FROM ops.frontier WHERE outcome = 'wall' ORDER BY 1")
    withdraw(here.desk, gone[0], "a wish")
    answer = here.act("retry", {"outcome": "withdrawn"}, "operator")
    assert answer.json()["said"].startswith("0 URLs are due")
    (count,) = here.ask("SELECT count(*) FROM ops.frontier WHERE outcome = 'gone'")[0]
    answer = here.act("retry", {"outcome": "gone"}, "operator")
    assert answer.json()["said"].startswith(f"{count} URLs are due")
    assert here.ask("SELECT count(*) FROM ops.frontier WHERE outcome = 'gone' AND next_visit_at <= now()") == [(count,)]
    assert here.ask("SELECT actor, action, target, result FROM ops.audit ORDER BY audit_id DESC LIMIT 1") == [
        ("the operator", "retry", "gone: all", answer.json()["said"])
    ]


def test_a_paused_source_is_not_asked_for_until_it_is_resumed(here: Here) -> None:
    here.ask("UPDATE ops.frontier SET next_visit_at = now() WHERE source_id = 'harbour-courier' RETURNING 1")
    assert here.act("pause", {"source_id": "harbour-courier", "why": "asked to"}).status_code == 200
    assert here.act("pause", {"source_id": "harbour-courier"}).status_code == 409
    run_id = stages.open_run(here.desk, "while paused", "cli", ["harbour-courier"])
    stages.plan(here.desk, run_id)
    planned = "SELECT count(*) FROM ops.visit AS v JOIN ops.batch AS b USING (batch_id) WHERE b.run_id = %s"
    assert here.ask(planned, run_id) == [(0,)]
    assert "asked to" in here.get("/sources/harbour-courier").text
    assert here.act("resume", {"source_id": "harbour-courier"}).status_code == 200
    run_id = stages.open_run(here.desk, "after it", "cli", ["harbour-courier"])
    stages.plan(here.desk, run_id)
    assert here.ask(planned, run_id) > [(0,)]
    here.ask("UPDATE ops.frontier SET open_batch_id = NULL RETURNING 1")


def test_a_run_is_started_by_airflow_and_the_audit_says_which(here: Here) -> None:
    assert here.act("ingest", {"source_id": "harbour-courier"}, "operator").status_code == 200
    assert here.started[-1] == ("ingest_news", {"sources": ["harbour-courier"]}, "the operator")
    assert here.ask("SELECT result FROM ops.audit WHERE action = 'ingest' ORDER BY audit_id DESC LIMIT 1") == [
        ("run desk__1",)
    ]


def test_what_came_from_the_web_is_shown_as_text(here: Here) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202egnp"
    (article,) = here.ask("SELECT article_id FROM news.article ORDER BY 1 LIMIT 1")
    here.ask(
        "UPDATE news.article SET title = %s, url = 'javascript:alert(3)', authors = ARRAY[%s] WHERE article_id = %s RETURNING 1",
        evil,
        evil,
        article[0],
    )
    here.ask("UPDATE ops.document SET title = %s, body = %s WHERE url_id = %s RETURNING 1", evil, evil, article[0])
    here.ask(
        "UPDATE ops.frontier SET url = 'javascript:alert(3)', reason = %s, title = %s WHERE url_id = %s RETURNING 1",
        evil,
        evil,
        article[0],
    )
    here.ask("UPDATE ops.frontier SET reason = %s WHERE outcome = 'gone' RETURNING 1", evil)
    for path in (f"/urls/{article[0]}", "/quarantine", "/quarantine?outcome=gone", "/", "/sources/harbour-courier"):
        text = here.get(path).text
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
        assert 'href="javascript:' not in text, path
        assert "\u202e" not in text, path


def test_an_archived_page_can_do_nothing(here: Here) -> None:
    (capture,) = here.ask("SELECT capture_id FROM ops.capture WHERE erased_at IS NULL ORDER BY 1 LIMIT 1")
    shown = here.get(f"/captures/{capture[0]}/page")
    assert shown.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
