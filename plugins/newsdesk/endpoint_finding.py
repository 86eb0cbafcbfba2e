"""Finding a site's feeds and sitemaps: from its link tags, its robots.txt and the places where they usually lie.

Each candidate is fetched as a good guest, read and measured by what it yields; see `discover.candidates`. Section pages
are the last resort, where neither feed nor sitemap yields anything.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from time import monotonic
from urllib.parse import urljoin, urlsplit

from newsdesk import logs, urls
from newsdesk.discover.candidates import Yield, choose, measure
from newsdesk.discover.feeds import parse_feed
from newsdesk.discover.homepage import About, about, feed_anchors, feeds_of, sections_of
from newsdesk.discover.rhythm import dated_per_day
from newsdesk.discover.sections import article_links
from newsdesk.discover.tree import Budget, read_tree
from newsdesk.fetch.media import HTML
from newsdesk.fetch.robots import parse_robots
from newsdesk.model import Endpoint, EndpointKind, Link, Outcome, Response, Source
from newsdesk.visit_order import by_host
from newsdesk.visiting import Guest

log = logs.logger(__name__)

# WordPress, Drupal, Joomla, Ghost, Blogger, static site generators, and habit; the likeliest first
FEED_PLACES = (
    "feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed/", "rss/", "feeds", "rss/news.xml", "index.rdf",
    "feed.json", "feeds/posts/default",
)  # fmt: skip
SITEMAP_PLACES = (
    "news-sitemap.xml", "sitemap-news.xml", "sitemap_news.xml", "sitemap_index.xml", "sitemap.xml", "sitemap-index.xml",
    "googlenews.xml", "wp-sitemap.xml", "sitemap.xml.gz", "sitemaps.xml",
)  # fmt: skip

REQUESTS = 60  # for one site
SECONDS = 180.0
LINKED_FEEDS = 25  # of those that the homepage names
ROBOTS_SITEMAPS = 8
SECTIONS = 8
_TREE = Budget(documents=5, depth=3, octets=30_000_000, seconds=60.0)

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a site. `reached` False: it did not answer, and `endpoints` is a guess."""

    endpoints: tuple[Endpoint, ...]
    chosen: tuple[Yield, ...] = ()
    others: tuple[Yield, ...] = ()  # candidates that were not taken: of no use, or superfluous
    about: About = field(default_factory=About)
    homepage: str | None = None  # after redirects
    per_day: float | None = None  # articles, by the dates of all chosen
    reached: bool = True
    reason: str | None = None  # why it was not
    requests: int = 0


@dataclass(slots=True)
class _Search:
    """One site's search under way."""

    guest: Guest
    source: Source
    tell: Tell
    until: float
    sites: set[str] = field(default_factory=set)
    requests: int = 0
    asked: set[str] = field(default_factory=set)  # canonical keys
    yields: list[Yield] = field(default_factory=list)
    links: dict[str, tuple[Link, ...]] = field(default_factory=dict)  # by endpoint url

    def get(self, url: str, accept_types: tuple[str, ...] = ()) -> Response | None:
        """None: the address was asked for already, or the budget is used up."""
        try:
            key = urls.canonical_key(url)
        except ValueError:
            return None
        if key in self.asked or self.requests >= REQUESTS or monotonic() > self.until:
            return None
        self.asked.add(key)
        self.requests += 1
        return self.guest.get(self.source, url, accept_types=accept_types)

    def has(self, kind: EndpointKind) -> bool:
        return any(one.endpoint.kind is kind and not one.problem for one in self.yields)

    def note(self, found: Yield, links: Sequence[Link]) -> None:
        if len(found.endpoint.url) > urls.MAX_KEY:
            found = replace(found, items={}, problem=f"its address is longer than {urls.MAX_KEY:,} characters")
        self.yields.append(found)
        self.links[found.endpoint.url] = tuple(links)
        what = found.problem or f"{len(found.items)} links" + (
            f", newest {found.newest:%Y-%m-%d}" if found.newest else ""
        )
        self.tell(f"{found.endpoint.kind} {found.endpoint.url}: {what}")


def find_all(guest: Guest, sources: Sequence[Source]) -> Generator[tuple[Source, Finding]]:
    """Each source with what was found of it, as it is done; one host is asked by one thread."""
    threads = guest.settings.fetch_threads
    for source, finding in by_host(sources, lambda source: urls.host(source.homepage), partial(find, guest), threads):
        if not finding.reached:
            log.warning("%s: its endpoints could not be looked for: %s", source.id, finding.reason)
        yield source, finding


