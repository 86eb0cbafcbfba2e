"""dedup, figure by figure: what each part of the rule says of small texts. The whole is judged in `test_dedup`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from newsdesk import deduplication
from newsdesk.dedup import cluster, verify
from newsdesk.dedup.cluster import candidate_pairs, cluster_corpus, components, document_frequencies, enough_shared
from newsdesk.dedup.fingerprint import (
    MOST,
    SHINGLE,
    fingerprints,
    shingles,
    text_digest,
    winnow,
    word_hash,
    word_hashes,
)
from newsdesk.dedup.normalise import words
from newsdesk.dedup.verify import (
    COMMON,
    Figures,
    Signature,
    figures,
    is_duplicate,
    is_plain_copy,
    lost_numbers,
    score,
    signature,
    similarity,
    weigh,
    within,
)
from newsdesk.model import Text
from newsdesk.store.articles import Known

DAY = datetime(2024, 3, 1, tzinfo=UTC)


def text(body: str, title: str | None = None, source: str | None = None, name: str = "a") -> Text:
    return Text(name, title, body, DAY, source)


def of(body: str, title: str | None = None, source: str | None = None) -> Signature:
    return signature(text(body, title, source))


def plain(prefix: str, count: int) -> str:
    """`count` words that stand nowhere else, without a digit."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return " ".join(f"{prefix}{letters[n // 26]}{letters[n % 26]}" for n in range(count))


# ---- fingerprints: they are stored, so they stay what they are (deduplication.RULE)


def test_fingerprints_are_the_ones_that_are_stored() -> None:
    assert word_hash("ferry") == 7949881795909877008
    assert word_hash("\ud800") == 7497787021708494914
    assert shingles(word_hashes(["the", "ferry", "ran"]), 2).tolist() == [4123386464555726733, -4016940532922934578]
    assert fingerprints("the ferry ran aground".split()) == (3271856121217229442,)
    assert fingerprints(plain("w", 40).split()) == (
        -8550705278738572601, -8160553738907346813, -7977576697301516771, -7819687868193162490,
    )  # fmt: skip
    assert text_digest("A ferry", "It ran aground.").hex() == "29be4b3e670a4834473141bc6f07e9f7"
    assert text_digest(None, "\ud800x").hex() == "47234ef2b241e5884913f123004ea03e"


def test_runs_are_of_so_many_words_and_of_all_where_there_are_fewer() -> None:
    hashes = word_hashes("a b c d e".split())
    assert len(shingles(hashes, 4)) == 2
    assert len(shingles(hashes, 5)) == len(shingles(hashes, 6)) == 1
    assert shingles(hashes, 6).tolist() == shingles(hashes, 5).tolist()
    assert shingles(hashes[:0], 4).tolist() == []
    assert shingles(hashes[:1], 4).tolist() == shingles(hashes[:1], 1).tolist()
    assert shingles(hashes, 4).dtype == np.int64
    assert shingles(hashes[:0], 4).dtype == np.int64
    # a run's hash is its words' in their order, wherever it stands
    assert shingles(hashes, 2)[1] == shingles(word_hashes(["b", "c"]), 2)[0]
    assert shingles(word_hashes(["c", "b"]), 2)[0] != shingles(word_hashes(["b", "c"]), 2)[0]


def test_of_each_twelve_hashes_in_a_row_the_lowest_is_kept_and_of_these_the_lowest() -> None:
    falling = np.arange(100, 0, -1, dtype=np.int64)
    assert winnow(falling[:0]) == ()
    assert winnow(falling[:1]) == (100,)
    assert winnow(falling[:12]) == (89,)
    assert winnow(falling[:13]) == (88, 89)
    assert winnow(falling) == tuple(range(1, MOST + 1))
    assert winnow(np.array([7] * 30, dtype=np.int64)) == (7,)
    assert (MOST, SHINGLE) == (32, 4)


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


# ---- pairs


@pytest.mark.parametrize(
    ("shared", "a", "b", "enough"),
    [(0, 1, 1, False), (1, 7, 32, True), (1, 32, 7, True), (1, 8, 32, False), (2, 8, 32, True), (2, 32, 32, True)],
)
def test_a_short_text_needs_to_share_but_one_fingerprint(shared: int, a: int, b: int, enough: bool) -> None:
    assert enough_shared(shared, a, b) is enough


def test_pairs_are_told_with_how_much_they_share() -> None:
    many = tuple(range(100, 108))
    assert candidate_pairs([(1, 2, 3), (2, 3, 4), (9,), (4,)]) == {(0, 1): 2, (1, 3): 1}
    assert candidate_pairs([(1, *many), (1, *(n + 50 for n in many))]) == {}
    assert candidate_pairs([(1, 2, *many), (1, 2, *(n + 50 for n in many))]) == {(0, 1): 2}


def test_holders_of_a_fingerprint_that_many_have_are_paired_with_the_first_and_their_neighbours() -> None:
    assert len(candidate_pairs([(1,)] * 100)) == 100 * 99 // 2
    found = candidate_pairs([(1,)] * 101)
    first = {(a, b) for a in range(20) for b in range(101) if a < b}
    assert found == dict.fromkeys(first | {(n, n + 1) for n in range(20, 100)}, 1)


def test_the_root_of_a_component_is_its_first_member() -> None:
    assert components([3, 1, 2, 1], [(2, 3)]) == {3: 3, 1: 1, 2: 3}
    assert components("abcdef", [("f", "e"), ("e", "d"), ("d", "c"), ("c", "b"), ("b", "a")]) == dict.fromkeys(
        "abcdef", "a"
    )
    with pytest.raises(KeyError):
        components([1], [(1, 2)])


def test_frequencies_count_a_run_once_for_each_text() -> None:
    one, other = of("a b c a b c"), of("a b c d")
    counts = document_frequencies([one, other])
    (shared,) = set(one.shingles.tolist()) & set(other.shingles.tolist())
    assert counts == Counter({**dict.fromkeys([*one.shingles.tolist(), *other.shingles.tolist()], 1), shared: 2})


# ---- groups


BODY = plain("w", 60)


def named(name: str, day: int | None, body: str = BODY) -> Text:
    return Text(name, None, body, None if day is None else DAY.replace(day=day), None)


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        ([named("b", 1), named("a", 2)], "b"),
        ([named("b", 2), named("a", 2)], "a"),
        ([named("a", None), named("b", 9)], "b"),
        ([named("b", None), named("a", None)], "a"),
    ],
)
def test_a_group_is_named_after_the_text_that_was_published_first(texts: list[Text], first: str) -> None:
    for order in (texts, texts[::-1]):
        assert cluster_corpus(order) == {"a": first, "b": first}


