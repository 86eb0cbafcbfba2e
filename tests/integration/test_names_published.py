"""Names reach the analyst with their ids, and days with the day meant. Real PostgreSQL, no network."""

from __future__ import annotations

from datetime import date

import pytest

from arrivals import Arrival, arrive, deduplicate, find_names, publish, rows

BODY = "German trains reached London on Wednesday. Angela Merkel came to Paris, France, from Germany in December."


@pytest.fixture
def published(dsn: str) -> str:
    for url, body in (
        ("https://times.example/a", BODY),
        ("https://post.example/b", BODY.replace("German", "Polish")),
    ):
        run_id = arrive(dsn, [Arrival(url, body)], url)
        find_names(dsn, run_id)
        deduplicate(dsn, run_id)
        publish(dsn, run_id)
    return dsn


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
