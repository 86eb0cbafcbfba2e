"""dedup's comparison of two texts, figure by figure: weights, numbers, titles, plain copies."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from newsdesk.dedup import verify
from newsdesk.dedup.fingerprint import shingles, word_hashes
from newsdesk.dedup.normalise import words
from newsdesk.dedup.verify import (
    COMMON,
    Figures,
    figures,
    is_duplicate,
    is_plain_copy,
    lost_numbers,
    score,
    similarity,
    weigh,
    within,
)
from small_texts import of, plain

# ---- weights


def test_a_run_weighs_by_how_rare_it_is() -> None:
    one = of("a b c d e")
    runs = one.shingles.tolist()
    found = weigh(one, {runs[0]: 1, runs[1]: 10}, 99)
    rare, halved = math.log(100) / (1 + 0.05**2), math.log(100 / 10) / (1 + 0.5**2)
    assert found.rarity.tolist() == pytest.approx([rare, halved, rare])  # the third is unknown: in one document
    assert found.commonness.tolist() == pytest.approx([rare / 20, halved / 2, rare / 20])
    assert COMMON == 20
    assert found.total == pytest.approx(found.rarity.sum())
    assert weigh(one, dict.fromkeys(runs, COMMON), 99).rarity.tolist() == pytest.approx([math.log(5) / 2] * 3)
    # beyond twenty documents a run is no more than common
    often = weigh(one, dict.fromkeys(runs, 40), 99)
    assert often.commonness.tolist() == pytest.approx(often.rarity.tolist())


def test_a_run_is_in_no_more_documents_than_there_are_and_in_one_at_least() -> None:
    one = of("a b c d e")
    runs = one.shingles.tolist()
    assert (
        weigh(one, dict.fromkeys(runs, 9), 4).rarity.tolist() == weigh(one, dict.fromkeys(runs, 4), 4).rarity.tolist()
    )
    assert weigh(one, dict.fromkeys(runs, 0), 4).rarity.tolist() == weigh(one, {}, 4).rarity.tolist()
    assert weigh(one, {}, 0).rarity.tolist() == [0, 0, 0]
    assert weigh(one, dict.fromkeys(runs, 9), 1).rarity.tolist() == weigh(one, {}, 1).rarity.tolist()


def test_without_frequencies_all_weigh_the_same_and_none_is_common() -> None:
    found = weigh(of("a b c d e"), None, 9)
    assert (found.rarity.tolist(), found.commonness.tolist(), found.total) == ([1, 1, 1], [0, 0, 0], 3.0)


# ---- signatures


def test_a_signature_holds_runs_numbers_and_title() -> None:
    one = of("on 2 may 2024 and 7 june 2024", "A Storm a storm 2024", "times")
    body = words("on 2 may 2024 and 7 june 2024")
    runs = shingles(word_hashes(body), 3)
    assert one.shingles.tolist() == sorted(set(runs.tolist()))
    assert one.shingles[one.order].tolist() == runs.tolist()
    assert one.number_places.tolist() == [1, 3, 5, 7]
    assert one.numbers.tolist() == word_hashes(["2024"]).view(np.int64).tolist()
    assert one.number_order.tolist() == [1, 0, 1, 0]  # 1: too short to be there
    assert one.title.tolist() == sorted(word_hashes(["a", "storm", "2024"]).view(np.int64).tolist())
    assert one.source == "times"
    assert of("x1 10 1").number_order.tolist()[2] == 2
    assert of("x").title.tolist() == []


def test_within_tells_of_each_whether_it_is_there() -> None:
    def found(a: Sequence[int], b: Sequence[int]) -> list[bool]:
        return list(within(np.array(a, dtype=np.int64), np.array(b, dtype=np.int64)).tolist())

    assert found([1, 2, 3, 9], [2, 3, 5]) == [False, True, True, False]
    assert found([1, 2], []) == [False, False]
    assert found([], [1]) == []
    assert found([5], [5]) == [True]


# ---- numbers


def numbers_of(light: str, heavy: str) -> tuple[int, int]:
    one, other = of(light), of(heavy)
    return lost_numbers(one, other, within(one.shingles, other.shingles))


@pytest.mark.parametrize(
    ("light", "heavy", "lost", "near"),
    [
        ("a b c", "a b c", 0, 0),
        ("a b c 17 d e f", "a b c 17 d e f", 0, 1),
        ("a b c 17 d e f", "a b c 18 d e f", 1, 1),
        ("a b c 17 d e f", "a b c d e f", 1, 1),
        ("a b c 17 d e f", "a b c 18 d e f and 17", 0, 1),  # of two digits: it stands elsewhere
        ("a b c 7 d e f", "a b c 8 d e f and 7", 1, 1),  # of one: chance
        ("17 a b c", "a b c", 1, 1),
        ("17 x a b c", "a b c", 1, 1),
        ("17 x y a b c", "a b c", 0, 0),
        ("a b c 17", "a b c", 1, 1),
        ("a b c x 17", "a b c", 1, 1),
        ("a b c x y 17", "a b c", 0, 0),
        ("a b 17 c", "x a b 17 c", 0, 1),
        ("a b 7", "a b 7 x", 0, 1),
        ("7 a b", "x 7 a b", 0, 1),
        ("17 18 a b c 19", "a b c", 3, 3),
        ("17", "17", 0, 1),
        ("17", "18", 0, 0),
    ],
)
def test_numbers_in_shared_places_are_lost_or_not(light: str, heavy: str, lost: int, near: int) -> None:
    assert numbers_of(light, heavy) == (lost, near)


# ---- figures


def test_the_figures_of_two_texts() -> None:
    """Of 10 runs 7 are shared; 17 has become 18; of two words of the title one is there."""
    light, heavy = of("a b c d e f g 17 h i j k", "Storm hits"), of("a b c d e f g 18 h i j k l", "A storm")
    df = dict.fromkeys([*light.shingles.tolist(), *heavy.shingles.tolist()], 10)
    for found in (
        figures(weigh(light, df, 99), weigh(heavy, df, 99)),
        figures(weigh(heavy, df, 99), weigh(light, df, 99)),
    ):
        assert found == pytest.approx(
            Figures(
                contained=7 / 10,
                form=7 / 10 / 2,
                changed=1 / (1 + 6),
                titles=(1 + 2 * 0.6) / (2 + 2),
                shortness=math.log(90 / 10),
            )
        )
        assert Figures(15, -12, -12, 6, -2.25) == verify.COEFFICIENTS
        told = -10.8 + 15 * 0.7 - 12 * 0.35 - 12 / 7 + 6 * 0.55 - 2.25 * math.log(9)
        assert score(weigh(light, df, 99), weigh(heavy, df, 99)) == pytest.approx(1 / (1 + math.exp(-told)))
    assert similarity(light, heavy, df, 99) == pytest.approx(1 / (1 + math.exp(-told)))
    assert is_duplicate(light, heavy, df, 99) == (False, similarity(light, heavy, df, 99))
    assert is_duplicate(light, light, df, 99) == (True, similarity(light, light, df, 99))
    assert similarity(light, heavy, df, 9) != similarity(light, heavy, df, 99)


def test_where_no_number_was_changed_nothing_is_a_form() -> None:
    light, heavy = of("a b c d e f g h i"), of("a b c d e f g h i j")
    df = dict.fromkeys(heavy.shingles.tolist(), 10)
    assert figures(weigh(light, df, 99), weigh(heavy, df, 99)).form == 0
    # a number that one text alone has is reason enough, and no changed one
    light = of("a b c d e f g h i 17")
    found = figures(weigh(light, df, 99), weigh(heavy, df, 99))
    assert found.form > 0.2
    assert found.changed == 0
    found = figures(weigh(light, df, 99), weigh(of("a b c d e f g h i j k l m"), df, 99))
    assert found.form > 0.2
    assert found.changed == 0
    heavy = of("a b c d e f g h i 17 j k")
    found = figures(weigh(of("a b c d e f g h i"), None, 9), weigh(heavy, None, 9))
    assert (found.form, found.changed) == (0, 0)  # of no frequencies nothing is common


def test_a_text_of_ninety_runs_is_long_enough() -> None:
    for runs, shortness in ((89, math.log(90 / 89)), (90, 0), (91, 0)):
        body = plain("w", runs + 2)
        found = figures(weigh(of(body), None, 9), weigh(of(f"{body} more"), None, 9))
        assert found.shortness == pytest.approx(shortness)


def test_without_hope_there_is_only_containment() -> None:
    light, heavy = of("a b c d x e f g h i"), of("a b c d y z u v w p q r")  # 2 of 8 runs
    found = figures(weigh(light, None, 9), weigh(heavy, None, 9))
    assert found.contained == 0.25
    assert found.shortness > 0
    assert similarity(light, heavy, None, 9) < 0.001
    light = of("a b c d x e f g h i j")  # 2 of 9
    assert figures(weigh(light, None, 9), weigh(heavy, None, 9)) == Figures(2 / 9, 0, 0, 0, 0)
    assert similarity(light, heavy, None, 9) == pytest.approx(2 / 9)
    assert similarity(of(""), heavy, None, 9) == 0
    assert figures(weigh(of("a b c"), {}, 0), weigh(heavy, {}, 0)) == Figures(0, 0, 0, 0, 0)  # nothing weighs anything


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        (None, None, 1.2 / 2),
        ("storm", None, 1.2 / 2),
        ("storm", "storm", 2.2 / 3),
        ("storm", "calm", 1.2 / 3),
        ("storm hits coast", "a storm that hits", 3.2 / 5),
    ],
)
def test_the_shorter_title_counts_and_one_of_few_words_counts_little(
    one: str | None, other: str | None, share: float
) -> None:
    body = plain("w", 20)
    a, b = weigh(of(body, one), None, 9), weigh(of(f"{body} more", other), None, 9)
    assert figures(a, b).titles == pytest.approx(share)
    a, b = weigh(of(body, other), None, 9), weigh(of(f"{body} more", one), None, 9)
    assert figures(a, b).titles == pytest.approx(share)


def test_the_lighter_text_is_measured_and_of_even_ones_always_the_same() -> None:
    # 5 runs of which 3 are shared, but heavy; 9 runs that weigh less
    one, other = of("a b c d e x y"), of("a b c d e f g h i j k")
    df = dict.fromkeys(other.shingles.tolist(), 60)
    a, b = weigh(one, df, 99), weigh(other, df, 99)
    assert a.total > b.total
    assert figures(a, b) == figures(b, a)
    assert figures(a, b).contained == pytest.approx(3 / 9)
    # of the same weight: the one with fewer runs; of as many: by their bytes
    for left, right in (
        ("a b c d e x y", "a b c d e z u"),
        ("a b a b a b a b", "a b a b c d"),
        ("a a d d 17 b", "a a d d 18 18"),
    ):
        a, b = weigh(of(left), None, 9), weigh(of(right), None, 9)
        assert figures(a, b) == figures(b, a)


def test_a_pair_is_a_duplicate_from_its_threshold_on(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = of("a b c"), of("a b c")
    for found, df, is_same in (
        (0.6, {}, True), (0.5999, {}, False), (0.95, None, True), (0.9499, None, False),
    ):  # fmt: skip
        monkeypatch.setattr(verify, "similarity", lambda *_, found=found: found)
        assert is_duplicate(a, b, df, 9) == (is_same, found)


# ---- plain copies


def test_a_plain_copy_is_contained_but_for_an_edge() -> None:
    body = plain("w", 62)  # 60 runs
    longer = f"{plain('x', 9)} {body}"
    cut = " ".join(body.split()[:59])
    assert is_plain_copy(of(body), of(body))
    assert is_plain_copy(of(body), of(longer))
    assert is_plain_copy(of(longer), of(body))
    assert is_plain_copy(of(f"{cut} x y z"), of(body))  # 57 of 60
    assert not is_plain_copy(of(f"{cut[:-5]} v x y z"), of(body))  # 56
    assert not is_plain_copy(of(""), of(body))


def test_two_houses_under_one_headline_may_differ_by_more_and_one_house_may_not() -> None:
    body = plain("w", 62)
    edited = " ".join([*body.split()[:38], *plain("x", 24).split()])  # 36 of 60
    title, same, other = "Storm hits coast", "The storm hits the coast", "Calm after the storm"

    def is_one(a: str | None, b: str | None, title_b: str = same, body_b: str = edited) -> bool:
        one, two = of(body, title, a), of(body_b, title_b, b)
        assert is_plain_copy(one, two) == is_plain_copy(two, one)
        return is_plain_copy(one, two)

    assert is_one("times", "post")
    assert not is_one("times", "times")
    assert not is_one(None, "post")
    assert not is_one("times", None)
    assert not is_one("times", "post", other)
    assert not is_one("times", "post", same, " ".join([*body.split()[:37], *plain("x", 25).split()]))  # 35
    # of three words two make 0.64
    assert not is_one("times", "post", "storm hits a")


def test_a_changed_number_makes_no_plain_copy_unless_it_is_one_of_many() -> None:
    def copy(numbers: int, changed: int) -> bool:
        body = " ".join(f"{word} {n + 100}" for n, word in enumerate(plain("w", numbers).split()))
        for n in range(changed):
            body = f"{body} {plain('z' + 'abcdefgh'[n], 40)} {n + 500}"
        return is_plain_copy(of(body), of(body.replace(" 50", " 60")))

    assert copy(20, 0)
    assert not copy(2, 1)
    assert copy(17, 1)  # 1 of 18 and two in doubt
    assert not copy(16, 1)
