"""What the operator's own address of the database asks of a connection holds, beside what we ask of each."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping

import pytest

from newsdesk.errors import DatabaseUnreachable
from newsdesk.store.database import transaction


def shown(dsn: str) -> Mapping[str, str]:
    with transaction(dsn) as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings")
        return dict(cursor.fetchall())


def test_its_name_and_options_hold_and_the_time_zone_is_ours(module_dsn: str) -> None:
    ours = shown(module_dsn)
    assert (ours["application_name"], ours["TimeZone"]) == ("newsdesk", "UTC")
    found = shown(f"{module_dsn}&application_name=desk%207&options=-c%20work_mem%3D9MB%20-c%20timezone%3DAsia/Tokyo")
    assert (found["application_name"], found["TimeZone"], found["work_mem"]) == ("desk 7", "UTC", "9216")


def test_its_time_to_connect_holds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(DatabaseUnreachable, match="timeout"):
            shown(f"postgresql://desk@127.0.0.1:{silent.getsockname()[1]}/news?connect_timeout=2")
    assert time.monotonic() - began < 5
