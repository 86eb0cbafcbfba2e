"""Groups after a reconcile depend on the articles alone. Real PostgreSQL, no network."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from arrivals import Arrival, arrive
from command_line import NEWSDESK, environment
from databases import fresh_database
from newsdesk import reconciling, stages
from newsdesk.desk import Desk
from newsdesk.errors import CheckFailed, ConfigError
from newsdesk.settings import read_settings
from newsdesk.store import database, df, fingerprints
from newsdesk.store.database import Cursor, transaction

STREETS = "Mill Harbour Castle Station Orchard Chapel Bridge Market Abbey Garden Tower River".split()
VERBS = "closed opened flooded repaired guarded swept searched painted measured lit emptied rebuilt".split()


def story(seed: int, sentences: int = 9) -> str:
    """A text of its own: what its words are depends on `seed`."""
    dice = random.Random(seed)
    return " ".join(
        f"On {dice.choice(STREETS)} Street crews {dice.choice(VERBS)} {dice.randrange(10, 999)} houses before "
        f"{dice.choice(STREETS).lower()} wardens {dice.choice(VERBS)} lane {dice.randrange(1000, 9999)} near "
        f"{dice.choice(STREETS)} {dice.choice('park school depot ferry'.split())}."
        for _ in range(sentences)
    )


BOX = (
    "Sign up for the letter that our editors write each morning with the stories that everyone in town will talk about, "
    "the weather for the week, the roads that are closed and the shops that open late on a Thursday before the holiday."
)


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
    for name, value in {"ALL_PAIRED": 6, "FIRST_PAIRED": 2, "SAYS_NOTHING": 50, "_MOST_LOOKED_AT": 3}.items():
        monkeypatch.setattr(fingerprints, name, value)
    monkeypatch.setattr(reconciling, "_A_TIME", 10)


def desk_of(dsn: str) -> Desk:
    return Desk(read_settings({}), dsn)


@pytest.fixture
def desk(dsn: str) -> Desk:
    return desk_of(dsn)


def ingest(desk: Desk, articles: Sequence[Arrival], key: str) -> None:
    run_id = arrive(desk.dsn, articles, key)
    stages.deduplicate(desk, run_id)
    stages.publish(desk, run_id)


def ask(desk: Desk, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with transaction(desk.dsn) as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def groups(desk: Desk) -> dict[str, tuple[str, bool]]:
    """url -> the url of its group's first member, and whether it is that."""
    return {
        url: (first, is_primary)
        for url, first, is_primary in ask(
            desk,
            "SELECT a.url, f.url, a.is_primary FROM news.article AS a JOIN news.article AS f ON f.article_id = a.cluster_id",
        )
    }


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
        counted = df.current(cursor).frequencies
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


A, B, C = (f"https://{name}.example/1" for name in ("aa", "bb", "cc"))


def change(desk: Desk) -> list[tuple[Any, ...]]:
    return ask(
        desk,
        """
        SELECT a.url, f.url, t.url, c.why, c.step FROM news.cluster_change AS c
        JOIN news.article AS a USING (article_id) JOIN news.article AS f ON f.article_id = c.from_cluster_id
        JOIN news.article AS t ON t.article_id = c.to_cluster_id ORDER BY c.changed_at, a.url
        """,
    )


def test_a_member_published_earlier_gives_the_group_its_name_and_the_log_says_so(desk: Desk) -> None:
    ingest(desk, [Arrival(B, story(1), published="2024-05-02T12:00Z")], "first")
    ingest(desk, [Arrival(A, story(1))], "second")
    assert change(desk) == [(B, B, A, "first_member", "publish")]


def test_a_text_that_holds_two_others_joins_their_groups(desk: Desk) -> None:
    ingest(desk, [Arrival(A, story(1)), Arrival(B, story(2), published="2024-05-02T12:00Z")], "first")
    assert change(desk) == []
    ingest(desk, [Arrival(C, story(1) + " " + story(2), published="2024-05-03T12:00Z")], "second")
    assert change(desk) == [(B, B, A, "merged", "publish")]


