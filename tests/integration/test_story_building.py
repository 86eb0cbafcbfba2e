"""Stories in the database: placed by a run, published with it, kept when killed, changes logged. Real PostgreSQL."""

from __future__ import annotations

import contextlib
import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from psycopg2.extras import Json

from databases import fresh_database
from newsdesk import urls
from newsdesk.deduplication import deduplicate_documents
from newsdesk.local.newsroom import stories as newsroom_stories
from newsdesk.store import articles, runs
from newsdesk.store.database import Cursor, transaction
from newsdesk.store.publish import publish_run
from newsdesk.store.stories import publish as publish_stories
from newsdesk.story_building import build_stories
from newsdesk.story_retelling import retell_stories

FERRY = (
    "A ferry with 212 passengers ran aground off Brackwater on Monday night, and 14 people were taken to hospital.",
    "Fourteen hurt as Brackwater ferry hits a sandbank; all 212 passengers were brought ashore by lifeboats.",
    "Lifeboat crews worked until dawn to empty the ferry that ran onto a sandbank near Brackwater harbour.",
)
ASHORE = "Lifeboat crews worked until dawn to empty a vessel that lay on the sand, the coast guard in Otterby said."
BRIDGES = (
    "The ferry off Brackwater lay on the sand until dawn; lifeboat crews and the coast guard in Otterby worked to empty it of its 212 passengers, of whom 14 were taken to hospital.",
    "Passengers of the vessel that ran aground on Monday night off Brackwater, the coast guard said in Otterby, waited on the sand while lifeboat crews worked; 14 people are in hospital.",
)
DAM = (
    "Engineers have begun to lower the water behind the Hollin dam after a crack 30 metres long was found.",
    "The crack in the Hollin dam is no danger to the valley, its operator says, while the water is lowered.",
    "Residents below the Hollin dam were told to leave their homes as engineers looked at the crack in it.",
)
FIRE = "Firefighters from five towns fought a blaze in the Aldermoor timber yard; smoke closed the railway line to Otterby."
MONDAY = datetime(2024, 5, 6, 12, tzinfo=UTC)
DAYS = 7.0


@dataclass(frozen=True)
class Page:
    source: str
    slug: str
    body: str
    hours: float = 0.0  # after MONDAY
    language: str = "en"
    title: str | None = None

    @property
    def url(self) -> str:
        return f"https://{self.source}.example/{self.slug}"


@pytest.fixture
def desk(dsn: str) -> str:
    add_sources(dsn)
    return dsn


def add_sources(dsn: str) -> None:
    with transaction(dsn) as cursor:
        for source in ("times", "post", "echo"):
            cursor.execute("INSERT INTO ops.source (source_id, definition, enabled) VALUES (%s, '{}', true)", (source,))
            cursor.execute(
                "INSERT INTO news.source (source_id, name, homepage) VALUES (%s, %s, %s)",
                (source, source, f"https://{source}.example/"),
            )


def visit(dsn: str, key: str, pages: Sequence[Page]) -> int:
    """A run whose pages are fetched, extracted and enriched; returns its id."""
    with transaction(dsn) as cursor:
        run_id = runs.open_run(cursor, key, "cli", [], None)
        batch_id = _one(
            cursor, "INSERT INTO ops.batch (run_id, hosts, urls) VALUES (%s, '{}', 1) RETURNING batch_id", run_id
        )
        for page in pages:
            url_id = _one(
                cursor,
                """
                INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at)
                VALUES (%s, %s, %s, %s, now(), now()) ON CONFLICT (url_key) DO UPDATE SET last_found_at = now() RETURNING url_id
                """,
                urls.canonical_key(page.url), page.url, urls.host(page.url), page.source,
            )  # fmt: skip
            digest = hashlib.sha256(page.body.encode()).digest()
            capture_id = _one(
                cursor,
                """
                INSERT INTO ops.capture (url_id, batch_id, final_url, status, headers, digest, size, fetched_at, elapsed_ms,
                    warc_file, warc_offset, warc_length)
                VALUES (%s, %s, %s, 200, '{}', %s, 1, now(), 1, 'x', 0, 1) RETURNING capture_id
                """,
                url_id, batch_id, page.url, digest,
            )  # fmt: skip
            document_id = _one(
                cursor,
                """
                INSERT INTO ops.document (url_id, capture_id, extractor, title, body, body_digest, authors, language,
                    published_at, published_precision, tags, word_count, provenance)
                VALUES (%s, %s, 'test', %s, %s, %s, '{}', %s, %s, 'second', '{}', 9, %s) RETURNING document_id
                """,
                url_id, capture_id, page.title, page.body, digest, page.language,
                MONDAY + timedelta(hours=page.hours), Json({}),
            )  # fmt: skip
            cursor.execute(
                """
                INSERT INTO ops.visit (batch_id, url_id, capture_id, document_id, fetched_at, extracted_at, enriched_at)
                VALUES (%s, %s, %s, %s, now(), now(), now())
                """,
                (batch_id, url_id, capture_id, document_id),
            )
    return run_id


