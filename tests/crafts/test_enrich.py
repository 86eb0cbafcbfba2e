"""enrich: names are cut to the name, typed once a document, and joined where they mean the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsdesk.enrich import annotate as annotate_module
from newsdesk.enrich.annotate import annotate
from newsdesk.enrich.clean import clean
from newsdesk.enrich.gazetteer import gazetteer
from newsdesk.enrich.join import entity_id, join
from newsdesk.enrich.models import load, load_spacy
from newsdesk.enrich.names import fold, is_written_shorter
from newsdesk.enrich.reading import Reading
from newsdesk.enrich.spans import TYPES, Span
from newsdesk.enrich.vote import vote
from newsdesk.errors import ConfigError
from newsdesk.model import Annotation
from newsdesk.settings import DEFAULT_MODELS

FULL = "Bashar al-Assad"


def marked(text: str, *names: tuple[str, str]) -> list[Span]:
    """A span for each (name, label), found from left to right."""
    spans, start = [], 0
    for name, label in names:
        start = text.index(name, start)
        spans.append(Span(start, start + len(name), label))
        start += len(name)
    return spans


def cleaned(name: str, label: str, language: str = "en") -> str | None:
    text = f"So {name} it is"
    found = clean(Reading(text, language), [Span(3, 3 + len(name), label)], gazetteer())
    return text[found[0].start : found[0].end] if found else None


# --- cleaning --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marked_name", "label", "name"),
    [
        ("the Freedom Front's", "ORG", "Freedom Front"),
        ("The United States", "GPE", "United States"),
        ("The Curse of the Harbour", "WORK_OF_ART", "The Curse of the Harbour"),
        ("President Assad", "PERSON", "Assad"),
        ("former Prime Minister Tony Blair", "PERSON", "Tony Blair"),
        ("Mr. Blair’s", "PERSON", "Blair"),
        ("striker Roberto Carlos 79th", "PERSON", "Roberto Carlos"),
        ("van der Merwe", "PERSON", "van der Merwe"),
        ("Philadelphia Eagles 37-10", "ORG", "Philadelphia Eagles"),
        ("Channel 4", "ORG", "Channel 4"),
        ("SEOUL 1996-12-06", "GPE", "SEOUL"),
        ("The Oval (London", "FAC", "Oval"),
        ("U.S.", "GPE", "U.S."),
        ("Acme Inc.", "ORG", "Acme Inc."),
        ("Acme,", "ORG", "Acme"),
        ("united Germany", "GPE", "Germany"),
        ('"Hot Space', "WORK_OF_ART", "Hot Space"),
        ("Yuri Kushko\nSPORT", "PERSON", "Yuri Kushko"),
        ("President", "PERSON", "President"),
        ("the congress", "ORG", None),
        ("2-4", "ORG", None),
        (" – ", "ORG", None),
        ("北京", "GPE", "北京"),
    ],
)
def test_a_span_is_cut_to_the_name(marked_name: str, label: str, name: str | None) -> None:
    assert cleaned(marked_name, label) == name


@pytest.mark.parametrize(
    ("marked_name", "label", "name"),
    [("l'Europe", "LOC", "Europe"), ("du Mexique", "LOC", "Mexique"), ("mer Noire", "LOC", "mer Noire"),
     ("président Macron", "PER", "Macron"), ("Le Monde", "ORG", "Le Monde")],
)  # fmt: skip
def test_a_french_span_is_cut_by_french_rules(marked_name: str, label: str, name: str) -> None:
    assert cleaned(marked_name, label, "fr") == name


@given(st.text(max_size=60), st.data())
def test_cleaning_only_ever_cuts_and_leaves_a_letter(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))), data.draw(st.sampled_from(sorted(TYPES))))
    for cut in clean(Reading(text, data.draw(st.sampled_from(["en", "fr", "es", "xx"]))), [span], gazetteer()):
        assert span.start <= cut.start < cut.end <= span.end
        assert any(map(str.isalpha, text[cut.start : cut.end]))


def test_one_name_has_one_type_in_a_document() -> None:
    text = "Voroma said … Voroma rose … Voroma fell"
    spans = marked(text, ("Voroma", "ORG"), ("Voroma", "PERSON"), ("Voroma", "ORG"))
    assert [span.label for span in vote(Reading(text, "en"), spans, gazetteer())] == ["ORG"] * 3


def test_a_surname_takes_the_type_of_the_full_name() -> None:
    text = "Rosie O'Donnell spoke. O'Donnell left."
    spans = marked(text, ("Rosie O'Donnell", "PERSON"), ("O'Donnell", "ORG"))
    assert [span.type for span in vote(Reading(text, "en"), spans, gazetteer())] == ["PER", "PER"]


def test_a_name_that_ends_like_an_organisation_is_one() -> None:
    text = "Harbour Bank lends"
    spans = marked(text, ("Harbour Bank", "PERSON"))
    assert [span.type for span in vote(Reading(text, "en"), spans, gazetteer())] == ["ORG"]


# --- joining ---------------------------------------------------------------------------------------------------------


def groups(text: str, *names: tuple[str, str]) -> list[str]:
    """The name of each mention's entity, in order."""
    mentions, entities = join(Reading(text, "en"), marked(text, *names), gazetteer())
    called = {entity.entity_id: entity.name for entity in entities}
    return [called[mention.entity_id] for mention in mentions]


