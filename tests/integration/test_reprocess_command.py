"""`newsdesk reprocess`: it reports first, applies just that, and killed and run again it loses and doubles nothing."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from command_line import NEWSDESK, environment, run_newsdesk
from newsdesk import readers
from older_archive import (
    BODY,
    WALLED,
    Archive,
    archive,
    older,
    read_once,
    reported,
    url_of,
)
from waiting import until

__all__ = ["archive", "older", "read_once", "reported"]


def env_of(archive: Archive) -> dict[str, str]:
    settings = archive.desk.settings
    return {
        "NEWSDESK_HOME": str(settings.home), "NEWSDESK_SOURCES": str(settings.sources), "NEWSDESK_DSN": archive.desk.dsn,
        "NEWSDESK_BATCH_SIZE": "3",
    }  # fmt: skip


def run(archive: Archive, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_newsdesk("reprocess", *arguments, **env_of(archive))


def test_the_command_reports_first_and_applies_just_that(archive: Archive, tmp_path: Path) -> None:
    done = run(archive, "--report", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert re.search(r"would change\W+4\b", done.stdout)
    assert url_of(WALLED) in done.stderr
    (file,) = tmp_path.glob("*.html")
    assert "<del>" in file.read_text()
    assert json.loads(file.with_suffix(".json").read_text())["articles"]["changed"] == 4
    done = run(archive, "--apply", "--json", "--html", str(tmp_path / "own.html"))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert f"reprocess-{told['reprocess_id']}.html" == file.name
    assert told["applied"]["counts"]["updated"] == 2
    assert (tmp_path / "own.html").exists()
    explained = run_newsdesk("explain", url_of(BODY), **env_of(archive)).stdout
    assert "read anew from the archive" in explained
    assert readers.extractor() in explained.replace("\n", " ")


def test_the_command_says_what_it_cannot_do(archive: Archive) -> None:
    done = run(archive, "--source", "no-such")
    assert (done.returncode, "no-such" in done.stderr) == (2, True)


@pytest.mark.parametrize("moment", ["read_at", "applied"])
def test_a_killed_command_run_again_ends_as_if_it_had_not_been_killed(
    archive: Archive, reported: Archive, moment: str
) -> None:
    process = subprocess.Popen(
        [*NEWSDESK, "reprocess", "--apply"], env=environment(**env_of(archive)), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip

    def has_come_so_far() -> bool:
        assert process.poll() is None
        return bool(archive.ask(f"SELECT 1 AS x FROM ops.reprocess_page WHERE {moment} IS NOT NULL LIMIT 1"))

    until(has_come_so_far, 120, f"a page with {moment}", pause=0.02)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert archive.ask("SELECT count(*) AS n FROM ops.reprocess WHERE applied_at IS NOT NULL") == [{"n": 0}]
    done = run(archive, "--apply", "--quiet")
    assert done.returncode == 0, done.stderr
    reported.apply(reported.last().reprocess_id)
    assert archive.analysts_view() == reported.analysts_view()
    assert archive.ask("SELECT count(*) AS n FROM ops.frontier WHERE open_batch_id IS NOT NULL") == [{"n": 0}]
    assert archive.ask("SELECT count(applied_at) AS applied FROM ops.reprocess") == [{"applied": 1}]
