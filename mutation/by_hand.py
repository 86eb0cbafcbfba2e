"""The mutants of `by_hand.toml`: what mutmut cannot change, SQL and the tables and figures of modules."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
KILLED = 1  # pytest's exit code where a test failed
_NEEDED = ("plugins", "tests", "dags", "docs", "bench", "pyproject.toml", "README.md")


def run_by_hand(place: Path) -> list[str]:
    """Try each in `place`, a copy; those that survive, or that the code does not have any more, a line each."""
    shutil.rmtree(place, ignore_errors=True)
    for name in _NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, place / name)
    groups: list[dict[str, Any]] = tomllib.loads((HERE / "by_hand.toml").read_text(encoding="utf-8"))["group"]
    faults, verdicts = [], Counter[str]()
    for group in groups:
        for was, becomes, *why in group["changes"]:
            verdict = _try(place, group["file"], was, becomes, group["tests"])
            what = f"{verdict}: {group['file']}: {' '.join(was.split())} -> {' '.join(becomes.split())}"
            print(what, flush=True)
            verdicts[verdict] += 1
            if verdict != ("survived" if why else "killed"):
                faults.append(what)
    print(
        f"by hand: {verdicts.total()} mutants, " + ", ".join(f"{n} {verdict}" for verdict, n in verdicts.most_common())
    )
    return faults


def _try(place: Path, name: str, was: str, becomes: str, tests: list[str]) -> str:
    file = place / name
    text = file.read_text(encoding="utf-8")
    if text.count(was) != 1:
        return f"stands there {text.count(was)} times"
    file.write_text(text.replace(was, becomes), encoding="utf-8")
    environment = os.environ | {
        "CI": "true",
        "HYPOTHESIS_PROFILE": "mutants",
        "NEWSDESK_SHARED_DATA": str(place / "no"),
        "PYTHONDONTWRITEBYTECODE": "1",  # of two files of one second and size Python takes the first's code
    }
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", *tests]
    try:
        ended = subprocess.run(command, cwd=place, env=environment, capture_output=True, check=False)
    finally:
        file.write_text(text, encoding="utf-8")
    return {0: "survived", KILLED: "killed"}.get(ended.returncode, f"pytest ended with {ended.returncode}")
