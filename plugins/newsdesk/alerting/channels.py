"""The channels by which people are told: each an Airflow notifier that is given an Airflow connection.

| channel | notifier | the connection holds |
| --- | --- | --- |
| slack | Slack's own where apache-airflow-providers-slack is installed, else `WebhookNotifier` | an incoming webhook: host `https://hooks.slack.com/services`, password `T…/B…/…` |
| smtp | `SmtpNotifier` of apache-airflow-providers-smtp | host, port, login, password; extra: `from_email`, `to` |
| webhook | `WebhookNotifier` | host with scheme (or `schema`), path in extra `path`; login and password, or extra `headers` |

Notifiers are called by `notify`, not as Airflow calls them: that would read their fields as Jinja templates, and part of
what they tell was written by strangers. What goes wrong becomes ChannelFailed, in words without addresses and secrets.
"""

from __future__ import annotations

import json
import smtplib
import ssl
import urllib.request
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.message import Message
from html import escape
from http.client import HTTPException
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit

from airflow.sdk import BaseNotifier, Connection
from airflow.sdk.exceptions import AirflowNotFoundException

from newsdesk.errors import ChannelFailed

PATIENCE = 10.0  # seconds for each word of a channel's server


def send(kind: str, connection_id: str, subject: str, lines: Sequence[str]) -> None:
    """Tell people through the channel. ChannelFailed says what to look at."""
    try:
        connection = Connection.get(connection_id)
    except AirflowNotFoundException:
        raise ChannelFailed(f"there is no connection {connection_id}: add it in Airflow") from None
    notifier = _NOTIFIERS[kind](connection, subject, lines)
    try:
        notifier.notify({})
    except OSError as fault:  # of smtplib all
        raise ChannelFailed(f"the connection {connection_id}: {_in_words(fault)}") from None


class WebhookNotifier(BaseNotifier):
    """One POST of JSON to one address, which an operator's connection told.

    No redirect is followed and nothing of the answer is read but its status, so that nobody but the operator chooses
    what is asked. ChannelFailed unless the answer is 2xx.
    """

    def __init__(self, address: str, body: Mapping[str, Any], headers: Mapping[str, str], connection_id: str) -> None:
        super().__init__()
        self.address = address
        self.body = body
        self.headers = headers
        self.connection_id = connection_id

    def notify(self, context: Any) -> None:
        """Send it; `context` is not looked at."""
        request = urllib.request.Request(  # noqa: S310 - http and https only, see web_address
            self.address,
            data=json.dumps(self.body).encode(),
            headers={"content-type": "application/json", "user-agent": "newsdesk", **self.headers},
            method="POST",
        )
        try:
            with _OPENER.open(request, timeout=PATIENCE):
                pass
        except HTTPError as answer:
            answer.close()
            raise ChannelFailed(f"the connection {self.connection_id}: its server answered {answer.code}") from None
        except (URLError, HTTPException, OSError, ValueError) as fault:
            raise ChannelFailed(f"the connection {self.connection_id}: {_in_words(fault)}") from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


# of urllib's handlers those for the web alone: no file:, no ftp:. It logs no address, as other clients do
_OPENER = urllib.request.OpenerDirector()
for _handler in (
    urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler(context=ssl.create_default_context()),
    _NoRedirect(), urllib.request.HTTPErrorProcessor(), urllib.request.HTTPDefaultErrorHandler(),
):  # fmt: skip
    _OPENER.add_handler(_handler)


def web_address(connection: Connection, path: str = "") -> str:
    """The http(s) address that a connection tells. ChannelFailed where it tells none."""
    host = connection.host or ""
    if "://" not in host:
        scheme = connection.schema if connection.schema in ("http", "https") else "https"
        port = f":{connection.port}" if connection.port else ""
        host = f"{scheme}://{host}{port}"
    address = urljoin(host.rstrip("/") + "/", path.lstrip("/")) if path else host
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ChannelFailed(f"the connection {connection.conn_id} tells no http(s) address: set its host")
    return address


