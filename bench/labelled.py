"""Labelled pages: JSON lines with `url, html|html_b64` and what is known of the page, packed or not."""

from __future__ import annotations

import base64
import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def read_rows(file: Path) -> Iterator[dict[str, Any]]:
    opener = lzma.open if file.suffix == ".xz" else open
    with opener(file, "rt", encoding="utf-8") as lines:  # type: ignore[operator]
        yield from (json.loads(line) for line in lines if line.strip())


def html_of(row: dict[str, Any]) -> bytes:
    """The page's original bytes."""
    return row["html"].encode() if "html" in row else base64.b64decode(row["html_b64"])
