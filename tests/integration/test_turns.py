"""All workers together are one guest, a host one worker's at a time: told by the servers' own logs, with PostgreSQL between."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from newsdesk import stages, turns, visiting
from newsdesk.desk import Desk
from newsdesk.errors import ArchiveUnavailable
from newsdesk.model import Outcome, Response
from newsdesk.settings import read_settings
from newsdesk.store import hosts
from newsdesk.store.database import transaction
from newsdesk.store.sources import save_sources
from newsdesk.visit_order import by_host
from pacing import NO_ROBOTS, Host, guest_of, held, moved, row_of, serving, source_of
from waiting import until

DELAY = 0.08  # seconds


def visit_all(dsn: str, origins: Sequence[str], begin: int) -> list[str]:
    """One worker: pages of every host, and redirects from each host to the next one."""
    guest, source = guest_of(dsn, DELAY), source_of(*origins)
    pages = [f"{origin}/{number}" for number in range(4) for origin in origins] + [f"{origin}/to" for origin in origins]
    mine = pages[begin:] + pages[:begin]
    answers = by_host(mine, lambda url: url.split("/")[2], lambda url: guest.get(source, url, at_once=True), 4)
    return [str(response.outcome) for _, response in answers if response.outcome is not None]


def test_four_workers_ask_a_host_one_by_one_with_the_pause_between(dsn: str) -> None:
    with ExitStack() as stack:
        three = [stack.enter_context(serving(Host())) for _ in range(3)]
        for number, host in enumerate(three):
            # the ring of redirects leads both ways round: two visits wait for each other's hosts
            host.scenes = {"/robots.txt": NO_ROBOTS, "/to": moved(f"{three[(number + 1) % 3].origin}/arrived")}
        origins = [host.origin for host in three]
        processes = stack.enter_context(multiprocessing.get_context("spawn").Pool(2))
        threads = stack.enter_context(ThreadPoolExecutor(2))
        far = [processes.apply_async(visit_all, (dsn, origins, begin)) for begin in (0, 5)]
        near = [threads.submit(visit_all, dsn, origins[::-1], begin) for begin in (2, 9)]
        assert [*(one.get(120) for one in far), *(one.result(120) for one in near)] == [[], [], [], []]
    for host in three:
        assert len(host.log) == 1 + 4 * (4 + 1 + 1)
        assert host.asked("/robots.txt") == 1
        host.log.sort()
        gaps = [later[0] - earlier[1] for earlier, later in pairwise(host.log)]
        assert min(gaps) >= DELAY, gaps


def hang(dsn: str, origin: str) -> None:
    turns.LEASE_MARGIN = 0.5
    guest_of(dsn, NEWSDESK_FETCH_DEADLINE="1").get(source_of(origin), f"{origin}/hang")


def test_a_worker_killed_in_its_turn_blocks_the_host_until_the_lease_ends(dsn: str) -> None:
    scenes = {"/robots.txt": NO_ROBOTS, "/hang": (200, {}, b"", 5.0)}
    with serving(Host(scenes)) as host:
        guest = guest_of(dsn)
        guest.get(source_of(host.origin), f"{host.origin}/first")  # robots.txt is known from here on
        child = multiprocessing.get_context("spawn").Process(target=hang, args=(dsn, host.origin))
        child.start()
        state = until(lambda: held(dsn, host), 60, "the other worker's turn", pause=0.01)
        assert child.pid is not None
        assert f"process {child.pid}" in state["held_by"]
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        assert guest.get(source_of(host.origin), f"{host.origin}/next").outcome is None
        free_at = datetime.fromisoformat(state["held_until"])
        assert datetime.fromisoformat(row_of(dsn, "ops.host", host.name)["last_asked_at"]) >= free_at


def test_a_turn_that_lapsed_does_not_give_back_the_next_ones(dsn: str) -> None:
    connection = hosts.open_pacing(dsn)
    late = hosts.take_turn(connection, "a.example", "late", 0.01)
    assert isinstance(late, hosts.Turn)
    time.sleep(0.02)
    mine = hosts.take_turn(connection, "a.example", "mine", 60)
    assert isinstance(mine, hosts.Turn)
    hosts.leave_turn(connection, late)
    hosts.give_back(
        connection, late, pause=0, crawl_delay=None, failed=False, rest=None, status=200, outcome=None, elapsed=0.1
    )
    assert row_of(dsn, "ops.host", "a.example")["held_by"] == "mine"
    assert isinstance(hosts.take_turn(connection, "a.example", "third", 60), hosts.Wait)


def test_a_thread_goes_on_with_other_hosts_while_one_is_held_elsewhere(dsn: str) -> None:
    with serving(Host({"/robots.txt": NO_ROBOTS})) as held, serving(Host({"/robots.txt": NO_ROBOTS})) as free:
        connection = hosts.open_pacing(dsn)
        turn = hosts.take_turn(connection, held.name, "another worker", 60)
        assert isinstance(turn, hosts.Turn)
        guest, source = guest_of(dsn), source_of(held.origin, free.origin)
        pages = [f"{held.origin}/0", *(f"{free.origin}/{number}" for number in range(5))]
        arrived: list[str] = []
        for page, response in by_host(
            pages, lambda url: url.split("/")[2], lambda url: guest.get(source, url, at_once=True), 1
        ):
            assert response.outcome is None
            arrived.append(page)
            if len(arrived) == 5:
                hosts.leave_turn(connection, turn)
        assert arrived[-1] == pages[0]


def test_a_fault_of_ours_gives_the_turn_back(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Response:
        raise MemoryError

    with serving(Host({"/robots.txt": NO_ROBOTS})) as host:
        guest, source = guest_of(dsn), source_of(host.origin)
        guest.get(source, f"{host.origin}/first")
        with monkeypatch.context() as patch:
            patch.setattr(visiting, "fetch", fail)
            with pytest.raises(MemoryError):
                guest.get(source, f"{host.origin}/second")
        assert guest_of(dsn).get(source, f"{host.origin}/third").outcome is None


def test_where_an_answer_cannot_be_kept_no_more_are_asked_for(dsn: str, tmp_path: Path) -> None:
    (tmp_path / "archive").write_bytes(b"no folder")
    env = {"NEWSDESK_ARCHIVE": str(tmp_path / "archive"), "NEWSDESK_CRAWL_DELAY": "0.02"}
    desk = Desk(read_settings(env), dsn)
    with serving(Host({"/robots.txt": NO_ROBOTS})) as host:
        with transaction(dsn) as cursor:
            save_sources(cursor, [source_of(host.origin)], complete=True)
            cursor.execute(
                "INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, next_visit_at) "
                "SELECT n, %s || n, %s, 's', now(), now(), now() FROM generate_series(1, 60) AS n",
                (f"{host.origin}/", host.name),
            )
        (batch_id,) = stages.plan(desk, stages.open_run(desk, "r", "cli"))
        with pytest.raises(ArchiveUnavailable) as failure:  # kept, as a task's runner keeps it
            stages.fetch(desk, batch_id)
        asked = len(host.log)
        assert asked < 30
        time.sleep(0.3)
        assert len(host.log) == asked, failure


def test_a_host_that_has_had_its_share_of_the_run_is_asked_no_more(dsn: str) -> None:
    scenes = {"/robots.txt": NO_ROBOTS, **{f"/{n}": (200, {}, b"slow", 0.25) for n in range(5)}}
    with serving(Host(scenes)) as host:
        guest, source = guest_of(dsn), source_of(host.origin)
        guest.turns.settings = replace(guest.turns.settings, host_minutes=0.01)
        found = [guest.get(source, f"{host.origin}/{number}") for number in range(5)]
        assert {response.outcome for response in found} == {None, Outcome.RATE_LIMITED}
        assert 1 <= len(host.log) - 1 <= 3  # 0.6 s hold no more than three visits of 0.25 s
        assert "had its 0.01 minutes" in str(found[-1].reason)
        assert found[-1].retry_after
