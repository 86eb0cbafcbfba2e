"""Foreign archives through the stages: what becomes of each record, and that a killed import loses and doubles nothing."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from command_line import NEWSDESK, WITHOUT_NAMES, environment
from databases import fresh_database
from newsdesk import archiving, stages
from newsdesk.archive.warc import ArchiveWriter, read
from newsdesk.desk import Desk
from newsdesk.errors import CheckFailed, ConfigError, Retryable
from newsdesk.importing import steps as importing
from newsdesk.importing.files import identify, list_files
from newsdesk.importing.foreground import count_records
from newsdesk.local.newsroom.stories import ALL
from newsdesk.local.newsroom.story import Story, blocks
from newsdesk.model import ArchivedAt
from newsdesk.settings import read_settings
from newsdesk.store import frontier, runs
from newsdesk.store.database import rows, transaction
from newsdesk.withdrawing import withdraw
from warc_making import cc_news, html, http, packed, record

Page = tuple[str, datetime, bytes]
STORIES = [story for story in ALL if story.edition == 1 and story.outlet != "wire"]


def published(story: Story) -> datetime:
    return datetime.fromisoformat(story.published).replace(tzinfo=UTC)


def page_of(story: Story, *, later: timedelta = timedelta(hours=1), more: str = "") -> Page:
    """The story as a crawler fetched it, so long after it came out."""
    head = f'<meta property="article:published_time" content="{story.published}Z"><meta property="og:type" content="article">'
    texts = [words for kind, words in blocks(story.text) if kind == "paragraph"]
    url = f"https://www.{story.outlet}.example{story.path}"
    return url, published(story) + later, html(story.title, [*texts, *([more] if more else [])], head)


@dataclass
class Importer:
    desk: Desk
    folder: Path

    def file(self, name: str, data: bytes) -> str:
        (self.folder / name).write_bytes(data)
        return str(self.folder / name)

    def run(self, *files: str, key: str, source: str | None = None, again: bool = False) -> dict[str, int]:
        """All steps in this process. What `check` returns."""
        run = importing.open_run(self.desk, key, "airflow_import", files, source, again=again)
        return self.finish(run)

    def finish(self, run: int) -> dict[str, int]:
        for batch in importing.plan(self.desk, run):
            stages.extract(self.desk, batch)
            stages.enrich(self.desk, batch)
        stages.deduplicate(self.desk, run)
        stages.publish(self.desk, run)
        return importing.check(self.desk, run)

    def ask(self, sql: str, *values: object) -> list[dict[str, Any]]:
        with transaction(self.desk.dsn) as cursor:
            cursor.execute(sql, values)
            return rows(cursor)

    def left_out(self, name: str) -> dict[str, int]:
        (row,) = self.ask(
            "SELECT left_out FROM ops.import WHERE file LIKE %s ORDER BY reading DESC LIMIT 1", f"%{name}"
        )
        return dict(row["left_out"])


def importer_of(dsn: str, folder: Path, **settings: str) -> Importer:
    (folder / "sources").mkdir(exist_ok=True)
    desk = Desk(read_settings({
        "NEWSDESK_HOME": str(folder), "NEWSDESK_SOURCES": str(folder / "sources"), "NEWSDESK_BATCH_SIZE": "4", **settings,
    }), dsn)  # fmt: skip
    return Importer(desk, folder)


@pytest.fixture
def importer(dsn: str, tmp_path: Path) -> Importer:
    return importer_of(dsn, tmp_path)


SOURCE = """id: {id}
name: The {id}
homepage: {home}
exclude: ["/excluded/"]
expect: {{articles_per_day: [5, 50]}}
"""


def test_pages_become_articles_as_of_their_warc_date_and_every_record_is_accounted_for(importer: Importer) -> None:
    known = STORIES[0].outlet
    (importer.folder / "sources" / "known.yaml").write_text(SOURCE.format(id="known", home=f"https://{known}.example/"))
    pages = [page_of(story) for story in STORIES[:10]]
    url, when, body = pages[0]
    pages += [(f"https://{known}.example/excluded/x", when, body), ("http://10.1.2.3/x", when, body)]
    data = cc_news(pages) + packed(
        record("revisit", url, http(b"")), record(url=url, block=http(b"", "404 Not Found")),
        record(url=url, block=http(b"%PDF", "200 OK", "application/pdf")),
    )  # fmt: skip
    totals = importer.run(importer.file("a.warc.gz", data), key="a")
    assert importer.left_out("a.warc.gz") == {
        "warcinfo": 1, "request": 12, "metadata": 12, "revisit": 1, "status": 1, "not_html": 1, "blocked_address": 1,
        "excluded": 1,
    }  # fmt: skip
    assert totals == {"files": 1, "records": 40, "captures": 10, "left_out": 30, "published": 10}
    articles = {row["url"]: row for row in importer.ask("SELECT * FROM news.article")}
    assert articles.keys() == {url for url, _, _ in pages[:10]}
    for story, (url, when, _) in zip(STORIES[:10], pages[:10], strict=True):
        row = articles[url]
        assert (row["title"], row["published_at"], row["first_seen_at"]) == (story.title, published(story), when)
        assert row["source_id"] == ("known" if story.outlet == known else f"{story.outlet}-example")
        assert row["body"].startswith(blocks(story.text)[0][1][:40])
    found = importer.ask(
        "SELECT DISTINCT open_batch_id, next_visit_at, last_tried_at - first_found_at AS late FROM ops.frontier WHERE article_id IS NOT NULL"
    )
    assert found == [{"open_batch_id": None, "next_visit_at": None, "late": timedelta(0)}]
    status = importer.ask("SELECT outcome, reason FROM news.url_status WHERE url LIKE '%%excluded%%'")
    assert status == [{"outcome": "excluded", "reason": "matches the exclude pattern /excluded/"}]
    made = importer.ask("SELECT source_id, enabled, imported FROM ops.source ORDER BY source_id")
    assert {row["source_id"]: (row["enabled"], row["imported"]) for row in made} == {
        **{f"{story.outlet}-example": (False, True) for story in STORIES[:10] if story.outlet != known},
        "known": (True, False),
    }


def test_a_date_after_the_warc_date_is_not_believed(importer: Importer) -> None:
    story = STORIES[0]
    url, when, body = page_of(story, later=timedelta(days=-30))
    importer.run(importer.file("a.warc.gz", cc_news([(url, when, body)])), key="a")
    (row,) = importer.ask("SELECT published_at, first_seen_at FROM news.article")
    assert row["first_seen_at"] == when
    assert row["published_at"] is None or row["published_at"] <= when


def test_the_same_file_is_known_by_its_content_and_read_again_only_on_demand(importer: Importer) -> None:
    data = cc_news(page_of(story) for story in STORIES[:3])
    first = importer.run(importer.file("a.warc.gz", data), key="a")
    before = importer.ask("SELECT * FROM news.article ORDER BY url")
    assert importer.run(importer.file("another-name.warc.gz", data), key="b") == {
        "files": 0, "records": 0, "captures": 0, "left_out": 0,
    }  # fmt: skip
    again = importer.run(str(importer.folder / "a.warc.gz"), key="c", again=True)
    assert (again["records"], again["captures"]) == (first["records"], 0)
    assert importer.left_out("a.warc.gz")["already_imported"] == 3
    assert importer.ask("SELECT * FROM news.article ORDER BY url") == before


def test_a_file_that_was_cut_is_named_and_its_whole_brings_the_rest(importer: Importer) -> None:
    data = cc_news(page_of(story) for story in STORIES[:6])
    with pytest.raises(
        CheckFailed, match=r"1 damaged records; get the file anew\. the record at \d+ is damaged: the file ends"
    ):
        importer.run(importer.file("cut.warc.gz", data[: len(data) * 2 // 3]), key="a")
    cut = importer.ask("SELECT count(*) AS n FROM news.article")[0]["n"]
    assert 0 < cut < 6
    totals = importer.run(importer.file("whole.warc.gz", data), key="b")
    assert (totals["published"], importer.left_out("whole.warc.gz")["already_imported"]) == (6 - cut, cut)


def test_of_several_states_of_a_page_the_last_of_a_run_stays_and_an_older_one_changes_nothing(
    importer: Importer,
) -> None:
    story, others = STORIES[0], [page_of(story) for story in STORIES[1:9]]
    first, second, third = (
        page_of(story, later=timedelta(hours=hours), more=f"State {hours} of this text, with some more words for it.")
        for hours in (1, 2, 3)
    )
    # first and second are chunks apart
    totals = importer.run(importer.file("a.warc.gz", cc_news([first, *others, second, first])), key="a")
    assert (totals["captures"], totals["published"]) == (9, 9)
    assert {reason: importer.left_out("a.warc.gz").get(reason) for reason in ("older_state", "already_imported")} == {
        "older_state": 2, "already_imported": None,
    }  # fmt: skip
    totals = importer.run(importer.file("b.warc.gz", cc_news([third])), key="b")
    assert totals["updated"] == 1
    totals = importer.run(
        importer.file("c.warc", record("response", first[0], http(first[2]), "2020-01-01T00:00:00Z")), key="c"
    )
    assert (totals["captures"], importer.left_out("c.warc")) == (0, {"newer_known": 1})
    later = f"{third[1] + timedelta(hours=9):%Y-%m-%dT%H:%M:%SZ}"
    importer.run(importer.file("d.warc", record("response", third[0], http(third[2]), later)), key="d")
    assert importer.left_out("d.warc") == {"same_page": 1}
    versions = importer.ask(
        "SELECT version, body, seen_at FROM news.article_version JOIN news.article USING (article_id, version, body) WHERE url = %s",
        third[0],
    )
    assert [(row["version"], "State 3" in row["body"], row["seen_at"]) for row in versions] == [(2, True, third[1])]


def test_a_url_in_the_hands_of_a_run_is_left_to_it_and_an_import_keeps_no_host_waiting(importer: Importer) -> None:
    (importer.folder / "sources" / "known.yaml").write_text(
        SOURCE.format(id="known", home=f"https://www.{STORIES[0].outlet}.example/")
    )
    first, second = page_of(STORIES[0]), page_of(STORIES[1])
    importing.open_run(importer.desk, "sources", "airflow_import", [importer.file("x.warc", record(block=b""))])
    with transaction(importer.desk.dsn) as cursor:
        run = runs.open_run(cursor, "ingest", "airflow", [], None)
        cursor.execute(
            "INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, next_visit_at) "
            "VALUES (%s, %s, 'h', 'known', now(), now(), now()) RETURNING url_id", (first[0].replace("www.", ""), first[0]),
        )  # fmt: skip
        frontier.claim(cursor, run, ["h"], [cursor.fetchone()[0]])
    run = importing.open_run(
        importer.desk, "a", "airflow_import", [importer.file("a.warc.gz", cc_news([first, second]))]
    )
    importing.plan(importer.desk, run)
    assert importer.left_out("a.warc.gz")["in_hand"] == 1
    with transaction(importer.desk.dsn) as cursor:
        cursor.execute(
            "INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, next_visit_at) "
            "SELECT url_key || '2', url, host, 'known', now(), now(), now() FROM ops.frontier WHERE url = %s", (second[0],),
        )  # fmt: skip
        assert len(frontier.lock_due(cursor, ["known"], 10, 10)) == 1


def test_what_a_dead_import_left_any_run_finishes_and_the_next_import_of_the_file_reads_on(importer: Importer) -> None:
    (importer.folder / "sources" / "known.yaml").write_text(SOURCE.format(id="known", home="https://known.example/"))
    file = importer.file("a.warc.gz", cc_news(page_of(story) for story in STORIES[:6]))
    dead = importing.open_run(importer.desk, "dead", "import", [file])  # its process holds no sign of life
    assert len(importing.plan(importer.desk, dead, most_batches=1)) == 1
    run = stages.open_run(importer.desk, "ingest", "cli")
    for batch in stages.plan(importer.desk, run):
        assert stages.fetch(importer.desk, batch) == {}
        stages.extract(importer.desk, batch)
        stages.enrich(importer.desk, batch)
    stages.deduplicate(importer.desk, run)
    assert stages.publish(importer.desk, run) == {"published": 4}
    totals = importer.run(file, key="b")
    assert (totals["captures"], totals["published"]) == (6, 6)
    (row,) = importer.ask("SELECT state, records, captures FROM ops.import")
    assert row == {"state": "done", "records": 19, "captures": 6}


def test_all_pages_go_to_the_source_that_is_named(importer: Importer) -> None:
    (importer.folder / "sources" / "all.yaml").write_text(SOURCE.format(id="all", home="https://all.example/"))
    importer.run(importer.file("a.warc.gz", cc_news(page_of(story) for story in STORIES[:2])), key="a", source="all")
    assert importer.ask("SELECT DISTINCT source_id FROM news.article") == [{"source_id": "all"}]
    with pytest.raises(ConfigError, match="no source has the id nobody"):
        importer.run(str(importer.folder / "a.warc.gz"), key="b", source="nobody", again=True)


def test_a_run_reads_no_more_batches_than_airflow_can_map_and_the_next_goes_on(importer: Importer) -> None:
    file = importer.file("a.warc.gz", cc_news(page_of(story) for story in STORIES[:10]))
    run = importing.open_run(importer.desk, "a", "airflow_import", [file])
    assert len(importing.plan(importer.desk, run, most_batches=2)) == 2
    with pytest.raises(Retryable, match="is being imported by run"):
        importing.open_run(importer.desk, "b", "import", [file])
    for batch in importing.plan(importer.desk, run, most_batches=2):
        stages.extract(importer.desk, batch)
        stages.enrich(importer.desk, batch)
    stages.deduplicate(importer.desk, run)
    stages.publish(importer.desk, run)
    with pytest.raises(CheckFailed, match="import the same file again, and it goes on"):
        importing.check(importer.desk, run)
    importer.run(file, key="b")
    assert importer.ask("SELECT state, captures FROM ops.import") == [{"state": "done", "captures": 10}]


def test_a_dry_run_counts_without_a_database(importer: Importer) -> None:
    file = importer.file("a.warc.gz", cc_news(page_of(story) for story in STORIES[:3])[:-10])
    found = count_records(importer.desk.settings, identify(file))
    assert (found.records, found.captures, dict(found.left_out)) == (
        10, 3, {"warcinfo": 1, "request": 3, "metadata": 2, "damaged": 1},
    )  # fmt: skip


def test_files_are_named_by_folder_pattern_or_address(importer: Importer) -> None:
    data = cc_news([page_of(STORIES[0])])
    (importer.folder / "in").mkdir()
    paths = [importer.file(f"in/{name}", data) for name in ("[1].warc", "b.warc.gz")]
    importer.file("in/c.txt", b"")
    assert list_files([str(importer.folder / "in")]) == paths
    assert list_files([str(importer.folder / "in" / "*.warc*"), paths[0]]) == paths
    assert list_files([paths[0]]) == paths[:1]
    fsspec = pytest.importorskip("fsspec")
    fsspec.filesystem("memory").pipe_file("/import-test/a.warc.gz", data)
    assert list_files(["memory://import-test/*.gz"]) == ["memory:///import-test/a.warc.gz"]
    assert list_files(["memory://import-test/"]) == ["memory:///import-test/a.warc.gz"]
    assert identify("memory://import-test/a.warc.gz").digest == identify(paths[0]).digest
    assert count_records(importer.desk.settings, identify("memory://import-test/a.warc.gz")).captures == 1
    with pytest.raises(ConfigError, match="cannot read memory://import-test/none"):
        identify("memory://import-test/none.warc")
    with pytest.raises(ConfigError, match="cannot read nothing://"):
        identify("nothing://a.warc")


def test_what_is_no_warc_file_is_refused_with_a_word(importer: Importer) -> None:
    for name, data, word in (
        ("a.warc.zst", b"\x28\xb5\x2f\xfd...", "zstd"), ("a.arc", b"filedesc://a.arc", "ARC"), ("a.warc", b"", "empty"),
        ("b.warc", b"<html>", "no WARC file"),
    ):  # fmt: skip
        with pytest.raises(ConfigError, match=word):
            identify(importer.file(name, data))
    with pytest.raises(ConfigError, match="no such file"):
        importer.run(str(importer.folder / "nothing*.warc.gz"), key="a")


def test_an_import_that_dies_within_a_chunk_takes_nothing_of_it_and_does_it_anew(
    template_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [page_of(story) for story in STORIES[:9]]
    results = []
    for deaths in ((), ((1, True), (1, False), (2, True), (2, False), (1, True))):
        (tmp_path / str(len(deaths))).mkdir()
        with fresh_database(template_dsn) as dsn:
            importer = importer_of(dsn, tmp_path / str(len(deaths)), NEWSDESK_BATCH_SIZE="3")
            file = importer.file("news.warc.gz", cc_news(pages))
            for number, (chunk, stored) in enumerate(deaths):
                monkeypatch.setattr(archiving, "ArchiveWriter", _dying_writer(chunk, stored))
                with pytest.raises(KeyboardInterrupt):
                    importer.run(file, key=f"try {number}")
            monkeypatch.setattr(archiving, "ArchiveWriter", ArchiveWriter)
            importer.run(file, key="last")
            results.append(_final(importer))
    assert results[0] == results[1]


def _dying_writer(chunk: int, stored: bool) -> type[ArchiveWriter]:
    """It dies at this chunk, counted from the beginning of its try: before or after the chunk is `stored`."""

    class Dying(ArchiveWriter):
        left = chunk

        def write_all(self, records: Sequence[bytes]) -> list[ArchivedAt]:
            self.left -= 1
            if self.left == 0 and not stored:
                raise KeyboardInterrupt
            places = super().write_all(records)
            if self.left == 0:
                raise KeyboardInterrupt
            return places

    return Dying


def test_pages_go_to_the_archive_of_the_settings_a_chunk_as_one_write(dsn: str, tmp_path: Path) -> None:
    """An object store's options, and one object a chunk instead of one a page."""
    root = f"memory://{tmp_path.name}"
    importer = importer_of(
        dsn, tmp_path, NEWSDESK_ARCHIVE=root, NEWSDESK_ARCHIVE_OPTIONS='{"skip_instance_cache": true}'
    )
    run = importing.open_run(
        importer.desk, "a", "import", [importer.file("a.warc.gz", cc_news([page_of(s) for s in STORIES[:10]]))]
    )
    importing.plan(importer.desk, run)
    captures = importer.ask("SELECT warc_file, warc_offset, warc_length, digest FROM ops.capture")
    assert (len(captures), len({row["warc_file"] for row in captures})) == (10, 3)
    for row in captures:
        at = ArchivedAt(row["warc_file"], row["warc_offset"], row["warc_length"])
        body = read(root, at, importer.desk.settings.archive_options)[1]
        assert hashlib.sha256(body).digest() == bytes(row["digest"])