def _one(cursor: Cursor, sql: str, *values: Any) -> int:
    cursor.execute(sql, values)
    return int(cursor.fetchone()[0])  # type: ignore[index]


def decide(dsn: str, run_id: int) -> dict[str, int]:
    with transaction(dsn) as cursor:
        return {**deduplicate_documents(cursor, run_id), **build_stories(cursor, run_id, DAYS)}


def publish(dsn: str, run_id: int) -> None:
    with transaction(dsn) as cursor:
        articles.take_turn(cursor)
        publish_run(cursor, run_id)


def run(dsn: str, key: str, *pages: Page) -> dict[str, int]:
    run_id = visit(dsn, key, pages)
    counts = decide(dsn, run_id)
    publish(dsn, run_id)
    return counts


def ask(dsn: str, sql: str) -> list[tuple[Any, ...]]:
    with transaction(dsn) as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def stories(dsn: str) -> dict[str, int]:
    """Source and slug of each visible article → its story."""
    return {
        url.removeprefix("https://").replace(".example", ""): story
        for url, story in ask(dsn, "SELECT url, story_id FROM news.article")
    }


def parts(found: dict[str, int]) -> set[frozenset[str]]:
    return {frozenset(name for name, story in found.items() if story == one) for one in set(found.values())}


def pages(bodies: Iterable[str], slug: str, source: str = "times", hours: float = 0.0) -> list[Page]:
    return [Page(source, f"{slug}-{n}", body, hours + n) for n, body in enumerate(bodies)]


def test_articles_of_one_event_get_one_story_with_its_counts(desk: str) -> None:
    run(
        desk, "one",
        Page("times", "f", FERRY[0], 1, title="Ferry aground"), Page("post", "f", FERRY[1], 2, title="Lifeboats out"),
        Page("echo", "f", FERRY[2], 3), *pages(DAM, "d"), Page("echo", "x", FIRE),
    )  # fmt: skip
    assert parts(stories(desk)) == {
        frozenset({"times/f", "post/f", "echo/f"}), frozenset({"times/d-0", "times/d-1", "times/d-2"}), frozenset({"echo/x"}),
    }  # fmt: skip
    (ferry,) = ask(
        desk,
        """
        SELECT s.articles, s.texts, s.outlets, s.language, s.first_published_at, s.last_published_at, s.title = a.title
        FROM news.story AS s JOIN news.article AS a ON a.article_id = s.title_article_id WHERE outlets = 3
        """,
    )
    assert ferry[:6] == (3, 3, 3, "en", MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=3))


def test_a_later_run_adds_to_the_story_that_is_there(desk: str) -> None:
    run(desk, "one", *pages(FERRY[:1], "f"), *pages(DAM, "d"))
    before = stories(desk)
    run(desk, "two", *pages(FERRY[1:2], "f", "post", 5))
    after = stories(desk)
    assert after["post/f-0"] == before["times/f-0"]
    assert {name: after[name] for name in before} == before
    assert ask(desk, "SELECT count(*) FROM news.story_change") == [(0,)]


@pytest.mark.parametrize("runs_of", [[[0, 1, 2, 3]], [[3, 2, 1, 0]], [[3], [2], [0, 1]], [[2, 0], [1, 3]]], ids=str)
def test_of_articles_told_at_the_same_time_the_address_decides_and_not_who_came_first(
    desk: str, runs_of: list[list[int]]
) -> None:
    same_time = [
        Page("times", "f", FERRY[0], title="A"), Page("echo", "f", FERRY[1], title="B"),
        Page("times", "d", DAM[0], title="C"), Page("post", "d", DAM[0] + " Now.", title="D"),
    ]  # fmt: skip
    for number, some in enumerate(runs_of):
        run(desk, str(number), *(same_time[place] for place in some))
    assert {title for (title,) in ask(desk, "SELECT title FROM news.story")} == {"B", "D"}


def test_a_reprint_is_no_further_text_and_is_in_its_originals_story(desk: str) -> None:
    run(desk, "one", *pages([" ".join(FERRY)], "f"))
    run(desk, "two", *pages([" ".join(FERRY)], "f", "post", 5), *pages(DAM, "d"))
    found = stories(desk)
    assert found["times/f-0"] == found["post/f-0"]
    assert ask(desk, f"SELECT articles, texts, outlets FROM news.story WHERE story_id = {found['times/f-0']}") == [
        (2, 1, 2)
    ]
    assert ask(desk, "SELECT count(*) FROM ops.story_member") == [(4,)]


