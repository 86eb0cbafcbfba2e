"""The channels by which people are told, by Airflow's connections: a real mail server and webhook on loopback."""

from __future__ import annotations

import json
import logging
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from newsdesk.errors import ChannelFailed
from scripted_site import Answer, Site, open_site


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
