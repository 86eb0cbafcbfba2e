"""`news.changes`: an incremental reader never misses a row, whatever publishers do at once."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import psycopg2
import psycopg2.errors
import pytest

from newsdesk.store.articles import take_turn
from newsdesk.store.database import transaction
from waiting import until

SECONDS = 8.0  # that four publishers and a reader work at once
PUBLISHERS = 4

INSERT = """
INSERT INTO news.article (article_id, source_id, url, canonical_url, title, body, first_seen_at, loaded_at, version,
    cluster_id, is_primary, word_count)
SELECT id, 'times', 'https://times.example/' || id, 'https://times.example/' || id, 'Title ' || id, %(body)s, now(), now(), 1,
    id, true, 2
FROM unnest(%(ids)s::bigint[]) AS id
"""
CLUSTERS = """
INSERT INTO news.cluster (cluster_id, size, outlets, primary_article_id) SELECT id, 1, 1, id FROM unnest(%(ids)s::bigint[]) AS id
"""


@contextmanager
def at(dsn: str) -> Iterator[Any]:
    with transaction(dsn) as cursor:
        yield cursor


@pytest.fixture
def house(dsn: str) -> str:
    with at(dsn) as cursor:
        cursor.execute(
            "INSERT INTO news.source (source_id, name, homepage) VALUES ('times', 'The Times', 'https://times.example/')"
        )
    return dsn


def insert(cursor: Any, *ids: int, body: str = "Two words.") -> None:
    for statement in (CLUSTERS, INSERT):
        cursor.execute(statement, {"ids": list(ids), "body": body})


def changes(dsn: str) -> list[tuple[int, int, str]]:
    with at(dsn) as cursor:
        cursor.execute("SELECT load_id, article_id, kind FROM news.changes ORDER BY load_id, article_id")
        return list(cursor.fetchall())


def test_each_transaction_is_a_load_and_tells_what_it_did(house: str) -> None:
    with at(house) as cursor:
        insert(cursor, 1, 2, 3)
    with at(house) as cursor:
        cursor.execute("UPDATE news.article SET title = 'New', version = 2 WHERE article_id = 1")
        cursor.execute("UPDATE news.article SET cluster_id = 1, is_primary = false WHERE article_id = 2")
    with at(house) as cursor:
        cursor.execute("DELETE FROM news.article WHERE article_id = 3")
        cursor.execute("DELETE FROM news.cluster WHERE cluster_id = 3")
    assert changes(house) == [
        (1, 1, "inserted"), (1, 2, "inserted"), (1, 3, "inserted"), (2, 1, "updated"), (2, 2, "regrouped"), (3, 3, "withdrawn"),
    ]  # fmt: skip


def test_what_changes_nothing_is_no_load(house: str) -> None:
    with at(house) as cursor:
        insert(cursor, 1)
    with at(house) as cursor:
        cursor.execute("UPDATE news.article SET title = title")
        cursor.execute("DELETE FROM news.article WHERE article_id = 7")
    assert changes(house) == [(1, 1, "inserted")]


def test_what_one_transaction_does_to_an_article_is_one_change(house: str) -> None:
    with at(house) as cursor:
        insert(cursor, 1, 2, 3)
    with at(house) as cursor:
        insert(cursor, 4)
        cursor.execute("UPDATE news.article SET title = 'New' WHERE article_id = 4")
        cursor.execute("UPDATE news.article SET story_id = 9 WHERE article_id IN (1, 2)")
        cursor.execute("UPDATE news.article SET title = 'New' WHERE article_id = 1")
        cursor.execute("UPDATE news.article SET title = 'Newer' WHERE article_id = 3")
        cursor.execute("DELETE FROM news.article WHERE article_id = 3")
        cursor.execute("DELETE FROM news.cluster WHERE cluster_id = 3")
    assert [change for change in changes(house) if change[0] == 2] == [
        (2, 1, "updated"), (2, 2, "regrouped"), (2, 3, "withdrawn"), (2, 4, "inserted"),
    ]  # fmt: skip


def test_an_article_that_goes_and_comes_back_within_one_transaction_was_updated(house: str) -> None:
    with at(house) as cursor:
        insert(cursor, 1)
    with at(house) as cursor:
        cursor.execute("DELETE FROM news.article WHERE article_id = 1")
        cursor.execute(INSERT, {"ids": [1], "body": "Other words."})
    assert changes(house) == [(1, 1, "inserted"), (2, 1, "updated")]


def test_each_transaction_of_one_connection_is_a_load_and_one_rolled_back_is_none(house: str) -> None:
    connection = psycopg2.connect(house)
    try:
        for number, ends in ((1, connection.commit), (2, connection.rollback), (3, connection.commit)):
            with connection.cursor() as cursor:
                insert(cursor, number)
            ends()
    finally:
        connection.close()
    assert changes(house) == [(1, 1, "inserted"), (2, 3, "inserted")]


def test_who_changes_articles_has_the_turn_of_those_who_deduplicate_and_publish(house: str) -> None:
    with at(house) as changing, at(house) as deduplicating:
        insert(changing, 1)
        deduplicating.execute("SET LOCAL lock_timeout = '50ms'")
        deduplicating.execute("SAVEPOINT before")
        with pytest.raises(psycopg2.errors.LockNotAvailable):
            take_turn(deduplicating)
        deduplicating.execute("ROLLBACK TO before")


def test_no_column_of_an_article_changes_unseen(house: str) -> None:
    with at(house) as cursor:
        insert(cursor, 1, 2)
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'news' AND table_name = 'article'"
        )
        columns: dict[str, str] = dict(cursor.fetchall())
        cursor.execute("INSERT INTO news.source (source_id, name, homepage) VALUES ('x', 'X', 'https://x.example/')")
    values = {
        "text": "'x'", "ARRAY": "ARRAY['x']", "bigint": "2", "integer": "77", "boolean": "NOT is_primary",
        "timestamp with time zone": "'2026-03-02 10:00Z'::timestamptz",
    }  # fmt: skip
    for column in columns.keys() - {"article_id", "published_at", "published_precision"}:
        before = len(changes(house))
        with at(house) as cursor:
            cursor.execute(f"UPDATE news.article SET {column} = {values[columns[column]]} WHERE article_id = 1")
        assert len(changes(house)) == before + 1, column
    for published in (
        "('2026-03-02 10:00Z', 'minute')",
        "('2026-03-02 10:00Z', 'second')",
        "('2026-03-02 11:00Z', 'second')",
    ):
        before = len(changes(house))
        with at(house) as cursor:
            cursor.execute(
                f"UPDATE news.article SET (published_at, published_precision) = {published} WHERE article_id = 1"
            )
        assert len(changes(house)) == before + 1


def read_on(cursor: Any, since: int, copy: dict[int, str]) -> int:
    """What a nightly job does: all that is new since the load that it remembers. Returns the one to remember."""
    cursor.execute(
        """
        SELECT c.load_id, c.article_id, a.title || ' ' || a.body || ' ' || coalesce(a.story_id::text, '')
        FROM news.changes AS c LEFT JOIN news.article AS a USING (article_id)
        WHERE c.load_id > %s ORDER BY c.load_id
        """,
        (since,),
    )
    for load_id, article_id, text in cursor.fetchall():
        since = load_id
        if text is None:
            copy.pop(article_id, None)
        else:
            copy[article_id] = text
    return since


def until_it_waits(reader: Any, other: Any) -> None:
    """Until a statement of the connection `other` waits for a lock."""

    def waits() -> bool:
        reader.execute("SELECT count(*) FROM pg_locks WHERE pid = %s AND NOT granted", (other.info.backend_pid,))
        return reader.fetchone() != (0,)

    until(waits, 30, "a lock that is waited for", pause=0.01)


def test_a_sequence_is_not_in_the_order_of_commits_and_a_load_is(house: str) -> None:
    with at(house) as cursor:
        cursor.execute("CREATE TABLE naive (id bigint GENERATED ALWAYS AS IDENTITY, text text)")
    early, late = psycopg2.connect(house), psycopg2.connect(house)
    try:
        with early.cursor() as one, late.cursor() as two, at(house) as reader:
            one.execute("INSERT INTO naive (text) VALUES ('early')")
            two.execute("INSERT INTO naive (text) VALUES ('late')")
            late.commit()
            reader.execute("SELECT max(id) FROM naive")
            (seen,) = reader.fetchone()
            early.commit()
            reader.execute("SELECT text FROM naive WHERE id > %s", (seen,))
            assert reader.fetchall() == []  # 'early' is never read
            # the same with articles: the second waits until the first's load can be seen
            insert(one, 1)
            waits = threading.Thread(target=lambda: (insert(two, 2), late.commit()))
            waits.start()
            until_it_waits(reader, late)
            copy: dict[int, str] = {}
            mark = read_on(reader, 0, copy)
            early.commit()
            waits.join(10)
            read_on(reader, mark, copy)
            assert sorted(copy) == [1, 2]
    finally:
        early.close()
        late.close()


def publish_at_random(dsn: str, number: int, until: float, rng: random.Random) -> None:
    mine: list[int] = []
    next_id = number
    connection = psycopg2.connect(dsn)
    try:
        while monotonic() < until:
            with connection, connection.cursor() as cursor:
                fresh = [next_id + PUBLISHERS * place for place in range(rng.randint(0, 5))]
                next_id += PUBLISHERS * len(fresh)
                insert(cursor, *fresh, body=f"Body {rng.random()}")
                cursor.execute("SELECT pg_sleep(%s)", (rng.random() / 50,))
                some = rng.sample(mine, min(len(mine), 3))
                cursor.execute(
                    "UPDATE news.article SET body = %s, version = version + 1 WHERE article_id = ANY(%s)",
                    (str(rng.random()), some),
                )
                cursor.execute(
                    "UPDATE news.article SET story_id = %s WHERE article_id = ANY(%s)",
                    (rng.randint(1, 9), rng.sample(mine, min(len(mine), 2))),
                )
                gone = rng.sample(mine, 1) if len(mine) > 20 else []
                cursor.execute("DELETE FROM news.article WHERE article_id = ANY(%s)", (gone,))
                cursor.execute("DELETE FROM news.cluster WHERE cluster_id = ANY(%s)", (gone,))
                if rng.random() < 0.1:
                    connection.rollback()
                    continue
            mine = [article_id for article_id in [*mine, *fresh] if article_id not in gone]
    finally:
        connection.close()


def test_four_publishers_and_a_reader_and_its_copy_equals_the_table(house: str) -> None:
    until = monotonic() + SECONDS
    faults: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except BaseException as fault:  # noqa: BLE001 - shown by the test
                faults.append(fault)

        return run

    publishers = [
        threading.Thread(target=guarded(lambda n=number: publish_at_random(house, n, until, random.Random(n))))  # type: ignore[misc]
        for number in range(1, PUBLISHERS + 1)
    ]
    for thread in publishers:
        thread.start()
    copy: dict[int, str] = {}
    mark, rounds = 0, 0
    while any(thread.is_alive() for thread in publishers):
        with at(house) as cursor:
            mark = read_on(cursor, mark, copy)
        rounds += 1
    with at(house) as cursor:
        mark = read_on(cursor, mark, copy)
        cursor.execute(
            "SELECT article_id, title || ' ' || body || ' ' || coalesce(story_id::text, '') FROM news.article"
        )
        table = dict(cursor.fetchall())
        cursor.execute("SELECT count(*) FROM news.load")
        (loads,) = cursor.fetchone()
    assert faults == []
    assert copy == table
    assert len(table) > 50
    assert min(rounds, loads) > 30


def test_rows_before_and_after_a_change_are_not_compared_each_with_each(house: str) -> None:
    """A session keeps the plan of a trigger's first statement, which may have had no row: 16,000 then took three minutes."""
    with at(house) as cursor:
        cursor.execute("SELECT proconfig FROM pg_proc WHERE oid = 'ops.note_updated'::regproc")
        assert cursor.fetchone() == (["enable_nestloop=off"],)