def test_of_rows_with_one_id_the_first_published_counts() -> None:
    other = plain("x", 60)
    texts = [named("a", 2, other), named("a", 1), named("b", 3), named("c", 4, other)]
    assert cluster_corpus(texts) == {"a": "a", "b": "a", "c": "c"}


def test_online_the_first_of_one_id_counts_and_the_best_of_those_before_gives_the_group() -> None:
    half = f"{plain('x', 60)} {BODY}"
    texts = [named("late", 9, half), named("early", 1), named("early", 2, plain("y", 60)), named("copy", 3)]
    texts = [replace(text, title="Storm hits the coast") for text in texts]
    assert cluster_corpus(texts, online=True) == {"late": "late", "early": "late", "copy": "late"}


def test_online_of_two_that_are_as_like_the_one_that_came_first_gives_the_group(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "score", lambda a, b: 0.7 if "c" in (a.signature.source, b.signature.source) else 0.0)
    texts = [replace(named(name, 1), source=name) for name in "abc"]
    assert cluster_corpus(texts, online=True) == {"a": "a", "b": "b", "c": "a"}


def test_online_a_text_is_weighed_by_what_came_before_and_again_when_that_has_grown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weighed = []

    def noted(one: Signature, df: Counter[int], documents: int) -> verify.Weighed:
        weighed.append((one.source, sum(df.values()), documents))
        return weigh(one, df, documents)

    monkeypatch.setattr(cluster, "weigh", noted)
    box = plain("b", 30)
    bodies = {"a": f"{plain('x', 30)} {box}", "copy": f"{plain('x', 30)} {box}", "c": f"{plain('y', 30)} {box}"}
    bodies["d"] = f"{plain('z', 30)} {box}"
    texts = [replace(named(name, 1, body), source=name) for name, body in bodies.items()]
    assert cluster_corpus(texts, online=True)["copy"] == "a"
    assert weighed == [
        ("a", 0, 1), ("copy", 58, 2), ("a", 58, 2), ("c", 58, 2), ("d", 116, 3), ("a", 116, 3), ("copy", 116, 3), ("c", 116, 3),
    ]  # fmt: skip


