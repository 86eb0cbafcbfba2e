"""A few hundred mutants of each kind; `python bench/mutations.py` makes as many as are asked for."""

from __future__ import annotations

import random
import runpy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

BENCH = runpy.run_path(str(Path(__file__).resolve().parents[2] / "bench" / "mutations.py"))


@pytest.mark.parametrize("kind", sorted(BENCH["CHECKS"]))
@settings(max_examples=150, deadline=None)
@given(number=st.integers(0, 2**32))
def test_no_mutant_breaks_a_parser(kind: str, number: int) -> None:
    check, seeds, _ = BENCH["CHECKS"][kind]
    chance = random.Random(number)
    for _ in range(3):
        check(BENCH["mutate"](seeds, chance))


@pytest.mark.parametrize("kind", sorted(BENCH["CHECKS"]))
def test_every_seed_says_something(kind: str) -> None:
    check, seeds, _ = BENCH["CHECKS"][kind]
    assert {check(seed) for seed in seeds} <= {"entries", "addresses", "allowed", "some denied"}
