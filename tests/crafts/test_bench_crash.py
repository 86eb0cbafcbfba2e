"""The harness of kills itself: who is to be killed where, and how its report adds up."""

from __future__ import annotations

import random
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from crash import ROUND, Report, draw
from crash_points import STAGES
from crash_table import as_markdown, together
from crash_victims import VICTIMS, Kill


def test_kills_are_spread_evenly_over_stages_and_victims_and_come_in_the_order_of_the_stages() -> None:
    done: list[Kill] = []
    for _ in range(16):
        targets = draw(done, ROUND, random.Random(1))
        assert {edition: len(some) for edition, some in targets.items()} == {1: 8, 2: 5}
        done += [Kill(target.stage, target.victim) for some in targets.values() for target in some]
    counts = Counter((kill.victim, kill.stage) for kill in done)
    assert counts.keys() == {(victim, stage) for victim, stages in VICTIMS.items() for stage in stages}
    assert max(counts.values()) - min(counts.values()) <= 1


def test_the_report_adds_up_and_several_runs_can_be_read_as_one() -> None:
    report = Report(seed=3, rounds=1, kills=[Kill("fetch", "PostgreSQL"), Kill("check", "PostgreSQL")], compared=2)
    other = Report(
        seed=4, rounds=2, kills=[Kill("fetch", "the command")], compared=4, lost=1, differences=["- article"]
    )
    told = as_markdown(together([asdict(report), asdict(other)]))
    assert "3 kills of living processes in 3 rounds (seed 3, 4), 6 dumps compared: **1 rows lost, 0 doubled**" in told
    rows = {line.split("|")[1].strip(): line.split("|")[2:-1] for line in told.splitlines() if line.startswith("| ")}
    fetched = STAGES.index("fetch")
    assert [rows[name][fetched].strip() for name in ("PostgreSQL", "the command", "all")] == ["1", "1", "2"]
    assert rows["all"][-1].strip() == "3"
    assert "- article" in told
