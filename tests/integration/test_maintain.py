"""The nightly upkeep: what is forgotten, what never is, and how the archive's damage is told."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from command_line import run_newsdesk
from desk_world import World, make_world
from newsdesk import maintaining
from newsdesk.archive.strict import Record, read_strictly
from newsdesk.desk import Desk
from newsdesk.errors import CheckFailed
from newsdesk.store.archive_files import Verified
from newsdesk.store.database import rows, session, transaction
from newsdesk.store.explain import article, visits
from newsdesk.store.retention import TABLES, TRIMS, trim

LONG_AGO = datetime.now(UTC) - timedelta(days=1000)


@pytest.fixture
def world(dsn: str, tmp_path: Path) -> World:
    return make_world(dsn, tmp_path)


def sql(dsn: str, statement: str, *values: object) -> list[dict[str, Any]]:
    with transaction(dsn) as cursor:
        cursor.execute(statement, values)
        return rows(cursor) if cursor.description else []


def age_all(dsn: str) -> None:
    """Everything happened a thousand days ago."""
    for table, columns in {
        "ops.visit": ("settled_at",), "ops.run": ("started_at", "finished_at"), "ops.batch": ("created_at",),
        "ops.arrivals": ("hour",), "ops.stage_time": ("began_at",), "ops.source_draft": ("asked_at", "seen_at"), "ops.host": ("last_asked_at", "next_turn_at"),
    }.items():  # fmt: skip
        shifted = ", ".join(f"{column} = {column} - interval '1000 days'" for column in columns)
        sql(dsn, f"UPDATE {table} SET {shifted}")


def settle(desk: Desk) -> Path:
    """Let the world's rows and its archive, all of one past day, mean each other. Returns the archive."""
    archive = Path(desk.settings.archive)
    (day,) = archive.iterdir()
    day.rename(archive / "2026-01-01")
    for file in (archive / "2026-01-01").iterdir():
        with file.open("rb") as opened:
            records = [one for one in read_strictly(opened, set()) if isinstance(one, Record)]
        for record in records:
            sql(
                desk.dsn,
                """
                UPDATE ops.capture SET warc_file = '2026-01-01/' || split_part(warc_file, '/', 2),
                    final_url = 'https://times.example/', digest = %s
                WHERE split_part(warc_file, '/', 2) = %s AND warc_offset = %s""",
                record.payload, file.name, record.offset,
            )  # fmt: skip
    return archive


def test_of_what_is_young_nothing_is_forgotten(world: World) -> None:
    assert not any(maintaining.trim(world.desk).values())


def test_what_an_article_came_from_is_never_forgotten_and_addresses_keep_their_last_visit(world: World) -> None:
    dsn = world.desk.dsn
    slow = sql(dsn, "SELECT url_id FROM ops.frontier WHERE url LIKE '%%slow'")[0]["url_id"]
    for _ in range(2):  # two more visits to a page that never answers
        sql(
            dsn,
            """
            WITH b AS (INSERT INTO ops.batch (run_id, hosts, urls) VALUES (%s, '{}', 1) RETURNING batch_id)
            INSERT INTO ops.visit (batch_id, url_id, fetched_at, stage, outcome, settled_at)
            SELECT batch_id, %s, now(), 'fetch', 'timeout', now() FROM b""",
            world.run_id, slow,
        )  # fmt: skip
    age_all(dsn)
    with transaction(dsn) as cursor:
        before = article(cursor, world.article_id), visits(cursor, world.article_id)
    quarantined = sql(dsn, "SELECT evidence FROM ops.visit WHERE url_id = %s", world.quarantined_id)
    articles = sql(dsn, "SELECT * FROM news.article ORDER BY 1")
    done = maintaining.trim(world.desk)
    assert done["visits"] == 2
    assert sql(dsn, "SELECT count(*) AS n FROM ops.visit WHERE url_id = %s", slow) == [{"n": 1}]
    assert sql(dsn, "SELECT evidence FROM ops.visit WHERE url_id = %s", world.quarantined_id) == quarantined
    with transaction(dsn) as cursor:
        assert (article(cursor, world.article_id), visits(cursor, world.article_id)) == before
    assert sql(dsn, "SELECT * FROM news.article ORDER BY 1") == articles
    assert not any(maintaining.trim(world.desk).values())  # again: nothing is left to do


