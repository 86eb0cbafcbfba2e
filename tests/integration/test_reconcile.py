"""Groups after a reconcile depend on the articles alone. Real PostgreSQL, no network."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from arrivals import Arrival
from databases import fresh_database
from newsdesk import reconciling
from newsdesk.desk import Desk
from newsdesk.store import database, fingerprints, snapshots
from newsdesk.store.database import Cursor, transaction
from reprints import BOX, STREETS, ask, desk_of, groups, ingest, story


def market(day: int) -> str:
    dice = random.Random(1000 + day)
    return " ".join(
        f"{name} shares ended at {dice.randrange(100, 9999)} after {dice.randrange(10, 99)} thousand trades, a change of "
        f"{dice.randrange(1, 99)} points on the day." for name in STREETS
    )  # fmt: skip


def corpus() -> list[Arrival]:
    """Reprints cut, with other dates, with none; one text that a crowd prints; a box on an outlet's pages; a form."""
    found = []
    for number in range(6):
        text = story(number)
        for outlet in range(number % 4 + 1):
            body = text if outlet % 2 == 0 else text[: len(text) * 2 // 3] + " " + story(50 + number + outlet, 2)
            published = None if (number, outlet) == (2, 0) else f"2024-05-0{number + 1}T1{outlet % 2}:00Z"
            found.append(Arrival(f"https://outlet{outlet}.example/{number}/a", body, f"Story {number}", published))
    found += [Arrival(f"https://crowd{n:02}.example/wire", story(99), "Wire", "2024-05-07T10:00Z") for n in range(14)]
    found += [
        Arrival(f"https://boxed.example/{n}", story(200 + n, 4) + " " + BOX, f"Boxed {n}", f"2024-05-0{n + 1}T09:00Z")
        for n in range(8)
    ]
    found += [
        Arrival(f"https://bourse.example/{n}", market(n), "Shares at the close", f"2024-05-0{n + 1}T18:00Z", "day")
        for n in range(5)
    ]
    return found


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that this small corpus meets, and small portions."""
    for name, value in {"ALL_PAIRED": 6, "FIRST_PAIRED": 2, "SAYS_NOTHING": 50}.items():
        monkeypatch.setattr(reconciling, name, value)
    monkeypatch.setattr(fingerprints, "_MOST_LOOKED_AT", 3)
    monkeypatch.setattr(reconciling, "_A_TIME", 10)


@pytest.fixture
def desk(dsn: str) -> Desk:
    return desk_of(dsn)


def decisions(desk: Desk) -> dict[frozenset[str], tuple[float, bool]]:
    return {
        frozenset((a, b)): (score, same)
        for a, b, score, same in ask(
            desk,
            """
            SELECT a.url, b.url, p.score, p.is_duplicate FROM ops.pair AS p
            JOIN ops.frontier AS a ON a.url_id = p.article_a JOIN ops.frontier AS b ON b.url_id = p.article_b
            WHERE p.candidate
            """,
        )
    }


def arrivals_in(order: int) -> Iterator[list[Arrival]]:
    """The corpus in another order, cut into other batches; some articles come with another text first."""
    dice = random.Random(order)
    articles = corpus()
    dice.shuffle(articles)
    if order % 2:
        early = [Arrival(a.url, story(300 + n), "Early", a.published) for n, a in enumerate(articles[:5])]
        articles = [*early, *articles]
    while articles:
        many = dice.choice((1, 3, 10, 40))
        batch = {article.url: article for article in articles[:many]}
        # the text that comes later is the article's
        yield list(batch.values())
        articles = articles[many:]


def outcome_of(desk: Desk, order: int) -> tuple[Any, Any, Any]:
    for number, batch in enumerate(arrivals_in(order)):
        ingest(desk, batch, f"batch {number}")
        if order > 2 and number == 2:
            reconciling.run(desk, "in between")
    reconciling.run(desk, "at the end")
    return all_of(desk)


def all_of(desk: Desk) -> tuple[Any, Any, Any]:
    with transaction(desk.dsn) as cursor:
        counted = snapshots.current(cursor).frequencies
    return groups(desk), decisions(desk), (counted.documents, dict(zip(counted.runs, counted.counts, strict=True)))


@pytest.fixture(scope="module")
def in_one_batch(template_dsn: str) -> Iterator[Callable[[], tuple[Any, Any, Any]]]:
    """What the corpus comes to in one batch; made when it is first asked for, under the limits of the test that asks."""
    with fresh_database(template_dsn) as dsn:
        known: list[tuple[Any, Any, Any]] = []

        def outcome() -> tuple[Any, Any, Any]:
            if not known:
                ingest(desk_of(dsn), corpus(), "all")
                reconciling.run(desk_of(dsn), "once")
                known.append(all_of(desk_of(dsn)))
            return known[0]

        yield outcome


def test_the_corpus_holds_what_it_should(narrow: None, in_one_batch: Callable[[], tuple[Any, Any, Any]]) -> None:
    """Reprints are grouped, the crowd is one, neither the box nor the form joins anything."""
    found, *_ = in_one_batch()
    sizes = {first: sum(first == other for other, _ in found.values()) for first, _ in found.values()}
    assert sizes["https://crowd00.example/wire"] == 14
    assert sizes["https://outlet0.example/3/a"] == 4
    assert all(sizes[found[a.url][0]] == 1 for a in corpus() if "boxed" in a.url or "bourse" in a.url)
    # without a date it comes last, though its address sorts first
    assert found["https://outlet0.example/2/a"] == ("https://outlet2.example/2/a", False)


@pytest.mark.parametrize("order", range(1, 6))
def test_whatever_the_order_and_the_batches_the_groups_are_the_same(
    narrow: None, desk: Desk, order: int, in_one_batch: Callable[[], tuple[Any, Any, Any]]
) -> None:
    for found, expected in zip(outcome_of(desk, order), in_one_batch(), strict=True):
        assert found == expected


def test_killed_in_each_of_its_transactions_it_goes_on_and_ends_the_same(
    narrow: None, desk: Desk, monkeypatch: pytest.MonkeyPatch, in_one_batch: Callable[[], tuple[Any, Any, Any]]
) -> None:
    for number, batch in enumerate(arrivals_in(2)):
        ingest(desk, batch, f"batch {number}")
    before = groups(desk)
    deaths = 0
    for lives in itertools.count(1):
        monkeypatch.setattr(reconciling, "session", dying_after(lives))
        try:
            reconciling.run(desk, "at the end")
            break
        except ZeroDivisionError:
            deaths += 1
            assert groups(desk) in (before, in_one_batch()[0])  # all of it or nothing
    assert deaths > 10
    assert all_of(desk) == in_one_batch()
    assert ask(desk, "SELECT count(*) FROM ops.reconcile") == [(1,)]


def dying_after(lives: int) -> Callable[[str], AbstractContextManager[database.Begin]]:
    """`session`, of which the last transaction that it may make fails before it is committed."""

    @contextmanager
    def session(dsn: str) -> Iterator[database.Begin]:
        with database.session(dsn) as begin:

            @contextmanager
            def begin_or_die() -> Iterator[Cursor]:
                nonlocal lives
                lives -= 1
                with begin() as cursor:
                    yield cursor
                    if lives <= 0:
                        raise ZeroDivisionError

            yield begin_or_die

    return session


def test_the_log_of_changes_leads_from_the_groups_before_to_those_after(narrow: None, desk: Desk) -> None:
    seen: dict[int, int] = {}
    for number, batch in enumerate(arrivals_in(1)):
        ingest(desk, batch, f"batch {number}")
        replay(desk, seen)
    reconciling.run(desk, "at the end")
    replay(desk, seen)
    assert ask(desk, "SELECT count(*) FROM news.cluster_change WHERE why = 'first_member'") > [(0,)]


def replay(desk: Desk, seen: dict[int, int]) -> None:
    """What an analyst knows, brought up to date by the log alone; new articles by the table."""
    now = dict(ask(desk, "SELECT article_id, cluster_id FROM news.article"))
    latest = dict(ask(desk, "SELECT article_id, to_cluster_id FROM news.cluster_change ORDER BY changed_at"))
    for article_id in now:
        seen[article_id] = latest.get(article_id, seen.get(article_id, now[article_id]))
    assert seen == now
