"""The desk's figures: they add up, each is the number of the rows behind it, and its SQL gives it."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from lxml import html

from desk_requests import OURS, USER, VIEWER, pages
from desk_world import World
from newsdesk.dashboard import overview
from newsdesk.store import desk_run, stage_times
from newsdesk.store.asking import reading
from newsdesk.store.database import rows, transaction


def test_of_many_sources_those_that_need_somebody_are_listed_and_the_others_are_one_click_away(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed(address: str) -> list[str]:
        page = html.fromstring(client.get(address, headers=OURS).text)
        return [str(name) for name in page.xpath("//table[contains(@class, 'sources')]/tbody/tr/th//a/@href")]

    every = listed("/newsdesk/")
    assert len(every) > 1
    monkeypatch.setattr(overview, "SHOWN", 1)
    assert listed("/newsdesk/") == every[:1]
    (link,) = html.fromstring(client.get("/newsdesk/", headers=OURS).text).xpath("//a[contains(@href, 'every=')]/@href")
    assert listed(str(link)) == every


def test_a_runs_counts_add_up(world: World) -> None:
    with reading(world.desk.dsn) as cursor:
        for run_id in (world.run_id, world.running_id):
            ledger = desk_run.ledger(cursor, run_id)
            left = ledger.planned
            for step in ledger.steps:
                assert step.came == left == sum(row["urls"] for row in step.ended) + step.open + step.went
                left = step.went
            assert left == 0
            assert [step.passed for step in ledger.steps] == (
                [0] * 5 if run_id == world.running_id else [ledger.planned] * 5
            )
            assert sum(ledger.totals.values()) == ledger.planned
            found = desk_run.found(cursor, run_id).one
            assert found["found"] == found["taken"] + found["excluded"] + found["later"]


def test_every_figure_that_leads_to_rows_is_their_number(client: TestClient, world: World) -> None:
    """All links to lists on all pages whose words are a number."""
    shown: dict[str, str] = {}  # rows behind a link
    for path in pages(world).values():
        answer = client.get(f"/newsdesk{path}", headers=USER)
        if "text/html" not in answer.headers.get("content-type", "") or not answer.text.strip() or "/captures/" in path:
            continue
        for link in html.fromstring(answer.text).iter("a"):
            words, href = "".join(link.itertext()).strip().replace("\u202f", ""), link.get("href", "")
            if href.startswith("/newsdesk/rows/") and (number := re.fullmatch(r"(\d+)( refused)?", words)):
                if href not in shown:
                    listed = client.get(href, headers=USER)
                    assert listed.status_code == 200, f"{path}: {href}: {listed.text}"
                    shown[href] = html.fromstring(listed.text).xpath("//h1/span")[0].text
                assert shown[href] == number[1], f"{path}: {words} leads to {shown[href]} rows at {href}"
    assert len(shown) > 40


def test_every_list_can_be_read_and_refuses_what_it_cannot_take(client: TestClient, world: World) -> None:
    viewer = VIEWER
    for path in (
        "visits?run=1&outcome=published&kind=known&stage=fetch&host=a&group=b&source=times",
        "waiting",
        "given_up",
        "hosts",
        "audit?source=times",
        "runs?page=3",
    ):
        assert client.get(f"/newsdesk/rows/{path}", headers=viewer).status_code == 200, path
    for path, status in (
        ("visits", 422),
        ("visits?run=x", 422),
        ("visits?since=soon", 422),
        ("entity?entity=1", 422),
        ("no", 404),
        (f"visits?run={10**30}", 422),
        ("ended?outcome=%00", 422),
    ):
        assert client.get(f"/newsdesk/rows/{path}", headers=viewer).status_code == status, path
    for path in (
        "/runs/987",
        "/urls/987",
        "/sources/none",
        "/batches/987",
        "/captures/987/page",
        "/static/no",
        "/find?q=nothing",
    ):
        assert client.get(f"/newsdesk{path}", headers=viewer).status_code == 404, path


def test_the_sql_shown_is_the_sql_that_gave_the_figure(client: TestClient, world: World) -> None:
    page = html.fromstring(client.get("/newsdesk/", headers=VIEWER).text)
    statements = [pre.text_content() for pre in page.xpath("//details[contains(@class, 'sql')]/pre")]
    assert len(statements) > 6
    for sql in statements:
        with transaction(world.desk.dsn) as cursor:
            cursor.execute(sql)
            rows(cursor)


def test_prometheus_reads_figures_that_are_the_tables_and_counters_never_fall(client: TestClient, world: World) -> None:
    def scrape() -> tuple[dict[str, float], dict[str, str]]:
        answer = client.get("/newsdesk/metrics", headers=VIEWER)
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        *lines, end = answer.text.split("\n")
        assert end == ""
        samples, kinds = {}, {}
        for line in lines:
            if line.startswith("# TYPE "):
                _, _, name, kinds[name] = line.split(" ")
            elif not line.startswith("# HELP "):
                found = re.fullmatch(r'([a-z_]+)(\{[a-z_]+="(?:[^"\\\n]|\\.)*"\})? (\S+)', line)
                assert found is not None, line
                assert found[1] in kinds, line
                samples[found[1] + (found[2] or "")] = float(found[3])
        return samples, kinds

    with transaction(world.desk.dsn) as cursor:
        cursor.execute(
            "INSERT INTO ops.host (host, deferred_until, deferred_as, deferred_why) "
            "VALUES ('rests.example', now() + interval '1 hour', 'rate_limited', 'asked to')"
        )
        stage_times.note(cursor, "fetch", "batch", world.batch_id, 2.5, {"fetched": 1})
        cursor.execute("SELECT outcome, sum(urls)::int FROM ops.arrivals GROUP BY 1")
        counted = dict(cursor.fetchall())
        cursor.execute("SELECT count(*) FROM ops.host WHERE deferred_until > now() AND deferred_as = 'rate_limited'")
        (resting,) = cursor.fetchone()  # type: ignore[misc]
    before, kinds = scrape()
    assert counted["published"] == before['newsdesk_visits_total{outcome="published"}'] == 2
    assert before['newsdesk_visits_total{outcome="robots_denied"}'] == 0
    assert before['newsdesk_hosts_resting{why="rate_limited"}'] == resting
    assert before["newsdesk_urls_quarantined"] == 1
    assert before["newsdesk_runs_running"] == 1
    assert before['newsdesk_last_run_stage_seconds{stage="fetch"}'] == 2.5
    assert before["newsdesk_last_run_failed"] == 0
    with transaction(world.desk.dsn) as cursor:
        cursor.execute("DELETE FROM ops.arrivals; DELETE FROM ops.host WHERE host = 'rests.example'")
    after, _ = scrape()
    assert after.get('newsdesk_hosts_resting{why="rate_limited"}', 0) == resting - 1
    counters = [name for name in before if kinds[name.partition("{")[0]] == "counter"]
    assert counters
    assert [after[name] for name in counters] == [before[name] for name in counters]
