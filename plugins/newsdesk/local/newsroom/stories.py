"""All stories, and which of them stand where in an edition."""

from __future__ import annotations

from . import (
    stories_de,
    stories_en_business,
    stories_en_coast,
    stories_en_inland,
    stories_es,
    stories_fr,
    stories_later,
    wire,
)
from .feeds import Item
from .oddities import LINKED_TWICE, ODDITIES, Oddity
from .outlets import Endpoint, Outlet
from .story import Story, as_of, summary

ALL: tuple[Story, ...] = (
    *stories_en_coast.STORIES, *stories_en_inland.STORIES, *stories_en_business.STORIES,
    *stories_fr.STORIES, *stories_es.STORIES, *stories_de.STORIES, *wire.STORIES,
    *stories_later.STORIES,
)  # fmt: skip


def stories_of(outlet: Outlet, edition: int) -> list[Story]:
    """The outlet's stories as an edition has them, newest first."""
    stories = [as_of(story, edition) for story in ALL if story.outlet == outlet.id and story.edition <= edition]
    return sorted(stories, key=lambda story: (story.published, story.path), reverse=True)


def oddities_of(outlet: Outlet, edition: int) -> list[Oddity]:
    """The outlet's addresses that are no articles, in the order of their file."""
    return [odd for odd in ODDITIES if odd.outlet == outlet.id and odd.edition <= edition]


def announced(outlet: Outlet, endpoint: Endpoint, edition: int) -> list[Item]:
    """What an endpoint lists in an edition, newest first."""
    items = [
        _story_item(outlet, story, edition)
        for story in stories_of(outlet, edition)
        if endpoint.keeps_old or story.edition == edition
    ]
    items += [
        Item(odd.path, odd.title, odd.title + ".", odd.published, odd.published, outlet.tracked_links)
        for odd in oddities_of(outlet, edition)
        if endpoint.keeps_old or odd.edition == edition
    ]
    items.sort(key=lambda item: (item.published, item.path), reverse=True)
    # The second, bare link stands last: the one with parameters is found first.
    items += [
        Item(item.path, item.title, item.summary, item.published, item.updated)
        for item in items
        if (outlet.id, item.path) == LINKED_TWICE
    ]
    return items


def _story_item(outlet: Outlet, story: Story, edition: int) -> Item:
    updated = story.modified or story.published
    if edition >= 2 and story.bumped is not None:
        updated = story.bumped
    return Item(story.path, story.title, summary(story.text), story.published, updated, outlet.tracked_links)
