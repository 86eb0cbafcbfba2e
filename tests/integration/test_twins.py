"""Late-found twins: two articles of which a later visit shows that they are one. Real PostgreSQL, no network."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg2.extras
import pytest
from psycopg2.extras import Json

from newsdesk import urls
from newsdesk.deduplication import deduplicate_documents
from newsdesk.store import articles, runs
from newsdesk.store.database import Cursor, transaction
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


@dataclass(frozen=True)
class Visited:
    """A page as a run found it."""

    url: str
    body: str = STORM
    final_url: str | None = None
    canonical: str | None = None
    published: str = "2024-05-01T12:00Z"


@pytest.fixture
def desk(dsn: str) -> str:
    with transaction(dsn) as cursor:
        for source in ("times", "post"):
            cursor.execute("INSERT INTO ops.source (source_id, definition, enabled) VALUES (%s, '{}', true)", (source,))
            cursor.execute(
                "INSERT INTO news.source (source_id, name, homepage) VALUES (%s, %s, %s)",
                (source, source, f"https://{source}.example/"),
            )
    return dsn


def visit(dsn: str, pages: Sequence[Visited], key: str) -> int:
    """A run whose pages are fetched, extracted and enriched; returns its id."""
    with transaction(dsn) as cursor:
        run_id = runs.open_run(cursor, key, "cli", [], None)
        batch_id = _one(
            cursor,
            "INSERT INTO ops.batch (run_id, hosts, urls) VALUES (%s, '{}', %s) RETURNING batch_id",
            run_id,
            len(pages),
        )
        for page in pages:
            _visit_page(cursor, batch_id, page)
    return run_id


def _visit_page(cursor: Cursor, batch_id: int, page: Visited) -> None:
    source = "times" if "times" in page.url else "post"
    url_id = _one(
        cursor,
        """
        INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at)
        VALUES (%s, %s, %s, %s, now(), now()) ON CONFLICT (url_key) DO UPDATE SET last_found_at = now() RETURNING url_id
        """,
        urls.canonical_key(page.url), page.url, urls.host(page.url), source,
    )  # fmt: skip
    digest = hashlib.sha256(page.body.encode()).digest()
    capture_id = _one(
        cursor,
        """
        INSERT INTO ops.capture (url_id, batch_id, final_url, status, headers, digest, size, fetched_at, elapsed_ms, warc_file,
            warc_offset, warc_length)
        VALUES (%s, %s, %s, 200, '{}', %s, 1, now(), 1, 'x', 0, 1) RETURNING capture_id
        """,
        url_id, batch_id, page.final_url or page.url, digest,
    )  # fmt: skip
    document_id = _one(
        cursor,
        """
        INSERT INTO ops.document (url_id, capture_id, extractor, title, body, body_digest, authors, language, published_at,
            published_precision, canonical_url, tags, word_count, provenance)
        VALUES (%s, %s, 'test', 'A storm', %s, %s, '{}', 'en', %s, 'second', %s, '{}', 9, %s)
        RETURNING document_id
        """,
        url_id, capture_id, page.body, digest, page.published, page.canonical, Json({}),
    )  # fmt: skip
    cursor.execute(
        """
        WITH entity AS (
            INSERT INTO ops.document_entity (document_id, entity_id, type, name, mentions, first_pos, in_title)
            VALUES (%(doc)s, '11111111-1111-1111-1111-111111111111', 'LOC', 'In', 1, 0, false))
        INSERT INTO ops.mention (document_id, start_pos, end_pos, type, text, entity_id)
        VALUES (%(doc)s, 0, 2, 'LOC', 'In', '11111111-1111-1111-1111-111111111111')
        """,
        {"doc": document_id},
    )
    cursor.execute(
        """
        INSERT INTO ops.visit (batch_id, url_id, capture_id, document_id, fetched_at, extracted_at, enriched_at)
        VALUES (%s, %s, %s, %s, now(), now(), now())
        """,
        (batch_id, url_id, capture_id, document_id),
    )


def _one(cursor: Cursor, sql: str, *values: Any) -> int:
    cursor.execute(sql, values)
    found = cursor.fetchone()
    assert found is not None
    return int(found[0])


def deduplicate(dsn: str, run_id: int) -> dict[str, int]:
    with transaction(dsn) as cursor:
        return deduplicate_documents(cursor, run_id)


def publish(dsn: str, run_id: int, *, die: bool = False) -> dict[str, int]:
    with transaction(dsn) as cursor:
        articles.take_turn(cursor)
        counts = publish_run(cursor, run_id)
        if die:
            raise ZeroDivisionError
        return counts


def run(dsn: str, *pages: Visited, key: str) -> dict[str, int]:
    run_id = visit(dsn, pages, key)
    deduplicate(dsn, run_id)
    return publish(dsn, run_id)


def rows(dsn: str, sql: str) -> list[dict[str, Any]]:
    with transaction(dsn) as cursor, cursor.connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as dicts:
        dicts.execute(sql)
        return [dict(row) for row in dicts.fetchall()]


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
    "the younger redirects to the older": Visited(B, final_url=A),
    "the older redirects to the younger": Visited(A, final_url=B),
    "the younger names the older": Visited(B, canonical=A),
    "the older names the younger": Visited(A, canonical=B),
}


@pytest.mark.parametrize("later", LATER.values(), ids=LATER.keys())
def test_a_later_visit_joins_two_articles_into_the_older(desk: str, later: Visited) -> None:
    run(desk, Visited(A), Visited(B), key="first")
    before = article_ids(desk)
    assert before.keys() == {A, B}
    counts = run(desk, later, key="second")
    assert article_ids(desk) == {A: before[A]}
    assert statuses(desk)[B] == ("duplicate_url", before[A])
    assert sum(counts.values()) == 1
    assert [(c["size"], c["outlets"]) for c in rows(desk, "SELECT * FROM news.cluster")] == [(1, 1)]
    assert_all_adds_up(desk)


def test_a_twin_that_was_its_groups_first_leaves_the_group_to_the_others(desk: str) -> None:
    run(desk, Visited(A), key="first")
    run(desk, Visited(OTHER, published="2024-04-30T12:00Z"), key="second")
    run(desk, Visited(B), key="third")
    ids = article_ids(desk)
    clusters = "SELECT cluster_id, size, outlets FROM news.cluster"
    assert rows(desk, clusters) == [{"cluster_id": ids[OTHER], "size": 3, "outlets": 2}]
    run(desk, Visited(OTHER, final_url=A, published="2024-04-30T12:00Z"), key="fourth")
    assert article_ids(desk) == {A: ids[A], B: ids[B]}
    # published together: the address that sorts first names the group
    assert rows(desk, clusters) == [{"cluster_id": ids[B], "size": 2, "outlets": 1}]
    assert statuses(desk)[OTHER] == ("duplicate_url", ids[A])
    assert_all_adds_up(desk)


def test_a_twin_within_a_group_is_no_longer_counted_in_it(desk: str) -> None:
    run(desk, Visited(A), Visited(B), Visited(OTHER), key="first")
    ids = article_ids(desk)
    run(desk, Visited(B, canonical=A), key="second")
    assert rows(desk, "SELECT cluster_id, size, outlets FROM news.cluster") == [
        {"cluster_id": ids[OTHER], "size": 2, "outlets": 2}
    ]
    assert_all_adds_up(desk)


def test_all_addresses_of_a_twin_lead_to_the_survivor(desk: str) -> None:
    run(desk, Visited(A), Visited(B), key="first")
    run(desk, Visited(C, canonical=B), key="second")
    ids = article_ids(desk)
    assert statuses(desk)[C] == ("duplicate_url", ids[B])
    run(desk, Visited(B, final_url=A), key="third")
    assert statuses(desk) == {A: ("published", ids[A]), B: ("duplicate_url", ids[A]), C: ("duplicate_url", ids[A])}
    run(desk, Visited(C, canonical=B), key="fourth")
    assert article_ids(desk) == {A: ids[A]}
    assert statuses(desk)[C] == ("duplicate_url", ids[A])
    assert (
        rows(desk, "SELECT url FROM ops.frontier WHERE next_visit_at IS NOT NULL AND outcome = 'duplicate_url'") == []
    )
    assert_all_adds_up(desk)


def test_killed_before_publish_and_run_again_it_ends_the_same(desk: str) -> None:
    run(desk, Visited(A), Visited(B), key="first")
    ids = article_ids(desk)
    run_id = visit(desk, [Visited(B, final_url=A)], "second")
    assert deduplicate(desk, run_id)["joined"] == 1
    # dead here: analysts see what they saw
    assert article_ids(desk) == ids
    assert set(deduplicate(desk, run_id).values()) == {0}
    with pytest.raises(ZeroDivisionError):
        publish(desk, run_id, die=True)  # and here, at the end of publish
    assert article_ids(desk) == ids
    assert publish(desk, run_id) == {"duplicate_url": 1}
    assert article_ids(desk) == {A: ids[A]}
    after = (statuses(desk), rows(desk, "SELECT * FROM news.cluster"), rows(desk, "SELECT * FROM ops.twin"))
    assert publish(desk, run_id) == {"duplicate_url": 1}
    assert (statuses(desk), rows(desk, "SELECT * FROM news.cluster"), rows(desk, "SELECT * FROM ops.twin")) == after
    assert_all_adds_up(desk)


def test_a_twin_that_was_still_under_way_is_never_published(desk: str) -> None:
    run(desk, Visited(A), key="first")
    dead = visit(desk, [Visited(B)], "dead")
    deduplicate(desk, dead)
    counts = run(desk, Visited(A, canonical=B), key="second")
    assert sum(counts.values()) == 1
    assert publish(desk, dead) == {"duplicate_url": 1}
    ids = article_ids(desk)
    assert ids.keys() == {A}
    assert statuses(desk)[B] == ("duplicate_url", ids[A])
    assert_all_adds_up(desk)


def test_twins_in_a_chain_end_at_one_article(desk: str) -> None:
    run(desk, Visited(A), Visited(B), Visited(C), key="first")
    ids = article_ids(desk)
    second = visit(desk, [Visited(C, canonical=B)], "second")
    deduplicate(desk, second)
    third = visit(desk, [Visited(B, canonical=A)], "third")
    deduplicate(desk, third)
    publish(desk, third)
    publish(desk, second)
    assert article_ids(desk) == {A: ids[A]}
    assert {status[1] for status in statuses(desk).values()} == {ids[A]}
    assert_all_adds_up(desk)


def test_another_text_is_another_article_whatever_the_template_names(desk: str) -> None:
    run(desk, Visited(A), Visited(B, COUNCIL), key="first")
    run(desk, Visited(B, COUNCIL, canonical=A), key="second")
    assert article_ids(desk).keys() == {A, B}
    assert_all_adds_up(desk)


def test_an_address_that_now_redirects_to_another_story_takes_no_article_with_it(desk: str) -> None:
    run(desk, Visited(A), Visited(B, COUNCIL), key="first")
    ids = article_ids(desk)
    run(desk, Visited(B, STORM, final_url=A), key="second")
    assert article_ids(desk) == ids
    assert statuses(desk)[B] == ("duplicate_url", ids[A])
    assert rows(desk, "SELECT max(version) AS version FROM news.article") == [{"version": 1}]
    assert_all_adds_up(desk)


def test_a_wrong_rel_canonical_does_not_swallow_the_article_that_it_names(desk: str) -> None:
    run(desk, Visited(A, canonical=B), key="first")
    run(desk, Visited(B, COUNCIL), key="second")
    ids = article_ids(desk)
    assert ids.keys() == {A, B}
    run(desk, Visited(B, COUNCIL + " And more was said."), key="third")
    assert statuses(desk)[B] == ("updated", ids[B])
    assert_all_adds_up(desk)


def test_a_right_rel_canonical_is_believed_before_its_page_was_ever_seen(desk: str) -> None:
    run(desk, Visited(A, canonical=B), key="first")
    run(desk, Visited(B), key="second")
    ids = article_ids(desk)
    assert ids.keys() == {A}
    assert statuses(desk)[B] == ("duplicate_url", ids[A])
    assert_all_adds_up(desk)
