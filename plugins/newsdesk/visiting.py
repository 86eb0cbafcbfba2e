"""Fetching as a good guest: robots.txt, one request at a time to a host, a pause behind each, and rest where it is due.

Whose turn it is, which host is left alone and what its robots.txt says is kept in PostgreSQL (store.hosts and
store.robots), so all workers together are one guest. A visit holds the turn of one host at a time, also on the way
through redirects: two that lead to each other's hosts cannot block each other.
"""

from __future__ import annotations

import os
import socket
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic, sleep
from urllib.parse import urlsplit

import requests

from newsdesk import urls
from newsdesk.fetch.addresses import check_form, check_url
from newsdesk.fetch.body import CHUNK
from newsdesk.fetch.fetcher import fetch, open_session
from newsdesk.fetch.robots import MAX_BYTES as ROBOTS_BYTES
from newsdesk.fetch.robots import RobotsTxt
from newsdesk.manners import LONGEST_DELAY, limit_of_failures, rest_after, robots_status, rules_of
from newsdesk.model import Outcome, Response, Source
from newsdesk.rounds import NotItsTurn, by_host
from newsdesk.settings import Settings
from newsdesk.sources import own_sites
from newsdesk.store import hosts, robots
from newsdesk.store.database import Connection

__all__ = ["HTML", "Guest", "by_host", "refused"]

