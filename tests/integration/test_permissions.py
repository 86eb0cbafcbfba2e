"""Who may read what newsdesk makes, under the loosest umask that it can be started with."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archived import store
from newsdesk.archive.warc import ArchiveWriter
from newsdesk.local import airflow_home, postgres, processes
from newsdesk.model import Response


@pytest.fixture
def loose() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): f"{mode(path):o}" for path in folder.rglob("*")}


@pytest.mark.usefixtures("loose")
def test_the_home_and_its_secrets_are_its_owners_under_any_umask(tmp_path: Path) -> None:
    home = tmp_path / "above" / "home"
    postgres.make_folder(home)
    assert mode(home) == 0o700
    airflow_home.password(home)
    airflow_home.environment(
        home, metadata_dsn="postgresql://a@/airflow?host=/s", news_dsn="postgresql://a@/newsdesk?host=/s", port=8080,
        sources=tmp_path, archive="archive",
    )  # fmt: skip
    assert modes(home) == {"airflow": "700", "airflow/keys.json": "600", "airflow/passwords.json": "600"}


@pytest.mark.usefixtures("loose")
def test_what_a_component_says_is_its_owners_under_any_umask(tmp_path: Path) -> None:
    output = tmp_path / "it.log"
    _, child = processes.spawn("it", [sys.executable, "-c", ""], os.environ, tmp_path, output)
    child.wait()
    assert mode(output) == 0o600


def test_airflow_is_told_to_keep_the_logs_of_tasks_private(tmp_path: Path) -> None:
    env = airflow_home.environment(
        tmp_path, metadata_dsn="postgresql://a@/airflow?host=/s", news_dsn="postgresql://a@/newsdesk?host=/s", port=8080,
        sources=tmp_path, archive="archive",
    )  # fmt: skip
    assert env["AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS"] == "0o700"
    assert env["AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS"] == "0o600"


@pytest.mark.usefixtures("loose")
def test_the_archive_is_for_its_owner_and_group_under_any_umask(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    page = Response("https://a.example/", "https://a.example/", 200, (), b"page", datetime(2026, 1, 1, tzinfo=UTC), 0.1)
    with ArchiveWriter(root, "test") as writer:
        store(writer, page)
    found = modes(root)
    assert mode(root) == 0o750
    assert set(found.values()) == {"750", "640"}, found


@pytest.mark.usefixtures("loose")
def test_no_file_of_a_command_can_be_changed_by_others(tmp_path: Path) -> None:
    """Reports, exports, drafts of sources: each command narrows the umask before it does anything."""
    seen = "import os; from newsdesk.cli import main; main(); print(f'{os.umask(0):o}')"
    run = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "22"
