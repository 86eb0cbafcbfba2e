"""A table of aliases without a database: names of a text are linked to it as the pipeline would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from newsdesk.enrich.linking import Candidate, Meaning, Named, keys_of, link, named_in
from newsdesk.entity_linking import candidates
from newsdesk.errors import ConfigError
from newsdesk.knowledge import tables
from newsdesk.languages import primary_tag
from newsdesk.model import Annotation, Entity
from newsdesk.store.knowledge import Alias, Called

Table = Mapping[str, Sequence[tuple[str, Called]]]  # key → (language, who is called so)


def read_table(path: Path) -> Table:
    """ConfigError where it is no table with an alias in it."""
    if not path.is_file():
        raise ConfigError(f"{path}: there is no such file")
    rows = tables.read_parquet if path.suffix.lower() == ".parquet" else tables.read_csv
    found = [alias for _, _, alias in rows(path, 0) if isinstance(alias, Alias)]
    if not found:
        raise ConfigError(f"{path}: nothing could be taken")
    told = {alias.qid: alias for alias in reversed(found)} | {alias.qid: alias for alias in found if alias.name}
    priors = _priors(found)
    table: defaultdict[str, list[tuple[str, Called]]] = defaultdict(list)
    for alias in found:
        item = told[alias.qid]
        table[alias.key].append((alias.language, Called(
            alias.key, True, alias.qid, item.name or item.alias, item.type, alias.prior, priors, item.geonames_id,
            item.related, 0,
        )))  # fmt: skip
    return table


def _priors(aliases: Sequence[Alias]) -> str:
    """What they are: as `store.knowledge.finish_load` tells it."""
    totals: defaultdict[tuple[str, str], float] = defaultdict(float)
    for alias in aliases:
        totals[alias.key, alias.language] += alias.prior
    if max(alias.prior for alias in aliases) > 1:
        return "counts"
    return "shares" if median(totals.values()) >= 0.5 else "weights"


def linked(found: Annotation, table: Table) -> Annotation:
    """The annotation, its entities linked. What the table has of it is that of its language, and of none."""
    language = primary_tag(found.language)
    document = named_in(found)
    meanings = link(document, _known(document, table, language))
    now = {
        named.entity_id: _entity(entity, named, meaning)
        for entity, named, meaning in zip(found.entities, document, meanings, strict=True)
    }
    mentions = tuple(
        replace(m, entity_id=now[m.entity_id].entity_id) if m.entity_id is not None else m for m in found.mentions
    )
    entities = {entity.entity_id: entity for entity in now.values()}
    return replace(found, mentions=mentions, entities=tuple(entities.values()))


def _known(document: Sequence[Named], table: Table, language: str) -> dict[str, list[Candidate]]:
    keys = {key for named in document for key in keys_of(named)}
    called = (replace(one, own=of in ("", language)) for key in keys for of, one in table.get(key, ()))
    return candidates(called)


def _entity(entity: Entity, named: Named, meaning: Meaning) -> Entity:
    if meaning.candidate is None:
        return entity if named.is_place else replace(entity, link_confidence=meaning.confidence)
    item = meaning.candidate
    linked_id = meaning.entity_id(named)
    if linked_id is None:
        return replace(entity, wikidata_id=item.qid)
    return Entity(
        linked_id,
        meaning.type(named),
        item.name,
        item.geonames_id,
        link_confidence=meaning.confidence,
        wikidata_id=item.qid,
    )
