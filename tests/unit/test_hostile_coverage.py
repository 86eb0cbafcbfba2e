"""The checklist of what servers do is complete, and what it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hostile_server import SCENES
from hostile_server.coverage import CONTENT_ENCODING, SECTIONS
from labelled_data import DATA, labelled_rows

ROOT = Path(__file__).parents[2]
BEHAVIOURS = DATA / "conformance" / "hostile.md"


def test_each_scene_and_test_that_the_checklist_names_exists() -> None:
    tests = set()
    for file in (ROOT / "tests").rglob("test_*.py"):
        tests |= set(re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE))
    rows = [held for section in SECTIONS.values() for _, held in section] + list(CONTENT_ENCODING.values())
    for held in rows:
        assert held
        for name in held:
            if name.startswith("/"):
                assert name in SCENES
            elif name.startswith("test_"):
                assert name in tests


@pytest.mark.skipif(not BEHAVIOURS.is_file(), reason=f"the labelled data is not here: {BEHAVIOURS}")
def test_each_row_of_the_list_of_behaviours_has_its_place() -> None:
    found: dict[str, int] = {}
    section = ""
    for line in BEHAVIOURS.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line[3:].strip()
            found[section] = -2  # the table's head and its rule
        elif line.startswith("| "):
            found[section] += 1
    del found["Traps of sites"]
    assert {name: len(rows) for name, rows in SECTIONS.items()} == found


def test_each_row_on_content_coding_has_its_place() -> None:
    rows = labelled_rows("conformance/content_encoding.jsonl.gz")
    ids = {row["id"].removeprefix("content-encoding/") for row in rows}
    assert ids <= set(CONTENT_ENCODING)
