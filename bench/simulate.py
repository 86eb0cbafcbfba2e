"""How long politeness makes a large frontier wait: 10 million URLs of 100 thousand hosts, event by event.

    python bench/simulate.py [--urls 10000000] [--hosts 100000] [--threads 64 256 1024] [--pause 1] [--database N]

The rule simulated is that of `newsdesk.visit_order` and ops.host: one request at a time to a host, a pause behind each, a
thread always takes the host whose time came first. Hosts are of unlike size (Zipf, exponent 0.9: the largest has about
one of sixty URLs), each with a latency of its own (log-normal, median 300 ms). Printed for each number of threads: hours
until half, 90%, 99% and all URLs are fetched, the threads' busy share, and requests a second over the first half, when
hosts are not yet lacking. `alone` is the largest host by itself, which no number of threads makes faster; `by runs` is
the same under NEWSDESK_MAX_PER_HOST and NEWSDESK_HOST_MINUTES with hourly runs.

--database N fills ops.frontier with N URLs of the same hosts and times what a run's `plan` does with it: locking what is
due, cutting batches, claiming them (a PostgreSQL of its own, the embedded one).
"""

from __future__ import annotations

import argparse
import time
from heapq import heapify, heappop, heappush

import numpy as np

from newsdesk import stages
from newsdesk.desk import Desk
from newsdesk.settings import read_settings
from newsdesk.store.database import autocommitting
from newsdesk.store.migrate import migrate
from own_server import own_server

EXPONENT = 0.9
MEDIAN_LATENCY = 0.3  # seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--urls", type=int, default=10_000_000)
    parser.add_argument("--hosts", type=int, default=100_000)
    parser.add_argument("--threads", type=int, nargs="+", default=[64, 256, 1024])
    parser.add_argument("--pause", type=float, default=1.0, help="seconds behind each request to a host")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", type=int, metavar="N", help="time `plan` on N URLs instead")
    options = parser.parse_args()
    if options.database:
        time_plan(options.database, options.hosts)
        return
    draw = np.random.default_rng(options.seed)
    sizes = host_sizes(options.urls, options.hosts)
    latency = MEDIAN_LATENCY * draw.lognormal(0, 0.7, options.hosts)
    settings = read_settings({})
    largest = int(sizes[0])
    alone = largest * (options.pause + latency[0])
    in_a_run = min(settings.max_per_host, settings.host_minutes * 60 / (options.pause + latency[0]))
    print(
        f"{sizes.sum():,} URLs, {options.hosts:,} hosts: the largest has {largest:,}, the middle one {int(np.median(sizes))}"
    )
    print(f"alone: {alone / 3600:,.1f} h   by runs: {largest / in_a_run:,.0f} h ({in_a_run:.0f} URLs a run)")
    print("| threads | half | 90% | 99% | all | busy | requests a second |\n| ---: | " + "---: | " * 6)
    for threads in options.threads:
        print(row(threads, sizes, latency, options.pause), flush=True)


def host_sizes(urls: int, hosts: int) -> np.ndarray:
    """URLs of each host, the largest first; at least one."""
    share = np.arange(1, hosts + 1, dtype=float) ** -EXPONENT
    return np.maximum(1, np.round(share / share.sum() * urls)).astype(int)


def row(threads: int, sizes: np.ndarray, latency: np.ndarray, pause: float) -> str:
    ends, busy = simulate(threads, sizes, latency, pause)
    ends.sort()
    half, most, nearly, end = (ends[min(int(len(ends) * share), len(ends) - 1)] for share in (0.5, 0.9, 0.99, 1.0))
    hours = " | ".join(f"{seconds / 3600:,.1f} h" for seconds in (half, most, nearly, end))
    return f"| {threads:,} | {hours} | {busy / (end * threads):.0%} | {len(ends) / 2 / half:,.0f} |"


def simulate(threads: int, sizes: np.ndarray, latency: np.ndarray, pause: float) -> tuple[np.ndarray, float]:
    """When each request ended, in seconds from the start, and the seconds that threads were busy."""
    left, takes = sizes.tolist(), latency.tolist()
    # the longest queue first among hosts whose time is the same, as `rounds` has it
    ready = [(0.0, -count, host) for host, count in enumerate(left)]
    free = [0.0] * threads
    heapify(ready)
    heapify(free)
    ends = np.empty(int(sizes.sum()))
    busy = 0.0
    for number in range(len(ends)):
        when, _, host = heappop(ready)
        end = max(when, heappop(free)) + takes[host]
        heappush(free, end)
        busy += takes[host]
        ends[number] = end
        left[host] -= 1
        if left[host]:
            heappush(ready, (end + pause, -left[host], host))
    return ends, busy


def time_plan(urls: int, hosts: int) -> None:
    with own_server("simulate") as (home, dsn):
        migrate(dsn)
        began = time.monotonic()
        fill(dsn, host_sizes(urls, hosts))
        print(f"filled in {time.monotonic() - began:.0f} s")
        desk = Desk(read_settings({"NEWSDESK_HOME": str(home), "NEWSDESK_MAX_PER_RUN": "1000000"}), dsn)
        for _ in range(3):
            run = stages.open_run(desk, f"bench/{time.monotonic()}", "cli")
            began = time.monotonic()
            batches = stages.plan(desk, run)
            print(f"plan: {time.monotonic() - began:.1f} s, {len(batches)} batches", flush=True)


def fill(dsn: str, sizes: np.ndarray) -> None:
    """A source for each hundred hosts; all is due."""
    with autocommitting(dsn) as cursor:
        cursor.execute("SET session_replication_role = replica; SET work_mem = '256MB'; SET synchronous_commit = off")
        cursor.execute(
            """
            INSERT INTO ops.source (source_id, definition, enabled)
            SELECT 's' || s, jsonb_build_object('id', 's' || s, 'name', 's' || s, 'homepage', 'https://h' || s || '.example/',
                'language', 'en', 'endpoints', '[]'::jsonb), true
            FROM generate_series(0, %(hosts)s / 100) AS s
            """,
            {"hosts": len(sizes)},
        )
        cursor.execute(
            """
            INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, next_visit_at)
            SELECT 'h' || h || '.example/' || u, 'https://h' || h || '.example/' || u, 'h' || h || '.example', 's' || h / 100,
                now() - interval '1 second' * u, now(), now() - interval '1 second' * u
            FROM unnest(%(sizes)s) WITH ORDINALITY AS sized (size, h), generate_series(1, size) AS u
            """,
            {"sizes": sizes.tolist()},
        )
        cursor.execute("VACUUM ANALYZE ops.frontier")


if __name__ == "__main__":
    main()
