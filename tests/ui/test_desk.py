"""The operator's desk, route by route: who may what, that what the web wrote does nothing, that figures are their rows."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from lxml import html

from desk_world import HARM, World, door_of, make_world, mounted
from newsdesk.dashboard import overview
from newsdesk.dashboard.app import create_app
from newsdesk.dashboard.charts import hours, round_up
from newsdesk.dashboard.marking import changes, marked
from newsdesk.discover.places import Yield
from newsdesk.finding import Finding
from newsdesk.model import Endpoint, EndpointKind
from newsdesk.store import desk_run, stage_times
from newsdesk.store import sources as source_store
from newsdesk.store.asking import reading
from newsdesk.store.database import rows, transaction

Started = list[tuple[str, Mapping[str, Any], str]]
FOUND = Finding(
    (Endpoint(EndpointKind.FEED, "https://new.example/rss"),),
    (Yield(Endpoint(EndpointKind.FEED, "https://new.example/rss"), "at a usual place"),),
)
OURS = {"x-newsdesk": "1", "sec-fetch-site": "same-origin", "x-role": "user"}


@pytest.fixture(scope="module")
def world(module_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(module_dsn, tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def started() -> Started:
    return []


@pytest.fixture(scope="module")
def client(world: World, started: Started) -> Iterator[TestClient]:
    with TestClient(mounted(door_of(world.desk, started, FOUND)), base_url="http://desk.example") as client:
        yield client


def pages(world: World) -> dict[str, str]:
    """Each route that reads -> an address of it."""
    return {
        "/": "/", "/live": "/live", "/sources/new": "/sources/new", "/drafts/{draft_id}": "/drafts/99", "/sources/{source_id}": "/sources/times",
        "/find": "/find?q=https://post.example/ferry", "/urls/{url_id}": f"/urls/{world.article_id}",
        "/captures/{capture_id}/page": f"/captures/{world.capture_id}/page", "/quarantine": "/quarantine", "/runs": "/runs",
        "/runs/{run_id}": f"/runs/{world.run_id}", "/runs/{run_id}/live": f"/runs/{world.running_id}/live", "/batches/{batch_id}": f"/batches/{world.batch_id}",
        "/airflow/{dag_id}": "/airflow/ingest_news", "/airflow/{dag_id}/{airflow_run_id}": "/airflow/ingest_news/manual__2026-03-02T07:00:00+00:00",
        "/airflow/{dag_id}/{airflow_run_id}/{task_id}/{map_index}": "/airflow/ingest_news/manual__2026-03-02T07:00:00+00:00/batch.fetch/0",
        "/metrics": "/metrics", "/reprocess": "/reprocess", "/reprocess/{reprocess_id}": "/reprocess/99", "/reprocess/{reprocess_id}/report": "/reprocess/99/report",
        "/rows/{name}": f"/rows/visits?run={world.run_id}",
    }  # fmt: skip


ACTIONS: dict[str, dict[str, Any]] = {
    "/actions/retry": {"outcome": "timeout"}, "/actions/pause": {"source_id": "post", "why": "asked to"}, "/actions/resume": {"source_id": "post"},
    "/actions/poll": {"endpoint_id": 1}, "/actions/ingest": {"source_id": "times"}, "/actions/reprocess": {"since": "", "limit": None},
    "/actions/apply": {"reprocess_id": 99}, "/actions/find-source": {"homepage": "https://8.8.8.8/"}, "/actions/add-source": {"draft_id": 99},
}  # fmt: skip


def routes_of(world: World) -> set[tuple[str, str]]:
    app = create_app(door_of(world.desk, [], FOUND))
    return {(method, route.path) for route in app.routes if isinstance(route, APIRoute) for method in route.methods}


def audit(world: World) -> int:
    with transaction(world.desk.dsn) as cursor:
        cursor.execute("SELECT count(*) FROM ops.audit")
        return int(cursor.fetchone()[0])  # type: ignore[index]


# ---- who may what: all routes, all roles


def test_the_table_of_routes_is_whole(world: World) -> None:
    told = {("GET", path) for path in pages(world)} | {("POST", path) for path in ACTIONS} | {("GET", "/static/{name}")}
    assert routes_of(world) == told


def test_strangers_get_nothing_and_viewers_read_but_do_not_act(client: TestClient, world: World) -> None:
    before = audit(world)
    for path in pages(world).values():
        assert client.get(f"/newsdesk{path}", follow_redirects=False).status_code == 401, path
        answer = client.get(f"/newsdesk{path}", headers={"x-role": "viewer"}, follow_redirects=False)
        assert answer.status_code in (200, 303, 307) or "/99" in path, (
            f"{path}: {answer.status_code} {answer.text[:200]}"
        )
    for path, body in ACTIONS.items():
        ours = {name: value for name, value in OURS.items() if name != "x-role"}
        assert client.post(f"/newsdesk{path}", json=body, headers=ours).status_code == 401, path
        assert client.post(f"/newsdesk{path}", json=body, headers={**ours, "x-role": "viewer"}).status_code == 403, path
        assert client.get(f"/newsdesk{path}", headers=OURS).status_code == 405, path
    assert audit(world) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"x-newsdesk": "1", "sec-fetch-site": "cross-site"}, {"x-newsdesk": "1", "sec-fetch-site": "same-site"}, {"x-newsdesk": "1", "sec-fetch-site": "none"},
        {"x-newsdesk": "1", "origin": "https://evil.example"}, {"x-newsdesk": "1", "origin": "null"}, {"x-newsdesk": "1"}, {"sec-fetch-site": "same-origin"},
        {"x-newsdesk": "1", "sec-fetch-site": "same-origin", "origin": "http://desk.example.evil"}, {"x-newsdesk": "1", "origin": "http://desk.example:81"},
    ],
)  # fmt: skip
def test_what_another_site_asks_for_is_refused(client: TestClient, world: World, headers: dict[str, str]) -> None:
    before = audit(world)
    for path, body in ACTIONS.items():
        assert client.post(f"/newsdesk{path}", json=body, headers={"x-role": "user", **headers}).status_code == 403, (
            path
        )
    assert audit(world) == before


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "same-origin"}, {"origin": "http://desk.example"}, {"origin": "https://desk.example"}],
)
def test_the_desks_own_pages_may_ask(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post(
        "/newsdesk/actions/retry", json={"outcome": "gone"}, headers={"x-role": "user", "x-newsdesk": "1", **headers}
    )
    assert answer.status_code == 200


# ---- what the web wrote


def test_hostile_texts_do_nothing_on_any_page(client: TestClient, world: World) -> None:
    more = {path: path for path in (
        f"/urls/{world.quarantined_id}", "/rows/audit", "/rows/alerts", "/rows/runs", "/rows/articles?days=1", "/quarantine?outcome=timeout", "/rows/endpoints",
        "/rows/ended?outcome=quarantined", "/rows/entity?entity=00000000-0000-4000-8000-000000000001", f"/find?q={HARM}", f"/airflow/{'<script>'}",
        f"/runs/{world.running_id}", "/sources/post",
    )}  # fmt: skip
    for path in {**pages(world), **more}.values():
        if "/captures/" in path:
            continue
        answer = client.get(f"/newsdesk{path}", headers={"x-role": "user", "accept": "text/html"})
        assert "default-src 'none'" in answer.headers["content-security-policy"], path
        assert "\u202e" not in answer.text, path
        assert "49" not in re.findall(r"&amp;(.{2})", answer.text), path  # {{7*7}}
        if not answer.text.strip():
            continue
        tree = html.fromstring(answer.text)
        assert [
            script.get("src", "inline")
            for script in tree.iter("script")
            if "/static/desk.js" not in script.get("src", "")
        ] == [], path
        assert not list(tree.iter("img")), path
        attributes = [
            (name, str(value))
            for element in tree.iter()
            if isinstance(element.tag, str)
            for name, value in element.attrib.items()
        ]
        assert not [name for name, _ in attributes if name.startswith("on") or name == "style"], path
        links = [
            value
            for name, value in attributes
            if name in ("href", "src", "action", "{http://www.w3.org/1999/xlink}href")
        ]
        assert not [link for link in links if not re.match(r"/|#|https?://", link)], path


def test_an_archived_page_can_do_nothing(client: TestClient, world: World) -> None:
    answer = client.get(f"/newsdesk/captures/{world.capture_id}/page", headers={"x-role": "viewer"})
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "<h1>Ferry aground</h1>" in answer.text
    page = client.get(f"/newsdesk/urls/{world.article_id}", headers={"x-role": "viewer"}).text
    (frame,) = html.fromstring(page).iter("iframe")
    assert frame.get("sandbox") == ""


def test_names_and_removed_lines_are_marked_where_they_stand() -> None:
    name = {"start_pos": 7, "end_pos": 10, "type": "PER", "name": "Nora"}
    blocks = [
        {"text": "First", "left_out": False, "why": None},
        {"text": "Share this", "left_out": True, "why": "on all pages"},
        {"text": "Of Nora", "left_out": False, "why": None},
    ]
    text = marked("First.\nOf Nora", [name | {"start_pos": 10, "end_pos": 14}], blocks)
    assert [("".join(piece.text for piece in one.pieces), one.removed) for one in text] == [
        ("First.", None),
        ("Share this", "on all pages"),
        ("Of Nora", None),
    ]
    assert [(piece.text, piece.name is not None) for piece in text[2].pieces] == [("Of ", False), ("Nora", True)]
    assert changes("a [-b-] {+c+} d") == [
        ("same", "a "),
        ("removed", "b"),
        ("same", " "),
        ("added", "c"),
        ("same", " d"),
    ]


# ---- figures


def test_of_many_sources_those_that_need_somebody_are_listed_and_the_others_are_one_click_away(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed(address: str) -> list[str]:
        page = html.fromstring(client.get(address, headers=OURS).text)
        return [str(name) for name in page.xpath("//table[contains(@class, 'sources')]/tbody/tr/th//a/@href")]

    every = listed("/newsdesk/")
    assert len(every) > 1
    monkeypatch.setattr(overview, "SHOWN", 1)
    assert listed("/newsdesk/") == every[:1]
    (link,) = html.fromstring(client.get("/newsdesk/", headers=OURS).text).xpath("//a[contains(@href, 'every=')]/@href")
    assert listed(str(link)) == every


def test_a_runs_counts_add_up(world: World) -> None:
    with reading(world.desk.dsn) as cursor:
        for run_id in (world.run_id, world.running_id):
            ledger = desk_run.ledger(cursor, run_id)
            left = ledger.planned
            for step in ledger.steps:
                assert step.came == left == sum(row["urls"] for row in step.ended) + step.open + step.went
                left = step.went
            assert left == 0
            assert [step.passed for step in ledger.steps] == (
                [0] * 5 if run_id == world.running_id else [ledger.planned] * 5
            )
            assert sum(ledger.totals.values()) == ledger.planned
            found = desk_run.found(cursor, run_id).one
            assert found["found"] == found["taken"] + found["excluded"] + found["later"]


def test_every_figure_that_leads_to_rows_is_their_number(client: TestClient, world: World) -> None:
    """All links to lists on all pages whose words are a number."""
    shown: dict[str, str] = {}  # rows behind a link
    for path in pages(world).values():
        answer = client.get(f"/newsdesk{path}", headers={"x-role": "user"})
        if "text/html" not in answer.headers.get("content-type", "") or not answer.text.strip() or "/captures/" in path:
            continue
        for link in html.fromstring(answer.text).iter("a"):
            words, href = "".join(link.itertext()).strip().replace("\u202f", ""), link.get("href", "")
            if href.startswith("/newsdesk/rows/") and (number := re.fullmatch(r"(\d+)( refused)?", words)):
                if href not in shown:
                    listed = client.get(href, headers={"x-role": "user"})
                    assert listed.status_code == 200, f"{path}: {href}: {listed.text}"
                    shown[href] = html.fromstring(listed.text).xpath("//h1/span")[0].text
                assert shown[href] == number[1], f"{path}: {words} leads to {shown[href]} rows at {href}"
    assert len(shown) > 40


def test_every_list_can_be_read_and_refuses_what_it_cannot_take(client: TestClient, world: World) -> None:
    viewer = {"x-role": "viewer"}
    for path in (
        "visits?run=1&outcome=published&kind=known&stage=fetch&host=a&group=b&source=times",
        "waiting",
        "given_up",
        "hosts",
        "audit?source=times",
        "runs?page=3",
    ):
        assert client.get(f"/newsdesk/rows/{path}", headers=viewer).status_code == 200, path
    for path, status in (
        ("visits", 422),
        ("visits?run=x", 422),
        ("visits?since=soon", 422),
        ("entity?entity=1", 422),
        ("no", 404),
        (f"visits?run={10**30}", 422),
        ("ended?outcome=%00", 422),
    ):
        assert client.get(f"/newsdesk/rows/{path}", headers=viewer).status_code == status, path
    for path in (
        "/runs/987",
        "/urls/987",
        "/sources/none",
        "/batches/987",
        "/captures/987/page",
        "/static/no",
        "/find?q=nothing",
    ):
        assert client.get(f"/newsdesk{path}", headers=viewer).status_code == 404, path


def test_the_sql_shown_is_the_sql_that_gave_the_figure(client: TestClient, world: World) -> None:
    page = html.fromstring(client.get("/newsdesk/", headers={"x-role": "viewer"}).text)
    statements = [pre.text_content() for pre in page.xpath("//details[contains(@class, 'sql')]/pre")]
    assert len(statements) > 6
    for sql in statements:
        with transaction(world.desk.dsn) as cursor:
            cursor.execute(sql)
            rows(cursor)


def test_prometheus_reads_figures_that_are_the_tables_and_counters_never_fall(client: TestClient, world: World) -> None:
    def scrape() -> tuple[dict[str, float], dict[str, str]]:
        answer = client.get("/newsdesk/metrics", headers={"x-role": "viewer"})
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        *lines, end = answer.text.split("\n")
        assert end == ""
        samples, kinds = {}, {}
        for line in lines:
            if line.startswith("# TYPE "):
                _, _, name, kinds[name] = line.split(" ")
            elif not line.startswith("# HELP "):
                found = re.fullmatch(r'([a-z_]+)(\{[a-z_]+="(?:[^"\\\n]|\\.)*"\})? (\S+)', line)
                assert found is not None, line
                assert found[1] in kinds, line
                samples[found[1] + (found[2] or "")] = float(found[3])
        return samples, kinds

    with transaction(world.desk.dsn) as cursor:
        cursor.execute(
            "INSERT INTO ops.host (host, deferred_until, deferred_as, deferred_why) "
            "VALUES ('rests.example', now() + interval '1 hour', 'rate_limited', 'asked to')"
        )
        stage_times.note(cursor, "fetch", "batch", world.batch_id, 2.5, {"fetched": 1})
        cursor.execute("SELECT outcome, sum(urls)::int FROM ops.arrivals GROUP BY 1")
        counted = dict(cursor.fetchall())
        cursor.execute("SELECT count(*) FROM ops.host WHERE deferred_until > now() AND deferred_as = 'rate_limited'")
        (resting,) = cursor.fetchone()  # type: ignore[misc]
    before, kinds = scrape()
    assert counted["published"] == before['newsdesk_visits_total{outcome="published"}'] == 2
    assert before['newsdesk_visits_total{outcome="robots_denied"}'] == 0
    assert before['newsdesk_hosts_resting{why="rate_limited"}'] == resting
    assert before["newsdesk_urls_quarantined"] == 1
    assert before["newsdesk_runs_running"] == 1
    assert before['newsdesk_last_run_stage_seconds{stage="fetch"}'] == 2.5
    assert before["newsdesk_last_run_failed"] == 0
    with transaction(world.desk.dsn) as cursor:
        cursor.execute("DELETE FROM ops.arrivals; DELETE FROM ops.host WHERE host = 'rests.example'")
    after, _ = scrape()
    assert after.get('newsdesk_hosts_resting{why="rate_limited"}', 0) == resting - 1
    counters = [name for name in before if kinds[name.partition("{")[0]] == "counter"]
    assert counters
    assert [after[name] for name in counters] == [before[name] for name in counters]


# ---- actions


def act(client: TestClient, path: str, body: dict[str, Any]) -> Any:
    return client.post(f"/newsdesk/actions/{path}", json=body, headers=OURS)


def last_audit(world: World) -> dict[str, Any]:
    with transaction(world.desk.dsn) as cursor:
        cursor.execute(
            "SELECT actor, action, source_id, target, detail, result FROM ops.audit ORDER BY audit_id DESC LIMIT 1"
        )
        return rows(cursor)[0]


def test_a_retry_makes_a_url_a_group_or_all_due_and_tells_of_it(client: TestClient, world: World) -> None:
    for body in ({"url_id": world.quarantined_id}, {"outcome": "quarantined"}):
        with transaction(world.desk.dsn) as cursor:
            cursor.execute("UPDATE ops.frontier SET next_visit_at = NULL, failures = 5")
        assert act(client, "retry", body).json()["said"] == "1 URL is due with the next run"
        with transaction(world.desk.dsn) as cursor:
            cursor.execute("SELECT url_id, failures FROM ops.frontier WHERE next_visit_at <= now()")
            assert cursor.fetchall() == [(world.quarantined_id, 0)]
        assert last_audit(world)["actor"] == "user"
        assert last_audit(world)["detail"] == {f"{name}s": [value] for name, value in body.items()}
    page = html.fromstring(client.get("/newsdesk/quarantine", headers={"x-role": "user"}).text)
    (group,) = page.xpath("//form[@data-act='retry' and contains(@data-values, 'group')]/@data-values")
    assert (
        client.post("/newsdesk/actions/retry", content=group, headers=OURS | {"content-type": "application/json"})
        .json()["said"]
        .startswith("1 URL")
    )
    assert act(client, "retry", {}).status_code == 422
    assert act(client, "retry", {"outcome": "gone", "url_id": 1}).status_code == 422
    assert act(client, "retry", {"outcome": "gone", "more": 1}).status_code == 422


def test_a_paused_source_is_left_out_until_it_is_resumed(client: TestClient, world: World) -> None:
    assert act(client, "pause", {"source_id": "times", "why": HARM}).status_code == 200
    assert act(client, "pause", {"source_id": "times"}).status_code == 409
    with transaction(world.desk.dsn) as cursor:
        assert list(source_store.read_sources(cursor)) == ["post"]
        assert list(source_store.read_sources(cursor, paused=True)) == ["post", "times"]
        assert {row["state"] for row in source_store.poll_schedule(cursor, "times")} == {"paused"}
        source_store.save_sources(
            cursor, list(source_store.read_sources(cursor, paused=True).values()), complete=True
        )  # as each run does
        assert list(source_store.read_sources(cursor)) == ["post"]
    assert "Paused by user" in client.get("/newsdesk/sources/times", headers={"x-role": "viewer"}).text
    assert act(client, "resume", {"source_id": "times"}).status_code == 200
    with transaction(world.desk.dsn) as cursor:
        assert list(source_store.read_sources(cursor)) == ["post", "times"]
    assert act(client, "resume", {"source_id": "times"}).status_code == 409
    assert last_audit(world)["action"] == "resume"


def test_runs_are_started_in_the_name_of_who_asked(client: TestClient, world: World, started: Started) -> None:
    started.clear()
    assert act(client, "ingest", {"source_id": "times"}).json()["go"] == "/airflow/ingest_news"
    assert (
        act(
            client, "reprocess", {"source_id": "", "since": "2026-03-01", "until": "", "limit": 5, "all_pages": True}
        ).status_code
        == 200
    )
    assert [(dag, conf["sources"], who) for dag, conf, who in started] == [
        ("ingest_news", ["times"], "user"),
        ("reprocess_news", [], "user"),
    ]
    assert started[1][1] == {
        "stage": "extract",
        "sources": [],
        "apply": "no",
        "all_pages": True,
        "since": "2026-03-01",
        "until": None,
        "limit": 5,
    }
    assert last_audit(world)["result"] == "run manual__1"


def test_only_a_report_that_is_whole_and_the_last_of_its_scope_is_applied(
    client: TestClient, world: World, started: Started
) -> None:
    started.clear()
    with transaction(world.desk.dsn) as cursor:
        cursor.execute(
            """
            INSERT INTO ops.reprocess (reprocess_key, stage, scope, reader, planned_at)
            VALUES ('a', 'extract', '{"since": null, "until": null, "sources": ["times"], "limit": null, "all": false}', 'r', now())
            RETURNING reprocess_id
            """
        )
        (reprocess_id,) = cursor.fetchone()  # type: ignore[misc]
        cursor.execute(
            "INSERT INTO ops.reprocess_page (reprocess_id, url_id, portion, capture_id) VALUES (%s, %s, 1, %s)",
            (reprocess_id, world.article_id, world.capture_id),
        )
    assert act(client, "apply", {"reprocess_id": reprocess_id}).status_code == 409
    with transaction(world.desk.dsn) as cursor:
        cursor.execute("UPDATE ops.reprocess_page SET read_at = now(), found = 'same'")
    for page in (f"/reprocess/{reprocess_id}", f"/reprocess/{reprocess_id}/report", "/reprocess"):
        assert client.get(f"/newsdesk{page}", headers={"x-role": "viewer"}).status_code == 200
    assert act(client, "apply", {"reprocess_id": reprocess_id}).status_code == 200
    assert started == [
        (
            "reprocess_news",
            {
                "stage": "extract",
                "apply": "yes",
                "all_pages": False,
                "since": None,
                "until": None,
                "sources": ["times"],
                "limit": None,
            },
            "user",
        )
    ]


def test_a_source_is_found_shown_and_only_then_written(client: TestClient, world: World) -> None:
    for private in ("http://127.0.0.1/", "http://10.0.0.1/", "file:///etc/passwd"):
        assert act(client, "find-source", {"homepage": private}).status_code == 422, private
    page = act(client, "find-source", {"homepage": "https://8.8.8.8/", "source_id": "new-times"}).json()["go"]
    draft_id = int(page.rpartition("/")[2])
    until = time.monotonic() + 20
    while "Write it" not in client.get(f"/newsdesk{page}", headers={"x-role": "user"}).text:
        assert time.monotonic() < until
        time.sleep(0.05)
    file = Path(world.desk.settings.sources) / "new-times.yaml"
    assert not file.exists()
    assert act(client, "add-source", {"draft_id": draft_id}).status_code == 200
    assert "https://new.example/rss" in file.read_text()
    assert act(client, "add-source", {"draft_id": draft_id}).status_code == 409
    assert act(client, "find-source", {"homepage": "https://8.8.8.8/", "source_id": "new-times"}).status_code == 409
    assert act(client, "find-source", {"homepage": "https://8.8.8.8/", "source_id": "../x"}).status_code == 409


# ---- what somebody writes into an address or an action; last, as it may start runs and pause sources


SQL = (
    "'",
    "'; DROP TABLE ops.audit; --",
    "%s",
    "%(x)s",
    "\\",
    '"',
    "1) OR (1=1",
    "$$",
    "\u2019 OR 1=1",
    "a" * 5000,
    "%",
    "_",
)


def test_no_query_string_is_ever_read_as_sql(client: TestClient, world: World) -> None:
    """Every parameter of every list, and of what searches or leads on; no answer is a fault of ours."""
    viewer = {"x-role": "viewer"}
    names = (
        "run",
        "outcome",
        "kind",
        "stage",
        "host",
        "group",
        "source",
        "since",
        "until",
        "days",
        "entity",
        "page",
        "why",
    )
    asked = [
        f"/rows/{rows_of}?run={world.run_id}&{name}=" for rows_of in ("visits", "ended", "audit") for name in names
    ]
    asked += [
        "/rows/",
        "/find?q=",
        "/quarantine?outcome=",
        "/sources/",
        "/airflow/",
        "/reprocess/",
        "/urls/",
        "/runs?page=",
    ]
    before = audit(world)
    for start in asked:
        for text in SQL:
            answer = client.get(f"/newsdesk{start}{quote(text, safe='')}", headers=viewer, follow_redirects=False)
            assert answer.status_code < 500, f"{start}{text}: {answer.text[-300:]}"
            assert "syntax error" not in answer.text, f"{start}{text}"
    assert audit(world) == before


def test_no_value_of_an_action_is_ever_read_as_sql(client: TestClient, world: World) -> None:
    for path, body in ACTIONS.items():
        for name in body:
            for text in SQL:
                answer = client.post(f"/newsdesk{path}", json={**body, name: text}, headers=OURS)
                assert answer.status_code < 500, f"{path} {name}={text}: {answer.text[-300:]}"
                assert "syntax error" not in answer.text, f"{path} {name}={text}"
    assert audit(world) > 0


# ---- charts


def test_a_chart_judges_hours_that_are_far_below_what_is_usual_but_not_the_one_under_way() -> None:
    usual = {"low": 8, "middle": 10, "high": 12, "hour": None}
    chart = hours([usual | {"articles": n} for n in (10, 7, 2, 30, 0)])
    assert [bar.kind for bar in chart.bars] == ["usual", "usual", "under", "over", "now"]
    assert [round_up(n) for n in (0, 3, 5, 11, 41, 100, 101)] == [4, 4, 5, 20, 50, 100, 200]
    assert hours([]).bars == []
