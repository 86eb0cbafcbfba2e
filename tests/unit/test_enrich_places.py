"""enrich: which place a name means, by what else the document names; ids, related countries, honest NIL."""

from __future__ import annotations

import pytest

from newsdesk.enrich.gazetteer import gazetteer
from newsdesk.enrich.join import entity_id, join
from newsdesk.enrich.reading import Reading
from newsdesk.enrich.spans import Span
from newsdesk.model import Entity


def entities(text: str, *names: tuple[str, str]) -> dict[str, Entity]:
    """Mention → its entity, for the marked (name, label), found from left to right."""
    spans, start = [], 0
    for name, label in names:
        start = text.index(name, start)
        spans.append(Span(start, start + len(name), label))
        start += len(name)
    mentions, found = join(Reading(text, "en"), spans, gazetteer())
    by_id = {entity.entity_id: entity for entity in found}
    return {mention.text: by_id[mention.entity_id or ""] for mention in mentions}


def place(text: str, *names: str) -> Entity:
    return entities(text, *((name, "GPE") for name in names))[names[0]]


def test_a_country_has_its_geonames_and_iso_ids() -> None:
    found = place("in France", "France")
    assert (found.geonames_id, found.iso_code, found.country_code, found.link) == (
        3017382,
        "FR",
        "FR",
        "geonames:3017382",
    )


def test_all_names_of_a_country_are_one_entity() -> None:
    found = entities(
        "the U.S., the United States and America", ("U.S.", "GPE"), ("United States", "GPE"), ("America", "GPE")
    )
    assert {(e.entity_id, e.name) for e in found.values()} == {(found["U.S."].entity_id, "United States")}


@pytest.mark.parametrize(
    ("name", "iso"), [("Allemagne", "DE"), ("Burma", "MM"), ("Zaire", "CD"), ("Holland", "NL"), ("Czech Republic", "CZ"),
                      ("Chechnya", "RU-CE"), ("Bavière", "DE-BY"), ("Calif.", "US-CA"), ("Scotland", "GB-SCT")],
)  # fmt: skip
def test_countries_and_regions_go_by_their_old_foreign_and_short_names(name: str, iso: str) -> None:
    assert place(f"in {name}", name).iso_code == iso


def test_a_city_is_the_largest_of_its_name_unless_the_document_names_another_country() -> None:
    assert place("in London", "London").geonames_id == 2643743
    assert place("in Birmingham; Britain and Wales", "Birmingham", "Britain", "Wales").country_code == "GB"
    assert place("in Birmingham, Alabama", "Birmingham", "Alabama").country_code == "US"
    assert place("Georgia and the states of Florida and Texas", "Georgia", "Florida", "Texas").iso_code == "US-GA"
    assert place("Georgia and Russia", "Georgia", "Russia").iso_code == "GE"


def test_a_country_is_not_its_capital_of_the_same_name() -> None:
    assert place("Mexico said that Mexico and Guatemala …", "Mexico", "Mexico", "Guatemala").iso_code == "MX"


def test_a_city_in_another_language_is_the_same_entity() -> None:
    assert place("à Londres", "Londres") == place("in London", "London") or (
        place("à Londres", "Londres").entity_id == place("in London", "London").entity_id
    )


def test_a_people_is_related_to_its_country_and_is_not_it() -> None:
    found = entities("German trains in Germany", ("German", "NORP"), ("Germany", "GPE"))
    assert found["German"].country_code == found["Germany"].country_code == "DE"
    assert found["German"].entity_id != found["Germany"].entity_id
    assert (found["German"].iso_code, found["German"].geonames_id) == (None, None)


def test_a_place_that_nobody_knows_has_no_id_and_says_how_sure_that_is() -> None:
    found = place("in Nieder-Ohlweiler", "Nieder-Ohlweiler")
    assert (found.geonames_id, found.iso_code, found.link, found.link_confidence) == (None, None, None, 1.0)
    doubtful = place("in Springfield", "Springfield")
    assert doubtful.link is None
    assert 0.5 <= (doubtful.link_confidence or 0) < 1


def test_persons_and_organisations_are_given_no_ids() -> None:
    found = entities("Paris and Essex", ("Paris", "PERSON"), ("Essex", "ORG"))
    assert {(e.link, e.country_code, e.link_confidence) for e in found.values()} == {(None, None, None)}


def test_two_cities_of_one_name_are_two_entities_in_every_installation() -> None:
    england, canada = place("in London", "London"), place("in London, Ontario", "London", "Ontario")
    assert england.entity_id != canada.entity_id
    assert england.entity_id == entity_id("LOC", "whatever it is called", "geonames:2643743")
    assert england.entity_id == "3fc8c3b6-6390-5efd-82f4-a062392a9de8"
