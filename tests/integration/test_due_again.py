"""When a visit is made again, by how it ended, and which of the URLs that are due a run takes on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from databases import wait_for_a_lock
from newsdesk import stages
from newsdesk.desk import Desk
from newsdesk.model import Link, Source
from newsdesk.settings import read_settings
from newsdesk.store.database import Cursor, transaction
from newsdesk.store.frontier import Found, add_links
from newsdesk.store.publish import publish_run
from newsdesk.store.sources import save_sources

HOUR = timedelta(hours=1)

SCHEDULE = [
    # outcome, status, retry_after, failures before, found, due in (least, most), failures after
    ("gone", 404, None, 0, HOUR, (HOUR, HOUR), 1),
    ("gone", 404, None, 1, HOUR, (24 * HOUR, 24 * HOUR), 2),
    ("gone", 404, None, 2, HOUR, (72 * HOUR, 72 * HOUR), 3),
    ("gone", 404, None, 3, HOUR, None, 4),
    ("gone", 410, None, 0, HOUR, None, 0),
    ("dns", None, None, 0, HOUR, (HOUR, HOUR), 1),
    ("dns", None, None, 4, HOUR, (96 * HOUR, 96 * HOUR), 5),
    ("dns", None, None, 5, HOUR, None, 6),
    ("timeout", None, None, 1, HOUR, (HOUR * 16 / 60, HOUR * 24 / 60), 2),
    ("timeout", None, None, 4, HOUR, None, 5),
    ("timeout", None, 2 * HOUR, 4, HOUR, (2 * HOUR, 2 * HOUR), 4),  # not asked: its host is left alone
    ("timeout", None, 2 * HOUR, 4, 31 * 24 * HOUR, None, 4),
    ("rate_limited", 429, 2 * HOUR, 0, HOUR, (2 * HOUR, 2 * HOUR), 1),
    ("robots_denied", None, None, 0, HOUR, None, 0),
]


def open_batch(cursor: Cursor) -> tuple[int, int]:
    cursor.execute("INSERT INTO ops.source VALUES ('s', '{}', true)")
    cursor.execute("INSERT INTO ops.run (run_key, kind) VALUES ('r', 'cli') RETURNING run_id")
    (run_id,) = cursor.fetchone()  # type: ignore[misc]
    cursor.execute("INSERT INTO ops.batch (run_id, hosts, urls) VALUES (%s, '{}', 1) RETURNING batch_id", (run_id,))
    (batch_id,) = cursor.fetchone()  # type: ignore[misc]
    return run_id, batch_id


def test_a_visit_is_made_again_according_to_how_it_ended(dsn: str) -> None:
    with transaction(dsn) as cursor:
        run_id, batch_id = open_batch(cursor)
        for number, (outcome, status, retry_after, failures, found, _, _) in enumerate(SCHEDULE):
            cursor.execute(
                "INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, failures, "
                "open_batch_id) VALUES (%s, '', 'h', 's', now() - %s, now(), %s, %s) RETURNING url_id",
                (str(number), found, failures, batch_id),
            )
            evidence = f'{{"status": {status}}}' if status else None
            cursor.execute(
                "INSERT INTO ops.visit (batch_id, url_id, stage, outcome, evidence, retry_after) "
                "VALUES (%s, %s, 'fetch', %s, %s, %s)",
                (batch_id, cursor.fetchone()[0], outcome, evidence, retry_after),  # type: ignore[index]
            )
        publish_run(cursor, run_id)
        cursor.execute("SELECT next_visit_at - now(), failures, outcome FROM ops.frontier ORDER BY url_key::int")
        settled = cursor.fetchall()
    for (outcome, *rest, due, failures_after), row in zip(SCHEDULE, settled, strict=True):
        told = (outcome, *rest)
        assert row[1:] == (failures_after, outcome), told
        assert (row[0] is None) if due is None else (row[0] is not None and due[0] <= row[0] <= due[1]), (told, row)


@pytest.mark.parametrize("known", [True, False], ids=["known", "new"])
@pytest.mark.parametrize(
    ("outcome", "fetched", "due"),
    [
        ("unchanged", 2 * HOUR, timedelta(0)),
        ("unchanged", HOUR / 2, 21 * HOUR),
        ("timeout", 2 * HOUR, timedelta(0)),  # as it would be had the visit ended before
        ("duplicate_url", 2 * HOUR, None),
        ("withdrawn", 2 * HOUR, None),
    ],
)
def test_a_change_that_is_announced_when_the_page_was_fetched_and_not_yet_published_is_not_lost(
    dsn: str, outcome: str, fetched: timedelta, due: timedelta | None, known: bool
) -> None:
    """Its batch died in between; the endpoint says it once."""
    with transaction(dsn) as cursor:
        run_id, batch_id = open_batch(cursor)
        cursor.execute("UPDATE ops.batch SET created_at = now() - interval '150 minutes'")
        cursor.execute(
            "INSERT INTO ops.endpoint (source_id, kind, url) VALUES ('s', 'feed', 'f') RETURNING endpoint_id"
        )
        (endpoint_id,) = cursor.fetchone()  # type: ignore[misc]
        cursor.execute(
            "INSERT INTO ops.frontier (url_key, url, host, source_id, endpoint_id, first_found_at, last_found_at, "
            "next_visit_at, updated_at, open_batch_id) VALUES ('a', '', 'h', 's', %s, now() - interval '3 hours', "
            "now() - interval '3 hours', now() - interval '3 hours', now() - interval '3 hours', %s) "
            "RETURNING url_id, now()",
            (endpoint_id, batch_id),
        )
        url_id, now = cursor.fetchone()  # type: ignore[misc]
        if known:
            cursor.execute("UPDATE ops.frontier SET article_id = url_id, outcome = 'published'")
    with transaction(dsn) as cursor:
        add_links(cursor, "s", endpoint_id, [Found("a", "h", Link("", updated=now - HOUR))])
        cursor.execute(
            "UPDATE ops.frontier SET next_visit_at = next_visit_at - %s WHERE next_visit_at >= %s", (HOUR, now)
        )
        cursor.execute(
            "INSERT INTO ops.visit (batch_id, url_id, stage, outcome, article_id, fetched_at) "
            "VALUES (%s, %s, 'publish', %s, %s, %s)",
            (batch_id, url_id, outcome, url_id if outcome == "unchanged" else None, now - fetched),
        )
        publish_run(cursor, run_id)
        cursor.execute("SELECT next_visit_at - now() FROM ops.frontier")
        (found,) = cursor.fetchone()  # type: ignore[misc]
    if outcome == "timeout" and not known:
        assert found > timedelta(0)  # no article: tried again as any other
    elif due is None:
        assert found is None
    else:
        assert due - 2 * HOUR < found <= due


@pytest.mark.parametrize("of", ["import", "reprocess"])
def test_what_an_endpoint_says_of_a_page_that_led_to_no_article_plans_no_visit_while_it_is_read_from_the_archive(
    dsn: str, of: str
) -> None:
    """The settling of an imported or reread page plans none, so it could not take this one back."""
    with transaction(dsn) as cursor:
        _, batch_id = open_batch(cursor)
        cursor.execute(
            """
            WITH i AS (INSERT INTO ops.import (digest, file, size) VALUES ('x', 'a.warc', 1) RETURNING import_id)
            UPDATE ops.batch SET import_id = i.import_id FROM i
            """
            if of == "import"
            else """
            WITH r AS (INSERT INTO ops.reprocess (reprocess_key, stage, reader, scope) VALUES ('k', 'extract', 'r', '{}')
                       RETURNING reprocess_id)
            UPDATE ops.batch SET reprocess_id = r.reprocess_id FROM r
            """
        )
        cursor.execute(
            "INSERT INTO ops.endpoint (source_id, kind, url) VALUES ('s', 'feed', 'f') RETURNING endpoint_id"
        )
        (endpoint_id,) = cursor.fetchone()  # type: ignore[misc]
        cursor.execute(
            "INSERT INTO ops.frontier (url_key, url, host, source_id, endpoint_id, first_found_at, last_found_at, outcome, "
            "last_tried_at, open_batch_id) VALUES ('a', '', 'h', 's', %s, now(), now(), 'not_article', "
            "now() - interval '3 hours', %s) RETURNING now()",
            (endpoint_id, batch_id),
        )
        (now,) = cursor.fetchone()  # type: ignore[misc]
        add_links(cursor, "s", endpoint_id, [Found("a", "h", Link("", updated=now - HOUR))])
        cursor.execute("SELECT next_visit_at FROM ops.frontier")
        assert cursor.fetchone() == (None,)


def test_a_host_whose_pages_turn_out_to_be_bot_checks_is_left_alone(dsn: str) -> None:
    with transaction(dsn) as cursor:
        run_id, batch_id = open_batch(cursor)
        cursor.execute("INSERT INTO ops.host (host) VALUES ('h'), ('other')")
        cursor.execute(
            "INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at) "
            "SELECT n::text, '', CASE WHEN n < 4 THEN 'h' ELSE 'other' END, 's', now(), now() "
            "FROM generate_series(1, 5) AS n"
        )
        cursor.execute(
            "INSERT INTO ops.visit (batch_id, url_id, stage, outcome) SELECT %s, url_id, 'extract', 'challenge' "
            "FROM ops.frontier",
            (batch_id,),
        )
        publish_run(cursor, run_id)
        cursor.execute("SELECT host FROM ops.host WHERE deferred_until > now() + interval '40 minutes'")
        assert cursor.fetchall() == [("h",)]
        cursor.execute("SELECT deferred_why FROM ops.host WHERE host = 'h'")
        assert cursor.fetchone() == ("3 pages of the last run were bot checks",)


def test_urls_beyond_a_hosts_share_and_those_of_a_resting_host_stay_due(dsn: str) -> None:
    desk = Desk(read_settings({"NEWSDESK_MAX_PER_HOST": "3"}), dsn)
    run_id = stages.open_run(desk, "r", "cli")
    with transaction(dsn) as cursor:
        save_sources(cursor, [Source("s", "S", "https://a.example/")], complete=True)
        cursor.execute("INSERT INTO ops.host (host, deferred_until) VALUES ('b.example', now() + interval '1 hour')")
        cursor.execute("INSERT INTO ops.host (host, crawl_delay) VALUES ('c.example', 900)")
        cursor.execute(
            "INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, next_visit_at) "
            "SELECT host || n, '', host, 's', now(), now(), now() "
            "FROM unnest(ARRAY['a.example', 'b.example', 'c.example']) AS host, generate_series(1, 5) AS n"
        )
    assert len(stages.plan(desk, run_id)) == 1
    with transaction(dsn) as cursor:
        cursor.execute("SELECT host, count(*) FROM ops.visit JOIN ops.frontier USING (url_id) GROUP BY 1 ORDER BY 1")
        assert cursor.fetchall() == [("a.example", 3), ("c.example", 2)]
        cursor.execute("SELECT count(*) FROM ops.frontier WHERE open_batch_id IS NULL AND next_visit_at <= now()")
        assert cursor.fetchone() == (10,)


def test_a_host_with_very_many_urls_keeps_nobody_elses_out_of_a_run(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "MOST_PLANNED", 10)
    desk = Desk(read_settings({"NEWSDESK_MAX_PER_HOST": "3"}), dsn)
    with transaction(dsn) as cursor:
        save_sources(cursor, [Source(name, name, f"https://{name}.example/") for name in "ab"], complete=True)
        cursor.execute(
            "INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, next_visit_at, "
            "published_at) SELECT s || n, '', s || '.example', s, now(), now(), now(), now() - at "
            "FROM (VALUES ('a', 40, interval '0'), ('b', 2, interval '1 day')) AS v (s, many, at), generate_series(1, many) AS n"
        )
    stages.plan(desk, stages.open_run(desk, "r", "cli"))
    with transaction(dsn) as cursor:
        cursor.execute("SELECT host, count(*) FROM ops.visit JOIN ops.frontier USING (url_id) GROUP BY 1 ORDER BY 1")
        assert cursor.fetchall() == [("a.example", 3), ("b.example", 2)]


def two_papers_of_one_host(dsn: str) -> Desk:
    """Sources a and b, each with an address of host h that is due."""
    with transaction(dsn) as cursor:
        save_sources(cursor, [Source(name, name, "https://h.example/") for name in "ab"], complete=True)
        cursor.execute(
            "INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, next_visit_at) "
            "SELECT s, '', 'h', s, now(), now(), now() FROM unnest(ARRAY['a', 'b']) AS s"
        )
    return Desk(read_settings({}), dsn)


def test_two_runs_that_claim_at_once_do_not_both_take_a_host(dsn: str) -> None:
    desk = two_papers_of_one_host(dsn)
    first, second = (stages.open_run(desk, kind, kind, [name]) for kind, name in (("airflow", "a"), ("cli", "b")))
    with ThreadPoolExecutor(1) as pool:
        with transaction(dsn) as cursor:
            stages.take_on(desk, cursor, first)
            other = pool.submit(stages.plan, desk, second)
            wait_for_a_lock(dsn, other)
        assert other.result(30) == []
    with transaction(dsn) as cursor:
        cursor.execute("SELECT array_agg(url_key) FROM ops.frontier WHERE open_batch_id IS NOT NULL")
        assert cursor.fetchone() == (["a"],)


@pytest.mark.parametrize("left", ["b", "c"])
def test_a_run_whose_source_is_removed_meanwhile_comes_to_its_end_without_it(dsn: str, left: str) -> None:
    desk = two_papers_of_one_host(dsn)
    run_id = stages.open_run(desk, "r", "airflow", ["a", "b"])
    with transaction(dsn) as cursor:
        save_sources(cursor, [Source(left, left, "https://h.example/")], complete=True)
    for batch_id in stages.plan(desk, run_id):
        with transaction(dsn) as cursor:
            cursor.execute("SELECT array_agg(url_key) FROM ops.visit JOIN ops.frontier USING (url_id)")
            assert (left, cursor.fetchone()) == ("b", (["b"],))
            cursor.execute("UPDATE ops.visit SET stage = 'fetch', outcome = 'gone' WHERE batch_id = %s", (batch_id,))
    stages.deduplicate(desk, run_id)
    stages.publish(desk, run_id)
    assert stages.check(desk, run_id)["sources"] == (left == "b")
    with transaction(dsn) as cursor:
        cursor.execute("SELECT state FROM ops.run")
        assert cursor.fetchone() == ("done",)
