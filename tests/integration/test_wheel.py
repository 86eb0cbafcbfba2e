"""The library by itself: its wheel and its sdist, in an environment without Airflow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import ROOT, WITHOUT_NAMES
from newsdesk import __version__
from newsdesk.store.database import rows, transaction
from scripted_site import Answer, open_site

UV = Path(sys.executable).with_name("uv")  # the README's set-up brings it
WORDS = "The council voted on Monday to rebuild the old harbour wall before the winter storms arrive, and said so. "
PAGE = (
    "<html lang=en><head><title>Harbour wall to be rebuilt</title><meta property=og:type content=article>"
    "<meta property=article:published_time content=2026-03-02T10:00:00Z></head><body><article>"
    f"<h1>Harbour wall to be rebuilt</h1>{f'<p>{WORDS * 2}</p>' * 4}</article></body></html>"
).encode()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both, as a release has them."""
    folder = tmp_path_factory.mktemp("dist")
    run(UV, "build", "--quiet", "--no-build-isolation", "--python", sys.executable, "--out-dir", folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def bare(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and what it needs, in the locked versions. Its `bin`."""
    folder = tmp_path_factory.mktemp("bare")
    lock = folder / "constraints.txt"
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    lock.write_text("\n".join(line.rstrip("\\ ") for line in lines if not line.startswith("    --hash")))
    run(UV, "venv", "--quiet", "--python", sys.executable, folder / "venv")
    python = folder / "venv/bin/python"
    run(UV, "pip", "install", "--quiet", "--python", python, "--constraint", lock, next(built.glob("*.whl")))
    return python.parent


def run(*command: str | Path, given: str = "", code: int = 0, **environment: str) -> str:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "UV_CACHE_DIR", "XDG_CACHE_HOME") if name in os.environ}
    index = {name: value for name, value in os.environ.items() if name.startswith(("UV_", "PIP_", "SSL_"))}
    done = subprocess.run(
        list(map(str, command)), input=given, capture_output=True, text=True, env=kept | index | environment, cwd="/",
        timeout=300,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_it_brings_neither_airflow_nor_the_desks_server(bare: Path) -> None:
    there = run(UV, "pip", "freeze", "--python", bare / "python")
    assert "trafilatura==" in there
    assert [name for name in ("apache-airflow", "fastapi", "celery") if name in there] == []


def test_its_command_says_its_version_and_a_craft_works_as_a_filter(bare: Path) -> None:
    assert run(bare / "newsdesk", "--version") == f"newsdesk {__version__}\n"
    page = {"id": 1, "url": "https://www.example.com/2026/03/02/harbour-wall", "html": PAGE.decode()}
    told = json.loads(run(bare / "newsdesk", "try", "extract", given=json.dumps(page)))
    assert (told["outcome"], told["title"], told["date"]) == ("article", "Harbour wall to be rebuilt", "2026-03-02")
    assert WORDS.strip() in told["text"]


def test_it_ingests(bare: Path, dsn: str, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    with open_site() as site:
        site.answers["/feed.xml"] = Answer(site.rss("2026/03/02/harbour-wall-to-be-rebuilt"))
        site.answers["/2026/03/02/harbour-wall-to-be-rebuilt"] = Answer(PAGE, {"Content-Type": "text/html"})
        (sources / "times.yaml").write_text(
            f"id: times\nname: Times\nhomepage: {site.base}/\nallow_private: true\nendpoints: [feed: '{site.base}/feed.xml']\n"
        )
        settings = {"NEWSDESK_HOME": str(tmp_path), "NEWSDESK_SOURCES": str(sources), "NEWSDESK_DSN": dsn}
        run(bare / "newsdesk", "ingest", "--quiet", **settings, **WITHOUT_NAMES)
    with transaction(dsn) as cursor:
        cursor.execute("SELECT source_id, title FROM news.article")
        assert rows(cursor) == [{"source_id": "times", "title": "Harbour wall to be rebuilt"}]


def test_what_needs_airflow_says_how_to_get_it(bare: Path, tmp_path: Path) -> None:
    told = run(bare / "newsdesk", "start", code=2, NEWSDESK_HOME=str(tmp_path))
    assert "needs Airflow" in told
    assert "[airflow]" in told
    assert list(tmp_path.iterdir()) == []


def test_the_sdist_makes_the_same_wheel(built: Path, tmp_path: Path) -> None:
    run(
        UV, "build", "--quiet", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", tmp_path,
        next(built.glob("*.tar.gz")),
    )  # fmt: skip
    assert next(tmp_path.glob("*.whl")).read_bytes() == next(built.glob("*.whl")).read_bytes()
