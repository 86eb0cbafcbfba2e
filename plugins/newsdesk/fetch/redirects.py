"""Where an answer sends its reader: Location, the Refresh header, a page's own meta refresh.

Only addresses are read here; whether one may be followed is the fetcher's to judge.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urldefrag, urljoin

from newsdesk.fetch.faults import Ended
from newsdesk.model import Outcome

MAX_REFRESH_SECONDS = 5  # a page that waits longer is meant to be read
HEAD_BYTES = 32 * 1024  # a page that only leads on says so at its beginning
_MAX_METAS = 100
_MAX_TAG_BYTES = 4096

# HTML, "shared declarative refresh steps": 5; url='/next'
_REFRESH = re.compile(
    r"\s*([0-9]*)(?:\.[0-9.]*)?(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?(?:\"([^\"]*)|'([^']*)|(.*))", re.IGNORECASE | re.DOTALL
)
# A browser with scripts never sees what is in noscript; each part runs to its end or to the end of all.
_NOT_SHOWN = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(script|style|noscript|template|textarea)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_MAY_REFRESH = re.compile(rb"http-equiv\s*=\s*[\"']?\s*refresh")  # of a page in lower case: most have none
_META = re.compile(rb"<meta(?=[\s/])", re.IGNORECASE)
_TAG = re.compile(rb"<meta((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([^\s=/>\"']+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")


def location_target(here: str, status: int | None, location: str | None) -> str:
    """The absolute address that a Location header names; its bytes are UTF-8, else Latin-1. Ended if there is none.

    Where it has no fragment, that of `here` goes on (RFC 9110, 10.2.2).
    """
    if not location or not location.strip():
        raise Ended(Outcome.BAD_REDIRECT, f"status {status} without a Location")
    text = _text(location.encode("latin-1", "replace"))  # http.client gives headers as Latin-1
    try:
        target = urljoin(here, text.strip())
        fragment = urldefrag(here).fragment
        return target if not fragment or urldefrag(target).fragment else f"{target.removesuffix('#')}#{fragment}"
    except ValueError as error:
        raise Ended(Outcome.BAD_REDIRECT, f"the Location {text[:200]!r} is no URL: {error}") from error


def refresh_target(here: str, header: str | None, page: bytes) -> str | None:
    """Where a browser would go by itself within MAX_REFRESH_SECONDS; None where it stays, or only loads anew.

    `header` is the Refresh header, `page` the HTML body (empty for what is no HTML).
    """
    for value in (header, _meta_refresh(page)):
        if value and (target := _read_refresh(here, value)):
            return target
    return None


def _read_refresh(here: str, value: str) -> str | None:
    match = _REFRESH.match(value)
    if not match or int(match[1][:6] or 0) > MAX_REFRESH_SECONDS:
        return None
    named = match[2] or match[3] or match[4]
    if not named or not named.strip():
        return None
    try:
        target = urljoin(here, named.strip())
        is_elsewhere = urldefrag(target).url != urldefrag(here).url
    except ValueError:
        return None
    return target if is_elsewhere and target.lower().startswith(("http://", "https://")) else None


def _meta_refresh(page: bytes) -> str | None:
    """The content of the first <meta http-equiv=refresh> that a browser with scripts would obey."""
    head = page[:HEAD_BYTES]
    if not _MAY_REFRESH.search(head.lower()):
        return None
    shown = _NOT_SHOWN.sub(b" ", head)
    for number, start in enumerate(_META.finditer(shown)):
        if number >= _MAX_METAS:
            break
        tag = _TAG.match(shown, start.start(), start.start() + _MAX_TAG_BYTES)
        if not tag:
            continue
        attributes = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(tag[1])}
        if attributes.get(b"http-equiv", b"").strip().lower() == b"refresh":
            return html.unescape(_text(attributes.get(b"content", b"")))
    return None


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
