"""Each arrival is put where it belongs, and what stands around it is grouped anew.

**The method.** For a new article the stories of its window are found whose articles are, on average, at least NEAR
times as like it as the threshold asks. They are taken apart, and their articles and the new one are grouped by average
link. So an arrival can found a story, join one, bridge two that become one, or show that what looked like one story is
two. What greedy clustering (Allan, Papka & Lavrenko, SIGIR 1998: single pass) decides too early is mended when more is
known; what comes of it is within some tenths of a point of average link over the whole window at once.

**Ids.** A story keeps its id for as long as it has articles: where stories are joined the one that brings most articles
gives its id, of equal ones the older; a part that splits off gets a new id. So the same arrivals in the same order
give the same ids.

**Bounds.** Articles more than `days` before or after the arrival do not count, so a story lives on for as long as no
such gap opens in it; what is older than the window follows the part that its story's id or most of its articles went
to. Large stories are not taken apart any more. Languages are windows of their own: see `group_corpus`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from newsdesk.languages import primary_tag
from newsdesk.model import Text
from newsdesk.stories.linkage import average_link
from newsdesk.stories.terms import Terms, terms_of
from newsdesk.stories.window import Window

THRESHOLD = 0.18  # average cosine; the middle of what is best alone and among other news (bench/stories.py)
DAYS = 7.0
NEAR = 0.6  # of the threshold: how like an arrival a story must be to be grouped anew with it
MOST_STORIES, MOST_ITEMS = 8, 120  # that are grouped anew for one arrival, the most alike first
SETTLED = 30  # articles: a story of more is one item, which is not taken apart


@dataclass(frozen=True, slots=True)
class Placed:
    """An article whose story is known already."""

    terms: Terms
    time: float
    story: int


@dataclass(slots=True)
class Grouper:
    """The articles of one language. Rows are as in `Window`; times are seconds, NaN: no time, always in the window."""

    next_story: int = 1  # the lowest id that no story ever had
    days: float = DAYS
    threshold: float = THRESHOLD
    _heirs: dict[int, int] = field(default_factory=dict)  # story that ended → the one that it went into, then
    _window: Window = field(default_factory=Window)
    _time: NDArray[np.float64] = field(default_factory=lambda: np.full(16, np.nan))
    _story: NDArray[np.int64] = field(default_factory=lambda: np.full(16, -1))  # -1: taken out
    _members: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))  # rows in rising order

    def load(self, articles: Sequence[Placed]) -> None:
        """What was grouped before, into an empty grouper."""
        self._window.load(article.terms for article in articles)
        for row, article in enumerate(articles):
            self._enter(row, article.time, article.story)

    def add(self, terms: Terms, time: float = np.nan, story: int | None = None) -> int:
        """An arrival; returns its row. `story`: where it was, if it is a known article in new words."""
        if story is not None:
            story = self._heir(story)
        row = self._window.add(terms)
        self._enter(row, time, -1 if story is None else story)
        around = self._around(row)
        if story is not None and story not in around:
            around.append(story)
        self._group_anew(row, around)
        return row

    def story_of(self, row: int) -> int:
        """The id of the row's story; -1 for one that was taken out."""
        return int(self._story[row])

    def ended(self) -> dict[int, int]:
        """Each story that ended → the one that its articles are in now, also those that were never loaded."""
        return {story: self._heir(story) for story in self._heirs}

    def members_of(self, story: int) -> list[int]:
        """Its rows, rising; none of a story that ended."""
        return list(self._members.get(story, ()))

    def most_typical(self, story: int, order: Callable[[int], int] = int) -> int:
        """The row of the article that is most like the others, by the last of them; of equal ones the first.

        `order`: of rows; as they came, where none is given.
        """
        rows = sorted(self._members[story], key=order)[-SETTLED:]
        if len(rows) < 3:
            return rows[0]
        return rows[int(self._window.likeness_among([[row] for row in rows]).sum(axis=1).round(9).argmax())]

    def forget_before(self, time: float) -> None:
        """Articles older than this are of no use to any later arrival: they go out of the counts of words."""
        for row in np.flatnonzero(self._time[: len(self._window)] < time).tolist():
            self._window.drop(row)
            self._time[row] = -np.inf

    def _heir(self, story: int) -> int:
        while story in self._heirs:
            story = self._heirs[story]
        return story

    def _enter(self, row: int, time: float, story: int) -> None:
        if row >= len(self._time):
            self._time = np.concatenate((self._time, np.full(len(self._time), np.nan)))
            self._story = np.concatenate((self._story, np.full(len(self._story), -1)))
        self._time[row], self._story[row] = time, story
        if story >= 0:
            self._members[story].append(row)

    def _leave(self, row: int) -> None:
        story = int(self._story[row])
        if story >= 0:
            self._members[story].remove(row)
            if not self._members[story]:
                del self._members[story]
        self._story[row] = -1

    def _in_window(self, row: int) -> NDArray[np.bool_]:
        far = np.abs(self._time[: len(self._window)] - self._time[row]) > self.days * 86_400
        there: NDArray[np.bool_] = ~far & (self._story[: len(self._window)] >= 0)
        return there

    def _around(self, row: int) -> list[int]:
        """The stories to group anew with this arrival, the most alike first."""
        like = self._window.likeness(row)
        there = self._in_window(row)
        there[row] = False
        found = []
        # where the average is so high, one article is
        for story in np.unique(self._story[np.flatnonzero(there & (like >= NEAR * self.threshold))]).tolist():
            rows = self._members[story]
            average = float(like[rows] @ there[rows]) / int(there[rows].sum())
            if average >= NEAR * self.threshold:
                found.append((-average, story))
        return [story for _, story in sorted(found)[:MOST_STORIES]]

    def _group_anew(self, row: int, stories: Sequence[int]) -> None:
        there = self._in_window(row)
        items = [[row]]
        for story in stories:
            rows = [member for member in self._members[story] if there[member] and member != row]
            some = [rows] if len(rows) > SETTLED else [[member] for member in rows]
            if rows and len(items) + len(some) <= MOST_ITEMS:
                items += some
        if len(items) > 1:
            items.sort()
            labels = average_link(self._window.likeness_among(items), [len(rows) for rows in items], self.threshold)
        else:
            labels = [0]
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for label, rows in zip(labels, items, strict=True):
            groups[label] += rows
        self._name(list(groups.values()))

    def _name(self, groups: Sequence[list[int]]) -> None:
        """Give each group its story's id, and take along what is not among the rows."""
        before = [Counter(int(self._story[row]) for row in rows) for rows in groups]
        id_of, heir = inherit(before)
        for place, rows in enumerate(groups):
            if place not in id_of:
                id_of[place] = self.next_story
                self.next_story += 1
            for row in rows:
                self._move(row, id_of[place])
        for story, place in heir.items():
            if id_of[place] != story:
                for row in list(self._members.get(story, ())):
                    self._move(row, id_of[place])
                self._heirs[story] = id_of[place]

    def _move(self, row: int, story: int) -> None:
        if self._story[row] != story:
            self._leave(row)
            self._story[row] = story
            self._members[story].append(row)
            self._members[story].sort()


