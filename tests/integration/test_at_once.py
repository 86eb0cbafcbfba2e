"""Two that write at once: one waits for the other, neither is ended to break a deadlock, and nothing is written twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg2
import pytest

from arrivals import Arrival, arrive, deduplicate, publish, rows
from databases import wait_for_a_lock
from newsdesk import urls, withdrawing
from newsdesk.desk import Desk
from newsdesk.model import Annotation, Document, Entity, Link, Mention
from newsdesk.settings import read_settings
from newsdesk.store import captures, clock, documents, frontier, imported_pages, knowledge, retries, visits, withdrawals
from newsdesk.store.database import Cursor, transaction
from newsdesk.store.frontier import Found
from newsdesk.store.publish import publish_run
from newsdesk.store.withdrawals import Addresses

URL = "https://times.example/storm"
BODY = "Nora Whitfield saw the storm from the pier, and told the paper of it."
NORA = "6d1c1f5e-0000-4000-8000-000000000001"
ANNOTATION = Annotation(
    "en", "model", (Mention(0, 14, "PER", "Nora Whitfield", NORA),), (Entity(NORA, "PER", "Nora Whitfield"),)
)

# Each pair of neighbours is the other way round where letters are sorted as people do, or by who came first
KEYS = ("times.example/c", "times.example/B", "times.example/a")


@pytest.fixture
def found(dsn: str) -> str:
    """Three URLs whose visits have ended, in a run that is to be published, and whose next visits a wrong clock planned."""
    with transaction(dsn) as cursor:
        cursor.execute("INSERT INTO ops.source VALUES ('times', '{}', true)")
        cursor.execute("INSERT INTO ops.run (run_key, kind) VALUES ('one', 'cli')")
        cursor.execute("INSERT INTO ops.batch (run_id, hosts, urls) SELECT run_id, '{}', 3 FROM ops.run")
        cursor.execute(
            """
            INSERT INTO ops.endpoint (source_id, kind, url, polled_at)
            VALUES ('times', 'feed', 'https://times.example/rss', now() + interval '1 day')
            """
        )
        for key in KEYS:
            cursor.execute(
                """
                INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, next_visit_at)
                VALUES (%s, %s, 'times.example', 'times', now() + interval '1 day', now() + interval '1 day', now() + interval '2 days')
                """,
                (key, f"https://{key}"),
            )
        cursor.execute(
            """
            INSERT INTO ops.visit (batch_id, url_id, stage, outcome)
            SELECT batch_id, url_id, 'fetch', 'timeout' FROM ops.batch, ops.frontier
            """
        )
    return dsn


def ids(cursor: Cursor) -> list[int]:
    cursor.execute("SELECT url_id FROM ops.frontier")
    return [url_id for (url_id,) in cursor.fetchall()]


def publish_all(cursor: Cursor) -> None:
    cursor.execute("SELECT run_id FROM ops.run")
    publish_run(cursor, cursor.fetchone()[0])  # type: ignore[index]


def add_links(cursor: Cursor) -> None:
    links = [Found(key, "times.example", Link(f"https://{key}")) for key in KEYS]
    frontier.add_links(cursor, "times", 1, links)


LOCKERS: dict[str, Callable[[Cursor], object]] = {
    "a publish": publish_all,
    "a poll": add_links,
    "a retry": lambda cursor: retries.retry(cursor, retries.Selection(tuple(ids(cursor)))),
    "a clock that is set right": clock.set_right,
    "an import": lambda cursor: imported_pages.known_urls(cursor, dict.fromkeys(KEYS, datetime.now(UTC))),
    "a withdrawal": lambda cursor: withdrawals.forget(cursor, Addresses(None, tuple(ids(cursor)), KEYS), "a wish"),
}


@pytest.mark.parametrize("work", LOCKERS.values(), ids=LOCKERS.keys())
def test_all_lock_urls_in_one_order(found: str, work: Callable[[Cursor], object]) -> None:
    def locker() -> None:
        with transaction(found) as cursor:
            work(cursor)

    _, middle, last = sorted(KEYS)
    with ThreadPoolExecutor(1) as aside:
        stranger = psycopg2.connect(found)
        try:
            with stranger.cursor() as cursor:
                cursor.execute("SELECT 1 FROM ops.frontier WHERE url_key = %s FOR UPDATE", (middle,))
                done = aside.submit(locker)
                wait_for_a_lock(found)
                free = rows(found, "SELECT url_key FROM ops.frontier FOR UPDATE SKIP LOCKED")
                assert {row["url_key"] for row in free} == {last}
        finally:
            stranger.close()
        done.result(30)


@pytest.fixture
def batch(dsn: str) -> tuple[str, int, int]:
    """An article that waits for its names: database, run and batch."""
    run_id = arrive(dsn, [Arrival(URL, BODY, title=None)], "one")
    (row,) = rows(dsn, "UPDATE ops.visit SET enriched_at = NULL RETURNING batch_id")
    return dsn, run_id, row["batch_id"]


def to_enrich(dsn: str, batch_id: int) -> list[documents.ToEnrich]:
    with transaction(dsn) as cursor:
        return documents.to_enrich(cursor, batch_id)


def save_names(dsn: str, batch_id: int, todo: list[documents.ToEnrich], annotator: str) -> list[int]:
    with transaction(dsn) as cursor:
        return documents.save_annotations(cursor, batch_id, [(one, ANNOTATION) for one in todo], annotator)


def test_names_that_two_find_at_once_are_those_of_the_first(batch: tuple[str, int, int]) -> None:
    dsn, _, batch_id = batch
    todo = to_enrich(dsn, batch_id)
    with ThreadPoolExecutor(1) as aside:
        with transaction(dsn) as cursor:
            found = documents.save_annotations(cursor, batch_id, [(one, ANNOTATION) for one in todo], "first")
            second = aside.submit(save_names, dsn, batch_id, todo, "second")
            wait_for_a_lock(dsn)
        assert found == [one.document_id for one in todo]
        assert second.result(30) == []
    assert rows(dsn, "SELECT annotator FROM ops.document") == [{"annotator": "first"}]
    assert rows(dsn, "SELECT count(*) AS n FROM ops.mention") == [{"n": 1}]


def test_a_task_that_was_given_up_writes_no_names_when_it_ends_after_all(batch: tuple[str, int, int]) -> None:
    dsn, run_id, batch_id = batch
    todo = to_enrich(dsn, batch_id)
    save_names(dsn, batch_id, todo, "in time")
    deduplicate(dsn, run_id)
    publish(dsn, run_id)
    assert save_names(dsn, batch_id, todo, "late") == []
    assert rows(dsn, "SELECT annotator FROM ops.document") == [{"annotator": "in time"}]


class Interrupted:
    """A cursor beside which somebody else works, from the moment at which a statement that begins so is over."""

    def __init__(self, cursor: Cursor, dsn: str, beginning: str, begin: Callable[[], Future[object]]) -> None:
        self._cursor, self._dsn, self._beginning, self._begin = cursor, dsn, beginning, begin
        self.other: Future[object] | None = None

    def execute(self, sql: str, values: Any = None) -> None:
        self._cursor.execute(sql, values)
        if sql.strip().startswith(self._beginning):
            self.other = self._begin()
            wait_for_a_lock(self._dsn, self.other)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


def withdraw_beside(dsn: str, beginning: str, work: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Withdraw the article, while at that statement of `forget` somebody else begins to work. Both must end well."""
    forget, beside = withdrawals.forget, []

    def interrupted(cursor: Cursor, found: Addresses, why: str) -> int:
        beside.append(Interrupted(cursor, dsn, beginning, lambda: aside.submit(work)))
        return forget(beside[-1], found, why)  # type: ignore[arg-type]

    monkeypatch.setattr(withdrawals, "forget", interrupted)
    rows(dsn, "UPDATE ops.capture SET erased_at = now()")  # of this page no archive was made
    with ThreadPoolExecutor(1) as aside:
        withdrawing.withdraw(Desk(read_settings({}), dsn), URL, "a wish")
        assert len(beside) == 1  # at the first try
        assert beside[0].other is not None
        beside[0].other.result(30)


