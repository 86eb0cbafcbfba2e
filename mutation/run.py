"""Would the tests notice? mutmut changes the code in one small way after another, and each change must fail a test.

    make mutants                     all of it; MODULE=urls: one subject alone
    .venv-mutation/bin/python mutation/run.py --module urls

Ends with 1 where a mutant survives that `explained.toml` does not explain, where one is explained that does not survive
any more, where a subject has no mutants, or where tests fail before anything was changed. mutmut works in
`mutation/work/SUBJECT`, a copy: there `mutmut show NAME` and `mutmut browse` tell more. What it does not change (decorated
functions, the tables and figures of modules, SQL) stands in `by_hand.toml`.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

from by_hand import run_by_hand
from mutmut.mutation.diff_apply import get_diff_for_mutant

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = HERE / "work"
MUTMUT = Path(sys.executable).with_name("mutmut")
BY_HAND = "by-hand"


class Subject(NamedTuple):
    modules: tuple[str, ...]  # files below plugins/newsdesk
    tests: tuple[str, ...]  # the units that should notice


SUBJECTS = {
    "urls": Subject(
        ("urls/__init__.py", "urls/editions.py", "urls/trackers.py", "urls/wrappers.py"),
        ("test_urls.py", "test_urls_marks.py"),
    ),
    "outcomes": Subject(
        ("fetch/status.py", "fetch/faults.py", "fetch/redirects.py", "fetch/second_tries.py"),
        ("test_fetch_status.py", "test_fetch_faults.py", "test_fetch_redirects.py", "test_fetch_landing.py"),
    ),
    "verdict": Subject(("extract/verdict.py",), ("test_verdict_edges.py",)),
    "dedup": Subject(
        ("dedup/fingerprint.py", "dedup/candidates.py", "dedup/verify.py", "dedup/cluster.py"),
        ("test_dedup_fingerprint.py", "test_dedup_verify.py", "test_dedup_cluster.py"),
    ),
}
_NAME = re.compile(
    r"\s*(?P<name>(?P<module>[\w.]+)\.x(?:_|ǁ(?P<owner>\w+)ǁ)(?P<function>\w+)__mutmut_\d+): (?P<status>.+)"
)


class Mutant(NamedTuple):
    name: str
    module: str
    function: str  # newsdesk.urls.canonical_key
    status: str  # survived, killed, timeout, no tests


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--module", choices=[*SUBJECTS, BY_HAND], action="append", help="all, where none is named")
    chosen = parser.parse_args().module or [*SUBJECTS, BY_HAND]
    explained = tomllib.loads((HERE / "explained.toml").read_text(encoding="utf-8"))
    faults = []
    for name in chosen:
        faults += run_by_hand(WORK / BY_HAND) if name == BY_HAND else _run(name, SUBJECTS[name], explained)
    print("\n".join(faults) if faults else "every mutant is killed or explained")
    return 1 if faults else 0


def _run(name: str, subject: Subject, explained: dict[str, dict[str, str]]) -> list[str]:
    """Try all mutants of the subject; what is to be done about them, a line each."""
    place = _lay_out(name, subject)
    # the labelled data are not in the repository: what a test learns from them kills nothing
    environment = os.environ | {
        "CI": "true",
        "HYPOTHESIS_PROFILE": "mutants",
        "NEWSDESK_SHARED_DATA": str(place / "no"),
    }
    subprocess.run([MUTMUT, "run"], cwd=place, env=environment, check=True)
    mutants = list(_read_results(place))
    survivors = {
        (mutant.function, _change_of(place, mutant)) for mutant in mutants if mutant.status not in ("killed", "timeout")
    }
    told = {(function, change) for function, changes in explained.items() for change in changes}
    of_subject = {mutant.function for mutant in mutants}
    _tell(mutants)
    return [
        *([] if mutants else [f"no mutants: {name}: {', '.join(subject.modules)}"]),
        *(f"survives: {function}: {change}" for function, change in sorted(survivors - told)),
        *(f"explained, but killed: {f}: {change}" for f, change in sorted(told - survivors) if f in of_subject),
    ]


def _lay_out(name: str, subject: Subject) -> Path:
    """A project as mutmut expects one: src/, tests/ and its settings."""
    place = WORK / name
    shutil.rmtree(place, ignore_errors=True)
    leave_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "plugins" / "newsdesk", place / "src" / "newsdesk", ignore=leave_out)
    shutil.copytree(ROOT / "tests", place / "tests", ignore=leave_out)
    # of all subjects: hypothesis' tables of characters take half a minute to make, which mutmut would hold for the tests'
    tables, found_at = WORK / "hypothesis", place / "mutants" / ".hypothesis"
    tables.mkdir(exist_ok=True)
    found_at.parent.mkdir()
    found_at.symlink_to(tables)
    modules = [f"src/newsdesk/{module}" for module in subject.modules]
    tests = [f"tests/unit/{file}" for file in subject.tests]
    (place / "pyproject.toml").write_text(
        f"""
        [tool.mutmut]
        source_paths = ["src"]
        only_mutate = {modules}
        pytest_add_cli_args_test_selection = {tests}
        timeout_multiplier = 3.0
        timeout_constant = 10.0
        [tool.pytest.ini_options]
        pythonpath = ["src", "tests"]
        """,
        encoding="utf-8",
    )
    return place


def _read_results(place: Path) -> Iterator[Mutant]:
    lines = subprocess.run(
        [MUTMUT, "results", "--all", "true"], cwd=place, capture_output=True, text=True, check=True
    ).stdout
    for line in lines.splitlines():
        found = _NAME.fullmatch(line)
        if found is None:
            sys.exit(f"mutmut told of a mutant as it is not read here: {line}")
        owner = f"{found['owner']}." if found["owner"] else ""
        function = f"{found['module']}.{owner}{found['function']}"
        yield Mutant(found["name"], found["module"], function, found["status"])


def _change_of(place: Path, mutant: Mutant) -> str:
    """The lines that came with the mutant; of one that only takes away, those that went."""
    file = Path("src", *mutant.module.split("."))
    with chdir(place):  # not by `mutmut show`, which takes seconds for each
        file = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
        diff = get_diff_for_mutant(mutant.name, path=file)
    changed = [line for line in diff.splitlines() if line[:1] in "+-" and not line.startswith(("+++", "---"))]
    came = [line[1:].strip() for line in changed if line[0] == "+"]
    return " ".join(came or ["without", *(line[1:].strip() for line in changed)])


def _tell(mutants: list[Mutant]) -> None:
    for module in sorted({mutant.module for mutant in mutants}):
        counts = Counter(mutant.status for mutant in mutants if mutant.module == module)
        print(
            f"{module}: {counts.total()} mutants, " + ", ".join(f"{n} {status}" for status, n in counts.most_common())
        )


if __name__ == "__main__":
    sys.exit(main())
