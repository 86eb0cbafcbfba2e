"""The main job on the demo newsroom, without Airflow: the database must be what the newsroom knows to be true."""

from __future__ import annotations

import itertools
import runpy
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2.extras
import pytest

from command_line import WITHOUT_PAUSES
from in_process import ingest_here
from newsdesk import urls
from newsdesk.desk import Desk
from newsdesk.ingest import Ingested
from newsdesk.local.newsroom import Expected, Newsroom
from newsdesk.settings import read_settings
from newsdesk.store.database import transaction

DOCS = Path(__file__).resolve().parents[2] / "docs"

# a visit that may work later is made again, so its URL may be asked for again
RETRYABLE = {"timeout", "connection", "incomplete", "http_error", "challenge"}


@dataclass
class Editions:
    """Both editions, ingested one after the other; what the table held after each."""

    newsroom: Newsroom
    desk: Desk
    first: Ingested
    second: Ingested
    third: Ingested  # nothing has changed since the second
    urls_after: dict[int, list[dict[str, Any]]]
    articles_after: dict[int, list[dict[str, Any]]]
    requests_after: dict[int, int]


@pytest.fixture(scope="module")
def editions(module_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editions]:
    folder: Path = tmp_path_factory.mktemp("newsroom")
    sources = folder / "sources"
    sources.mkdir()
    settings = read_settings({
        "NEWSDESK_HOME": str(folder), "NEWSDESK_SOURCES": str(sources), "NEWSDESK_FETCH_MAX_BYTES": "5000000",
        "NEWSDESK_BATCH_SIZE": "30", **WITHOUT_PAUSES,
    })  # fmt: skip
    desk = Desk(settings, module_dsn)
    with Newsroom() as newsroom:
        newsroom.write_sources(sources)
        runs, seen, articles, requests = [], {}, {}, {}
        for number, edition in ((1, 1), (2, 2), (3, 2)):
            newsroom.edition = edition
            runs.append(ingest_here(desk))
            seen[number] = rows(module_dsn, "SELECT * FROM news.url_status")
            articles[number] = rows(module_dsn, "SELECT * FROM news.article")
            requests[number] = len(newsroom.requests)
        yield Editions(newsroom, desk, *runs, seen, articles, requests)


def rows(dsn: str, sql: str, *values: object) -> list[dict[str, Any]]:
    with transaction(dsn) as cursor, cursor.connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as dicts:
        dicts.execute(sql, values)
        return [dict(row) for row in dicts.fetchall()]


def by_key(found: list[dict[str, Any]], column: str = "url") -> dict[str, dict[str, Any]]:
    return {urls.canonical_key(row[column]): row for row in found}


def expected_articles(expected: list[Expected]) -> list[Expected]:
    return [row for row in expected if row.body is not None]


@pytest.mark.parametrize("edition", [1, 2])
def test_every_url_ends_in_its_outcome_and_no_other_url_is_found(editions: Editions, edition: int) -> None:
    found = by_key(editions.urls_after[edition])
    expected = {urls.canonical_key(row.url): row for row in editions.newsroom.expected(edition)}
    assert found.keys() == expected.keys()
    wrong = {
        row.url: (row.outcome, found[key]["outcome"], found[key]["reason"])
        for key, row in expected.items()
        if found[key]["outcome"] != row.outcome
    }
    assert wrong == {}
    assert all(found[key]["source_id"] == row.source_id for key, row in expected.items())


@pytest.mark.parametrize("edition", [1, 2])
@pytest.mark.parametrize(
    "column", ["title", "body", "authors", "language", "published_at", "published_precision", "modified_at", "version"]
)
def test_every_article_is_as_printed(editions: Editions, edition: int, column: str) -> None:
    found = by_key(editions.articles_after[edition])
    expected = {urls.canonical_key(row.url): row for row in expected_articles(editions.newsroom.expected(edition))}
    assert found.keys() == expected.keys()
    wrong = {}
    for key, row in expected.items():
        told, got = getattr(row, column), found[key][column]
        got = tuple(got) if column == "authors" else got
        if column == "published_at" and row.published_precision == "day":
            told, got = told.date(), got.date()
        if told != got:
            wrong[row.url] = (told, got)
    assert wrong == {}


