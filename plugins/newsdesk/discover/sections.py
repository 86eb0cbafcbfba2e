"""The links of a section page that look like articles.

By general features only, summed as in `_score`: what the address looks like (slug, date, number), what the page
says of it (words in the anchor, a heading) and where it stands (not in navigation, header or footer). What a site's
own addresses turned out to be is `linkfilter`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote, urlsplit

import lxml.html
from lxml import etree

from newsdesk.discover.page import MAX_ANCHORS, base_of, parse_page
from newsdesk.model import Link
from newsdesk.urls import absolute, canonical_key, site

MAX_LINKS = 1_000
_MAX_TITLE = 300  # characters
ENOUGH = 3  # points that make an article

_DATE_IN_PATH = re.compile(
    r"(?:^|[/_-])(?:19|20)\d\d[/_-]?(?:0?[1-9]|1[0-2])(?:[/_-]?(?:0?[1-9]|[12]\d|3[01]))?(?=[/_.-]|$)"
)
_LONG_NUMBER = re.compile(r"\d{5,}")
_SERIAL = re.compile(r"[0-9a-f]{8,}|[0-9]+", re.IGNORECASE)
_NOT_PAGES = re.compile(
    r"\.(?:pdf|jpe?g|png|gif|webp|svg|mp[34]|m3u8|mov|avi|zip|gz|xml|rss|json|js|css|docx?|xlsx?|pptx?|ics)$"
)
# Path segments that name lists of articles or machinery, in the languages of many sites.
_LIST_NAMES = """
    tag tags author authors autor autores auteur auteurs autoren profile profiles contributor contributors people staff
    login signin sign-in logout register registration account my-account subscribe subscription subscriptions abo
    abonnement newsletter newsletters search suche buscar recherche about about-us contact contact-us impressum privacy
    privacy-policy datenschutz terms terms-of-use terms-of-service cookies cookie-policy advertise advertising
    jobs careers help faq shop store rss feed feeds wp-login.php wp-admin page pages share comments print
