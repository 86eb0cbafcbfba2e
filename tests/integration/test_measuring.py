"""What a run leaves for its operator: times, counters, lines of the log that name rows; and never a secret or a page."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg2.extensions
import pytest
from fastapi.testclient import TestClient

from command_line import WITHOUT_NAMES, WITHOUT_PAUSES
from desk_world import door_of, mounted
from newsdesk import logs, stages
from newsdesk.desk import Desk
from newsdesk.endpoint_finding import Finding
from newsdesk.errors import NewsdeskError
from newsdesk.settings import read_settings
from newsdesk.store.database import rows, transaction
from s3_server import s3_server
from scripted_site import Answer, open_site

SECRETS = ("planted-in-the-dsn", "planted-in-a-header", "planted-in-s3-options")
BODY = "Words of a page that no log may hold"
PAGE = f"<html><title>{{0}}</title><body><article><h1>{{0}}</h1>{f'<p>{BODY}: the ferry ran aground off the harbour on Monday, and nobody was hurt, the coast guard said in the evening.</p>' * 6}</article></body></html>"


@dataclass
class Ran:
    desk: Desk
    run_id: int
    batch_id: int
    lines: list[str]


@pytest.fixture(scope="module")
def ran(module_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A run of all stages, with secrets in its settings, over pages good and bad; and all that was logged meanwhile."""
    folder: Path = tmp_path_factory.mktemp("measuring")
    (folder / "sources").mkdir()
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign]
    root, ours = logging.getLogger(), logging.getLogger("newsdesk")
    before = root.level, ours.level
    with pytest.MonkeyPatch.context() as patch, s3_server() as s3, open_site() as site:
        patch.setenv("AIRFLOW_CONN_PAPER", json.dumps({"extra": {"X-Subscriber": SECRETS[1]}}))
        options = s3.options() | {"secret": SECRETS[2]}
        settings = read_settings({
            "NEWSDESK_HOME": str(folder), "NEWSDESK_SOURCES": str(folder / "sources"), "NEWSDESK_ARCHIVE": s3.root,
            "NEWSDESK_ARCHIVE_OPTIONS": json.dumps(options), **WITHOUT_NAMES, **WITHOUT_PAUSES,
        })  # fmt: skip
        desk = Desk(settings, psycopg2.extensions.make_dsn(module_dsn, password=SECRETS[0]))
        (folder / "sources" / "times.yaml").write_text(
            f"id: times\nname: Times\nhomepage: {site.base}/\nlanguage: en\nallow_private: true\nheaders: paper\n"
            f"endpoints: [{{feed: {site.base}/rss}}, {{feed: {site.base}/dead}}]\n"
        )
        heard: list[str | None] = []

        def ferry(headers: dict[str, str]) -> Answer:
            heard.append(headers.get("X-Subscriber"))
            return Answer(PAGE.format("Ferry aground").encode(), {"Content-Type": "text/html"})

        site.answers |= {
            "/rss": Answer(site.rss("ferry", "broken", "gone"), {"Content-Type": "application/rss+xml"}),
            "/ferry": ferry, "/broken": Answer(PAGE.format("Broken").encode(), {"Content-Type": "text/html"}, 500),
        }  # fmt: skip
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        ours.setLevel(logging.DEBUG)
        try:
            run_id = stages.open_run(desk, "cli/measuring", "cli")
            stages.discover(desk, run_id)
            (batch_id,) = stages.plan(desk, run_id)
            for stage in (stages.fetch, stages.extract, stages.enrich):
                stage(desk, batch_id)
            for whole in (stages.deduplicate, stages.publish, stages.check):
                whole(desk, run_id)
            _break(desk, run_id, batch_id)
        finally:
            root.removeHandler(handler)
            root.setLevel(before[0])
            ours.setLevel(before[1])
        assert heard == [SECRETS[1]]  # it was used
    text = logging.Formatter("%(name)s %(levelname)s %(message)s")
    return Ran(desk, run_id, batch_id, [text.format(record) for record in records])


def without_database(desk: Desk) -> Desk:
    return replace(desk, dsn=psycopg2.extensions.make_dsn(desk.dsn, host="127.0.0.1", port="9"))


