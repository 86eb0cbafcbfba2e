"""Wikidata's JSON dump (latest-all.json, .gz or .bz2): one item a line, streamed; names and relations of those we want.

What the dump has no count of, how often a name means an item, is told by how many Wikipedias have an article on it: a
label weighs as much, an alias half. (Format: https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html)
"""

from __future__ import annotations

import bz2
import gzip
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from newsdesk.enrich.linking import key_of
from newsdesk.errors import ConfigError
from newsdesk.knowledge.classes import type_of
from newsdesk.knowledge.tables import LONGEST
from newsdesk.model import JsonObject
from newsdesk.store.knowledge import Alias

MOST_RELATED = 64  # items of one
_ALIAS_SHARE = 0.5
_EVERYWHERE = "mul"  # Wikidata's default values for all languages
_NO_RELATION = frozenset({"P31", "P279", "P21", "P910", "P1424", "P735", "P734", "P1889", "P460"})  # classes, names, …


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items, and which of their names."""

    languages: Collection[str]
    types: Collection[str] = ("PER", "ORG", "LOC", "MISC")
    min_sitelinks: int = 1
    classes: Mapping[str, str] = field(default_factory=dict)  # beside those of `classes`


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the dump. `end`: the place behind it, in uncompressed bytes. `left_out`: why there are no aliases."""

    end: int
    aliases: Sequence[Alias] = ()
    left_out: str | None = None


@contextmanager
def opened(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """(the uncompressed stream, the file itself, whose place tells how far it is)."""
    with path.open("rb") as raw:
        kinds: dict[str, Any] = {".gz": gzip.GzipFile, ".bz2": bz2.BZ2File}
        if (kind := kinds.get(path.suffix)) is None:
            yield raw, raw
            return
        with kind(raw) if kind is bz2.BZ2File else kind(fileobj=raw) as stream:
            yield cast(IO[bytes], stream), raw


def read(stream: IO[bytes], position: int, wanted: Wanted) -> Iterator[Line]:
    """The lines behind `position`. ConfigError where the file ends within its compression, or is no dump."""
    try:
        stream.seek(position)
        for line in stream:
            position += len(line)
            text = line.strip().rstrip(b",")
            if text not in (b"", b"[", b"]"):
                yield _line(text, position, wanted)
    except (EOFError, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise ConfigError(
            f"the dump cannot be read behind byte {position:,} (uncompressed): {error}. Is it whole? What was read "
            "before is loaded; give a whole file to go on"
        ) from None


def _line(text: bytes, end: int, wanted: Wanted) -> Line:
    try:
        entity = json.loads(text)
    except ValueError:
        return Line(end, left_out="no JSON")
    if not isinstance(entity, dict) or not isinstance(entity.get("id"), str):
        return Line(end, left_out="no item")
    if not entity["id"].startswith("Q"):
        return Line(end, left_out="a property or lexeme")
    claims = entity.get("claims") or {}
    kind = type_of(_values(claims, "P31"), claims, wanted.classes)
    if kind is None or kind not in wanted.types:
        return Line(end, left_out="of another type")
    sitelinks = len(entity.get("sitelinks") or {})
    if sitelinks < wanted.min_sitelinks:
        return Line(end, left_out="too few sitelinks")
    aliases = _aliases(entity, kind, sitelinks, claims, wanted.languages)
    return Line(end, aliases, None if aliases else "no name in these languages")


def _aliases(
    entity: JsonObject, kind: str, sitelinks: int, claims: Mapping[str, Any], languages: Collection[str]
) -> list[Alias]:
    labels, aliases = entity.get("labels") or {}, entity.get("aliases") or {}
    names = [name for language in (*languages, _EVERYWHERE) if (name := _value(labels.get(language)))]
    if not names:
        return []
    geonames = next((value for value in _values(claims, "P1566") if value.isdecimal()), None)
    related = _related(claims)
    found: dict[tuple[str, str], Alias] = {}
    for language in (*languages, _EVERYWHERE):
        forms = [(_value(labels.get(language)), 1.0), *((_value(a), _ALIAS_SHARE) for a in aliases.get(language) or ())]
        for form, share in forms:
            if form and len(form) <= LONGEST:
                own = "" if language == _EVERYWHERE else language
                found.setdefault((key := key_of(form), own), Alias(
                    key, form, own, entity["id"], share * (sitelinks + 1), kind, names[0],
                    int(geonames) if geonames else None, related,
                ))  # fmt: skip
    return list(found.values())


def _value(term: Any) -> str:
    value = term.get("value") if isinstance(term, dict) else None
    return " ".join(value.replace("\0", " ").split()) if isinstance(value, str) else ""


def _related(claims: Mapping[str, Any]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in claims:
        if name not in _NO_RELATION:
            found.update(dict.fromkeys(value for value in _values(claims, name) if value[:1] == "Q"))
    return tuple(found)[:MOST_RELATED]


def _values(claims: Mapping[str, Any], name: str) -> list[str]:
    """Items and texts that the statements of a property have as their value; those that are deprecated count nothing."""
    found = []
    for claim in claims.get(name) or ():
        if claim.get("rank") == "deprecated":
            continue
        value = ((claim.get("mainsnak") or {}).get("datavalue") or {}).get("value")
        if isinstance(value, dict) and value.get("entity-type") == "item":
            found.append(value.get("id") or f"Q{value.get('numeric-id')}")
        elif isinstance(value, str):
            found.append(value)
    return found
