"""A first release's database, with rows, brought to this version: nothing is lost, and a run goes on from there."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from arrivals import Arrival, arrive
from databases import fresh_database
from newsdesk import reconciling, stages
from newsdesk.desk import Desk
from newsdesk.settings import read_settings
from newsdesk.store import migrate as migrations
from newsdesk.store.database import transaction
from upgrade import fill, state, upgrade


def test_every_row_of_the_first_release_is_there_and_the_next_run_builds_on_it(template_dsn: str) -> None:
    with fresh_database(template_dsn, "template1") as dsn:
        fill(dsn, 5_000)
        before = state(dsn)
        assert before["article"][0] == 5_000
        taken, _ = upgrade(dsn)
        assert len(taken) > 10
        assert migrations.pending(dsn) == []
        assert state(dsn) == before
        desk = Desk(read_settings({}), dsn)
        with transaction(dsn) as cursor:
            cursor.execute("SELECT changed, words_added FROM news.article_version WHERE version = 2 LIMIT 1")
            assert cursor.fetchone() == (["body"], 4)
            cursor.execute("SELECT title, body FROM news.article WHERE article_id = 8")
            title, body = cursor.fetchone() or ("", "")
        run_id = arrive(dsn, [Arrival("https://late.example/1", body, title, "2026-05-01T12:00Z")], "after")
        stages.deduplicate(desk, run_id)
        stages.publish(desk, run_id)
        reconciling.run(desk, "after")
        with transaction(dsn) as cursor:
            cursor.execute("SELECT cluster_id, is_primary FROM news.article WHERE source_id = 'late'")
            assert cursor.fetchone() == (8, False)
            cursor.execute("SELECT count(*) FROM news.changes WHERE kind = 'inserted'")
            assert cursor.fetchone() == (5_001,)
