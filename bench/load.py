"""An hour of a hostile web: many URLs of many hosts of which a third misbehave, run after run until nothing is due.

    python bench/load.py [--urls 100000] [--hosts 500] [--minutes 60] [--delay 0.3] [--names]

A web on loopback (host i is 127.2.x.y) answers with made pages; two of three hosts as they should, the others each in
a way of its own: they hang, drip, reset, send errors (404, 410, 500, 503 and 429 with Retry-After), redirect in rings,
send junk as gzip, half a body, 50 MB, a bot check, the wrong type, no article. `newsdesk ingest` runs on it again and
again. Printed at the end, and each is judged (exit code 1 where one fails):

    answered    every URL was found and has an outcome, or waits for a host that rests; those of hosts that behave are articles
    drained     nothing is claimed by a batch, no host's turn is held
    polite      by the server's own log: never two requests to a host at once, never sooner than its pause after the
                last one's end (a tenth of a second is forgiven: the log has the time of the wire)
    flat        memory, open files and connections to PostgreSQL in the last third of the time against the first (not judged
                where the time is too short, which fails nothing)
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from newsdesk.local import postgres
from newsdesk.store.migrate import migrate
from own_server import own_server
from web import MEDIAN_LATENCY, Host, Writer, feed_of, write_sources

GOOD = 0.67  # share of the hosts
FORGIVEN = 0.1  # seconds of a pause
LIMITS = {"NEWSDESK_FETCH_DEADLINE": "5", "NEWSDESK_MAX_PER_RUN": "1000000", "NEWSDESK_REVISITS": "none"}


async def _hang(writer: asyncio.StreamWriter, body: bytes) -> None:
    await asyncio.sleep(30)


async def _drip(writer: asyncio.StreamWriter, body: bytes) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for place in range(0, min(len(body), 600), 10):
        writer.write(body[place : place + 10])
        await writer.drain()
        await asyncio.sleep(0.5)


async def _reset(writer: asyncio.StreamWriter, body: bytes) -> None:
    writer.transport.abort()


async def _half(writer: asyncio.StreamWriter, body: bytes) -> None:
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body[: len(body) // 2]
    )


async def _huge(writer: asyncio.StreamWriter, body: bytes) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 50000000\r\n\r\n")
    for _ in range(50):
        writer.write(b"<p>" * 333_333)
        await writer.drain()


def _answer(status: str, headers: str = "", body: bytes | None = None) -> Callable[..., Any]:
    async def write(writer: asyncio.StreamWriter, page: bytes) -> None:
        sent = page if body is None else body
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n{headers}Content-Length: {len(sent)}\r\n\r\n"
        # one Content-Type: a kind's own comes in its place
        writer.write(head.replace("Content-Type: text/html\r\n", "", "Content-Type: " in headers).encode() + sent)

    return write


GOOD_KIND = _answer("200 OK")
KINDS: dict[str, Callable[..., Any]] = {
    "hang": _hang, "drip": _drip, "reset": _reset, "half": _half, "huge": _huge,
    "gone": _answer("410 Gone"), "missing": _answer("404 Not Found"), "broken": _answer("500 Oops"),
    "busy": _answer("503 Busy", "Retry-After: 20\r\n"), "limit": _answer("429 Slow down", "Retry-After: 15\r\n"),
    "ring": _answer("302 Found", "Location: ./again\r\n"), "junk": _answer("200 OK", "Content-Encoding: gzip\r\n"),
    "check": _answer("403 No", "cf-mitigated: challenge\r\n", b"<title>Just a moment...</title>"),
    "pdf": _answer("200 OK", "Content-Type: application/pdf\r\n", b"%PDF-1.4"),
    "empty": _answer("200 OK", "", b"<html><body><p>Nothing.</p></body></html>"),
}  # fmt: skip


async def until_closed(reader: asyncio.StreamReader, answer: Any) -> float:
    """The answer, until the client goes: what it does not wait for is over for it. When that was."""

    async def timed(work: Any) -> float:
        await work
        return time.monotonic()

    answering, leaving = asyncio.ensure_future(timed(answer)), asyncio.ensure_future(timed(reader.read(1)))
    done, _ = await asyncio.wait([answering, leaving], return_when=asyncio.FIRST_COMPLETED)
    over = min([task.result() for task in done if task.exception() is None], default=time.monotonic())
    for task in (answering, leaving):
        task.cancel()
    await asyncio.gather(answering, leaving, return_exceptions=True)
    return over


PASSING = {"busy": 2, "limit": 3}  # answers after which such a host behaves


def start_web(hosts: list[Host], kinds: list[str | None], log: Path) -> tuple[multiprocessing.process.BaseProcess, int]:
    """The web in a process of its own, once every host of it answers; and its port."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=serve, args=(hosts, kinds, log, theirs), daemon=True)
    process.start()
    theirs.close()  # else its end would not be seen
    try:
        return process, ours.recv()
    except EOFError:
        sys.exit("the web of this bench did not start: its error stands above")


