"""Who may do what at the desk: every route, every role, and whatever another site asks for."""

from __future__ import annotations

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from desk_requests import ACTIONS, OURS, VIEWER, actions_noted, pages
from desk_world import FOUND, World, door_of
from newsdesk.dashboard.app import create_app


def routes_of(world: World) -> set[tuple[str, str]]:
    app = create_app(door_of(world.desk, [], FOUND))
    return {(method, route.path) for route in app.routes if isinstance(route, APIRoute) for method in route.methods}


def test_the_table_of_routes_is_whole(world: World) -> None:
    told = {("GET", path) for path in pages(world)} | {("POST", path) for path in ACTIONS} | {("GET", "/static/{name}")}
    assert routes_of(world) == told


def test_strangers_get_nothing_and_viewers_read_but_do_not_act(client: TestClient, world: World) -> None:
    before = actions_noted(world)
    for path in pages(world).values():
        assert client.get(f"/newsdesk{path}", follow_redirects=False).status_code == 401, path
        answer = client.get(f"/newsdesk{path}", headers=VIEWER, follow_redirects=False)
        assert answer.status_code in (200, 303, 307) or "/99" in path, (
            f"{path}: {answer.status_code} {answer.text[:200]}"
        )
    for path, body in ACTIONS.items():
        ours = {name: value for name, value in OURS.items() if name != "x-role"}
        assert client.post(f"/newsdesk{path}", json=body, headers=ours).status_code == 401, path
        assert client.post(f"/newsdesk{path}", json=body, headers={**ours, "x-role": "viewer"}).status_code == 403, path
        assert client.get(f"/newsdesk{path}", headers=OURS).status_code == 405, path
    assert actions_noted(world) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"x-newsdesk": "1", "sec-fetch-site": "cross-site"}, {"x-newsdesk": "1", "sec-fetch-site": "same-site"}, {"x-newsdesk": "1", "sec-fetch-site": "none"},
        {"x-newsdesk": "1", "origin": "https://evil.example"}, {"x-newsdesk": "1", "origin": "null"}, {"x-newsdesk": "1"}, {"sec-fetch-site": "same-origin"},
        {"x-newsdesk": "1", "sec-fetch-site": "same-origin", "origin": "http://desk.example.evil"}, {"x-newsdesk": "1", "origin": "http://desk.example:81"},
    ],
)  # fmt: skip
def test_what_another_site_asks_for_is_refused(client: TestClient, world: World, headers: dict[str, str]) -> None:
    before = actions_noted(world)
    for path, body in ACTIONS.items():
        assert client.post(f"/newsdesk{path}", json=body, headers={"x-role": "user", **headers}).status_code == 403, (
            path
        )
    assert actions_noted(world) == before


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "same-origin"}, {"origin": "http://desk.example"}, {"origin": "https://desk.example"}],
)
def test_the_desks_own_pages_may_ask(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post(
        "/newsdesk/actions/retry", json={"outcome": "gone"}, headers={"x-role": "user", "x-newsdesk": "1", **headers}
    )
    assert answer.status_code == 200
