"""The nouns of the house: what the crafts take and give. Frozen data, no behaviour beyond look-ups.

All times are aware datetimes in UTC. `host` is the network location a server's pace is kept by:
the name in lower case, with the port where it is not the scheme's own (`127.0.0.1:8701`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """How a URL's visit ended. Every visit ends in exactly one of these."""

    PUBLISHED = "published"  # a new article in news.article
    UPDATED = "updated"  # the article was there; this visit made a new version of it
    UNCHANGED = "unchanged"  # fetched again, and the article is as it was
    NOT_MODIFIED = "not_modified"  # the server said 304
    DUPLICATE_URL = "duplicate_url"  # another address of an article that is there already
    NOT_ARTICLE = "not_article"  # a product, a forum's thread, documentation, a company's page
    INDEX = "index"  # a home or section page, a list, search results
    GALLERY = "gallery"  # pictures with captions
    VIDEO = "video"  # a player with little text
    LIVE = "live"  # a live report in timed entries
    NO_TEXT = "no_text"  # a page of one thing, but with no body worth the name
    WALL = "wall"  # paywall, consent or login
    CHALLENGE = "challenge"  # a bot check instead of the page
    NEEDS_JS = "needs_js"  # an empty shell that a script would fill
    ROBOTS_DENIED = "robots_denied"
    GONE = "gone"  # 404, 410, or a page that says so with status 200
    FORBIDDEN = "forbidden"  # 407, 451: refused for good, for legal reasons mostly
    HTTP_ERROR = "http_error"  # any other status that is not a page
    RATE_LIMITED = "rate_limited"  # 429, 503, or a refusal that says we ask too often
    TIMEOUT = "timeout"  # the wall-clock deadline passed
    CONNECTION = "connection"  # refused, reset, empty reply
    DNS = "dns"  # the name does not resolve
    TLS = "tls"
    PROTOCOL = "protocol"  # what came is not HTTP as we can trust it
    REDIRECT_LOOP = "redirect_loop"  # a ring, or too many hops
    BAD_REDIRECT = "bad_redirect"  # no or unusable Location
    TOO_LARGE = "too_large"
    INCOMPLETE = "incomplete"  # cut short of its own Content-Length or coding
    BLOCKED_ADDRESS = "blocked_address"  # a private or special address, a port or scheme not of the web
    WRONG_TYPE = "wrong_type"  # not HTML
    EXCLUDED = "excluded"  # by the source's include/exclude patterns
    WITHDRAWN = "withdrawn"  # taken out on request; only its address is kept
    QUARANTINED = "quarantined"  # broke our own tools; kept with its evidence until someone asks again

    @property
    def retryable(self) -> bool:
        """A fault that may be gone later: visited again with back-off, up to a limit."""
        return self in _RETRYABLE

    @property
    def has_article(self) -> bool:
        """The URL leads to a row of news.article."""
        return self in _HAS_ARTICLE


_RETRYABLE = frozenset({
    Outcome.HTTP_ERROR, Outcome.RATE_LIMITED, Outcome.TIMEOUT, Outcome.CONNECTION, Outcome.DNS,
    Outcome.TLS, Outcome.PROTOCOL, Outcome.INCOMPLETE, Outcome.CHALLENGE,
})  # fmt: skip
_HAS_ARTICLE = frozenset({
    Outcome.PUBLISHED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.NOT_MODIFIED, Outcome.DUPLICATE_URL,
})  # fmt: skip