def test_a_text_that_is_read_while_it_is_withdrawn_stays_in_no_table(
    batch: tuple[str, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    dsn, run_id, batch_id = batch
    rows(dsn, "UPDATE ops.visit SET document_id = NULL, enriched_at = NULL")
    (page,) = rows(dsn, "DELETE FROM ops.document RETURNING url_id, capture_id")

    def read() -> None:
        with transaction(dsn) as cursor:
            documents.save_document(
                cursor, batch_id, page["url_id"], page["capture_id"], Document(None, text=BODY), extractor="test", body_digest=b"1"
            )  # fmt: skip

    withdraw_beside(dsn, "CREATE TEMPORARY TABLE readings", read, monkeypatch)
    rows(dsn, "UPDATE ops.visit SET enriched_at = now() WHERE document_id IS NOT NULL")
    deduplicate(dsn, run_id)
    assert rows(dsn, "SELECT body FROM ops.document") == []
    assert rows(dsn, "SELECT outcome FROM ops.visit") == [{"outcome": "withdrawn"}]


def test_a_text_whose_names_are_found_while_it_is_withdrawn_goes_with_them(
    batch: tuple[str, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    dsn, _, batch_id = batch
    todo = to_enrich(dsn, batch_id)
    withdraw_beside(dsn, "DELETE FROM ops.mention", lambda: save_names(dsn, batch_id, todo, "test"), monkeypatch)
    for table in ("ops.document", "ops.mention", "ops.document_entity"):
        assert rows(dsn, f"SELECT * FROM {table}") == []
    assert urls.canonical_key(URL) in {row["url_key"] for row in rows(dsn, "SELECT url_key FROM ops.withdrawal")}


def test_a_withdrawal_waits_for_no_page_that_is_only_being_fetched(batch: tuple[str, int, int]) -> None:
    """The fetch holds its visits while the archive takes their pages, and the URL itself where validators are lost."""
    dsn, _, batch_id = batch
    rows(dsn, "UPDATE ops.visit SET capture_id = NULL, document_id = NULL")
    rows(dsn, "UPDATE ops.capture SET erased_at = now()")  # of this page no archive was made
    (url,) = rows(dsn, "SELECT url_id FROM ops.frontier")
    with ThreadPoolExecutor(1) as aside, transaction(dsn) as cursor:
        assert visits.lock_unfetched(cursor, batch_id, [url["url_id"]]) == {url["url_id"]}
        done = aside.submit(withdrawing.withdraw, Desk(read_settings({}), dsn), URL, "a wish")
        done.result(10)
        captures.forget_validators(cursor, url["url_id"])
    assert rows(dsn, "SELECT outcome FROM ops.frontier") == [{"outcome": "withdrawn"}]


def test_a_knowledge_base_that_is_emptied_while_a_load_takes_its_place_is_empty_then(dsn: str) -> None:
    def forget() -> None:
        with transaction(dsn) as cursor:
            knowledge.forget(cursor)

    alias = knowledge.Alias("macron", "Macron", "", "Q3052772", 1.0)
    with transaction(dsn) as cursor:
        for file in ("old.csv", "new.csv"):
            load = knowledge.open_load(cursor, file, file, 1, {})
            assert knowledge.save_portion(cursor, load, [alias], items=1, left_out={}, position=1)
            alias = replace(alias, qid="Q1")
    with ThreadPoolExecutor(1) as aside, transaction(dsn) as cursor:
        beside = Interrupted(cursor, dsn, "DELETE FROM ops.alias", lambda: aside.submit(forget))
        assert knowledge.finish_load(beside, load.load_id, replace=True) == 1  # type: ignore[arg-type]
    assert beside.other is not None
    beside.other.result(30)
    assert rows(dsn, "SELECT 1 FROM ops.kb_load UNION ALL SELECT 1 FROM ops.alias") == []
