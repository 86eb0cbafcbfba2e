"""Fetching as a good guest: robots.txt, a pace for each host, and no more than one request at a time to any host."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import TypeVar
from urllib.parse import urlsplit

import requests

from newsdesk import urls
from newsdesk.fetch.addresses import check_url
from newsdesk.fetch.fetcher import fetch, open_session
from newsdesk.fetch.pacing import Pacer
from newsdesk.fetch.robots import RobotsTxt, parse_robots, robots_for_status
from newsdesk.model import Outcome, Response, Source
from newsdesk.settings import Settings
from newsdesk.store.database import transaction
from newsdesk.store.robots import read_robots, save_robots

log = logging.getLogger(__name__)

Item = TypeVar("Item")

HTML = ("text/html", "application/xhtml")
BACK_OFF = 60.0  # seconds a host is left alone that said 429 without saying how long
LONGEST_DELAY = 60.0  # a larger Crawl-delay would hold up the batch; the host's URLs come in later runs


@dataclass(slots=True)
class Guest:
    """The state of one task's visits: connections, pace and robots.txt by host. Shared by the task's threads."""

    settings: Settings
    dsn: str
    headers_of: Callable[[str], Mapping[str, str]]  # request headers by the name of their connection
    pacer: Pacer = field(init=False)
    _robots: dict[str, RobotsTxt] = field(default_factory=dict)
    session: requests.Session = field(init=False)

    def __post_init__(self) -> None:
        self.pacer = Pacer(self.settings.crawl_delay)
        self.session = open_session(self.settings.user_agent)

    def get(
        self, source: Source, url: str, *, etag: str | None = None, last_modified: str | None = None,
        accept_types: tuple[str, ...] = (),
    ) -> Response:  # fmt: skip
        """The answer to one polite request, redirects followed; a refusal of ours comes as its outcome."""
        if refusal := self._refusal(source, url):
            return refused(url, *refusal)

        def before_hop(target: str) -> Outcome | None:
            refusal = self._refusal(source, target)
            return refusal[0] if refusal else None

        response = fetch(
            self.session,
            url,
            deadline=self.settings.fetch_deadline,
            max_bytes=self.settings.fetch_max_bytes,
            allow_private=source.allow_private,
            etag=etag,
            last_modified=last_modified,
            headers=self.headers_of(source.headers) if source.headers else {},
            before_hop=before_hop,
            accept_types=accept_types,
        )
        # Where a redirect led to an address that was never asked, the pause is that of the host that named it.
        never_asked = response.status is None and response.redirects
        asked = response.redirects[-1] if never_asked else response.final_url
        host = urls.host(asked)
        self.pacer.done(host, self._delay(source, asked))
        if response.outcome is Outcome.RATE_LIMITED and response.status is not None:  # the host said so, not we
            self.pacer.defer(host, response.retry_after or BACK_OFF)
        return response

    def _refusal(self, source: Source, url: str) -> tuple[Outcome, str] | None:
        """Why the URL is not asked for now; None once it is its host's turn."""
        host = urls.host(url)
        if source.allow_private and host not in _own_hosts(source) and not (verdict := check_url(url)).allowed:
            return Outcome.BLOCKED_ADDRESS, f"{verdict.why}, and not a host that the source's own file names"
        if (wait := self.pacer.deferred(host)) > 0:
            return Outcome.RATE_LIMITED, f"{host} asked us to stay away; {wait:.0f} s of that are left"
        if not self._robots_of(source, url).allowed(self.settings.user_agent, url):
            return Outcome.ROBOTS_DENIED, f"{host}/robots.txt does not allow it"
        self.pacer.wait(host, self._delay(source, url))
        return None

    def _delay(self, source: Source, url: str) -> float:
        """Seconds between two requests to the URL's host: what robots.txt or we ask for, whichever is more."""
        asked = self._robots_of(source, url).crawl_delay(self.settings.user_agent) or 0.0
        ours = self.settings.crawl_delay if source.crawl_delay is None else source.crawl_delay
        return min(max(asked, ours), LONGEST_DELAY)

    def _robots_of(self, source: Source, url: str) -> RobotsTxt:
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"  # RFC 9309 2.3: by scheme, name and port
        if root not in self._robots:
            self._robots[root] = self._read_robots(source, root)
        return self._robots[root]

    def _read_robots(self, source: Source, root: str) -> RobotsTxt:
        with transaction(self.dsn) as cursor:
            known = read_robots(cursor, root)
        if known is None:
            self.pacer.wait(urls.host(root), source.crawl_delay)
            response = fetch(
                self.session,
                f"{root}/robots.txt",
                deadline=self.settings.fetch_deadline,
                max_bytes=self.settings.fetch_max_bytes,
                allow_private=source.allow_private,
            )
            whole = response.outcome is None
            known = (response.status if whole or response.status != 200 else None, response.body if whole else b"")
            with transaction(self.dsn) as cursor:
                save_robots(cursor, root, *known)
        status, body = known
        return parse_robots(body) if status == 200 else robots_for_status(status)


def by_host(
    items: Sequence[Item], host: Callable[[Item], str], visit: Callable[[Item], Response], threads: int
) -> Iterator[tuple[Item, Response]]:
    """Visit all items and give each with its response as it arrives. One host is one thread's: it is never asked twice at once.

    An exception of `visit` (a fault of ours, not of the web) is raised here; what is under way ends first.
    """
    queues: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        queues[host(item)].append(item)
    arrived: SimpleQueue[tuple[Item, Response | Exception]] = SimpleQueue()
    stop = threading.Event()

    def work_off(queue: list[Item]) -> None:
        for item in queue:
            if stop.is_set():
                return
            try:
                arrived.put((item, visit(item)))
            except Exception as error:  # noqa: BLE001 - it is raised where the results are read
                arrived.put((item, error))
                return

    with ThreadPoolExecutor(max_workers=max(1, min(threads, len(queues))), thread_name_prefix="visit") as pool:
        # the longest queue first: it decides how long the batch takes
        for queue in sorted(queues.values(), key=len, reverse=True):
            pool.submit(work_off, queue)
        try:
            for _ in items:
                item, result = arrived.get()
                if isinstance(result, Exception):
                    raise result
                yield item, result
        finally:
            stop.set()


def _own_hosts(source: Source) -> set[str]:
    """What `allow_private` opens: the source's own servers, and no other part of the private network."""
    return {urls.host(url) for url in (source.homepage, *(endpoint.url for endpoint in source.endpoints))}


def refused(url: str, outcome: Outcome, reason: str) -> Response:
    """What a request that is not made ends in."""
    return Response(url, url, None, (), b"", datetime.now(UTC), 0.0, outcome, reason)
