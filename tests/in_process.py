"""A whole run within the test's own process: the models of the run before it stay loaded."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from newsdesk.desk import Desk
from newsdesk.ingest import Ingested, ingest


def ingest_here(desk: Desk, sources: Sequence[str] = ()) -> Ingested:
    return ingest(desk, sources, pool=lambda most: ThreadPoolExecutor(1))
