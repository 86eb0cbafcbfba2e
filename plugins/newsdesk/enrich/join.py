"""The names of one document → entities: which mentions mean the same, and an id that is the same everywhere.

Only within the document, where "Assad" can only be the Assad that was named in full. Across documents two mentions
meet when their fullest forms do, or the place that they mean: an id is made of the type and the folded name, of a
place that is known of its GeoNames or ISO id, and of nothing else. A person of whom the document gives one word only, a
surname or first name, is nobody's but the document's: its id is made of the document's too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import NAMESPACE_OID, uuid5

from newsdesk.enrich import names
from newsdesk.enrich.gazetteer import Gazetteer
from newsdesk.enrich.places import PlaceLink, link_places
from newsdesk.enrich.reading import Reading
from newsdesk.enrich.spans import Span
from newsdesk.model import Entity, Mention

NEWSDESK_NAMESPACE = uuid5(NAMESPACE_OID, "newsdesk entity")


@dataclass(slots=True)
class _Name:
    """One form of a name and one type, wherever it stands in the document."""

    type: str
    folded: str
    surfaces: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    means: _Name | None = None  # the fuller form

    def entity(self) -> _Name:
        name = self
        while name.means is not None:
            name = name.means
        return name


def entity_id(entity_type: str, name: str, link: str | None = None) -> str:
    """UUID of the entity that is called `name` in full, or that is `link`, the same in every run and on every machine."""
    what = link or _key(entity_type, names.fold(name))
    return str(uuid5(NEWSDESK_NAMESPACE, f"{entity_type}|{what}"))


def _key(entity_type: str, folded: str) -> str:
    return names.without_legal_form(folded) if entity_type == "ORG" else folded


Rule = Callable[[str, str], bool]
JOINS: Mapping[str, tuple[Rule, ...]] = {
    "PER": (names.is_surname_of, names.is_written_shorter, names.is_first_name_of),
    "ORG": (names.is_acronym_of, names.is_first_part_of, names.is_last_part_of),
    "LOC": (),  # by the place that is meant
    "MISC": (names.is_singular_of,),
}


def join(
    reading: Reading,
    spans: Sequence[Span],
    gazetteer: Gazetteer,
    joins: Mapping[str, tuple[Rule, ...]] = JOINS,
    document: str | None = None,
) -> tuple[tuple[Mention, ...], tuple[Entity, ...]]:
    """Mentions in the order of `spans`, each with its entity; entities in the order of their first mention.

    `document`: what the document is called, the same in every run and on every machine; None: its text tells.
    """
    document = document or sha256(reading.text.encode("utf-8", "surrogatepass")).hexdigest()
    links = link_places(reading, spans, gazetteer)
    forms: dict[tuple[str, str], _Name] = {}
    form_of = {}
    for span in spans:
        surface = reading.cased[span.start : span.end]
        folded = _key(span.type, names.fold(surface))
        form = form_of[span] = forms.setdefault((span.type, folded), _Name(span.type, folded))
        form.surfaces.append(surface)
        form.places.append(span.start)
    _join_places(forms, links)
    _join_forms(list(forms.values()), joins)

    entities: dict[int, Entity] = {}
    mentions = []
    for span in spans:
        whole = form_of[span].entity()
        if id(whole) not in entities:
            entities[id(whole)] = _entity(whole, links.get(whole.folded), gazetteer, document)
        entity = entities[id(whole)]
        text = reading.text[span.start : span.end]
        mentions.append(Mention(span.start, span.end, span.type, text, entity.entity_id, _subtype(span, entity)))
    return tuple(mentions), tuple({entity.entity_id: entity for entity in entities.values()}.values())


def _subtype(span: Span, entity: Entity) -> str | None:
    """The recogniser's finer label; where it has none, what the gazetteer knows."""
    if span.label not in (span.type, "PERSON"):
        return span.label
    if span.type == "LOC" and entity.country_code:
        return "GPE"
    return "NORP" if span.type == "MISC" and entity.country_code else None


def _entity(name: _Name, link: PlaceLink | None, gazetteer: Gazetteer, document: str) -> Entity:
    surface = _best_surface(name.surfaces)
    if name.type == "LOC" and link is not None:
        place = link.place
        if place is None:
            return Entity(entity_id("LOC", name.folded), "LOC", surface, link_confidence=link.confidence)
        return Entity(
            entity_id("LOC", place.name, place.key), "LOC", place.name, place.geonames_id, place.iso_code,
            place.country, link.confidence,
        )  # fmt: skip
    if name.type == "PER" and " " not in name.folded:
        return Entity(entity_id("PER", name.folded, f"{name.folded}|{document}"), "PER", surface, of_one_article=True)
    country = gazetteer.country_of(name.folded) if name.type == "MISC" else None
    return Entity(entity_id(name.type, name.folded), name.type, surface, country_code=country)


def _best_surface(surfaces: list[str]) -> str:
    """The form of most words, and of equals one that is not in capitals throughout, and that comes first."""
    return max(surfaces, key=lambda surface: (len(names.fold(surface).split()), not surface.isupper()))


def _join_places(forms: Mapping[tuple[str, str], _Name], links: Mapping[str, PlaceLink]) -> None:
    """Names of one place are one: "U.S." and "United States"."""
    first: dict[str, _Name] = {}
    for (entity_type, folded), form in forms.items():
        place = links[folded].place if entity_type == "LOC" and folded in links else None
        if place is not None and (known := first.setdefault(place.key, form)) is not form:
            form.means = known


def _join_forms(forms: list[_Name], joins: Mapping[str, tuple[Rule, ...]]) -> None:
    """Point each shorter form at the fuller one it stands for, by the first rule that finds one."""
    sharing = _by_clue(forms)
    for short in forms:
        if short.means is not None:
            continue
        clues = _clues_of_short(short.folded)
        maybe = {id(form): form for clue in clues for form in sharing.get((short.type, clue), ())}
        fuller = [f for f in maybe.values() if len(f.folded) > len(short.folded) and f.entity() is not short]
        for rule in joins[short.type]:
            found = [form for form in fuller if rule(short.folded, form.folded)]
            if found:
                short.means = _nearest(short, found)
                break


def _clues_of_short(folded: str) -> set[str]:
    words = folded.split()
    return {words[0], words[-1], folded + "s"}


def _by_clue(forms: list[_Name]) -> dict[tuple[str, str], list[_Name]]:
    """(type, what a shorter form would have) → forms, so that a page of a thousand names is not compared in squares."""
    found: defaultdict[tuple[str, str], list[_Name]] = defaultdict(list)
    for form in forms:
        words = form.folded.split()
        for clue in {words[0], words[-1], *names.acronyms(form.folded)}:
            found[form.type, clue].append(form)
    return found


def _nearest(short: _Name, found: list[_Name]) -> _Name:
    """Of several full names the one last named before the short form first stands; else the first one after."""
    start = short.places[0]
    before = [form for form in found if form.places[0] <= start]
    if not before:
        return min(found, key=lambda form: form.places[0])
    return max(before, key=lambda form: max(place for place in form.places if place <= start))