def test_runs_go_when_nothing_names_them_and_a_source_keeps_its_latest_report(world: World) -> None:
    dsn = world.desk.dsn
    for key in ("old/1", "old/2"):
        sql(
            dsn,
            """
            WITH r AS (INSERT INTO ops.run (run_key, kind, sources, state, finished_at)
                       VALUES (%s, 'cli', '{}', 'done', now()) RETURNING run_id)
            INSERT INTO ops.run_report (run_id, source_id, found, outcomes, duplicates, problems)
            SELECT run_id, 'post', 0, '{}', 0, '[]' FROM r""",
            key,
        )  # fmt: skip
    sql(
        dsn,
        "INSERT INTO ops.stage_time (run_id, stage, began_at, seconds) SELECT run_id, 'plan', now(), 1 FROM ops.run WHERE run_key = 'old/1'",
    )
    age_all(dsn)
    done = maintaining.trim(world.desk)
    assert done["stage_times"] >= 1
    assert (done["run_reports"] >= 1, done["runs"]) == (True, 1)
    assert sql(dsn, "SELECT run_key FROM ops.run WHERE run_key LIKE 'old/%%'") == [{"run_key": "old/2"}]
    assert sql(dsn, "SELECT count(*) > 0 AS there FROM ops.audit") == [{"there": True}]


def test_a_report_that_nobody_applied_goes_with_all_its_pages_at_once(world: World) -> None:
    dsn = world.desk.dsn
    sql(
        dsn,
        """
        WITH r AS (INSERT INTO ops.reprocess (reprocess_key, stage, scope, reader, opened_at)
                   VALUES ('old', 'extract', '{}', 'test', %s) RETURNING reprocess_id)
        INSERT INTO ops.reprocess_page (reprocess_id, url_id, portion, capture_id)
        SELECT reprocess_id, url_id, 1, max(capture_id) FROM r, ops.capture GROUP BY 1, 2""",
        LONG_AGO,
    )  # fmt: skip
    trims = [one for one in TRIMS if one.table in ("ops.reprocess", "ops.reprocess_page")]
    with session(dsn) as begin:
        assert trim(begin, trims[0], LONG_AGO + timedelta(days=1)) == 1
    assert sql(dsn, "SELECT * FROM ops.reprocess_page WHERE portion = 1 AND read_at IS NULL") == []
    assert maintaining.trim(world.desk)["report_pages"] == 0


def test_it_knows_every_table_that_names_what_it_deletes(world: World) -> None:
    """A new table that names runs or batches would make the deletion fail: it is to be in TRIMS, or looked for there."""
    naming = sql(
        world.desk.dsn,
        """
        SELECT DISTINCT k.confrelid::regclass::text AS named, k.conrelid::regclass::text AS by
        FROM pg_constraint AS k WHERE k.contype = 'f' AND k.confdeltype <> 'c' AND k.confrelid::regclass::text = ANY(%s)""",
        list(TABLES),
    )
    assert naming
    for row in naming:
        for one in TRIMS:
            if one.table == row["named"]:
                assert f"FROM {row['by']}" in one.ripe, row


