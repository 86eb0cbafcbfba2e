"""A host's robots.txt is asked for once by all workers, kept, and obeyed, whatever the server does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from newsdesk import visiting
from newsdesk.fetch.robots import MAX_BYTES
from newsdesk.model import Outcome
from newsdesk.store.database import transaction
from pacing import NO_ROBOTS, Host, change, guest_of, moved, row_of, serving, source_of


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


@pytest.mark.parametrize(
    ("answer", "outcome", "delay"),
    [
        ((200, {"Content-Type": "multipart/x\0y"}, b"", 0.0), Outcome.WRONG_TYPE, None),
        ((302, {"Location": "http://a/\0"}, b"", 0.0), None, 0),
        ((200, {}, b"User-agent: *\nCrawl-delay: 1e39", 0.0), None, 86400),
        ((200, {}, b"User-agent: *\nCrawl-delay: 1e-60", 0.0), None, 0),
    ],
    ids=["type", "redirect", "huge delay", "tiny delay"],
)
def test_no_robots_txt_says_what_cannot_be_kept(
    dsn: str,
    answer: tuple[int, dict[str, str], bytes, float],
    outcome: Outcome | None,
    delay: float | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(visiting, "LONGEST_DELAY", 0.05)
    with serving(Host({"/robots.txt": answer})) as host:
        found = guest_of(dsn).get(source_of(host.origin, crawl_delay=0), f"{host.origin}/page")
        assert (found.status, found.outcome) == (None if outcome else 200, outcome)
        assert row_of(dsn, "ops.robots", host.origin)["outcome"] == outcome
        assert row_of(dsn, "ops.host", host.name)["crawl_delay"] == delay
