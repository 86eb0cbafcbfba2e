"""URLs: the key that joins the addresses of one article, absolute links, hosts and sites.

Parsing is WHATWG's (ada), as browsers do it: tabs and line breaks vanish, `\\` is `/`, hosts become
lower-case ASCII (UTS 46), `010.1` is 8.0.0.1. What is fetched is the URL as it was found; the key only
says which addresses are the same. It drops what is known to carry no content and keeps the rest: two
addresses of one article may keep two keys (redirects and rel=canonical join them later), but two
articles never share one.

`trackers` are parameters of no content, `wrappers` addresses that carry another, `editions` hosts of one article.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from ada_url import URL, HostType
from tld import get_fld

from newsdesk.urls.editions import own_name
from newsdesk.urls.trackers import tracks
from newsdesk.urls.wrappers import wrapped

# Servers and browsers commonly refuse longer ones.
MAX_URL = 8_192
# DNS' limit; some labels in front go from a key, so that a short one may have a host that no index holds.
MAX_HOST = 253
# The sitemap protocol's limit for an address; also fits PostgreSQL's largest index row (2,704 bytes).
MAX_KEY = 2_048

_SESSION_PARAMETER = re.compile(r"(?:jsessionid|phpsessid|session_?id)=.*", re.IGNORECASE)
# ASP.NET without cookies: /(S(3f2504e04f8941d39a0c0305e82c3301))/
_SESSION_SEGMENT = re.compile(r"\((?:[A-Z]\([^()/]*\))+\)")
_FRONT_DOCUMENT = re.compile(r"index\.(?:html?|shtml|php|aspx?|jsp)")
# FeedBurner's links are known by the identifier behind ~3; some readers fold their case.
_FEEDBURNER = re.compile(r"/~r/.+?/~3/[^/]{6}")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPES = re.compile(r"%([0-9A-Fa-f]{2})?|[^A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]")


def canonical_key(url: str) -> str:
    """The key under which all addresses of an article are one; the key of a key is itself.

    `https` for both schemes; host in lower-case ASCII without `www.`, user, default port and final dot; no fragment
    (but `#!`), tracker, session id, empty path segment or front document's name; escapes in one form (RFC 3986 6.2.2).
    Parameters stand in the order of their names. Of a redirect service or AMP cache that carries its target, the
    target's key; of a mobile or AMP host, the article's. ValueError, in a plain sentence, for what is no http(s) URL.
    """
    host, path, rest = _parts(_parse(url))
    while target := wrapped(host, path, rest.partition("#")[0]):
        try:
            host, path, rest = _parts(_parse(target))
        except ValueError:
            break
    key = f"https://{host}{path}{rest}"
    if len(key) > MAX_KEY:
        raise ValueError(f"the URL is longer than {MAX_KEY:,} characters")
    return key


def _parts(parsed: URL) -> tuple[str, str, str]:
    """Host with port, path, and query with fragment, each in its one form."""
    # A port of 443 under http is https' own once the scheme is folded.
    port = "" if parsed.port in ("", "443") else f":{parsed.port}"
    path = _path(parsed.pathname)
    host = own_name(_name(parsed), path)
    fragment = _escape(parsed.hash) if parsed.hash.startswith("#!") and len(parsed.hash) > 2 else ""
    return host + port, path, _query(host, parsed.search) + fragment


def absolute(url: str, base: str) -> str | None:
    """`url` as found on the page `base`, absolute; None for what is not http(s) or cannot be parsed."""
    try:
        joined = _ada(url, base)
    except ValueError:
        return None
    return joined.href if joined.protocol in ("http:", "https:") and len(joined.href) <= MAX_URL else None


def host(url: str) -> str:
    """The network location: name in lower-case ASCII, `:port` where it is not the scheme's own. ValueError as above."""
    parsed = _parse(url)
    return f"{_name(parsed)}:{parsed.port}" if parsed.port else _name(parsed)