def test_old_files_go_with_their_folders_and_young_ones_stay(world: World) -> None:
    home = world.desk.settings.home
    old, young = home / "reports" / "reprocess-1.html", home / "reports" / "reprocess-2.html"
    log = home / "logs" / "airflow" / "dag_id=ingest_news" / "run_id=1" / "attempt=1.log"
    others = home / "reports" / "notes.txt"
    for file in (old, young, log, others):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    for file in (old, log, others):
        os.utime(file, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    done = maintaining.trim(world.desk)
    assert (done["report_files"], done["log_files"]) == (1, 1)
    assert (old.exists(), young.exists(), others.exists()) == (False, True, True)
    assert (log.parent.parent.exists(), (home / "logs" / "airflow").exists()) == (False, True)


def test_all_trimmed_tables_are_vacuumed(world: World) -> None:
    assert maintaining.vacuum(world.desk) == {"tables": len(TABLES), "not_ours": 0}
    told = sql(world.desk.dsn, "SELECT count(*) AS n FROM pg_stat_user_tables WHERE last_vacuum IS NOT NULL")
    assert told == [{"n": len(TABLES)}]


def test_each_night_reads_a_whole_day_the_longest_unread_first_and_as_much_as_the_cycle_needs() -> None:
    files = [(f"2026-01-0{day}/{name}.warc.gz", 100) for day in (1, 2, 3) for name in "ab"]
    today = "2026-01-03"
    first = maintaining.share(files, {}, 90, today)
    assert [file for file, _ in first] == ["2026-01-01/a.warc.gz", "2026-01-01/b.warc.gz"]
    known = {file: Verified(LONG_AGO, 0) for file, _ in first}
    assert maintaining.share(files, known, 90, today) == files[2:4]
    assert maintaining.share(files, known, 1, today) == [*files[2:4], *files[:2]]  # in one night: all but today's
    known |= {file: Verified(LONG_AGO + timedelta(days=1), 0) for file, _ in files[2:4]}
    assert maintaining.share(files, known, 90, today) == files[:2]  # from the beginning
    known[files[3][0]] = Verified(LONG_AGO + timedelta(days=1), 2)
    assert maintaining.share(files, known, 90, today) == [*files[:2], files[3]]  # is it still damaged?


def test_damage_is_told_in_its_night_also_when_the_task_runs_again_and_later_only_counted(world: World) -> None:
    desk = world.desk
    archive = settle(desk)
    whole = maintaining.verify(desk, "maintain_news/1")
    assert (whole["files"] > 0, whole["records"] > 0, whole["files_damaged"]) == (True, True, 0)
    file = max((archive / "2026-01-01").iterdir())
    good = file.read_bytes()
    file.write_bytes(good[: len(good) // 2])
    for _ in range(2):
        with pytest.raises(CheckFailed, match=f"(?s)1 files of the archive are damaged.*{file.name}"):
            maintaining.verify(desk, "maintain_news/2")
    assert len(sql(desk.dsn, "SELECT * FROM ops.message WHERE message_key = 'damage/maintain_news/2'")) == 1
    later = maintaining.verify(desk, "maintain_news/3")
    assert (later["files_damaged"], later["files_newly_damaged"]) == (1, 0)
    file.unlink()  # worse
    with pytest.raises(CheckFailed, match="the file is missing"):
        maintaining.verify(desk, "maintain_news/4")
    file.write_bytes(good)
    assert maintaining.verify(desk, "maintain_news/5")["files_damaged"] == 0


def test_the_command_does_it_all(world: World) -> None:
    settings = world.desk.settings
    env = {
        "NEWSDESK_HOME": str(settings.home), "NEWSDESK_ARCHIVE": settings.archive, "NEWSDESK_DSN": world.desk.dsn,
        "NEWSDESK_KEEP_VISITS": "30",
    }  # fmt: skip

    done = run_newsdesk("maintain", "--json", **env)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["vacuumed_tables"] == len(TABLES)
    wrong = run_newsdesk("maintain", **env, NEWSDESK_KEEP_RUNS="7")
    assert (wrong.returncode, "NEWSDESK_KEEP_RUNS=7 is too small" in wrong.stderr) == (2, True)


def test_a_period_is_the_settings(world: World) -> None:
    desk = replace(world.desk, settings=replace(world.desk.settings, keep={**world.desk.settings.keep, "runs": 2000.0}))
    age_all(desk.dsn)
    assert maintaining.trim(desk)["hours"] == 0