def without_archive(desk: Desk) -> Desk:
    nowhere = {
        "endpoint_url": "http://127.0.0.1:9",
        "config_kwargs": {"connect_timeout": 1, "retries": {"max_attempts": 0}},
    }
    return replace(desk, settings=replace(desk.settings, archive_options={**desk.settings.archive_options, **nowhere}))


def _break(desk: Desk, run_id: int, batch_id: int) -> None:
    """The same stage where the database, and then the archive, is not there: the errors are logged too, as Airflow does."""
    with transaction(desk.dsn) as cursor:
        cursor.execute(
            "UPDATE ops.visit SET outcome = NULL, document_id = NULL, article_id = NULL WHERE capture_id IS NOT NULL"
        )
    for broken in (without_database(desk), without_archive(desk)):
        with pytest.raises(NewsdeskError) as fault:
            stages.extract(broken, batch_id)
        logging.getLogger("airflow.task").error("Task failed with exception", exc_info=fault.value)


def test_no_log_line_holds_a_secret_or_a_page(ran: Ran) -> None:
    assert len(ran.lines) > 12
    assert any("Task failed" in line for line in ran.lines)
    for line in ran.lines:
        assert not [planted for planted in (*SECRETS, BODY) if planted in line], line


def test_the_desks_errors_hold_no_secret(ran: Ran) -> None:
    gone, lost = without_database(ran.desk), without_archive(ran.desk)
    with transaction(ran.desk.dsn) as cursor:
        cursor.execute("SELECT min(capture_id) FROM ops.capture")
        (capture_id,) = cursor.fetchone()  # type: ignore[misc]
    for desk, path in ((gone, "/"), (gone, "/metrics"), (lost, f"/captures/{capture_id}/page")):
        with TestClient(mounted(door_of(desk, [], Finding(()), "user"))) as client:
            for accept in ("text/html", "application/json"):
                answer = client.get(f"/newsdesk{path}", headers={"accept": accept})
                assert answer.status_code == 503, answer.text
                assert not [planted for planted in (*SECRETS, BODY) if planted in answer.text], answer.text


def test_lines_say_what_they_are_about(ran: Ran) -> None:
    with transaction(ran.desk.dsn) as cursor:
        cursor.execute("SELECT url_id FROM ops.frontier WHERE url LIKE '%%/broken'")
        (broken,) = cursor.fetchone()  # type: ignore[misc]
    assert f"newsdesk.archiving INFO stage=fetch batch={ran.batch_id} url={broken} ended: http_error" in ran.lines
    assert any(line.startswith(f"newsdesk.polling WARNING stage=discover run={ran.run_id} ") for line in ran.lines)
    assert any(f"stage=publish run={ran.run_id} took " in line and "published=1" in line for line in ran.lines)
    assert any(f"stage=extract batch={ran.batch_id} failed after" in line for line in ran.lines)


def test_each_stage_leaves_its_time_and_its_counts(ran: Ran) -> None:
    with transaction(ran.desk.dsn) as cursor:
        cursor.execute("SELECT * FROM ops.stage_time WHERE run_id = %s ORDER BY stage_time_id", (ran.run_id,))
        found = rows(cursor)
        cursor.execute("SELECT outcome, visits FROM ops.outcome_total")
        totals = dict(cursor.fetchall())
    assert [row["stage"] for row in found] == [
        "discover",
        "plan",
        "fetch",
        "extract",
        "enrich",
        "deduplicate",
        "publish",
        "check",
    ]
    assert [row["batch_id"] for row in found] == [
        None,
        None,
        ran.batch_id,
        ran.batch_id,
        ran.batch_id,
        None,
        None,
        None,
    ]
    assert all(row["seconds"] > 0 for row in found)
    assert found[2]["counts"] == {"fetched": 1, "http_error": 1, "gone": 1}
    assert totals == {"published": 1, "http_error": 1, "gone": 1}


def test_what_lines_are_about_ends_with_it() -> None:
    records: list[logging.LogRecord] = []
    log = logs.logger("newsdesk.test_measuring")
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign]
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    with logs.about(stage="fetch"), logs.about(url=7):
        log.info("100%% of %s", "it")
    log.info("after")
    assert [record.getMessage() for record in records] == ["stage=fetch url=7 100% of it", "after"]
    assert records[0].__dict__["newsdesk_url"] == 7
