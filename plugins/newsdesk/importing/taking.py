"""Which of a chunk's pages are taken: each becomes a row of the frontier, or is left out for one reason."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from newsdesk import urls
from newsdesk.importing.pages import LeftOut
from newsdesk.importing.sites import Sites
from newsdesk.model import Response, Source
from newsdesk.screening import why_excluded
from newsdesk.store import imported_pages, withdrawals
from newsdesk.store.database import Cursor
from newsdesk.store.imported_pages import KnownUrl, NewUrl


@dataclass(frozen=True, slots=True)
class Page:
    """A page that `importing.pages` judged to be one, with the SHA-256 of its body."""

    response: Response
    digest: bytes


def take(
    cursor: Cursor, run_id: int, responses: Sequence[Response], left_out: Counter[str], sites: Sites,
    forced: Source | None,
) -> dict[int, Page]:  # fmt: skip
    """Put the pages into the frontier: url_id -> page of those that are taken; the others are counted in `left_out`.

    `forced`: the source that all pages are said to be of; None: their sites tell. Withdrawn addresses are not taken.
    """
    pages = _newest_of_each(responses, left_out)
    gone = withdrawals.withdrawn(cursor, pages)
    if gone:
        left_out[LeftOut.WITHDRAWN] += len(gone)
    pages = {key: page for key, page in pages.items() if key not in gone}
    known = imported_pages.known_urls(cursor, {key: page.response.fetched_at for key, page in pages.items()})
    taken: dict[int, Page] = {}
    new: list[NewUrl] = []
    made: dict[str, Source] = {}
    for key, page in pages.items():
        url = page.response.url
        if (at := known.get(key)) is not None:
            source = sites.by_id.get(at.source_id) or forced or sites.source_of(url)
            reason = _refuse(cursor, run_id, page, at, why_excluded(source, url, key))
            if reason is None:
                taken[at.url_id] = page
            else:
                left_out[reason] += 1
            continue
        source = forced or sites.source_of(url)
        made[source.id] = source
        new.append(
            NewUrl(key, url, urls.host(url), source.id, page.response.fetched_at, why_excluded(source, url, key))
        )
    imported_pages.add_sources(cursor, [source for source in made.values() if not source.enabled])
    added = imported_pages.add_urls(cursor, new)
    for item in new:
        if item.excluded is not None:
            left_out[LeftOut.EXCLUDED] += 1
        elif item.key in added:
            taken[added[item.key]] = pages[item.key]
        else:  # an endpoint named it a moment ago
            left_out[LeftOut.IN_HAND] += 1
    return taken


def _newest_of_each(responses: Sequence[Response], left_out: Counter[str]) -> dict[str, Page]:
    """Canonical URL -> its latest capture. A run brings one state of a page; what was before it is left out."""
    pages: dict[str, Page] = {}
    for response in responses:
        key = urls.canonical_key(response.url)
        page = Page(response, hashlib.sha256(response.body).digest())
        before = pages.get(key)
        if before is not None:
            same = before.response.fetched_at == response.fetched_at
            left_out[LeftOut.ALREADY_IMPORTED if same else LeftOut.OLDER_STATE] += 1
        if before is None or before.response.fetched_at < response.fetched_at:
            pages[key] = page
    return pages


def _refuse(cursor: Cursor, run_id: int, page: Page, known: KnownUrl, excluded: str | None) -> LeftOut | None:
    """Why a capture of a known URL is not taken; None: it is, and what the run had taken of it before is taken back."""
    if known.here:
        return LeftOut.ALREADY_IMPORTED
    if known.newest is not None and known.newest > page.response.fetched_at:
        return LeftOut.OLDER_STATE if known.open_run_id == run_id else LeftOut.NEWER_KNOWN
    if excluded is not None:
        return LeftOut.EXCLUDED
    if known.digest == page.digest:
        return LeftOut.SAME_PAGE
    if known.open_batch_id is None:
        return None
    ours = known.open_run_id == run_id
    if ours and imported_pages.supersede(cursor, known.open_batch_id, known.url_id, LeftOut.OLDER_STATE):
        return None
    return LeftOut.IN_HAND
