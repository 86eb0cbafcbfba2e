"""Articles of which some are the same text, and the groups that a database makes of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from arrivals import Arrival, arrive
from newsdesk import stages
from newsdesk.desk import Desk
from newsdesk.settings import read_settings
from newsdesk.store.database import transaction

STREETS = "Mill Harbour Castle Station Orchard Chapel Bridge Market Abbey Garden Tower River".split()
VERBS = "closed opened flooded repaired guarded swept searched painted measured lit emptied rebuilt".split()


def story(seed: int, sentences: int = 9) -> str:
    """A text of its own: what its words are depends on `seed`."""
    dice = random.Random(seed)
    return " ".join(
        f"On {dice.choice(STREETS)} Street crews {dice.choice(VERBS)} {dice.randrange(10, 999)} houses before "
        f"{dice.choice(STREETS).lower()} wardens {dice.choice(VERBS)} lane {dice.randrange(1000, 9999)} near "
        f"{dice.choice(STREETS)} {dice.choice('park school depot ferry'.split())}."
        for _ in range(sentences)
    )


BOX = (
    "Sign up for the letter that our editors write each morning with the stories that everyone in town will talk about, "
    "the weather for the week, the roads that are closed and the shops that open late on a Thursday before the holiday."
)


def desk_of(dsn: str) -> Desk:
    return Desk(read_settings({}), dsn)


def ingest(desk: Desk, articles: Sequence[Arrival], key: str) -> None:
    run_id = arrive(desk.dsn, articles, key)
    stages.deduplicate(desk, run_id)
    stages.publish(desk, run_id)


def ask(desk: Desk, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with transaction(desk.dsn) as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def groups(desk: Desk) -> dict[str, tuple[str, bool]]:
    """url -> the url of its group's first member, and whether it is that."""
    return {
        url: (first, is_primary)
        for url, first, is_primary in ask(
            desk,
            "SELECT a.url, f.url, a.is_primary FROM news.article AS a JOIN news.article AS f ON f.article_id = a.cluster_id",
        )
    }
