"""A web page as a tree, in the encoding that it is in."""

from __future__ import annotations

import re

import lxml.html
from lxml import etree

from newsdesk.urls import absolute

MAX_BYTES = 5_000_000  # of a page that are read
MAX_ANCHORS = 20_000  # of it that are looked at

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE | re.ASCII)


def parse_page(html: bytes, content_type: str | None) -> lxml.html.HtmlElement | None:
    """The page's tree, without comments; None where there is nothing in it. Never raises.

    The encoding is the one that the Content-Type names, else UTF-8 where the bytes are that, else what the page's own
    meta says.
    """
    html = html[:MAX_BYTES]
    declared = _CHARSET.search(content_type or "")
    told = [declared[1]] if declared else []
    # None, the last: what the page's own meta says, else Latin-1.
    for encoding in (*told, *(["utf-8"] if _is_utf8(html) else []), None):
        try:
            parser = lxml.html.HTMLParser(encoding=encoding, remove_comments=True, remove_pis=True, no_network=True)
            return lxml.html.document_fromstring(html, parser=parser)
        except LookupError:  # a charset that nobody knows
            continue
        except (etree.LxmlError, ValueError):  # nothing in it; characters that XML cannot hold
            return None
    return None


def base_of(page: lxml.html.HtmlElement, url: str) -> str:
    """The address that the page's relative ones are joined to; `url` is its own."""
    return next((absolute(element.get("href", ""), url) for element in page.iter("base")), None) or url


def _is_utf8(html: bytes) -> bool:
    try:
        html.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
