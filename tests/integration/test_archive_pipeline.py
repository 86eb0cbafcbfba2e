"""The archive within the pipeline: revisits instead of the same bytes again, and `newsdesk archive verify`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from command_line import AT_A_RUN, WITHOUT_PAUSES, run_newsdesk
from newsdesk import stages
from newsdesk.archive.strict import Record, read_strictly
from newsdesk.archive.warc import read
from newsdesk.desk import Desk
from newsdesk.local.newsroom import Newsroom
from newsdesk.model import ArchivedAt
from newsdesk.settings import read_settings
from newsdesk.store.database import rows, transaction
from s3_server import s3_server

SOURCES = ("daily-ledger", "evening-lantern", "harbour-courier")  # articles, an index, a page without text


@dataclass
class House:
    """A newsroom that is ingested twice, all its pages the second time as they were."""

    newsroom: Newsroom
    desk: Desk
    settings: dict[str, str]

    def ingest(self) -> None:
        """A run without the names: they have no part in this, and are what takes time."""
        run = stages.open_run(self.desk, str(uuid4()), "cli", SOURCES)
        stages.discover(self.desk, run)
        for batch in stages.plan(self.desk, run):
            stages.fetch(self.desk, batch)
            stages.extract(self.desk, batch)
            self.sql("UPDATE ops.visit SET enriched_at = now() WHERE batch_id = %s RETURNING 1", batch)
        stages.deduplicate(self.desk, run)
        stages.publish(self.desk, run)

    def make_all_due(self) -> None:
        self.sql("UPDATE ops.frontier SET next_visit_at = now() WHERE outcome = 'published' RETURNING url_id")

    def sql(self, query: str, *values: object) -> list[dict[str, Any]]:
        with transaction(self.desk.dsn) as cursor:
            cursor.execute(query, values)
            return rows(cursor)

    def verify(self, *options: str) -> tuple[int, dict[str, Any]]:
        run = run_newsdesk("archive", "verify", "--json", *options, **self.settings, NEWSDESK_DSN=self.desk.dsn)
        assert run.stdout, run.stderr
        return run.returncode, json.loads(run.stdout)

    @property
    def archive(self) -> Path:
        return Path(self.desk.settings.archive)


def open_house(newsroom: Newsroom, dsn: str, home: Path, **settings: str) -> House:
    (home / "sources").mkdir()
    newsroom.write_sources(home / "sources")
    found = {
        "NEWSDESK_HOME": str(home), "NEWSDESK_SOURCES": str(home / "sources"), **WITHOUT_PAUSES,
        "NEWSDESK_FETCH_MAX_BYTES": "5000000", "NEWSDESK_ARCHIVE_FILE_BYTES": "20000", **settings,
    }  # fmt: skip
    return House(newsroom, Desk(read_settings(found), dsn), found)


@pytest.fixture
def house(dsn: str, tmp_path: Path) -> Iterator[House]:
    with Newsroom(pace=AT_A_RUN) as newsroom:
        yield open_house(newsroom, dsn, tmp_path)


def records_in(house: House) -> Counter[str]:
    found: Counter[str] = Counter()
    for path in house.archive.rglob("*.warc.gz"):
        with path.open("rb") as file:
            found.update(item.type for item in read_strictly(file) if isinstance(item, Record))
    return found


def test_pages_that_are_as_they_were_cost_a_small_record(house: House) -> None:
    house.ingest()
    before, pages = records_in(house), house.sql("SELECT count(*) AS n FROM ops.capture")[0]["n"]
    assert before["response"] == pages > 10
    assert len(list(house.archive.rglob("*.warc.gz"))) > 1  # rotated by size
    house.make_all_due()
    house.ingest()
    outcomes = {
        row["status"]: row["n"] for row in house.sql("SELECT status, count(*) AS n FROM ops.revisit GROUP BY 1")
    }
    after = records_in(house)
    assert after["revisit"] == sum(outcomes.values()) > 0
    assert set(outcomes) <= {200, 304}
    # every visit whose page was the same again has its record, and a capture only where bytes came
    seen = house.sql(
        """
        SELECT v.outcome, r.status, v.capture_id IS NOT NULL AS captured, count(*) AS n
        FROM ops.visit AS v LEFT JOIN ops.revisit AS r USING (batch_id, url_id)
        WHERE v.outcome IN ('unchanged', 'not_modified') AND v.stage = 'fetch' GROUP BY 1, 2, 3
        """
    )
    assert {(row["outcome"], row["status"], row["captured"]) for row in seen} <= {
        ("unchanged", 200, True), ("not_modified", 304, False)
    }  # fmt: skip
    assert sum(row["n"] for row in seen) > 0
    code, told = house.verify()
    assert (code, told["faults"]) == (0, 0), told
    assert told["response_records"] + told["revisit_records"] == after["response"] + after["revisit"]
    assert told["records_that_no_row_names"] == 0


def test_every_capture_can_be_read_whichever_record_has_its_bytes(house: House) -> None:
    house.ingest()
    house.sql("UPDATE ops.frontier SET next_visit_at = now(), etag = NULL, last_modified = NULL "
              "WHERE outcome IN ('published', 'no_text', 'not_article', 'index', 'gallery') RETURNING url_id")  # fmt: skip
    house.ingest()
    captures = house.sql(
        "SELECT c.*, r.original_id FROM ops.capture AS c LEFT JOIN ops.revisit AS r USING (batch_id, url_id)"
    )
    again = [row for row in captures if row["original_id"]]
    assert again
    places = {row["capture_id"]: (row["warc_file"], row["warc_offset"]) for row in captures}
    for row in captures:
        at = ArchivedAt(row["warc_file"], row["warc_offset"], row["warc_length"])
        assert len(read(house.archive, at)[1]) == row["size"]
    assert all(places[row["capture_id"]] == places[row["original_id"]] for row in again)
    # pages that are no articles are judged anew, from the first record's bytes
    assert house.sql(
        "SELECT 1 FROM ops.visit AS v JOIN ops.revisit AS r USING (batch_id, url_id) WHERE v.stage = 'extract'"
    )
    assert house.verify()[0] == 0


def test_a_page_whose_file_is_lost_is_stored_again(house: House) -> None:
    house.ingest()
    lost = min(house.archive.rglob("*.warc.gz"))
    name = lost.relative_to(house.archive).as_posix()
    lost.unlink()
    code, told = house.verify()
    assert code == 1
    assert [fault["kind"] for fault in told["found"]] == ["missing_file"]
    house.make_all_due()
    house.ingest()  # the server's 304s stand for pages that are gone, so their validators are forgotten …
    house.make_all_due()
    house.sql("UPDATE ops.frontier SET next_visit_at = now() WHERE outcome = 'not_modified' RETURNING url_id")
    house.ingest()  # … and the pages come whole
    left = house.sql(
        """
        SELECT f.url FROM ops.frontier AS f WHERE f.article_id = f.url_id AND NOT EXISTS (
            SELECT 1 FROM ops.capture AS c WHERE c.url_id = f.url_id AND c.warc_file <> %s)
        """,
        name,
    )
    assert left == []


def test_verify_finds_what_is_broken_and_cuts_off_what_a_killed_writer_left(house: House) -> None:
    house.ingest()
    files = sorted(house.archive.rglob("*.warc.gz"))
    whole = files[0].read_bytes()
    files[0].write_bytes(whole + whole[: len(whole) // 3][:200])  # the begin of a record
    code, told = house.verify()
    assert (code, told["by_kind"]) == (1, {"cut": 1})
    code, told = house.verify("--repair")
    assert (code, told["bytes_cut_off"]) == (0, 200)
    assert files[0].read_bytes() == whole
    # a record that a row names is never cut off
    files[0].write_bytes(whole[:-3])
    code, told = house.verify("--repair", "--file", files[0].relative_to(house.archive).as_posix())
    assert (code, told["by_kind"], told["files"]) == (1, {"cut": 1, "no_record": 1}, 1)
    assert files[0].read_bytes() == whole[:-3]
    files[0].write_bytes(whole)
    # whole records, but not those that the rows mean
    [first, second] = house.sql(
        "SELECT capture_id, warc_offset, warc_length FROM ops.capture ORDER BY capture_id LIMIT 2"
    )
    house.sql("UPDATE ops.capture SET digest = sha256('x') WHERE capture_id = %s RETURNING 1", first["capture_id"])
    house.sql(
        "UPDATE ops.capture SET final_url = final_url || '?' WHERE capture_id = %s RETURNING 1", second["capture_id"]
    )
    code, told = house.verify()
    assert (code, told["by_kind"]) == (1, {"wrong_record": 2})
    assert house.verify("--no-database")[0] == 0
    assert house.verify("--since", "2999-01-01")[1]["files"] == 0


def test_repair_cuts_nothing_that_a_row_names_and_nothing_that_no_writer_of_ours_left(house: House) -> None:
    house.ingest()
    [file, *_] = sorted(house.archive.rglob("*.warc.gz"))
    whole = file.read_bytes()
    file.write_bytes(whole[:-3])
    code, told = house.verify("--repair", "--file", str(file))  # an absolute path is another spelling of its name
    assert (code, told["by_kind"], file.read_bytes()) == (1, {"cut": 1, "no_record": 1}, whole[:-3])
    file.write_bytes(whole)
    others = file.with_name("notes.warc.gz")
    others.write_text("not an archive")
    code, told = house.verify("--repair")
    assert (code, told["by_kind"], others.read_text()) == (1, {"not_warc": 1}, "not an archive")
    outside = house.archive.parent / "outside.warc.gz"
    outside.write_bytes(whole[:200])
    run = run_newsdesk(
        "archive", "verify", "--repair", "--file", str(outside), **house.settings, NEWSDESK_DSN=house.desk.dsn
    )
    assert (run.returncode, outside.read_bytes()) == (2, whole[:200])
    assert "is not in the archive" in run.stderr


def test_verify_says_when_it_cannot_look(house: House) -> None:
    run = run_newsdesk("archive", "verify", "--no-database", **house.settings)
    assert run.returncode == 2
    assert "is not there; bring the folder back or set NEWSDESK_ARCHIVE" in run.stderr
    run = run_newsdesk("archive", "verify", "--no-database", "--repair", **house.settings)
    assert (run.returncode, "only the database's rows tell" in run.stderr) == (2, True)


def test_a_whole_run_into_an_object_store_ends_as_one_into_a_folder(dsn: str, tmp_path: Path) -> None:
    with s3_server() as server, Newsroom(pace=AT_A_RUN) as newsroom:
        house = open_house(newsroom, dsn, tmp_path, **server.settings())
        house.ingest()
        captures = house.sql("SELECT count(*) AS pages, count(DISTINCT warc_file) AS files FROM ops.capture")[0]
        assert captures["pages"] > 10
        assert house.sql("SELECT 1 FROM ops.document LIMIT 1")  # they were read back
        assert not house.sql("SELECT 1 FROM ops.visit WHERE outcome IS NULL")
        house.make_all_due()
        house.ingest()
        assert house.sql("SELECT 1 FROM ops.revisit LIMIT 1")
        code, told = house.verify()
        assert (code, told["faults"], told["records_that_no_row_names"]) == (0, 0, 0), told
        assert told["response_records"] > captures["files"]  # many pages an object
        server.stop()
        run = run_newsdesk("archive", "verify", "--no-database", **house.settings)
        assert run.returncode == 2
        assert "is the store up" in run.stderr
        assert "a-secret" not in run.stderr + run.stdout
