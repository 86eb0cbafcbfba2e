"""Alerts from opening to closing, and the channels by which they are told: a real database, mail server and webhook."""

from __future__ import annotations

import json
import logging
import socketserver
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from arrivals import Arrival, arrive
from newsdesk import stages
from newsdesk.alerting.digest import tell_digest
from newsdesk.alerting.facts import Rhythm
from newsdesk.alerting.problem import Problem
from newsdesk.alerting.telling import tell, tell_due, write_alerts
from newsdesk.desk import Desk
from newsdesk.errors import ChannelFailed, ConfigError
from newsdesk.settings import read_settings
from newsdesk.store import alerts, runs
from newsdesk.store.alerts import Judged
from newsdesk.store.database import transaction
from newsdesk.store.source_facts import source_facts
from scripted_site import Answer, Site, open_site

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


# ---- what the checks are told of the past


def test_facts_are_counted_by_the_hours_of_the_weeks_before(dsn: str) -> None:
    run = arrive(dsn, [Arrival("https://post.example/a", "A text.")], "1")
    with transaction(dsn) as cursor:
        cursor.execute(
            """
            INSERT INTO ops.arrivals (hour, source_id, outcome, urls, last_at)
            SELECT h, 'post', o.outcome, o.urls, h
            FROM generate_series(date_trunc('hour', now()) - interval '40 days', date_trunc('hour', now()), interval '1 hour') AS h,
                (VALUES ('published', 2), ('wall', 1)) AS o (outcome, urls)
            WHERE h <= date_trunc('hour', now()) - interval '24 hours' OR o.outcome = 'wall'
            """
        )
        (facts,) = source_facts(cursor, run, ["post"])
        assert facts.rhythm.windows[24] == (0, (46,) * 5)  # the hour that is not over is left out of 24
        assert facts.rhythm.windows[168] == (2 * 144, (334,) * 4)
        assert facts.rhythm.days == (46,) * 20
        assert facts.rhythm.silent_hours == 24
        assert (facts.outcomes_today, set(facts.outcomes_before)) == ({"wall": 24}, {"published", "wall"})
        # nothing ran for two days: what did not come then says nothing
        cursor.execute(
            """
            INSERT INTO ops.run (run_key, kind, started_at)
            SELECT 'old/' || h, 'cli', now() - h * interval '1 hour' FROM generate_series(1, 500) AS h WHERE h NOT BETWEEN 6 AND 54
            """
        )
        (facts,) = source_facts(cursor, run, ["post"])
        assert set(facts.rhythm.windows) == {3}
        # and neither does the time of a pause
        cursor.execute(
            "INSERT INTO ops.audit (actor, action, source_id, target) VALUES ('nora', 'resume', 'post', 'post')"
        )
        (facts,) = source_facts(cursor, run, ["post"])
        assert facts.rhythm == Rhythm({}, facts.rhythm.days, 0.0)


def test_a_days_articles_are_told_beside_those_before(dsn: str) -> None:
    run = arrive(
        dsn,
        [Arrival(f"https://post.example/{n}", f"Text {n}.", language="de" if n < 3 else "en") for n in range(8)],
        "1",
    )
    desk = Desk(read_settings({}), dsn)
    stages.deduplicate(desk, run)
    stages.publish(desk, run)
    with transaction(dsn) as cursor:
        cursor.execute(
            "INSERT INTO ops.endpoint (source_id, kind, url) VALUES ('post', 'feed', 'https://post.example/rss') RETURNING endpoint_id"
        )
        cursor.execute("UPDATE ops.frontier SET endpoint_id = %s", cursor.fetchone())
        cursor.execute("UPDATE ops.frontier SET first_found_at = now() - interval '2 days' WHERE url LIKE '%%/7'")
        (facts,) = source_facts(cursor, run, ["post"])
    content = facts.content
    assert (content.articles, content.languages, content.past, content.past_languages) == (
        7,
        {"de": 3, "en": 4},
        1,
        {"en": 1},
    )
    assert content.same >= 1
    assert content.past_lag is not None


# ---- the day's digest


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


# ---- the channels, by Airflow's connections


@dataclass
class Mail:
    port: int
    letters: list[str] = field(default_factory=list)
    refuse: bool = False


