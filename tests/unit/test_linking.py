"""Whom names mean: share, company, words; nobody as a rival. Invented links are worse than none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsdesk.enrich.join import entity_id
from newsdesk.enrich.linking import Candidate, Named, Together, key_of, keys_of, learn, link, shares
from newsdesk.entity_linking import candidates
from newsdesk.errors import ConfigError
from newsdesk.knowledge.in_memory import read_table
from newsdesk.store.knowledge import Called

PARIS, HILTON = Candidate("Q90", "Paris", "LOC", 0.5), Candidate("Q47899", "Paris Hilton", "PER", 0.5)
APPLE, FRUIT = Candidate("Q312", "Apple Inc.", "ORG", 0.5), Candidate("Q89", "apple", None, 0.5)


def named(kind: str, *forms: str, is_place: bool = False, geonames_id: int | None = None) -> Named:
    full = max(forms, key=lambda form: len(form.split()))
    return Named(entity_id(kind, full), kind, full, forms, geonames_id, is_place)


def meant(
    document: Sequence[Named], known: Mapping[str, Sequence[Candidate]], together: Together | None = None
) -> list[str | None]:
    found = link(document, known, together or Together())
    return [meaning.candidate and meaning.candidate.qid for meaning in found]


def test_a_name_that_nobody_has_stays_without_a_link_for_sure() -> None:
    (meaning,) = link([named("PER", "Angela Merkel")], {})
    assert (meaning.candidate, meaning.confidence) == (None, 1.0)


def test_the_type_tells_between_namesakes() -> None:
    known = {"paris": [PARIS, HILTON]}
    assert meant([named("LOC", "Paris")], known) == ["Q90"]
    assert meant([named("PER", "Paris")], known) == ["Q47899"]


def test_a_wrong_type_of_the_recogniser_does_not_hide_the_only_bearer() -> None:
    madrid = {"real madrid": [Candidate("Q8682", "Real Madrid", "ORG", 1.0)]}
    assert meant([named("LOC", "Real Madrid")], madrid) == ["Q8682"]


def test_the_larger_share_wins_where_nothing_else_tells() -> None:
    one, other = Candidate("Q1", "One", "ORG", 0.8), Candidate("Q2", "Other", "ORG", 0.2)
    (meaning,) = link([named("ORG", "Union")], {"union": [one, other]})
    assert meaning.candidate == one
    assert 0.5 < meaning.confidence < 0.9


def test_what_its_statements_name_tells_whom_a_name_means() -> None:
    club = Candidate("Q1", "Rangers of Glasgow", "ORG", 0.4, related=frozenset({"Q4093"}))
    team = Candidate("Q2", "Rangers of Texas", "ORG", 0.6)
    glasgow = Candidate("Q4093", "Glasgow", "LOC", 1.0)
    known = {"rangers": [team, club], "glasgow": [glasgow]}
    assert meant([named("ORG", "Rangers")], known) == ["Q2"]
    assert meant([named("ORG", "Rangers"), named("LOC", "Glasgow")], known) == ["Q1", "Q4093"]


def test_what_other_documents_name_together_tells() -> None:
    first, second = Candidate("Q1", "First", "PER", 0.6), Candidate("Q2", "Second", "PER", 0.4)
    known = {"john smith": [first, second], "london": [Candidate("Q84", "London", "LOC", 1.0)]}
    document = [named("PER", "John Smith"), named("LOC", "London")]
    assert meant(document, known) == ["Q1", "Q84"]
    assert meant(document, known, Together(learn(iter([["Q2", "Q84"]] * 9)))) == ["Q2", "Q84"]


def test_words_of_the_full_name_elsewhere_in_the_document_tell() -> None:
    detroit, british = Candidate("Q1", "Detroit Lions", "ORG", 0.4), Candidate("Q2", "British Lions", "ORG", 0.6)
    known = {"lions": [british, detroit]}
    assert meant([named("ORG", "Lions"), named("LOC", "Detroit")], known)[0] == "Q1"


def test_a_surname_never_brings_in_its_most_famous_bearer() -> None:
    """Where the document names somebody in full whom the knowledge base has not, he is nobody's."""
    known = {"merkel": [Candidate("Q567", "Angela Merkel", "PER", 1.0)]}
    assert meant([named("PER", "Merkel", "Max Merkel")], known) == [None]
    assert meant([named("PER", "Merkel")], known) == ["Q567"]


