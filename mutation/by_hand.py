"""The mutants of `by_hand.toml`: what mutmut cannot change, SQL and the tables and figures of modules."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
KILLED = 1  # pytest's exit code where a test failed
_NEEDED = ("plugins", "tests", "dags", "docs", "bench", "pyproject.toml", "README.md")


def run_by_hand(place: Path) -> list[str]:
    """Try each in `place`, a copy; those that survive, or that the code does not have any more, a line each.

    Where tests fail before anything was changed, they would kill every mutant: theirs are not tried.
    """
    shutil.rmtree(place, ignore_errors=True)
    for name in _NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, place / name)
    groups: list[dict[str, Any]] = tomllib.loads((HERE / "by_hand.toml").read_text(encoding="utf-8"))["group"]
    if not any(group["changes"] for group in groups):
        return ["no mutants: by_hand.toml"]
    faults, verdicts = [], Counter[str]()
    for group in groups:
        tests = tuple(group["tests"])
        if red := _without_a_mutant(place, tests):
            faults.append(red)
            continue
        for was, becomes, *why in group["changes"]:
            verdict = _try(place, group["file"], was, becomes, tests)
            what = f"{verdict}: {group['file']}: {' '.join(was.split())} -> {' '.join(becomes.split())}"
            print(what, flush=True)
            verdicts[verdict] += 1
            if verdict != ("survived" if why else "killed"):
                faults.append(what)
    print(
        f"by hand: {verdicts.total()} mutants, " + ", ".join(f"{n} {verdict}" for verdict, n in verdicts.most_common())
    )
    return faults


@cache
def _without_a_mutant(place: Path, tests: tuple[str, ...]) -> str | None:
    """What the tests say of the copy as it is; None: they pass."""
    ended = _test(place, tests)
    last = "\n    ".join(ended.stdout.splitlines()[-5:])
    told = f"fails though nothing was changed (pytest ended with {ended.returncode}): {' '.join(tests)}\n    {last}"
    return told if ended.returncode else None


def _try(place: Path, name: str, was: str, becomes: str, tests: Sequence[str]) -> str:
    file = place / name
    text = file.read_text(encoding="utf-8")
    if text.count(was) != 1:
        return f"stands there {text.count(was)} times"
    file.write_text(text.replace(was, becomes), encoding="utf-8")
    try:
        ended = _test(place, tests)
    finally:
        file.write_text(text, encoding="utf-8")
    return {0: "survived", KILLED: "killed"}.get(ended.returncode, f"pytest ended with {ended.returncode}")


def _test(place: Path, tests: Sequence[str]) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "CI": "true",
        "HYPOTHESIS_PROFILE": "mutants",
        "NEWSDESK_SHARED_DATA": str(place / "no"),
        "PYTHONDONTWRITEBYTECODE": "1",  # of two files of one second and size Python takes the first's code
        "PYTHONPATH": str(place / "plugins"),  # of the processes that tests start, the extractor among them
    }
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", *tests]
    return subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
