"""The truth: for each URL that the pipeline is to find, what is to become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .clock import PRECISIONS, utc
from .feeds import Item, item_url
from .oddities import OUTCOMES, Oddity
from .outlets import OUTLETS, Outlet
from .stories import oddities_of, stories_of
from .story import Story, body


@dataclass(frozen=True, slots=True)
class Expected:
    """One URL that the pipeline is to find, and its state after an edition."""

    url: str  # as found first
    source_id: str
    outcome: str
    language: str | None
    title: str | None
    body: str | None  # paragraphs, subheadings and list items (with a dash), joined by one blank line
    authors: tuple[str, ...]
    published_at: datetime | None  # aware, UTC
    published_precision: str | None  # second, minute, day
    modified_at: datetime | None  # aware, UTC
    group: str | None  # name of the near-duplicate group; None: alone
    article_url: str | None  # of duplicate_url: the URL whose article this is
    version: int  # 1; 2 for a story that edition 2 updated


def expected_rows(bases: Mapping[str, str], edition: int) -> list[Expected]:
    """All rows known after `edition` (and the editions before), sorted by outlet, then URL.

    `bases` gives each outlet's origin by its id.
    """
    rows: list[Expected] = []
    for outlet in OUTLETS:
        base = bases[outlet.id]
        stories = stories_of(outlet, edition)
        urls = {story.path: _found_url(outlet, base, story.path) for story in stories}
        of_outlet = [_story_row(outlet, urls[story.path], story, edition) for story in stories]
        for odd in oddities_of(outlet, edition):
            article = urls[odd.article] if odd.article is not None else None
            of_outlet.append(_odd_row(_found_url(outlet, base, odd.path), odd, article))
        rows += sorted(of_outlet, key=lambda row: row.url)
    return rows


def _found_url(outlet: Outlet, base: str, path: str) -> str:
    return item_url(base, Item(path, "", "", "", "", outlet.tracked_links))


def _outcome(story: Story, edition: int) -> str:
    """What the story's last visit ended as, when each edition was ingested once."""
    if edition >= 2 and story.edition == 1:
        if story.revision is not None:
            return "updated"
        if story.reshared:
            return "unchanged"
        if story.bumped is not None:
            return "not_modified"  # the server answers 304 to who asks with the ETag
    return "published"


def _story_row(outlet: Outlet, url: str, story: Story, edition: int) -> Expected:
    outcome = _outcome(story, edition)
    return Expected(
        url=url,
        source_id=outlet.id,
        outcome=outcome,
        language=outlet.language,
        title=story.title,
        body=body(story.text),
        authors=story.authors,
        published_at=utc(outlet, story.published),
        published_precision=PRECISIONS[outlet.dates],
        modified_at=utc(outlet, story.modified) if story.modified else None,
        group=story.group,
        article_url=None,
        version=2 if outcome == "updated" else 1,
    )


def _odd_row(url: str, odd: Oddity, article_url: str | None) -> Expected:
    return Expected(
        url=url,
        source_id=odd.outlet,
        outcome=OUTCOMES[odd.kind],
        language=None,
        title=None,
        body=None,
        authors=(),
        published_at=None,
        published_precision=None,
        modified_at=None,
        group=None,
        article_url=article_url,
        version=1,
    )