def test_a_decision_that_reconcile_takes_back_splits_the_group_at_once(desk: Desk) -> None:
    ingest(desk, [Arrival(A, story(1)), Arrival(B, story(2), published="2024-05-02T12:00Z")], "first")
    ids = dict(ask(desk, "SELECT url, article_id FROM news.article"))
    with transaction(desk.dsn) as cursor:  # as an older rule decided it
        cursor.execute(
            "INSERT INTO ops.pair (article_a, article_b, score, is_duplicate) VALUES (%s, %s, 1, true)",
            (ids[A], ids[B]),
        )
        cursor.execute("UPDATE ops.article SET cluster_id = %s, published_cluster_id = %s", (ids[A], ids[A]))
        cursor.execute("UPDATE news.article SET cluster_id = %s, is_primary = (url = %s)", (ids[A], A))
        cursor.execute("DELETE FROM news.cluster WHERE cluster_id = %s", (ids[B],))
        cursor.execute("UPDATE news.cluster SET size = 2, outlets = 2")
    reconcile_id = reconciling.open_reconcile(desk, "one")
    for step in (reconciling.fingerprint, reconciling.pair, reconciling.weigh, reconciling.verify):
        step(desk, reconcile_id)
        assert groups(desk) == {A: (A, True), B: (A, False)}
    reconciling.publish(desk, reconcile_id)
    assert groups(desk) == {A: (A, True), B: (B, True)}
    assert change(desk) == [(B, A, B, "split", "reconcile")]
    reconciling.check(desk, reconcile_id)
    assert reconciling.publish(desk, reconcile_id)["articles_visibly_regrouped"] == 1  # again: what it did


def test_what_comes_while_a_reconcile_is_under_way_is_decided_by_its_snapshot(desk: Desk) -> None:
    ingest(desk, [Arrival(A, story(1))], "first")
    reconcile_id = reconciling.open_reconcile(desk, "one")
    for step in (reconciling.fingerprint, reconciling.pair, reconciling.weigh, reconciling.verify):
        step(desk, reconcile_id)
    ingest(desk, [Arrival(B, story(1), published="2024-05-02T12:00Z")], "second")
    assert reconciling.publish(desk, reconcile_id)["pairs_verified_late"] == 1
    assert groups(desk)[B] == (A, False)
    assert ask(desk, "SELECT df_version FROM ops.pair") == ask(desk, "SELECT df_version FROM ops.reconcile")


def test_new_articles_are_decided_by_the_snapshot_that_is_current(desk: Desk) -> None:
    """A box that the outlet's older pages have joins no two of its new ones, though both came alone."""
    boxed = [Arrival(f"https://boxed.example/{n}", story(200 + n, 4) + " " + BOX, f"Boxed {n}") for n in range(40)]
    ingest(desk, boxed[:38], "first")
    reconciling.run(desk, "one")
    with transaction(desk.dsn) as cursor:
        snapshot = df.current(cursor)
    assert snapshot.version is not None
    assert snapshot.frequencies.documents == 38
    assert max(snapshot.frequencies.counts) == 38
    for article in boxed[38:]:
        ingest(desk, [article], article.url)
    assert all(is_primary for _, is_primary in groups(desk).values())
    assert ask(desk, "SELECT DISTINCT df_version FROM ops.pair") == [(snapshot.version,)]


def test_one_reconcile_is_under_way_at_a_time_and_whoever_comes_goes_on_with_it(desk: Desk) -> None:
    first = reconciling.open_reconcile(desk, "one")
    assert reconciling.open_reconcile(desk, "another") == first
    assert reconciling.open_reconcile(desk, "another", months=6) != first
    with pytest.raises(ConfigError, match="another was begun"):
        reconciling.weigh(desk, first)
    with pytest.raises(CheckFailed, match="dropped"):
        reconciling.check(desk, first)
    reconciling.run(desk, "another", months=6)
    assert reconciling.open_reconcile(desk, "a third") not in (first, first + 1)


