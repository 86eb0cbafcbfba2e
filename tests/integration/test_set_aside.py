"""A page that a step breaks at is set aside with its reason, and the step goes on: real HTTP, real PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from breaking import breaks
from discovery import Discovery
from foreign_imports import STORIES, page_of
from newsdesk import archive_verifying, enrichment, entity_linking, extraction, polling, stages, withdrawing
from newsdesk.archive.places import open_place
from newsdesk.desk import Desk
from newsdesk.errors import ToolCrashed
from newsdesk.extract.guard import Guard
from newsdesk.model import Annotation
from newsdesk.store import documents
from newsdesk.store.database import UNSTORABLE, Cursor, attempt, insert_values, transaction
from newsdesk.store.documents import ToEnrich
from newsdesk.store.templates import PageRead
from newsdesk.store.visits import ToExtract
from scripted_site import Answer, Site

NAMES = ("storm-hits-the-coast", "mayor-resigns-at-last", "bridge-opens-on-monday")
WORD = "Kwyjibo"


@pytest.fixture
def run(discovery: Discovery, site: Site) -> Discovery:
    """Three stories of which the second has a word and headers that the others have not."""
    site.answers["/rss"] = Answer(site.rss(*NAMES))
    for name, story in zip(NAMES, STORIES, strict=False):
        odd = name == NAMES[1]
        _, _, page = page_of(story, more=f"J. {WORD} said so on the day." if odd else "")
        page = page.replace(
            b"<head>", b'<head><meta property="article:section" content="Affairs of state">' if odd else b"<head>"
        )
        site.answers[f"/{name}"] = Answer(page, {"Content-Type": "text/html;charset=utf-8" + "; odd=1" * odd})
    discovery.source("feed /rss")
    return discovery


def finish(run: Discovery) -> dict[str, tuple[str, str, str]]:
    """All steps. Outcome, stage and reason of each URL, by the end of its address."""
    run_id = stages.open_run(run.desk, "test/1", "cli")
    stages.discover(run.desk, run_id)
    for batch in stages.plan(run.desk, run_id):
        for step in (stages.fetch, stages.extract, stages.enrich):
            step(run.desk, batch)
    stages.deduplicate(run.desk, run_id)
    stages.publish(run.desk, run_id)
    found = run.sql("SELECT url, outcome, stage, coalesce(reason, '') AS reason FROM ops.frontier")
    return {row["url"].rpartition("/")[2]: (row["outcome"], row["stage"], row["reason"]) for row in found}


def is_alone(found: dict[str, tuple[str, str, str]], stage: str) -> str:
    """The reason that the second story was set aside for at that stage, the others being published."""
    assert {name: found[name][0] for name in NAMES} == dict(
        zip(NAMES, ("published", "quarantined", "published"), strict=True)
    )
    assert found[NAMES[1]][1] == stage
    return found[NAMES[1]][2]


def test_a_text_that_finding_names_breaks_at_is_set_aside_alone(
    run: Discovery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrichment, "annotate", breaks(enrichment.annotate, WORD))
    reason = is_alone(finish(run), "enrich")
    assert reason == "finding names in it failed: IndexError: a rule met what nobody foresaw"
    (visit,) = run.sql("SELECT evidence, settled_at FROM ops.visit WHERE outcome = 'quarantined'")
    assert visit["settled_at"]
    assert set(visit["evidence"]) == {"title", "text", "annotator"}


def test_a_model_that_is_broken_fails_the_task_and_sets_nothing_aside(
    run: Discovery, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(enrichment, "annotate", breaks(enrichment.annotate, ""))
        with pytest.raises(IndexError):
            finish(run)
    assert run.sql("SELECT 1 FROM ops.visit WHERE outcome IS NOT NULL") == []


@pytest.mark.parametrize("fault", [MemoryError(), ToolCrashed("no worker")])
def test_a_fault_of_the_machine_is_no_documents(
    run: Discovery, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def annotate_documents(desk: Any, some: Sequence[ToEnrich]) -> list[Annotation]:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(enrichment, "annotate_documents", annotate_documents)
        with pytest.raises(type(fault)):
            finish(run)
    assert run.sql("SELECT 1 FROM ops.visit WHERE outcome IS NOT NULL") == []


@pytest.mark.parametrize(
    ("stage", "column"),
    [("fetch", "capture ALTER content_type TYPE varchar(24)"), ("extract", "document ALTER section TYPE varchar(10)"),
     ("enrich", "mention ALTER text TYPE varchar(80)")],
)  # fmt: skip
def test_what_the_database_does_not_take_of_a_page_sets_that_page_aside(
    run: Discovery, stage: str, column: str
) -> None:
    run.sql(f"ALTER TABLE ops.{column}")
    page = run.site.answers[f"/{NAMES[1]}"]
    assert isinstance(page, Answer)
    page.body = page.body.replace(f"J. {WORD}".encode(), f"J. K{'orkel' * 20}".encode())
    reason = is_alone(finish(run), stage)
    assert reason.startswith("the database does not take what it says: value too long")


def test_what_the_database_does_not_take_of_a_feed_is_that_feeds_failure(run: Discovery) -> None:
    run.site.answers["/other"] = Answer(run.site.rss(f"{NAMES[0]}-again-and-again-and-again-and-again"))
    run.source("feed /other", "feed /rss")
    run.sql("ALTER TABLE ops.frontier ALTER title TYPE varchar(40)")
    assert run.run() == {
        "sources": 1, "source_files_with_faults": 0, "endpoints": 2, "new": 3, "seen": 3, "failed": 1,
    }  # fmt: skip
    (failed,) = run.sql("SELECT url, outcome, reason, failures FROM ops.endpoint WHERE outcome IS NOT NULL")
    assert failed["url"].endswith("/other")
    assert (failed["outcome"], failed["failures"]) == ("quarantined", 1)
    assert failed["reason"].startswith("the database does not take what it says: value too long")


@pytest.mark.parametrize("tries", [1, 2])
def test_a_page_that_is_withdrawn_while_it_is_read_leaves_nothing_of_its_text(
    run: Discovery, monkeypatch: pytest.MonkeyPatch, tries: int
) -> None:
    """tries: 2, where another try of the task has read it meanwhile."""
    read_page = extraction.read_page

    def withdrawn_meanwhile(desk: Desk, guard: Guard, item: ToExtract, *more: Any) -> PageRead:
        page = read_page(desk, guard, item, *more)
        if item.url.endswith(NAMES[1]):
            monkeypatch.undo()
            if tries == 2:
                stages.extract(desk, run.sql("SELECT batch_id FROM ops.batch")[0]["batch_id"])
            withdrawing.withdraw(desk, item.url, "a wish")
        return page

    monkeypatch.setattr(extraction, "read_page", withdrawn_meanwhile)
    assert finish(run)[NAMES[1]][::2] == ("withdrawn", "a wish")
    left = run.sql(
        "SELECT url FROM ops.frontier WHERE url_id IN (SELECT url_id FROM ops.template_page UNION SELECT url_id FROM ops.document)"
    )
    assert {row["url"].rpartition("/")[2] for row in left} == {NAMES[0], NAMES[2]}


def test_a_fault_of_ours_while_names_are_stored_fails_the_task_and_sets_nothing_aside(
    run: Discovery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link_names(*_: Any) -> None:
        raise ValueError("zip() argument 2 is shorter than argument 1")

    monkeypatch.setattr(entity_linking, "link_names", link_names)
    with pytest.raises(ValueError, match="zip"):
        finish(run)
    assert run.sql("SELECT 1 FROM ops.visit WHERE outcome IS NOT NULL") == []


def test_a_fault_of_ours_while_links_are_judged_fails_the_task_and_no_endpoint(
    run: Discovery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge_links(*_: Any) -> Any:
        raise ValueError("not enough values to unpack")

    monkeypatch.setattr(polling, "judge_links", judge_links)
    with pytest.raises(ValueError, match="unpack"):
        run.run()
    assert run.sql("SELECT 1 FROM ops.endpoint WHERE failures > 0") == []


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_a_text_that_cannot_be_written_down_is_told_from_a_fault_of_ours(dsn: str, text: str) -> None:
    with transaction(dsn) as cursor:
        for write in (
            lambda: cursor.execute("SELECT %s", (text,)),
            lambda: insert_values(
                cursor, "INSERT INTO ops.audit (actor, action, target) VALUES %s", [("a", "b", text)]
            ),
        ):
            with pytest.raises(UNSTORABLE), attempt(cursor):
                write()
        cursor.execute("SELECT 1")


def test_the_record_of_a_page_that_is_set_aside_as_it_is_fetched_goes_when_it_is_withdrawn(run: Discovery) -> None:
    run.sql("ALTER TABLE ops.capture ALTER content_type TYPE varchar(24)")
    is_alone(finish(run), "fetch")
    (capture,) = run.sql(
        "SELECT final_url, headers, content_type FROM ops.capture WHERE final_url LIKE %s", f"%{NAMES[1]}"
    )
    assert (capture["headers"], capture["content_type"]) == ({}, None)
    assert withdrawing.withdraw(run.desk, capture["final_url"], "a wish").records == 1
    place = open_place(run.desk.settings.archive)
    files = archive_verifying.files_to_verify(place, run.desk.dsn)
    assert [fault for told in archive_verifying.verify(place, run.desk.dsn, files) for fault in told.faults] == []


def test_names_that_another_try_has_stored_are_not_counted_twice(
    run: Discovery, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = stages.open_run(run.desk, "test/1", "cli")
    stages.discover(run.desk, run_id)
    (batch,) = stages.plan(run.desk, run_id)
    stages.fetch(run.desk, batch)
    stages.extract(run.desk, batch)
    to_enrich = documents.to_enrich

    def overtaken(cursor: Cursor, batch_id: int) -> list[ToEnrich]:
        found = to_enrich(cursor, batch_id)
        monkeypatch.setattr(documents, "to_enrich", to_enrich)
        told = stages.enrich(run.desk, batch)
        assert (told["articles"], told["quarantined"]) == (2, 1)
        return found

    monkeypatch.setattr(enrichment, "annotate", breaks(enrichment.annotate, WORD))
    monkeypatch.setattr(documents, "to_enrich", overtaken)
    assert stages.enrich(run.desk, batch) == {"articles": 0, "mentions": 0, "without_model": 0}