def site(url: str) -> str:
    """The registrable domain (Public Suffix List, the copy within `tld`); of an IP or a local name what `host` gives.

    Names under a suffix the list does not know take its default rule, `*`: their last two labels.
    """
    parsed = _parse(url)
    name = _name(parsed)
    labels = name.split(".")
    if parsed.host_type != HostType.DEFAULT or len(labels) == 1 or labels[-1] == "localhost":
        return host(url)
    return get_fld(f"https://{name}/", fail_silently=True, search_private=True) or ".".join(labels[-2:])


def _parse(url: str) -> URL:
    if not url.strip():
        raise ValueError("the URL is empty")
    try:
        parsed = _ada(url, None)
    except ValueError as fault:
        raise ValueError(str(fault) if "longer" in str(fault) else "this is not a URL") from None
    if parsed.protocol not in ("http:", "https:"):
        raise ValueError(f"the scheme {parsed.protocol[:20]!r} is not http or https")
    if not all(_name(parsed).split(".")):
        raise ValueError("the URL's host has an empty part")
    if len(_name(parsed)) > MAX_HOST:
        raise ValueError(f"the URL's host is longer than {MAX_HOST} characters")
    return parsed


def _ada(url: str, base: str | None) -> URL:
    # A lone surrogate cannot be encoded: ada's UnicodeEncodeError is a ValueError too.
    if len(url) > MAX_URL:
        raise ValueError(f"the URL is longer than {MAX_URL:,} characters")
    return URL(url, base)


def _name(parsed: URL) -> str:
    return parsed.hostname.removesuffix(".")


def _path(path: str) -> str:
    """No session id, no empty segment: `//a//b/` and `/a/b` have never been seen to be two articles."""
    segments = (_without_session(segment) for segment in _escape(path).split("/"))
    path = "".join(f"/{segment}" for segment in segments if segment)
    if _FEEDBURNER.match(path):
        path = path.lower()
    while _FRONT_DOCUMENT.fullmatch(path.rpartition("/")[2]):
        path = path.rpartition("/")[0]
    return path or "/"


def _without_session(segment: str) -> str:
    """`a;jsessionid=1` is `a`; a segment that is nothing but a session is empty."""
    head, *parameters = segment.split(";")
    if head not in ("", ".", ".."):  # `..;jsessionid=1` must not turn into a dot segment
        segment = ";".join([head, *(one for one in parameters if not _SESSION_PARAMETER.fullmatch(one))])
    return "" if _SESSION_SEGMENT.fullmatch(segment) else segment


def _query(host: str, search: str) -> str:
    """The parameters that carry content, by name; of one name in their own order, which may mean something.

    No server is known that tells its articles by the order of named parameters. Bare words (`?12&34`) are another
    matter: more than one, and all stay where they are.
    """
    pairs = [_pair(pair) for pair in search.removeprefix("?").split("&")]
    kept = [pair for pair in pairs if pair and not tracks(host, pair.lower())]
    if sum("=" not in pair for pair in kept) <= 1:
        kept.sort(key=lambda pair: pair.partition("=")[0])
    return "?" + "&".join(kept) if kept else ""


def _pair(pair: str) -> str:
    """`name=` is `name`; `amp;` in front is the rest of an `&amp;` that somebody escaped twice."""
    pair = _escape(pair)
    while pair.startswith("amp;"):
        pair = pair.removeprefix("amp;")
    name, _, value = pair.partition("=")
    return pair if value else name


def _escape(text: str) -> str:
    """One form of percent-encoding: unreserved characters bare, all others that are no delimiters as %XX."""

    def one_form(match: re.Match[str]) -> str:
        if (digits := match[1]) is not None:
            byte = int(digits, 16)
            return chr(byte) if byte in _UNRESERVED else f"%{digits.upper()}"
        return quote(match[0], safe="")  # a bare % too: else %%32%65 would need two passes

    return _ESCAPES.sub(one_form, text)
