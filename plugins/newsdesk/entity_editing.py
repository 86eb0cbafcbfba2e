"""Merges and splits of entities by the operator's hand: checked, stored, shown; they outlive every reading anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from newsdesk.desk import Desk
from newsdesk.enrich.join import entity_id
from newsdesk.errors import ConfigError
from newsdesk.store import articles, entity_edits
from newsdesk.store.database import Cursor, transaction
from newsdesk.store.entity_edits import Shown


def find(desk: Desk, name: str, most: int = 20) -> list[Shown]:
    """Entities that are called so, those named in most articles first."""
    with transaction(desk.dsn) as cursor:
        return entity_edits.find(cursor, name, most)


def merge(desk: Desk, entity_ids: Sequence[str], into_id: str, why: str | None = None) -> int:
    """All these are `into_id`. Returns how many articles change. ConfigError for an id that is none, or the same twice."""
    with transaction(desk.dsn) as cursor:
        articles.take_turn(cursor)
        known = _known(cursor, [*entity_ids, into_id])
        into = known[_id(into_id)]
        merged = list(dict.fromkeys(map(_id, entity_ids)))
        if into.entity_id in merged:
            raise ConfigError(f"{into.name} ({into.entity_id}) cannot be merged into itself")
        if into.merged_into in merged:
            entity_edits.unmerge(cursor, into.entity_id)
        elif into.merged_into:
            raise ConfigError(
                f"{into.name} ({into.entity_id}) is merged itself, into {into.merged_into}: name that one"
            )
        return entity_edits.merge(cursor, merged, into, why)


def undo(desk: Desk, one: str) -> int:
    """Take back that it was merged, or split. Returns how many articles change. ConfigError where it was neither."""
    with transaction(desk.dsn) as cursor:
        articles.take_turn(cursor)
        known = _known(cursor, [one])[_id(one)]
        counts = [entity_edits.unmerge(cursor, known.entity_id), entity_edits.unsplit(cursor, known.entity_id)]
        if all(count is None for count in counts):
            raise ConfigError(
                f"{known.name} ({known.entity_id}) was neither merged nor split: to split it, name the articles in which "
                "another one is meant (--article), and who (--name or --into)"
            )
        return sum(count or 0 for count in counts)


def split(
    desk: Desk,
    one: str,
    article_ids: Sequence[int],
    *,
    into_id: str | None = None,
    name: str | None = None,
    wikidata_id: str | None = None,
    why: str | None = None,
) -> tuple[Shown, int]:
    """In these articles `one` is another: `into_id`, or a new one of this name. Returns it, and how many articles change."""
    with transaction(desk.dsn) as cursor:
        articles.take_turn(cursor)
        entity = _known(cursor, [one])[_id(one)]
        other = _known(cursor, [into_id])[_id(into_id)] if into_id else _new(entity, name or "", wikidata_id)
        if other.entity_id == entity.entity_id:
            raise ConfigError(
                f"{other.name} would be the same entity again: give it another name, such as one with its role"
            )
        if missing := sorted(set(article_ids) - entity_edits.naming(cursor, entity.entity_id, article_ids)):
            raise ConfigError(f"{entity.name} is not named in article {', '.join(map(str, missing))}")
        return other, entity_edits.split(cursor, entity, article_ids, other, why)


def _new(entity: Shown, name: str, wikidata_id: str | None) -> Shown:
    if not name.strip():
        raise ConfigError("say who is meant: --into an entity that is there, or the --name of a new one")
    link = f"wikidata:{wikidata_id}" if wikidata_id else None
    return replace(
        entity, entity_id=entity_id(entity.type, name, link), name=name.strip(), wikidata_id=wikidata_id, articles=0
    )


def _known(cursor: Cursor, entity_ids: Sequence[str]) -> dict[str, Shown]:
    ids = [_id(one) for one in entity_ids]
    known = entity_edits.read(cursor, ids)
    if missing := [one for one in ids if one not in known]:
        raise ConfigError(f"no entity has the id {', '.join(missing)}; `newsdesk entities find NAME` shows them")
    return known


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise ConfigError(f"{text!r} is no entity's id; `newsdesk entities find NAME` shows them") from None