def test_initials_lead_to_a_surname_that_does_not_contradict_them() -> None:
    known = {"merkel": [Candidate("Q567", "Angela Merkel", "PER", 1.0)]}
    assert "merkel" in keys_of(named("PER", "A. Merkel"))
    assert meant([named("PER", "M. Merkel")], known) == [None]


def test_a_place_of_other_coordinates_is_not_meant() -> None:
    texas = Candidate("Q830149", "Paris", "LOC", 1.0, geonames_id=4717560)
    place = named("LOC", "Paris", is_place=True, geonames_id=2988507)
    assert meant([place], {"paris": [texas]}) == [None]
    assert meant([place], {"paris": [texas, Candidate("Q90", "Paris", "LOC", 0.5, geonames_id=2988507)]}) == ["Q90"]


def test_a_link_makes_the_id_but_for_places_and_peoples() -> None:
    merkel = {"merkel": [Candidate("Q567", "Angela Merkel", "PER", 1.0)]}
    one = named("PER", "Merkel")
    assert link([one], merkel)[0].entity_id(one) == entity_id("PER", "whatever", "wikidata:Q567")
    germany = {
        "german": [Candidate("Q183", "Germany", "LOC", 1.0)],
        "germany": [Candidate("Q183", "Germany", "LOC", 1.0)],
    }
    people, country = named("MISC", "German"), named("LOC", "Germany", is_place=True)
    for entity in (people, country):
        (meaning,) = link([entity], germany)
        assert meaning.candidate
        assert meaning.candidate.qid == "Q183"
        assert meaning.entity_id(entity) is None


def test_priors_may_be_shares_counts_or_weights() -> None:
    def shares_of(priors: str, *values: float) -> list[float]:
        called = [Called("x", True, f"Q{n}", "X", None, v, priors, None, (), 1) for n, v in enumerate(values, 1)]
        return [round(c.prior, 3) for c in candidates(called)["x"]]

    assert shares_of("shares", 0.6, 0.2) == [0.6, 0.2]
    assert shares_of("counts", 6, 2) == [0.75, 0.25]
    assert shares_of("weights", 0.0006, 0.0002) == [0.75, 0.25]


def test_names_of_another_language_count_where_its_own_has_none() -> None:
    own = Called("x", True, "Q1", "X", None, 1.0, "counts", None, (), 1)
    foreign = Called("x", False, "Q2", "X", None, 9.0, "counts", None, (), 1)
    assert [c.qid for c in candidates([own, foreign])["x"]] == ["Q1"]
    assert [c.qid for c in candidates([foreign])["x"]] == ["Q2"]


@example([("Q1", 1.0)], "\r")  # nothing is left of it when it is folded
@given(st.lists(st.tuples(st.sampled_from(["Q1", "Q2", "Q3"]), st.floats(0, 1e6)), max_size=5), st.text(min_size=1))
def test_confidences_are_shares_whatever_the_table_says(weighted: list[tuple[str, float]], name: str) -> None:
    some = shares([(Candidate(qid, name, "PER", 1.0), weight) for qid, weight in weighted])
    assert sum(candidate.prior for candidate in some) <= 1 + 1e-6
    (meaning,) = link([named("PER", name)], {key_of(name): some})
    assert 0 <= meaning.confidence <= 1
    assert meaning.candidate is None or meaning.candidate in some


def test_a_table_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        read_table(tmp_path / "a.csv")
