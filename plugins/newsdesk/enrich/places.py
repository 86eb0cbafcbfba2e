"""Which place a name means: the gazetteer's candidates weighed by what else the document names.

A country outweighs its namesakes, among cities the larger one, and more than that weighs what stands in the document:
the country or region named right behind ("Durham, North Carolina"), countries, regions and demonyms anywhere. (Leidner,
Toponym Resolution in Text, 2007: population, local pattern, one sense per discourse, co-occurring countries.)
The answer carries a confidence; below CERTAIN it is None: the name is of a place that we do not know, or cannot tell.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from newsdesk.enrich.gazetteer import Gazetteer, Place
from newsdesk.enrich.names import fold
from newsdesk.enrich.reading import Reading
from newsdesk.enrich.spans import Span

CERTAIN = 0.5
_WEIGHT = {"country": 8.0, "wider": 7.5, "region": 5.5}  # of cities: the decimal logarithm of their inhabitants
_CAPITAL = 1.0
_IN_COUNTRY = 2.0  # its country is named
_IN_REGION = 2.0  # its region is named
_MAIN_COUNTRY = 1.0  # no country is named more often
_OTHER_NAME = -1.0  # it is called so in another language, or once was
_SHARPNESS = 1.2  # of the choice between candidates
_KNOWN_SIZE = 4.9  # logarithm of inhabitants where, without context, it is even whether a name means the city


@dataclass(frozen=True, slots=True)
class PlaceLink:
    """`confidence` in [0, 1]: of `place`; where that is None, of that none of the gazetteer's places is meant."""

    place: Place | None
    confidence: float


class _Context:
    """How often the document names a country or something of it, and which regions."""

    def __init__(self, reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> None:
        self.countries: Counter[str] = Counter()
        self.regions: set[str] = set()
        for span in spans:
            name = reading.cased[span.start : span.end]
            if span.type == "LOC" and (places := gazetteer.of(name)) and places[0].kind in ("country", "region"):
                self.countries[places[0].country or ""] += 1
                self.regions.update(place.iso_code for place in places if place.kind == "region" and place.iso_code)
            elif span.type == "MISC" and (code := gazetteer.country_of(name)):
                self.countries[code[:2]] += 1
        self.most = max(self.countries.values(), default=0)

    def weight(self, place: Place) -> float:
        named = self.countries[place.country or ""]
        if place.kind == "country":
            named -= 1  # the name itself
        weight = _IN_COUNTRY * (named > 0) + _MAIN_COUNTRY * (0 < named == self.most)
        return weight + _IN_REGION * (place.kind == "city" and f"{place.country}-{place.region}" in self.regions)


def link_places(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> dict[str, PlaceLink]:
    """Folded name → what it means, for each name of a place in the document."""
    named: defaultdict[str, list[Span]] = defaultdict(list)
    for span in spans:
        if span.type == "LOC":
            named[fold(reading.cased[span.start : span.end])].append(span)
    following = _following(reading, [span for some in named.values() for span in some], gazetteer)
    context = _Context(reading, spans, gazetteer)
    return {name: _link(reading, some, following, context, gazetteer) for name, some in named.items()}


def _following(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> dict[Span, Place]:
    """Place → the country or region that is named right behind it, as in "Durham, N.C." and "Nice (France)"."""
    ordered = sorted(spans, key=lambda span: span.start)
    found = {}
    for first, second in pairwise(ordered):
        if reading.cased[first.end : second.start] in (", ", " (", " in ", ", in "):
            places = gazetteer.of(reading.cased[second.start : second.end])
            if places and places[0].kind in ("country", "region"):
                found[first] = places[0]
    return found


def _link(
    reading: Reading, spans: Sequence[Span], following: Mapping[Span, Place], context: _Context, gazetteer: Gazetteer
) -> PlaceLink:
    candidates = gazetteer.of(reading.cased[spans[0].start : spans[0].end])
    wholes = [following[span] for span in spans if span in following]
    told = False
    if wholes and candidates and candidates[0].kind != "country":
        inside = [place for place in candidates if any(_lies_in(place, whole) for whole in wholes)]
        is_list = not inside and all(whole.kind == "country" for whole in wholes) and len(spans) > len(wholes)
        if not is_list:
            candidates, told = tuple(inside), True
    if candidates and candidates[0].kind == "country":  # "Mexico" is the country, whatever its capital is called
        candidates = (candidates[0], *(place for place in candidates[1:] if place.country != candidates[0].country))
    if not candidates:
        return PlaceLink(None, 1.0)
    name = fold(reading.cased[spans[0].start : spans[0].end])
    scores = [_own_weight(place, name, gazetteer) + context.weight(place) for place in candidates]
    best = max(range(len(candidates)), key=scores.__getitem__)
    share = 1.0 / sum(math.exp(_SHARPNESS * (score - scores[best])) for score in scores)
    confidence = share * (1.0 if told else _is_meant(candidates[best], scores[best]))
    if confidence < CERTAIN:
        return PlaceLink(None, round(1 - confidence, 2))
    return PlaceLink(candidates[best], round(confidence, 2))


def _own_weight(place: Place, name: str, gazetteer: Gazetteer) -> float:
    if place.kind != "city":
        return _WEIGHT[place.kind]
    other_name = _OTHER_NAME * (fold(place.name) != name)
    return other_name + math.log10(max(place.population, 1)) + _CAPITAL * (place.geonames_id in gazetteer.capitals)


def _is_meant(place: Place, score: float) -> float:
    """How likely it is that the name means a place of the gazetteer at all: small cities have unknown namesakes."""
    if place.kind != "city":
        return 0.99
    return 1 / (1 + math.exp(-2.0 * (score - _KNOWN_SIZE)))


def _lies_in(place: Place, whole: Place) -> bool:
    if whole.kind == "country":
        return place.country == whole.country and place.kind != "country"
    return place.kind == "city" and f"{place.country}-{place.region}" == whole.iso_code