def _webhook(connection: Connection, subject: str, lines: Sequence[str]) -> BaseNotifier:
    extra = connection.extra_dejson
    headers = {str(name): str(value) for name, value in dict(extra.get("headers") or {}).items()}
    if connection.login or connection.password:
        token = b64encode(f"{connection.login or ''}:{connection.password or ''}".encode()).decode()
        headers.setdefault("authorization", f"Basic {token}")
    body = {
        "subject": subject, "lines": list(lines), "text": "\n".join((subject, *lines)),
        "sent_at": datetime.now(UTC).isoformat(timespec="seconds"), "from": "newsdesk",
    }  # fmt: skip
    return WebhookNotifier(web_address(connection, str(extra.get("path") or "")), body, headers, connection.conn_id)


def _slack(connection: Connection, subject: str, lines: Sequence[str]) -> BaseNotifier:
    # Slack's own escaping: without it a text could address everybody (<!channel>) or hide where a link leads
    text, first = (
        "\n".join(some).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for some in (lines, [subject])
    )
    said = f"*{first}*\n{text}"
    try:
        from airflow.providers.slack.notifications.slack_webhook import SlackWebhookNotifier  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        token = connection.password or ""
        address = token if "://" in token else web_address(connection, token)
        if urlsplit(address).scheme != "https":
            raise ChannelFailed(
                f"the connection {connection.conn_id} tells no https address: host https://hooks.slack.com/services, and "
                "what follows it in the webhook's address as password"
            ) from None
        return WebhookNotifier(address, {"text": said}, {}, connection.conn_id)
    notifier: BaseNotifier = SlackWebhookNotifier(slack_webhook_conn_id=connection.conn_id, text=said)
    return notifier


def _smtp(connection: Connection, subject: str, lines: Sequence[str]) -> BaseNotifier:
    try:
        from airflow.providers.smtp.notifications.smtp import SmtpNotifier
    except ImportError:
        raise ChannelFailed("mail needs the package apache-airflow-providers-smtp: install it beside Airflow") from None
    extra = connection.extra_dejson
    told = extra.get("to") or ()
    recipients = told.replace(";", ",").split(",") if isinstance(told, str) else list(told)
    to = [str(one).strip() for one in recipients if str(one).strip()]
    sender = extra.get("from_email") or connection.login
    if not to or not sender:
        raise ChannelFailed(f'the connection {connection.conn_id} needs "to" and "from_email" in its extra')
    body = "<br>\n".join(f"{'&nbsp;&nbsp;' if line.startswith('  ') else ''}{_linked(line.strip())}" for line in lines)
    return SmtpNotifier(
        smtp_conn_id=connection.conn_id, to=to, from_email=str(sender), subject=subject, html_content=f"<p>{body}</p>"
    )


def _linked(line: str) -> str:
    """A line that is an address and nothing else is the desk's own: those of the web stand within a line."""
    safe = escape(line)
    return f'<a href="{safe}">{safe}</a>' if line.startswith(("http://", "https://")) and " " not in line else safe


_NOTIFIERS = {"slack": _slack, "smtp": _smtp, "webhook": _webhook}


def _in_words(fault: BaseException) -> str:
    """What went wrong, told by its kind: never by its text, in which an address or a password may stand."""
    reason = fault.reason if isinstance(fault, URLError) and isinstance(fault.reason, BaseException) else fault
    if isinstance(reason, smtplib.SMTPResponseException):
        return f"the mail server answered {reason.smtp_code}"
    if isinstance(reason, TimeoutError):
        return f"no answer within {PATIENCE:g} s"
    if isinstance(reason, ssl.SSLError):
        return "its certificate is not trusted, or it does not speak TLS"
    if isinstance(reason, ConnectionRefusedError):
        return "nothing listens there: see host and port"
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror
    return f"{type(reason).__name__}: see its settings"
