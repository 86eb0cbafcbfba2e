"""Whole runs against publishers that do what the web does: every URL ends in the right outcome, and none is lost."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hostile_newsroom import DEADLINE, MAX_BYTES, UNUSABLE, HostileNewsroom, Scene
from newsdesk import stages, urls
from newsdesk.desk import Desk
from newsdesk.errors import CheckFailed
from newsdesk.model import Outcome
from newsdesk.settings import read_settings
from newsdesk.store.database import rows, transaction

pytestmark = pytest.mark.slow


@dataclass
class Run:
    """One run, stage by stage, and what the tables held behind it."""

    seconds: float = 0.0
    discovered: dict[str, int] = field(default_factory=dict)
    planned: int = 0
    fetched: Counter[str] = field(default_factory=Counter)
    published: dict[str, int] = field(default_factory=dict)  # visits by outcome
    failures: str = ""  # what check said
    asked: Counter[str] = field(default_factory=Counter)  # URLs, of this run
    status: dict[str, dict[str, Any]] = field(default_factory=dict)  # news.url_status by key
    articles: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Week:
    """First all is new; then nothing is due; then all is visited again."""

    scenes: dict[str, Scene]  # by key
    first: Run
    idle: Run
    again: Run


@pytest.fixture(scope="module")
def week(module_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    home: Path = tmp_path_factory.mktemp("hostile")
    (home / "sources").mkdir()
    settings = read_settings({
        "NEWSDESK_HOME": str(home), "NEWSDESK_SOURCES": str(home / "sources"), "NEWSDESK_CRAWL_DELAY": "0",
        "NEWSDESK_FETCH_DEADLINE": str(DEADLINE), "NEWSDESK_FETCH_MAX_BYTES": str(MAX_BYTES),
        "NEWSDESK_BATCH_SIZE": "60", "NEWSDESK_EXTRACT_DEADLINE": "15",
    })  # fmt: skip
    desk = Desk(settings, module_dsn)
    with HostileNewsroom() as newsroom:
        newsroom.write_sources(home / "sources")
        scenes = {urls.canonical_key(url): scene for url, scene in newsroom.scenes().items()}
        first, idle = one_run(desk, newsroom, "first"), one_run(desk, newsroom, "idle")
        with transaction(module_dsn) as cursor:
            cursor.execute("UPDATE ops.frontier SET next_visit_at = now() WHERE outcome <> 'excluded'")
        yield Week(scenes, first, idle, one_run(desk, newsroom, "again"))


def one_run(desk: Desk, newsroom: HostileNewsroom, key: str) -> Run:
    run, began, before = Run(), time.monotonic(), newsroom.asked()
    run_id = stages.open_run(desk, key, "cli")
    run.discovered = stages.discover(desk, run_id)
    batches = stages.plan(desk, run_id)
    for batch in batches:
        run.fetched.update(stages.fetch(desk, batch))
        stages.extract(desk, batch)
        stages.enrich(desk, batch)
    stages.deduplicate(desk, run_id)
    run.published = stages.publish(desk, run_id)
    try:
        stages.check(desk, run_id)
    except CheckFailed as error:
        run.failures = str(error)
    run.seconds = time.monotonic() - began
    run.asked = newsroom.asked() - before
    with transaction(desk.dsn) as cursor:
        cursor.execute("SELECT coalesce(sum(urls), 0)::int AS planned FROM ops.batch WHERE run_id = %s", (run_id,))
        run.planned = rows(cursor)[0]["planned"]
        cursor.execute("SELECT * FROM news.url_status")
        run.status = {urls.canonical_key(row["url"]): row for row in rows(cursor)}
        cursor.execute("SELECT article_id, url, version, body FROM news.article ORDER BY article_id")
        run.articles = rows(cursor)
    return run


def wrong(run: Run, right: dict[str, Outcome]) -> dict[str, tuple[str, str, str]]:
    """URL → (expected, found, reason) where they differ."""
    return {
        run.status[key]["url"]: (outcome.value, run.status[key]["outcome"], run.status[key]["reason"])
        for key, outcome in right.items()
        if key in run.status and run.status[key]["outcome"] != outcome
    }


def test_every_url_is_found_and_none_beside_them(week: Week) -> None:
    assert week.first.status.keys() == week.scenes.keys()
    assert len(week.scenes) > 60
    assert not any(row["url"].startswith(UNUSABLE) for row in week.first.status.values())


def test_every_url_ends_in_its_outcome(week: Week) -> None:
    assert wrong(week.first, {key: scene.outcome for key, scene in week.scenes.items()}) == {}
    assert all(row["reason"] for row in week.first.status.values() if not Outcome(row["outcome"]).has_article)


def test_visited_again_every_url_ends_as_before_and_no_article_is_made_anew(week: Week) -> None:
    assert week.again.status.keys() == week.scenes.keys()
    assert wrong(week.again, {key: scene.again or scene.outcome for key, scene in week.scenes.items()}) == {}
    assert week.again.articles == week.first.articles


def test_no_url_is_asked_for_more_often_than_a_visit_may(week: Week) -> None:
    for run in (week.first, week.again):
        found = {urls.canonical_key(url): times for url, times in run.asked.items()}
        too_often = {
            key: found[key]
            for key, scene in week.scenes.items()
            if scene.asks < found.get(key, 0) and not is_target(key)
        }
        assert too_often == {}
    asked = {urls.canonical_key(url) for url in week.first.asked}
    assert {key for key, scene in week.scenes.items() if scene.asks and key not in asked} == set()


def is_target(key: str) -> bool:
    """Other addresses redirect to it."""
    return key.endswith("/2026/plain")


def test_what_is_not_due_is_not_asked_for(week: Week) -> None:
    assert week.idle.planned == 0
    assert not week.scenes.keys() & {urls.canonical_key(url) for url in week.idle.asked}
    assert week.idle.status == week.first.status
    assert week.idle.articles == week.first.articles


def test_robots_txt_is_asked_for_once_a_host_and_a_ring_of_sitemaps_is_walked_once(week: Week) -> None:
    asked = Counter({url: times for url, times in week.first.asked.items() if not url.endswith("/feed.xml")})
    assert {url: times for url, times in asked.items() if url.endswith("robots.txt") and times > 1} == {}
    ring = [times for url, times in asked.items() if url.endswith(("/index.xml", "/other.xml", "/pages.xml.gz"))]
    assert ring == [1, 1, 1]


def test_the_counts_add_up(week: Week) -> None:
    excluded = sum(scene.outcome is Outcome.EXCLUDED for scene in week.scenes.values())
    assert week.first.discovered["new"] == len(week.scenes)
    assert week.first.planned == sum(week.first.fetched.values()) == len(week.scenes) - excluded
    assert sum(week.first.published.values()) == week.first.planned
    outcomes = Counter(row["outcome"] for row in week.first.status.values())
    assert outcomes == Counter(week.first.published) + Counter(excluded=excluded)
    assert len(week.first.articles) == outcomes["published"]


def test_the_check_names_the_source_whose_only_feed_hangs_and_no_other(week: Week) -> None:
    assert [line.partition(":")[0] for line in week.first.failures.splitlines()] == ["hanging"]
    assert week.first.discovered["failed"] == 3  # it hangs, is too large, is a page
    assert week.first.discovered["put_off"] == 1  # its host has no robots.txt to be read


def test_bytes_that_no_table_can_hold_do_not_come_through(week: Week) -> None:
    assert not any("\x00" in row["body"] or "\ufffd\ufffd" in row["body"] for row in week.first.articles)


def test_a_run_ends_in_bounded_time(week: Week) -> None:
    # each host's slow URLs wait for one another, the hosts do not; models are loaded once
    assert max(week.first.seconds, week.again.seconds) < 120
