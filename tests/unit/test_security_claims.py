"""docs/security.md: each claim has a test that exists; locks have hashes; an audit that could not ask is no pass."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
AUDIT = runpy.run_path(str(ROOT / "security" / "audit.py"))
LOCKS: list[Path] = AUDIT["LOCKS"]


def claims() -> dict[str, list[str]]:
    """Claim -> the tests that its row names."""
    found, is_claim = {}, False
    for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            is_claim = False
        elif line.startswith("| claim |"):
            is_claim = True
        elif is_claim and not line.startswith("| ---"):
            claim, tests = line.strip("| ").rsplit(" | ", 1)
            found[claim] = re.findall(r"`(test_\w+)`", tests)
    return found


def test_each_claim_names_a_test_that_exists() -> None:
    there = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    told = claims()
    assert len(told) > 30
    assert {claim: tests for claim, tests in told.items() if not tests or set(tests) - there} == {}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_every_lock_has_a_hash_for_each_package(lock: Path) -> None:
    for entry in re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8")):
        if entry.strip() and not entry.startswith("#"):
            assert re.match(r"[\w.\[\],-]+==\S+", entry), entry
            assert "--hash=sha256:" in entry, entry


def test_every_lock_that_make_writes_is_audited() -> None:
    written = re.findall(r"--output-file (\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert len(written) > 5
    assert {str(lock.relative_to(ROOT)) for lock in LOCKS} == set(written)


def test_two_versions_of_a_package_are_asked_about_one_after_the_other() -> None:
    """pip-audit refuses a list that has both."""
    assert AUDIT["rounds"](["a==2", "b==1", "a==1"]) == [["a==1", "b==1"], ["a==2"]]
    several = [{"dependencies": [1]}, {"dependencies": [2, 3]}]
    assert AUDIT["merged"](several) == {"dependencies": [1, 2, 3]}
    assert AUDIT["merged"]([*several, {"error": "no route"}]) == {"error": "no route"}


def test_an_audit_without_advisories_is_no_pass(capsys: pytest.CaptureFixture[str]) -> None:
    skipped = {"name": "a", "skip_reason": "Dependency not found"}
    assert "not found" in AUDIT["refusal"]({"dependencies": [skipped]})
    assert AUDIT["refusal"]({"error": "no route"}) == "no route"
    assert AUDIT["refusal"]({"dependencies": [{"name": "a", "version": "1", "vulns": []}]})
    well = {"name": "b", "version": "1", "vulns": []}
    assert AUDIT["told"]({"dependencies": [skipped, well]}, {"a==1": ["x"], "b==1": ["x"]}) == 2
    assert "1 of 2 packages audited" in capsys.readouterr().out


def test_an_audit_tells_what_is_known_and_what_was_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    known: dict[str, Any] = {"id": "X-1", "fix_versions": ["2"]}
    bad = {"name": "a", "version": "1", "vulns": [known]}
    assert AUDIT["refusal"]({"dependencies": [bad]}) is None
    assert AUDIT["told"]({"dependencies": [bad]}, {"a==1": ["x.txt", "y.txt"]}) == 1
    assert "a 1: X-1; mended in 2; of x.txt, y.txt" in capsys.readouterr().out
    assert AUDIT["told"]({"dependencies": [{"name": "b", "version": "1", "vulns": []}]}, {"b==1": ["x.txt"]}) == 0
    assert AUDIT["pins_of"]("a-b[c]==1.2 ; x \\\n    --hash=sha256:0\nd==3\n# e==4\n") == ["a-b==1.2", "d==3"]
