"""The archive read anew: what is reported, and that just that becomes current."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from breaking import breaks
from newsdesk import enrichment, readers, stages
from newsdesk.errors import CheckFailed, ConfigError, Retryable
from newsdesk.local.newsroom.story import blocks
from newsdesk.reprocessing import applying, steps
from newsdesk.reprocessing.report import as_json, gather
from newsdesk.store import frontier, runs
from newsdesk.store.database import transaction
from newsdesk.store.reprocess import Scope
from older_archive import (
    BODY,
    DATED,
    EMPTY,
    FRESH,
    LOST,
    OLD,
    SAME,
    SECTION,
    SPACING,
    SPARE,
    STORIES,
    WALLED,
    Archive,
    archive,
    older,
    page_of,
    read_once,
    reported,
    url_of,
)

__all__ = ["archive", "older", "read_once", "reported"]


def test_the_report_counts_what_would_change_and_changes_nothing(archive: Archive) -> None:
    before = archive.analysts_view()
    report = archive.report()
    assert report.articles == {"changed": 4, "same": 2, "lost": 1, "refused": 1}
    assert report.others == {"new": 1}
    assert report.changes == {
        "body": 1,
        "published_at": 1,
        "published_precision": 1,
        "section": 1,
        "spacing": 1,
        "tags": 1,
    }
    assert report.versions == 2
    assert report.words["removed"]["most"] == 6  # 0 Share it... Leave a Reply
    assert report.words["added"]["most"] > 5  # the last paragraph
    assert sum(report.words["share"].values()) == 1
    assert [row["url"] for row in report.no_longer] == [url_of(WALLED)]
    assert [row["url"] for row in report.lost] == [url_of(LOST)]
    assert "gone.warc.gz" in report.lost[0]["reason"]
    assert [(row["url"], row["new_title"]) for row in report.new] == [(EMPTY, SPARE.title)]
    assert report.largest[0].url == url_of(BODY)
    assert json.dumps(as_json(report))
    assert archive.analysts_view() == before
    assert archive.ask("SELECT count(*) AS n FROM ops.document WHERE extractor <> %s", OLD) == [{"n": 0}]


def test_what_was_reported_becomes_current(reported: Archive) -> None:
    before = {row["url"]: row for row in reported.analysts_view()["articles"]}
    report = reported.last()
    totals = reported.apply(report.reprocess_id)
    assert totals == {
        "pages_batch": 5, "pages_kept": 2, "pages_marked": 2, "published": 1, "unchanged": 2, "updated": 2,
    }  # fmt: skip
    body = reported.article(BODY)
    assert (body["version"], body["body"].startswith("0"), "Share it" in body["body"]) == (2, False, False)
    assert body["body"].endswith(list(blocks(BODY.text))[-1][1])
    versions = reported.ask(
        "SELECT version, body, reread FROM news.article_version WHERE article_id = %s ORDER BY 1", body["article_id"]
    )
    assert [(row["version"], row["reread"]) for row in versions] == [(1, False), (2, True)]
    assert "Share it" in versions[0]["body"]
    spacing = reported.article(SPACING)
    assert (spacing["version"], "\n\n" in spacing["body"]) == (1, True)
    (row,) = reported.ask("SELECT body FROM news.article_version WHERE article_id = %s", spacing["article_id"])
    assert row["body"] == spacing["body"]
    section = reported.article(SECTION)
    assert (section["version"], section["section"], section["tags"]) == (1, "Towns", [])
    assert reported.article(DATED)["published_at"] == datetime.fromisoformat(DATED.published).replace(tzinfo=UTC)
    assert reported.article(DATED)["version"] == 2
    for story in (LOST, WALLED, SAME, FRESH):
        now = reported.article(story)
        assert {**now, "loaded_at": None} == {**before[url_of(story)], "loaded_at": None}
    (new,) = reported.ask("SELECT outcome, article_id FROM news.url_status WHERE url = %s", EMPTY)
    assert new["outcome"] == "published"
    (new,) = reported.ask("SELECT title FROM news.article WHERE article_id = %s", new["article_id"])
    assert new["title"] == SPARE.title
    assert reported.ask(
        "SELECT f.url FROM ops.article JOIN ops.document AS d USING (document_id) JOIN ops.frontier AS f ON f.url_id = d.url_id WHERE extractor <> %s ORDER BY 1",
        readers.extractor(),
    ) == [{"url": url} for url in sorted(map(url_of, (LOST, WALLED)))]
    assert reported.ask("SELECT count(*) AS n FROM ops.frontier WHERE open_batch_id IS NOT NULL") == [{"n": 0}]
    assert reported.ask("SELECT count(*) AS n FROM ops.reprocess_page WHERE reading IS NOT NULL") == [{"n": 0}]
    assert reported.ask(
        """
        SELECT m.* FROM news.mention AS m JOIN news.article AS a USING (article_id)
        WHERE substr(a.body, m.start_pos + 1, m.end_pos - m.start_pos) <> m.text
        """
    ) == []  # fmt: skip
    for story in (BODY, SPACING, SECTION, DATED):
        assert reported.ask(
            "SELECT 1 AS x FROM news.mention WHERE article_id = %s", reported.article(story)["article_id"]
        )


def test_a_page_that_was_only_read_anew_keeps_its_state_and_its_next_visit(reported: Archive) -> None:
    columns = "url, outcome, reason, stage, last_tried_at, next_visit_at, failures, etag, article_id"
    before = reported.ask(f"SELECT {columns} FROM ops.frontier WHERE url <> %s ORDER BY url", EMPTY)
    reported.apply(reported.last().reprocess_id)
    assert reported.ask(f"SELECT {columns} FROM ops.frontier WHERE url <> %s ORDER BY url", EMPTY) == before


def test_what_was_applied_is_not_read_again_and_changes_nothing_if_it_is(archive: Archive) -> None:
    archive.apply(archive.report().reprocess_id)
    view = archive.analysts_view()
    assert archive.report().articles == {"lost": 1, "refused": 1}
    again = archive.report(Scope(all=True))
    assert again.articles == {"lost": 1, "refused": 1, "same": 7}
    archive.apply(again.reprocess_id, "again")
    assert archive.analysts_view() == view


def listed(archive: Archive, scope: Scope) -> int:
    """How many pages are in scope."""
    reprocess_id = steps.open_report(archive.desk, str(scope), "extract", scope, apply=False)
    (row,) = archive.ask("SELECT count(*) AS n FROM ops.reprocess_page WHERE reprocess_id = %s", reprocess_id)
    return int(row["n"])


def test_the_scope_is_by_day_source_and_number(archive: Archive) -> None:
    days = sorted(datetime.fromisoformat(story.published).date() for story in STORIES)
    assert listed(archive, Scope(since=days[-1] + timedelta(days=2))) == 0
    assert listed(archive, Scope(until=days[0] - timedelta(days=1))) == 0
    assert listed(archive, Scope(since=days[0], until=days[-1] + timedelta(days=1))) == 9
    assert listed(archive, Scope(limit=2)) == 2
    (row,) = archive.ask("SELECT source_id FROM news.article WHERE url = %s", url_of(BODY))
    assert 0 < listed(archive, Scope(sources=(row["source_id"],))) < 9
    with pytest.raises(ConfigError, match="no-such"):
        listed(archive, Scope(sources=("no-such",)))


def test_a_report_of_another_version_is_not_applied(reported: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    report = reported.last()
    monkeypatch.setattr(readers, "extractor", lambda: "newsdesk 9")
    with pytest.raises(ConfigError, match=r"another version.*newsdesk 9"):
        reported.report(apply=True)
    with pytest.raises(ConfigError, match="another version"):
        applying.open_run(reported.desk, report.reprocess_id, "x", "reprocess")
    fresh = reported.report()
    assert (fresh.reader, fresh.pages) == ("newsdesk 9", 9)
    assert reported.report(apply=True).reprocess_id == fresh.reprocess_id
    with pytest.raises(ConfigError, match="no longer there"):
        gather(reported.desk, report.reprocess_id)


def test_a_half_read_report_goes_on_and_is_not_applied(archive: Archive) -> None:
    first = steps.open_report(archive.desk, "a", "extract", Scope(), apply=False)
    steps.read_portion(archive.desk, first, steps.unread_portions(archive.desk, first)[0])
    with pytest.raises(CheckFailed, match="not read yet"):
        applying.open_run(archive.desk, first, "x", "reprocess")
    assert archive.report().reprocess_id == first
    assert archive.report(apply=True).reprocess_id == first


def test_an_article_that_was_fetched_anew_since_or_is_in_hand_is_passed_over(reported: Archive) -> None:
    report = reported.last()
    body, dated = reported.article(BODY)["article_id"], reported.article(DATED)["article_id"]
    reported.ask(
        """
        WITH new AS (
            INSERT INTO ops.document (url_id, capture_id, extractor, title, body, body_digest, authors, tags, word_count, provenance)
            SELECT url_id, capture_id, extractor, title, 'newer', body_digest, authors, tags, 1, provenance
            FROM ops.document WHERE url_id = %s RETURNING document_id, url_id)
        UPDATE ops.article AS a SET document_id = new.document_id FROM new WHERE a.article_id = new.url_id
        """,
        body,
    )
    with transaction(reported.desk.dsn) as cursor:
        other = runs.open_run(cursor, "other", "airflow", [], None)
        frontier.claim(cursor, other, ["x"], [dated])
    totals = reported.apply(report.reprocess_id)
    assert (totals["pages_overtaken"], totals["pages_in_hand"], totals["pages_batch"]) == (1, 1, 3)
    assert reported.article(BODY)["version"] == reported.article(DATED)["version"] == 1


def test_hosts_are_not_kept_waiting_by_what_is_read_anew(reported: Archive) -> None:
    report = reported.last()
    run = applying.open_run(reported.desk, report.reprocess_id, "a", "airflow_reprocess")
    assert applying.admit(reported.desk, report.reprocess_id, run)
    same = reported.article(BODY)
    reported.ask("UPDATE ops.frontier SET next_visit_at = now() WHERE url = %s", EMPTY.replace("nothing", "x"))
    with transaction(reported.desk.dsn) as cursor:
        cursor.execute("SELECT host FROM ops.frontier WHERE url_id = %s", (same["article_id"],))
        (host,) = cursor.fetchone() or ("",)
        cursor.execute(
            "INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, next_visit_at) "
            "VALUES ('k', 'k', %s, %s, now(), now(), now()) RETURNING url_id",
            (host, same["source_id"]),
        )
        (url_id,) = cursor.fetchone() or (0,)
        assert url_id in [due.url_id for due in frontier.lock_due(cursor, [same["source_id"]], 100, 100)]


def test_what_a_dead_run_left_is_finished_by_the_next_run_that_publishes(reported: Archive) -> None:
    report = reported.last()
    dead = applying.open_run(reported.desk, report.reprocess_id, "dead", "reprocess")
    applying.admit(reported.desk, report.reprocess_id, dead)
    with transaction(reported.desk.dsn) as cursor:
        run = runs.open_run(cursor, "next", "airflow", [], None)
        assert runs.adopt_orphans(cursor, run) == len(runs.batches(cursor, run)) > 0
        batches = runs.batches(cursor, run)
    for batch in batches:
        stages.fetch(reported.desk, batch)
        stages.extract(reported.desk, batch)
        stages.enrich(reported.desk, batch)
    stages.deduplicate(reported.desk, run)
    stages.publish(reported.desk, run)
    assert reported.article(BODY)["version"] == 2
    assert reported.apply(report.reprocess_id, "later")["updated"] == 2  # and finds all done
    assert reported.article(BODY)["version"] == 2


def test_a_report_that_another_run_applies_now_is_left_to_it(reported: Archive) -> None:
    report = reported.last()
    run = applying.open_run(reported.desk, report.reprocess_id, "a", "reprocess")
    with (
        runs.alive(reported.desk.dsn, run),
        pytest.raises(Retryable, match=f"being applied by run {run}"),
    ):
        applying.open_run(reported.desk, report.reprocess_id, "b", "reprocess")
    assert applying.open_run(reported.desk, report.reprocess_id, "b", "reprocess") != run


def test_a_better_text_finds_its_reprint(archive: Archive) -> None:
    """Two articles with one text, of which the older extractor had only rags of one."""
    archive.archive_at(url_of(SAME), page_of(BODY).replace(BODY.title.encode(), b"Another headline of it"))
    archive.older(SAME, body="Nothing of it. " * 40)
    archive.apply(archive.report().reprocess_id)
    assert archive.article(SAME)["cluster_id"] == archive.article(BODY)["cluster_id"]
    (cluster,) = archive.ask("SELECT size FROM news.cluster WHERE cluster_id = %s", archive.article(BODY)["cluster_id"])
    assert cluster["size"] == 2


def test_what_a_later_visit_reads_better_of_an_unchanged_article_is_shown(archive: Archive) -> None:
    """The visit's document is the article's from then on, so no reprocess would look at it again."""
    article = archive.article(SAME)
    archive.older(SAME, body_html=None, section="Wrong")
    with transaction(archive.desk.dsn) as cursor:
        run = runs.open_run(cursor, "visit", "airflow", [], None)
    archive.ask(
        """
        WITH new AS (
            INSERT INTO ops.document (url_id, capture_id, extractor, title, body, body_digest, authors, language, published_at,
                published_precision, tags, section, word_count, provenance, body_html)
            SELECT url_id, capture_id, %s, title, body, body_digest, authors, language, published_at,
                published_precision, tags, 'Towns', word_count, provenance, %s
            FROM ops.document WHERE url_id = %s RETURNING document_id, url_id, capture_id),
        batch AS (INSERT INTO ops.batch (run_id, hosts, urls) VALUES (%s, '{}', 1) RETURNING batch_id)
        INSERT INTO ops.visit (batch_id, url_id, capture_id, document_id, fetched_at, extracted_at, enriched_at)
        SELECT batch_id, url_id, capture_id, document_id, now(), now(), now() FROM new, batch
        """,
        readers.extractor(), article["body_html"], article["article_id"], run,
    )  # fmt: skip
    stages.deduplicate(archive.desk, run)
    assert stages.publish(archive.desk, run) == {"unchanged": 1}
    now = archive.article(SAME)
    assert now["body_html"]
    assert {**now, "loaded_at": None} == {**article, "loaded_at": None}
    assert now["loaded_at"] > article["loaded_at"]
    (versions,) = archive.ask(
        "SELECT count(*) AS n FROM news.article_version WHERE article_id = %s", article["article_id"]
    )
    assert versions["n"] == 1


def test_names_are_found_anew_in_the_present_texts(archive: Archive) -> None:
    whole = archive.ask("SELECT * FROM news.mention ORDER BY article_id, start_pos")
    before = archive.article(SAME)
    article = before["article_id"]
    archive.ask(
        "DELETE FROM ops.mention WHERE document_id = (SELECT document_id FROM ops.article WHERE article_id = %s)",
        article,
    )
    archive.ask("DELETE FROM news.mention WHERE article_id = %s", article)
    archive.ask("DELETE FROM news.article_entity WHERE article_id = %s", article)
    scope = Scope(sources=(archive.article(SAME)["source_id"],))
    report = archive.report(scope, "enrich")
    assert report.articles["changed"] >= 1
    assert SAME.title in [one.before["title"] for one in report.largest]
    assert archive.ask("SELECT 1 AS x FROM news.mention WHERE article_id = %s", article) == []
    archive.apply(report.reprocess_id)
    mine = [row for row in whole if row["article_id"] == article]
    assert archive.ask("SELECT * FROM news.mention WHERE article_id = %s ORDER BY start_pos", article) == mine != []
    assert archive.article(SAME)["version"] == 1
    assert archive.article(SAME)["loaded_at"] > before["loaded_at"]  # so whoever follows loads gets the names too
    assert archive.report(scope, "enrich").pages == 0


def test_a_text_that_finding_names_breaks_at_is_told_in_the_report_and_stops_no_other(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrichment, "annotate", breaks(enrichment.annotate, SAME.title))
    report = archive.report(stage="enrich")
    (told,) = report.lost
    assert told["reason"] == "finding names in it failed: IndexError: a rule met what nobody foresaw"
    assert report.articles["lost"] == 1
    assert report.articles["same"] > 1


def test_a_text_that_broke_the_reader_keeps_the_names_and_the_reader_that_it_has(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    named_by = (
        "SELECT d.annotator FROM ops.article AS a JOIN ops.document AS d USING (document_id) WHERE a.article_id = %s"
    )
    article = archive.article(SAME)["article_id"]
    before = archive.ask(named_by, article)
    monkeypatch.setattr(enrichment, "annotate", breaks(enrichment.annotate, SAME.title))
    report = archive.report(stage="enrich")
    archive.apply(report.reprocess_id)
    applied = "SELECT applied FROM ops.reprocess_page WHERE reprocess_id = %s AND found = 'lost'"
    assert archive.ask(applied, report.reprocess_id) == [{"applied": "kept"}]
    assert archive.ask(named_by, article) == before
