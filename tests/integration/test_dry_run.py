"""A dry run tells what a run would do, and leaves every row of every table as it was."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from command_line import WITHOUT_NAMES, run_newsdesk
from newsdesk import rehearsing, stages
from newsdesk.desk import Desk
from newsdesk.errors import Retryable
from newsdesk.settings import read_settings
from newsdesk.store import rehearsals
from newsdesk.store.database import connect, transaction
from scripted_site import Answer, Site


@pytest.fixture
def settings(dsn: str, site: Site, tmp_path: Path) -> dict[str, str]:
    return {
        "NEWSDESK_HOME": str(tmp_path), "NEWSDESK_SOURCES": str(tmp_path / "sources"), "NEWSDESK_DSN": dsn,
        "NEWSDESK_FETCH_DEADLINE": "3", "NEWSDESK_CRAWL_DELAY": "0.05", "NEWSDESK_ARCHIVE": str(tmp_path / "archive"),
    }  # fmt: skip


@pytest.fixture
def desk(settings: dict[str, str], dsn: str, site: Site, tmp_path: Path) -> Desk:
    (tmp_path / "sources").mkdir()
    feeds = ", ".join(f"{{feed: '{site.base}/{name}.xml'}}" for name in ("times", "dead"))
    write(tmp_path, site, "times", f"endpoints: [{feeds}]")
    site.answers["/times.xml"] = Answer(site.rss("ferry-aground-off-port-ellery", "mayor-resigns-over-bridge"))
    return Desk(read_settings(settings), dsn)


def write(folder: Path, site: Site, name: str, endpoints: str = "") -> None:
    text = f"id: {name}\nname: {name}\nhomepage: {site.base}/\nallow_private: true\n{endpoints}\n"
    (folder / "sources" / f"{name}.yaml").write_text(text)


def every_row(dsn: str) -> dict[str, list[Any]]:
    """All that is in the tables of ops and news."""
    with transaction(dsn) as cursor:
        cursor.execute(
            "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('ops', 'news') ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} AS t ORDER BY 1")
            found[table] = cursor.fetchall()
    assert {"ops.host", "ops.robots", "ops.frontier", "ops.run", "news.article"} <= found.keys()
    return found


def test_of_a_new_house_it_tells_all_and_leaves_nothing(desk: Desk, site: Site) -> None:
    before = every_row(desk.dsn)
    found = rehearsing.rehearse(desk)
    assert every_row(desk.dsn) == before
    assert found.counts["pages"] == 2
    assert [(one.url, one.said, one.failed) for one in found.endpoints] == [
        (f"{site.base}/dead.xml", "failed: not found", True), (f"{site.base}/times.xml", "2 links, 2 of them new", False)
    ]  # fmt: skip
    assert sorted(found.planned["times"].first) == [
        f"{site.base}/ferry-aground-off-port-ellery", f"{site.base}/mayor-resigns-over-bridge"
    ]  # fmt: skip
    assert "times: 2 pages would be fetched" in found.lines()
    assert {path for path, *_ in site.asked} == {"/robots.txt", "/times.xml", "/dead.xml"}  # no page


def test_of_a_house_that_has_run_it_tells_what_a_run_would_do_next_and_a_run_then_does_that(
    desk: Desk, site: Site, tmp_path: Path
) -> None:
    run = stages.open_run(desk, "cli/1", "cli", max_pages=1)
    assert stages.discover(desk, run)["new"] == 2
    (batch,) = stages.plan(desk, run)  # max_pages: the other one waits
    stages.fetch(desk, batch)
    stages.publish(desk, run)
    site.answers["/times.xml"] = Answer(site.rss("third-story-of-the-day"))
    site.answers["/"] = Answer(
        b"<link rel='alternate' type='application/rss+xml' href='/post.xml'>", {"Content-Type": "text/html"}
    )
    site.answers["/post.xml"] = Answer(site.rss("post-of-the-second-paper"))
    write(tmp_path, site, "post")  # its endpoints are to be found
    before = every_row(desk.dsn)
    found = rehearsing.rehearse(desk)
    assert every_row(desk.dsn) == before
    assert found.counts["pages"] == 3  # the one that waits, and two new ones
    assert f"{site.base}/post-of-the-second-paper" in found.planned["post"].first
    run = stages.open_run(desk, "cli/2", "cli")
    stages.discover(desk, run)
    stages.plan(desk, run)
    with transaction(desk.dsn) as cursor:
        cursor.execute("SELECT sum(urls) FROM ops.batch WHERE run_id = %s", (run,))
        assert cursor.fetchone() == (3,)


def test_a_host_that_asks_to_be_left_alone_is_left_alone_afterwards_too(desk: Desk, site: Site) -> None:
    site.answers["/times.xml"] = Answer(b"", {"Retry-After": "3600"}, 429)
    found = rehearsing.rehearse(desk)
    assert found.endpoints[-1].said.startswith("put off")
    with transaction(desk.dsn) as cursor:
        cursor.execute("SELECT deferred_until > now() + interval '50 minutes' FROM ops.host")
        assert cursor.fetchall() == [(True,)]


def test_it_steps_back_from_a_run_that_has_the_same_rows_in_hand(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    stages.discover(desk, stages.open_run(desk, "cli/1", "cli"))
    monkeypatch.setattr(rehearsals, "TRIES", 2)
    other = connect(desk.dsn)
    with other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM ops.source FOR UPDATE")
        with pytest.raises(Retryable, match="under way"):
            rehearsing.rehearse(desk)
    other.close()


def test_the_command_shows_it_and_max_pages_holds_for_all_sources(
    desk: Desk, settings: dict[str, str], tmp_path: Path
) -> None:
    newsdesk = partial(run_newsdesk, **settings, **WITHOUT_NAMES)

    before = every_row(desk.dsn)
    done = newsdesk("ingest", "--dry-run", "--max-pages", "1")
    assert done.returncode == 0, done.stderr
    assert "times: 1 pages would be fetched" in done.stdout
    assert "nothing was changed" in done.stdout
    (tmp_path / "sources" / "bad.yaml").write_text("id: [")
    done = newsdesk("ingest", "--dry-run", "--json")
    assert done.returncode == 1
    assert '"pages": 2' in done.stdout
    assert every_row(desk.dsn) == before
