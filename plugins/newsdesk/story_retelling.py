"""Stories told again from the beginning, so that what came first, and in which run, does not tell in the end.

A new article is placed among what is there at that hour, and what it changes about others is taken up. Still, two houses
that read the same articles in other portions may end with other stories, where a likeness is near the threshold. Here the
latest articles are placed once more, in the order of telling and by nothing but their words: what comes out depends on
the articles alone, as that of `reconciling` does for groups of near-duplicates. A story keeps its id with most of its
articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from newsdesk.store import stories as store
from newsdesk.store.database import Cursor
from newsdesk.store.stories import Member
from newsdesk.stories.grouping import Grouper, Placed, inherit
from newsdesk.stories.terms import unpacked
from newsdesk.story_building import slices

MOST = 50_000  # articles of a language: a minute and a half of CPU, some hundred megabytes


@dataclass(slots=True)
class _Told:
    """What is told so far: of each article its story, of each story its most typical article. Ids above those that
    there were are for now.
    """

    next_story: int
    story_of: dict[int, int] = field(default_factory=dict)
    typical: dict[int, int] = field(default_factory=dict)


def retell_stories(cursor: Cursor, days: float) -> dict[str, int]:
    """Place the latest articles (MOST) of each language anew. To be called where `build_stories` is, after it."""
    return {"retold_in_stories": sum(_retell(cursor, language, days) for language in store.languages(cursor))}


def _retell(cursor: Cursor, language: str, days: float) -> int:
    """How many articles changed their story."""
    latest = store.latest_members(cursor, language, MOST)
    first = latest[0].told_at
    chosen = {member.article_id for member in latest}
    older = [m for m in store.members_between(cursor, language, first, first, days) if m.article_id not in chosen]
    before = {member.article_id: member.story_id for member in (*older, *latest)}
    next_story = store.next_story_id(cursor)
    told = _tell(older, latest, days, next_story)
    groups: dict[int, Counter[int]] = {story: Counter() for story in sorted(set(told.story_of.values()))}
    for article, story in told.story_of.items():
        groups[story][before[article]] += 1
    kept, heir = inherit(list(groups.values()))
    new = count(next_story)
    ids = [kept[place] if place in kept else next(new) for place in range(len(groups))]
    id_of = dict(zip(groups, ids, strict=True))
    changed = {article: id_of[story] for article, story in told.story_of.items() if id_of[story] != before[article]}
    typical = {id_of[story]: article for story, article in told.typical.items() if story in id_of}
    store.tell_anew(cursor, typical)
    store.save_stories(cursor, language, typical, {})
    store.save_moves(cursor, changed)
    store.end_stories(cursor, {story: ids[place] for story, place in heir.items() if ids[place] != story})
    return len(changed)


def _tell(older: Sequence[Member], latest: Sequence[Member], days: float, next_story: int) -> _Told:
    told = _Told(next_story, {member.article_id: member.story_id for member in older})
    there = list(older)
    for some in slices(latest, days):
        since = some[0].told_at - timedelta(days=days)
        there = [member for member in there if member.told_at >= since]
        _tell_slice(told, there, some, days)
        there += some
    return told


def _tell_slice(told: _Told, there: Sequence[Member], some: Sequence[Member], days: float) -> None:
    grouper = Grouper(next_story=told.next_story, days=days)
    grouper.load([Placed(unpacked(m.terms), m.told_at.timestamp(), told.story_of[m.article_id]) for m in there])
    for member in some:
        grouper.add(unpacked(member.terms), member.told_at.timestamp())
    told.next_story = grouper.next_story
    ended = grouper.ended()
    for article, story in told.story_of.items():
        told.story_of[article] = ended.get(story, story)
    rows = [member.article_id for member in (*there, *some)]
    told.story_of |= {article: grouper.story_of(row) for row, article in enumerate(rows)}
    for story in {told.story_of[article] for article in rows}:
        told.typical[story] = rows[grouper.most_typical(story)]
