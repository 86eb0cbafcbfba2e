"""Versions in the database: six edits are seven versions, what changed is told, and when a page is looked at again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import psycopg2
import pytest
from rich.console import Console

from arrivals import Arrival, arrive, deduplicate, rows
from newsdesk import revisits, terminal, urls
from newsdesk.deduplication import deduplicate_documents
from newsdesk.model import Source
from newsdesk.sources import to_definition
from newsdesk.store import explain, migrate, versions
from newsdesk.store import sources as source_store
from newsdesk.store.database import transaction
from newsdesk.store.publish import publish_run

URL = "https://times.example/2026/03/02/ferry-aground"
STORY = (
    "The ferry ran aground off Port Ellery on Monday, and the harbour was closed until the evening.\n\n"
    "Five people were hurt, the coast guard said. Nobody was in danger of life.\n\n"
    "The company will pay for all journeys by bus until the ship is back at its pier, it added."
)
SEEN = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def desk(dsn: str) -> str:
    with transaction(dsn) as cursor:
        source_store.save_sources(cursor, [Source("times", "The Times", "https://times.example/")], complete=True)
    return dsn


def publish(
    dsn: str, hours: float, body: str = STORY, title: str = "Ferry aground", authors: tuple[str, ...] = ("Nora Whitfield",),
    provenance: dict[str, str] | None = None, ages: tuple[timedelta, ...] = revisits.DEFAULT_AGES, url: str = URL,
) -> dict[str, int]:  # fmt: skip
    """A run that finds the page so. Returns the run's outcomes."""
    run_id = arrive(dsn, [page_at(hours, body, title, authors, provenance, url)], f"{url} {hours}")
    deduplicate(dsn, run_id)
    with transaction(dsn) as cursor:
        return publish_run(cursor, run_id, ages)


def page_at(
    hours: float, body: str = STORY, title: str = "Ferry aground", authors: tuple[str, ...] = ("Nora Whitfield",),
    provenance: dict[str, str] | None = None, url: str = URL,
) -> Arrival:  # fmt: skip
    """The page as it is so many hours after SEEN."""
    return Arrival(
        url, body, title, (SEEN - timedelta(hours=2)).isoformat(), "minute", authors=authors,
        fetched_at=SEEN + timedelta(hours=hours), provenance=provenance or {},
    )  # fmt: skip


def edits() -> list[str]:
    """Seven states, each another than the one before; the fifth is the third again."""
    states = [STORY]
    for old, new in (("Five", "Six"), ("Six", "Seven"), ("evening", "night"), ("night", "evening")):
        states.append(states[-1].replace(old, new))
    return [
        *states,
        f"{states[-1]}\n\nThe ship was freed on Tuesday.",
        "The ferry is free, and the harbour is open again for all.",
    ]


def test_a_story_edited_six_times_is_one_article_with_seven_versions(desk: str) -> None:
    ends = [publish(desk, 2 * n, body) for n, body in enumerate(edits())]
    assert ends == [{"published": 1}, *[{"updated": 1}] * 6]
    (article,) = rows(desk, "SELECT version, body FROM news.article")
    assert article == {"version": 7, "body": edits()[-1]}
    stored = rows(
        desk,
        "SELECT version, seen_at, body, changed, words_added, words_removed, diff FROM news.article_version ORDER BY version",
    )
    assert [row["version"] for row in stored] == [1, 2, 3, 4, 5, 6, 7]
    assert [row["body"] for row in stored] == edits()
    assert [row["changed"] for row in stored] == [[], *[["body"]] * 6]
    assert [(row["words_added"], row["words_removed"]) for row in stored[:3]] == [(None, None), (1, 1), (1, 1)]
    assert stored[0]["diff"] is None
    assert "[-Five-] {+Six+} people" in stored[1]["diff"]
    assert stored[2]["body"] == stored[4]["body"]  # a return to an earlier state is a state


