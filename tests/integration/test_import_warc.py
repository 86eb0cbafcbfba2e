"""What becomes of the pages of foreign archives, and that each record is accounted for."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from foreign_imports import SOURCE, STORIES, Importer, importer_of, page_of, published
from newsdesk.archive.warc import read
from newsdesk.errors import ConfigError
from newsdesk.importing import steps as importing
from newsdesk.local.newsroom.story import blocks
from newsdesk.model import ArchivedAt
from newsdesk.store import frontier, runs
from newsdesk.store.database import transaction
from newsdesk.withdrawing import withdraw
from warc_making import cc_news, http, packed, record


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


def test_all_pages_go_to_the_source_that_is_named(importer: Importer) -> None:
    (importer.folder / "sources" / "all.yaml").write_text(SOURCE.format(id="all", home="https://all.example/"))
    importer.run(importer.file("a.warc.gz", cc_news(page_of(story) for story in STORIES[:2])), key="a", source="all")
    assert importer.ask("SELECT DISTINCT source_id FROM news.article") == [{"source_id": "all"}]
    with pytest.raises(ConfigError, match="no source has the id nobody"):
        importer.run(str(importer.folder / "a.warc.gz"), key="b", source="nobody", again=True)


def test_the_page_of_a_withdrawn_address_is_left_out(importer: Importer) -> None:
    pages = [page_of(story) for story in STORIES[:2]]
    withdraw(importer.desk, pages[0][0], "a wish")
    importer.run(importer.file("news.warc.gz", cc_news(pages)), key="one")
    assert importer.left_out("news.warc.gz")["withdrawn"] == 1
    assert [row["url"] for row in importer.ask("SELECT url FROM ops.frontier")] == [pages[1][0]]


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
