"""Polling endpoints: what a feed, sitemap or section page names now, and when it is asked again.

A poll costs what it must and no more. Validators go back to the server byte for byte as they came with the last body
that was processed to its end; a body that is the same again (SHA-256) is not read again, whatever the validators say;
below a sitemap index each file has validators of its own. The time of one poll is bounded: each request by the
fetcher's deadline, each parse by the size of the body, a tree of sitemaps by `discover.tree.Budget`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus

from newsdesk import logs, urls
from newsdesk.discover.clock import without_clock
from newsdesk.discover.feeds import parse_feed
from newsdesk.discover.linkfilter import Evidence
from newsdesk.discover.rhythm import Bounds, Next, Rhythm, Seen, asked_pause, dated_per_day, next_visit, past_quiet
from newsdesk.discover.sections import scored_links
from newsdesk.discover.tree import read_tree
from newsdesk.fetch.media import HTML
from newsdesk.model import EndpointKind, Link, Outcome, Response
from newsdesk.screening import judge_links, key_of
from newsdesk.settings import Settings
from newsdesk.store import frontier
from newsdesk.store import links as link_store
from newsdesk.store import polls as poll_store
from newsdesk.store.database import UNSTORABLE, Cursor, attempt, why_unstorable
from newsdesk.store.frontier import Found
from newsdesk.store.polls import WHOLE_AFTER, ChildState, Poll
from newsdesk.visit_order import by_host
from newsdesk.visiting import Guest

log = logs.logger(__name__)

LONGEST_WAIT = timedelta(days=1)
SETTLED = timedelta(days=1)  # a sitemap whose lastmod is older and as it was is not asked for again


@dataclass(frozen=True, slots=True)
class Polled:
    """What an endpoint answered. `outcome` None: it worked, and `links` is what it names."""

    poll: Poll
    response: Response
    links: tuple[Link, ...] = ()
    outcome: Outcome | None = None
    reason: str | None = None
    scores: Mapping[str, int] = field(default_factory=dict)  # of a section page's links, by url
    digest: bytes | None = None  # of the body, where it was read to its end
    ttl: timedelta | None = None  # the feed's own word
    quiet: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())  # hours and days of the feed's, in UTC
    tree: Mapping[str, ChildState] = field(default_factory=dict)
    note: str | None = None  # what an operator may want to know of a poll that worked

    @property
    def as_before(self) -> bool:
        """The server says that nothing changed, or its body does."""
        return self.outcome is Outcome.NOT_MODIFIED

    @property
    def failed(self) -> bool:
        """Nothing could be read of it."""
        return self.outcome is not None and not self.as_before

    @property
    def put_off(self) -> bool:
        """Its host asks us to stay away, or is left alone: no fault of the endpoint's."""
        not_asked = self.response.status is None and self.response.retry_after is not None
        return self.failed and (not_asked or self.outcome is Outcome.RATE_LIMITED)

    @property
    def gone_for_good(self) -> bool:
        """410: it is switched off."""
        return self.failed and self.response.status == HTTPStatus.GONE

    @property
    def again_in(self) -> timedelta:
        """How long it is left alone after a failure: longer each time, and as long as the host asks."""
        grown = timedelta(minutes=5 * 2.0 ** min(self.poll.failures, 10))
        return min(max(grown, timedelta(seconds=self.response.retry_after or 0)), LONGEST_WAIT)

    def next_poll(self, seen: int, new: int, settings: Settings) -> Next:
        """When one that worked is asked again. `seen`: links that it named, `new`: those the frontier did not know."""
        found = Seen(seen, new, self.poll.elapsed, dated_per_day(self.links, self.response.fetched_at))
        bounds = Bounds(timedelta(seconds=settings.poll_min), timedelta(seconds=settings.poll_max))
        then = next_visit(
            Rhythm(self.poll.per_day, self.poll.pause), found, asked_pause(self.response, self.ttl), bounds
        )
        now = self.response.fetched_at
        pause = min(past_quiet(now + then.pause, *self.quiet) - now, bounds.most)
        if pause <= then.pause:
            return then
        return replace(then, pause=pause, why=f"{then.why}; the feed asks to be left alone at that hour")


def poll_all(guest: Guest, polls: Sequence[Poll]) -> Generator[Polled]:
    """Every due endpoint's answer, as it arrives."""
    threads = guest.settings.fetch_threads
    for _, polled in by_host(polls, lambda poll: urls.host(poll.address), partial(_poll, guest), threads):
        yield polled


def save(cursor: Cursor, polled: Polled, settings: Settings) -> Counter[str]:
    """Keep what a poll brought: its links in the frontier and its state, in one transaction. Returns counts.

    What brought something that the database does not take has failed, and ends no other endpoint's poll.
    """
    try:
        with attempt(cursor):
            return _save(cursor, polled, settings)
    except UNSTORABLE as fault:
        failed = replace(polled, outcome=Outcome.QUARANTINED, reason=why_unstorable(fault), links=())
        return _save(cursor, failed, settings)


