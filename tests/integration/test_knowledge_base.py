"""The knowledge base from file to analyst; the past linked anew. Real PostgreSQL."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from arrivals import rows
from databases import wait_for_a_lock
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
from newsdesk import entity_linking
from newsdesk.desk import Desk
from newsdesk.enrich.join import entity_id
from newsdesk.errors import CheckFailed, ConfigError
from newsdesk.knowledge import loading
from newsdesk.knowledge.dump import Wanted
from newsdesk.reprocessing import applying
from newsdesk.reprocessing.report import write
from newsdesk.store import articles, knowledge
from newsdesk.store.database import session, transaction

__all__ = ["desk", "table"]


def test_a_bare_surname_is_not_the_person_of_another_article(desk: Desk) -> None:
    one, other = shown(desk)[A], shown(desk)[OTHER]
    assert ("Angela Merkel", "PER", None) in one
    assert ("Merkel", "PER", None) in other
    assert [row["of_one_article"] for row in rows(desk.dsn, "SELECT * FROM news.entity WHERE name = 'Merkel'")] == [
        True
    ]
    require_counts_that_add_up(desk)


def test_a_table_is_loaded_once_and_the_past_is_reported_first_then_linked(desk: Desk, table: Path) -> None:
    before = everything(desk)
    done = loading.load(desk, table, EN)
    assert (done.aliases, done.position, sum(done.left_out.values())) == (5, 6, 1)
    report = relink(desk, "one")
    assert everything(desk) == before
    assert report.links["before"] == 0
    assert report.links["after"] == report.links["added"] == 6  # Merkel, the bank and London, twice
    assert {row["after"] for row in report.links["names"]} == {"Q567", "Q7164", "Q84"}
    assert "Links to the knowledge base" in write(report, desk.settings.home).read_text()

    relink(desk, "two", apply=True)
    for url in BODIES:
        assert ("Angela Merkel", "PER", "Q567") in shown(desk)[url]
        assert ("London", "LOC", "Q84") in shown(desk)[url]
        assert ("Emmanuel Macron", "PER", None) in shown(desk)[url]
    (merkel,) = rows(desk.dsn, "SELECT * FROM news.entity WHERE wikidata_id = 'Q567'")
    assert (merkel["entity_id"], merkel["articles"], merkel["mentions"]) == (MERKEL, 2, 3)
    (london,) = rows(desk.dsn, "SELECT * FROM news.entity WHERE wikidata_id = 'Q84'")
    assert london["entity_id"] == entity_id("LOC", "London", "geonames:2643743")
    (macron,) = rows(desk.dsn, "SELECT * FROM news.entity WHERE name = 'Emmanuel Macron'")
    assert macron["link_confidence"] == 1.0  # that nobody in the table is meant
    require_counts_that_add_up(desk)
    assert relink(desk, "three").pages == 0


def test_who_applies_links_waits_for_a_publish_before_it_takes_a_url(desk: Desk, table: Path) -> None:
    loading.load(desk, table, EN)
    reprocess_id = relink(desk, "one").reprocess_id
    run_id = applying.open_run(desk, reprocess_id, "one", "airflow_reprocess")
    with ThreadPoolExecutor(1) as aside:
        with transaction(desk.dsn) as publishing:
            articles.take_turn(publishing)
            applied = aside.submit(applying.admit, desk, reprocess_id, run_id)
            wait_for_a_lock(desk.dsn)
            assert len(rows(desk.dsn, "SELECT 1 AS free FROM ops.frontier FOR UPDATE SKIP LOCKED")) == len(BODIES)
        assert applied.result(30) == []


def test_what_comes_later_is_linked_as_the_past_is(desk: Desk, table: Path) -> None:
    loading.load(desk, table, EN)
    relink(desk, "past", apply=True)
    linked = everything(desk)
    with transaction(desk.dsn) as cursor:
        cursor.execute(
            "UPDATE ops.document_entity SET linked_id = NULL, wikidata_id = NULL, wikidata_confidence = NULL"
        )
        cursor.execute("SELECT document_id FROM ops.document")
        ids = [document_id for (document_id,) in cursor.fetchall()]
        entity_linking.link_names(cursor, ids)
        cursor.execute(
            "CREATE TEMPORARY TABLE naming ON COMMIT DROP AS SELECT article_id, document_id FROM ops.article"
        )
        from newsdesk.store import names

        names.publish(cursor)
    assert everything(desk) == linked


def test_a_load_that_was_killed_goes_on(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [
        {"id": f"Q{n}", "claims": {"P569": []}, "sitelinks": {}, "labels": {"en": {"value": f"Person {n}"}}}
        for n in range(1, 8)
    ]
    path = tmp_path / "latest.json"
    path.write_text("[\n" + ",\n".join(map(json.dumps, items)) + "\n]\n")
    monkeypatch.setattr(loading, "PORTION", 2)
    wanted = Wanted(["en"], min_sitelinks=0)

    def stop(read: int, size: int, load: Any) -> None:
        if load.aliases == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loading.load(desk, path, wanted, tell=stop)
    assert [row["n"] for row in rows(desk.dsn, "SELECT count(*) AS n FROM ops.alias")] == [4]
    seen: list[int] = []
    done = loading.load(desk, path, wanted, tell=lambda read, size, load: seen.append(load.aliases))
    assert (seen, done.aliases) == ([6, 7], 7)
    assert [
        row["n"] for row in rows(desk.dsn, "SELECT count(*) AS n FROM ops.kb_load WHERE finished_at IS NOT NULL")
    ] == [1]


def test_a_file_without_anything_to_take_is_told(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("alias,qid\nX,Y\n")
    with pytest.raises(CheckFailed, match="1 no Wikidata id"):
        loading.load(desk, tmp_path / "a.csv", EN)
    with pytest.raises(ConfigError, match="must end with"):
        loading.load(desk, Path(__file__), EN)


def test_a_load_may_take_the_place_of_all_others(desk: Desk, table: Path, tmp_path: Path) -> None:
    loading.load(desk, table, EN)
    (tmp_path / "new.csv").write_text("alias,qid\nMacron,Q3052772\n")
    loading.load(desk, tmp_path / "new.csv", EN, replace_all=True)
    assert [row["qid"] for row in rows(desk.dsn, "SELECT qid FROM ops.kb_item")] == ["Q3052772"]
    with session(desk.dsn) as begin:
        assert entity_linking.learn_company(begin) == 0


def test_the_workers_account_loads_learns_and_forgets(desk: Desk, table: Path) -> None:
    with transaction(desk.dsn) as cursor:  # a member of news_writer owns no table
        cursor.execute("SELECT current_database()")
        cursor.execute(f"ALTER DATABASE {(cursor.fetchone() or ('',))[0]} SET role TO news_writer")
    for _ in range(2):
        loading.load(desk, table, EN)
    with transaction(desk.dsn) as cursor:
        assert knowledge.forget(cursor) == {"items": 4, "names": 5}
        assert knowledge.stock(cursor) == {"items": 0, "names": 0}
        assert knowledge.version(cursor) is None


def test_days_and_company_of_an_entity(desk: Desk) -> None:
    bank = entity(desk, "World Bank")
    (day,) = rows(desk.dsn, f"SELECT * FROM news.entity_daily WHERE entity_id = '{bank}'")
    assert (str(day["day"]), day["articles"], day["sources"], day["mentions"]) == ("2024-05-01", 2, 2, 2)
    company = rows(
        desk.dsn,
        f"SELECT e.name, t.articles FROM news.entity_together AS t JOIN news.entity AS e ON e.entity_id = t.other_id WHERE t.entity_id = '{bank}'",
    )
    assert {"name": "London", "articles": 2} in company
    sums = rows(desk.dsn, "SELECT article_id, sum(salience) AS s FROM news.article_entity GROUP BY 1")
    assert all(abs(row["s"] - 1) < 1e-3 for row in sums)


def test_another_process_that_loads_the_same_file_is_told(
    desk: Desk, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "PORTION", 2)
    other: list[Exception] = []

    def meanwhile(read: int, size: int, load: Any) -> None:
        if not other:
            with psycopg2.connect(desk.dsn) as connection, connection.cursor() as cursor:
                cursor.execute("UPDATE ops.kb_load SET position = position + 2")
            other.append(Exception())

    with pytest.raises(Exception, match="another process loads"):
        loading.load(desk, table, EN, tell=meanwhile)
