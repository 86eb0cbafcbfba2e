"""The dump by which runs are compared: blind to ids, order and hours of a run, and to nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

import canonical
from arrivals import Arrival, arrive
from databases import fresh_database
from newsdesk import stages
from newsdesk.desk import Desk
from newsdesk.settings import read_settings
from newsdesk.store.database import transaction

STORM = " ".join(f"The storm tore roof {n} off in street {n * 7}, and nobody was hurt there." for n in range(30))
ARTICLES = (
    Arrival("https://times.example/storm", STORM),
    Arrival("https://post.example/storm", STORM + " The mayor thanked all."),
    Arrival("https://post.example/vote", STORM.replace("storm", "vote").replace("roof", "seat"), "A vote"),
)


def brought_in(dsn: str, *runs: tuple[Arrival, ...]) -> canonical.Dump:
    desk = Desk(read_settings({}), dsn)
    for number, articles in enumerate(runs):
        run_id = arrive(dsn, articles, str(number))
        stages.deduplicate(desk, run_id)
        stages.publish(desk, run_id)
    return canonical.dump(dsn)


def test_ids_order_and_runs_do_not_count(template_dsn: str) -> None:
    with fresh_database(template_dsn) as one, fresh_database(template_dsn) as other:
        first = brought_in(one, ARTICLES)
        second = brought_in(other, ARTICLES[2:], ARTICLES[1:2], ARTICLES[:1])
        found = canonical.difference(first, second)
        assert not found, str(found)
        assert first.tables["article"].total() == 3
        assert '"cluster_id":"https://post.example/storm"' in "".join(first.tables["article"])


def test_a_lost_row_and_a_doubled_one_are_named(dsn: str) -> None:
    before = brought_in(dsn, ARTICLES)
    with transaction(dsn) as cursor:
        cursor.execute("UPDATE news.article SET title = 'Another' WHERE url LIKE '%vote'")
        cursor.execute(
            "INSERT INTO news.source (source_id, name, homepage) VALUES ('new', 'New', 'https://new.example/')"
        )
    found = canonical.difference(before, canonical.dump(dsn))
    assert {name: rows.total() for name, rows in found.lost.items()} == {"article": 1}
    assert {name for name, rows in found.doubled.items() if rows.total() == 1} >= {"article", "source"}
    assert "+ article ×1" in str(found)


def test_an_empty_dump_is_equal_to_nothing(dsn: str) -> None:
    empty = canonical.dump(dsn)
    with pytest.raises(ValueError, match="empty"):
        canonical.difference(empty, empty)


def test_what_is_left_out_of_the_dump_is_named(dsn: str) -> None:
    with transaction(dsn) as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'news'")
        there = {name for (name,) in cursor.fetchall()}
    assert there - canonical.dump(dsn).tables.keys() == there & canonical.LEFT_OUT.keys()


def test_an_archive_that_lacks_a_record_is_no_archive(dsn: str, tmp_path: Path) -> None:
    arrive(dsn, ARTICLES, "one")  # whose rows name a file that is not there
    (tmp_path / "archive").mkdir()
    with pytest.raises(AssertionError, match="missing"):
        canonical.dump(dsn, str(tmp_path / "archive"))