def serve(hosts: list[Host], kinds: list[str | None], log: Path, ready: Connection) -> None:
    """One line a request in `log`: host's number, when it came, when its answer was over."""

    with socket.create_server((hosts[0].address, 0)) as first:
        port: int = first.getsockname()[1]  # free on the other addresses too, which nobody else uses
    pages, asked = Writer(random.Random(1)), Counter[int]()

    async def talk(number: int, lines: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, kind = hosts[number], kinds[number]
        try:
            while True:
                path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode("latin-1")
                came, over = time.monotonic(), 0.0
                try:
                    if path == "/robots.txt":
                        await _answer("404 Not Found")(writer, b"")
                    elif path == "/feed.xml":
                        await _answer("200 OK", "Content-Type: application/rss+xml\r\n", feed_of(host, port))(
                            writer, b""
                        )
                    else:
                        await asyncio.sleep(host.latency * random.uniform(0.7, 1.5))
                        asked[number] += 1
                        well = kind is None or (kind in PASSING and asked[number] > PASSING[kind])
                        named = path.rpartition("-")[2].removesuffix(".html")
                        page = pages.same_page(host.address, int(named)) if named.isdigit() else b""
                        over = await until_closed(reader, (GOOD_KIND if well else KINDS[str(kind)])(writer, page))
                    await writer.drain()
                finally:
                    print(number, came, over or time.monotonic(), file=lines, flush=True)
                if kind in ("hang", "drip", "half", "reset") and path not in ("/robots.txt", "/feed.xml"):
                    return
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    with suppress(PermissionError):
        os.nice(-5)  # its clock is the witness of politeness: it must not wait for those whom it watches

    async def run() -> None:
        with log.open("w") as lines:
            for number, host in enumerate(hosts):
                await asyncio.start_server(partial(talk, number, lines), host.address, port, backlog=16)
            ready.send(port)
            await asyncio.Event().wait()

    asyncio.run(run())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--urls", type=int, default=100_000)
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=60, help="no run begins after so long")
    parser.add_argument("--delay", type=float, default=0.3, help="seconds of each host's pause")
    parser.add_argument("--names", action="store_true", help="with entities, most of the time then")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    hosts = [
        Host(f"127.2.{n // 250}.{1 + n % 250}", MEDIAN_LATENCY * draw.lognormvariate(0, 0.7))
        for n in range(options.hosts)
    ]
    for number in range(options.urls):
        hosts[number % len(hosts)].pages[f"/2026/11/29/story-{number}.html"] = b""  # made when it is asked for
    good = round(options.hosts * GOOD)
    kinds: list[str | None] = [None] * good + [list(KINDS)[n % len(KINDS)] for n in range(options.hosts - good)]
    draw.shuffle(kinds)
    with own_server("load") as (home, dsn):
        log = home / "server.log"
        server, port = start_web(hosts, kinds, log)
        try:
            migrate(dsn)
            write_sources(home / "sources", hosts, port, options.delay)
            samples = run(home, dsn, options.minutes, options.names)
            good_hosts = [host.address for host, kind in zip(hosts, kinds, strict=True) if kind is None]
            verdicts = [
                answered(dsn, options.urls, good_hosts), drained(dsn), polite(log, options.delay), flat(samples),
            ]  # fmt: skip
        finally:
            server.kill()
    sys.exit(1 if False in verdicts else 0)


Sample = tuple[float, int, int, int]  # seconds, bytes of memory, open files, connections to PostgreSQL


