"""All workers together are one guest: told by the servers' own logs, with PostgreSQL between real processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from newsdesk import stages, visiting
from newsdesk.desk import Desk
from newsdesk.errors import ArchiveUnavailable
from newsdesk.fetch.robots import MAX_BYTES
from newsdesk.model import Endpoint, EndpointKind, Outcome, Response, Source
from newsdesk.settings import read_settings
from newsdesk.store import hosts
from newsdesk.store.database import Cursor, transaction
from newsdesk.store.publish import publish_run
from newsdesk.store.sources import save_sources
from newsdesk.visiting import Guest, by_host

DELAY = 0.08  # seconds


@dataclass
class Host:
    """A server that notes when each request came and when its answer began to leave.

    `scenes`: status, headers, body and seconds of work by path; what is not there is an empty page with a title.
    """

    scenes: Mapping[str, tuple[int, Mapping[str, str], bytes, float]] = field(default_factory=dict)
    log: list[tuple[float, float, str]] = field(default_factory=list)
    origin: str = ""

    @property
    def name(self) -> str:
        return self.origin.removeprefix("http://")

    def asked(self, path: str) -> int:
        return sum(asked == path for _, _, asked in self.log)


@contextmanager
def serving(host: Host) -> Iterator[Host]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            begun = time.monotonic()
            path = self.path.partition("?")[0]
            status, headers, body, seconds = host.scenes.get(path, (200, {}, b"<title>page</title>", 0.01))
            time.sleep(seconds)
            host.log.append((begun, time.monotonic(), path))
            if status == 0:  # hangs up
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):  # of a body that is too large the rest is not taken
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        host.origin = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield host
        server.shutdown()


NO_ROBOTS = (404, {}, b"", 0.0)


def moved(target: str) -> tuple[int, Mapping[str, str], bytes, float]:
    return 302, {"Location": target}, b"", 0.01


def source_of(*origins: str, crawl_delay: float | None = None) -> Source:
    endpoints = tuple(Endpoint(EndpointKind.SECTION, f"{origin}/") for origin in origins)
    return Source("s", "S", f"{origins[0]}/", endpoints=endpoints, allow_private=True, crawl_delay=crawl_delay)


def guest_of(dsn: str, delay: float = 0.0, **settings: str) -> Guest:
    env = {"NEWSDESK_FETCH_DEADLINE": "3", "NEWSDESK_CRAWL_DELAY": str(delay), **settings}
    return Guest(read_settings(env), dsn, lambda name: {})


def row_of(dsn: str, table: str, key: str) -> dict[str, Any]:
    with transaction(dsn) as cursor:
        cursor.execute(
            f"SELECT to_jsonb(t) FROM {table} AS t WHERE {'host' if 'host' in table else 'origin'} = %s", (key,)
        )
        found = cursor.fetchone()
    assert found is not None
    return dict(found[0])


def change(dsn: str, statement: str, *values: object) -> None:
    with transaction(dsn) as cursor:
        cursor.execute(statement, values)


# ---- turns -------------------------------------------------------------------------------------------------------


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
    visiting.LEASE_MARGIN = 0.5
    guest_of(dsn, NEWSDESK_FETCH_DEADLINE="1").get(source_of(origin), f"{origin}/hang")


def test_a_worker_killed_in_its_turn_blocks_the_host_until_the_lease_ends(dsn: str) -> None:
    scenes = {"/robots.txt": NO_ROBOTS, "/hang": (200, {}, b"", 5.0)}
    with serving(Host(scenes)) as host:
        guest = guest_of(dsn)
        guest.get(source_of(host.origin), f"{host.origin}/first")  # robots.txt is known from here on
        child = multiprocessing.get_context("spawn").Process(target=hang, args=(dsn, host.origin))
        child.start()
        while (state := row_of(dsn, "ops.host", host.name))["held_by"] is None:
            time.sleep(0.01)
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
        guest.settings = replace(guest.settings, host_minutes=0.01)
        found = [guest.get(source, f"{host.origin}/{number}") for number in range(5)]
        assert {response.outcome for response in found} == {None, Outcome.RATE_LIMITED}
        assert 1 <= len(host.log) - 1 <= 3  # 0.6 s hold no more than three visits of 0.25 s
        assert "had its 0.01 minutes" in str(found[-1].reason)
        assert found[-1].retry_after


def test_a_sources_headers_are_for_its_own_sites_only() -> None:
    guest = Guest(guest_of("").settings, "", lambda name: {"X-Subscriber": name})
    source = replace(source_of("https://www.example.com"), headers="paid")
    assert guest.headers_for(source, "https://news.example.com/a") == {"X-Subscriber": "paid"}
    assert guest.headers_for(source, "https://elsewhere.example.org/linked-in-its-feed") == {}
    assert guest.headers_for(replace(source, headers=None), "https://www.example.com/a") == {}


# ---- rests -------------------------------------------------------------------------------------------------------


def test_a_429_seen_by_one_worker_keeps_the_others_away(dsn: str) -> None:
    scenes = {"/robots.txt": NO_ROBOTS, "/busy": (429, {"Retry-After": "120"}, b"", 0.0)}
    with serving(Host(scenes)) as host:
        source = source_of(host.origin)
        first = guest_of(dsn).get(source, f"{host.origin}/busy")
        assert (first.outcome, first.status, first.retry_after) == (Outcome.RATE_LIMITED, 429, 120)
        other = guest_of(dsn).get(source, f"{host.origin}/page")
        assert (other.outcome, other.status) == (Outcome.RATE_LIMITED, None)
        assert 100 < (other.retry_after or 0) <= 120
        assert "not asked" in str(other.reason)
        assert host.asked("/page") == 0
        state = row_of(dsn, "ops.host", host.name)
        assert (state["deferred_as"], state["failures"], state["last_status"]) == ("rate_limited", 1, 429)
        assert "asks us to wait 120 s" in state["deferred_why"]


def test_a_short_rest_is_waited_out(dsn: str) -> None:
    scenes = {"/robots.txt": NO_ROBOTS, "/busy": (429, {"Retry-After": "1"}, b"", 0.0)}
    with serving(Host(scenes)) as host:
        guest, source = guest_of(dsn), source_of(host.origin)
        assert guest.get(source, f"{host.origin}/busy").outcome is Outcome.RATE_LIMITED
        assert guest.get(source, f"{host.origin}/page").outcome is None
        assert row_of(dsn, "ops.host", host.name)["failures"] == 0  # a good answer resets
        host.log.sort()
        assert host.log[-1][0] - host.log[-2][1] >= 1


@pytest.mark.parametrize(
    ("status", "outcome", "tries"), [(0, Outcome.CONNECTION, 5), (403, Outcome.HTTP_ERROR, 3), (502, Outcome.HTTP_ERROR, 10)]
)  # fmt: skip
def test_a_host_that_only_fails_is_left_alone_after_some_tries(
    dsn: str, status: int, outcome: Outcome, tries: int
) -> None:
    pages = [f"/{number}" for number in range(40)]
    with serving(Host({"/robots.txt": NO_ROBOTS, **{page: (status, {}, b"", 0.0) for page in pages}})) as host:
        guest, source = guest_of(dsn), source_of(host.origin)
        found = [guest.get(source, host.origin + page) for page in pages]
        assert {response.outcome for response in found} == {outcome}
        assert sum("not asked" in str(response.reason) for response in found) == 40 - tries
        # a connection that is cut without an answer may be tried once more by the transport
        assert tries <= len(host.log) - 1 <= 2 * tries
        assert 40 < (found[-1].retry_after or 0) < 80
        change(dsn, "UPDATE ops.host SET deferred_until = now() WHERE host = %s", host.name)
        again = guest.get(source, host.origin + pages[0])  # one more try, and a rest twice as long
        assert "not asked" not in str(again.reason)
        assert 80 < (guest.get(source, host.origin + pages[0]).retry_after or 0) < 160


# ---- robots.txt --------------------------------------------------------------------------------------------------


def test_workers_that_need_a_robots_txt_at_once_fetch_it_once(dsn: str) -> None:
    """Also where it is moved to another host, on the way to which the first one's turn is free."""
    with serving(Host()) as far, serving(Host({"/robots.txt": moved("")})) as host:
        far.scenes = {"/rules": (200, {}, b"User-agent: *\nDisallow: /no", 0.2)}
        host.scenes = {"/robots.txt": moved(f"{far.origin}/rules")}
        source = source_of(host.origin, far.origin)

        def ask(number: int) -> Outcome | None:
            return guest_of(dsn).get(source, f"{host.origin}/{'no' if number % 2 else 'yes'}").outcome

        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(ask, range(4)))
        assert found == [None, Outcome.ROBOTS_DENIED, None, Outcome.ROBOTS_DENIED]
        assert (host.asked("/robots.txt"), far.asked("/rules")) == (1, 1)
        assert far.asked("/robots.txt") == 0


