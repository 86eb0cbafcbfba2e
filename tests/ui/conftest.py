"""The desk over a database of its own, as Airflow mounts it; made once for each module that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from desk_world import FOUND, Started, World, door_of, make_world, mounted


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
