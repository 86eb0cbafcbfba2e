"""Which of the due URLs a run takes on, and how they are cut into batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from newsdesk.model import Source
from newsdesk.settings import Settings
from newsdesk.store.frontier import Due
from newsdesk.store.hosts import Pace

UNKNOWN = Pace(crawl_delay=0.0, response=0.5, deferred=0.0)  # a host that was never asked; seconds
SHORT_REST = 60.0  # seconds: a host that is left alone for longer is not planned


def within_limits(
    due: Sequence[Due], of_source: Mapping[str, int], of_host: Mapping[str, int], in_all: int | None = None
) -> list[Due]:
    """The first URLs of each source and host, in the order given, as many as their limits and the whole's allow."""
    sources: Counter[str] = Counter()
    hosts: Counter[str] = Counter()
    within: list[Due] = []
    for item in due:
        if len(within) == in_all:
            break
        if sources[item.source_id] < of_source[item.source_id] and hosts[item.host] < of_host[item.host]:
            sources[item.source_id] += 1
            hosts[item.host] += 1
            within.append(item)
    return within


def host_limits(
    due: Sequence[Due], sources: Mapping[str, Source], paces: Mapping[str, Pace], settings: Settings
) -> dict[str, int]:
    """How many URLs of each host fit into one run: by number, and by the time that its pace needs for them.

    A Crawl-delay counts as its robots.txt asks, however long: one of ten minutes means three URLs in half an hour.
    A host that is left alone for a while is not planned at all; its URLs stay due.
    """
    delays: dict[str, float] = {}
    for item in due:
        asked = sources[item.source_id].crawl_delay
        delays[item.host] = max(delays.get(item.host, 0.0), settings.crawl_delay if asked is None else asked)
    limits = {}
    for host, delay in delays.items():
        pace = paces.get(host, UNKNOWN)
        seconds = max(delay, pace.crawl_delay) + pace.response
        fit = int(settings.host_minutes * 60 / max(seconds, 0.001))
        limits[host] = 0 if pace.deferred > SHORT_REST else max(1, min(settings.max_per_host, fit))
    return limits


def cut_batches(due: Sequence[Due], size: int) -> list[tuple[list[str], list[int]]]:
    """(hosts, url_ids) for each batch of about `size` URLs. A host is never cut in two."""
    by_hosts: dict[str, list[int]] = {}
    for item in due:
        by_hosts.setdefault(item.host, []).append(item.url_id)
    batches: list[tuple[list[str], list[int]]] = []
    # largest first, each into the first batch with room: the batches come out even
    for host, url_ids in sorted(by_hosts.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        room = next((batch for batch in batches if len(batch[1]) + len(url_ids) <= size), None)
        if room is None:
            room = ([], [])
            batches.append(room)
        room[0].append(host)
        room[1].extend(url_ids)
    return batches