def test_an_original_that_comes_after_its_reprint_takes_over_the_story(desk: str) -> None:
    run(desk, "one", *pages([" ".join(FERRY)], "f", hours=5))
    before = stories(desk)
    run(desk, "two", *pages([" ".join(FERRY)], "f", "post", 0))
    assert set(stories(desk).values()) == set(before.values())
    assert ask(desk, "SELECT count(*) FROM news.story_change") == [(0,)]


def test_an_article_that_is_about_something_else_now_leaves_its_story(desk: str) -> None:
    run(desk, "one", *pages(FERRY, "f"), *pages(DAM, "d"))
    before = stories(desk)
    run(desk, "two", Page("times", "f-2", DAM[0].replace("begun", "started") + " " + DAM[2]))
    after = stories(desk)
    assert after["times/f-2"] == before["times/d-0"]
    assert {name: after[name] for name in before if name != "times/f-2"} == {
        name: story for name, story in before.items() if name != "times/f-2"
    }
    (change,) = ask(desk, "SELECT kind, from_story_id, to_story_id, cardinality(article_ids) FROM news.story_change")
    assert change == ("moved", before["times/f-0"], before["times/d-0"], 1)
    assert ask(desk, f"SELECT articles FROM news.story WHERE story_id = {before['times/f-0']}") == [(2,)]


def test_stories_that_turn_out_to_be_one_are_merged_and_logged(desk: str) -> None:
    run(desk, "one", *pages(FERRY[:1], "a"), *pages([ASHORE], "b"), *pages(DAM, "d"))
    before = stories(desk)
    assert before["times/a-0"] != before["times/b-0"]
    run(desk, "two", *pages(BRIDGES, "c", "post", 2))
    after = stories(desk)
    assert after["times/a-0"] == after["times/b-0"] == after["post/c-0"]
    gone = ({before["times/a-0"], before["times/b-0"]} - {after["times/a-0"]}).pop()
    assert ask(desk, "SELECT kind, from_story_id, to_story_id FROM news.story_change") == [
        ("merged", gone, after["times/a-0"])
    ]
    assert ask(desk, f"SELECT count(*) FROM news.story WHERE story_id = {gone}") == [(0,)]
    assert ask(desk, f"SELECT went_into FROM ops.story WHERE story_id = {gone}") == [(after["times/a-0"],)]


def test_languages_are_kept_apart(desk: str) -> None:
    run(desk, "one", Page("times", "en", FERRY[0]), Page("post", "fr", FERRY[1], language="fr"))
    assert len(set(stories(desk).values())) == 2


def test_what_is_older_than_the_window_is_another_story_and_is_not_read(desk: str) -> None:
    run(desk, "one", *pages(FERRY[:1], "f"), *pages(DAM, "d"))
    run(desk, "two", *pages(FERRY[1:2], "f", "post", 24 * 8))
    found = stories(desk)
    assert found["times/f-0"] != found["post/f-0"]


def test_a_run_that_spans_months_is_placed_in_slices(desk: str) -> None:
    spread = [
        Page("times", f"{week}-{n}", body, week * 24 * 10 + n) for week in range(6) for n, body in enumerate(FERRY)
    ]
    run(desk, "one", *(Page(p.source, p.slug, f"{p.body} Week {p.slug[0]} of it.", p.hours) for p in spread))
    found = stories(desk)
    assert len(set(found.values())) >= 6
    assert found["times/0-0"] == found["times/0-1"] != found["times/5-0"] == found["times/5-1"]


def test_the_same_work_again_changes_nothing(desk: str) -> None:
    run_id = visit(desk, "one", [*pages(FERRY, "f"), *pages(DAM, "d")])
    assert decide(desk, run_id)["placed_in_stories"] == 6
    state = "SELECT article_id, story_id FROM ops.story_member ORDER BY 1"
    before = ask(desk, state)
    assert decide(desk, run_id)["placed_in_stories"] == 0
    assert ask(desk, state) == before
    publish(desk, run_id)
    visible = stories(desk)
    publish(desk, run_id)
    assert stories(desk) == visible
    assert len(ask(desk, "SELECT 1 FROM news.story")) == 2


def test_a_step_that_was_killed_gives_the_same_ids_when_it_runs_again(desk: str) -> None:
    run_id = visit(desk, "one", [*pages(FERRY, "f"), *pages(DAM, "d")])
    state = "SELECT article_id, story_id FROM ops.story_member ORDER BY 1"
    with contextlib.suppress(KeyboardInterrupt), transaction(desk) as cursor:
        deduplicate_documents(cursor, run_id)
        build_stories(cursor, run_id, DAYS)
        cursor.execute(state)
        first = cursor.fetchall()
        raise KeyboardInterrupt
    assert ask(desk, state) == []
    decide(desk, run_id)
    assert ask(desk, state) == first


