"""enrich: what is done to a recogniser's spans, rule by rule. bench/entities.py says what each is worth."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsdesk.enrich.annotate import apply_rules
from newsdesk.enrich.context import (
    drop_common_words,
    type_by_gazetteer,
    type_by_place_words,
    type_by_preposition,
    type_teams,
)
from newsdesk.enrich.demonyms import demonyms
from newsdesk.enrich.gazetteer import gazetteer
from newsdesk.enrich.missed import add_acronyms, add_places
from newsdesk.enrich.persons import add_by_country, add_initialled, type_by_given_name
from newsdesk.enrich.propagate import propagate
from newsdesk.enrich.reading import Reading, recase
from newsdesk.enrich.rules import Rule
from newsdesk.enrich.spans import TYPES, Span, Taken
from newsdesk.enrich.split import split


def after(rule: Rule, text: str, *names: tuple[str, str], language: str = "en") -> list[tuple[str, str]]:
    """(name, type) of each span that `rule` makes of the marked `names`, which are found from left to right."""
    spans, start = [], 0
    for name, label in names:
        start = text.index(name, start)
        spans.append(Span(start, start + len(name), label))
        start += len(name)
    return [(text[span.start : span.end], span.type) for span in rule(Reading(text, language), spans, gazetteer())]


def cased(text: str, language: str = "en") -> str:
    return recase(text, language, lambda name: bool(gazetteer().of(name)))


# --- lines in capitals -----------------------------------------------------------------------------------------------


def test_a_headline_in_capitals_is_written_as_the_body_writes_its_words() -> None:
    body = "The minister met Angela Merkel in Lisbon. The talks on trade were short and the minister left early.\n"
    assert cased("MERKEL TALKS ON TRADE IN NEW YORK\n" + body).startswith("Merkel talks on trade in New York\n")


def test_places_in_a_dateline_in_capitals_are_names() -> None:
    assert cased("LONDON 1996-12-06\nIt rained.") == "London 1996-12-06\nIt rained."
    assert cased("KUALA LUMPUR, Malaysia (Reuters) - It rained.").startswith("Kuala Lumpur, Malaysia (Reuters)")


def test_acronyms_stay_in_capitals() -> None:
    assert "FBI" in cased("FBI RAIDS HOUSE IN BOSTON\nThe agents of the FBI came at night.")
    assert cased("NASA said so.") == "NASA said so."


def test_a_headline_in_title_case_gets_the_small_words_of_its_body() -> None:
    text = "Merkel Visits Old Harbour Again\nThe harbour that Merkel visits is old."
    assert cased(text).startswith("Merkel visits old harbour Again\n")


@given(st.text(alphabet=st.sampled_from("aAbBßİıéÉ '\n.,-1ŉǅ"), max_size=60))
def test_recasing_keeps_every_length_and_all_but_case(text: str) -> None:
    assert len(cased(text)) == len(text)
    assert cased(text).casefold() == text.casefold()


# --- spans of several names ------------------------------------------------------------------------------------------


def test_two_persons_in_one_span_are_parted() -> None:
    text = "Then Angela Merkel and Emmanuel Macron spoke."
    assert after(split, text, ("Angela Merkel and Emmanuel Macron", "PERSON")) == [
        ("Angela Merkel", "PER"), ("Emmanuel Macron", "PER"),
    ]  # fmt: skip


def test_results_are_parted_at_their_numbers_and_titles_of_works_are_not() -> None:
    assert after(split, "Leeds 1 Everton 2\n", ("Leeds 1 Everton 2", "ORG")) == [("Leeds", "ORG"), ("Everton", "ORG")]
    assert after(split, "Heathrow's Terminal 4 is shut", ("Terminal 4", "FAC")) == [("Terminal 4", "LOC")]
    work = "Mission: Impossible"
    assert after(split, work, (work, "WORK_OF_ART")) == [(work, "MISC")]


def test_a_word_of_the_language_at_the_beginning_of_a_sentence_is_no_name() -> None:
    text = "Cricket: England won. Everybody loves cricket."
    assert after(drop_common_words, text, ("Cricket", "ORG"), ("England", "GPE")) == [("England", "LOC")]


# --- persons ---------------------------------------------------------------------------------------------------------


def test_initials_and_a_surname_are_a_person() -> None:
    text = "for G. W. Bush's father and U. von der Leyen, not for the U.S. Congress"
    assert after(add_initialled, text, ("Bush", "ORG")) == [("G. W. Bush", "PER"), ("U. von der Leyen", "PER")]


def test_a_name_that_begins_with_a_given_name_is_a_persons_whatever_the_model_says() -> None:
    text = "with Angela Merkel of Daniel Theatre, and Emmanuel Macron"
    found = after(type_by_given_name, text, ("Angela Merkel", "ORG"), ("Daniel Theatre", "ORG"))
    assert found == [("Angela Merkel", "PER"), ("Daniel Theatre", "ORG"), ("Emmanuel Macron", "PER")]


def test_who_stands_before_a_country_in_brackets_in_results_is_a_person() -> None:
    text = "1. Björn Borg (Sweden) 6-1\nmet Big Ben (England) once"
    assert after(add_by_country, text) == [("Björn Borg", "PER")]


# --- places ----------------------------------------------------------------------------------------------------------


def test_a_country_that_the_model_missed_is_found_and_a_city_where_cities_stand() -> None:
    text = "He left Bolivia for a flat in Lagos. Lagos music (Oslo). South Africa Weekly"
    assert after(add_places, text) == [("Bolivia", "LOC"), ("Lagos", "LOC"), ("Oslo", "LOC")]
    assert after(add_places, "in Cape Town", ("Cape", "ORG")) == [("Cape Town", "LOC")]


def test_a_small_word_of_the_language_is_no_place() -> None:
    assert after(add_places, "La ville dort.", language="fr") == []
    assert after(add_places, "Man of the match", language="en") == []


def test_the_short_form_in_brackets_is_what_the_long_one_is() -> None:
    text = "the National Rifle Association (NRA) and others (ABC)"
    assert after(add_acronyms, text, ("National Rifle Association", "ORG")) == [
        ("National Rifle Association", "ORG"), ("NRA", "ORG"),
    ]  # fmt: skip


def test_what_ends_like_a_place_is_one() -> None:
    assert after(type_by_place_words, "at Turner Field", ("Turner Field", "ORG")) == [("Turner Field", "LOC")]


def test_what_stands_after_in_is_a_place_if_its_name_allows() -> None:
    text = "in Dushanbe and in NATO, in Harbour Bank"
    found = after(type_by_preposition, text, ("Dushanbe", "ORG"), ("NATO", "ORG"), ("Harbour Bank", "ORG"))
    assert found == [("Dushanbe", "LOC"), ("NATO", "ORG"), ("Harbour Bank", "ORG")]


def test_a_city_that_plays_is_a_team_and_a_country_is_not() -> None:
    text = "Leeds 1 Sunderland 0\nEngland 3 Moldova 0\nin Leeds 40 people"
    found = after(type_teams, text, ("Leeds", "GPE"), ("Sunderland", "GPE"), ("England", "GPE"), ("Leeds", "GPE"))
    assert [kind for _, kind in found] == ["ORG", "ORG", "LOC", "LOC"]


def test_countries_are_places_and_peoples_are_no_organisations() -> None:
    found = after(type_by_gazetteer, "Slovakia and the Scots", ("Slovakia", "ORG"), ("Scots", "ORG"))
    assert found == [("Slovakia", "LOC"), ("Scots", "MISC")]


# --- the whole document ----------------------------------------------------------------------------------------------


def test_a_name_that_was_found_once_is_found_again_and_a_surname_with_it() -> None:
    text = "Angela Merkel left. Then Merkel slept; Angela Merkel dreamt."
    found = after(propagate, text, ("Angela Merkel", "PERSON"))
    assert found == [("Angela Merkel", "PER"), ("Merkel", "PER"), ("Angela Merkel", "PER")]


def test_a_longer_name_takes_the_place_of_a_part_of_it() -> None:
    text = "Real Madrid won. But Real Madrid lost."
    found = after(propagate, text, ("Real Madrid", "ORG"), ("Madrid", "GPE"))
    assert found == [("Real Madrid", "ORG"), ("Real Madrid", "ORG")]


def test_a_word_that_the_document_has_in_small_letters_is_not_looked_for() -> None:
    assert len(after(propagate, "Apple rose. An apple fell. Apple fell.", ("Apple", "ORG"))) == 1


@given(
    st.lists(
        st.sampled_from(["Angela Merkel", "in Paris", "(UN)", "J. Smith", "and", "3 ", "\n", "G.", "A", "-", "Leeds 1"])
    ),
    st.data(),
)
def test_rules_never_make_spans_overlap_or_leave_the_text(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    labels = data.draw(st.lists(st.sampled_from(sorted(TYPES)), min_size=8, max_size=8))
    spans = [Span(a, b, label) for a, b, label in zip(edges[::2], edges[1::2], labels, strict=False)]
    last = 0
    for span in apply_rules(Reading(text, data.draw(st.sampled_from(["en", "fr", "xx"]))), spans, gazetteer()):
        assert last <= span.start < span.end <= len(text)
        last = span.end


def test_taken_spans_come_back_in_order() -> None:
    taken = Taken([Span(5, 9, "ORG"), Span(0, 3, "PER")])
    taken.drop(taken.over(6, 7))
    taken.add(Span(4, 8, "LOC"))
    assert taken.in_order() == [Span(0, 3, "PER"), Span(4, 8, "LOC")]


def test_french_demonyms_agree() -> None:
    for word in ("française", "italiennes", "Allemands", "turque", "grecques", "Britannique"):
        assert word in demonyms(), word


def test_what_is_longer_than_any_name_is_none() -> None:
    """Neither by a rule nor by the model: no index holds it."""
    long = "K" + "orkelwz" * 40
    text = f"J. {long} met J. Kirk at {long}."
    spans = [Span(text.index(f"{long}."), text.index(f"{long}.") + len(long), "ORG")]
    found = apply_rules(Reading(text, "en"), spans, gazetteer())
    assert [(text[span.start : span.end], span.type) for span in found] == [("J. Kirk", "PER")]