def test_small_differences_do_not_add_up_unseen(desk: str) -> None:
    publish(desk, 0, f"{STORY}\n\n57 shares")
    assert publish(desk, 2, f"{STORY}\n\n61 shares") == {"unchanged": 1}
    assert publish(desk, 4, f"{STORY.replace('Five', 'Six')}\n\n99 shares") == {"updated": 1}
    (change,) = rows(desk, "SELECT * FROM news.article_change")
    assert (change["version"], change["words_added"], change["words_removed"]) == (2, 1, 1)
    assert change["seen_at"] - change["seen_before"] == timedelta(hours=4)
    assert "shares" not in change["diff"]


def test_a_page_that_moved_only_by_itself_stays_as_it_was(desk: str) -> None:
    publish(desk, 0, f"{STORY}\n\nUpdated 1 hour ago")
    before = rows(desk, "SELECT * FROM news.article")
    assert publish(desk, 24, f"{STORY.replace(' ', chr(0xA0))}\n\nUpdated 1 day ago\n\n12 comments") == {"unchanged": 1}
    assert rows(desk, "SELECT * FROM news.article") == before
    (status,) = rows(desk, "SELECT outcome, reason FROM news.url_status")
    assert status["outcome"] == "unchanged"
    assert "moves by itself" in status["reason"]


def test_furniture_that_is_left_out_now_puts_the_version_right(desk: str) -> None:
    line = "The Times is printed on paper from the county's own woods, and delivered by bicycle."
    publish(desk, 0, f"{STORY}\n\n{line}")
    rows(
        desk,
        """
        INSERT INTO ops.template (site, block, path, text, kind, pages, articles, first_seen_at, last_seen_at, state, why, rule)
        VALUES ('times.example', -77, '', %s, 'sentence', 9, 9, now(), now(), 'furniture', '', 1)
        """,
        line[:60],
    )
    told = {"template": "version 1: 1 of 4 blocks left out: -77"}
    assert publish(desk, 2, STORY, provenance=told) == {"unchanged": 1}
    assert rows(desk, "SELECT version, body FROM news.article") == [{"version": 1, "body": STORY}]
    assert rows(desk, "SELECT version, body FROM news.article_version") == [{"version": 1, "body": STORY}]


def test_what_belongs_to_the_text_that_is_shown_stays_with_it(desk: str) -> None:
    publish(desk, 0, f"{STORY}\n\n57 shares")
    rows(desk, "UPDATE news.article SET body_html = '<p>as shown</p>'")
    run_id = arrive(desk, [page_at(2, f"{STORY}\n\n61 shares")], "again")
    with transaction(desk) as cursor:
        cursor.execute("UPDATE ops.document SET body_html = '<p>as read</p>', section = 'Coast'")
        deduplicate_documents(cursor, run_id)
        assert publish_run(cursor, run_id) == {"unchanged": 1}
    assert rows(desk, "SELECT version, body_html, section FROM news.article") == [
        {"version": 1, "body_html": "<p>as shown</p>", "section": "Coast"}
    ]


def test_corrections_are_counted_by_publisher(desk: str) -> None:
    publish(desk, 0)
    publish(desk, 2, title="Ferry freed")
    publish(desk, 4, STORY.replace("Five", "Six"), "Ferry freed", ("Nora Whitfield", "Peter Stanhope"))
    (row,) = rows(desk, "SELECT * FROM news.source_correction")
    told = {
        name: row[name] for name in ("articles", "changed_articles", "changes", "titles", "bodies", "bylines", "dates")
    }
    assert told == {
        "articles": 1,
        "changed_articles": 1,
        "changes": 2,
        "titles": 1,
        "bodies": 1,
        "bylines": 1,
        "dates": 0,
    }
    assert row["changed_share"] == 1


def test_the_story_of_a_url_tells_each_version_and_its_change(desk: str) -> None:
    publish(desk, 0)
    publish(desk, 2, STORY.replace("Five", "Six"), "Ferry freed")
    with transaction(desk) as cursor:
        url_id = explain.find_url(cursor, URL, urls.canonical_key(URL))
        assert url_id is not None
        article = explain.article(cursor, url_id)
        told = terminal.story_of(
            explain.found_where(cursor, url_id),
            explain.visits(cursor, url_id),
            article,
            versions.of_article(cursor, url_id),
        )
    console = Console(width=200, file=StringIO(), record=True)
    console.print(told)
    text = console.export_text()
    assert "changed: title, body · +1 −1 words" in text
    assert "title: Ferry [-aground-] {+freed+}" in text
    assert "[-Five-] {+Six+} people" in text