@pytest.mark.parametrize("edition", [1, 2])
def test_reprints_are_one_group_and_nothing_else_is(editions: Editions, edition: int) -> None:
    expected = expected_articles(editions.newsroom.expected(edition))
    groups: dict[str, set[str]] = defaultdict(set)
    for row in expected:
        key = urls.canonical_key(row.url)
        groups[row.group or key].add(key)
    found: dict[int, set[str]] = defaultdict(set)
    for key, article in by_key(editions.articles_after[edition]).items():
        found[article["cluster_id"]].add(key)
    assert sorted(map(sorted, found.values())) == sorted(map(sorted, groups.values()))


@pytest.mark.parametrize("edition", [1, 2, 3])
def test_each_group_has_one_primary_and_it_was_published_first(editions: Editions, edition: int) -> None:
    articles = sorted(editions.articles_after[edition], key=lambda row: row["cluster_id"])
    for cluster_id, members in itertools.groupby(articles, key=lambda row: row["cluster_id"]):
        group = list(members)
        (primary,) = [row for row in group if row["is_primary"]]
        assert primary["article_id"] == cluster_id
        assert certain(primary) == min(map(certain, group))


def certain(row: dict[str, Any]) -> datetime:
    """One that tells only its day may have come at the end of it."""
    published: datetime = row["published_at"]
    return published + timedelta(days=1) if row["published_precision"] == "day" else published


def test_groups_are_counted_right(editions: Editions) -> None:
    clusters = rows(editions.desk.dsn, "SELECT * FROM news.cluster")
    articles = editions.articles_after[3]
    assert {row["cluster_id"]: (row["size"], row["outlets"]) for row in clusters} == {
        cluster_id: (len(members), len({row["source_id"] for row in members}))
        for cluster_id in {row["cluster_id"] for row in articles}
        for members in [[row for row in articles if row["cluster_id"] == cluster_id]]
    }


def test_a_second_address_leads_to_its_article(editions: Editions) -> None:
    found = by_key(editions.urls_after[2])
    for row in editions.newsroom.expected(2):
        if row.article_url:
            twin, article = found[urls.canonical_key(row.url)], found[urls.canonical_key(row.article_url)]
            assert twin["article_id"] == article["article_id"] is not None


def test_an_edited_story_keeps_both_its_versions(editions: Editions) -> None:
    versions = rows(editions.desk.dsn, "SELECT * FROM news.article_version ORDER BY article_id, version")
    by_article = {row["article_id"]: row for row in editions.articles_after[3]}
    assert Counter(row["article_id"] for row in versions) == {
        article_id: row["version"] for article_id, row in by_article.items()
    }
    first = {urls.canonical_key(row.url): row for row in expected_articles(editions.newsroom.expected(1))}
    edited = [row for row in by_article.values() if row["version"] == 2]
    assert len(edited) == 2
    for article in edited:
        old, new = [row for row in versions if row["article_id"] == article["article_id"]]
        assert old["body"] == first[urls.canonical_key(article["url"])].body != new["body"] == article["body"]


def test_each_edit_is_told_and_a_moved_share_count_is_none(editions: Editions) -> None:
    changes = rows(editions.desk.dsn, "SELECT * FROM news.article_change")
    assert len(changes) == 2
    for change in changes:
        assert "body" in change["changed"]
        assert change["by_publisher"]
        assert change["words_added"] > 0
        assert "[-" in change["diff"]
        assert "{+" in change["diff"]
    unchanged = [row for row in editions.urls_after[2] if row["outcome"] == "unchanged"]
    assert unchanged
    assert not {row["article_id"] for row in unchanged} & {row["article_id"] for row in changes}
    counted = rows(
        editions.desk.dsn, "SELECT sum(changes) AS changes, sum(articles) AS articles FROM news.source_correction"
    )
    assert counted == [{"changes": 2, "articles": len(editions.articles_after[3])}]


def test_nothing_new_changes_nothing(editions: Editions) -> None:
    assert editions.third.counts["discover"]["new"] == 0
    assert editions.articles_after[3] == editions.articles_after[2]


def test_no_page_is_fetched_twice_but_for_edits_and_faults(editions: Editions) -> None:
    outcomes = {urls.canonical_key(row.url): row.outcome for row in editions.newsroom.expected(1)}
    of_first_run = editions.newsroom.requests[: editions.requests_after[1]]
    counted = Counter(
        key
        for request in of_first_run
        if (key := urls.canonical_key(editions.newsroom.bases[request.outlet] + request.path)) in outcomes
    )
    # an old address's redirect asks for the article's own address once more
    assert {
        key: n
        for key, n in counted.items()
        if n > 1 and outcomes[key] not in RETRYABLE | {"published", "redirect_loop"}
    } == {}
    assert sum(n - 1 for key, n in counted.items() if outcomes[key] == "published") <= 1