def find(guest: Guest, source: Source, tell: Tell = lambda line: None) -> Finding:
    """The endpoints of the site at `source.homepage`. `tell` is given a line for each candidate."""
    search = _Search(guest, source, tell, monotonic() + SECONDS)
    home = search.get(source.homepage, HTML)
    last_resort = Endpoint(EndpointKind.SECTION, source.homepage)
    if home is None or (home.status is None and home.outcome is not Outcome.ROBOTS_DENIED):
        reason = home.reason or str(home.outcome) if home else "its address cannot be used"
        return Finding((last_resort,), reached=False, reason=reason, requests=search.requests)
    html, base, kind = (home.body if home.outcome is None else b""), home.final_url, home.header("Content-Type")
    search.sites = {urls.site(source.homepage), urls.site(base)}
    _try_feeds(search, feeds_of(html, base, kind)[:LINKED_FEEDS], "named in the homepage's head", vouched=True)
    _try_feeds(search, feed_anchors(html, base, kind)[:LINKED_FEEDS], "linked from the homepage", vouched=True)
    _try_sitemaps(search, _robots_sitemaps(search, base), "named in robots.txt", vouched=True)
    if not search.has(EndpointKind.FEED):
        _try_feeds(search, _places(base, FEED_PLACES), "at a usual place")
    if not search.has(EndpointKind.SITEMAP):
        _try_sitemaps(search, _places(base, SITEMAP_PLACES), "at a usual place")
    chosen = choose(search.yields)
    if not chosen and html:
        _try_sections(search, home)
        chosen = choose([one for one in search.yields if one.endpoint.kind is EndpointKind.SECTION])
    taken = {link.url: link for one in chosen for link in search.links[one.endpoint.url]}
    return Finding(
        endpoints=tuple(one.endpoint for one in chosen) or (last_resort,),
        chosen=tuple(chosen),
        others=tuple(one for one in search.yields if one not in chosen),
        about=about(html, base, kind),
        homepage=base if home.outcome is None else None,
        per_day=dated_per_day(list(taken.values()), home.fetched_at),
        reached=home.outcome is None or bool(chosen),
        reason=None if home.outcome is None else home.reason,
        requests=search.requests,
    )


def _try_feeds(search: _Search, addresses: Iterable[str], where: str, *, vouched: bool = False) -> None:
    listed: dict[str, str] = {}  # feed -> the page of feeds that lists it
    for address in addresses:
        response = search.get(address)
        if response is None:
            continue
        endpoint = Endpoint(EndpointKind.FEED, address)
        links: tuple[Link, ...] = ()
        problem = response.reason or response.outcome
        if response.outcome is None:
            body, base, kind = response.body, response.final_url, response.header("Content-Type")
            feed = parse_feed(body, kind, base)
            links, problem = feed.links, feed.problem
            endpoint = replace(endpoint, url=base if response.moved else address)
            if problem and vouched:
                named = (*feeds_of(body, base, kind), *feed_anchors(body, base, kind))
                listed |= dict.fromkeys(named, address)
        per_day = dated_per_day(links, response.fetched_at)
        found = measure(
            endpoint, where, links, search.sites, response.fetched_at, per_day=per_day, vouched=vouched, problem=problem
        )
        search.note(found, links)
        if not vouched and not found.problem:
            return  # of the usual places, one that works is the site's; the others are the same under other names
    if listed and not where.startswith("listed"):
        _try_feeds(search, list(listed)[:LINKED_FEEDS], f"listed at {next(iter(listed.values()))}", vouched=True)


def _try_sitemaps(search: _Search, addresses: Iterable[str], where: str, *, vouched: bool = False) -> None:
    for address in addresses:
        first = search.get(address)
        if first is None:
            continue
        endpoint = Endpoint(EndpointKind.SITEMAP, address)
        if first.outcome is not None:
            search.note(Yield(endpoint, where, problem=first.reason or first.outcome), ())
            continue

        def get(below: str, lastmod: datetime | None, first: Response = first) -> bytes | None:
            if below == first.final_url:
                return first.body
            response = search.get(below)
            return response.body if response is not None and response.outcome is None else None

        tree = read_tree(get, [first.final_url], _TREE)
        found = measure(
            endpoint, where, tree.pages, search.sites, first.fetched_at, documents=len(tree.read), vouched=vouched,
            per_day=dated_per_day(tree.pages, first.fetched_at), problem=tree.read[first.final_url].problem,
        )  # fmt: skip
        search.note(found, tree.pages)
        if not vouched and not found.problem:
            return


def _try_sections(search: _Search, home: Response) -> None:
    """The homepage itself, and the sections that its navigation links to."""
    pages = [home]
    for address in sections_of(home.body, home.final_url, home.header("Content-Type"))[:SECTIONS]:
        response = search.get(address, HTML)
        if response is not None and response.outcome is None:
            pages.append(response)
    for page in pages:
        endpoint = Endpoint(EndpointKind.SECTION, search.source.homepage if page is home else page.url)
        links = article_links(page.body, page.final_url, page.header("Content-Type"))
        where = "the homepage" if page is home else "in the homepage's navigation"
        search.note(measure(endpoint, where, links, search.sites, page.fetched_at), links)


def _robots_sitemaps(search: _Search, base: str) -> list[str]:
    """The sitemaps that robots.txt names: those that say news first."""
    response = search.get(urljoin(base, "/robots.txt"))
    if response is None or response.outcome is not None:
        return []
    named = [address for told in parse_robots(response.body).sitemaps if (address := urls.absolute(told, base))]
    return sorted(named, key=lambda address: "news" not in urlsplit(address).path.lower())[:ROBOTS_SITEMAPS]


def _places(base: str, names: Sequence[str]) -> list[str]:
    """The names below the homepage's own folder, where it has one, and below the root."""
    folder = urlsplit(base).path.rsplit("/", 1)[0].strip("/") or urlsplit(base).path.strip("/")
    below = [urljoin(base, f"/{folder}/{name}") for name in names[:4]] if folder else []
    return [*below, *(urljoin(base, f"/{name}") for name in names)]
