"""Fetching as a good guest: nothing that robots.txt does not allow, and nothing before it is the host's turn (`turns`).

What a host's robots.txt says is kept in PostgreSQL (store.robots), so all workers together ask for it once. A visit
holds the turn of one host at a time, also on the way through redirects: two that lead to each other's hosts cannot block
each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, partial
from time import monotonic, sleep
from urllib.parse import urlsplit

import requests

from newsdesk import urls
from newsdesk.errors import ConfigError
from newsdesk.fetch.addresses import check_form, check_url
from newsdesk.fetch.body import CHUNK
from newsdesk.fetch.fetcher import fetch, open_session
from newsdesk.fetch.robots import MAX_BYTES as ROBOTS_BYTES
from newsdesk.fetch.robots import RobotsTxt
from newsdesk.manners import LONGEST_DELAY, robots_status, rules_of
from newsdesk.model import Outcome, Response, Source
from newsdesk.settings import Settings
from newsdesk.sources import own_hosts, own_sites
from newsdesk.store import robots
from newsdesk.store.hosts import LOOK_AGAIN
from newsdesk.turns import PATIENCE, Held, Refusal, Turns
from newsdesk.visit_order import NotItsTurn

# Seconds that a visit waits on its way through redirects: many hosts may lead to one, and each of them holds a thread.
HOP_PATIENCE = 30.0
MISSING_AGAIN = 3600.0  # seconds: a URL whose source's headers are missing has not failed, it was not asked

Admission = Held | Refusal


@dataclass(slots=True)
class Guest:
    """The state of one task's visits; shared by the task's threads."""

    settings: Settings
    dsn: str
    headers_of: Callable[[str], Mapping[str, str]]  # request headers by the name of their connection
    turns: Turns = field(init=False)
    _session: requests.Session = field(init=False)
    _rules: dict[str, tuple[RobotsTxt | Refusal, float]] = field(default_factory=dict)  # by origin, with its end

    def __post_init__(self) -> None:
        self.turns = Turns(self.settings, self.dsn)
        self.headers_of = cache(self.headers_of)  # tasks ask Airflow's API for them
        self._session = open_session(self.settings.user_agent)

    def get(
        self, source: Source, url: str, *, etag: str | None = None, last_modified: str | None = None,
        accept_types: tuple[str, ...] = (), at_once: bool = False,
    ) -> Response:  # fmt: skip
        """The answer to one polite request, redirects followed; a refusal of ours comes as its outcome.

        It waits for the host's turn. `at_once`: where it would have to, it raises NotItsTurn, for `by_host`.
        """
        try:
            headers = self.headers_for(source, url)
        except ConfigError as error:  # of this source alone: others go on
            return refused(url, Outcome.CONNECTION, str(error), MISSING_AGAIN)
        admitted = self._admit(source, url, at_once)
        if isinstance(admitted, Refusal):
            return refused(url, admitted.outcome, admitted.reason, admitted.retry_after)
        response, held = self._ask(
            source, url, admitted, lambda target: self._admit(source, target, patience=HOP_PATIENCE),
            max_bytes=self.settings.fetch_max_bytes, etag=etag, last_modified=last_modified, accept_types=accept_types,
            headers=headers,
        )  # fmt: skip
        if held is not None:
            self.turns.give_back(held, response)
        return response

    def headers_for(self, source: Source, url: str) -> Mapping[str, str]:
        """The source's own headers, a subscriber's perhaps: only for its own sites, though its feeds link anywhere."""
        if not source.headers:
            return {}
        try:
            site = urls.site(url)
        except ValueError:  # a sitemap's child may be anything; it is refused by its form
            return {}
        return self.headers_of(source.headers) if site in own_sites(source) else {}

    def _ask(
        self, source: Source, url: str, held: Held, admit: Callable[[str], Admission], *, max_bytes: int,
        etag: str | None = None, last_modified: str | None = None, accept_types: tuple[str, ...] = (),
        headers: Mapping[str, str] | None = None, truncate: bool = False,
    ) -> tuple[Response, Held | None]:  # fmt: skip
        """The answer, and the turn that is held at its end: of the last host that was asked, if there is one."""
        now: Held | None = held
        refusal: Refusal | None = None

        def before_hop(target: str) -> Outcome | None:
            nonlocal now, refusal
            if now is not None:
                self.turns.give_back(now)
            now = None
            admitted = admit(target)
            if isinstance(admitted, Refusal):
                refusal = admitted
                return admitted.outcome
            now = admitted
            return None

        try:
            response = fetch(
                self._session, url, deadline=self.settings.fetch_deadline, max_bytes=max_bytes,
                allow_private=partial(_may_be_private, source), etag=etag, last_modified=last_modified, headers=headers,
                before_hop=before_hop, accept_types=accept_types, truncate=truncate,
            )  # fmt: skip
        except BaseException:  # a fault of ours or an interrupt: others need not wait until the lease ends
            if now is not None:
                self.turns.give_back(now)
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
        if refusal := _private(source, url):
            return refusal
        rules = self._robots_of(source, url, at_once)
        if isinstance(rules, Refusal):
            return rules
        if not rules.allowed(self.settings.user_agent, url):
            return Refusal(Outcome.ROBOTS_DENIED, f"{host}/robots.txt does not allow it")
        crawl_delay = rules.crawl_delay(self.settings.user_agent) or 0.0
        pause = self._pause(source, crawl_delay)
        return self.turns.take(host, pause, crawl_delay, at_once=at_once, patience=patience)

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
            kept = robots.read_robots(self.turns.connection(), origin)
            if kept is not None and kept.due_in > 0:
                return kept
            held = self.turns.take(urls.host(origin), self._pause(source, 0.0), None, at_once=at_once)
            if isinstance(held, Refusal):
                return held
            if robots.claim_robots(self.turns.connection(), origin, self.turns.lease):
                return self._fetch_robots(source, origin, held)
            # another worker has it by now, or is on the way through redirects to it
            self.turns.leave(held)
            if at_once:
                raise NotItsTurn(LOOK_AGAIN)
            sleep(LOOK_AGAIN)

    def _fetch_robots(self, source: Source, origin: str, first: Held) -> robots.Kept:
        def admit(target: str) -> Admission:  # no robots.txt is asked whether robots.txt may be asked for
            return _private(source, target) or self.turns.take(
                urls.host(target), self._pause(source, 0.0), None, at_once=False, patience=HOP_PATIENCE
            )

        # Two chunks more than are read, so that a file that is cut is seen to be.
        response, held = self._ask(
            source, f"{origin}/robots.txt", first, admit, max_bytes=ROBOTS_BYTES + 2 * CHUNK, truncate=True
        )
        status = robots_status(response)
        if status is None:
            outcome = response.outcome or Outcome.HTTP_ERROR
            robots.save_unreachable(self.turns.connection(), origin, outcome, response.reason or outcome.value)
        else:
            body = response.body[: ROBOTS_BYTES + 1] if status == 200 else b""
            robots.save_robots(self.turns.connection(), origin, status, body)
        kept = robots.read_robots(self.turns.connection(), origin)
        if kept is None:
            raise LookupError(f"the row of {origin} has vanished from ops.robots")
        if held is not None:
            rules = rules_of(kept)
            if held is first and rules is not None:
                held.crawl_delay = rules.crawl_delay(self.settings.user_agent) or 0.0
                held.pause = self._pause(source, held.crawl_delay)
            self.turns.give_back(held, response)
        return kept

    def _pause(self, source: Source, crawl_delay: float) -> float:
        """Seconds between two requests to a host: what its robots.txt or we ask for, whichever is more."""
        ours = self.settings.crawl_delay if source.crawl_delay is None else source.crawl_delay
        return min(max(crawl_delay, ours), LONGEST_DELAY)

    @property
    def origins(self) -> list[str]:
        """Those whose robots.txt was looked at."""
        return list(self._rules)


def _may_be_private(source: Source, url: str) -> bool:
    """`allow_private` opens the source's own servers, and no other part of the private network."""
    try:
        return source.allow_private and urls.host(url) in own_hosts(source)
    except ValueError:  # no address at all: the fetcher says why
        return False


def _private(source: Source, url: str) -> Refusal | None:
    """A private server that is not the source's own: refused before its robots.txt is asked for.

    For the reason that it gives. What holds is the fetcher's own judgement, of the very answer that it connects to.
    """
    if not source.allow_private or _may_be_private(source, url) or (verdict := check_url(url)).allowed:
        return None
    return Refusal(Outcome.BLOCKED_ADDRESS, f"{verdict.why}, and not a host that the source's own file names")


def refused(url: str, outcome: Outcome, reason: str, retry_after: float | None = None) -> Response:
    """What a request that is not made ends in."""
    return Response(url, url, None, (), b"", datetime.now(UTC), 0.0, outcome, reason, retry_after)
