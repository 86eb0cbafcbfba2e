"""Rows of the steps that say what may be fetched: `robots` and `address`."""

from __future__ import annotations

import math

from newsdesk.filters.rows import BadRow, optional_text, packed_bytes, text_of
from newsdesk.model import JsonObject
from newsdesk.settings import Settings


def robots(row: JsonObject, settings: Settings) -> JsonObject:
    """{"robots" | "robots_b64", "agent", "url"} → {"allowed", "crawl_delay", "sitemaps"}.

    Without "agent" it is our own; without "url" "allowed" is null. "status", a number, may tell what the server said
    to the request of the file: of any but 200 the text does not count, 0 is no answer.
    """
    from newsdesk.fetch.robots import parse_robots, robots_for_status

    status = row.get("status")
    if status is not None and (not isinstance(status, int) or isinstance(status, bool)):
        raise BadRow('"status" is not a whole number')
    named = row.get("robots") is not None or row.get("robots_b64") is not None
    if status not in (None, 200) or (status == 200 and not named):
        rules = robots_for_status(status or None)
    else:
        rules = parse_robots(_file(row))
    agent, url = optional_text(row, "agent") or settings.user_agent, optional_text(row, "url")
    delay = rules.crawl_delay(agent)
    return {
        "allowed": None if url is None else rules.allowed(agent, url),
        "crawl_delay": delay if delay is not None and math.isfinite(delay) else None,
        "sitemaps": list(rules.sitemaps),
    }


def _file(row: JsonObject) -> bytes:
    if row.get("robots") is not None:
        return text_of(row, "robots").encode("utf-8", "replace")
    if row.get("robots_b64") is None:
        raise BadRow('the row needs "robots" or "robots_b64", a string')
    return packed_bytes(row, "robots_b64")


def address(row: JsonObject, settings: Settings) -> JsonObject:
    """{"url"} → {"allowed", "why"}; "resolved", a list of IP addresses, may stand in for DNS."""
    from newsdesk.fetch.addresses import check_url

    resolved = row.get("resolved")
    if resolved is not None and not (isinstance(resolved, list) and all(isinstance(ip, str) for ip in resolved)):
        raise BadRow('"resolved" is not a list of strings')
    verdict = check_url(text_of(row, "url"), resolved=resolved)
    return {"allowed": verdict.allowed, "why": verdict.why}
