"""What is known of a source when it is judged: nouns that `store.source_facts` fills in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

WEEKS_BACK = 8
WINDOWS = (3, 6, 12, 24, 48, 72, 120, 168)  # hours; the last is a week, see baselines


@dataclass(frozen=True, slots=True)
class Rhythm:
    """New articles of one source: what came, beside what came then in the weeks before.

    `windows`: hours back from now -> (what came, what came in the same hours of each week before, the last first).
    `days`: what came in the 24 hours that ended 1, 2, … days ago. `silent_hours`: since its last new article, None
    where none is known. Only weeks and days that lie wholly in the time for which the source is known, and only
    windows in which it was asked all the time: not those in which nothing ran, or the source was paused.
    """

    windows: Mapping[int, tuple[int, tuple[int, ...]]] = field(default_factory=dict)
    days: tuple[int, ...] = ()
    silent_hours: float | None = None

    @property
    def of_a_day(self) -> tuple[int, ...]:
        return self.windows.get(24, (0, ()))[1]


@dataclass(frozen=True, slots=True)
class Content:
    """The articles of the last 24 hours beside those before, each time the latest few hundred.

    Languages: tag -> articles. `same`: how many of them are one text, by their near-duplicate group. Lags: minutes
    from publication to the first sight, of those that tell a time; None where none does.
    """

    articles: int = 0
    languages: Mapping[str, int] = field(default_factory=dict)
    same: int = 0
    lag: float | None = None  # median
    past: int = 0
    past_languages: Mapping[str, int] = field(default_factory=dict)
    past_same: int = 0
    past_lag: float | None = None
    past_long_lag: float | None = None  # nine of ten


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One source's part in a run, and what its checks need to know of its past."""

    source_id: str
    found: int  # URLs first found since the run began
    outcomes: Mapping[str, int]  # settled visits of the run
    duplicates: int  # published now, and not the primary of their group
    median_words: int | None  # of what was published now
    endpoints: int
    failing: int  # endpoints that are off, never worked, or failed three times in a row
    failing_reason: str | None
    published_today: int  # articles first seen in the last 24 hours
    known_for_hours: float  # since its first article or URL was found
    rhythm: Rhythm = field(default_factory=Rhythm)
    outcomes_today: Mapping[str, int] = field(default_factory=dict)  # settled visits of the last 24 hours
    outcomes_before: Mapping[str, int] = field(default_factory=dict)  # of the weeks before
    content: Content = field(default_factory=Content)
    told: frozenset[str] = frozenset()  # kinds of its alerts that are open, from runs before
    mended: frozenset[str] = frozenset()  # kinds that a check found well again in the last 24 hours
