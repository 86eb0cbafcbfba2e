"""Asking again by hand: what becomes due, what is left alone, and the row that tells of it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from command_line import run_newsdesk
from newsdesk import retrying, urls
from newsdesk.model import Endpoint, EndpointKind, Source
from newsdesk.store import sources as source_store
from newsdesk.store import withdrawals
from newsdesk.store.database import transaction
from newsdesk.store.retries import Selection

URLS = {  # path -> source, outcome, reason
    "a/broken": ("times", "quarantined", "MemoryError: the page took more than 512 MB"),
    "b/slow": ("times", "timeout", "no answer within 60 s"),
    "c/slow": ("post", "timeout", "no answer within 60 s"),
    "d/gone": ("post", "gone", "status 404"),
    "e/out": ("post", "withdrawn", "court order"),
    "f/tomb": ("post", "timeout", "no answer within 60 s"),  # withdrawn at an address of it, and not visited since
    "g/taken": ("times", "tls", "certificate has expired"),  # in the hands of a run
}


@pytest.fixture
def filled(dsn: str) -> str:
    with transaction(dsn) as cursor:
        endpoint = Endpoint(EndpointKind.FEED, "https://times.example/rss")
        source_store.save_sources(
            cursor,
            [Source(name, name, "https://times.example/", endpoints=(endpoint,)) for name in ("times", "post")],
            complete=True,
        )
        cursor.execute("INSERT INTO ops.run (run_key, kind) VALUES ('a', 'cli') RETURNING run_id")
        (run_id,) = cursor.fetchone()  # type: ignore[misc]
        cursor.execute("INSERT INTO ops.batch (run_id, hosts, urls) VALUES (%s, '{}', 1) RETURNING batch_id", (run_id,))
        (batch_id,) = cursor.fetchone()  # type: ignore[misc]
        for path, (source, outcome, reason) in URLS.items():
            cursor.execute(
                """
                INSERT INTO ops.frontier (url, url_key, host, source_id, outcome, reason, failures, first_found_at, last_found_at, last_tried_at, next_visit_at, open_batch_id)
                VALUES (%s, %s, 'times.example', %s, %s, %s, 5, now(), now(), now(), NULL, %s)
                """,
                (
                    f"https://times.example/{path}", urls.canonical_key(f"https://times.example/{path}"), source, outcome, reason,
                    batch_id if path == "g/taken" else None,
                ),
            )  # fmt: skip
        withdrawals.entomb(
            cursor,
            [urls.canonical_key("https://times.example/f/tomb")],
            "https://times.example/f/tomb",
            None,
            "court order",
        )
    return dsn


def due(dsn: str) -> set[str]:
    with transaction(dsn) as cursor:
        cursor.execute("SELECT right(url, -22), failures FROM ops.frontier WHERE next_visit_at <= now()")
        found = dict(cursor.fetchall())
    assert set(found.values()) <= {0}
    return set(found)


def audit(dsn: str) -> list[tuple[Any, ...]]:
    with transaction(dsn) as cursor:
        cursor.execute("SELECT action, source_id, target, result FROM ops.audit ORDER BY audit_id")
        return cursor.fetchall()


@pytest.mark.parametrize(
    ("reason", "source", "expected"),
    [
        (None, None, {"a/broken", "b/slow", "c/slow"}),
        (None, "times", {"a/broken", "b/slow"}),
        ("timeout", None, {"b/slow", "c/slow"}),
        ("gone", None, {"d/gone"}),
        ("NO ANSWER within", "post", {"c/slow"}),
        ("status 404", None, {"d/gone"}),
        ("court order", None, set()),
        ("%", None, set()),
    ],
)
def test_what_is_chosen_becomes_due_and_nothing_else(
    filled: str, reason: str | None, source: str | None, expected: set[str]
) -> None:
    with transaction(filled) as cursor:
        done = retrying.retry(cursor, retrying.choice((), reason, source), "nora", "some")
    assert due(filled) == expected
    assert done.due == len(expected)
    assert audit(filled) == [("retry", source, "some", retrying.in_words(done))]


def test_what_was_withdrawn_stays_out_however_it_is_named(filled: str) -> None:
    with transaction(filled) as cursor:
        cursor.execute("SELECT array_agg(url_id) FROM ops.frontier WHERE url LIKE '%/out' OR url LIKE '%/tomb'")
        (ids,) = cursor.fetchone()  # type: ignore[misc]
        by_id = retrying.retry(cursor, Selection(tuple(ids)), "nora", "two")
        by_outcome = retrying.retry(cursor, Selection(outcomes=("withdrawn",)), "nora", "all")
    assert (by_id.due, by_id.withdrawn, by_outcome.due, by_outcome.withdrawn) == (0, 2, 0, 1)
    assert due(filled) == set()
    assert retrying.in_words(by_id) == "0 URLs are due with the next run; 2 withdrawn: they stay out"


def test_what_a_run_has_in_hand_is_left_as_it_is(filled: str) -> None:
    with transaction(filled) as cursor:
        done = retrying.retry(cursor, Selection(outcomes=("tls",)), "nora", "tls")
    assert (done.due, done.in_hand) == (0, 1)
    assert due(filled) == set()


def run(dsn: str, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_newsdesk("retry", *arguments, NEWSDESK_DSN=dsn, NEWSDESK_HOME=str(home))


def test_the_command_asks_again_for_addresses_and_for_reasons(filled: str, tmp_path: Path) -> None:
    one = run(filled, tmp_path, "https://times.example/d/gone?utm_source=x", "https://times.example/never", "--json")
    assert one.returncode == 0, one.stderr
    assert json.loads(one.stdout) == {"due": 1, "in_hand": 0, "asleep": 0, "withdrawn": 0}
    assert "https://times.example/never was never found" in one.stderr
    assert due(filled) == {"d/gone"}
    all_of_one = run(filled, tmp_path, "--source", "times")
    assert all_of_one.returncode == 0
    assert all_of_one.stderr == "2 URLs are due with the next run; 1 in the hands of a run already\n"
    assert [row[2] for row in audit(filled)] == [
        "https://times.example/d/gone?utm_source=x",
        "all that is stuck of times",
    ]


def test_the_command_says_what_it_cannot_do(filled: str, tmp_path: Path) -> None:
    for arguments, code, said in (
        ((), 2, "which pages?"),
        (("https://times.example/d/gone", "--all"), 2, "not both"),
        (("--reason", "withdrawn"), 2, "nothing to be retried"),
        (("--source", "nobody"), 2, "no source 'nobody'"),
        (("javascript:alert(1)",), 2, "is not the address of a page"),
        (("https://times.example/e/out",), 1, "1 withdrawn: it stays out"),
    ):
        answer = run(filled, tmp_path, *arguments)
        assert (answer.returncode, said in answer.stderr) == (code, True), (arguments, answer.stderr)
    assert due(filled) == set()
