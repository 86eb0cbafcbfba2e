"""Each site's furniture, within the extract stage: what is known before a batch's pages, and what they teach.

The first pages of a site are read with nothing known. When a batch's pages are read, its sites' furniture is told from
their latest pages, these included, and those of the batch that show more of it than was known are read once more. So
the order of a batch's pages does not matter; and all is told from what the pages' rows say, so a batch that was killed
and runs again teaches nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from newsdesk import urls
from newsdesk.extract.template_learning import LATEST, RULE, BlockVerdict, SeenPage, judge
from newsdesk.model import Document
from newsdesk.store import templates
from newsdesk.store.database import Cursor
from newsdesk.store.templates import Decision, Furniture, PageRead, WindowPage
from newsdesk.store.visits import ToExtract

NOTHING = Furniture()


def site_of(url: str) -> str:
    """The site whose template a page has; an address that cannot be read is one of its own."""
    try:
        return urls.site(url)
    except ValueError:
        return url[:200]


def furniture_of(cursor: Cursor, items: Iterable[ToExtract]) -> dict[str, Furniture]:
    """What is known of the sites of these pages; nothing of those that are absent."""
    return templates.read_furniture(cursor, {site_of(item.url) for item in items})


def page_read(item: ToExtract, document: Document, known: Furniture) -> PageRead:
    """The document's provenance says what was left out, and by which knowledge."""
    if document.left_out:
        keys = " ".join(str(block.key) for block in document.left_out)
        what = f"version {known.version}: {len(document.left_out)} of {len(document.blocks)} blocks left out: {keys}"
        document = replace(document, provenance={**document.provenance, "template": what})
    return PageRead(
        item.url_id, item.capture_id, site_of(item.url), item.fetched_at, document, known.at(item.fetched_at)
    )


def learn(cursor: Cursor, batch_id: int) -> list[int]:
    """Tell the furniture of the batch's sites. Returns the url_ids of its pages that are to be read once more."""
    sites = templates.sites_to_learn(cursor, batch_id)
    if sites:
        windows = templates.read_windows(cursor, sites, LATEST)
        present = templates.present_furniture(cursor, sites)
        known = templates.read_furniture(cursor, sites)
        decisions: list[Decision] = []
        versions: dict[str, int] = {}
        for site in sites:
            before = present.get(site, frozenset())
            verdicts = _bounded(judge([_seen(page) for page in windows[site]], before))
            decisions += _decisions(site, verdicts, windows[site])
            changed = {verdict.key for verdict in verdicts if verdict.is_furniture} != before
            versions[site] = known.get(site, NOTHING).version + changed
        templates.save_decisions(cursor, sites, decisions, versions, RULE)
    return templates.read_too_early(cursor, batch_id)


def forget_old(cursor: Cursor, batch_id: int) -> None:
    """Of the batch's sites only the latest pages are kept."""
    templates.forget_old(cursor, batch_id, LATEST)


def _seen(page: WindowPage) -> SeenPage:
    return SeenPage(page.keys, page.places, page.chars, page.kinds, page.times)


def _decisions(site: str, verdicts: Sequence[BlockVerdict], pages: Sequence[WindowPage]) -> Iterator[Decision]:
    """The verdicts with the time that their blocks were seen, and a page to see them on."""
    wanted = {verdict.key for verdict in verdicts}
    shown: dict[int, list[tuple[datetime, int, int]]] = {key: [] for key in wanted}
    for page in pages:
        for at, key in enumerate(page.keys, start=1):
            if key in wanted:
                shown[key].append((page.fetched_at, page.url_id, at))
    for verdict in verdicts:
        (first, example, at), (last, *_) = min(shown[verdict.key]), max(shown[verdict.key])
        yield Decision(
            site,
            verdict.key,
            verdict.pages,
            verdict.articles,
            verdict.is_furniture,
            verdict.why,
            first,
            last,
            example,
            at,
        )


def _bounded(verdicts: Sequence[BlockVerdict]) -> list[BlockVerdict]:
    """The most frequent, as many as the table keeps of a site."""
    ranked = sorted(verdicts, key=lambda verdict: (-verdict.articles, verdict.key))
    furniture = [verdict for verdict in ranked if verdict.is_furniture][: templates.MOST_FURNITURE]
    return furniture + [verdict for verdict in ranked if not verdict.is_furniture][: templates.MOST_SEEN]
