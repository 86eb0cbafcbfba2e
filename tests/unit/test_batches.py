"""Which of the due URLs a run takes on, and how they are cut into batches."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsdesk.model import Source
from newsdesk.planning import cut_batches, host_limits, within_limits
from newsdesk.settings import read_settings
from newsdesk.store.frontier import Due
from newsdesk.store.hosts import Pace

SETTINGS = read_settings({"NEWSDESK_MAX_PER_HOST": "500", "NEWSDESK_HOST_MINUTES": "30", "NEWSDESK_CRAWL_DELAY": "1"})

dues = st.lists(st.sampled_from("abcdefgh"), max_size=60).map(
    lambda hosts: [Due(number, host, "s") for number, host in enumerate(hosts)]
)


@given(dues, st.integers(1, 20))
def test_every_url_is_in_one_batch_and_no_host_in_two(due: list[Due], size: int) -> None:
    batches = cut_batches(due, size)
    assert sorted(url_id for _, urls in batches for url_id in urls) == [item.url_id for item in due]
    hosts = [host for names, _ in batches for host in names]
    assert sorted(hosts) == sorted({item.host for item in due})
    of = {item.url_id: item.host for item in due}
    assert all({of[url_id] for url_id in urls} == set(names) for names, urls in batches)


@given(dues, st.integers(1, 20))
def test_a_batch_is_larger_than_its_size_only_for_one_host(due: list[Due], size: int) -> None:
    assert all(len(urls) <= size or len(hosts) == 1 for hosts, urls in cut_batches(due, size))


@given(dues, st.integers(0, 5), st.integers(0, 5))
def test_the_first_of_each_host_and_source_are_taken_up_to_their_limits(due: list[Due], most: int, host: int) -> None:
    taken = within_limits(due, {"s": most}, dict.fromkeys("abcdefgh", host))
    assert taken == [item for item in due if item in taken]
    assert len(taken) == min(most, sum(min(host, sum(d.host == name for d in due)) for name in "abcdefgh"))


def limit_of(pace: Pace | None, crawl_delay: float | None = None) -> int:
    source = Source("s", "S", "https://a/", crawl_delay=crawl_delay)
    return host_limits([Due(1, "a", "s")], {"s": source}, {"a": pace} if pace else {}, SETTINGS)["a"]


def test_a_host_is_given_as_many_urls_as_its_pace_allows_in_its_share_of_a_run() -> None:
    assert limit_of(None) == 500  # 1 s each in 30 minutes, but by number no more
    assert limit_of(Pace(0, 5.0, 0)) == 300  # a slow one
    assert limit_of(Pace(9.5, 0.5, 0)) == 180
    assert limit_of(Pace(0, 0.5, 0), crawl_delay=4.5) == 360  # the source's own file asks for it
    assert limit_of(Pace(0, 0, 0), crawl_delay=0) == 500


def test_a_crawl_delay_of_ten_minutes_spreads_a_host_over_runs_and_one_of_a_day_gives_one_url_a_run() -> None:
    assert limit_of(Pace(600, 0, 0)) == 3
    assert limit_of(Pace(86_400, 0, 0)) == 1


def test_a_host_that_is_left_alone_is_not_planned() -> None:
    assert limit_of(Pace(0, 0.5, deferred=3600)) == 0
    assert limit_of(Pace(0, 0.5, deferred=20)) == 500
