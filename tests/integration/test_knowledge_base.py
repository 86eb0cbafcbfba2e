"""The knowledge base from file to analyst; the past linked anew; merges and splits that outlive it. Real PostgreSQL."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from arrivals import Arrival, arrive, deduplicate, find_names, publish, rows
from databases import wait_for_a_lock
from newsdesk import entity_editing, entity_linking, withdrawing
from newsdesk.desk import Desk
from newsdesk.enrich.join import entity_id
from newsdesk.errors import CheckFailed, ConfigError
from newsdesk.knowledge import loading
from newsdesk.knowledge.dump import Wanted
from newsdesk.reprocessing import applying, steps
from newsdesk.reprocessing.report import Report, gather, write
from newsdesk.settings import read_settings
from newsdesk.store import articles, knowledge
from newsdesk.store.database import session, transaction
from newsdesk.store.reprocess import Scope

A, OTHER = "https://times.example/merkel-in-london", "https://post.example/the-bank-asked"
BODIES = {
    A: "Angela Merkel met Emmanuel Macron in London. Merkel spoke of the World Bank on Wednesday, and of Germany.",
    OTHER: "Merkel said that the World Bank had asked for it. She will be in London with Emmanuel Macron.",
}
TABLE = """alias,language,qid,type,prior,name
Angela Merkel,en,Q567,PER,1,Angela Merkel
Merkel,,Q567,PER,0.9,Angela Merkel
Merkel,,Q1,PER,0.1,
World Bank,en,Q7164,ORG,1,World Bank
London,en,Q84,LOC,0.9,London
not a row
"""
EN = Wanted(["en"])
MERKEL = entity_id("PER", "Angela Merkel", "wikidata:Q567")


@pytest.fixture
def desk(dsn: str, tmp_path: Path) -> Desk:
    """Two articles whose names are shown, and no knowledge base."""
    for url, body in BODIES.items():
        run_id = arrive(dsn, [Arrival(url, body)], url)
        find_names(dsn, run_id)
        deduplicate(dsn, run_id)
        publish(dsn, run_id)
    with transaction(dsn) as cursor:
        cursor.execute(
            "UPDATE ops.source SET definition = jsonb_build_object('id', source_id, 'name', source_id, 'homepage', 'https://x.example/')"
        )
    return Desk(read_settings({"NEWSDESK_HOME": str(tmp_path / "home")}), dsn)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "aliases.csv"
    path.write_text(TABLE)
    return path


def relink(desk: Desk, key: str, *, apply: bool = False) -> Report:
    reprocess_id = steps.open_report(desk, key, "link", Scope(), apply=False)
    for portion in steps.unread_portions(desk, reprocess_id):
        steps.read_portion(desk, reprocess_id, portion)
    report = gather(desk, reprocess_id)
    if apply:
        run_id = applying.open_run(desk, reprocess_id, key, "airflow_reprocess")
        assert applying.admit(desk, reprocess_id, run_id) == []
        with transaction(desk.dsn) as cursor:
            cursor.execute("UPDATE ops.run SET published_at = now() WHERE run_id = %s", (run_id,))
        applying.check(desk, reprocess_id, run_id)
    return report


def shown(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Article's URL → (name, type, wikidata id) of its entities."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows(
        desk.dsn,
        """
        SELECT a.url, e.name, e.type, e.wikidata_id FROM news.article_entity AS n
        JOIN news.entity AS e USING (entity_id) JOIN news.article AS a USING (article_id) ORDER BY 1, 2, 3
        """,
    ):
        found.setdefault(row["url"], []).append((row["name"], row["type"], row["wikidata_id"]))
    return found


def everything(desk: Desk) -> list[Any]:
    return [
        rows(desk.dsn, f"SELECT * FROM {table} ORDER BY 1, 2, 3")
        for table in ("news.entity", "news.article_entity", "news.mention", "news.entity_alias")
    ]


def require_counts_that_add_up(desk: Desk) -> None:
    assert (
        rows(
            desk.dsn,
            """
            SELECT e.name FROM news.entity AS e
            LEFT JOIN (SELECT entity_id, count(*) AS articles, sum(mentions) AS mentions, min(seen_at) AS first, max(seen_at) AS last
                       FROM news.article_entity GROUP BY 1) AS c USING (entity_id)
            WHERE (e.articles, e.mentions, e.first_seen_at, e.last_seen_at)
                IS DISTINCT FROM (coalesce(c.articles, 0), coalesce(c.mentions, 0), c.first, c.last)
            """,
        )
        == []
    )
    assert (
        rows(
            desk.dsn,
            """
            SELECT * FROM news.entity_alias AS a
            FULL JOIN (SELECT entity_id, text AS alias, count(*) AS mentions FROM news.mention WHERE entity_id IS NOT NULL GROUP BY 1, 2) AS m
                USING (entity_id, alias) WHERE a.mentions IS DISTINCT FROM m.mentions
            """,
        )
        == []
    )


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


def entity(desk: Desk, called: str) -> str:
    (row,) = rows(desk.dsn, f"SELECT entity_id FROM news.entity WHERE name = '{called}'")
    return str(row["entity_id"])


def renamed(desk: Desk) -> None:
    """Every article's names found, linked and published anew."""
    with transaction(desk.dsn) as cursor:
        cursor.execute("SELECT document_id FROM ops.document")
        entity_linking.link_names(cursor, [document_id for (document_id,) in cursor.fetchall()])
        cursor.execute(
            "CREATE TEMPORARY TABLE naming ON COMMIT DROP AS SELECT article_id, document_id FROM ops.article"
        )
        from newsdesk.store import names

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