def test_articles_from_before_there_were_stories_are_grouped_by_the_first_run_if_they_are_recent(desk: str) -> None:
    now = (datetime.now(UTC) - MONDAY).total_seconds() / 3600
    run_id = visit(desk, "old", [*pages(FERRY[:1], "f", hours=now - 24), *pages(DAM[:1], "d", hours=0)])
    with transaction(desk) as cursor:
        deduplicate_documents(cursor, run_id)
    publish(desk, run_id)
    assert set(stories(desk).values()) == {None}
    run(desk, "new", *pages(FERRY[1:2], "f", "post", now - 20), Page("echo", "x", FIRE, now - 20))
    found = stories(desk)
    assert found["times/f-0"] == found["post/f-0"] is not None
    assert found["times/d-0"] is None


def retell(dsn: str) -> dict[str, int]:
    with transaction(dsn) as cursor:
        articles.take_turn(cursor)
        told = retell_stories(cursor, DAYS)
        cursor.execute("CREATE TEMPORARY TABLE publishing (article_id bigint) ON COMMIT DROP")
        cursor.execute("CREATE TEMPORARY TABLE regrouped (article_id bigint) ON COMMIT DROP")
        cursor.execute("CREATE TEMPORARY TABLE parting (article_id bigint, story_id bigint) ON COMMIT DROP")
        publish_stories(cursor)
        return told


EVERYTHING = [
    *pages([*FERRY, ASHORE, *BRIDGES], "ferry"), *pages(DAM, "dam", "post", 30), *pages([FIRE], "fire", "echo", 5),
    *pages(FERRY[:2], "again", "echo", 24 * 5), *pages(DAM[:1], "late", "times", 24 * 20),
]  # fmt: skip


def test_told_again_they_do_not_depend_on_the_runs_that_brought_them(template_dsn: str) -> None:
    """The made-up newspapers' stories, in one run and in portions of any order; among them are some near the threshold."""
    printed = [
        Page(("times", "post", "echo")[number % 3], str(number), story.text, hours=number, title=story.title)
        for number, story in enumerate(newsroom_stories.ALL)
    ]
    shown = "SELECT title, articles, texts, outlets, first_published_at, last_published_at FROM news.story ORDER BY 1, 2, 5, 6"
    as_they_came, told_again = set(), []
    for seed in range(4):
        chance = random.Random(seed)
        order = chance.sample(printed, len(printed)) if seed else printed
        cuts = sorted({0, len(order), *(chance.sample(range(1, len(order)), 4) if seed else ())})
        with fresh_database(template_dsn) as dsn:
            add_sources(dsn)
            for number, (start, stop) in enumerate(pairwise(cuts)):
                run(dsn, f"portion {number}", *order[start:stop])
            as_they_came.add(frozenset(parts(stories(dsn))))
            retell(dsn)
            told_again.append((parts(stories(dsn)), ask(dsn, shown)))
    assert len(as_they_came) > 1
    assert all(found == told_again[0] for found in told_again)


def test_told_again_they_keep_their_ids_and_a_second_time_changes_nothing(desk: str) -> None:
    run(desk, "1", *EVERYTHING)
    before = stories(desk)
    retell(desk)
    after, changes = stories(desk), ask(desk, "SELECT count(*) FROM news.story_change")
    assert len(set(after.values()) & set(before.values())) >= len(set(after.values())) - 1
    assert retell(desk) == {"retold_in_stories": 0}
    assert (stories(desk), ask(desk, "SELECT count(*) FROM news.story_change")) == (after, changes)


def test_told_again_a_story_that_lost_all_its_articles_says_where_they_went(desk: str) -> None:
    run(desk, "1", *pages(FERRY, "ferry"))
    with transaction(desk) as cursor:  # as another order of arrival might have left it
        cursor.execute(
            "INSERT INTO ops.story (story_id, language, typical_article_id) SELECT 900, 'en', max(article_id) FROM ops.story_member"
        )
        cursor.execute(
            "UPDATE ops.story_member SET story_id = 900 WHERE article_id = (SELECT max(article_id) FROM ops.story_member)"
        )
    run(desk, "2", *pages([FIRE], "fire", "post"))
    assert len(set(stories(desk).values())) == 3
    retell(desk)
    assert len(set(stories(desk).values())) == 2
    assert ask(desk, "SELECT went_into IS NOT NULL, typical_article_id FROM ops.story WHERE story_id = 900") == [
        (True, None)
    ]
    assert ask(desk, "SELECT kind, from_story_id FROM news.story_change ORDER BY 2 DESC LIMIT 1") == [("merged", 900)]
