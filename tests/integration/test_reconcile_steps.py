"""What a reconcile takes up, takes back and leaves alone, step by step. Real PostgreSQL, no network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from arrivals import Arrival
from command_line import run_newsdesk
from newsdesk import reconciling
from newsdesk.desk import Desk
from newsdesk.errors import CheckFailed, ConfigError
from newsdesk.store import snapshots
from newsdesk.store.database import transaction
from reprints import BOX, ask, desk_of, groups, ingest, story


@pytest.fixture
def desk(dsn: str) -> Desk:
    return desk_of(dsn)


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
        cursor.execute("DELETE FROM ops.story_member WHERE article_id = %s", (ids[B],))
        cursor.execute(
            "UPDATE news.article AS a SET story_id = f.story_id FROM news.article AS f WHERE f.article_id = %s",
            (ids[A],),
        )
    reconcile_id = reconciling.open_reconcile(desk, "one")
    for step in (reconciling.fingerprint, reconciling.pair, reconciling.weigh, reconciling.verify):
        step(desk, reconcile_id)
        assert groups(desk) == {A: (A, True), B: (A, False)}
    reconciling.publish(desk, reconcile_id)
    assert groups(desk) == {A: (A, True), B: (B, True)}
    assert change(desk) == [(B, A, B, "split", "reconcile")]
    stories = ask(
        desk,
        """
        SELECT s.story_id IS NOT NULL, s.articles, s.texts FROM news.article AS a LEFT JOIN news.story AS s USING (story_id)
        ORDER BY a.url
        """,
    )
    assert stories == [(True, 2, 2), (True, 2, 2)]  # two texts, alike enough for one event
    assert ask(desk, "SELECT count(*) FROM ops.story_member") == [(2,)]  # B stands for itself again
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
        snapshot = snapshots.current(cursor)
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
        done = run_newsdesk("reconcile", *options, NEWSDESK_DSN=desk.dsn, NEWSDESK_HOME=str(tmp_path))
        assert done.returncode == 0, done.stderr
        return done.stdout

    counts = json.loads(reconcile("--json", "--months", "1"))
    assert (counts["pairs_verified"], counts["articles_counted"], counts["articles_regrouped"]) == (1, 1, 0)
    assert "pairs decided anew" in reconcile()
