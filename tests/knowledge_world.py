"""Two articles whose names are shown, and a table of aliases for them: what the knowledge base's tests stand on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from arrivals import Arrival, arrive, deduplicate, find_names, publish, rows
from newsdesk.desk import Desk
from newsdesk.enrich.join import entity_id
from newsdesk.knowledge.dump import Wanted
from newsdesk.reprocessing import applying, steps
from newsdesk.reprocessing.report import Report, gather
from newsdesk.settings import read_settings
from newsdesk.store.database import transaction
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


def entity(desk: Desk, called: str) -> str:
    (row,) = rows(desk.dsn, f"SELECT entity_id FROM news.entity WHERE name = '{called}'")
    return str(row["entity_id"])