@contextmanager
def mail_server() -> Iterator[Mail]:
    """A mail server on loopback, as much of one as smtplib needs."""
    mail = Mail(0)

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 desk\r\n")
            while line := self.rfile.readline():
                word = line[:4].upper()
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                    mail.letters.append(letter.decode())
                self.wfile.write(b"554 not now\r\n" if mail.refuse and word == b"MAIL" else b"250 ok\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        mail.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield mail
        server.shutdown()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with open_site() as found:
        yield found


def connect(monkeypatch: pytest.MonkeyPatch, name: str, **values: Any) -> None:
    monkeypatch.setenv(f"AIRFLOW_CONN_{name.upper()}", json.dumps(values))


@pytest.mark.slow
def test_mail_goes_through_airflows_notifier(monkeypatch: pytest.MonkeyPatch) -> None:
    from email import message_from_string

    from newsdesk.alerting.channels import send

    with mail_server() as mail:
        connect(
            monkeypatch, "mail", conn_type="smtp", host="127.0.0.1", port=mail.port,
            extra={"disable_ssl": True, "disable_tls": True, "from_email": "desk@news.example", "to": "a@news.example; b@news.example"},
        )  # fmt: skip
        send(
            "smtp",
            "mail",
            "1 needs you",
            ["post: <b>bold</b> {{ 7 * 7 }}", "  https://airflow.example/newsdesk/sources/post"],
        )
        (letter,) = mail.letters
        read = message_from_string(letter)
        body = next(part for part in read.walk() if part.get_content_type() == "text/html").get_payload(decode=True)
        assert isinstance(body, bytes)
        text = body.decode()
        assert (read["Subject"], read["To"]) == ("1 needs you", "a@news.example, b@news.example")
        assert "&lt;b&gt;" in text
        assert "{{ 7 * 7 }}" in text  # what the web wrote is no template
        assert '<a href="https://airflow.example/newsdesk/sources/post">' in text
        mail.refuse = True
        with pytest.raises(ChannelFailed, match="mail"):
            send("smtp", "mail", "again", [])
    with pytest.raises(ChannelFailed, match="nothing listens there"):
        send("smtp", "mail", "again", [])


@pytest.mark.slow
def test_a_webhook_is_posted_to_and_led_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    from newsdesk.alerting.channels import send

    connect(
        monkeypatch,
        "hook",
        conn_type="http",
        host=site.base,
        password="s3cret",
        extra={"path": "/in", "headers": {"x-team": "desk"}},
    )
    caplog.set_level(logging.DEBUG)
    send("webhook", "hook", "1 needs you", ["post: gone"])
    (posted,) = site.posted
    assert json.loads(posted.body) | {"sent_at": ""} == {
        "subject": "1 needs you", "lines": ["post: gone"], "text": "1 needs you\npost: gone", "from": "newsdesk", "sent_at": "",
    }  # fmt: skip
    assert (posted.path, posted.headers["x-team"], posted.headers["authorization"]) == (
        "/in",
        "desk",
        "Basic OnMzY3JldA==",
    )
    site.answers["/in"] = Answer(status=302, headers={"Location": f"{site.base}/elsewhere"})
    with pytest.raises(ChannelFailed, match="answered 302"):
        send("webhook", "hook", "again", [])
    site.answers["/in"] = Answer(status=500)
    with pytest.raises(ChannelFailed, match="answered 500"):
        send("webhook", "hook", "again", [])
    assert "/elsewhere" not in [path for path, *_ in site.asked]
    assert "s3cret" not in caplog.text
    assert "OnMzY3JldA" not in caplog.text
    for host in ("file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1"):
        connect(monkeypatch, "odd", conn_type="http", host=host)
        with pytest.raises(ChannelFailed, match="no http"):
            send("webhook", "odd", "x", [])
    with pytest.raises(ChannelFailed, match="there is no connection nowhere"):
        send("webhook", "nowhere", "x", [])


@pytest.mark.slow
def test_slack_is_told_over_tls_only_and_nobody_is_called_by_a_text(
    monkeypatch: pytest.MonkeyPatch, site: Site
) -> None:
    from airflow.sdk import Connection

    from newsdesk.alerting import channels

    connect(monkeypatch, "slack", conn_type="slackwebhook", host=site.base, password="T0/B0/s3cret")
    with pytest.raises(ChannelFailed, match="no https address") as told_why:
        channels.send("slack", "slack", "x", [])
    assert "s3cret" not in str(told_why.value)
    connection = Connection(
        conn_id="slack", conn_type="slackwebhook", host="https://hooks.slack.com/services", password="T0/B0/x"
    )
    notifier = channels._NOTIFIERS["slack"](
        connection, "1 <needs> you", ["<!channel> & <http://evil.example|the desk>"]
    )
    assert isinstance(notifier, channels.WebhookNotifier)
    assert notifier.address == "https://hooks.slack.com/services/T0/B0/x"
    assert notifier.body == {
        "text": "*1 &lt;needs&gt; you*\n&lt;!channel&gt; &amp; &lt;http://evil.example|the desk&gt;"
    }