def test_an_origin_has_one_robots_txt_however_it_is_written(dsn: str) -> None:
    with serving(Host({"/robots.txt": NO_ROBOTS})) as host:
        guest, source = guest_of(dsn), source_of(host.origin)
        for origin in (host.origin, host.origin.replace("http", "HTTP"), host.origin.replace("127.0.0.1", "127.1")):
            assert guest.get(source, f"{origin}/page").status == 200
        assert (host.asked("/robots.txt"), host.asked("/page")) == (1, 3)


def test_a_second_try_that_is_refused_leaves_the_first_answer_as_it_was(dsn: str) -> None:
    with serving(Host({"/robots.txt": NO_ROBOTS, "/odd": (406, {}, b"", 0.5)})) as host:
        guest, source = guest_of(dsn), source_of(host.origin)
        guest.get(source, f"{host.origin}/page")
        with ThreadPoolExecutor() as pool:
            visit = pool.submit(guest.get, source, f"{host.origin}/odd")
            while row_of(dsn, "ops.host", host.name)["held_by"] is None:
                time.sleep(0.01)
            change(
                dsn, "UPDATE ops.host SET deferred_until = now() + interval '1 hour', deferred_as = 'challenge', "
                "deferred_why = 'bot checks' WHERE host = %s", host.name,
            )  # fmt: skip
            response = visit.result()
        assert (response.outcome, response.status) == (Outcome.HTTP_ERROR, 406)
        assert "redirect" not in (response.reason or "")
        assert response.retry_after is None


