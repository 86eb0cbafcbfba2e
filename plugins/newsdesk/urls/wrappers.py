"""Addresses that carry another: redirect services that are told their target, AMP caches, AMP viewers.

Only hosts that are known to lead nowhere else: on any other, a parameter `url` may be the page's own business. What
carries its target encoded (FeedBurner, t.co) or is a copy of its own (web.archive.org) is left to the fetch.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote

_GOOGLE = re.compile(r"(?:news\.)?google\.(?:com?\.)?[a-z]{2,3}")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?")
_AMP_CACHES = (".cdn.ampproject.org", ".bing-amp.com", ".amp.cloudflare.com", ".mipcdn.com")
# host -> path and the parameters that may hold the target
_IN_A_PARAMETER: dict[str, tuple[str, tuple[str, ...]]] = {
    "l.facebook.com": ("/l.php", ("u",)),
    "lm.facebook.com": ("/l.php", ("u",)),
    "m.facebook.com": ("/l.php", ("u",)),
    "facebook.com": ("/l.php", ("u",)),
    "l.instagram.com": ("/", ("u",)),
    "l.messenger.com": ("/l.php", ("u",)),
    "l.threads.net": ("/", ("u",)),
    "l.wl.co": ("/l", ("u",)),
    "t.umblr.com": ("/redirect", ("z",)),
    "out.reddit.com": ("/", ("url",)),
    "youtube.com": ("/redirect", ("q",)),
    "linkedin.com": ("/redir/redirect", ("url",)),
    "vk.com": ("/away.php", ("to",)),
    "m.vk.com": ("/away.php", ("to",)),
    "away.vk.com": ("/away.php", ("to",)),
    "steamcommunity.com": ("/linkfilter", ("url", "u")),
    "slack-redir.net": ("/link", ("url",)),
    "getpocket.com": ("/redirect", ("url",)),
    "duckduckgo.com": ("/l", ("uddg",)),
    "bing.com": ("/news/apiclick.aspx", ("url",)),
    "medium.com": ("/r", ("url",)),
    "exit.sc": ("/", ("url",)),
    "link.zhihu.com": ("/", ("target",)),
    "go.redirectingat.com": ("/", ("url",)),
    "go.skimresources.com": ("/", ("url",)),
    "safelinks.protection.outlook.com": ("/", ("url",)),
}


def wrapped(host: str, path: str, query: str) -> str | None:
    """The address within an address whose parts are in canonical form (`query` with its `?`, or empty); None: it has none."""
    if host.endswith(_AMP_CACHES) or host == "cdn.ampproject.org":
        return _after_marks(path, query, ("/c", "/v", "/wp"))
    if _GOOGLE.fullmatch(host) or host in ("bing.com", "yahoo.co.jp"):
        if path.startswith("/amp/"):
            return _after_marks(path, query, ("/amp",))
        if path in ("/url", "/news/url"):
            return _in_parameter(query, ("url", "q"))
        if host == "news.google.com" and "/articles/" in path:
            return _in_google_news(path.rpartition("/articles/")[2])
    if host.endswith(".safelinks.protection.outlook.com"):
        host = "safelinks.protection.outlook.com"
    if host == "out.reddit.com":
        path = "/"  # /t3_…: the post that the link stands in
    if host in _IN_A_PARAMETER:
        there, names = _IN_A_PARAMETER[host]
        return _in_parameter(query, names) if path == there else None
    if host == "href.li":
        return _web_address(unquote(query.removeprefix("?")))
    if host == "go.theregister.com":
        return _after_marks(path, query, ("/feed",))
    if host.endswith("search.yahoo.com") and "/RU=" in path:
        return _web_address(unquote(path.partition("/RU=")[2].partition("/")[0]))
    return None


def _in_parameter(query: str, names: tuple[str, ...]) -> str | None:
    pairs = [pair.partition("=") for pair in query.removeprefix("?").split("&")]
    for name, _, value in pairs:
        # A target that was put in as it is has lost what stood behind its own `&`.
        if name in names and ("?" not in value or len(pairs) == 1) and (found := _web_address(unquote(value))):
            return found
    return None


def _web_address(target: str) -> str | None:
    return target if target.startswith(("http://", "https://")) else None


def _after_marks(path: str, query: str, marks: tuple[str, ...]) -> str | None:
    """`/c/s/www.example.com/a`: a kind of content, `s` for https, host and path; the query is the target's too."""
    for mark in marks:
        if path.startswith(f"{mark}/"):
            rest = path.removeprefix(f"{mark}/").removeprefix("s/")
            if _HOST.fullmatch(rest.partition("/")[0].lower()):
                return f"https://{rest}{query}"
    return None


def _in_google_news(token: str) -> str | None:
    """The links of Google News up to 2024: base64 of a record whose field 4 (after `08 13 22` and a length) is the target."""
    try:
        record = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    if not record.startswith(b"\x08\x13\x22") or len(record) < 6:
        return None
    length, start = record[3], 4
    if length > 0x7F:  # a varint of two bytes
        length, start = (length & 0x7F) | record[4] << 7, 5
    target = record[start : start + length]
    return _web_address(target.decode("utf-8", "replace")) if len(target) == length else None