def test_robots_txt_is_obeyed_and_our_name_is_told(editions: Editions) -> None:
    denied = {urls.canonical_key(row.url) for row in editions.newsroom.expected(2) if row.outcome == "robots_denied"}
    assert denied
    for request in editions.newsroom.requests:
        assert urls.canonical_key(editions.newsroom.bases[request.outlet] + request.path) not in denied
        assert request.user_agent.startswith("newsdesk/")


def test_names_are_found_where_they_stand(editions: Editions) -> None:
    wrong = rows(
        editions.desk.dsn,
        """
        SELECT m.* FROM news.mention AS m JOIN news.article AS a USING (article_id)
        WHERE substr(a.body, m.start_pos + 1, m.end_pos - m.start_pos) <> m.text
        """,
    )
    assert wrong == []
    languages = rows(
        editions.desk.dsn,
        "SELECT a.language, count(m.*) AS n FROM news.article AS a LEFT JOIN news.mention AS m USING (article_id) GROUP BY 1",
    )
    counts = {row["language"]: row["n"] for row in languages}
    assert counts["en"] > 200
    assert counts["fr"] > 30
    assert counts["de"] == counts["es"] == 0  # no model for them


def test_each_entity_of_an_article_is_counted(editions: Editions) -> None:
    assert rows(
        editions.desk.dsn,
        """
        SELECT article_id, entity_id, mentions FROM news.article_entity WHERE mentions > 0
        EXCEPT SELECT article_id, entity_id, count(*) FROM news.mention GROUP BY 1, 2
        """,
    ) == []  # fmt: skip


def test_the_run_needs_nobody(editions: Editions) -> None:
    assert (editions.first.failures, editions.second.failures, editions.third.failures) == ([], [], [])


def test_a_dead_endpoint_of_a_living_source_is_reported_not_fatal(editions: Editions) -> None:
    problems = rows(
        editions.desk.dsn,
        "SELECT source_id, p ->> 'kind' AS kind FROM ops.run_report, jsonb_array_elements(problems) AS p WHERE run_id = %s",
        editions.first.run_id,
    )
    assert {"source_id": "daily-ledger", "kind": "endpoints"} in problems


def test_all_urls_are_accounted_for(editions: Editions) -> None:
    found = rows(
        editions.desk.dsn,
        "SELECT sum(found) AS found, sum(n) AS visits FROM ops.run_report, LATERAL (SELECT coalesce(sum(value::int), 0) AS n FROM jsonb_each_text(outcomes)) AS o WHERE run_id = %s",
        editions.first.run_id,
    )[0]
    assert found["found"] == found["visits"] == len(editions.newsroom.expected(1))


def test_each_sources_day_adds_up_to_what_was_found(editions: Editions) -> None:
    days = rows(editions.desk.dsn, "SELECT * FROM news.source_day")
    assert days
    for day in days:
        parts = day["published"] + day["other_addresses"] + day["waiting"] + sum(day["refused"].values())
        assert day["found"] == parts, day
    found = Counter[str]()
    for url in editions.urls_after[3]:
        found[url["source_id"]] += 1
    published = Counter(article["source_id"] for article in editions.articles_after[3])
    assert Counter({d: n for d, n in _sums(days, "found").items() if n}) == found
    assert Counter({d: n for d, n in _sums(days, "published").items() if n}) == published
    assert sum(day["reprints"] for day in days) == sum(
        not article["is_primary"] for article in editions.articles_after[3]
    )


def _sums(days: list[dict[str, Any]], column: str) -> Counter[str]:
    sums = Counter[str]()
    for day in days:
        sums[day["source_id"]] += day[column]
    return sums


def test_every_recipe_of_the_cookbook_gives_what_its_page_shows(editions: Editions) -> None:
    made = runpy.run_path(str(DOCS / "cookbook.py"))["pages"](editions.desk.dsn)
    assert len([file for file in made if file.endswith(".svg")]) >= 5
    stale = [file for file, text in made.items() if (DOCS / file).read_text(encoding="utf-8") != text]
    assert not stale, "run `make docs`"