HTML = ("text/html", "application/xhtml")
LEASE_MARGIN = 10.0  # seconds beyond the fetch's own deadline after which its worker must be dead
WORTH_WAITING = 10.0  # seconds of rest that a visit waits out
PATIENCE = 300.0  # seconds that a visit waits for a turn, where it cannot be taken up again later
HOP_PATIENCE = 30.0  # and on the way through redirects: many hosts may lead to one, and each of them holds a thread


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a URL is not asked for now. `retry_after`: seconds until it may be."""

    outcome: Outcome
    reason: str
    retry_after: float | None = None


@dataclass(slots=True)
class _Held:
    """A turn that was taken, and what its end needs to know."""

    turn: hosts.Turn
    pause: float
    crawl_delay: float | None  # that robots.txt asks for; None: not known
    since: float


Admission = _Held | Refusal


@dataclass(slots=True)
class Guest:
    """The state of one task's visits; shared by the task's threads."""

    settings: Settings
    dsn: str
    headers_of: Callable[[str], Mapping[str, str]]  # request headers by the name of their connection
    session: requests.Session = field(init=False)
    _who: str = field(init=False)  # what the operator reads in ops.host
    _opening: threading.Lock = field(default_factory=threading.Lock)
    _connection: Connection | None = None
    _rules: dict[str, tuple[RobotsTxt | Refusal, float]] = field(default_factory=dict)  # by origin, with its end
    _not_before: dict[str, float] = field(default_factory=dict)  # by host: the database need not be asked earlier
    turns: Counter[str] = field(default_factory=Counter)  # that were taken, by host
    _spent: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))  # seconds, by host

    def __post_init__(self) -> None:
        self.session = open_session(self.settings.user_agent)
        self._who = f"{socket.gethostname()}, process {os.getpid()}"

    def get(
        self, source: Source, url: str, *, etag: str | None = None, last_modified: str | None = None,
        accept_types: tuple[str, ...] = (), at_once: bool = False,
    ) -> Response:  # fmt: skip
        """The answer to one polite request, redirects followed; a refusal of ours comes as its outcome.

        It waits for the host's turn. `at_once`: where it would have to, it raises NotItsTurn, for `by_host`.
        """
        admitted = self._admit(source, url, at_once)
        if isinstance(admitted, Refusal):
            return refused(url, admitted.outcome, admitted.reason, admitted.retry_after)
        response, held = self._ask(
            source, url, admitted, lambda target: self._admit(source, target, patience=HOP_PATIENCE),
            max_bytes=self.settings.fetch_max_bytes, etag=etag, last_modified=last_modified, accept_types=accept_types,
            headers=self.headers_for(source, url),
        )  # fmt: skip
        if held is not None:
            self._done(held, response)
        return response

    def headers_for(self, source: Source, url: str) -> Mapping[str, str]:
        """The source's own headers, a subscriber's perhaps: only for its own sites, though its feeds link anywhere."""
        if not source.headers or urls.site(url) not in own_sites(source):
            return {}
        return self.headers_of(source.headers)

    def _ask(
        self, source: Source, url: str, held: _Held, admit: Callable[[str], Admission], *, max_bytes: int,
        etag: str | None = None, last_modified: str | None = None, accept_types: tuple[str, ...] = (),
        headers: Mapping[str, str] | None = None, truncate: bool = False,
    ) -> tuple[Response, _Held | None]:  # fmt: skip
        """The answer, and the turn that is held at its end: of the last host that was asked, if there is one."""
        now: _Held | None = held
        refusal: Refusal | None = None

        def before_hop(target: str) -> Outcome | None:
            nonlocal now, refusal
            if now is not None:
                self._done(now)
            now = None
            admitted = admit(target)
            if isinstance(admitted, Refusal):
                refusal = admitted
                return admitted.outcome
            now = admitted
            return None

        try:
            response = fetch(
                self.session, url, deadline=self.settings.fetch_deadline, max_bytes=max_bytes,
                allow_private=source.allow_private, etag=etag, last_modified=last_modified, headers=headers,
                before_hop=before_hop, accept_types=accept_types, truncate=truncate,
            )  # fmt: skip
        except BaseException:  # a fault of ours or an interrupt: others need not wait until the lease ends
            if now is not None:
                self._done(now)
            raise
        if refusal is not None and response.status is None:  # else a second try was refused, and the first one counts
            reason = f"the redirect to {response.final_url[:300]} may not be followed: {refusal.reason}"
            response = replace(response, reason=reason, retry_after=refusal.retry_after)
        return response, now

    def _admit(self, source: Source, url: str, at_once: bool = False, patience: float = PATIENCE) -> Admission:
        """The turn of the URL's host, taken, if the URL may be asked for."""
        verdict = check_form(url, allow_private=source.allow_private)
        if not verdict.allowed:  # before its robots.txt is asked for
            return Refusal(Outcome.BLOCKED_ADDRESS, verdict.why)
        host = urls.host(url)
        if refusal := _private(source, host, url):
            return refusal
        rules = self._robots_of(source, url, at_once)
        if isinstance(rules, Refusal):
            return rules
        if not rules.allowed(self.settings.user_agent, url):
            return Refusal(Outcome.ROBOTS_DENIED, f"{host}/robots.txt does not allow it")
        crawl_delay = rules.crawl_delay(self.settings.user_agent) or 0.0
        return self._turn(host, self._pause(source, crawl_delay), crawl_delay, at_once, patience)

    def _turn(
        self, host: str, pause: float, crawl_delay: float | None, at_once: bool, patience: float = PATIENCE
    ) -> Admission:
        """Wait for the host's turn and take it, unless the host is left alone."""
        share = self.settings.host_minutes * 60
        if self._spent[host] > share:
            minutes = f"{self.settings.host_minutes:g} minutes"
            return Refusal(Outcome.RATE_LIMITED, f"not asked: {host} has had its {minutes} of this run", 60.0)
        until = monotonic() + patience
        while True:
            wait = self._not_before.get(host, 0.0) - monotonic()
            if wait <= 0:
                answer = hosts.take_turn(self._pacing(), host, self._who, self._lease)
                if isinstance(answer, hosts.Turn):
                    self.turns[host] += 1
                    return _Held(answer, pause, crawl_delay, monotonic())
                wait = answer.seconds
                if isinstance(answer, hosts.Deferred) and wait > WORTH_WAITING:
                    return Refusal(
                        answer.outcome, f"not asked: {host} is left alone for {wait:.0f} s more ({answer.why})", wait
                    )
            if at_once:
                raise NotItsTurn(wait)
            if monotonic() + wait > until:
                return Refusal(Outcome.RATE_LIMITED, f"not asked: {host} was busy for {patience:.0f} s", wait)
            sleep(wait)

    def _done(self, held: _Held, response: Response | None = None) -> None:
        """Give the turn back. `response`: how the request ended; None: as it should, or nobody knows."""
        host, elapsed = held.turn.host, monotonic() - held.since
        failed = response is not None and limit_of_failures(response) is not None
        hosts.give_back(
            self._pacing(), held.turn, pause=held.pause, crawl_delay=held.crawl_delay, failed=failed,
            rest=rest_after(response, held.turn.failures + 1) if response else None,
            status=response.status if response else None, outcome=response.outcome if response else None,
            elapsed=elapsed,
        )  # fmt: skip
        self._not_before[host] = monotonic() + held.pause
        self._spent[host] += elapsed + held.pause

    def _robots_of(self, source: Source, url: str, at_once: bool) -> RobotsTxt | Refusal:
        """The rules for the URL, or that there are none for now."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{urls.host(url)}"  # RFC 9309 2.3: by scheme, name and port, however written
        rules, until = self._rules.get(origin, (None, 0.0))
        if rules is None or until <= monotonic():
            kept = self._kept_robots(source, origin, at_once)
            if isinstance(kept, Refusal):
                return kept
            until = monotonic() + kept.due_in
            rules = rules_of(kept) or Refusal(
                kept.outcome or Outcome.CONNECTION,
                f"not asked: nothing may be fetched while {origin}/robots.txt cannot be reached ({kept.reason})",
            )
            self._rules[origin] = rules, until
        return rules if isinstance(rules, RobotsTxt) else replace(rules, retry_after=max(until - monotonic(), 1.0))

    def _kept_robots(self, source: Source, origin: str, at_once: bool) -> robots.Kept | Refusal:
        """What all workers know of the origin's robots.txt, asked for anew where it is time."""
        while True:
            kept = robots.read_robots(self._pacing(), origin)
            if kept is not None and kept.due_in > 0:
                return kept
            held = self._turn(urls.host(origin), self._pause(source, 0.0), None, at_once)
            if isinstance(held, Refusal):
                return held
            if robots.claim_robots(self._pacing(), origin, self._lease):
                return self._fetch_robots(source, origin, held)
            # another worker has it by now, or is on the way through redirects to it
            hosts.leave_turn(self._pacing(), held.turn)
            if at_once:
                raise NotItsTurn(hosts.LOOK_AGAIN)
            sleep(hosts.LOOK_AGAIN)

    def _fetch_robots(self, source: Source, origin: str, first: _Held) -> robots.Kept:
        def admit(target: str) -> Admission:  # no robots.txt is asked whether robots.txt may be asked for
            host = urls.host(target)
            return _private(source, host, target) or self._turn(
                host, self._pause(source, 0.0), None, at_once=False, patience=HOP_PATIENCE
            )

        # Two chunks more than are read, so that a file that is cut is seen to be.
        response, held = self._ask(
            source, f"{origin}/robots.txt", first, admit, max_bytes=ROBOTS_BYTES + 2 * CHUNK, truncate=True
        )
        status = robots_status(response)
        if status is None:
            outcome = response.outcome or Outcome.HTTP_ERROR
            robots.save_unreachable(self._pacing(), origin, outcome, response.reason or outcome.value)
        else:
            body = response.body[: ROBOTS_BYTES + 1] if status == 200 else b""
            robots.save_robots(self._pacing(), origin, status, body)
        kept = robots.read_robots(self._pacing(), origin)
        if kept is None:
            raise LookupError(f"the row of {origin} has vanished from ops.robots")
        if held is not None:
            rules = rules_of(kept)
            if held is first and rules is not None:
                held.crawl_delay = rules.crawl_delay(self.settings.user_agent) or 0.0
                held.pause = self._pause(source, held.crawl_delay)
            self._done(held, response)
        return kept

    def _pause(self, source: Source, crawl_delay: float) -> float:
        """Seconds between two requests to a host: what its robots.txt or we ask for, whichever is more."""
        ours = self.settings.crawl_delay if source.crawl_delay is None else source.crawl_delay
        return min(max(crawl_delay, ours), LONGEST_DELAY)

    @property
    def _lease(self) -> float:
        return self.settings.fetch_deadline + LEASE_MARGIN

    @property
    def origins(self) -> list[str]:
        """Those whose robots.txt was looked at."""
        return list(self._rules)

    def _pacing(self) -> Connection:
        with self._opening:
            if self._connection is None:
                self._connection = hosts.open_pacing(self.dsn)
            return self._connection


def _private(source: Source, host: str, url: str) -> Refusal | None:
    """`allow_private` opens the source's own servers, and no other part of the private network."""
    if not source.allow_private:
        return None
    own = {urls.host(url) for url in (source.homepage, *(endpoint.url for endpoint in source.endpoints))}
    if host in own or (verdict := check_url(url)).allowed:
        return None
    return Refusal(Outcome.BLOCKED_ADDRESS, f"{verdict.why}, and not a host that the source's own file names")


def refused(url: str, outcome: Outcome, reason: str, retry_after: float | None = None) -> Response:
    """What a request that is not made ends in."""
    return Response(url, url, None, (), b"", datetime.now(UTC), 0.0, outcome, reason, retry_after)
