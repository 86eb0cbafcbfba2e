"""What several integration tests stand on: a site whose answers they set, the discovery of a source there, an importer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from discovery import Discovery
from foreign_imports import Importer, importer_of
from newsdesk.desk import Desk
from newsdesk.settings import read_settings
from scripted_site import Site, open_site


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as found:
        yield found


@pytest.fixture
def discovery(dsn: str, site: Site, tmp_path: Path) -> Discovery:
    settings = read_settings({
        "NEWSDESK_HOME": str(tmp_path), "NEWSDESK_SOURCES": str(tmp_path), "NEWSDESK_FETCH_DEADLINE": "3",
        "NEWSDESK_CRAWL_DELAY": "0",
    })  # fmt: skip
    return Discovery(Desk(settings, dsn), site, tmp_path)


@pytest.fixture
def importer(dsn: str, tmp_path: Path) -> Importer:
    return importer_of(dsn, tmp_path)