def _save(cursor: Cursor, polled: Polled, settings: Settings) -> Counter[str]:
    poll, response = polled.poll, polled.response
    if polled.put_off:
        assert polled.outcome is not None
        log.info("%s: %s: %s", poll.source.id, poll.address, polled.reason)
        asked = timedelta(seconds=response.retry_after) if response.retry_after else polled.again_in
        poll_store.put_off(
            cursor, poll.endpoint_id, outcome=polled.outcome, reason=polled.reason or polled.outcome.value,
            again_in=min(asked, LONGEST_WAIT),
        )  # fmt: skip
        return Counter(put_off=1)
    if polled.failed:
        assert polled.outcome is not None
        log.warning("%s: %s failed: %s", poll.source.id, poll.address, polled.reason)
        off = f"the server said on {response.fetched_at:%Y-%m-%d} that it is gone for good (410)"
        poll_store.save_failed(
            cursor, poll.endpoint_id, status=response.status, outcome=polled.outcome,
            reason=polled.reason or polled.outcome.value, again_in=polled.again_in,
            off=off if polled.gone_for_good else None,
        )  # fmt: skip
        return Counter(failed=1)
    found, unusable = _judge(cursor, polled)
    if unusable:
        log.warning("%s: %d links of %s have no usable address", poll.source.id, unusable, poll.endpoint.url)
    if polled.note:
        log.warning("%s: %s: %s", poll.source.id, poll.endpoint.url, polled.note)
    new = frontier.add_links(cursor, poll.source.id, poll.endpoint_id, found) if found else 0
    then = polled.next_poll(len(found), new, settings)
    poll_store.save(
        cursor, poll, response, digest=polled.digest, tree=polled.tree, links_seen=len(found), links_new=new,
        pause=then.pause, per_day=then.per_day, why=" · ".join(filter(None, (then.why, polled.note))),
    )  # fmt: skip
    return Counter(seen=len(found), new=new)


def _judge(cursor: Cursor, polled: Polled) -> tuple[list[Found], int]:
    """A section page's links by what this site's addresses turned out to be, all others as they are."""
    source = polled.poll.source
    if polled.poll.endpoint.kind is not EndpointKind.SECTION:
        return judge_links(source, polled.links)
    keys = [key for link in polled.links if (key := key_of(link.url))]
    known = {key: Evidence(*told) for key, told in link_store.evidence(cursor, source.id, keys).items()}
    return judge_links(source, polled.links, polled.scores, known)


def _poll(guest: Guest, poll: Poll) -> Polled:
    section = poll.endpoint.kind is EndpointKind.SECTION
    # An index may be as it was while the sitemaps below it are not.
    conditional = not poll.tree
    response = guest.get(
        poll.source,
        poll.address,
        etag=poll.etag if conditional else None,
        last_modified=poll.last_modified if conditional else None,
        accept_types=HTML if section else (),
        at_once=True,
    )
    if response.outcome is not None:
        return Polled(poll, response, (), response.outcome, response.reason or response.outcome.value)
    digest = hashlib.sha256(response.body).digest()
    if digest == poll.digest and conditional:
        return Polled(poll, response, (), Outcome.NOT_MODIFIED, "the same, byte for byte", digest=digest)
    if section:
        scored = scored_links(response.body, response.final_url, response.header("Content-Type"))
        scores = {one.link.url: one.score for one in scored}
        return Polled(poll, response, tuple(one.link for one in scored), scores=scores, digest=digest)
    if poll.endpoint.kind is EndpointKind.SITEMAP:
        polled = _read_sitemaps(guest, poll, response, digest)
    else:
        feed = parse_feed(response.body, response.header("Content-Type"), response.final_url)
        outcome = Outcome.WRONG_TYPE if feed.problem else None
        polled = Polled(
            poll, response, feed.links, outcome, feed.problem, digest=digest, ttl=feed.ttl,
            quiet=(feed.skip_hours, feed.skip_days),
        )  # fmt: skip
    return replace(polled, links=without_clock(polled.links, response.fetched_at))


def _read_sitemaps(guest: Guest, poll: Poll, first: Response, digest: bytes) -> Polled:
    """The pages of a sitemap and of those below it, each of which is asked for with its own validators."""
    state: dict[str, ChildState] = {}
    failures: list[Response] = []
    had = 0  # sitemaps below it that answered, or need not be asked

    def get(address: str, lastmod: datetime | None) -> bytes | None:
        nonlocal had
        if address == first.final_url:
            return first.body
        known, now = poll.tree.get(address, ChildState()), datetime.now(UTC)
        told = lastmod.isoformat() if lastmod else None
        if lastmod and known.lastmod == told and lastmod < now - SETTLED:
            state[address] = known
            had += 1
            return None
        trusted = known.whole is not None and datetime.fromisoformat(known.whole) > now - WHOLE_AFTER
        response = guest.get(
            poll.source, address,
            etag=known.etag if trusted else None, last_modified=known.last_modified if trusted else None,
        )  # fmt: skip
        if response.outcome not in (None, Outcome.NOT_MODIFIED):
            failures.append(response)
            if address in poll.tree:
                state[address] = known
            return None
        had += 1
        etag, last_modified = response.header("ETag"), response.header("Last-Modified")
        if response.outcome is Outcome.NOT_MODIFIED:
            state[address] = ChildState(etag or known.etag, last_modified or known.last_modified, told, known.whole)
            return None
        state[address] = ChildState(etag, last_modified, told, now.isoformat())
        return response.body

    tree = read_tree(get, [first.final_url])
    for address, sitemap in tree.read.items():
        if sitemap.problem:  # what was not processed is asked for anew
            state.pop(address, None)
    if problem := tree.read[first.final_url].problem:
        return Polled(poll, first, (), Outcome.WRONG_TYPE, problem)
    if failures and not had and not tree.pages:
        worst = failures[0]
        reason = f"none of the sitemaps that it names could be read; {worst.url}: {worst.reason or worst.outcome}"
        return Polled(poll, first, (), worst.outcome, reason)
    notes = [
        f"{len(failures)} of the sitemaps below it failed; {failures[0].url}: {failures[0].reason}" if failures else "",
        f"{tree.spent}; {tree.left_out} are left out" if tree.spent else "",
    ]
    return Polled(poll, first, tree.pages, tree=state, digest=digest, note=" · ".join(filter(None, notes)) or None)
