"""Alerts from opening to closing, how they are told, and the day's digest: a real database, a channel of the test's own."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from newsdesk.alerting.digest import tell_digest
from newsdesk.alerting.problem import Problem
from newsdesk.alerting.telling import tell, tell_due, write_alerts
from newsdesk.desk import Desk
from newsdesk.errors import ChannelFailed, ConfigError
from newsdesk.settings import read_settings
from newsdesk.store import alerts, runs
from newsdesk.store.alerts import Judged
from newsdesk.store.database import transaction

GONE = Problem("endpoints", "2 of 2 endpoints failed (x: 410)", "Press “Poll again”.", grave=True)
LOOK = Problem("flood", "900 articles", "See whether they are old.", grave=False)


@dataclass
class Post:
    """A channel that takes what it is given, or fails as long as it is told to."""

    taken: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)

    def send(self, kind: str, connection: str, subject: str, lines: Sequence[str]) -> None:
        if kind in self.failing:
            raise ChannelFailed("its server answered 503")
        self.taken.append((kind, subject, tuple(lines)))


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def desk(dsn: str, tmp_path: Path, post: Post) -> Desk:
    with transaction(dsn) as cursor:
        cursor.execute(
            "INSERT INTO ops.source (source_id, definition, enabled) VALUES ('post', '{}', true), ('times', '{}', true)"
        )
    settings = read_settings({"NEWSDESK_HOME": str(tmp_path), "NEWSDESK_NOTIFY": "slack:a, smtp:b"})
    return Desk(settings, dsn, send=post.send, pages="https://airflow.example/newsdesk")


def judged(desk: Desk, key: str, *found: Judged) -> list[alerts.Alert]:
    """A run's check; the alerts that make it red."""
    with transaction(desk.dsn) as cursor:
        run = runs.open_run(cursor, key, "cli", [], None)
        alerts.record(cursor, run, found)
        red = alerts.became_grave(cursor, run)
        write_alerts(desk, cursor)
    tell_due(desk)
    return red


def told(post: Post, kind: str = "slack") -> list[str]:
    return [subject for channel, subject, _ in post.taken if channel == kind]


def test_an_alert_is_told_once_when_it_opens_and_once_when_it_closes(desk: Desk, post: Post) -> None:
    ill, well = Judged("post", "endpoints", GONE), Judged("post", "endpoints", None)
    assert [alert.source_id for alert in judged(desk, "1", ill)] == ["post"]
    assert judged(desk, "2", ill) == []
    assert judged(desk, "3") == []  # too little to judge by: it stays
    assert [alert.kind for alert in judged_open(desk)] == ["endpoints"]
    judged(desk, "4", well)
    judged(desk, "5", well)
    assert judged_open(desk) == []
    assert told(post) == told(post, "smtp") == [
        "newsdesk: 1 needs you (post: endpoints)", "newsdesk: 1 well again (post: endpoints)"
    ]  # fmt: skip
    _, _, lines = post.taken[0]
    assert lines == (
        "NEEDS YOU: post: 2 of 2 endpoints failed (x: 410)", "  Press “Poll again”.", "  https://airflow.example/newsdesk/sources/post",
    )  # fmt: skip
    assert len(judged(desk, "6", ill)) == 1  # it fails again


def judged_open(desk: Desk) -> list[alerts.Alert]:
    with transaction(desk.dsn) as cursor:
        return alerts.open_alerts(cursor)


def test_a_check_that_runs_again_is_red_again_and_tells_nothing_twice(desk: Desk, post: Post) -> None:
    for _ in range(2):
        assert len(judged(desk, "1", Judged("post", "endpoints", GONE), Judged("times", "flood", LOOK))) == 1
    assert told(post) == ["newsdesk: 1 needs you, 1 worth a look (post: endpoints, …)"]


def test_what_becomes_grave_is_told_again_and_makes_the_run_red(desk: Desk, post: Post) -> None:
    judged(desk, "1", Judged("post", "endpoints", replace(GONE, grave=False)))
    assert len(judged(desk, "2", Judged("post", "endpoints", GONE))) == 1
    assert told(post) == ["newsdesk: 1 worth a look (post: endpoints)", "newsdesk: 1 needs you (post: endpoints)"]


