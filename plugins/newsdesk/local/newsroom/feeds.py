"""RSS 2.0, Atom, the news sitemap and its index, robots.txt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from .clock import for_rss, local_time
from .outlets import Outlet

_TRACKING = "?utm_source=rss&utm_medium=feed&utm_campaign=all"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed or sitemap."""

    path: str
    title: str
    summary: str
    published: str  # the outlet's local time
    updated: str  # the same as published where nothing changed
    tracked: bool = False  # the link carries utm_ parameters


def item_url(base: str, item: Item) -> str:
    """The address as the feed links it."""
    return base + item.path + (_TRACKING if item.tracked else "")


def _iso(outlet: Outlet, text: str) -> str:
    return local_time(outlet, text).isoformat(timespec="seconds")


def rss(outlet: Outlet, base: str, items: Sequence[Item]) -> str:
    """RSS 2.0 with summaries only; with `broken_xml` ampersands stand as they are."""

    def text(words: str) -> str:
        return words if outlet.broken_xml else escape(words)

    entries = "\n".join(
        f"<item><title>{text(item.title)}</title><link>{text(item_url(base, item))}</link>"
        f'<guid isPermaLink="false">{outlet.id}:{item.path}</guid>'
        f"<description>{text(item.summary)}</description>"
        f"<pubDate>{for_rss(outlet, item.published)}</pubDate></item>"
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>\n'
        f"<title>{text(outlet.name)}</title><link>{base}/</link>"
        f"<description>{text(outlet.name)}</description><language>{outlet.language}</language>\n"
        f"{entries}\n</channel></rss>\n"
    )


def atom(outlet: Outlet, base: str, items: Sequence[Item]) -> str:
    """Atom 1.0 with summaries only."""
    newest = max(_iso(outlet, item.updated) for item in items)
    entries = "\n".join(
        f'<entry><title>{escape(item.title)}</title><link rel="alternate" '
        f'href="{escape(item_url(base, item))}"/><id>tag:{outlet.id},2026:{item.path}</id>'
        f"<published>{_iso(outlet, item.published)}</published>"
        f"<updated>{_iso(outlet, item.updated)}</updated>"
        f"<summary>{escape(item.summary)}</summary></entry>"
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        f'xml:lang="{outlet.language}">\n<title>{escape(outlet.name)}</title><id>tag:{outlet.id},2026:</id>'
        f'<link href="{base}/"/><updated>{newest}</updated>\n{entries}\n</feed>\n'
    )


def news_sitemap(outlet: Outlet, base: str, items: Sequence[Item]) -> str:
    """A sitemap with Google's news namespace."""
    entries = "\n".join(
        f"<url><loc>{escape(item_url(base, item))}</loc><lastmod>{_iso(outlet, item.updated)}</lastmod>"
        f"<news:news><news:publication><news:name>{escape(outlet.name)}</news:name>"
        f"<news:language>{outlet.language}</news:language></news:publication>"
        f"<news:publication_date>{_iso(outlet, item.published)}</news:publication_date>"
        f"<news:title>{escape(item.title)}</news:title></news:news></url>"
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n'
        f"{entries}\n</urlset>\n"
    )


def sitemap_index(outlet: Outlet, base: str, sitemaps: Sequence[tuple[str, str]]) -> str:
    """An index of sitemaps, each (path, local time of its last change)."""
    entries = "\n".join(
        f"<sitemap><loc>{base}{path}</loc><lastmod>{_iso(outlet, changed)}</lastmod></sitemap>"
        for path, changed in sitemaps
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}\n</sitemapindex>\n'
    )


def robots(outlet: Outlet, base: str) -> str:
    """robots.txt: what is closed, at which pace, where the sitemap lies."""
    lines = ["User-agent: *", "Disallow: /print/", "Disallow: /search"]
    if outlet.crawl_delay_s is not None:
        lines.append(f"Crawl-delay: {outlet.crawl_delay_s}")
    lines += [f"\nSitemap: {base}{endpoint.path}" for endpoint in outlet.endpoints if endpoint.kind == "sitemap"]
    return "\n".join(lines) + "\n"
