"""Labelled data beside the repository, and no part of it: tests that stand on it skip where it is not there."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

DATA = Path(os.environ.get("NEWSDESK_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))


def rows_if_there(name: str) -> list[dict[str, Any]]:
    """The rows of packed JSON lines, by the file's path below DATA; none where there is no such file."""
    file = DATA / name
    if not file.is_file():
        return []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def labelled_rows(name: str) -> list[dict[str, Any]]:
    """The same for a test's body, which is skipped where there is no such file."""
    return rows_if_there(name) or pytest.skip(f"the labelled data is not here: {DATA / name}")
