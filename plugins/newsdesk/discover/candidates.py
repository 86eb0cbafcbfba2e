"""Which of the feeds, sitemaps and section pages that were found of a site are worth polling.

What an endpoint yields is what counts, not what it is called: the *recent* links of the site that it names. Of all
candidates the fewest are chosen that name nearly all of them: greedy set cover (the one that adds most for each
document that a poll of it costs, then the next), after which those that the others make superfluous are dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from newsdesk.discover.sections import looks_like_article
from newsdesk.model import Endpoint, EndpointKind, Link
from newsdesk.urls import canonical_key, site

MOST = 12  # endpoints of one source
LEAST_GAIN = 0.03  # of all recent links, below which one more endpoint is not worth its polls
_OWN = 0.5  # of a candidate's links must lead to this site
_WINDOWS = (timedelta(days=3), timedelta(days=14), timedelta(days=60))
_ENOUGH = 5  # links in a window, or a longer one is looked at
_RANK = {EndpointKind.FEED: 0, EndpointKind.SITEMAP: 1, EndpointKind.SECTION: 2}


@dataclass(frozen=True, slots=True)
class Yield:
    """What a candidate gave. `problem`: why it is of no use."""

    endpoint: Endpoint
    where: str  # it was found, as words
    items: Mapping[str, datetime | None] = field(default_factory=dict)  # canonical key of a link -> its date
    per_day: float | None = None
    documents: int = 1  # that a poll of it reads
    problem: str | None = None

    @property
    def newest(self) -> datetime | None:
        return max((date for date in self.items.values() if date), default=None)

    @property
    def dated(self) -> int:
        return sum(date is not None for date in self.items.values())

    def recent(self, since: datetime | None) -> frozenset[str]:
        """The keys dated after `since`. A feed or section page without any date lists the newest: all of it counts."""
        if since is None or (not self.dated and self.endpoint.kind is not EndpointKind.SITEMAP):
            return frozenset(self.items)
        return frozenset(key for key, date in self.items.items() if date and date >= since)


def measure(
    endpoint: Endpoint, where: str, links: Sequence[Link], sites: Collection[str], now: datetime, *,
    per_day: float | None = None, documents: int = 1, vouched: bool = False, problem: str | None = None,
) -> Yield:  # fmt: skip
    """What a candidate's links are worth to the site known by `sites`. `vouched`: the site itself names the candidate.

    Of a sitemap only what the News extension dates or what looks like an article counts: it names all else too.
    A site that publishes under another domain vouches for it: then the domain of most links is its own.
    """
    if problem:
        return Yield(endpoint, where, problem=problem)
    if not links:
        return Yield(endpoint, where, problem="it names nothing")
    by_site = Counter(where_to for link in links if (where_to := _site(link.url)))
    own = set(sites)
    if vouched and by_site and (most := by_site.most_common(1)[0])[1] >= 0.8 * len(links):
        own.add(most[0])
    if sum(by_site[name] for name in own) < _OWN * len(links):
        return Yield(endpoint, where, problem="most of its links lead to other sites")
    feed = endpoint.kind is EndpointKind.FEED
    items: dict[str, datetime | None] = {}
    for link in links:
        if _site(link.url) in own and (feed or link.published or looks_like_article(link.url, link.title)):
            date = link.published or link.updated
            items.setdefault(canonical_key(link.url), min(date, now) if date else None)
    return Yield(
        endpoint, where, items, per_day, documents, None if items else "none of its links looks like an article"
    )


def choose(candidates: Sequence[Yield]) -> list[Yield]:
    """The fewest candidates that name nearly all recent links, the one that names most first."""
    usable = [one for one in candidates if not one.problem]
    since = _since(usable)
    recent = {id(one): one.recent(since) for one in usable}
    everything = frozenset().union(*recent.values())
    if not everything:  # sitemaps without dates are all there is
        recent = {id(one): one.recent(None) for one in usable}
        everything = frozenset().union(*recent.values())
    least = max(1.0 if len(everything) < 2 * _ENOUGH else 2.0, LEAST_GAIN * len(everything))
    chosen: list[Yield] = []
    covered: set[str] = set()
    while len(chosen) < MOST:
        rest = [one for one in usable if one not in chosen and len(recent[id(one)] - covered) >= least]
        if not rest:
            break
        best = max(rest, key=lambda one: (
            len(recent[id(one)] - covered) / one.documents, -_RANK[one.endpoint.kind], -len(one.endpoint.url)))  # fmt: skip
        chosen.append(best)
        covered |= recent[id(best)]
    for one in sorted(chosen, key=lambda one: len(recent[id(one)])):
        others = frozenset().union(*(recent[id(other)] for other in chosen if other is not one))
        if len(recent[id(one)] - others) < least and len(chosen) > 1:
            chosen.remove(one)
    return sorted(chosen, key=lambda one: -len(recent[id(one)]))


def window(candidates: Sequence[Yield]) -> timedelta | None:
    """How far back "recent" reaches for these candidates, from the newest date of all; None: nothing is dated."""
    newest = _newest(candidates)
    if newest is None:
        return None
    for span in _WINDOWS:
        if len(frozenset().union(*(one.recent(newest - span) for one in candidates if one.dated))) >= _ENOUGH:
            return span
    return newest - datetime.min.replace(tzinfo=UTC)


def _since(candidates: Sequence[Yield]) -> datetime | None:
    newest, span = _newest(candidates), window(candidates)
    return newest - span if newest and span else None


def _newest(candidates: Sequence[Yield]) -> datetime | None:
    return max((one.newest for one in candidates if one.newest), default=None)


def _site(url: str) -> str | None:
    try:
        canonical_key(url)
        return site(url)
    except ValueError:
        return None
