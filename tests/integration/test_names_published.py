"""Names reach the analyst with their ids, and days with the day meant. Real PostgreSQL, no network."""

from __future__ import annotations

from datetime import date

import pytest
from test_twins import OTHER, A, Visited, deduplicate, desk, publish, rows, visit

from newsdesk.enrich.annotate import annotate
from newsdesk.settings import DEFAULT_MODELS
from newsdesk.store import documents
from newsdesk.store.database import transaction

__all__ = ["desk"]
BODY = "German trains reached London on Wednesday. Angela Merkel came to Paris, France, from Germany in December."


def name(dsn: str, run_id: int) -> None:
    """Stage enrich, on documents that are there."""
    with transaction(dsn) as cursor:
        cursor.execute("SELECT batch_id FROM ops.batch WHERE run_id = %s", (run_id,))
        (batch_id,) = cursor.fetchone() or (0,)
        cursor.execute("UPDATE ops.visit SET enriched_at = NULL WHERE batch_id = %s", (batch_id,))
        todo = documents.to_enrich(cursor, batch_id)
        found = annotate([(d.body, d.language) for d in todo], DEFAULT_MODELS, [d.published for d in todo])
        untitled = [documents.ToEnrich(d.url_id, d.document_id, None, d.body, d.language) for d in todo]
        documents.save_annotations(cursor, batch_id, list(zip(untitled, found, strict=True)), "test")


@pytest.fixture
def published(desk: str) -> str:
    for key, page in (("one", Visited(A, BODY)), ("two", Visited(OTHER, BODY.replace("German", "Polish")))):
        run_id = visit(desk, [page], key)
        name(desk, run_id)
        deduplicate(desk, run_id)
        publish(desk, run_id)
    return desk


def test_places_have_ids_and_peoples_their_country(published: str) -> None:
    found = {
        row["name"]: (row["geonames_id"], row["iso_code"], row["country_code"], row["link_confidence"] is not None)
        for row in rows(published, "SELECT * FROM news.entity JOIN news.article_entity USING (entity_id)")
    }
    assert found["London"] == (2643743, None, "GB", True)
    assert found["France"] == (3017382, "FR", "FR", True)
    assert found["German"] == (None, None, "DE", False)
    assert found["Angela Merkel"] == (None, None, None, False)


def test_days_are_mentions_with_the_day_meant_and_no_entity(published: str) -> None:
    found = rows(
        published, "SELECT text, entity_id, value, value_precision FROM news.mention WHERE subtype = 'DATE' ORDER BY 1"
    )
    assert {tuple(row.values()) for row in found} == {
        ("Wednesday", None, "2024-05-01", "day"), ("December", None, "2023-12", "month"),
    }  # fmt: skip
    assert date.fromisoformat(found[-1]["value"]).strftime("%A") == "Wednesday"


def test_one_place_of_two_articles_is_one_entity(published: str) -> None:
    (row,) = rows(
        published,
        "SELECT count(*) AS n FROM news.article_entity JOIN news.entity AS e USING (entity_id) WHERE e.geonames_id = 2643743",
    )
    assert row["n"] == 2
