"""What did I miss? Each source's day beside what is usual for it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from arrivals import Arrival, arrive
from newsdesk import stages
from newsdesk.desk import Desk
from newsdesk.settings import read_settings
from newsdesk.store.database import transaction

MONDAY = date(2026, 3, 2)


def verdict(dsn: str, weeks: list[int | None], today: int) -> tuple[str, float | None, int]:
    """weeks: articles of the same weekday, the latest first; None: a day without a row."""
    with transaction(dsn) as cursor:
        cursor.execute(
            "INSERT INTO news.source (source_id, name, homepage) VALUES ('times', 'The Times', 'https://times.example/')"
        )
        for back, published in enumerate([today, *weeks]):
            if published is not None:
                cursor.execute(
                    "INSERT INTO news.source_day VALUES ('times', %s, %s, %s, %s, 0, 0, 0, '{}', NULL, NULL)",
                    (MONDAY - timedelta(weeks=back), published, published, published),
                )
        # other weekdays are no measure
        cursor.execute(
            "INSERT INTO news.source_day VALUES ('times', %s, 999, 999, 999, 0, 0, 0, '{}', NULL, NULL)",
            (MONDAY - timedelta(days=1),),
        )
        cursor.execute("SELECT verdict, usually, days_compared FROM news.source_health WHERE day = %s", (MONDAY,))
        found: tuple[str, float | None, int] = cursor.fetchone() or ("", None, 0)
        return found


@pytest.mark.parametrize(
    ("weeks", "today", "expected"),
    [
        ([20, 22, 18, 20], 19, ("as usual", 20.0, 4)),
        ([20, 22, 18, 20], 9, ("few", 20.0, 4)),
        ([20, 22, 18, 20], 61, ("many", 20.0, 4)),
        ([20, 20], 0, ("as usual", 20.0, 2)),  # too young to tell
        ([20, None, 20, 20], 5, ("few", 20.0, 4)),  # a silent week counts as none
        ([20] * 8 + [1000] * 4, 20, ("as usual", 20.0, 8)),  # eight weeks are looked at
    ],
)  # fmt: skip
def test_a_day_is_held_against_the_same_weekday_of_the_source(
    dsn: str, weeks: list[int | None], today: int, expected: tuple[str, float, int]
) -> None:
    assert verdict(dsn, weeks, today) == expected


def test_what_waits_and_what_was_refused_is_counted_by_its_reason(dsn: str) -> None:
    with transaction(dsn) as cursor:
        cursor.execute(
            "INSERT INTO news.source (source_id, name, homepage) VALUES ('times', 'The Times', 'https://times.example/')"
        )
        cursor.execute("INSERT INTO ops.source (source_id, definition, enabled) VALUES ('times', '{}', true)")
        for number, (outcome, seen) in enumerate(
            [
                (None, "2026-03-02 23:59Z"),
                ("gone", "2026-03-02 00:00Z"),
                ("gone", "2026-03-02 12:00Z"),
                ("wall", "2026-03-02 12:00Z"),
                ("wall", "2026-03-03 00:00Z"),
            ]
        ):
            cursor.execute(
                "INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, outcome) VALUES (%s, 'x', 'x', 'times', %s, %s, %s)",
                (str(number), seen, seen, outcome),
            )
        cursor.execute("SELECT ops.refresh_source_days('{times,times}', '{2026-03-02,2026-03-02}')")
        cursor.execute("SELECT day, found, waiting, refused FROM news.source_day")
        assert cursor.fetchall() == [(MONDAY, 4, 1, {"gone": 2, "wall": 1})]


def test_an_older_copy_that_comes_today_makes_last_weeks_article_a_reprint(dsn: str) -> None:
    """Its day is counted anew, and the day of an article that nothing happened to is not."""
    desk = Desk(read_settings({}), dsn)
    body = (
        "The ferry from Port Ellery ran aground in fog on Monday and all of her passengers were taken ashore by lifeboats. "
        * 4
    )

    def ingest(key: str, *articles: Arrival) -> None:
        run_id = arrive(dsn, articles, key)
        stages.deduplicate(desk, run_id)
        stages.publish(desk, run_id)

    ingest(
        "first",
        Arrival("https://times.example/a", body, published="2026-03-02T12:00Z"),
        Arrival(
            "https://gazette.example/b", "Rain is expected over the hills tonight. " * 9, published="2026-03-02T12:00Z"
        ),
    )
    with transaction(dsn) as cursor:
        cursor.execute("UPDATE ops.frontier SET first_found_at = now() - interval '7 days'")
        cursor.execute("UPDATE news.article SET first_seen_at = now() - interval '7 days'")
        cursor.execute("DELETE FROM news.source_day")
    ingest("second", Arrival("https://post.example/a", body, published="2026-03-01T12:00Z"))
    with transaction(dsn) as cursor:
        cursor.execute(
            "SELECT source_id, current_date - day, published, reprints FROM news.source_day ORDER BY source_id"
        )
        assert cursor.fetchall() == [("post", 0, 1, 0), ("times", 7, 1, 1)]