@pytest.mark.parametrize(
    ("own", "ages", "found", "due"),
    [
        (None, revisits.DEFAULT_AGES, "0", "1 hour"),
        (None, revisits.DEFAULT_AGES, "2 hours", "1 day"),
        (None, revisits.DEFAULT_AGES, "3 days", "7 days"),
        (None, revisits.DEFAULT_AGES, "8 days", None),
        (None, (timedelta(minutes=30),), "0", "30 minutes"),
        (None, (), "0", None),
        (("90m", "2d"), revisits.DEFAULT_AGES, "0", "90 minutes"),
        (("90m", "2d"), revisits.DEFAULT_AGES, "2 hours", "2 days"),
        ((), revisits.DEFAULT_AGES, "0", None),
    ],
)
@pytest.mark.parametrize("state", [STORY, STORY.replace("Five", "Six")], ids=["unchanged", "updated"])
def test_an_article_is_looked_at_again_at_its_ages_however_it_changed(
    desk: str, own: tuple[str, ...] | None, ages: tuple[timedelta, ...], found: str, due: str | None, state: str
) -> None:
    source = Source(
        "times", "The Times", "https://times.example/", revisit=own if own is None else revisits.read_ages(own)
    )
    with transaction(desk) as cursor:
        source_store.save_sources(cursor, [source], complete=True)
        assert source_store.read_sources(cursor)["times"] == source
        assert to_definition(source).get("revisit") == (own if own is None else list(own))
    publish(desk, 0)
    rows(desk, "UPDATE ops.frontier SET first_found_at = now() - %s::interval", found)
    publish(desk, 1, state, ages=ages)
    (row,) = rows(
        desk, "SELECT next_visit_at - first_found_at = %s::interval AS as_told, next_visit_at FROM ops.frontier", due
    )
    assert row["as_told"] if due else row["next_visit_at"] is None


def test_the_migration_tells_of_the_versions_that_are_there_what_sql_can(dsn: str) -> None:
    with transaction(dsn) as cursor:
        source_store.save_sources(cursor, [Source("times", "The Times", "https://times.example/")], complete=True)
    publish(dsn, 0)
    publish(dsn, 2, STORY.replace("Five people", "Six people and a dog"), "Ferry freed")
    told = rows(dsn, "SELECT changed, words_added, words_removed FROM news.article_version ORDER BY version")
    _without_0015(dsn)
    assert migrate.migrate(dsn)
    assert rows(dsn, "SELECT changed, words_added, words_removed FROM news.article_version ORDER BY version") == told
    assert rows(dsn, "SELECT diff FROM news.article_version") == [{"diff": None}] * 2
    with transaction(dsn) as cursor:
        (article,) = rows(dsn, "SELECT article_id FROM news.article")
        assert [row["version"] for row in versions.of_article(cursor, article["article_id"])] == [1, 2]


def _without_0015(dsn: str) -> None:
    connection = psycopg2.connect(dsn)
    with connection, connection.cursor() as cursor:
        cursor.execute("DROP VIEW news.article_change, news.source_correction")
        cursor.execute("DROP FUNCTION ops.next_revisit")
        cursor.execute("DROP INDEX news.article_version_seen")
        for column in ("changed", "words_added", "words_removed", "diff"):
            cursor.execute(f"ALTER TABLE news.article_version DROP COLUMN {column}")
        cursor.execute("DELETE FROM newsdesk_migration WHERE name LIKE '0015%'")
    connection.close()


def test_every_column_of_the_new_tables_is_described(dsn: str) -> None:
    bare = rows(
        dsn,
        """
        SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'news'::regnamespace AND c.relname IN ('article_version', 'article_change', 'source_correction')
          AND c.relkind IN ('r', 'v') AND a.attnum > 0 AND NOT a.attisdropped AND col_description(c.oid, a.attnum) IS NULL
        """,
    )
    assert bare == []
