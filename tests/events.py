"""Articles that tell of some events about a harbour, and the stories that a database makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from arrivals import Arrival, arrive, publish
from newsdesk.deduplication import deduplicate_documents
from newsdesk.store.database import transaction
from newsdesk.story_building import build_stories

FERRY = (
    "A ferry with 212 passengers ran aground off Brackwater on Monday night, and 14 people were taken to hospital.",
    "Fourteen hurt as Brackwater ferry hits a sandbank; all 212 passengers were brought ashore by lifeboats.",
    "Lifeboat crews worked until dawn to empty the ferry that ran onto a sandbank near Brackwater harbour.",
)
ASHORE = "Lifeboat crews worked until dawn to empty a vessel that lay on the sand, the coast guard in Otterby said."
BRIDGES = (
    "The ferry off Brackwater lay on the sand until dawn; lifeboat crews and the coast guard in Otterby worked to empty it of its 212 passengers, of whom 14 were taken to hospital.",
    "Passengers of the vessel that ran aground on Monday night off Brackwater, the coast guard said in Otterby, waited on the sand while lifeboat crews worked; 14 people are in hospital.",
)
DAM = (
    "Engineers have begun to lower the water behind the Hollin dam after a crack 30 metres long was found.",
    "The crack in the Hollin dam is no danger to the valley, its operator says, while the water is lowered.",
    "Residents below the Hollin dam were told to leave their homes as engineers looked at the crack in it.",
)
FIRE = "Firefighters from five towns fought a blaze in the Aldermoor timber yard; smoke closed the railway line to Otterby."
MONDAY = datetime(2024, 5, 6, 12, tzinfo=UTC)
DAYS = 7.0


def page(
    source: str, slug: str, body: str, hours: float = 0.0, language: str = "en", title: str | None = None
) -> Arrival:
    """`hours`: after MONDAY."""
    published = (MONDAY + timedelta(hours=hours)).isoformat()
    return Arrival(f"https://{source}.example/{slug}", body, title, published, language=language)


def decide(dsn: str, run_id: int) -> dict[str, int]:
    with transaction(dsn) as cursor:
        return {**deduplicate_documents(cursor, run_id), **build_stories(cursor, run_id, DAYS)}


def run(dsn: str, key: str, *pages: Arrival) -> dict[str, int]:
    run_id = arrive(dsn, pages, key)
    counts = decide(dsn, run_id)
    publish(dsn, run_id)
    return counts


def ask(dsn: str, sql: str) -> list[tuple[Any, ...]]:
    with transaction(dsn) as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def stories(dsn: str) -> dict[str, int]:
    """Source and slug of each visible article → its story."""
    return {
        url.removeprefix("https://").replace(".example", ""): story
        for url, story in ask(dsn, "SELECT url, story_id FROM news.article")
    }


def parts(found: dict[str, int]) -> set[frozenset[str]]:
    return {frozenset(name for name, story in found.items() if story == one) for one in set(found.values())}


def pages(bodies: Iterable[str], slug: str, source: str = "times", hours: float = 0.0) -> list[Arrival]:
    return [page(source, f"{slug}-{n}", body, hours + n) for n, body in enumerate(bodies)]
