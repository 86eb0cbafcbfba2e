"""One visit to one URL, which ends in an outcome whatever the network or the server does.

Redirects are followed by hand: each hop is judged (address, then the caller's `before_hop`: robots.txt and pace of
a new host) before a byte is sent, and its body is never decoded. One wall-clock deadline covers look-up,
connection, headers, body and redirects together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
import urllib3

from newsdesk.fetch.addresses import check_form
from newsdesk.fetch.body import read_body, read_evidence
from newsdesk.fetch.coding import accepted
from newsdesk.fetch.faults import NETWORK_ERRORS, Ended, explain
from newsdesk.fetch.status import judge_status
from newsdesk.fetch.transport import CONNECT_SECONDS, CheckedAdapter, StaleConnection, open_tls
from newsdesk.model import Outcome, Response

MAX_REDIRECTS = 8
SHORT_BODY = 4096
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_PRIVATE = "private+"  # before the scheme: the adapter whose connections may go to private addresses

BeforeHop = Callable[[str], Outcome | None]


@dataclass(slots=True)
class _Visit:
    """One call of `fetch` under way. `until` and `started` move on by the time that the caller makes us wait."""

    session: requests.Session
    url: str
    deadline: float
    max_bytes: int
    allow_private: bool
    validators: dict[str, str]
    headers: Mapping[str, str]
    accept_types: tuple[str, ...]
    truncate: bool
    fetched_at: datetime
    started: float
    until: float
    here: str
    trail: list[str] = field(default_factory=list)
    status: int | None = None
    answer_headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


def open_session(user_agent: str, *, authorities: str | None = None) -> requests.Session:
    """A session for `fetch`, for all threads and hosts: no proxies, no netrc, no cookies, connections checked.

    `authorities`: a PEM file of certificate authorities to trust instead of certifi's.
    """
    session = requests.Session()
    session.trust_env = False
    session.headers.clear()
    session.headers.update({"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": accepted()})
    tls = open_tls(authorities)
    public, private = CheckedAdapter(tls=tls), CheckedAdapter(allow_private=True, tls=tls)
    for scheme in ("http://", "https://"):
        session.mount(scheme, public)
        session.mount(_PRIVATE + scheme, private)
    return session


def fetch(
    session: requests.Session,
    url: str,
    *,
    deadline: float,
    max_bytes: int,
    allow_private: bool = False,
    etag: str | None = None,
    last_modified: str | None = None,
    headers: Mapping[str, str] | None = None,
    before_hop: BeforeHop | None = None,
    accept_types: tuple[str, ...] = (),
    truncate: bool = False,
) -> Response:
    """GET `url` within `deadline` seconds. Raises nothing for what the network or the server does.

    `etag` and `last_modified` go back to the server as they came. `headers` go to the origin of `url` only.
    `before_hop` is asked for each redirect's target (not for `url`, which the caller has judged) and may wait;
    that time counts neither for the deadline nor for `elapsed`. `accept_types` are prefixes of media types:
    another type ends as WRONG_TYPE, unread; an answer without a type is taken. `truncate`: of a body that is larger
    than `max_bytes` the beginning is taken.
    """
    now, here = monotonic(), url.strip(" \t\r\n\f")
    validators = _sendable({"If-None-Match": etag, "If-Modified-Since": last_modified})
    visit = _Visit(
        session, url, deadline, max_bytes, allow_private, validators, _sendable(headers or {}), accept_types,
        truncate, datetime.now(UTC), now, now + deadline, here,
    )  # fmt: skip
    ended = None
    try:
        _go(visit, before_hop)
    except Ended as end:
        ended = end
    except NETWORK_ERRORS as error:
        ended = explain(error, deadline)
    return Response(
        url=url,
        final_url=visit.here,
        status=visit.status,
        headers=visit.answer_headers,
        body=visit.body,
        fetched_at=visit.fetched_at,
        elapsed=monotonic() - visit.started,
        outcome=ended.outcome if ended else None,
        reason=ended.reason if ended else None,
        retry_after=ended.retry_after if ended else None,
        redirects=tuple(visit.trail),
    )


def _go(visit: _Visit, before_hop: BeforeHop | None) -> None:
    """Follow redirects to an answer and take its body into `visit`; Ended where there is no page at the end."""
    _check_form(visit)
    seen = {urldefrag(visit.here).url}
    while True:
        answer = _ask(visit)
        try:
            if answer.status not in _REDIRECTS:
                _take(visit, answer)
                return
            if answer.length_remaining is not None and answer.length_remaining <= SHORT_BODY:
                _read_off(answer)
        finally:
            _let_go(answer)
        target = _target_of(visit, answer.headers.get("Location"))
        _step_to(visit, target, seen, before_hop)


def _step_to(visit: _Visit, target: str, seen: set[str], before_hop: BeforeHop | None) -> None:
    visit.trail.append(visit.here)
    visit.here, visit.status, visit.answer_headers = target, None, ()
    address = urldefrag(target).url
    if address in seen:
        raise Ended(Outcome.REDIRECT_LOOP, f"the redirects lead back to {address}")
    if len(visit.trail) > MAX_REDIRECTS:
        raise Ended(Outcome.REDIRECT_LOOP, f"more than {MAX_REDIRECTS} redirects")
    seen.add(address)
    _check_form(visit)
    if before_hop is None:
        return
    asked = monotonic()
    refusal = before_hop(target)
    waited = monotonic() - asked
    visit.until += waited
    visit.started += waited
    if refusal is not None:
        raise Ended(refusal, f"the redirect to {target} may not be followed: {refusal}")


def _check_form(visit: _Visit) -> None:
    verdict = check_form(visit.here, allow_private=visit.allow_private)
    if not verdict.allowed:
        where = f"the redirect leads to {visit.here[:200]}: " if visit.trail else ""
        raise Ended(Outcome.BLOCKED_ADDRESS, where + verdict.why)


def _ask(visit: _Visit) -> Any:
    """Send the request; the urllib3 response with its headers read and its body not."""
    headers = {**visit.validators, **(visit.headers if _same_origin(visit.url, visit.here) else {})}
    try:
        request = visit.session.prepare_request(requests.Request("GET", visit.here, headers=headers))
    except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError) as error:
        raise Ended(Outcome.BLOCKED_ADDRESS, f"not a usable URL: {error}") from error
    adapter = visit.session.get_adapter(_PRIVATE + visit.here if visit.allow_private else visit.here)
    try:
        answer = adapter.send(request, stream=True, timeout=_timeout(visit)).raw
    except StaleConnection:  # the answer never came because nobody was there: once more, on a new connection
        answer = adapter.send(request, stream=True, timeout=_timeout(visit)).raw
    visit.status = answer.status
    visit.answer_headers = tuple((name, _one_line(value)) for name, value in answer.headers.iteritems())
    return answer


def _timeout(visit: _Visit) -> Any:
    left = visit.until - monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return urllib3.Timeout(connect=min(left, CONNECT_SECONDS), total=left)


def _take(visit: _Visit, answer: Any) -> None:
    try:
        judge_status(answer.status, answer.headers, asked_if_modified=bool(visit.validators))
    except Ended:
        visit.body = read_evidence(answer, visit.max_bytes, visit.until)
        raise
    kind = (answer.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    if kind and visit.accept_types and not kind.startswith(visit.accept_types):
        raise Ended(Outcome.WRONG_TYPE, f"the content type is {kind[:100]}")
    visit.body = read_body(answer, visit.max_bytes, visit.until, truncate=visit.truncate)


def _read_off(answer: Any) -> None:
    """Read a redirect's short body away, coded as it is, so that the connection can serve the next hop."""
    try:
        answer.read(SHORT_BODY + 1, decode_content=False)
    except NETWORK_ERRORS:
        answer.close()


