"""How often the check for quiet and flooded sources is wrong, and how long a dead source goes unnoticed.

    python bench/alerts.py --days 120 --sources 40

Sources are made up: a weekly rhythm (Sundays at 30 to 60 % of weekdays), hours of the day, days of more and less
news (a gamma factor, cv 0.2), a level that drifts (a random walk, 5 % a week), now and then a day of much news.
Hourly runs: each hour the check sees what `store.source_facts` would give it. No database, no clock: figures do not
depend on the machine.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np

from newsdesk.alerting.baselines import judgeable, too_few, too_many
from newsdesk.alerting.facts import WEEKS_BACK, WINDOWS, Rhythm

PER_DAY = (1, 3, 10, 30, 100, 300, 1000)
WARM_UP = WEEKS_BACK * 7 + 7  # days before the first look


def simulate(random: np.random.Generator, per_day: float, days: int) -> np.ndarray:
    """Articles by hour."""
    week = np.array([1.0, 1.05, 1.05, 1.0, 0.95, random.uniform(0.4, 0.8), random.uniform(0.3, 0.6)])
    week *= 7 / week.sum()
    hours = np.clip(np.sin((np.arange(24) - random.integers(4, 9)) / 24 * 2 * np.pi) + 0.6, 0.05, None)
    hours /= hours.sum()
    level = np.exp(np.cumsum(random.normal(0, 0.05 / np.sqrt(7), days)))
    news = random.gamma(25, 1 / 25, days) * np.where(random.random(days) < 0.01, random.uniform(1.5, 2.5, days), 1.0)
    by_day = per_day * level * news * week[np.arange(days) % 7]
    return random.poisson(np.repeat(by_day, 24) * np.tile(hours, days))


def rhythm(sums: np.ndarray, counts: np.ndarray, now: int) -> Rhythm:
    """As seen at the end of hour `now`; `sums`: cumulated counts, sums[i] = what came before hour i."""

    def came(end: int, hours: int) -> int:
        return int(sums[end] - sums[end - hours])

    end = now + 1
    weeks = range(1, WEEKS_BACK + 1)
    # as in SQL: the present hour is not over, so that of the weeks before is left out
    windows = {
        h: (came(end, h), tuple(came(end - 168 * k - 1, h - 1) for k in weeks if end - 168 * k - h >= 0))
        for h in WINDOWS
    }
    past = np.flatnonzero(counts[max(0, end - WEEKS_BACK * 168) : end])
    silent = None if past.size == 0 else float(min(end, WEEKS_BACK * 168) - past[-1] - 1)
    days = tuple(came(end - 24 * d - 1, 23) for d in range(1, 21) if end - 24 * (d + 1) >= 0)
    return Rhythm(windows, days, silent)


def false_alarms(random: np.random.Generator, per_day: float, days: int, sources: int) -> tuple[int, int, int]:
    """(quiet alerts opened, flood alerts opened, source-days)"""
    quiet = flood = 0
    for _ in range(sources):
        counts = simulate(random, per_day, WARM_UP + days)
        sums = np.concatenate([[0], np.cumsum(counts)])
        is_quiet = is_flood = False
        for now in range(WARM_UP * 24, (WARM_UP + days) * 24):
            seen = rhythm(sums, counts, now)
            was_quiet, was_flood = is_quiet, is_flood
            is_quiet, is_flood = too_few(seen, was_quiet=was_quiet) is not None, too_many(seen) is not None
            quiet += is_quiet and not was_quiet
            flood += is_flood and not was_flood
    return quiet, flood, sources * days


def hours_until_noticed(random: np.random.Generator, per_day: float, deaths: int, share: float = 0.0) -> list[float]:
    """Hours from the death of a source (or its fall to `share`) at a chance hour until it is told; inf: not in 28 days."""
    found: list[float] = []
    while len(found) < deaths:
        counts = simulate(random, per_day, WARM_UP + 36)
        death = WARM_UP * 24 + int(random.integers(0, 168))
        counts[death:] = random.binomial(counts[death:], share)
        sums = np.concatenate([[0], np.cumsum(counts)])
        if too_few(rhythm(sums, counts, death - 1)) is not None:
            continue
        told = (n for n in range(death, death + 28 * 24) if too_few(rhythm(sums, counts, n)) is not None)
        found.append(float(next(told, np.inf) - death + 1))
    return found


def in_the_second_week(random: np.random.Generator, per_day: float, sources: int) -> int:
    """Quiet alerts of days 9 to 21 of sources that are new."""
    wrong = 0
    for _ in range(sources):
        counts = simulate(random, per_day, 22)
        sums = np.concatenate([[0], np.cumsum(counts)])
        was = False
        for now in range(9 * 24, 21 * 24):
            seen = rhythm(sums, counts, now)
            assert judgeable(seen)
            is_quiet = too_few(seen, was_quiet=was) is not None
            wrong += is_quiet and not was
            was = is_quiet
    return wrong


def main(argv: Sequence[str] | None = None) -> None:
    wish = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wish.add_argument("--days", type=int, default=120)
    wish.add_argument("--sources", type=int, default=20)
    wish.add_argument("--deaths", type=int, default=30)
    wish.add_argument("--seed", type=int, default=1)
    asked = wish.parse_args(argv)
    print(
        "articles/day  source-days  quiet  flood  false alarms/source-day  new sources: quiet  "
        "hours until dead is told: half, 9 of 10, all  fallen to 15 %: half"
    )
    total = [0, 0]
    for per_day in PER_DAY:
        random = np.random.default_rng([asked.seed, per_day])
        quiet, flood, days = false_alarms(random, per_day, asked.days, asked.sources)
        fresh = in_the_second_week(random, per_day, asked.sources)
        dead = np.quantile(hours_until_noticed(random, per_day, asked.deaths), (0.5, 0.9, 1.0), method="higher")
        fallen = np.quantile(hours_until_noticed(random, per_day, asked.deaths, 0.15), 0.5, method="higher")
        total = [total[0] + quiet + flood, total[1] + days]
        print(
            f"{per_day:12} {days:12} {quiet:6} {flood:6} {(quiet + flood) / days:24.5f} {fresh:19} "
            f"{'':>20}{dead[0]:.0f}, {dead[1]:.0f}, {dead[2]:.0f} {fallen:18.0f}"
        )
    print(f"all: {total[0]} false alarms in {total[1]} source-days: {total[0] / total[1]:.5f}")


if __name__ == "__main__":
    main()
