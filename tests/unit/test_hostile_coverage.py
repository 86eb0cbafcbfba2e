"""The checklist of what servers do is complete, and what it names exists."""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path

import pytest

from hostile_server import SCENES
from hostile_server.coverage import CONTENT_ENCODING, SECTIONS

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("NEWSDESK_SHARED_DATA", ROOT.parent / "shared" / "data")) / "conformance"
MISSING = pytest.mark.skipif(not DATA.is_dir(), reason="no conformance data beside the repository")
OPTIONAL = {"/br-unasked", "/br-cut", "/bomb-br", "/zstd", "/zstd-window", "/bomb-zstd"}  # with their libraries only


def test_each_scene_and_test_that_the_checklist_names_exists() -> None:
    tests = set()
    for file in (ROOT / "tests").rglob("test_*.py"):
        tests |= set(re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE))
    rows = [held for section in SECTIONS.values() for _, held in section] + list(CONTENT_ENCODING.values())
    for held in rows:
        assert held
        for name in held:
            if name.startswith("/"):
                assert name in SCENES or name in OPTIONAL
            elif name.startswith("test_"):
                assert name in tests


@MISSING
def test_each_row_of_the_list_of_behaviours_has_its_place() -> None:
    found: dict[str, int] = {}
    section = ""
    for line in (DATA / "hostile.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line[3:].strip()
            found[section] = -2  # the table's head and its rule
        elif line.startswith("| "):
            found[section] += 1
    del found["Traps of sites"]
    assert {name: len(rows) for name, rows in SECTIONS.items()} == found


@MISSING
def test_each_row_on_content_coding_has_its_place() -> None:
    with gzip.open(DATA / "content_encoding.jsonl.gz", "rt", encoding="utf-8") as lines:
        ids = {json.loads(line)["id"].removeprefix("content-encoding/") for line in lines}
    assert ids <= set(CONTENT_ENCODING)