class EndpointKind(StrEnum):
    """Where a source's new URLs are found."""

    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A feed, a sitemap or a section page."""

    kind: EndpointKind
    url: str


@dataclass(frozen=True, slots=True)
class Expectations:
    """What a healthy day of the source looks like; None: nothing is expected."""

    articles_per_day: tuple[int, int] | None = None
    body_words: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher, as its YAML file describes it."""

    id: str
    name: str
    homepage: str
    language: str | None = None  # BCP 47 primary tag: en, fr
    country: str | None = None  # ISO 3166-1 alpha-2
    timezone: str | None = None  # IANA name; zone of dates that tell none
    tags: tuple[str, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    expect: Expectations = field(default_factory=Expectations)
    include: tuple[str, ...] = ()  # regular expressions over the whole URL
    exclude: tuple[str, ...] = ()
    crawl_delay: float | None = None  # seconds between two requests to one host
    max_per_run: int | None = None
    headers: str | None = None  # name of an Airflow Connection whose extra holds request headers
    enabled: bool = True
    allow_private: bool = False
    revisit: tuple[timedelta, ...] | None = None  # ages at which its articles are looked at again; None: the settings'


@dataclass(frozen=True, slots=True)
class Link:
    """A URL that an endpoint named, with what the endpoint says of it."""

    url: str
    title: str | None = None
    published: datetime | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP exchange as it ended, redirects followed.

    `outcome` is None when `body` is whole and usable; otherwise it says what went wrong and `reason`
    says it in words. `body` is as received after transfer coding and content coding were undone.
    """

    url: str  # as asked
    final_url: str  # after redirects
    status: int | None
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    elapsed: float  # seconds of wall clock
    outcome: Outcome | None = None
    reason: str | None = None
    retry_after: float | None = None  # seconds the host asked us to stay away
    redirects: tuple[str, ...] = ()  # each address on the way, without the last
    moved: bool = False  # there were redirects, and all of them were for good (301, 308)

    def header(self, name: str) -> str | None:
        """As `header_of`."""
        return header_of(self.headers, name)


def header_of(headers: Sequence[tuple[str, str]], name: str) -> str | None:
    """The first value of that name, in whatever case; None: there is none."""
    name = name.lower()
    return next((value for key, value in headers if key.lower() == name), None)


@dataclass(frozen=True, slots=True)
class ArchivedAt:
    """Where a capture's bytes lie."""

    file: str  # relative to the archive's root
    offset: int  # of the gzip member
    length: int


@dataclass(frozen=True, slots=True)
class Page:
    """What the extractor is given."""

    url: str
    html: bytes
    content_type: str | None = None
    language: str | None = None  # the source's own, a last resort
    timezone: str | None = None  # the source's own, for times that tell no zone
    fetched_at: datetime | None = None  # no date is later than this
    furniture: frozenset[int] = frozenset()  # keys of its site's blocks that are of no article, see `SiteBlock`


@dataclass(frozen=True, slots=True)
class SiteBlock:
    """A block of a page's text as it may return on other pages of its site; see `extract.template`."""

    key: int  # of path and text; signed, 64 bits
    place: int  # of the path alone
    path: str  # of tags, classes and ids in the markup; empty: not found there
    text: str  # its beginning
    chars: int
    kind: str  # prose, sentence, label, heading, link
    times: int  # on the page


@dataclass(frozen=True, slots=True)
class Document:
    """What the extractor found on a page. `outcome` None: an article; else why it is none."""

    outcome: Outcome | None
    reason: str | None = None
    title: str | None = None
    text: str | None = None  # blocks separated by one blank line
    body_html: str | None = None  # the same, sanitised: see extract.sanitise
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    published_precision: str | None = None  # second, minute, day
    published_day: date | None = None  # as the page calls it: in the zone it told, else in the source's
    modified: datetime | None = None
    language: str | None = None
    canonical_url: str | None = None  # the page's own rel=canonical, absolute
    section: str | None = None
    tags: tuple[str, ...] = ()
    description: str | None = None
    image: str | None = None
    provenance: dict[str, str] = field(default_factory=dict)  # field -> where its value came from
    blocks: tuple[SiteBlock, ...] = ()  # of the text, before the site's furniture was left out
    left_out: tuple[SiteBlock, ...] = ()  # those of them that are the site's furniture


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text: text[start:end], in characters."""

    start: int
    end: int
    type: str  # PER ORG LOC MISC
    text: str
    entity_id: str | None  # UUID, see enrich; None: no entity, as of a date
    subtype: str | None = None  # finer than type: GPE, NORP, EVENT, DATE
    value: str | None = None  # of a DATE: the day, month or year meant, ISO 8601
    value_precision: str | None = None  # day, month, year


@dataclass(frozen=True, slots=True)
class Entity:
    """Who or what the names of one document mean."""

    entity_id: str  # stable over runs and machines
    type: str
    name: str  # the fullest form met; of a place that is known, the gazetteer's
    geonames_id: int | None = None  # of a place
    iso_code: str | None = None  # of a country or a part of one: ISO 3166-1 or -2
    country_code: str | None = None  # the country that a place lies in, or that a people is of: ISO 3166, not a merge
    link_confidence: float | None = None  # in [0, 1]: of its ids; without ids, of that we know none; None: not asked
    wikidata_id: str | None = None  # by a knowledge base
    of_one_article: bool = False  # a person by first name or surname only: in other articles that is somebody else

    @property
    def link(self) -> str | None:
        """`wikidata:Q84`, else `geonames:2643743`, else `iso:RU-CE` of a region whose GeoNames id we do not know."""
        if self.wikidata_id is not None:
            return f"wikidata:{self.wikidata_id}"
        if self.geonames_id is not None:
            return f"geonames:{self.geonames_id}"
        return f"iso:{self.iso_code}" if self.iso_code else None


@dataclass(frozen=True, slots=True)
class Annotation:
    """The names of one document. `model` None: no model for this language, hence no mentions."""

    language: str | None
    model: str | None
    mentions: tuple[Mention, ...] = ()
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """What the deduplicator and the grouper of stories are given."""

    id: str
    title: str | None
    body: str
    published: datetime | None = None
    source: str | None = None
    language: str | None = None
    names: tuple[str, ...] = ()  # of the entities in it, where they were looked for


JsonObject = dict[str, Any]
