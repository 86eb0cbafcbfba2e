"""What our checks cost: `newsdesk.fetch.fetcher.fetch` beside a bare `requests.Session.get`, in the same run.

    python bench/fetching.py [--rounds 15] [--requests 100] [--profile KIND]

A server in a process of its own answers over loopback with pages of 2, 60 and 600 kB, plain and gzip, with the two
dozen headers of an ordinary news site. The two clients take turns, round by round, each over one session and one
kept-alive connection; a figure is the median of its rounds. CPU is this process's own (user and system), so the
server's work is not in it. `--profile 60kB-gzip` prints where our time goes instead.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import multiprocessing
import pstats
import random
import socket
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from statistics import median

import requests

from newsdesk.fetch.fetcher import fetch, open_session

SIZES = {"2kB": 2_000, "60kB": 60_000, "600kB": 600_000}
HEADERS = (
    "Date: Tue, 14 May 2024 09:30:00 GMT", "Server: nginx", "Content-Type: text/html; charset=utf-8",
    "Connection: keep-alive", "Vary: Accept-Encoding, Cookie", "Cache-Control: public, max-age=60", "Age: 17",
    'ETag: W/"5f3b-18f7"', "Last-Modified: Tue, 14 May 2024 09:25:11 GMT", "X-Cache: HIT", "X-Served-By: cache-7",
    "X-Frame-Options: SAMEORIGIN", "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer-when-downgrade",
    "Strict-Transport-Security: max-age=31536000; includeSubDomains", "X-XSS-Protection: 1; mode=block",
    "Link: </style.css>; rel=preload; as=style", "Content-Security-Policy: upgrade-insecure-requests",
    "Permissions-Policy: interest-cohort=()", "X-Request-Id: 7c0e5a5e-0f57-4f5a-9d5a-6f1b2c3d4e5f", "X-Timer: S1.2",
    "Accept-Ranges: bytes", "Via: 1.1 varnish", "Set-Cookie: edition=uk; Path=/; Max-Age=3600",
)  # fmt: skip
Client = Callable[[str], int]  # fetches a URL, gives the length of its body
DEADLINE = 30.0
MAX_BYTES = 10_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument(
        "--requests", type=int, default=100, help="in a round of the 2 and 60 kB pages; 600 kB: a third"
    )
    parser.add_argument("--profile", metavar="KIND", help="one of " + ", ".join(answers()))
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    origin = f"http://127.0.0.1:{ours.recv()}"
    try:
        if options.profile:
            profile(f"{origin}/{options.profile}", options.requests * options.rounds)
        else:
            compare(origin, options.rounds, options.requests)
    finally:
        server.terminate()


def compare(origin: str, rounds: int, requests_each: int) -> None:
    print(f"{'page':<12}{'bare':^20}{'bare, no env':^20}{'newsdesk':^20}{'CPU of newsdesk to':^24}")
    print(f"{'':<12}" + f"{'req/s':>9}{'CPU-ms':>9}  " * 3 + f"{'bare':>11}{'bare, no env':>14}")
    with requests.Session() as bare, requests.Session() as no_env, open_session("newsdesk-bench") as session:
        no_env.trust_env = False  # no proxies, no netrc: as the fetcher's
        clients: tuple[Client, ...] = (
            partial(get_bare, bare), partial(get_bare, no_env), partial(get_ours, session),
        )  # fmt: skip
        for kind in answers():
            url = f"{origin}/{kind}"
            many = max(requests_each // 3, 1) if kind.startswith("600") else requests_each
            spent: list[list[tuple[float, float]]] = [[] for _ in clients]
            for client in clients:  # a connection, and every lazy import
                run(client, url, 5)
            for _ in range(rounds):
                for client, taken in zip(clients, spent, strict=True):
                    taken.append(run(client, url, many))
            walls = [median(wall for wall, _ in taken) for taken in spent]
            cpus = [median(cpu for _, cpu in taken) for taken in spent]
            figures = "".join(f"{1 / wall:>9.0f}{cpu * 1000:>9.3f}  " for wall, cpu in zip(walls, cpus, strict=True))
            print(f"{kind:<12}{figures}{cpus[2] / cpus[0]:>11.2f}{cpus[2] / cpus[1]:>14.2f}")


def run(client: Client, url: str, times: int) -> tuple[float, float]:
    """Seconds of wall clock and of CPU for one request."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(times):
        client(url)
    return (time.perf_counter() - wall) / times, (time.process_time() - cpu) / times


def get_bare(session: requests.Session, url: str) -> int:
    return len(session.get(url, timeout=DEADLINE).content)


def get_ours(session: requests.Session, url: str) -> int:
    response = fetch(
        session, url, deadline=DEADLINE, max_bytes=MAX_BYTES, allow_private=lambda _: True, accept_types=("text/html",)
    )
    assert response.outcome is None, response.reason
    return len(response.body)


def profile(url: str, times: int) -> None:
    with open_session("newsdesk-bench") as session:
        get_ours(session, url)
        profiler = cProfile.Profile()
        profiler.enable()
        run(partial(get_ours, session), url, times)
        profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(30)


def answers() -> dict[str, bytes]:
    """Whole responses by name. The pages fold to about a fifth, as articles do."""
    words = [f"w{number:x}" for number in range(3000)]
    dice = random.Random(4)
    made = {}
    for size, count in SIZES.items():
        text = "<!doctype html><html><head><title>A page</title></head><body>"
        parts = [text]
        while count > 0:
            parts.append("<p>" + " ".join(dice.choices(words, k=40)) + "</p>\n<div class='teaser teaser--small'></div>")
            count -= len(parts[-1])
        page = "".join(parts).encode()[: SIZES[size]]
        made[size] = _response(page)
        made[f"{size}-gzip"] = _response(gzip.compress(page, 6), "Content-Encoding: gzip")
    return made


def _response(body: bytes, *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", *HEADERS, *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def serve(tell: Connection) -> None:
    """One connection after another would make the clients wait for each other: a thread for each."""
    from threading import Thread

    made = answers()
    listener = socket.create_server(("127.0.0.1", 0))
    tell.send(listener.getsockname()[1])
    while True:
        conn, _ = listener.accept()
        Thread(target=_answer_all, args=(conn, made), daemon=True).start()


def _answer_all(conn: socket.socket, made: dict[str, bytes]) -> None:
    conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    head = b""
    with conn:
        while data := conn.recv(65536):
            head += data
            if head.endswith(b"\r\n\r\n"):
                conn.sendall(made[head.split(b" ", 2)[1].decode()[1:]])
                head = b""


if __name__ == "__main__":
    main()
