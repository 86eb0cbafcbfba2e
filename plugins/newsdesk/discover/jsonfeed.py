"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from newsdesk.discover.dates import parse_date
from newsdesk.discover.entries import Entry, Feed, address, identifier, plain_text


def read_json(text: str, url: str, limit: int) -> Feed:
    """The first `limit` items of the JSON feed that came from `url`; `problem` where it is none."""
    try:
        document = json.loads(text, strict=False)  # not strict: line breaks within strings are met
    except (ValueError, RecursionError) as fault:  # RecursionError: nested beyond any feed
        return Feed("", problem=f"the JSON cannot be read: {str(fault)[:200]}")
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        return Feed("", problem="this JSON is no JSON Feed: it has no list of items")
    items = document["items"]
    entries = tuple(_entry(item, url) for item in items[:limit] if isinstance(item, dict))
    return Feed("json", entries, truncated=len(items) > limit)


def _entry(item: dict[str, Any], url: str) -> Entry:
    # A number as id is against the specification, which tells readers to take it as a string.
    name = identifier(str(item["id"])) if isinstance(item.get("id"), str | int | float) else None
    permalink = name if name and name[:8].lower().startswith(("http://", "https://")) else None
    written = (item.get("url"), permalink, item.get("external_url"))
    return Entry(
        url=next((place for text in written if (place := address(_string(text), url))), None),
        title=plain_text(_string(item.get("title"))),
        published=_date(item.get("date_published")),
        updated=_date(item.get("date_modified")),
        id=name,
    )


def _date(value: object) -> datetime | None:
    # A bare number is against the specification, and met.
    return parse_date(str(value), epoch=True) if isinstance(value, str | int | float) else None


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None
