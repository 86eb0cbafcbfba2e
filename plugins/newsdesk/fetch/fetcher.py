"""One visit to one URL, which ends in an outcome whatever the network or the server does.

Redirects are followed by hand: each hop is judged (address, then the caller's `before_hop`: robots.txt and pace of
a new host) before a byte is sent, and its body is never decoded. One wall-clock deadline covers look-up,
connection, headers, body and redirects together. No cookie is sent, but for one case: redirects that lead in a ring
and set cookies on the way are walked once more with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from time import monotonic
from typing import Any, cast
from urllib.parse import urldefrag

import requests
import urllib3

from newsdesk.characters import storable
from newsdesk.fetch.addresses import check_form
from newsdesk.fetch.body import read_body, read_evidence, unfold
from newsdesk.fetch.coding import ACCEPTED, CodingError
from newsdesk.fetch.cookies import cookie_for, keep_cookies
from newsdesk.fetch.faults import NETWORK_ERRORS, Ended, explain
from newsdesk.fetch.landing import judge_arrival, judge_title
from newsdesk.fetch.media import is_html, media_type, refuse_by_content, refuse_by_label, wants_html
from newsdesk.fetch.redirects import location_target, refresh_target
from newsdesk.fetch.second_tries import change_for
from newsdesk.fetch.status import judge_status, reread
from newsdesk.fetch.transport import CheckedAdapter, StaleConnection, open_tls
from newsdesk.fetch.visit import BeforeHop, Visit, header_value, sendable
from newsdesk.model import Outcome, Response

MAX_REDIRECTS = 8
SHORT_BODY = 4096
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_PRIVATE = "private+"  # before the scheme: the adapter whose connections may go to private addresses


def _nowhere(_: str) -> bool:
    return False


def open_session(user_agent: str, *, authorities: str | None = None) -> requests.Session:
    """A session for `fetch`, for all threads and hosts: no proxies, no netrc, no cookies, connections checked.

    `authorities`: a PEM file of certificate authorities to trust instead of certifi's.
    """
    session = requests.Session()
    session.trust_env = False
    session.headers.clear()
    session.headers.update({"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED})
    tls = open_tls(authorities)
    public, private = CheckedAdapter(tls), CheckedAdapter(tls, allow_private=True)
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
    allow_private: Callable[[str], bool] = _nowhere,
    etag: str | None = None,
    last_modified: str | None = None,
    headers: Mapping[str, str] | None = None,
    before_hop: BeforeHop | None = None,
    accept_types: tuple[str, ...] = (),
    truncate: bool = False,
) -> Response:
    """GET `url` within `deadline` seconds. Raises nothing for what the network or the server does.

    `allow_private` is asked of each hop's address whether it may be on the private network.
    `etag` and `last_modified` go back to the server as they came. `headers` go to the origin of `url` only.
    `before_hop` is asked before each request but the first, which the caller has judged: for a redirect's target
    (a page's own refresh is one), and for the same address where it is asked once more (`second_tries`). It may
    wait; that time counts neither for the deadline nor for `elapsed`. `accept_types` are prefixes of media types:
    another type ends as WRONG_TYPE, unread; an answer without a type is taken. Where HTML is among them a page is
    wanted: its first bytes are looked at too, and a redirect that ends at a gate or at the home page is no page.
    `truncate`: of a body that is larger than `max_bytes` the beginning is taken.
    """
    now = monotonic()
    visit = Visit(
        session=session, url=url, max_bytes=max_bytes, allow_private=allow_private,
        validators=sendable({"If-None-Match": etag, "If-Modified-Since": last_modified}), headers=sendable(headers or {}),
        accept_types=accept_types, fetched_at=datetime.now(UTC), started=now, until=now + deadline,
        here=url.strip(" \t\r\n\f"), before_hop=before_hop, truncate=truncate,
    )  # fmt: skip
    ended = None
    try:
        _go(visit)
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
        reason=storable(ended.reason) if ended else None,  # it quotes what the server sent
        retry_after=ended.retry_after if ended else None,
        redirects=tuple(visit.trail),
        moved=bool(visit.trail) and visit.for_good and not visit.refreshed,
    )


def _go(visit: Visit) -> None:
    """Ask, follow and ask again until a page is in `visit`; Ended or a network error where there is none."""
    _check_form(visit)
    visit.seen.add(urldefrag(visit.here).url)
    while True:
        try:
            target = _exchange(visit)
        except (Ended, CodingError) as fault:
            change = change_for(fault, visit.status)
            if change is None or change in visit.changes or visit.wait_for_turn(visit.here) is not None:
                raise
            visit.changes.append(change)
            visit.forget_answer()
            continue
        if target is None:
            break
        _step_to(visit, target)
    if wants_html(visit.accept_types):
        judge_title(visit.body)
        if visit.trail:
            judge_arrival(visit.url, visit.here)


def _exchange(visit: Visit) -> str | None:
    """One request and its answer: the address that it leads to, or None with the page in `visit`."""
    answer = _ask(visit)
    try:
        if answer.status not in _REDIRECTS:
            return _take(visit, answer)
        _keep_cookies(visit, answer)
        if answer.length_remaining is not None and answer.length_remaining <= SHORT_BODY:
            _read_off(answer)
    finally:
        _let_go(answer)
    visit.for_good &= answer.status in _FOR_GOOD
    return location_target(visit.here, visit.status, answer.headers.get("Location"))


def _step_to(visit: Visit, target: str) -> None:
    visit.trail.append(visit.here)
    visit.here = target
    visit.forget_answer()
    address = urldefrag(target).url
    if address in visit.seen:
        _try_with_cookies(visit, address)
    if len(visit.trail) > MAX_REDIRECTS:
        raise Ended(Outcome.REDIRECT_LOOP, f"more than {MAX_REDIRECTS} redirects")
    visit.seen.add(address)
    _check_form(visit)
    refusal = visit.wait_for_turn(target)
    if refusal is not None:
        raise Ended(refusal, f"the redirect to {target} may not be followed: {refusal}")


def _try_with_cookies(visit: Visit, address: str) -> None:
    """Back at an address: walk on with the cookies that were set on the way, once, or end."""
    if visit.shows_cookies:
        raise Ended(Outcome.WALL, f"the redirects lead back to {address}, with its cookies too: a cookie wall")
    if cookie_for(visit.jar, address) is None:
        raise Ended(Outcome.REDIRECT_LOOP, f"the redirects lead back to {address}")
    visit.shows_cookies = True
    visit.seen.clear()


def _check_form(visit: Visit) -> None:
    verdict = check_form(visit.here, allow_private=visit.allow_private(visit.here))
    if not verdict.allowed:
        where = f"the redirect leads to {visit.here[:200]}: " if visit.trail else ""
        raise Ended(Outcome.BLOCKED_ADDRESS, where + verdict.why)


def _ask(visit: Visit) -> Any:
    """Send the request; the urllib3 response with its headers read and its body not."""
    try:
        request = visit.session.prepare_request(requests.Request("GET", visit.here, headers=visit.request_headers()))
    except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError) as error:
        raise Ended(Outcome.BLOCKED_ADDRESS, f"not a usable URL: {error}") from error
    adapter = visit.session.get_adapter(_PRIVATE + visit.here if visit.allow_private(visit.here) else visit.here)
    if any(change.new_connection for change in visit.changes):
        adapter = cast(CheckedAdapter, adapter).without_connections()
    try:
        answer = adapter.send(request, stream=True, timeout=visit.time_left()).raw
    except StaleConnection:  # the answer never came because nobody was there: once more, on a new connection
        answer = adapter.send(request, stream=True, timeout=visit.time_left()).raw
    visit.request = request
    visit.status = answer.status
    visit.answer_headers = tuple((name, header_value(value)) for name, value in answer.headers.iteritems())
    return answer


def _take(visit: Visit, answer: Any) -> str | None:
    """Take the page into `visit`; an address instead where the page itself leads on. Ended where it is no page."""
    try:
        judge_status(answer.status, answer.headers, asked_if_modified=bool(visit.validators))
    except Ended as ended:
        visit.body = read_evidence(answer, visit.max_bytes, visit.until)
        raise reread(ended, answer.status, visit.body) from None
    refuse_by_label(answer.headers, visit.accept_types)
    kind = media_type(answer.headers.get("Content-Type"))
    if wants_html(visit.accept_types):
        body = read_body(answer, visit.max_bytes, visit.until, lambda start: refuse_by_content(start, kind))
        body = unfold(body, visit.max_bytes)
    else:
        body = read_body(answer, visit.max_bytes, visit.until, truncate=visit.truncate)
    target = refresh_target(visit.here, answer.headers.get("Refresh"), body if is_html(kind) or not kind else b"")
    if target and not visit.refreshed:
        _keep_cookies(visit, answer)
        if visit.jar is not None or urldefrag(target).url not in visit.seen:
            visit.refreshed = True
            return target
    visit.body = body
    return None


def _keep_cookies(visit: Visit, answer: Any) -> None:
    """Of an answer that leads on: they may be what its target waits for."""
    if "Set-Cookie" in answer.headers and visit.request is not None:
        visit.jar = keep_cookies(visit.jar, visit.request, answer)


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
