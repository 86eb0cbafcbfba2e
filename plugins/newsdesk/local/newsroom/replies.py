"""The whole site of one outlet in one edition: which address answers what."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC
from typing import Literal

from . import feeds, pages
from .clock import for_http, local_time
from .furniture import Page
from .layouts import LAYOUTS, amp
from .oddities import Oddity
from .outlets import Endpoint, Outlet
from .stories import announced, oddities_of, stories_of
from .story import Story

HTML = "text/html"
HUGE_LENGTH = 50 * 1024 * 1024  # bytes that the "huge" page announces; it sends far fewer

# Edition n's feeds were last written then (UTC).
_FEEDS_WRITTEN = {1: "2026-03-03T22:00:00", 2: "2026-03-04T12:00:00"}

Behaviour = Literal["whole", "huge", "cut_short", "hang_up", "trickle"]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: what is said, and how it is (mis)delivered."""

    status: int
    body: bytes
    content_type: str = HTML
    location: str | None = None
    last_modified: str | None = None  # an HTTP date; with it go an ETag and 304 answers
    behaviour: Behaviour = "whole"

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


def build_site(outlet: Outlet, base: str, edition: int) -> dict[str, Reply]:
    """Path (without query) → reply, for every address that exists at the outlet.

    `base` is the outlet's origin. The same arguments give the same bytes.
    """
    html_type = f"text/html; charset={outlet.charset}" if outlet.says_charset else HTML

    def html(text: str, status: int = 200, last_modified: str | None = None) -> Reply:
        # Every character is in the outlet's charset, or the build fails: no silent "?".
        return Reply(status, text.encode(outlet.charset), html_type, last_modified=last_modified)

    stories = stories_of(outlet, edition)
    oddities = oddities_of(outlet, edition)
    first_feed = next((endpoint for endpoint in outlet.endpoints if endpoint.kind == "feed"), None)
    site: dict[str, Reply] = {
        "/": html(pages.list_page(outlet, outlet.name, stories, feed=first_feed)),
        "/about/": html(pages.service_page(outlet, outlet.name)),
        "/contact/": html(pages.service_page(outlet, outlet.name)),
        "/robots.txt": Reply(200, feeds.robots(outlet, base).encode(), "text/plain; charset=utf-8"),
    }
    for key, label in outlet.sections:
        in_section = [story for story in stories if story.section == key]
        site[f"/{key}/"] = html(pages.list_page(outlet, label, in_section))
    for story in stories:
        page = article_page(outlet, base, story, edition)
        modified = _last_modified(outlet, story, edition) if outlet.conditional else None
        site[story.path] = html(LAYOUTS[outlet.layout](page), last_modified=modified)
    for odd in oddities:
        # "index" and the disallowed pages are ordinary pages of the house.
        site.update(_odd_replies(outlet, base, odd, edition, html_type))
    for endpoint in outlet.endpoints:
        site.update(_endpoint_replies(outlet, base, endpoint, edition))
        if endpoint.kind == "section":
            dead = [odd for odd in oddities if odd.kind == "missing"]
            label = dict(outlet.sections)[endpoint.path.strip("/")]
            site[endpoint.path] = html(pages.list_page(outlet, label, stories, dead))
    return site


def article_page(outlet: Outlet, base: str, story: Story, edition: int) -> Page:
    """A story with what surrounds it; only a `reshared` one is surrounded anew in edition 2."""
    related = [other for other in stories_of(outlet, 1) if other.path != story.path]
    shares = 12 + sum(story.path.encode()) % 900
    if story.reshared and edition >= 2:
        related.reverse()
        shares += 57
    return Page(outlet, base, story, tuple(related), shares)


def _last_modified(outlet: Outlet, story: Story, edition: int) -> str:
    local = story.modified or story.published
    if story.reshared and story.bumped and edition >= 2:
        local = story.bumped
    return for_http(local_time(outlet, local).astimezone(UTC).replace(tzinfo=None).isoformat())


def _endpoint_replies(outlet: Outlet, base: str, endpoint: Endpoint, edition: int) -> dict[str, Reply]:
    """The feed or the sitemaps of an endpoint; nothing for a section page or a dead endpoint."""
    items = announced(outlet, endpoint, edition)
    written = for_http(_FEEDS_WRITTEN[edition])

    def xml(text: str, kind: str) -> Reply:
        return Reply(200, text.encode(), f"{kind}; charset=utf-8", last_modified=written)

    if endpoint.form == "rss":
        return {endpoint.path: xml(feeds.rss(outlet, base, items), "application/rss+xml")}
    if endpoint.form == "atom":
        return {endpoint.path: xml(feeds.atom(outlet, base, items), "application/atom+xml")}
    if endpoint.form == "news":
        return {endpoint.path: xml(feeds.news_sitemap(outlet, base, items), "application/xml")}
    if endpoint.form == "index":
        older = [item for item in items if item.published < "2026-03-03"]
        newer = [item for item in items if item.published >= "2026-03-03"]
        parts = {"/sitemap-news.xml": newer, "/sitemap-news-older.xml": older}
        dated = [(path, max(item.updated for item in part)) for path, part in parts.items()]
        replies = {path: xml(feeds.news_sitemap(outlet, base, part), "application/xml") for path, part in parts.items()}
        replies[endpoint.path] = xml(feeds.sitemap_index(outlet, base, dated), "application/xml")
        return replies
    return {}


def _odd_replies(outlet: Outlet, base: str, odd: Oddity, edition: int, html_type: str) -> dict[str, Reply]:
    """The reply at an odd address, and at the second address of a redirect loop."""
    path = odd.path

    def html(text: str, status: int = 200, behaviour: Behaviour = "whole") -> dict[str, Reply]:
        return {path: Reply(status, text.encode(outlet.charset), html_type, behaviour=behaviour)}

    def redirect(status: int, target: str) -> Reply:
        return Reply(status, b"", html_type, location=target)

    filler = pages.service_page(outlet, odd.title) + "<!-- " + "the rest of the page " * 400 + "-->\n"
    match odd.kind:
        case "index":
            return {}  # the section page is there already
        case "moved":
            return {path: redirect(301, f"{base}{odd.article}")}
        case "amp":
            story = next(story for story in stories_of(outlet, edition) if story.path == odd.article)
            return html(amp(article_page(outlet, base, story, edition)))
        case "gallery":
            return html(pages.gallery(outlet, odd))
        case "video":
            return html(pages.video(outlet, odd))
        case "paywall":
            return html(pages.paywall(outlet, odd))
        case "challenge":
            return html(pages.CHALLENGE)
        case "script_shell":
            return html(pages.SCRIPT_SHELL)
        case "missing":
            return {}
        case "removed":
            return html(pages.not_found(outlet, 410), 410)
        case "server_error":
            return html(pages.not_found(outlet, 500), 500)
        case "disallowed":
            return html(pages.service_page(outlet, odd.title))
        case "pdf":
            return {path: Reply(200, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n", "application/pdf")}
        case "loop":
            return {path: redirect(302, f"{base}{path}/back"),
                    f"{path}/back": redirect(302, f"{base}{path}")}  # fmt: skip
        case "private":
            return {path: redirect(302, "http://10.0.0.1/webcam")}
        case "huge" | "cut_short" | "hang_up" | "trickle":
            return html(filler, behaviour=odd.kind)
