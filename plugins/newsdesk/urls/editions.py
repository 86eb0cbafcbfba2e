"""One article under several hosts of its own site: mobile, AMP, a server's number.

`amp`, `m` and `www2` may also be another site. So they go only where the path names the article by itself, in three
words or a long number: of such a path there are no two articles on one site. `/amp/` within a path stays: it may be
content, and where it is not, the page itself names the article's address (AMP requires a rel=canonical).
"""

from __future__ import annotations

import re

from tld import get_fld

_EDITION = re.compile(r"(?:www\d{0,2}|ww\d{1,2}|m|mobile|amp)\.(?=.+\.)")
_WORD = re.compile(r"[^\W\d_]{2,}|(?:%[0-9A-F]{2}){2,}")
_BETWEEN_WORDS = re.compile(r"[-_+]|%20")


def own_name(host: str, path: str) -> str:
    """The host without `www.`, and without an edition's label where the path names an article."""
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    while (label := _EDITION.match(host)) and names_an_article(path) and not _is_whole_site(host):
        host = host[label.end() :]
    return host


def names_an_article(path: str) -> bool:
    """Three words or six digits in the last part: `/storm-hits-coast`, `/news/66000001`."""
    last = path.rpartition("/")[2]
    if re.search(r"\d{6}", last):
        return True
    return sum(_WORD.search(part) is not None for part in _BETWEEN_WORDS.split(last)) >= 3


def _is_whole_site(host: str) -> bool:
    """`m.example` of somebody who owns just that: the label is the name itself."""
    return get_fld(f"https://{host}/", fail_silently=True, search_private=True) == host