def test_the_first_reconcile_after_an_upgrade_makes_old_fingerprints_anew(desk: Desk) -> None:
    ingest(desk, [Arrival(A, story(1)), Arrival(B, story(1), published="2024-05-02T12:00Z")], "first")
    expected = groups(desk)
    with transaction(desk.dsn) as cursor:
        cursor.execute("UPDATE ops.sketch SET rule = 0, prints = '{7}', made_at = made_at - interval '5 days'")
        cursor.execute("DELETE FROM ops.fingerprint; DELETE FROM ops.pair")
    counts = reconciling.run(desk, "one")
    assert counts["sketches_made_anew"] == 2
    assert counts["pairs_new"] == 1
    assert groups(desk) == expected
    assert ask(desk, "SELECT DISTINCT now() - made_at > interval '5 days' FROM ops.sketch") == [(True,)]


def test_what_is_too_old_is_found_by_no_new_text_and_stays_in_its_group(desk: Desk) -> None:
    ingest(desk, [Arrival(A, story(1)), Arrival(B, story(1), published="2024-05-02T12:00Z")], "first")
    expected = groups(desk)
    with transaction(desk.dsn) as cursor:
        cursor.execute("UPDATE ops.sketch SET made_at = made_at - interval '25 months'")
    assert reconciling.run(desk, "one")["sketches_forgotten"] == 2
    assert ask(desk, "SELECT count(*) FROM ops.fingerprint") == [(0,)]
    assert groups(desk) == expected
    ingest(desk, [Arrival(C, story(1), published="2024-05-03T12:00Z")], "second")
    assert groups(desk)[C] == (C, True)


def test_reprints_are_counted_by_outlet(desk: Desk) -> None:
    ingest(
        desk,
        [
            Arrival(A, story(1)),
            Arrival(B, story(1), published="2024-05-02T12:00Z"),
            Arrival(C, story(1), published="2024-05-03", precision="day"),
            Arrival("https://aa.example/again", story(1), published="2024-05-04T12:00Z"),
            Arrival("https://bb.example/own", story(2)),
        ],
        "first",
    )
    columns = "source_id, articles, primaries, reprints, repeats, reprinted, reprints_elsewhere, reprinting_sources"
    assert ask(desk, f"SELECT {columns} FROM news.source_reprint ORDER BY 1") == [
        ("aa", 2, 1, 0, 1, 1, 2, 2),
        ("bb", 2, 1, 1, 0, 0, 0, 0),
        ("cc", 1, 0, 1, 0, 0, 0, 0),
    ]
    assert [str(delay) for (delay,) in ask(desk, "SELECT delay FROM news.reprint ORDER BY article_id")] == [
        "1 day, 0:00:00", "None", "3 days, 0:00:00",
    ]  # fmt: skip
    assert ask(
        desk,
        "SELECT size, outlets, first_seen_at <= last_seen_at, language FROM news.cluster ORDER BY size DESC",
    ) == [(4, 3, True, "en"), (1, 1, True, "en")]


def test_the_command_says_what_it_did(desk: Desk, tmp_path: Path) -> None:
    ingest(desk, [Arrival(A, story(1)), Arrival(B, story(1), published="2024-05-02T12:00Z")], "first")

    def reconcile(*options: str) -> str:
        done = subprocess.run(
            [*NEWSDESK, "reconcile", *options],
            env=environment(NEWSDESK_DSN=desk.dsn, NEWSDESK_HOME=str(tmp_path)), capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    counts = json.loads(reconcile("--json", "--months", "1"))
    assert (counts["pairs_verified"], counts["articles_counted"], counts["articles_regrouped"]) == (1, 1, 0)
    assert "pairs decided anew" in reconcile()