@pytest.mark.slow
def test_a_killed_import_goes_on_and_ends_as_an_undisturbed_one(template_dsn: str, tmp_path: Path) -> None:
    pages = [page_of(story) for story in STORIES[:24]]
    pages[5:5] = [page_of(STORIES[20], later=timedelta(minutes=5), more="An earlier state of it.")]
    results = []
    for disturbed in (False, True):
        folder = tmp_path / str(disturbed)
        folder.mkdir()
        with fresh_database(template_dsn) as dsn:
            importer = importer_of(dsn, folder, NEWSDESK_BATCH_SIZE="6")
            file = importer.file("news.warc.gz", cc_news(pages))
            if disturbed:
                assert sum(_killed_at_some_progress(importer, file, number) for number in range(3)) >= 2
                done = _command(importer, file).communicate(timeout=480)
                assert "76 records = 24 pages + 52 left out" in done[0].replace("\n", " "), done
            else:
                importer.run(file, key="undisturbed")
            results.append(_final(importer))
    assert results[0] == results[1]


def _command(importer: Importer, *arguments: str, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*NEWSDESK, "import-warc", "--quiet", *arguments], text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=environment(
            NEWSDESK_HOME=str(importer.folder), NEWSDESK_SOURCES=str(importer.folder / "sources"),
            NEWSDESK_DSN=importer.desk.dsn, NEWSDESK_BATCH_SIZE="6", **settings,
        ),
    )  # fmt: skip


