"""Counting runs of words in bounded memory comes to what a dictionary would."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk import shingle_frequencies

RUN = st.one_of(st.integers(-(2**63), 2**63 - 1), st.sampled_from([-(2**63), -1, 0, 1, 2**58, -(2**58), 2**63 - 1]))
TEXTS = st.lists(st.sets(RUN, max_size=8), max_size=12)


def counted(texts: list[set[int]], most: int = 1_000) -> shingle_frequencies.Frequencies:
    return shingle_frequencies.count((np.array(sorted(text), dtype=np.int64) for text in texts), most)


@given(TEXTS)
def test_each_run_in_two_texts_or_more_is_counted_and_no_other_is_kept(texts: list[set[int]]) -> None:
    found = counted(texts)
    expected = {run: many for run, many in Counter(run for text in texts for run in text).items() if many > 1}
    assert dict(zip(found.runs.tolist(), found.counts.tolist(), strict=True)) == expected
    assert found.runs.tolist() == sorted(expected)
    assert (found.documents, found.rarest) == (len(texts), 2)
    assert shingle_frequencies.look_up(found, {run for text in texts for run in text}) == expected


@given(TEXTS)
def test_its_parts_put_together_are_the_whole(texts: list[set[int]]) -> None:
    found = counted(texts)
    parts = shingle_frequencies.parts(found)
    assert len(parts) == shingle_frequencies.PARTS
    assert [run for runs, _ in parts for run in runs.tolist()] == found.runs.tolist()
    assert all(runs.tolist() == sorted(runs.tolist()) for runs, _ in parts)
    assert all(run >> 58 == place - 32 for place, (runs, _) in enumerate(parts) for run in runs.tolist())


def test_what_is_held_goes_to_disk_and_comes_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [{number % 7, number % 5 - 3, 2**60 + number} for number in range(50)]
    expected = counted(texts)
    monkeypatch.setattr(shingle_frequencies, "_BUFFER", 10)
    found = counted(texts)
    assert found.runs.tolist() == expected.runs.tolist()
    assert found.counts.tolist() == expected.counts.tolist()


def test_of_more_than_can_be_kept_the_rare_ones_go_all_of_one_frequency_together() -> None:
    texts = [{1, 2, 3, 4}, {1, 2, 3, 4}, {1, 2, 5}, {1}]  # 1 in four, 2 in three, 3 and 4 in two
    assert counted(texts, 4).runs.tolist() == [1, 2, 3, 4]
    assert (counted(texts, 3).runs.tolist(), counted(texts, 3).rarest) == ([1, 2], 3)
    assert counted(texts, 1).runs.tolist() == [1]
    assert (counted(texts, 0).runs.tolist(), counted(texts, 0).rarest) == ([], 5)