def test_robots_txt_is_moved_five_times(dsn: str) -> None:
    rules = (200, {}, b"User-agent: *\nDisallow: /no", 0.0)
    hops = {f"/{n}": moved(f"/{n + 1}") for n in range(1, 5)}
    with serving(Host({"/robots.txt": moved("/1"), **hops, "/5": rules})) as host:
        assert guest_of(dsn).get(source_of(host.origin), f"{host.origin}/no").outcome is Outcome.ROBOTS_DENIED


def test_robots_txt_in_a_ring_of_redirects_is_none(dsn: str) -> None:
    with serving(Host({"/robots.txt": moved("/robots.txt")})) as host:
        assert guest_of(dsn).get(source_of(host.origin), f"{host.origin}/page").outcome is None


def test_while_robots_txt_is_unreachable_nothing_is_asked_for_and_nothing_is_lost(dsn: str) -> None:
    with serving(Host({"/robots.txt": (500, {}, b"", 0.0)})) as host:
        source = source_of(host.origin)
        for guest in (guest_of(dsn), guest_of(dsn)):
            found = guest.get(source, f"{host.origin}/page")
            assert found.outcome is Outcome.HTTP_ERROR  # one that is tried again, unlike robots_denied
            assert 600 < (found.retry_after or 0) <= 900
            assert "robots.txt cannot be reached" in str(found.reason)
        assert [path for _, _, path in host.log] == ["/robots.txt"]
        # 30 days later it may be taken for absent (RFC 9309 2.3.1.4)
        change(dsn, "UPDATE ops.robots SET unreachable_since = now() - interval '31 days', next_fetch_at = now()")
        assert guest_of(dsn).get(source, f"{host.origin}/page").outcome is None
        assert host.asked("/robots.txt") == 2


def test_the_last_good_robots_txt_holds_while_a_newer_one_cannot_be_had(dsn: str) -> None:
    with serving(Host({"/robots.txt": (200, {}, b"User-agent: *\nDisallow: /no", 0.0)})) as host:
        source = source_of(host.origin)
        assert guest_of(dsn).get(source, f"{host.origin}/yes").outcome is None
        host.scenes = {"/robots.txt": (500, {}, b"", 0.0)}
        change(dsn, "UPDATE ops.robots SET next_fetch_at = now()")
        guest = guest_of(dsn)
        assert guest.get(source, f"{host.origin}/yes").outcome is None
        assert guest.get(source, f"{host.origin}/no").outcome is Outcome.ROBOTS_DENIED
        assert host.asked("/robots.txt") == 2
        assert row_of(dsn, "ops.robots", host.origin)["reason"].startswith("status 500")


def test_of_a_huge_robots_txt_the_first_512_kib_are_read(dsn: str) -> None:
    rules = b"User-agent: *\nDisallow: /no\n" + b"# padding\n" * 400_000
    with serving(Host({"/robots.txt": (200, {}, rules, 0.0)})) as host:
        guest, source = guest_of(dsn), source_of(host.origin)
        assert guest.get(source, f"{host.origin}/no").outcome is Outcome.ROBOTS_DENIED
        assert guest.get(source, f"{host.origin}/yes").outcome is None
        with transaction(dsn) as cursor:
            cursor.execute("SELECT length(body) FROM ops.robots")
            assert cursor.fetchone() == (MAX_BYTES + 1,)