"""
_LISTS = frozenset(_LIST_NAMES.split())
# These name lists too, but also stand in articles' addresses: `/topic/economy/2024/05/01/rates-rise`.
_MAYBE_LISTS = frozenset({"category", "categories", "section", "sections", "topic", "topics", "thema", "temas"})
_CHROME = frozenset({"nav", "header", "footer"})
_CHROME_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "menu", "menubar"})
_CARDS = frozenset({"article", "main", "li", "section"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_SPOKEN = etree.XPath(".//text()[not(ancestor::script or ancestor::style or ancestor::svg or ancestor::noscript)]")


@dataclass(slots=True)
class _Candidate:
    """One address of the page with the best that any of its anchors says."""

    url: str
    title: str = ""
    headed: bool = False  # a heading holds it, or it holds one


@dataclass(frozen=True, slots=True)
class Scored:
    """A link with its points; ENOUGH of them make an article."""

    link: Link
    score: int


def article_links(html: bytes, url: str, content_type: str | None) -> tuple[Link, ...]:
    """Links from the section page `url` to what look like articles of its site, in page order. Never raises.

    An address that stands there more than once (picture, headline, teaser) is one link, titled by its heading or
    its longest anchor text.
    """
    found = (scored.link for scored in scored_links(html, url, content_type) if scored.score >= ENOUGH)
    return tuple(islice(found, MAX_LINKS))


def scored_links(html: bytes, url: str, content_type: str | None) -> tuple[Scored, ...]:
    """All links of the page to pages of its site, outside navigation, header and footer, each with its points.

    At most MAX_LINKS that have enough of them, and as many that have not.
    """
    root = parse_page(html, content_type)
    if root is None:
        return ()
    base = base_of(root, url)
    try:
        home, here = site(url), canonical_key(url)
    except ValueError:
        return ()
    found: dict[str, _Candidate] = {}
    for anchor in islice(root.iter("a"), MAX_ANCHORS):
        address = absolute(anchor.get("href") or "", base)
        if address is None or _in_chrome(anchor):
            continue
        try:
            key, belongs = canonical_key(address), site(address) == home
        except ValueError:
            continue
        if belongs and key != here:
            _note(found.setdefault(key, _Candidate(address)), anchor)
    scored = [Scored(Link(one.url, one.title[:_MAX_TITLE] or None), _score(one)) for one in found.values()]
    room = {True: MAX_LINKS, False: MAX_LINKS}
    kept = []
    for one in scored:
        if room[one.score >= ENOUGH] > 0 and not _is_root(one.link.url):
            room[one.score >= ENOUGH] -= 1
            kept.append(one)
    return tuple(kept)


def looks_like_article(url: str, title: str | None = None) -> bool:
    """Would a section page's link to `url` be taken for an article's?"""
    return _score(_Candidate(url, title or "")) >= ENOUGH


def is_list(url: str) -> bool:
    """Does the address name a list of articles, machinery or a file that is no page?"""
    path = unquote(urlsplit(url).path).lower()
    return _NOT_PAGES.search(path) is not None or not _LISTS.isdisjoint(path.split("/"))


def _is_root(url: str) -> bool:
    parts = urlsplit(url)
    return not parts.path.strip("/") and not parts.query


def _in_chrome(anchor: lxml.html.HtmlElement) -> bool:
    """Within navigation, the page's header or its footer; the header of a card or of an article's teaser is none."""
    inside_header = False
    for element in anchor.iterancestors():
        if element.tag == "nav" or (element.get("role") or "").lower() in _CHROME_ROLES:
            return True
        if element.tag in _CHROME:
            inside_header = True
        elif inside_header and element.tag in _CARDS:
            inside_header = False
    return inside_header


def _note(candidate: _Candidate, anchor: lxml.html.HtmlElement) -> None:
    heading = next((element for element in anchor.iter(*_HEADINGS)), None)
    held = heading is not None or any(element.tag in _HEADINGS for element in _close_ancestors(anchor))
    title = _words(heading if heading is not None else anchor)
    if (held, len(title)) > (candidate.headed, len(candidate.title)) and title:
        candidate.headed, candidate.title = held, title


def _close_ancestors(anchor: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    return [element for _, element in zip(range(3), anchor.iterancestors(), strict=False)]


def _words(element: lxml.html.HtmlElement) -> str:
    return " ".join(" ".join(map(str, _SPOKEN(element))).split())


def _score(candidate: _Candidate) -> int:
    """Three points make an article: 3 for a slug, 2 for a date, a long number, an anchor of words, 1 for a heading."""
    path = unquote(urlsplit(candidate.url).path).lower()
    segments = [segment for segment in path.split("/") if segment]
    query = urlsplit(candidate.url).query
    if (not segments and not query) or _NOT_PAGES.search(path) or not _LISTS.isdisjoint(segments):
        return 0
    last = segments[-1] if segments else ""
    dated = _DATE_IN_PATH.search(path) is not None
    numbered = _LONG_NUMBER.search(last + "?" + query) is not None
    if not _MAYBE_LISTS.isdisjoint(segments) and not (dated or numbered):
        return 0
    told = _has_words(candidate.title)
    score = 3 * _is_slug(last) + 2 * dated + 2 * numbered + 2 * told + candidate.headed
    # A date or number alone is an archive page; words alone, one level deep, a section's slogan.
    if not told and not _is_slug(last):
        score -= 2
    if len(segments) <= 1 and not (dated or numbered or _is_slug(last)):
        score -= 1
    return score


def _is_slug(segment: str) -> bool:
    """At least three words joined by hyphens or underscores, serials not counted."""
    words = [word for word in re.split(r"[-_]", segment.rpartition(".")[0] or segment) if word]
    return sum(1 for word in words if not _SERIAL.fullmatch(word)) >= 3


def _has_words(title: str) -> bool:
    """Four words at least, or, in scripts that put no blank between words, as many characters as four words have."""
    wide = sum(1 for character in title if "\u0e00" <= character <= "\u0eff" or "\u3040" <= character <= "\u9fff")
    return len(title.split()) >= 4 or wide >= 8
