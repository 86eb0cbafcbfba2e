"""dedup on labelled texts: what must not fall when a rule is changed. And the scores by which it is told."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pytest

import labelled_data
from newsdesk.dedup.cluster import cluster_corpus
from newsdesk.model import Text

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "bench"))

from dedup_texts import Labelled, by_language, read_labelled, recall_by_kind, worth, wrongly_joined  # noqa: E402

LABELLED = labelled_data.DATA / "dedup" / "dev.jsonl.gz"
needs_labels = pytest.mark.skipif(not LABELLED.exists(), reason="the labelled texts are not on this machine")


@lru_cache(maxsize=1)
def labelled_texts() -> list[Labelled]:
    return read_labelled(LABELLED)


@needs_labels
def test_one_corpus_is_grouped_well_in_each_language() -> None:
    labelled = labelled_texts()
    groups = cluster_corpus([one.text for one in labelled])
    reached = worth(labelled, groups)
    assert reached.f1 >= 0.99
    assert reached.b_cubed >= 0.995
    assert {language for language, found in by_language(labelled, groups).items() if found.f1 < 0.99} == set()


@needs_labels
def test_online_is_nearly_as_good() -> None:
    texts = {one.text.id: one for one in labelled_texts()}
    by_time = sorted(texts, key=lambda name: (texts[name].text.published or datetime.max.replace(tzinfo=UTC), name))
    first = [texts[name] for name in by_time[: len(by_time) // 2]]
    assert worth(first, cluster_corpus([one.text for one in first], online=True)).f1 >= 0.95


def made(name: str, cluster: str, kind: str, language: str = "en") -> Labelled:
    return Labelled(Text(name, None, "", language=language), cluster, kind)


FOUR = [made("a", "x", "base"), made("b", "x", "cut"), made("c", "x", "cut", "ar"), made("d", "y", "lone", "ar")]


def test_the_scores_of_a_grouping() -> None:
    groups = {"a": 1, "b": 1, "c": 2, "d": 2}
    found = worth(FOUR, groups)
    assert (found.precision, found.recall, found.f1) == (1 / 2, 1 / 3, 2 / 5)
    pure, whole = (1 + 1 + 1 / 2 + 1 / 2) / 4, (2 / 3 + 2 / 3 + 1 / 3 + 1) / 4
    assert found.b_cubed == pytest.approx(2 * pure * whole / (pure + whole))
    assert recall_by_kind(FOUR, groups) == {"cut": (1 / 3, 3)}
    assert wrongly_joined(FOUR, groups) == {"base": (0, 1), "cut": (1, 2), "lone": (1, 1)}


def test_a_perfect_grouping_scores_one_and_one_without_pairs_too() -> None:
    assert worth(FOUR, {one.text.id: one.cluster for one in FOUR}) == (1, 1, 1, 1)
    assert by_language(FOUR, {one.text.id: one.cluster for one in FOUR})["ar"] == (1, 1, 1, 1)
