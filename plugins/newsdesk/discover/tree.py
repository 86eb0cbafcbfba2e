"""Sitemaps that name sitemaps, read for their news: newest first, within budgets, never in a ring.

An archive of twenty years is an index of hundreds of monthly files, of which one or two hold what is new. So of an
index' files are read those whose lastmod lies within `WINDOW` of the newest one's; where no lastmod is told, those
with the latest date in their address, or with a name that means news, or else from both ends of the list, since some
sites append and some prepend.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from time import monotonic

from newsdesk.discover.newest import newest
from newsdesk.discover.sitemaps import Sitemap, parse_sitemap
from newsdesk.model import Link

MAX_DOCUMENTS = 50  # sitemaps read in one visit
MAX_DEPTH = 5  # indexes above one another
MAX_BYTES = 100_000_000  # of all of them, as received
MAX_PAGES = 5_000  # named by one visit, the newest
SECONDS = 120.0  # of wall clock, fetching and parsing together
WINDOW = timedelta(days=7)
UNDATED = 10  # files of one index that tell no date in any way

Get = Callable[[str, datetime | None], bytes | None]

_YEAR_MONTH = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:[/_.-]?(0[1-9]|1[0-2]|[1-9](?!\d)))?(?:[/_.-]?(0[1-9]|[12]\d|3[01]))?(?!\d)"
)
_NEWS = re.compile(r"news|noticias|actu|nachrichten|latest|recent|today|last", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Budget:
    """What one visit to a tree may cost."""

    documents: int = MAX_DOCUMENTS
    depth: int = MAX_DEPTH
    octets: int = MAX_BYTES
    seconds: float = SECONDS  # looked at between two documents: the size bound of one bounds its own time


@dataclass(slots=True)
class Tree:
    """What a sitemap and the sitemaps below it name."""

    pages: tuple[Link, ...] = ()
    read: dict[str, Sitemap] = field(default_factory=dict)  # in the order in which they were read, without pages
    missing: tuple[str, ...] = ()  # could not be had
    left_out: int = 0  # sitemaps that were not asked for: old, or beyond the budget
    spent: str | None = None  # which part of the budget was used up


def read_tree(get: Get, start: Sequence[str], budget: Budget = Budget()) -> Tree:
    """The pages of the sitemaps at `start` and of those below them. Never raises; every address is asked for once.

    `get(address, lastmod)` gives a sitemap's bytes, None where there is nothing to read: it failed, or is as it was.
    """
    until = monotonic() + budget.seconds
    tree, seen = Tree(), set(start)
    pages: dict[str, Link] = {}
    missing: list[str] = []
    octets = documents = 0
    level: list[tuple[str, datetime | None]] = [(address, None) for address in start]
    for _ in range(budget.depth + 1):
        below: list[tuple[str, datetime | None]] = []
        for at, (address, lastmod) in enumerate(level):
            tree.spent = _spent(budget, documents, octets, until)
            if tree.spent:
                tree.left_out += len(level) - at
                break
            documents += 1
            body = get(address, lastmod)
            if body is None:
                missing.append(address)
                continue
            octets += len(body)
            sitemap = parse_sitemap(body, None, address)
            tree.read[address] = replace(sitemap, pages=())
            for page in sitemap.pages:
                pages.setdefault(page.url, page)
            if len(pages) > 2 * MAX_PAGES:  # 50 files of 50,000 would take a gigabyte
                pages = {page.url: page for page in newest(tuple(pages.values()), MAX_PAGES)}
            children = [child for child in sitemap.sitemaps if child not in seen]
            seen.update(children)
            chosen = choose(children, sitemap.changed)
            tree.left_out += len(children) - len(chosen)
            below += [(child, sitemap.changed.get(child)) for child in chosen]
        level = below
        if tree.spent or not level:
            break
    else:
        tree.left_out += len(level)
        tree.spent = f"more than {budget.depth} indexes above one another"
    tree.pages = newest(tuple(pages.values()), MAX_PAGES)
    tree.missing = tuple(missing)
    return tree


def _spent(budget: Budget, documents: int, octets: int, until: float) -> str | None:
    if documents >= budget.documents:
        return f"{budget.documents} sitemaps were read"
    if octets > budget.octets:
        return f"{budget.octets:,} bytes were read"
    return f"it took more than {budget.seconds:g} s" if monotonic() > until else None


def choose(children: Sequence[str], changed: Mapping[str, datetime]) -> list[str]:
    """Those of an index' files that may hold what is new, the likeliest first."""
    if len(changed) > UNDATED and max(changed.values()) - min(changed.values()) < timedelta(minutes=2):
        changed = {}  # the moment of the request, for all of them
    dated = sorted((child for child in children if child in changed), key=lambda child: changed[child], reverse=True)
    recent = [child for child in dated if changed[child] >= changed[dated[0]] - WINDOW]
    hinted = {child: date for child in children if child not in changed and (date := _date_of(child))}
    latest = max(hinted.values(), default=None)
    hinted_recent = [child for child in sorted(hinted, key=lambda child: hinted[child], reverse=True)
                     if latest and hinted[child] >= latest - WINDOW]  # fmt: skip
    plain = [child for child in children if child not in changed and child not in hinted]
    if dated or hinted:  # a site that dates some of its files says by it which are alive
        plain = [child for child in plain if _NEWS.search(child)][:UNDATED] or plain[:1] + plain[-1:]
    elif len(plain) > UNDATED:
        plain = _both_ends(sorted(plain, key=lambda child: _NEWS.search(child) is None))
    return list(dict.fromkeys([*recent, *hinted_recent, *plain]))


def _both_ends(items: Sequence[str]) -> list[str]:
    """The first, the last, the second, the last but one, …: UNDATED of them."""
    order = [items[(at // 2)] if at % 2 == 0 else items[-(at // 2) - 1] for at in range(min(UNDATED, len(items)))]
    return list(dict.fromkeys(order))


def _date_of(address: str) -> datetime | None:
    """The last date that an address tells: `sitemap-2024-05.xml`. A month or year counts by its first day."""
    dates = list(_YEAR_MONTH.finditer(address))
    if not dates:
        return None
    found = dates[-1]
    try:
        return datetime(int(found[1]), int(found[2] or 1), int(found[3] or 1), tzinfo=UTC)
    except ValueError:  # 31 February
        return None
