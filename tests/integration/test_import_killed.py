"""A killed import loses nothing and doubles nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from databases import fresh_database
from foreign_imports import SOURCE, STORIES, Importer, command, importer_of, page_of
from newsdesk import archiving, stages
from newsdesk.archive.warc import ArchiveWriter
from newsdesk.importing import steps as importing
from newsdesk.model import ArchivedAt
from waiting import until
from warc_making import cc_news


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
                done = command(importer, file).communicate(timeout=480)
                assert "76 records = 24 pages + 52 left out" in done[0].replace("\n", " "), done
            else:
                importer.run(file, key="undisturbed")
            results.append(_final(importer))
    assert results[0] == results[1]


def _killed_at_some_progress(importer: Importer, file: str, number: int) -> bool:
    """Kill the command with all its workers as soon as it has come further than the ones before it."""
    running = command(importer, file)
    before = _progress(importer)
    until(
        lambda: _progress(importer) != before or running.poll() is not None, 120, f"more than {before}",
        pause=0.005 * (number + 1),
    )  # fmt: skip
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
