"""What a person does at the desk, each with its row in ops.audit."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient
from lxml import html

from desk_requests import OURS, USER, VIEWER, act, last_audit
from desk_world import HARM, Started, World
from newsdesk.store import polls as poll_store
from newsdesk.store import sources as source_store
from newsdesk.store.database import transaction
from waiting import until


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
    page = html.fromstring(client.get("/newsdesk/quarantine", headers=USER).text)
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
        assert {row["state"] for row in poll_store.schedule(cursor, "times")} == {"paused"}
        source_store.save_sources(
            cursor, list(source_store.read_sources(cursor, paused=True).values()), complete=True
        )  # as each run does
        assert list(source_store.read_sources(cursor)) == ["post"]
    assert "Paused by user" in client.get("/newsdesk/sources/times", headers=VIEWER).text
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
        assert client.get(f"/newsdesk{page}", headers=VIEWER).status_code == 200
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
    until(lambda: "Write it" in client.get(f"/newsdesk{page}", headers=USER).text, 60, "what was found")
    file = Path(world.desk.settings.sources) / "new-times.yaml"
    assert not file.exists()
    assert act(client, "add-source", {"draft_id": draft_id}).status_code == 200
    assert "https://new.example/rss" in file.read_text()
    assert act(client, "add-source", {"draft_id": draft_id}).status_code == 409
    assert act(client, "find-source", {"homepage": "https://8.8.8.8/", "source_id": "new-times"}).status_code == 409
    assert act(client, "find-source", {"homepage": "https://8.8.8.8/", "source_id": "../x"}).status_code == 409
