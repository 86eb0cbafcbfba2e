"""Rows of the steps that find URLs: `url`, `feed` and `sitemap`."""

from __future__ import annotations

from newsdesk import urls
from newsdesk.filters.rows import BadRow, iso, optional_text, packed_bytes, text_of
from newsdesk.model import JsonObject
from newsdesk.settings import Settings

# The base of what has no address: nothing relative can be joined to it.
_NOWHERE = "about:blank"


def url(row: JsonObject, settings: Settings) -> JsonObject:
    """{"url"} → {"canonical", "host", "site"}."""
    given = text_of(row, "url")
    return {"canonical": urls.canonical_key(given), "host": urls.host(given), "site": urls.site(given)}


def feed(row: JsonObject, settings: Settings) -> JsonObject:
    """{"bytes_b64", "content_type", "url"} → {"entries": [{"url", "title", "published", "updated", "id"}], "kind"}.

    "problem" tells what was wrong with the feed, else null. Where nothing could be read, it is also the row's
    "error"; a whole feed without entries has neither.
    """
    from newsdesk.discover.feeds import parse_feed

    found = parse_feed(packed_bytes(row, "bytes_b64"), optional_text(row, "content_type"), _base(row))
    entries = [
        {"url": e.url, "title": e.title, "published": iso(e.published), "updated": iso(e.updated), "id": e.id}
        for e in found.entries
    ]
    answer = {"entries": entries, "kind": found.kind, "problem": found.problem, "truncated": found.truncated}
    return answer if entries or not found.problem else {**answer, "error": found.problem}


def sitemap(row: JsonObject, settings: Settings) -> JsonObject:
    """As `feed` in; {"pages": [{"url", "lastmod", "title", "published"}], "sitemaps": [url…]} and "problem" out."""
    from newsdesk.discover.sitemaps import parse_sitemap

    found = parse_sitemap(packed_bytes(row, "bytes_b64"), optional_text(row, "content_type"), _base(row))
    pages = [
        {"url": link.url, "lastmod": iso(link.updated), "title": link.title, "published": iso(link.published)}
        for link in found.pages
    ]
    answer = {
        "pages": pages, "sitemaps": list(found.sitemaps), "problem": found.problem, "truncated": found.truncated,
    }  # fmt: skip
    return answer if pages or found.sitemaps or not found.problem else {**answer, "error": found.problem}


def _base(row: JsonObject) -> str:
    """The address that relative links are joined to; without one they stay out."""
    given = optional_text(row, "url")
    if given is None:
        return _NOWHERE
    base = urls.absolute(given, _NOWHERE)
    if base is None:
        raise BadRow('"url" is not the address of a web page')
    return base
