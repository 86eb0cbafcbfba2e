"""The operator's word on entities: merges and splits that outlive every reading anew. Real PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from arrivals import rows
from knowledge_world import (
    BODIES,
    EN,
    MERKEL,
    OTHER,
    A,
    desk,
    entity,
    everything,
    relink,
    require_counts_that_add_up,
    shown,
    table,
)
from newsdesk import entity_editing, entity_linking, withdrawing
from newsdesk.desk import Desk
from newsdesk.errors import ConfigError
from newsdesk.knowledge import loading
from newsdesk.store import names
from newsdesk.store.database import transaction

__all__ = ["desk", "table"]


def renamed(desk: Desk) -> None:
    """Every article's names found, linked and published anew."""
    with transaction(desk.dsn) as cursor:
        cursor.execute("SELECT document_id FROM ops.document")
        entity_linking.link_names(cursor, [document_id for (document_id,) in cursor.fetchall()])
        cursor.execute(
            "CREATE TEMPORARY TABLE naming ON COMMIT DROP AS SELECT article_id, document_id FROM ops.article"
        )
        names.publish(cursor)


def test_a_merge_holds_whatever_is_read_anew_and_can_be_taken_back(desk: Desk) -> None:
    before = everything(desk)
    bare, full = entity(desk, "Merkel"), entity(desk, "Angela Merkel")
    (last,) = rows(desk.dsn, "SELECT max(load_id) AS load_id FROM news.load")
    assert entity_editing.merge(desk, [bare], full, "the chancellor") == 1
    changes = rows(
        desk.dsn, f"SELECT kind, count(*) AS n FROM news.changes WHERE load_id > {last['load_id']} GROUP BY 1"
    )
    assert [(row["kind"], row["n"]) for row in changes] == [("updated", 1)]
    merged = everything(desk)
    assert ("Angela Merkel", "PER", None) in shown(desk)[OTHER]
    assert ("Merkel", "PER", None) not in shown(desk)[OTHER]
    (row,) = rows(desk.dsn, f"SELECT merged_into, articles FROM news.entity WHERE entity_id = '{bare}'")
    assert (row["merged_into"], row["articles"]) == (full, 0)
    require_counts_that_add_up(desk)
    renamed(desk)
    assert everything(desk) == merged
    assert entity_editing.undo(desk, bare) == 2
    assert everything(desk) == before


def test_a_split_holds_for_its_articles_and_can_be_taken_back(desk: Desk, table: Path) -> None:
    loading.load(desk, table, EN)
    relink(desk, "past", apply=True)
    before = everything(desk)
    (article,) = [
        row["article_id"] for row in rows(desk.dsn, f"SELECT article_id FROM news.article WHERE url = '{OTHER}'")
    ]
    other, count = entity_editing.split(desk, MERKEL, [article], name="Max Merkel", wikidata_id="Q66085")
    assert (count, other.name) == (1, "Max Merkel")
    split = everything(desk)
    assert ("Max Merkel", "PER", "Q66085") in shown(desk)[OTHER]
    assert ("Angela Merkel", "PER", "Q567") in shown(desk)[A]
    renamed(desk)
    assert everything(desk) == split
    require_counts_that_add_up(desk)
    assert entity_editing.undo(desk, MERKEL) == 1
    assert everything(desk) == before


def test_what_was_split_off_may_be_merged_and_what_was_merged_split(desk: Desk) -> None:
    bare, full, macron = entity(desk, "Merkel"), entity(desk, "Angela Merkel"), entity(desk, "Emmanuel Macron")
    (article,) = [
        row["article_id"] for row in rows(desk.dsn, f"SELECT article_id FROM news.article WHERE url = '{OTHER}'")
    ]
    entity_editing.merge(desk, [bare], full)
    other, _ = entity_editing.split(desk, full, [article], name="Max Merkel")
    assert ("Max Merkel", "PER", None) in shown(desk)[OTHER]
    entity_editing.merge(desk, [other.entity_id], macron)
    assert [one for one in shown(desk)[OTHER] if one[1] == "PER"] == [("Emmanuel Macron", "PER", None)]
    require_counts_that_add_up(desk)


def test_what_another_was_merged_into_stays_when_the_last_article_that_names_it_is_withdrawn(desk: Desk) -> None:
    bare, full = entity(desk, "Merkel"), entity(desk, "Angela Merkel")
    entity_editing.merge(desk, [full], bare)
    with transaction(desk.dsn) as cursor:
        cursor.execute("UPDATE ops.capture SET erased_at = now()")  # of these pages no archive was made
    for url in BODIES:
        assert withdrawing.withdraw(desk, url, "a wish").articles == 1
    left = rows(desk.dsn, "SELECT entity_id, merged_into, articles FROM news.entity ORDER BY merged_into")
    assert [(row["entity_id"], row["merged_into"], row["articles"]) for row in left] == [
        (full, bare, 0),
        (bare, None, 0),
    ]
    assert entity_editing.undo(desk, full) == 0


def test_edits_that_make_no_sense_are_refused(desk: Desk) -> None:
    full = entity(desk, "Angela Merkel")
    for wrong in (
        lambda: entity_editing.merge(desk, [full], full),
        lambda: entity_editing.merge(desk, ["nobody"], full),
        lambda: entity_editing.merge(desk, ["00000000-0000-0000-0000-000000000000"], full),
        lambda: entity_editing.undo(desk, full),
        lambda: entity_editing.split(desk, full, [0], name="X"),
        lambda: entity_editing.split(desk, full, [1]),
    ):
        with pytest.raises(ConfigError):
            wrong()


def test_names_are_found_as_printed(desk: Desk) -> None:
    assert {one.name for one in entity_editing.find(desk, "merkel")} == {"Angela Merkel", "Merkel"}
