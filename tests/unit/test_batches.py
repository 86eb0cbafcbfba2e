"""How due URLs are cut into batches."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsdesk.planning import cut_batches
from newsdesk.store.frontier import Due

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