def inherit(before: Sequence[Counter[int]]) -> tuple[dict[int, int], dict[int, int]]:
    """Who keeps which id. `before`: of each group, how many of its articles were in which story; below 0: in none.

    Returns (place of a group → the id that it keeps, story → place of the group that has its id, or most of it).
    A group takes the id that most of its articles bring, as far as no other group brings more of them.
    """
    shares = sorted(
        (-count, story, place) for place, counts in enumerate(before) for story, count in counts.items() if story >= 0
    )
    id_of: dict[int, int] = {}
    heir: dict[int, int] = {}
    for _, story, place in shares:
        if place not in id_of and story not in heir:
            id_of[place] = story
            heir[story] = place
    for _, story, place in shares:
        heir.setdefault(story, place)
    return id_of, heir


def group_corpus(texts: Iterable[Text], days: float = DAYS, threshold: float = THRESHOLD) -> dict[str, str]:
    """Each text's id → its story's, the id of the member that came first; decided one by one as they are published.

    Texts without a time come first, in the order given, and are in every window. What later texts show about earlier
    ones is taken up, so this is where each text stands at the end. Only texts of one language (primary tag) are ever one
    story. Ids must differ.
    """
    groupers: defaultdict[str, Grouper] = defaultdict(lambda: Grouper(days=days, threshold=threshold))
    rows: list[tuple[str, str, int]] = []
    for place, text in enumerate(sorted(texts, key=_age)):
        language = primary_tag(text.language)
        time = seconds(text.published)
        if place % 1_000 == 999:
            groupers[language].forget_before(time - days * 86_400)
        rows.append((text.id, language, groupers[language].add(terms_of(text), time)))
    first: dict[tuple[str, int], str] = {}
    return {name: first.setdefault((language, groupers[language].story_of(row)), name) for name, language, row in rows}


def seconds(moment: datetime | None) -> float:
    """Since 1970; NaN for None."""
    return moment.timestamp() if moment else float("nan")


def _age(text: Text) -> tuple[bool, float]:
    return text.published is not None, text.published.timestamp() if text.published else 0.0