def run(home: Path, dsn: str, minutes: float, names: bool) -> list[Sample]:
    environment = os.environ | LIMITS | {
        "NEWSDESK_HOME": str(home), "NEWSDESK_SOURCES": str(home / "sources"), "NEWSDESK_DSN": dsn,
    } | ({} if names else {"NEWSDESK_MODELS": "en=none,fr=none"})  # fmt: skip
    began = time.monotonic()
    samples: list[Sample] = []
    runs = 0
    while time.monotonic() - began < minutes * 60:
        process = subprocess.Popen([sys.executable, "-m", "newsdesk.cli", "ingest", "--quiet"], env=environment)
        stop = threading.Event()
        watcher = threading.Thread(target=watch, args=(process.pid, dsn, began, samples, stop))
        watcher.start()
        process.wait()
        stop.set()
        watcher.join()
        runs += 1
        waiting = int(postgres.psql(dsn, "SELECT count(*) FROM news.url_status WHERE outcome = 'pending'"))
        print(f"run {runs}: {time.monotonic() - began:.0f} s, {waiting:,} URLs not visited yet", flush=True)
        due = int(
            postgres.psql(
                dsn,
                "SELECT count(*) FROM ops.frontier AS f LEFT JOIN ops.host AS h USING (host) WHERE f.outcome IS NULL AND coalesce(h.deferred_until, now()) <= now()",
            )
        )
        if not due:
            break
    return samples


def watch(pid: int, dsn: str, began: float, samples: list[Sample], stop: threading.Event) -> None:
    while not stop.wait(5.0):
        memory = files = 0
        try:
            tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        except psutil.Error:
            return
        for process in tree:
            try:
                memory += process.memory_full_info().pss
                files += process.num_fds()
            except psutil.Error:
                continue
        connections = int(
            postgres.psql(dsn, "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
        )
        samples.append((time.monotonic() - began, memory, files, connections))


def answered(dsn: str, urls: int, good: list[str]) -> bool:
    counts = Counter({
        line.split("|")[0]: int(line.split("|")[1])
        for line in postgres.psql(dsn, "SELECT outcome, count(*) FROM news.url_status GROUP BY 1").splitlines()
    })  # fmt: skip
    hosts = ",".join(f"'{host}'" for host in good)
    missing = postgres.psql(
        dsn, f"SELECT count(*) FROM ops.frontier WHERE article_id IS NULL AND split_part(host, ':', 1) IN ({hosts})"
    )
    resting = postgres.psql(
        dsn,
        "SELECT count(*) FROM ops.frontier AS f JOIN ops.host AS h USING (host) WHERE f.outcome IS NULL AND h.deferred_until IS NOT NULL",
    )
    found = counts.total()
    print(
        f"answered   {found:,} of {urls:,} URLs found, {counts['pending']:,} without outcome, {missing} of hosts that behave without article; "
        f"{resting} wait for hosts that rest"
    )
    print("           " + ", ".join(f"{count:,} {outcome}" for outcome, count in counts.most_common()))
    return found == urls and counts["pending"] == int(resting) and missing == "0"


def drained(dsn: str) -> bool:
    claimed = postgres.psql(dsn, "SELECT count(*) FROM ops.frontier WHERE open_batch_id IS NOT NULL")
    held = postgres.psql(dsn, "SELECT count(*) FROM ops.host WHERE held_until > now()")
    print(f"drained    {claimed} URLs claimed, {held} turns held")
    return claimed == held == "0"


def polite(log: Path, delay: float) -> bool:
    by_host: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
    for line in log.read_text().splitlines():
        number, came, over = line.split()
        by_host[int(number)].append((float(came), float(over)))
    together = early = requests = 0
    for times in by_host.values():
        times.sort()
        requests += len(times)
        for (_, over), (came, _) in pairwise(times):
            together += came < over - FORGIVEN
            early += over - FORGIVEN <= came < over + delay - FORGIVEN
    print(
        f"polite     {requests:,} requests to {len(by_host)} hosts: {together} while another was under way, {early} too early"
    )
    return requests > 0 and together == early == 0


def flat(samples: list[Sample]) -> bool | None:
    """None: it cannot be told."""
    third = len(samples) // 3
    if not third:
        print("flat       not judged: the time was too short")
        return None
    first, last = samples[:third], samples[-third:]
    told, ok = [], True
    for place, (name, unit) in enumerate((("memory", 1e6), ("open files", 1), ("connections", 1)), start=1):
        before, after = (median(sample[place] for sample in some) / unit for some in (first, last))
        told.append(f"{name} {before:.0f} → {after:.0f} (most {max(sample[place] for sample in samples) / unit:.0f})")
        ok &= after <= before * 1.2
    print(f"flat       {', '.join(told)}")
    return ok


if __name__ == "__main__":
    main()