def test_of_a_corpus_plain_copies_count_once_and_a_box_joins_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []

    def noted(one: Signature, df: Counter[int], documents: int) -> verify.Weighed:
        counted.append((sum(df.values()), documents))
        return weigh(one, df, documents)

    monkeypatch.setattr(cluster, "weigh", noted)
    box = plain("b", 42)  # most of their fingerprints, too
    a, c = f"{plain('x', 18)} {box}", f"{plain('y', 18)} {box}"
    found = cluster_corpus([named("a", 1, a), named("copy", 2, a), named("c", 3, c)])
    assert found == {"a": "a", "copy": "a", "c": "c"}
    assert counted == [(116, 2)] * 3


@pytest.mark.parametrize("online", [False, True])
@pytest.mark.parametrize(("found", "group"), [(0.6, "a"), (0.5999, "b")])
def test_a_pair_joins_from_the_threshold_on(
    found: float, group: str, online: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "score", lambda *_: found)
    assert cluster_corpus([named("a", 1), named("b", 2)], online=online)["b"] == group


def test_online_only_the_last_hundred_holders_of_a_fingerprint_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(cluster, "score", lambda a, b: asked.append(b.signature.source) or 0.0)
    texts = [replace(named(str(n), 1, "a b c d e"), source=str(n)) for n in range(103)]
    cluster_corpus(texts, online=True)
    assert asked[-100:] == [str(n) for n in range(2, 102)]
    assert len(asked) == sum(min(n, 100) for n in range(103))


# ---- what the database's way adds


def known(article_id: int, body: str, url_key: str) -> Known:
    return Known(article_id, "times", None, body, b"", "en", DAY, url_key)


def test_a_pair_is_compared_in_the_order_of_addresses_whichever_came_first(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = known(1, "1 b c", "https://b.example/"), known(2, "b 1 c", "https://a.example/")
    texts = {1: one, 2: other}
    signatures = {number: deduplication.signature_of(text) for number, text in texts.items()}
    asked = []
    monkeypatch.setattr(deduplication, "is_duplicate", lambda a, b, *_: asked.append((a, b)) or (True, 0.7))
    (found,) = deduplication.compare([(1, 2)], texts, signatures, {}, 2)
    assert (found.a, found.b, found.score, found.same) == (1, 2, 0.7, True)
    ((a, b),) = asked
    assert (a is signatures[2], b is signatures[1]) == (True, True)


def test_plain_copies_are_told_among_the_pairs() -> None:
    texts = {1: known(1, BODY, "c"), 2: known(2, BODY, "b"), 3: known(3, plain("x", 60), "a")}
    signatures = {number: deduplication.signature_of(text) for number, text in texts.items()}
    assert deduplication.plain_copies([(1, 2), (1, 3), (2, 3)], texts, signatures) == {(1, 2)}


def test_fingerprints_are_of_the_words_and_not_of_their_setting() -> None:
    assert deduplication.prints_of("The “ferry” ran, aground!") == deduplication.prints_of("the ferry ran aground")
