"""How unlikely a count is, beside what the source brought at the same time of its weeks before.

A newspaper's arrivals are more uneven than a Poisson process: some days have more news. So they are taken for negative
binomial: variance = mean + (cv × mean)², with the mean a median (one outage or one big day among the weeks moves
nothing) and the cv drawn from the spread of those weeks, but never below what a handful of weeks can tell.

The figures behind ALPHA, CV and LEAST_SHARE: `bench/alerts.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from newsdesk.alerting.facts import Rhythm

WEEKS = 3  # that a baseline is drawn from at least
DAYS = 8  # of a source that has fewer weeks: days before, so that each weekday was among them
CV = 0.25  # of a source's days, as far as few weeks can tell; the spread of more weeks takes its place
HOURLY_CV = 0.4  # of its hours: an edition that is an hour late is no silence
_CV_WEIGHT = 4.0  # weeks that the above counts for
ALPHA = 1e-5  # a window this unlikely is told: windows overlap, and there is a look each hour
WELL_AGAIN = 0.01  # and what was told is taken back when it is this likely
LEAST_SHARE = 0.4  # of the usual: more than that is a quiet day, whatever its likelihood
MANY_TIMES = 4.0  # the usual: fewer than that is a day of much news
MANY_MORE = 20


@dataclass(frozen=True, slots=True)
class Unusual:
    """The most unlikely window. `usual`: its median."""

    hours: int
    came: int
    usual: float


def spread(history: Sequence[int], centre: float, expected: float = CV) -> float:
    """The cv of the counts beyond chance, by their median deviation, drawn towards the expected where they are few."""
    if centre <= 0:
        return expected
    deviation = 1.4826 * median(abs(count - centre) for count in history)
    own = max(deviation**2 - centre, 0.0) / centre**2
    return math.sqrt((len(history) * own + _CV_WEIGHT * expected**2) / (len(history) + _CV_WEIGHT))


def at_most(count: int, mean: float, cv: float) -> float:
    """P(X ≤ count) of the negative binomial with this mean and the variance mean + (cv·mean)²."""
    if mean <= 0:
        return 1.0
    size = 1.0 / max(cv, 1e-3) ** 2
    fail = mean / (size + mean)
    log_term = size * math.log1p(-fail)
    total = math.exp(log_term)
    for k in range(1, count + 1):
        log_term += math.log((size + k - 1) / k * fail)
        total += math.exp(log_term)
    return min(total, 1.0)


def too_few(rhythm: Rhythm, *, was_quiet: bool = False) -> Unusual | None:
    """The window in which far less came than usual; None: as usual. Asks for `judgeable` first.

    `was_quiet`: it was told already, and is so until something comes, and as much as is likely.
    """
    limit = WELL_AGAIN if was_quiet else ALPHA
    found: list[tuple[float, Unusual]] = []
    for hours, came, history in _comparable(rhythm):
        usual = median(history)
        if came >= LEAST_SHARE * usual:
            continue
        chance = at_most(came, usual, spread(history, usual, HOURLY_CV if hours < 24 else CV))
        if chance < limit:
            found.append((chance, Unusual(hours, came, usual)))
    if (silence := _silence(rhythm, limit)) is not None:
        found.append(silence)
    if not found and was_quiet and rhythm.windows.get(168, (1, ()))[0] == 0:
        return Unusual(168, 0, 0.0)  # silent for so long that silence has become usual
    return min(found, key=lambda one: one[0])[1] if found else None


def too_many(rhythm: Rhythm) -> Unusual | None:
    """The last 24 hours brought several times the usual, and more than chance would; None: they did not."""
    came, history = rhythm.windows.get(24, (0, ()))
    if len(history) < WEEKS:
        return None
    usual = median(history)
    most = max(usual, *history)
    if came <= MANY_TIMES * usual or came <= most + MANY_MORE:
        return None
    return Unusual(24, came, usual) if 1.0 - at_most(came - 1, usual, spread(history, usual)) < ALPHA else None


def judgeable(rhythm: Rhythm) -> bool:
    """There is enough of the past to say what is usual."""
    return len(rhythm.of_a_day) >= WEEKS or len(rhythm.days) >= DAYS


def _comparable(rhythm: Rhythm) -> list[tuple[int, int, tuple[int, ...]]]:
    """(hours, what came, what came then) of the windows of which enough is known."""
    known = [(hours, came, past) for hours, (came, past) in sorted(rhythm.windows.items()) if len(past) >= WEEKS]
    if known or len(rhythm.days) < DAYS or 24 not in rhythm.windows:
        return known
    # in its second and third week: no quieter than the quietest of its days
    return [(24, rhythm.windows[24][0], (min(rhythm.days),) * len(rhythm.days))]


def _silence(rhythm: Rhythm, limit: float) -> tuple[float, Unusual] | None:
    """Of sources with an article now and then: a silence of weeks, by what a week brings."""
    week, hours = rhythm.windows.get(168, (0, ()))[1], rhythm.silent_hours
    if len(week) < WEEKS or hours is None or hours < 168:
        return None
    usual = median(week) * hours / 168
    chance = at_most(0, usual, spread(week, median(week)))
    return (chance, Unusual(round(hours), 0, usual)) if chance < limit else None