def test_a_surname_means_the_person_named_in_full_before_or_after() -> None:
    text = "Assad came. Bashar al-Assad left, and al Assad and Bashar al Assad."
    names = [("Assad", "PER"), (FULL, "PER"), ("al Assad", "PER"), ("Bashar al Assad", "PER")]
    assert groups(text, *names) == [FULL] * 4


def test_of_two_of_one_surname_the_one_named_last_is_meant() -> None:
    text = "Anna Berg met Karl Lund. Then Maria Berg came. Berg spoke."
    assert (
        groups(text, ("Anna Berg", "PER"), ("Karl Lund", "PER"), ("Maria Berg", "PER"), ("Berg", "PER"))[-1]
        == "Maria Berg"
    )


def test_initials_and_left_out_middle_names_are_the_same_person() -> None:
    full = "George Walker Bush"
    text = f"G. W. Bush; George Bush; {full}; G. Bush; Barbara Bush"
    names = [("G. W. Bush", "PER"), ("George Bush", "PER"), (full, "PER"), ("G. Bush", "PER"), ("Barbara Bush", "PER")]
    assert groups(text, *names) == [full, full, full, full, "Barbara Bush"]
    assert not is_written_shorter("john bush", "george walker bush")


def test_an_acronym_means_the_name_it_is_made_of() -> None:
    text = "the United Nations … UN … U.N. … Bank of Scotland … BoS"
    names = [("United Nations", "ORG"), ("UN", "ORG"), ("U.N.", "ORG"), ("Bank of Scotland", "ORG"), ("BoS", "ORG")]
    assert groups(text, *names) == ["United Nations"] * 3 + ["Bank of Scotland"] * 2


def test_a_company_is_itself_without_its_legal_form() -> None:
    text = "BankAmerica … BankAmerica Corp. … Merrill Lynch, Pierce, Fenner … Merrill Lynch"
    names = [
        ("BankAmerica", "ORG"),
        ("BankAmerica Corp.", "ORG"),
        ("Merrill Lynch, Pierce, Fenner", "ORG"),
        ("Merrill Lynch", "ORG"),
    ]
    assert groups(text, *names) == ["BankAmerica Corp."] * 2 + ["Merrill Lynch, Pierce, Fenner"] * 2
    assert entity_id("ORG", "BankAmerica Corp.") == entity_id("ORG", "BANKAMERICA")


def test_a_bare_surname_is_an_entity_of_its_document() -> None:
    """The same in every run; another in another article, where another may be called so."""

    def spoke(text: str, document: str | None = None) -> str | None:
        mentions, (entity,) = join(Reading(text, "en"), marked(text, ("Assad", "PER")), gazetteer(), document=document)
        assert (entity.name, entity.of_one_article) == ("Assad", True)
        return mentions[0].entity_id

    assert spoke("Assad spoke.") == spoke("Assad spoke.") != spoke("Assad went.")
    assert spoke("Assad spoke.", "a.example/1") == spoke("Assad spoke again.", "a.example/1")
    assert spoke("Assad spoke.", "a.example/1") != spoke("Assad spoke.", "a.example/2")
    assert spoke("Assad spoke.") not in (entity_id("PER", "Assad"), entity_id("PER", FULL))


def test_types_are_not_mixed() -> None:
    assert groups("Sydney and Sydney", ("Sydney", "LOC"), ("Sydney", "PER")) == ["Sydney", "Sydney"]
    assert entity_id("LOC", "Sydney") != entity_id("PER", "Sydney")