def _killed_at_some_progress(importer: Importer, file: str, number: int) -> bool:
    """Kill the command with all its workers as soon as it has come further than the ones before it."""
    running = _command(importer, file)
    before = _progress(importer)
    until = time.monotonic() + 60
    while _progress(importer) == before and running.poll() is None and time.monotonic() < until:
        time.sleep(0.005 * (number + 1))
    was_running = running.poll() is None
    if was_running:
        os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    return was_running


def _progress(importer: Importer) -> list[dict[str, Any]]:
    return importer.ask(
        "SELECT (SELECT sum(records) FROM ops.import) AS read, (SELECT count(*) FROM ops.document) AS documents, "
        "(SELECT count(*) FROM ops.visit WHERE enriched_at IS NOT NULL) AS enriched"
    )


def _final(importer: Importer) -> dict[str, Any]:
    """All that an analyst and an operator see, without the keys that a rolled back transaction uses up."""
    return {
        "articles": importer.ask(
            "SELECT a.url, a.source_id, a.title, a.body, a.published_at, a.first_seen_at, a.version, a.is_primary, p.url AS primary_url "
            "FROM news.article AS a JOIN news.article AS p ON p.article_id = a.cluster_id ORDER BY a.url"
        ),
        "versions": importer.ask(
            "SELECT url, v.version, v.seen_at FROM news.article_version AS v JOIN news.article USING (article_id) ORDER BY 1, 2"
        ),
        "status": importer.ask(
            "SELECT url, source_id, outcome, reason, first_found_at, last_tried_at FROM news.url_status ORDER BY 1"
        ),
        "mentions": importer.ask(
            "SELECT url, count(*) FROM news.mention JOIN news.article USING (article_id) GROUP BY 1 ORDER BY 1"
        ),
        "import": importer.ask("SELECT state, records, captures, left_out FROM ops.import"),
        "captures": importer.ask("SELECT final_url, fetched_at, digest::text FROM ops.capture ORDER BY 1, 2"),
        "open": importer.ask("SELECT count(*) FROM ops.frontier WHERE open_batch_id IS NOT NULL"),
    }