def test_alerts_of_a_source_that_is_paused_close(desk: Desk, post: Post) -> None:
    judged(desk, "1", Judged("post", "endpoints", GONE))
    with transaction(desk.dsn) as cursor:
        cursor.execute("UPDATE ops.source SET paused_at = now(), paused_by = 'nora' WHERE source_id = 'post'")
    judged(desk, "2")
    assert judged_open(desk) == []
    assert post.taken[-1][2][0].startswith("paused by hand: post, endpoints since")


def test_a_channel_that_fails_holds_back_neither_the_run_nor_the_others_and_is_tried_again(
    desk: Desk, post: Post
) -> None:
    post.failing = {"slack"}
    judged(desk, "1", Judged("post", "endpoints", GONE))
    assert (told(post), len(told(post, "smtp"))) == ([], 1)
    with transaction(desk.dsn) as cursor:
        cursor.execute("SELECT channel, tries, failure FROM ops.telling WHERE told_at IS NULL")
        assert cursor.fetchall() == [("slack:a", 1, "its server answered 503")]
    post.failing = set()
    judged(desk, "2")
    assert (len(told(post)), len(told(post, "smtp"))) == (1, 1)


def test_what_a_channel_throws_is_noted_without_its_text(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    def leaking(*_: Any) -> None:
        raise RuntimeError("could not post to https://hooks.slack.com/services/T0/B0/secret")

    with caplog.at_level(logging.DEBUG):
        assert tell(replace(desk, send=leaking), "late", ["a batch is late"])
    assert "secret" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_a_message_of_a_key_is_told_once(desk: Desk, post: Post) -> None:
    assert tell(desk, "A day\nX-Injected: 1", ["all came in"], key="digest/2026-03-02")
    assert not tell(desk, "A day", ["all came in"], key="digest/2026-03-02")
    assert told(post) == ["A day X-Injected: 1"]


def test_without_a_channel_the_log_tells(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        tell(replace(desk, send=None), "late", ["a batch is late"])
    assert "a batch is late" in caplog.text
    with transaction(desk.dsn) as cursor:
        cursor.execute("SELECT count(*) FROM ops.telling")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("wrong", ["slack", "pager:a", "smtp:", "webhook:a b", "slack:a;smtp:b"])
def test_a_channel_that_cannot_be_is_a_fault_of_the_settings(wrong: str) -> None:
    with pytest.raises(ConfigError, match="NEWSDESK_NOTIFY"):
        read_settings({"NEWSDESK_NOTIFY": wrong})


def test_the_digest_tells_the_day_and_is_told_once(desk: Desk, post: Post) -> None:
    judged(desk, "1", Judged("post", "endpoints", GONE))
    with transaction(desk.dsn) as cursor:
        cursor.execute(
            """
            INSERT INTO ops.arrivals (hour, source_id, outcome, urls, last_at)
            SELECT date_trunc('hour', now()) - d * interval '1 day', 'times', 'published', 10 + d, now() - d * interval '1 day'
            FROM generate_series(0, 12) AS d;
            INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, last_tried_at, outcome, reason)
            SELECT 'https://post.example/' || n, 'https://post.example/' || n, 'post.example', 'post', now(), now(), now(), 'wall',
                'asks to log in at https://post.example/' || n FROM generate_series(1, 7) AS n;
            INSERT INTO ops.batch (run_id, hosts, urls, created_at) SELECT run_id, '{}', 1, now() - interval '5 hours' FROM ops.run;
            INSERT INTO ops.endpoint (source_id, kind, url, polled_at, worked_at) VALUES ('times', 'feed', 'x', now(), now());
            INSERT INTO ops.visit (batch_id, url_id) SELECT (SELECT min(batch_id) FROM ops.batch), min(url_id) FROM ops.frontier;
            """
        )
    tell_digest(desk, "today")
    tell_digest(desk, "today")
    (letter,) = [lines for kind, subject, lines in post.taken if kind == "slack" and "articles" in subject]
    told_lines = "\n".join(letter)
    assert "10 new articles in 24 hours; 1 of 2 sources are well" in told_lines
    assert "times: 10 (usually 12 to 21)" in told_lines
    assert "post, needs you since" in told_lines
    assert "7 × wall: asks to log in at … (post)" in told_lines
    assert "batches not ended 1, URLs in them 1, since" in told_lines
    assert letter[-1] == "https://airflow.example/newsdesk/"
