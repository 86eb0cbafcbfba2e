"""Step 6, its second half: which articles tell of the same event.

What a run brought is placed in the order of telling, language by language, each among the articles of some days around
it (`stories.grouping`). Near-duplicates count once, by the first of their group. All of it is one transaction with the
deduplication, and nothing in it is by chance: killed and run again it gives the same. A run's work is bounded by what it
brought and by the window, not by the archive; what spans more than a window (an import) goes in slices of one each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import TypeVar

from newsdesk.languages import primary_tag
from newsdesk.model import Text
from newsdesk.store import stories as store
from newsdesk.store.database import Cursor
from newsdesk.store.stories import Member, ToPlace
from newsdesk.stories.grouping import Grouper, Placed
from newsdesk.stories.terms import LEAD_CHARS, packed, terms_of, unpacked

Told = TypeVar("Told", ToPlace, Member)


def build_stories(cursor: Cursor, run_id: int | None, days: float) -> dict[str, int]:
    """Place what this run brought, and what was regrouped since the last publish. `None`: only the latter.

    To be called in the transaction that deduplicated, which holds `articles.take_turn`. Nothing is left to place when
    it is called again.
    """
    was_in = store.drop_reprints(cursor)
    new = store.to_place(cursor, run_id, days, LEAD_CHARS)
    ended: dict[int, int] = {}
    moved = 0
    for language, some in _slices(new, days):
        was = {a.article_id: was_in[a.article_id] for a in some if a.article_id in was_in}
        hints = {article: _heir(ended, story) for article, (spoken, story) in was.items() if spoken == language}
        moved += _place(cursor, language, some, days, hints, ended)
    return {"placed_in_stories": len(new), "moved_between_stories": moved}


def _heir(ended: dict[int, int], story: int) -> int:
    while story in ended:
        story = ended[story]
    return story


def _slices(new: Sequence[ToPlace], days: float) -> Iterator[tuple[str, list[ToPlace]]]:
    """By language, and in the order of telling; no slice spans more than `days`."""

    def language(article: ToPlace) -> str:
        return primary_tag(article.language)

    for tag, articles in groupby(sorted(new, key=language), key=language):
        for some in slices(articles, days):
            yield tag, some


def slices(told: Iterable[Told], days: float) -> Iterator[list[Told]]:
    """Articles in the order of telling, cut where one is told more than `days` after the first of its slice."""
    some: list[Told] = []
    for article in told:
        if some and article.told_at - some[0].told_at > timedelta(days=days):
            yield some
            some = []
        some.append(article)
    if some:
        yield some


def _place(
    cursor: Cursor,
    language: str,
    new: Sequence[ToPlace],
    days: float,
    hints: Mapping[int, int],
    ended: dict[int, int],
) -> int:
    """Place these, which are no more than a window apart. Returns how many articles changed their story.

    `hints`: article → the story that it takes over from a reprint. Stories that end are added to `ended`.
    """
    was_in = {**hints, **store.forget_members(cursor, language, (article.article_id for article in new))}
    there = store.members_between(cursor, language, new[0].told_at, new[-1].told_at, days)
    first_new_story = store.next_story_id(cursor)
    grouper = Grouper(next_story=first_new_story, days=days)
    grouper.load([Placed(unpacked(m.terms), m.told_at.timestamp(), m.story_id) for m in there])
    terms = [terms_of(Text(str(a.article_id), a.title, a.lead, names=a.names)) for a in new]
    for article, found in zip(new, terms, strict=True):
        grouper.add(found, article.told_at.timestamp(), was_in.get(article.article_id))
    all_of_window: list[Member | ToPlace] = [*there, *new]  # by row
    ids = [article.article_id for article in all_of_window]
    before = {**{m.article_id: m.story_id for m in there}, **was_in}
    after = {article_id: grouper.story_of(row) for row, article_id in enumerate(ids)}
    changed = {article_id for article_id in ids if after[article_id] != before.get(article_id)}
    ends = {story: heir for story, heir in grouper.ended().items() if story < first_new_story}
    touched = (
        {after[a.article_id] for a in new} | {after[a] for a in changed} | {before[a] for a in changed & before.keys()}
    )
    # not in the order of arrival, in which a killed run and one that goes on from it differ
    told = sorted(range(len(ids)), key=lambda row: (all_of_window[row].told_at, all_of_window[row].url_key))
    place = {row: number for number, row in enumerate(told)}
    typical = {
        story: ids[grouper.most_typical(story, place.__getitem__)]
        for story in sorted(touched) if grouper.members_of(story)
    }  # fmt: skip
    store.save_stories(cursor, language, typical, ends)
    store.save_moves(cursor, {m.article_id: after[m.article_id] for m in there if m.article_id in changed})
    members = (
        Member(a.article_id, a.document_id, after[a.article_id], a.told_at, packed(found), a.url_key)
        for a, found in zip(new, terms, strict=True)
    )
    store.save_members(cursor, language, members)
    ended |= ends
    return len(changed & before.keys())