@pytest.mark.slow
def test_the_command_says_what_became_of_each_file(importer: Importer) -> None:
    first = importer.file("a.warc.gz", cc_news(page_of(story) for story in STORIES[:3]))
    importer.file("b.warc.gz", cc_news(page_of(story) for story in STORIES[3:6])[:-10])
    running = _command(importer, str(importer.folder / "*.warc.gz"), **WITHOUT_NAMES)
    said, _ = running.communicate(timeout=480)
    assert running.returncode == 1, said
    said = re.sub(r"\s+", " ", said)
    assert "a.warc.gz: 10 records = 3 pages + 7 left out (3 metadata, 3 request, 1 warcinfo)" in said
    assert "a.warc.gz: 3 pages = 3 published" in said
    assert "b.warc.gz: 10 records = 3 pages + 7 left out (1 damaged, 2 metadata, 3 request, 1 warcinfo)" in said
    assert "needs a person" in said
    running = _command(importer, first, **WITHOUT_NAMES)
    said, _ = running.communicate(timeout=480)
    assert running.returncode == 0, said
    assert "imported already" in re.sub(r"\s+", " ", said)
    assert _command(importer, str(importer.folder / "none.warc")).wait(timeout=240) == 2


def test_the_page_of_a_withdrawn_address_is_left_out(importer: Importer) -> None:
    pages = [page_of(story) for story in STORIES[:2]]
    withdraw(importer.desk, pages[0][0], "a wish")
    importer.run(importer.file("news.warc.gz", cc_news(pages)), key="one")
    assert importer.left_out("news.warc.gz")["withdrawn"] == 1
    assert [row["url"] for row in importer.ask("SELECT url FROM ops.frontier")] == [pages[1][0]]
