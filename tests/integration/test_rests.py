"""A host that asks to be left alone, or only fails, has its rest, and all workers know."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from newsdesk.model import Outcome
from newsdesk.visit_order import by_host
from pacing import NO_ROBOTS, Host, change, guest_of, held, row_of, serving, source_of
from waiting import until


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


def test_a_second_try_that_is_refused_leaves_the_first_answer_as_it_was(dsn: str) -> None:
    with serving(Host({"/robots.txt": NO_ROBOTS, "/odd": (406, {}, b"", 0.5)})) as host:
        guest, source = guest_of(dsn), source_of(host.origin)
        guest.get(source, f"{host.origin}/page")
        with ThreadPoolExecutor() as pool:
            visit = pool.submit(guest.get, source, f"{host.origin}/odd")
            until(lambda: held(dsn, host), 60, "the visit's turn", pause=0.01)
            change(
                dsn, "UPDATE ops.host SET deferred_until = now() + interval '1 hour', deferred_as = 'challenge', "
                "deferred_why = 'bot checks' WHERE host = %s", host.name,
            )  # fmt: skip
            response = visit.result()
        assert (response.outcome, response.status) == (Outcome.HTTP_ERROR, 406)
        assert "redirect" not in (response.reason or "")
        assert response.retry_after is None
