"""The DAG reprocess_news, run whole by Airflow's own `dag.test`: first the report, then its application."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newsdesk import stages
from newsdesk.desk import Desk
from newsdesk.importing import steps as importing
from newsdesk.local.newsroom.stories import ALL
from newsdesk.local.newsroom.story import blocks
from newsdesk.settings import read_settings
from newsdesk.store.database import rows, transaction
from waiting import until
from warc_making import WHEN, cc_news, html

PATIENCE = 300  # seconds
DAG_ID = "reprocess_news"


def states(run: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for task in run.get_task_instances():
        found.setdefault(task.task_id, set()).add(str(task.state))
    return found


@dataclass
class Person:
    """One of Airflow's users, as its API knows them."""

    name: str

    def get_id(self) -> str:
        return self.name

    def get_name(self) -> str:
        return self.name


def answer(word: str, refused: list[int], asked: list[Any]) -> None:
    """Wait for the question of `approve`; a stranger answers it first, then Ana, by the function behind Airflow's API."""
    from airflow.api_fastapi.app import create_auth_manager
    from airflow.api_fastapi.core_api.datamodels.hitl import UpdateHITLDetailPayload
    from airflow.api_fastapi.core_api.routes.public.hitl import update_hitl_detail
    from airflow.models.dagrun import DagRun
    from airflow.models.hitl import HITLDetail
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from fastapi import HTTPException

    create_auth_manager()

    def question() -> Any:
        with create_session() as session:
            waiting = (
                session.query(TaskInstance).filter_by(dag_id="reprocess_news", state="awaiting_input").one_or_none()
            )
            found = waiting and (waiting.run_id, session.get(HITLDetail, waiting.id))
            session.expunge_all()
        return found

    try:
        run_id, detail = until(question, PATIENCE, "the question of `approve`", pause=0.5)
        asked.append(detail)
        payload = UpdateHITLDetailPayload(chosen_options=[word])
        for who in ("mallory", "ana"):
            with create_session() as session:
                try:
                    update_hitl_detail("reprocess_news", run_id, "approve", payload, Person(who), session)  # type: ignore[arg-type]
                except HTTPException as refusal:
                    refused.append(refusal.status_code)
    except Exception:
        with create_session() as session:  # or dag.test would wait for ever
            session.query(DagRun).filter_by(dag_id="reprocess_news").update({"state": "failed"})
        raise


@pytest.mark.slow
def test_a_report_that_a_person_rejects_changes_nothing_can_be_applied_later_and_a_third_has_nothing_to_do(
    dag: Any, dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"HOME": tmp_path, "SOURCES": tmp_path, "DSN": dsn, "BATCH_SIZE": "3"}
    for name, value in names.items():
        monkeypatch.setenv(f"NEWSDESK_{name}", str(value))
    pages = [
        (
            f"https://www.{story.outlet}.example{story.path}",
            WHEN + timedelta(minutes=number),
            html(story.title, [text for _, text in blocks(story.text)]),
        )
        for number, story in enumerate(ALL[:4])
    ]
    (tmp_path / "a.warc.gz").write_bytes(cc_news(pages))
    fill(Desk(read_settings(), dsn), tmp_path / "a.warc.gz")
    with transaction(dsn) as cursor:
        cursor.execute("UPDATE ops.document SET extractor = 'older', body = '0' || chr(10) || body WHERE url_id < 3")
        cursor.execute("UPDATE news.article SET body = '0' || chr(10) || body WHERE article_id < 3")

    def versions() -> list[int]:
        with transaction(dsn) as cursor:
            cursor.execute("SELECT version FROM news.article ORDER BY article_id")
            return [version for (version,) in cursor.fetchall()]

    refused: list[int] = []
    asked: list[Any] = []
    person = threading.Thread(target=answer, args=("Reject", refused, asked))
    person.start()
    run = dag.test(run_conf={})
    person.join()
    assert run.state == "success"
    found = states(run)
    assert (found["report"], found["approve"], found["admit"]) == ({"success"}, {"success"}, {"skipped"})
    assert (found["deduplicate"], found["check"]) == ({"skipped"}, {"skipped"})
    assert asked[0].subject == "newsdesk: apply report 1? It changes articles: 2"
    assert "pages looked at: **2**" in asked[0].body
    assert "/newsdesk/reprocess/1)" in asked[0].body
    assert (asked[0].options, asked[0].defaults) == (["Approve", "Reject"], ["Reject"])
    assert refused == [403]  # who is none of NEWSDESK_APPROVERS (conftest.py)
    with transaction(dsn) as cursor:
        cursor.execute("SELECT actor, action, target, result FROM ops.audit")
        assert cursor.fetchall() == [("ana", "answer", "report 1", "rejected")]
    (file,) = (tmp_path / "reports").glob("*.html")
    assert "<del>" in file.read_text()
    assert versions() == [1, 1, 1, 1]

    run = dag.test(run_conf={"apply": "yes"})
    assert run.state == "success"
    assert states(run)["check"] == {"success"}
    assert versions() == [2, 2, 1, 1]
    assert len(list((tmp_path / "reports").glob("*.html"))) == 1  # the same report

    run = dag.test(run_conf={"apply": "yes"})
    assert run.state == "success"
    assert (states(run)["read"], states(run)["check"]) == ({"skipped"}, {"success"})
    assert versions() == [2, 2, 1, 1]
    with transaction(dsn) as cursor:
        cursor.execute("SELECT kind, state FROM ops.run ORDER BY run_id")
        assert rows(cursor)[1:] == [{"kind": "airflow_reprocess", "state": "done"}] * 2


def fill(desk: Desk, file: Path) -> None:
    """Import the file's pages."""
    run = importing.open_run(desk, "import", "airflow_import", [str(file)])
    for batch in importing.plan(desk, run):
        stages.extract(desk, batch)
        stages.enrich(desk, batch)
    stages.deduplicate(desk, run)
    stages.publish(desk, run)
    importing.check(desk, run)
