"""A server's clock that ran ahead and was set right: nothing waits until it is that late again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from newsdesk import stages
from newsdesk.desk import Desk
from newsdesk.settings import read_settings
from newsdesk.store.database import Cursor, transaction
from scripted_site import Answer, open_site

MOMENTS = {
    "ops.endpoint": ("polled_at", "next_poll_at", "worked_at", "changed_at", "whole_at"),
    "ops.frontier": ("first_found_at", "last_found_at", "next_visit_at"),
    "ops.robots": ("fetched_at", "next_fetch_at", "unreachable_since"),
}


def as_if_ahead(cursor: Cursor, by: timedelta) -> None:
    """All that was written so far, as a clock would have written it that was ahead."""
    for table, columns in MOMENTS.items():
        moved = ", ".join(f"{name} = {name} + %s" for name in columns)
        cursor.execute(f"UPDATE {table} SET {moved}", [by] * len(columns))


@pytest.mark.parametrize("hours", [3, 24 * 1000])
def test_what_was_planned_while_the_clock_ran_ahead_is_due_when_it_is_set_right(
    dsn: str, tmp_path: Path, hours: int
) -> None:
    desk = Desk(
        read_settings({
            "NEWSDESK_HOME": str(tmp_path), "NEWSDESK_SOURCES": str(tmp_path), "NEWSDESK_CRAWL_DELAY": "0",
        }),
        dsn,
    )  # fmt: skip

    def discover(key: str) -> dict[str, int]:
        return stages.discover(desk, stages.open_run(desk, f"ingest_news/scheduled__{key}", "airflow"))

    with open_site() as site:
        (tmp_path / "s.yaml").write_text(
            f"id: s\nname: S\nhomepage: {site.base}/\nallow_private: true\nendpoints:\n  - {{feed: '{site.base}/rss'}}\n"
        )
        site.answers["/rss"] = Answer(site.rss("one", "two"))
        assert discover("ahead")["new"] == 2
        with transaction(dsn) as cursor:
            as_if_ahead(cursor, timedelta(hours=hours))
        site.answers["/rss"] = Answer(site.rss("one", "two", "three"))
        told = discover("right")
        assert (told["endpoints"], told["new"]) == (1, 1)
        assert discover("soon after")["endpoints"] == 0
        assert len(site.polls("/robots.txt")) == 2
    with transaction(dsn) as cursor:
        cursor.execute("SELECT count(*) FROM ops.frontier WHERE next_visit_at <= now()")
        assert cursor.fetchone() == (3,)
        cursor.execute("SELECT new_per_day BETWEEN 0 AND 1000 FROM ops.endpoint")
        assert cursor.fetchone() == (True,)
