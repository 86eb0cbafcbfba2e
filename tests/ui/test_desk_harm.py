"""What strangers wrote does nothing at the desk: texts of the web on its pages, statements in addresses and actions."""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi.testclient import TestClient
from lxml import html

from desk_requests import ACTIONS, OURS, VIEWER, actions_noted, pages
from desk_world import HARM, World


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
    answer = client.get(f"/newsdesk/captures/{world.capture_id}/page", headers=VIEWER)
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "<h1>Ferry aground</h1>" in answer.text
    page = client.get(f"/newsdesk/urls/{world.article_id}", headers=VIEWER).text
    (frame,) = html.fromstring(page).iter("iframe")
    assert frame.get("sandbox") == ""


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
    viewer = VIEWER
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
    before = actions_noted(world)
    for start in asked:
        for text in SQL:
            answer = client.get(f"/newsdesk{start}{quote(text, safe='')}", headers=viewer, follow_redirects=False)
            assert answer.status_code < 500, f"{start}{text}: {answer.text[-300:]}"
            assert "syntax error" not in answer.text, f"{start}{text}"
    assert actions_noted(world) == before


def test_no_value_of_an_action_is_ever_read_as_sql(client: TestClient, world: World) -> None:
    for path, body in ACTIONS.items():
        for name in body:
            for text in SQL:
                answer = client.post(f"/newsdesk{path}", json={**body, name: text}, headers=OURS)
                assert answer.status_code < 500, f"{path} {name}={text}: {answer.text[-300:]}"
                assert "syntax error" not in answer.text, f"{path} {name}={text}"
    assert actions_noted(world) > 0
