"""The state of one visit under way, and what its next request may carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.cookies import RequestsCookieJar

from newsdesk.fetch.cookies import cookie_for
from newsdesk.fetch.second_tries import Change
from newsdesk.fetch.transport import CONNECT_SECONDS
from newsdesk.model import Outcome

BeforeHop = Callable[[str], Outcome | None]


@dataclass(slots=True)
class Visit:
    """One call of `fetch`. `until` and `started` move on by the time that the caller makes us wait."""

    session: requests.Session
    url: str
    max_bytes: int
    allow_private: Callable[[str], bool]
    validators: dict[str, str]
    headers: Mapping[str, str]
    accept_types: tuple[str, ...]
    fetched_at: datetime
    started: float
    until: float
    here: str
    before_hop: BeforeHop | None
    truncate: bool = False
    trail: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)  # addresses asked, without fragments; since cookies are shown
    changes: list[Change] = field(default_factory=list)
    refreshed: bool = False  # a page's own refresh was followed
    for_good: bool = True  # no redirect on the way was a temporary one
    jar: RequestsCookieJar | None = None  # kept for a cookie wall, and for this visit only
    shows_cookies: bool = False
    request: requests.PreparedRequest | None = None  # the last one sent
    status: int | None = None
    answer_headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def forget_answer(self) -> None:
        self.status, self.answer_headers, self.body = None, (), b""

    def wait_for_turn(self, target: str) -> Outcome | None:
        """Let the caller judge one more request, and wait: the time is not ours. A refusal comes as its outcome."""
        if self.before_hop is None:
            return None
        asked = monotonic()
        refusal = self.before_hop(target)
        waited = monotonic() - asked
        self.until += waited
        self.started += waited
        return refusal

    def time_left(self) -> Any:
        """The rest of the deadline as urllib3's Timeout, of which requests' types know nothing."""
        left = self.until - monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return urllib3.Timeout(connect=min(left, CONNECT_SECONDS), total=left)

    def request_headers(self) -> dict[str, str]:
        """Beside those of the session; the caller's own only for the origin that they were given for."""
        headers = {**self.validators, **(self.headers if same_origin(self.url, self.here) else {})}
        for change in self.changes:
            headers.update(change.headers)
            if change.new_connection:
                headers["Connection"] = "close"
        if self.shows_cookies and (cookie := cookie_for(self.jar, self.here)):
            headers["Cookie"] = f"{headers['Cookie']}; {cookie}" if "Cookie" in headers else cookie
        return headers


def same_origin(first: str, second: str) -> bool:
    """Same host and port; https for http counts as the same, since secrets lose nothing by it."""
    try:
        a, b = urlsplit(first.strip()), urlsplit(second)
        if (a.scheme, a.hostname, a.port) == (b.scheme, b.hostname, b.port):
            return True
        upgraded = (a.scheme, b.scheme) == ("http", "https") and a.port in (None, 80) and b.port in (None, 443)
        return upgraded and a.hostname == b.hostname
    except ValueError:
        return False


def sendable(headers: Mapping[str, str | None]) -> dict[str, str]:
    """Those that can stand in a request: a stored validator that cannot is left out, the rest is sent as it came."""
    return {name: value for name, value in headers.items() if value and _is_sendable(value)}


def _is_sendable(value: str) -> bool:
    return value == value.strip() == header_value(value) and max(value) <= "\xff"


def header_value(value: str) -> str:
    """A header's value without line breaks and NUL (RFC 9110, 5.5: a space for each)."""
    if value.isprintable():
        return value
    return "".join(" " if character in "\r\n\0" else character for character in value)
