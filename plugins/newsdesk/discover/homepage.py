"""What a homepage tells of its site: its feeds, its sections, its name and language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from newsdesk.discover.page import MAX_ANCHORS, base_of, parse_page
from newsdesk.discover.sections import is_list, looks_like_article
from newsdesk.urls import absolute, site

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
# an anchor's address that says feed: /rss, /feed/, /rss.xml, /feeds/world.xml, /index.rdf, ?feed=rss2, feeds.example.com
_FEED_ADDRESS = re.compile(
    r"//(?:feeds?|rss)\.|[/?&](?:feeds?|rss2?|atom)(?:[/.?=]|$)|\.(?:rss|rdf|atom)$|/(?:rss|feed|atom|index)[\w-]*\.xml$",
    re.IGNORECASE,
)
_NAME_MARKS = re.compile(r"\s+[|·•–—-]\s+|\s*[|·•]\s*|:\s+")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{2}))?(?:[-_].*)?", re.IGNORECASE)
_MAX_TITLE = 500  # characters of what is taken apart


@dataclass(frozen=True, slots=True)
class About:
    """What the page says of its site; None: nothing."""

    name: str | None = None
    language: str | None = None  # fr
    region: str | None = None  # CA; often only the template's own, so no more than a hint of the country


def feeds_of(html: bytes, url: str, content_type: str | None) -> tuple[str, ...]:
    """Absolute addresses of `<link rel=alternate type=application/rss+xml …>`, in page order, comment feeds left out."""
    tree = parse_page(html, content_type)
    if tree is None:
        return ()
    return _absolute(
        (
            link.get("href", "")
            for link in tree.iter("link")
            if "alternate" in link.get("rel", "").lower().split()
            and link.get("type", "").strip().lower() in _FEED_TYPES
            and "comment" not in (link.get("title", "") + link.get("href", "")).lower()
        ),
        base_of(tree, url),
    )


def feed_anchors(html: bytes, url: str, content_type: str | None) -> tuple[str, ...]:
    """Absolute addresses of the page's anchors that look like feeds, in page order: many a page lists them at its foot."""
    tree = parse_page(html, content_type)
    if tree is None:
        return ()
    found = _absolute((anchor.get("href") or "" for anchor in islice(tree.iter("a"), MAX_ANCHORS)), base_of(tree, url))
    return tuple(address for address in found if _FEED_ADDRESS.search(address) and "comment" not in address.lower())


def sections_of(html: bytes, url: str, content_type: str | None) -> tuple[str, ...]:
    """Absolute addresses of the site's sections: what its navigation links to, one or two segments deep, in page order."""
    tree = parse_page(html, content_type)
    if tree is None:
        return ()
    home = _site(url)
    in_navigation = (
        anchor.get("href") or "" for frame in tree.iter("nav", "header") for anchor in frame.iter("a")
    )  # fmt: skip
    return tuple(
        address.partition("#")[0]
        for address in _absolute(islice(in_navigation, MAX_ANCHORS), base_of(tree, url))
        if _site(address) == home
        and 1 <= len([part for part in urlsplit(address).path.split("/") if part]) <= 2
        and not urlsplit(address).query
        and not is_list(address)
        and not looks_like_article(address)
    )


def about(html: bytes, url: str, content_type: str | None) -> About:
    """The site's name, language and region as its homepage tells them."""
    tree = parse_page(html, content_type)
    if tree is None:
        return About()
    metas = {
        (meta.get("property") or meta.get("name") or meta.get("http-equiv") or "").lower(): meta.get("content") or ""
        for meta in tree.iter("meta")
    }
    told = next(
        (tag for tag in (*(root.get("lang") or "" for root in tree.iter("html")), metas.get("og:locale", ""),
                         metas.get("content-language", "")) if tag.strip()), "",
    )  # fmt: skip
    language = _LANGUAGE.fullmatch(told.strip())
    title = next((element.text_content() for element in tree.iter("title")), "")
    name = _plain(metas.get("og:site_name", "")) or _plain(metas.get("application-name", "")) or _name_in(title, url)
    return About(
        name or None,
        language[1].lower() if language else None,
        language[2].upper() if language and language[2] else None,
    )


def _name_in(title: str, url: str) -> str:
    """The part of a homepage's title that is most like its host's name, else the first."""
    parts = [part for part in map(_plain, _NAME_MARKS.split(" ".join(title.split())[:_MAX_TITLE])) if part]
    label = re.sub(r"[^a-z0-9]", "", (urlsplit(url).hostname or "").removeprefix("www.").rpartition(".")[0])
    like = [part for part in parts if (letters := re.sub(r"[^a-z0-9]", "", part.lower())) and letters in label]
    return max(like, key=len) if like else (parts or [""])[0]


def _plain(text: str) -> str:
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:100].strip()


def _absolute(addresses: Iterable[str], base: str) -> tuple[str, ...]:
    joined: Iterator[str | None] = (absolute(address, base) for address in addresses if address.strip())
    return tuple(dict.fromkeys(address for address in joined if address))


def _site(url: str) -> str | None:
    try:
        return site(url)
    except ValueError:
        return None
