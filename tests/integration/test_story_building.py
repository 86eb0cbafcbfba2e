"""Stories in the database: placed by a run, published with it, kept when killed, changes logged. Real PostgreSQL."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest

from arrivals import arrive, publish
from events import ASHORE, BRIDGES, DAM, DAYS, FERRY, FIRE, MONDAY, ask, decide, page, pages, parts, run, stories
from newsdesk.deduplication import deduplicate_documents
from newsdesk.store.database import transaction
from newsdesk.story_building import build_stories


def test_articles_of_one_event_get_one_story_with_its_counts(dsn: str) -> None:
    run(
        dsn, "one",
        page("times", "f", FERRY[0], 1, title="Ferry aground"), page("post", "f", FERRY[1], 2, title="Lifeboats out"),
        page("echo", "f", FERRY[2], 3), *pages(DAM, "d"), page("echo", "x", FIRE),
    )  # fmt: skip
    assert parts(stories(dsn)) == {
        frozenset({"times/f", "post/f", "echo/f"}), frozenset({"times/d-0", "times/d-1", "times/d-2"}), frozenset({"echo/x"}),
    }  # fmt: skip
    (ferry,) = ask(
        dsn,
        """
        SELECT s.articles, s.texts, s.outlets, s.language, s.first_published_at, s.last_published_at, s.title = a.title
        FROM news.story AS s JOIN news.article AS a ON a.article_id = s.title_article_id WHERE outlets = 3
        """,
    )
    assert ferry[:6] == (3, 3, 3, "en", MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=3))


def test_a_later_run_adds_to_the_story_that_is_there(dsn: str) -> None:
    run(dsn, "one", *pages(FERRY[:1], "f"), *pages(DAM, "d"))
    before = stories(dsn)
    run(dsn, "two", *pages(FERRY[1:2], "f", "post", 5))
    after = stories(dsn)
    assert after["post/f-0"] == before["times/f-0"]
    assert {name: after[name] for name in before} == before
    assert ask(dsn, "SELECT count(*) FROM news.story_change") == [(0,)]


@pytest.mark.parametrize("runs_of", [[[0, 1, 2, 3]], [[3, 2, 1, 0]], [[3], [2], [0, 1]], [[2, 0], [1, 3]]], ids=str)
def test_of_articles_told_at_the_same_time_the_address_decides_and_not_who_came_first(
    dsn: str, runs_of: list[list[int]]
) -> None:
    same_time = [
        page("times", "f", FERRY[0], title="A"), page("echo", "f", FERRY[1], title="B"),
        page("times", "d", DAM[0], title="C"), page("post", "d", DAM[0] + " Now.", title="D"),
    ]  # fmt: skip
    for number, some in enumerate(runs_of):
        run(dsn, str(number), *(same_time[place] for place in some))
    assert {title for (title,) in ask(dsn, "SELECT title FROM news.story")} == {"B", "D"}


def test_a_reprint_is_no_further_text_and_is_in_its_originals_story(dsn: str) -> None:
    run(dsn, "one", *pages([" ".join(FERRY)], "f"))
    run(dsn, "two", *pages([" ".join(FERRY)], "f", "post", 5), *pages(DAM, "d"))
    found = stories(dsn)
    assert found["times/f-0"] == found["post/f-0"]
    assert ask(dsn, f"SELECT articles, texts, outlets FROM news.story WHERE story_id = {found['times/f-0']}") == [
        (2, 1, 2)
    ]
    assert ask(dsn, "SELECT count(*) FROM ops.story_member") == [(4,)]


def test_an_original_that_comes_after_its_reprint_takes_over_the_story(dsn: str) -> None:
    run(dsn, "one", *pages([" ".join(FERRY)], "f", hours=5))
    before = stories(dsn)
    run(dsn, "two", *pages([" ".join(FERRY)], "f", "post", 0))
    assert set(stories(dsn).values()) == set(before.values())
    assert ask(dsn, "SELECT count(*) FROM news.story_change") == [(0,)]


def test_an_article_that_is_about_something_else_now_leaves_its_story(dsn: str) -> None:
    run(dsn, "one", *pages(FERRY, "f"), *pages(DAM, "d"))
    before = stories(dsn)
    run(dsn, "two", page("times", "f-2", DAM[0].replace("begun", "started") + " " + DAM[2]))
    after = stories(dsn)
    assert after["times/f-2"] == before["times/d-0"]
    assert {name: after[name] for name in before if name != "times/f-2"} == {
        name: story for name, story in before.items() if name != "times/f-2"
    }
    (change,) = ask(dsn, "SELECT kind, from_story_id, to_story_id, cardinality(article_ids) FROM news.story_change")
    assert change == ("moved", before["times/f-0"], before["times/d-0"], 1)
    assert ask(dsn, f"SELECT articles FROM news.story WHERE story_id = {before['times/f-0']}") == [(2,)]


def test_stories_that_turn_out_to_be_one_are_merged_and_logged(dsn: str) -> None:
    run(dsn, "one", *pages(FERRY[:1], "a"), *pages([ASHORE], "b"), *pages(DAM, "d"))
    before = stories(dsn)
    assert before["times/a-0"] != before["times/b-0"]
    run(dsn, "two", *pages(BRIDGES, "c", "post", 2))
    after = stories(dsn)
    assert after["times/a-0"] == after["times/b-0"] == after["post/c-0"]
    gone = ({before["times/a-0"], before["times/b-0"]} - {after["times/a-0"]}).pop()
    assert ask(dsn, "SELECT kind, from_story_id, to_story_id FROM news.story_change") == [
        ("merged", gone, after["times/a-0"])
    ]
    assert ask(dsn, f"SELECT count(*) FROM news.story WHERE story_id = {gone}") == [(0,)]
    assert ask(dsn, f"SELECT went_into FROM ops.story WHERE story_id = {gone}") == [(after["times/a-0"],)]


def test_languages_are_kept_apart(dsn: str) -> None:
    run(dsn, "one", page("times", "en", FERRY[0]), page("post", "fr", FERRY[1], language="fr"))
    assert len(set(stories(dsn).values())) == 2


def test_what_is_older_than_the_window_is_another_story_and_is_not_read(dsn: str) -> None:
    run(dsn, "one", *pages(FERRY[:1], "f"), *pages(DAM, "d"))
    run(dsn, "two", *pages(FERRY[1:2], "f", "post", 24 * 8))
    found = stories(dsn)
    assert found["times/f-0"] != found["post/f-0"]


def test_a_run_that_spans_months_is_placed_in_slices(dsn: str) -> None:
    spread = [
        page("times", f"{week}-{n}", f"{body} Week {week} of it.", week * 24 * 10 + n)
        for week in range(6)
        for n, body in enumerate(FERRY)
    ]
    run(dsn, "one", *spread)
    found = stories(dsn)
    assert len(set(found.values())) >= 6
    assert found["times/0-0"] == found["times/0-1"] != found["times/5-0"] == found["times/5-1"]


def test_the_same_work_again_changes_nothing(dsn: str) -> None:
    run_id = arrive(dsn, [*pages(FERRY, "f"), *pages(DAM, "d")], "one")
    assert decide(dsn, run_id)["placed_in_stories"] == 6
    state = "SELECT article_id, story_id FROM ops.story_member ORDER BY 1"
    before = ask(dsn, state)
    assert decide(dsn, run_id)["placed_in_stories"] == 0
    assert ask(dsn, state) == before
    publish(dsn, run_id)
    visible = stories(dsn)
    publish(dsn, run_id)
    assert stories(dsn) == visible
    assert len(ask(dsn, "SELECT 1 FROM news.story")) == 2


def test_a_step_that_was_killed_gives_the_same_ids_when_it_runs_again(dsn: str) -> None:
    run_id = arrive(dsn, [*pages(FERRY, "f"), *pages(DAM, "d")], "one")
    state = "SELECT article_id, story_id FROM ops.story_member ORDER BY 1"
    with contextlib.suppress(KeyboardInterrupt), transaction(dsn) as cursor:
        deduplicate_documents(cursor, run_id)
        build_stories(cursor, run_id, DAYS)
        cursor.execute(state)
        first = cursor.fetchall()
        raise KeyboardInterrupt
    assert ask(dsn, state) == []
    decide(dsn, run_id)
    assert ask(dsn, state) == first


def test_articles_from_before_there_were_stories_are_grouped_by_the_first_run_if_they_are_recent(dsn: str) -> None:
    now = (datetime.now(UTC) - MONDAY).total_seconds() / 3600
    run_id = arrive(dsn, [*pages(FERRY[:1], "f", hours=now - 24), *pages(DAM[:1], "d", hours=0)], "old")
    with transaction(dsn) as cursor:
        deduplicate_documents(cursor, run_id)
    publish(dsn, run_id)
    assert set(stories(dsn).values()) == {None}
    run(dsn, "new", *pages(FERRY[1:2], "f", "post", now - 20), page("echo", "x", FIRE, now - 20))
    found = stories(dsn)
    assert found["times/f-0"] == found["post/f-0"] is not None
    assert found["times/d-0"] is None
