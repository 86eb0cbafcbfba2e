"""Late-found twins: two articles of which a later visit shows that they are one. Real PostgreSQL, no network."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import pytest

from arrivals import Arrival, arrive, deduplicate, publish, rows
from newsdesk.store.database import transaction
from newsdesk.store.publish import publish_run

A, B, C = (f"https://times.example/{slug}" for slug in ("storm-hits-coast", "2024/05/storm", "print/storm"))
OTHER = "https://post.example/storm-on-the-coast"
STORM = " ".join(
    f"In part {n} of the county the storm took {n + 3} roofs, closed road {n * 7} and left {n * 11} homes without light."
    for n in range(1, 12)
)
COUNCIL = " ".join(
    f"Councillor number {n} asked whether item {n * 5} of the budget for schools would be kept until year {2030 + n}."
    for n in range(1, 12)
)


def at(url: str, body: str = STORM, **told: Any) -> Arrival:
    """A page as a run found it; `told`: fields of Arrival."""
    return Arrival(url, body, **told)


def visit(dsn: str, pages: Sequence[Arrival], key: str) -> int:
    """A run whose pages are fetched, extracted and enriched, each with a name; returns its id."""
    run_id = arrive(dsn, pages, key)
    rows(
        dsn,
        """
        WITH document AS (SELECT v.document_id FROM ops.visit AS v JOIN ops.batch AS b USING (batch_id) WHERE b.run_id = %s),
        entity AS (
            INSERT INTO ops.document_entity (document_id, entity_id, type, name, mentions, first_pos, in_title)
            SELECT document_id, '11111111-1111-1111-1111-111111111111', 'LOC', 'In', 1, 0, false FROM document)
        INSERT INTO ops.mention (document_id, start_pos, end_pos, type, text, entity_id)
        SELECT document_id, 0, 2, 'LOC', 'In', '11111111-1111-1111-1111-111111111111' FROM document
        """,
        run_id,
    )
    return run_id


def run(dsn: str, *pages: Arrival, key: str) -> dict[str, int]:
    run_id = visit(dsn, pages, key)
    deduplicate(dsn, run_id)
    return publish(dsn, run_id)


def article_ids(dsn: str) -> dict[str, int]:
    return {row["url"]: row["article_id"] for row in rows(dsn, "SELECT url, article_id FROM news.article")}


def statuses(dsn: str) -> dict[str, tuple[str, int]]:
    return {row["url"]: (row["outcome"], row["article_id"]) for row in rows(dsn, "SELECT * FROM news.url_status")}


def assert_all_adds_up(dsn: str) -> None:
    """What must hold whatever happened: no dangling reference, groups counted right, one primary each."""
    assert (
        rows(
            dsn, "SELECT article_id FROM news.url_status WHERE article_id NOT IN (SELECT article_id FROM news.article)"
        )
        == []
    )
    assert rows(
        dsn,
        """
        SELECT c.cluster_id FROM news.cluster AS c LEFT JOIN news.article AS a USING (cluster_id) GROUP BY c.cluster_id
        HAVING count(a.article_id) <> c.size OR count(DISTINCT a.source_id) <> c.outlets OR count(*) FILTER (WHERE a.is_primary) <> 1
            OR min(a.article_id) FILTER (WHERE a.is_primary) <> c.primary_article_id
        """,
    ) == []  # fmt: skip
    assert rows(dsn, "SELECT article_id FROM news.article EXCEPT SELECT article_id FROM ops.article") == []
    assert (
        rows(
            dsn,
            "SELECT article_id FROM news.article WHERE (SELECT count(*) FROM news.article_version AS v WHERE v.article_id = article.article_id) <> version",
        )
        == []
    )
    for table in ("ops.fingerprint", "ops.article_key", "news.mention", "news.article_entity"):
        assert (
            rows(dsn, f"SELECT article_id FROM {table} WHERE article_id NOT IN (SELECT article_id FROM news.article)")
            == []
        )


LATER = {
    "the younger redirects to the older": at(B, final_url=A),
    "the older redirects to the younger": at(A, final_url=B),
    "the younger names the older": at(B, canonical=A),
    "the older names the younger": at(A, canonical=B),
}


@pytest.mark.parametrize("later", LATER.values(), ids=LATER.keys())
def test_a_later_visit_joins_two_articles_into_the_older(dsn: str, later: Arrival) -> None:
    run(dsn, at(A), at(B), key="first")
    before = article_ids(dsn)
    assert before.keys() == {A, B}
    counts = run(dsn, later, key="second")
    assert article_ids(dsn) == {A: before[A]}
    assert statuses(dsn)[B] == ("duplicate_url", before[A])
    assert sum(counts.values()) == 1
    assert [(c["size"], c["outlets"]) for c in rows(dsn, "SELECT * FROM news.cluster")] == [(1, 1)]
    assert_all_adds_up(dsn)


def test_a_twin_that_was_its_groups_first_leaves_the_group_to_the_others(dsn: str) -> None:
    run(dsn, at(A), key="first")
    run(dsn, at(OTHER, published="2024-04-30T12:00Z"), key="second")
    run(dsn, at(B), key="third")
    ids = article_ids(dsn)
    clusters = "SELECT cluster_id, size, outlets FROM news.cluster"
    assert rows(dsn, clusters) == [{"cluster_id": ids[OTHER], "size": 3, "outlets": 2}]
    run(dsn, at(OTHER, final_url=A, published="2024-04-30T12:00Z"), key="fourth")
    assert article_ids(dsn) == {A: ids[A], B: ids[B]}
    # published together: the address that sorts first names the group
    assert rows(dsn, clusters) == [{"cluster_id": ids[B], "size": 2, "outlets": 1}]
    assert statuses(dsn)[OTHER] == ("duplicate_url", ids[A])
    assert_all_adds_up(dsn)


def test_a_twin_within_a_group_is_no_longer_counted_in_it(dsn: str) -> None:
    run(dsn, at(A), at(B), at(OTHER), key="first")
    ids = article_ids(dsn)
    run(dsn, at(B, canonical=A), key="second")
    assert rows(dsn, "SELECT cluster_id, size, outlets FROM news.cluster") == [
        {"cluster_id": ids[OTHER], "size": 2, "outlets": 2}
    ]
    assert_all_adds_up(dsn)


def test_all_addresses_of_a_twin_lead_to_the_survivor(dsn: str) -> None:
    run(dsn, at(A), at(B), key="first")
    run(dsn, at(C, canonical=B), key="second")
    ids = article_ids(dsn)
    assert statuses(dsn)[C] == ("duplicate_url", ids[B])
    run(dsn, at(B, final_url=A), key="third")
    assert statuses(dsn) == {A: ("published", ids[A]), B: ("duplicate_url", ids[A]), C: ("duplicate_url", ids[A])}
    run(dsn, at(C, canonical=B), key="fourth")
    assert article_ids(dsn) == {A: ids[A]}
    assert statuses(dsn)[C] == ("duplicate_url", ids[A])
    assert rows(dsn, "SELECT url FROM ops.frontier WHERE next_visit_at IS NOT NULL AND outcome = 'duplicate_url'") == []
    assert_all_adds_up(dsn)


def test_killed_before_publish_and_run_again_it_ends_the_same(dsn: str) -> None:
    run(dsn, at(A), at(B), key="first")
    ids = article_ids(dsn)
    run_id = visit(dsn, [at(B, final_url=A)], "second")
    assert deduplicate(dsn, run_id)["joined"] == 1
    # dead here: analysts see what they saw
    assert article_ids(dsn) == ids
    assert set(deduplicate(dsn, run_id).values()) == {0}
    with contextlib.suppress(ZeroDivisionError), transaction(dsn) as cursor:
        publish_run(cursor, run_id)
        raise ZeroDivisionError  # and here, at the end of publish
    assert article_ids(dsn) == ids
    assert publish(dsn, run_id) == {"duplicate_url": 1}
    assert article_ids(dsn) == {A: ids[A]}
    after = (statuses(dsn), rows(dsn, "SELECT * FROM news.cluster"), rows(dsn, "SELECT * FROM ops.twin"))
    assert publish(dsn, run_id) == {"duplicate_url": 1}
    assert (statuses(dsn), rows(dsn, "SELECT * FROM news.cluster"), rows(dsn, "SELECT * FROM ops.twin")) == after
    assert_all_adds_up(dsn)


def test_a_twin_that_was_still_under_way_is_never_published(dsn: str) -> None:
    run(dsn, at(A), key="first")
    dead = visit(dsn, [at(B)], "dead")
    deduplicate(dsn, dead)
    counts = run(dsn, at(A, canonical=B), key="second")
    assert sum(counts.values()) == 1
    assert publish(dsn, dead) == {"duplicate_url": 1}
    ids = article_ids(dsn)
    assert ids.keys() == {A}
    assert statuses(dsn)[B] == ("duplicate_url", ids[A])
    assert_all_adds_up(dsn)


def test_twins_in_a_chain_end_at_one_article(dsn: str) -> None:
    run(dsn, at(A), at(B), at(C), key="first")
    ids = article_ids(dsn)
    second = visit(dsn, [at(C, canonical=B)], "second")
    deduplicate(dsn, second)
    third = visit(dsn, [at(B, canonical=A)], "third")
    deduplicate(dsn, third)
    publish(dsn, third)
    publish(dsn, second)
    assert article_ids(dsn) == {A: ids[A]}
    assert {status[1] for status in statuses(dsn).values()} == {ids[A]}
    assert_all_adds_up(dsn)


def test_another_text_is_another_article_whatever_the_template_names(dsn: str) -> None:
    run(dsn, at(A), at(B, COUNCIL), key="first")
    run(dsn, at(B, COUNCIL, canonical=A), key="second")
    assert article_ids(dsn).keys() == {A, B}
    assert_all_adds_up(dsn)


def test_an_address_that_now_redirects_to_another_story_takes_no_article_with_it(dsn: str) -> None:
    run(dsn, at(A), at(B, COUNCIL), key="first")
    ids = article_ids(dsn)
    run(dsn, at(B, STORM, final_url=A), key="second")
    assert article_ids(dsn) == ids
    assert statuses(dsn)[B] == ("duplicate_url", ids[A])
    assert rows(dsn, "SELECT max(version) AS version FROM news.article") == [{"version": 1}]
    assert_all_adds_up(dsn)


def test_a_wrong_rel_canonical_does_not_swallow_the_article_that_it_names(dsn: str) -> None:
    run(dsn, at(A, canonical=B), key="first")
    run(dsn, at(B, COUNCIL), key="second")
    ids = article_ids(dsn)
    assert ids.keys() == {A, B}
    run(dsn, at(B, COUNCIL + " And more was said."), key="third")
    assert statuses(dsn)[B] == ("updated", ids[B])
    assert_all_adds_up(dsn)


def test_a_right_rel_canonical_is_believed_before_its_page_was_ever_seen(dsn: str) -> None:
    run(dsn, at(A, canonical=B), key="first")
    run(dsn, at(B), key="second")
    ids = article_ids(dsn)
    assert ids.keys() == {A}
    assert statuses(dsn)[B] == ("duplicate_url", ids[A])
    assert_all_adds_up(dsn)