def test_the_name_shown_is_not_in_capitals_where_the_text_has_it_otherwise() -> None:
    assert groups("CAMPESE … Campese", ("CAMPESE", "PER"), ("Campese", "PER")) == ["Campese"] * 2


def test_entity_ids_stay_what_they_are_for_ever() -> None:
    assert entity_id("PER", FULL) == entity_id("PER", "BASHAR AL ASSAD") == "d20ca49e-e765-53cb-a869-3b66b382d148"


def test_a_page_of_thousands_of_names_is_joined_in_no_time() -> None:
    names = [(f"Name{number} Family{number}", "PER") for number in range(3000)]
    text = " ; ".join(name for name, _ in names)
    assert len(join(Reading(text, "en"), marked(text, *names), gazetteer())[1]) == 3000


@given(st.text(max_size=40))
def test_folding_is_stable_and_never_loses_a_name(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    assert bool(fold(name)) == bool(name)


# --- the whole way ---------------------------------------------------------------------------------------------------

ENGLISH = "President Bashar al-Assad met Angela Merkel in Berlin. Assad thanked the United Nations; the UN was silent."
FRENCH = "Emmanuel Macron a rencontré Angela Merkel à Berlin. Macron a remercié la ville."


def test_texts_of_several_languages_come_back_in_order() -> None:
    french, unknown, english, none, british = annotate(
        [(FRENCH, "fr"), (ENGLISH, "xx"), (ENGLISH, "en"), (ENGLISH, None), (ENGLISH, "en-GB")], DEFAULT_MODELS
    )
    assert [unknown, none] == [Annotation("xx", None), Annotation(None, None)]
    assert [french.model, english.model, british.model] == [DEFAULT_MODELS[tag] for tag in ("fr", "en", "en")]
    assert {"Emmanuel Macron", "Angela Merkel", "Berlin"} <= {entity.name for entity in french.entities}
    assert (british.language, british.mentions) == ("en-GB", english.mentions)
    names = {entity.name: entity for entity in english.entities}
    assert {FULL, "Angela Merkel", "Berlin", "United Nations"} <= set(names)
    assert "Assad" not in names
    berlin = next(mention for mention in english.mentions if mention.text == "Berlin")
    assert (berlin.type, berlin.subtype) == ("LOC", "GPE")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.one_of(st.sampled_from([ENGLISH, FRENCH, "\n\n", "😀 "]), st.text(max_size=30)), max_size=5).map(
        " ".join
    )
)
def test_offsets_slice_back_to_the_mention(text: str) -> None:
    for annotation in annotate([(text, "en"), (text, "fr")], DEFAULT_MODELS):
        known = {entity.entity_id for entity in annotation.entities}
        for mention in annotation.mentions:
            assert text[mention.start : mention.end] == mention.text
            assert mention.type in ("PER", "ORG", "LOC", "MISC")
            assert mention.entity_id in known or (mention.subtype == "DATE" and mention.value)


def test_a_text_longer_than_a_piece_keeps_its_offsets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotate_module, "PIECE", 300)
    text = "\n".join(f"Angela Merkel went to Berlin, part {number}." for number in range(60))
    (found,) = annotate([(text, "en")], DEFAULT_MODELS)
    assert all(text[mention.start : mention.end] == mention.text for mention in found.mentions)
    assert sum(mention.text == "Berlin" for mention in found.mentions) >= 50


def test_a_model_is_loaded_once_and_with_nothing_but_its_recogniser() -> None:
    assert load(DEFAULT_MODELS["en"]) is load(DEFAULT_MODELS["en"])
    assert load_spacy(DEFAULT_MODELS["en"]).pipe_names == ["ner"]


def test_a_missing_model_says_what_to_do() -> None:
    with pytest.raises(ConfigError, match=r"pip install xx-no-such-model.*NEWSDESK_MODELS"):
        annotate([("Text.", "xx")], {"xx": "xx_no_such_model"})


def test_a_model_that_finds_no_names_is_refused(tmp_path: Path) -> None:
    import spacy

    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ConfigError, match="no `ner` component"):
        load(str(tmp_path / "blank"))


def test_looking_up_names_does_not_load_spacy() -> None:
    program = "import sys, newsdesk.enrich.annotate, newsdesk.enrich.join; sys.exit('spacy' in sys.modules)"
    plugins = Path(__file__).parents[2] / "plugins"
    assert (
        subprocess.run([sys.executable, "-c", program], env={"PYTHONPATH": str(plugins)}, check=False).returncode == 0
    )
