"""Pages of one article whose head and byline say this or that, as the extractor reads them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from newsdesk.extract.page import extract
from newsdesk.model import Document, Page

NOW = datetime(2026, 3, 5, tzinfo=UTC)
URL = "https://www.example.com/news/new-bridge-opens"
PARAGRAPH = "The new bridge over the river was opened on Monday after two years of work, the county council said. "


def read(head: str = "", above: str = "", *, timezone: str | None = None, language: str | None = None) -> Document:
    """The article with this in its head, and this between headline and text."""
    html = f"<html><head>{head}</head><body><article><h1>New bridge opens</h1>{above}{f'<p>{PARAGRAPH * 2}</p>' * 3}</article></body></html>"
    return extract(Page(URL, html.encode(), "text/html; charset=utf-8", language, timezone, NOW))


def read_page(head: str, body: str, *, url: str = URL, timezone: str | None = None) -> Document:
    """A page that begins with this, the text below it."""
    html = f"<html><head>{head}</head><body>{body}{f'<p>{PARAGRAPH * 2}</p>' * 3}</body></html>"
    return extract(Page(url, html.encode(), "text/html; charset=utf-8", None, timezone, NOW))


def script(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def linked_data(**facts: Any) -> str:
    """JSON-LD of an article; `@type` in `facts` makes it another thing."""
    return script(json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **facts}))
