"""The names of one document → entities: which mentions mean the same, and an id that is the same everywhere.

Only within the document, where "Assad" can only be the Assad that was named in full. Across documents two mentions
meet when their fullest forms do: the id is made of type and folded name and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_OID, uuid5

from newsdesk.enrich import names
from newsdesk.enrich.clean import Span
from newsdesk.model import Entity, Mention

NEWSDESK_NAMESPACE = uuid5(NAMESPACE_OID, "newsdesk entity")


@dataclass(slots=True)
class _Name:
    """One form of a name and one type, wherever it stands in the document."""

    type: str
    folded: str
    surfaces: list[str]
    places: list[int]
    means: _Name | None = None  # the fuller form

    def entity(self) -> _Name:
        name = self
        while name.means is not None:
            name = name.means
        return name


def entity_id(entity_type: str, name: str) -> str:
    """UUID of the entity that is called `name` in full, the same in every run and on every machine."""
    return str(uuid5(NEWSDESK_NAMESPACE, f"{entity_type}|{_key(entity_type, names.fold(name))}"))


def _key(entity_type: str, folded: str) -> str:
    return names.without_legal_form(folded) if entity_type == "ORG" else folded


def join(text: str, spans: Sequence[Span]) -> tuple[tuple[Mention, ...], tuple[Entity, ...]]:
    """Mentions in the order of `spans`, each with its entity; entities in the order of their first mention."""
    forms: dict[tuple[str, str], _Name] = {}
    for span in spans:
        surface = text[span.start : span.end]
        folded = _key(span.type, names.fold(surface))
        form = forms.setdefault((span.type, folded), _Name(span.type, folded, [], []))
        form.surfaces.append(surface)
        form.places.append(span.start)
    _link(list(forms.values()))

    entities: dict[int, Entity] = {}
    mentions = []
    for span in spans:
        surface = text[span.start : span.end]
        whole = forms[span.type, _key(span.type, names.fold(surface))].entity()
        entity = entities.setdefault(id(whole), _entity(whole))
        subtype = span.label if span.label not in (span.type, "PERSON") else None
        mentions.append(Mention(span.start, span.end, span.type, surface, entity.entity_id, subtype))
    return tuple(mentions), tuple(entities.values())


def _entity(name: _Name) -> Entity:
    return Entity(entity_id(name.type, name.folded), name.type, _best_surface(name.surfaces))


def _best_surface(surfaces: list[str]) -> str:
    """The form of most words, and of equals one that is not in capitals throughout, and that comes first."""
    return max(surfaces, key=lambda surface: (len(names.fold(surface).split()), not surface.isupper()))


_Rule = Callable[[str, str], bool]
_RULES: dict[str, tuple[_Rule, ...]] = {
    "PER": (names.is_surname_of, names.is_written_shorter, names.is_first_name_of),
    "ORG": (names.is_acronym_of, names.is_first_part_of),
    "LOC": (names.is_acronym_of,),
    "MISC": (names.is_singular_of, names.is_acronym_of, names.is_first_part_of),
}


def _link(forms: list[_Name]) -> None:
    """Point each shorter form at the fuller one it stands for, by the first rule that finds one."""
    sharing = _by_clue(forms)
    for short in forms:
        clues = _clues_of_short(short.folded)
        maybe = {id(form): form for clue in clues for form in sharing.get((short.type, clue), ())}
        fuller = [form for form in maybe.values() if len(form.folded) > len(short.folded)]
        for rule in _RULES[short.type]:
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
