"""Keys of runs in the foreground, which have no Airflow run to be called after."""

from __future__ import annotations

import os
from datetime import UTC, datetime


def own_key(kind: str) -> str:
    """`cli/2026-03-02T08:30:00.000000/4711`: of this moment and this process, so that no other run has it."""
    return f"{kind}/{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}/{os.getpid()}"
