"""Stories told again depend on the articles alone, and keep their ids. Real PostgreSQL."""

from __future__ import annotations

import random
from itertools import pairwise

from databases import fresh_database
from events import ASHORE, BRIDGES, DAM, DAYS, FERRY, FIRE, ask, page, pages, parts, run, stories
from newsdesk.local.newsroom import stories as newsroom_stories
from newsdesk.store import articles
from newsdesk.store.database import transaction
from newsdesk.store.stories import publish as publish_stories
from newsdesk.story_retelling import retell_stories


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
        page(("times", "post", "echo")[number % 3], str(number), story.text, hours=number, title=story.title)
        for number, story in enumerate(newsroom_stories.ALL)
    ]
    shown = "SELECT title, articles, texts, outlets, first_published_at, last_published_at FROM news.story ORDER BY 1, 2, 5, 6"
    as_they_came, told_again = set(), []
    for seed in range(4):
        chance = random.Random(seed)
        order = chance.sample(printed, len(printed)) if seed else printed
        cuts = sorted({0, len(order), *(chance.sample(range(1, len(order)), 4) if seed else ())})
        with fresh_database(template_dsn) as dsn:
            for number, (start, stop) in enumerate(pairwise(cuts)):
                run(dsn, f"portion {number}", *order[start:stop])
            as_they_came.add(frozenset(parts(stories(dsn))))
            retell(dsn)
            told_again.append((parts(stories(dsn)), ask(dsn, shown)))
    assert len(as_they_came) > 1
    assert all(found == told_again[0] for found in told_again)


def test_told_again_they_keep_their_ids_and_a_second_time_changes_nothing(dsn: str) -> None:
    run(dsn, "1", *EVERYTHING)
    before = stories(dsn)
    retell(dsn)
    after, changes = stories(dsn), ask(dsn, "SELECT count(*) FROM news.story_change")
    assert len(set(after.values()) & set(before.values())) >= len(set(after.values())) - 1
    assert retell(dsn) == {"retold_in_stories": 0}
    assert (stories(dsn), ask(dsn, "SELECT count(*) FROM news.story_change")) == (after, changes)


def test_told_again_a_story_that_lost_all_its_articles_says_where_they_went(dsn: str) -> None:
    run(dsn, "1", *pages(FERRY, "ferry"))
    with transaction(dsn) as cursor:  # as another order of arrival might have left it
        cursor.execute(
            "INSERT INTO ops.story (story_id, language, typical_article_id) SELECT 900, 'en', max(article_id) FROM ops.story_member"
        )
        cursor.execute(
            "UPDATE ops.story_member SET story_id = 900 WHERE article_id = (SELECT max(article_id) FROM ops.story_member)"
        )
    run(dsn, "2", *pages([FIRE], "fire", "post"))
    assert len(set(stories(dsn).values())) == 3
    retell(dsn)
    assert len(set(stories(dsn).values())) == 2
    assert ask(dsn, "SELECT went_into IS NOT NULL, typical_article_id FROM ops.story WHERE story_id = 900") == [
        (True, None)
    ]
    assert ask(dsn, "SELECT kind, from_story_id FROM news.story_change ORDER BY 2 DESC LIMIT 1") == [("merged", 900)]
