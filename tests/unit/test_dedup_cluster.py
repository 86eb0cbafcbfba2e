"""dedup's pairs and groups, figure by figure: who is compared with whom, and who joins whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from newsdesk import deduplication
from newsdesk.dedup import cluster, verify
from newsdesk.dedup.candidates import candidate_pairs, enough_shared
from newsdesk.dedup.cluster import cluster_corpus, components, document_frequencies
from newsdesk.dedup.verify import Signature, weigh
from newsdesk.model import Text
from newsdesk.store.articles import Known
from small_texts import DAY, of, plain

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


def test_holders_of_a_fingerprint_that_many_have_are_paired_with_the_first_and_of_very_many_none() -> None:
    assert len(candidate_pairs([(1,)] * 100)) == 100 * 99 // 2
    assert candidate_pairs([(1,)] * 101) == {(a, b): 1 for a in range(10) for b in range(101) if a < b}
    assert len(candidate_pairs([(1,)] * 5_000)) == 10 * 9 // 2 + 10 * 4_990
    assert candidate_pairs([(1,)] * 5_001) == {}


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