def test_a_crawl_delay_is_kept_from_the_first_page_on_and_told(dsn: str) -> None:
    with serving(Host({"/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 0.3", 0.0)})) as host:
        guest, source = guest_of(dsn), source_of(host.origin)
        for number in range(2):
            guest.get(source, f"{host.origin}/{number}")
        host.log.sort()
        assert min(later[0] - earlier[1] for earlier, later in pairwise(host.log)) >= 0.3
        assert row_of(dsn, "ops.host", host.name)["crawl_delay"] == pytest.approx(0.3)


def test_a_crawl_delay_of_a_day_is_cut_and_told(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "LONGEST_DELAY", 0.1)
    with serving(Host({"/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 86400", 0.0)})) as host:
        guest_of(dsn).get(source_of(host.origin), f"{host.origin}/page")
        state = row_of(dsn, "ops.host", host.name)
        assert (state["crawl_delay"], state["pause"]) == (86400, pytest.approx(0.1))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_a_dead_host_of_many_urls_is_tried_once(dsn: str) -> None:
    origin = f"http://127.0.0.1:{free_port()}"
    guest, source = guest_of(dsn), source_of(origin)
    urls = [f"{origin}/{number}" for number in range(200)]
    found = list(by_host(urls, lambda url: "host", lambda url: guest.get(source, url, at_once=True), 4))
    assert {response.outcome for _, response in found} == {Outcome.CONNECTION}
    assert all(response.retry_after for _, response in found)
    assert row_of(dsn, "ops.host", origin.removeprefix("http://"))["turns"] == 1


# ---- visits that are made again ----------------------------------------------------------------------------------

HOUR = timedelta(hours=1)
SCHEDULE = [
    # outcome, status, retry_after, failures before, found, due in (least, most), failures after
    ("gone", 404, None, 0, HOUR, (HOUR, HOUR), 1),
    ("gone", 404, None, 1, HOUR, (24 * HOUR, 24 * HOUR), 2),
    ("gone", 404, None, 2, HOUR, (72 * HOUR, 72 * HOUR), 3),
    ("gone", 404, None, 3, HOUR, None, 4),
    ("gone", 410, None, 0, HOUR, None, 0),
    ("dns", None, None, 0, HOUR, (HOUR, HOUR), 1),
    ("dns", None, None, 4, HOUR, (96 * HOUR, 96 * HOUR), 5),
    ("dns", None, None, 5, HOUR, None, 6),
    ("timeout", None, None, 1, HOUR, (HOUR * 16 / 60, HOUR * 24 / 60), 2),
    ("timeout", None, None, 4, HOUR, None, 5),
    ("timeout", None, 2 * HOUR, 4, HOUR, (2 * HOUR, 2 * HOUR), 4),  # not asked: its host is left alone
    ("timeout", None, 2 * HOUR, 4, 31 * 24 * HOUR, None, 4),
    ("rate_limited", 429, 2 * HOUR, 0, HOUR, (2 * HOUR, 2 * HOUR), 1),
    ("robots_denied", None, None, 0, HOUR, None, 0),
]


def open_batch(cursor: Cursor) -> tuple[int, int]:
    cursor.execute("INSERT INTO ops.source VALUES ('s', '{}', true)")
    cursor.execute("INSERT INTO ops.run (run_key, kind) VALUES ('r', 'cli') RETURNING run_id")
    (run_id,) = cursor.fetchone()  # type: ignore[misc]
    cursor.execute("INSERT INTO ops.batch (run_id, hosts, urls) VALUES (%s, '{}', 1) RETURNING batch_id", (run_id,))
    (batch_id,) = cursor.fetchone()  # type: ignore[misc]
    return run_id, batch_id


