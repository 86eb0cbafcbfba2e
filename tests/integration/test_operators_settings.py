"""What tests, benches and the commands that they start inherit: nothing that leads to somebody's database or archive."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import ROOT, environment
from newsdesk.settings import read_settings

sys.path.insert(0, str(ROOT / "bench"))

import crash
from own_server import own_server
from replay import environment as environment_of_replay

OPERATORS = {
    "NEWSDESK_DSN": "postgresql://desk@db.example/news", "NEWSDESK_ARCHIVE": "s3://real/pages",
    "NEWSDESK_EXPORT": "s3://real/export", "NEWSDESK_NOTIFY": "webhook", "NEWSDESK_SCHEDULE": "@hourly", "NEWSDESK_PORT": "8080",
    "AIRFLOW_CONN_NEWS_DB": "postgresql://desk@db.example/news", "AIRFLOW__CORE__PARALLELISM": "64",
}  # fmt: skip


@pytest.fixture(autouse=True)
def operator(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**OPERATORS, "NEWSDESK_SHARED_DATA": "data"}.items():
        monkeypatch.setenv(name, value)


def test_a_command_of_the_tests_has_none_of_them() -> None:
    found = environment(NEWSDESK_HOME="home")
    assert found.keys() & OPERATORS.keys() == set()
    assert (found["NEWSDESK_HOME"], found["NEWSDESK_SHARED_DATA"]) == ("home", "data")


def test_the_tests_themselves_have_none_of_them() -> None:
    code = "import os, conftest; print(*(name for name in os.environ if name.startswith(('NEWSDESK_', 'AIRFLOW'))))"
    path = os.pathsep.join((str(ROOT / "tests"), *sys.path))
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "NEWSDESK_SHARED_DATA\n"


def test_a_bench_with_a_server_of_its_own_has_none_of_them() -> None:
    with own_server("test") as (home, dsn):
        assert OPERATORS.keys() & os.environ.keys() == set()
        replayed = read_settings(os.environ | environment_of_replay(home, dsn))
        assert (replayed.dsn, replayed.archive) == (dsn, str(home / "archive"))


def test_the_kills_of_airflow_have_none_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its local mode hands the whole environment on, and exports and tells after each publish."""
    left: list[set[str]] = []

    def run(options: argparse.Namespace, folder: Path, out: Path) -> crash.Report:
        left.append(OPERATORS.keys() & os.environ.keys())
        return crash.Report(options.seed)

    monkeypatch.setattr(crash, "run", run)
    monkeypatch.setattr(sys, "argv", ["crash.py", "--kills", "0", "--airflow-kills", "1"])
    assert crash.main() == 0
    assert left == [set()]
