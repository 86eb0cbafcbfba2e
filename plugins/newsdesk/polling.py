"""Polling endpoints: what a feed, sitemap or section page names now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from newsdesk import urls
from newsdesk.discover.feeds import parse_feed
from newsdesk.discover.homepage import feeds_of
from newsdesk.discover.sections import article_links
from newsdesk.discover.sitemaps import parse_sitemap
from newsdesk.model import Endpoint, EndpointKind, Link, Outcome, Response, Source
from newsdesk.store.frontier import Found
from newsdesk.store.sources import Poll
from newsdesk.visiting import HTML, Guest, by_host

MAX_SITEMAPS = 50  # files read below one sitemap index in one poll
MAX_DEPTH = 3  # of sitemap indexes
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Polled:
    """What an endpoint answered. `outcome` None: it worked, and `links` is what it names."""

    poll: Poll
    response: Response
    links: tuple[Link, ...] = ()
    outcome: Outcome | None = None
    reason: str | None = None

    @property
    def again_in(self) -> timedelta:
        """How long it is left alone: not at all when it worked, else longer after each failure."""
        if self.outcome in (None, Outcome.NOT_MODIFIED):
            return timedelta(0)
        grown = timedelta(minutes=5 * 2.0 ** min(self.poll.failures, 10))
        return min(max(grown, timedelta(seconds=self.response.retry_after or 0)), LONGEST_WAIT)


def poll_all(guest: Guest, polls: Sequence[Poll]) -> Iterator[Polled]:
    """Every due endpoint's answer, as it arrives."""
    results: dict[int, Polled] = {}

    def visit(poll: Poll) -> Response:
        result = _poll(guest, poll)
        results[poll.endpoint_id] = result
        return result.response

    for poll, _ in by_host(polls, lambda poll: urls.host(poll.endpoint.url), visit, guest.settings.fetch_threads):
        yield results.pop(poll.endpoint_id)


def find_endpoints(guest: Guest, source: Source) -> list[Endpoint]:
    """The endpoints of a source whose file names none: the homepage's feeds, else the homepage as a section page."""
    response = guest.get(source, source.homepage, accept_types=HTML)
    found = feeds_of(response.body, response.final_url) if response.outcome is None else ()
    return [Endpoint(EndpointKind.FEED, url) for url in found] or [Endpoint(EndpointKind.SECTION, source.homepage)]


def judge_links(source: Source, links: Sequence[Link]) -> tuple[list[Found], int]:
    """The links as the frontier takes them, and how many had no usable address."""
    found = []
    for link in links:
        try:
            key = urls.canonical_key(link.url)
        except ValueError:
            continue
        if len(key) <= 2000:
            found.append(Found(key, urls.host(link.url), link, _excluded(source, link.url)))
    return found, len(links) - len(found)


def _excluded(source: Source, url: str) -> str | None:
    if source.include and not any(re.search(pattern, url) for pattern in source.include):
        return "matches none of the source's include patterns"
    return next(
        (f"matches the exclude pattern {pattern}" for pattern in source.exclude if re.search(pattern, url)), None
    )


def _poll(guest: Guest, poll: Poll) -> Polled:
    endpoint = poll.endpoint
    section = endpoint.kind is EndpointKind.SECTION
    response = guest.get(
        poll.source,
        endpoint.url,
        etag=poll.etag,
        last_modified=poll.last_modified,
        accept_types=HTML if section else (),
        at_once=True,
    )
    if response.outcome is not None:
        return Polled(poll, response, (), response.outcome, response.reason or response.outcome.value)
    content_type = response.header("Content-Type")
    if section:
        return Polled(poll, response, article_links(response.body, response.final_url, content_type))
    if endpoint.kind is EndpointKind.SITEMAP:
        links, problem = _read_sitemaps(guest, poll.source, response)
    else:
        feed = parse_feed(response.body, content_type, response.final_url)
        links, problem = feed.links, feed.problem
    if problem:
        return Polled(poll, response, (), Outcome.WRONG_TYPE, problem)
    return Polled(poll, response, links)


def _read_sitemaps(guest: Guest, source: Source, first: Response) -> tuple[tuple[Link, ...], str | None]:
    """The pages of a sitemap and of the sitemaps that it names, level by level."""
    top = parse_sitemap(first.body, first.header("Content-Type"), first.final_url)
    links = list(top.pages)
    seen = {first.url, first.final_url}
    level = list(top.sitemaps)
    for _ in range(MAX_DEPTH):
        below: list[str] = []
        for url in level:
            if url in seen or len(seen) > MAX_SITEMAPS:
                continue
            seen.add(url)
            response = guest.get(source, url)
            if response.outcome is None:
                sitemap = parse_sitemap(response.body, response.header("Content-Type"), response.final_url)
                links += sitemap.pages
                below += sitemap.sitemaps
        level = below
    return tuple(links), top.problem