def test_a_visit_is_made_again_according_to_how_it_ended(dsn: str) -> None:
    with transaction(dsn) as cursor:
        run_id, batch_id = open_batch(cursor)
        for number, (outcome, status, retry_after, failures, found, _, _) in enumerate(SCHEDULE):
            cursor.execute(
                "INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, failures, "
                "open_batch_id) VALUES (%s, '', 'h', 's', now() - %s, now(), %s, %s) RETURNING url_id",
                (str(number), found, failures, batch_id),
            )
            evidence = f'{{"status": {status}}}' if status else None
            cursor.execute(
                "INSERT INTO ops.visit (batch_id, url_id, stage, outcome, evidence, retry_after) "
                "VALUES (%s, %s, 'fetch', %s, %s, %s)",
                (batch_id, cursor.fetchone()[0], outcome, evidence, retry_after),  # type: ignore[index]
            )
        publish_run(cursor, run_id)
        cursor.execute("SELECT next_visit_at - now(), failures, outcome FROM ops.frontier ORDER BY url_key::int")
        settled = cursor.fetchall()
    for (outcome, *rest, due, failures_after), row in zip(SCHEDULE, settled, strict=True):
        told = (outcome, *rest)
        assert row[1:] == (failures_after, outcome), told
        assert (row[0] is None) if due is None else (row[0] is not None and due[0] <= row[0] <= due[1]), (told, row)


def test_a_host_whose_pages_turn_out_to_be_bot_checks_is_left_alone(dsn: str) -> None:
    with transaction(dsn) as cursor:
        run_id, batch_id = open_batch(cursor)
        cursor.execute("INSERT INTO ops.host (host) VALUES ('h'), ('other')")
        cursor.execute(
            "INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at) "
            "SELECT n::text, '', CASE WHEN n < 4 THEN 'h' ELSE 'other' END, 's', now(), now() "
            "FROM generate_series(1, 5) AS n"
        )
        cursor.execute(
            "INSERT INTO ops.visit (batch_id, url_id, stage, outcome) SELECT %s, url_id, 'extract', 'challenge' "
            "FROM ops.frontier",
            (batch_id,),
        )
        publish_run(cursor, run_id)
        cursor.execute("SELECT host FROM ops.host WHERE deferred_until > now() + interval '40 minutes'")
        assert cursor.fetchall() == [("h",)]
        cursor.execute("SELECT deferred_why FROM ops.host WHERE host = 'h'")
        assert cursor.fetchone() == ("3 pages of the last run were bot checks",)


def test_urls_beyond_a_hosts_share_and_those_of_a_resting_host_stay_due(dsn: str) -> None:
    desk = Desk(read_settings({"NEWSDESK_MAX_PER_HOST": "3"}), dsn)
    run_id = stages.open_run(desk, "r", "cli")
    with transaction(dsn) as cursor:
        save_sources(cursor, [Source("s", "S", "https://a.example/")], complete=True)
        cursor.execute("INSERT INTO ops.host (host, deferred_until) VALUES ('b.example', now() + interval '1 hour')")
        cursor.execute("INSERT INTO ops.host (host, crawl_delay) VALUES ('c.example', 900)")
        cursor.execute(
            "INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, next_visit_at) "
            "SELECT host || n, '', host, 's', now(), now(), now() "
            "FROM unnest(ARRAY['a.example', 'b.example', 'c.example']) AS host, generate_series(1, 5) AS n"
        )
    assert len(stages.plan(desk, run_id)) == 1
    with transaction(dsn) as cursor:
        cursor.execute("SELECT host, count(*) FROM ops.visit JOIN ops.frontier USING (url_id) GROUP BY 1 ORDER BY 1")
        assert cursor.fetchall() == [("a.example", 3), ("c.example", 2)]
        cursor.execute("SELECT count(*) FROM ops.frontier WHERE open_batch_id IS NULL AND next_visit_at <= now()")
        assert cursor.fetchone() == (10,)


def test_a_host_with_very_many_urls_keeps_nobody_elses_out_of_a_run(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "MOST_PLANNED", 10)
    desk = Desk(read_settings({"NEWSDESK_MAX_PER_HOST": "3"}), dsn)
    with transaction(dsn) as cursor:
        save_sources(cursor, [Source(name, name, f"https://{name}.example/") for name in "ab"], complete=True)
        cursor.execute(
            "INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, next_visit_at, "
            "published_at) SELECT s || n, '', s || '.example', s, now(), now(), now(), now() - at "
            "FROM (VALUES ('a', 40, interval '0'), ('b', 2, interval '1 day')) AS v (s, many, at), generate_series(1, many) AS n"
        )
    stages.plan(desk, stages.open_run(desk, "r", "cli"))
    with transaction(dsn) as cursor:
        cursor.execute("SELECT host, count(*) FROM ops.visit JOIN ops.frontier USING (url_id) GROUP BY 1 ORDER BY 1")
        assert cursor.fetchall() == [("a.example", 3), ("b.example", 2)]