def _let_go(answer: Any) -> None:
    """Back to the pool if the body was read to its end, else closed: what is left of it is not read."""
    if answer.closed:
        answer.release_conn()
    else:
        answer.close()


def _target_of(visit: _Visit, location: str | None) -> str:
    """The absolute address that a Location header names; its bytes are UTF-8, else Latin-1."""
    if not location or not location.strip():
        raise Ended(Outcome.BAD_REDIRECT, f"status {visit.status} without a Location")
    raw = location.encode("latin-1", "replace")  # http.client gives headers as Latin-1
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    try:
        return urljoin(visit.here, text.strip())
    except ValueError as error:
        raise Ended(Outcome.BAD_REDIRECT, f"the Location {text[:200]!r} is no URL: {error}") from error


def _same_origin(first: str, second: str) -> bool:
    """Same host and port; https for http counts as the same, since secrets lose nothing by it."""
    try:
        a, b = urlsplit(first.strip()), urlsplit(second)
        if (a.scheme, a.hostname, a.port) == (b.scheme, b.hostname, b.port):
            return True
        upgraded = (a.scheme, b.scheme) == ("http", "https") and a.port in (None, 80) and b.port in (None, 443)
        return upgraded and a.hostname == b.hostname
    except ValueError:
        return False


def _sendable(headers: Mapping[str, str | None]) -> dict[str, str]:
    """Those that can stand in a request: a stored validator that cannot is left out, the rest is sent as it came."""
    return {name: value for name, value in headers.items() if value and _is_sendable(value)}


def _is_sendable(value: str) -> bool:
    return value == value.strip() == _one_line(value) and max(value) <= "\xff"


def _one_line(value: str) -> str:
    """A header's value without line breaks and NUL (RFC 9110, 5.5: a space for each)."""
    if value.isprintable():
        return value
    return "".join(" " if character in "\r\n\0" else character for character in value)
