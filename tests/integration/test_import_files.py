"""Which files an import is given, and that each is read once and to its end."""

from __future__ import annotations

import re

import fsspec
import pytest

from command_line import WITHOUT_NAMES
from foreign_imports import STORIES, Importer, command, page_of
from newsdesk import stages
from newsdesk.archive.foreign_files import identify, list_files
from newsdesk.errors import CheckFailed, ConfigError, Retryable
from newsdesk.importing import steps as importing
from newsdesk.importing.foreground import count_records
from warc_making import cc_news


def test_files_are_named_by_folder_pattern_or_address(importer: Importer) -> None:
    data = cc_news([page_of(STORIES[0])])
    (importer.folder / "in").mkdir()
    paths = [importer.file(f"in/{name}", data) for name in ("[1].warc", "b.warc.gz")]
    importer.file("in/c.txt", b"")
    assert list_files([str(importer.folder / "in")]) == paths
    assert list_files([str(importer.folder / "in" / "*.warc*"), paths[0]]) == paths
    assert list_files([paths[0]]) == paths[:1]

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


def test_a_dry_run_counts_without_a_database(importer: Importer) -> None:
    file = importer.file("a.warc.gz", cc_news(page_of(story) for story in STORIES[:3])[:-10])
    found = count_records(importer.desk.settings, identify(file))
    assert (found.records, found.captures, dict(found.left_out)) == (
        10, 3, {"warcinfo": 1, "request": 3, "metadata": 2, "damaged": 1},
    )  # fmt: skip


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


@pytest.mark.slow
def test_the_command_says_what_became_of_each_file(importer: Importer) -> None:
    first = importer.file("a.warc.gz", cc_news(page_of(story) for story in STORIES[:3]))
    importer.file("b.warc.gz", cc_news(page_of(story) for story in STORIES[3:6])[:-10])
    running = command(importer, str(importer.folder / "*.warc.gz"), **WITHOUT_NAMES)
    said, _ = running.communicate(timeout=480)
    assert running.returncode == 1, said
    said = re.sub(r"\s+", " ", said)
    assert "a.warc.gz: 10 records = 3 pages + 7 left out (3 metadata, 3 request, 1 warcinfo)" in said
    assert "a.warc.gz: 3 pages = 3 published" in said
    assert "b.warc.gz: 10 records = 3 pages + 7 left out (1 damaged, 2 metadata, 3 request, 1 warcinfo)" in said
    assert "needs a person" in said
    running = command(importer, first, **WITHOUT_NAMES)
    said, _ = running.communicate(timeout=480)
    assert running.returncode == 0, said
    assert "imported already" in re.sub(r"\s+", " ", said)
    assert command(importer, str(importer.folder / "none.warc")).wait(timeout=240) == 2
