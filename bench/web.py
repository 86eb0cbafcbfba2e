"""A small web on loopback for benches: many hosts with robots.txt, a feed and pages, each with its own latency.

    with serve(web) as port: …      # a process of its own; host i is 127.1.x.y at that port

Pages are labelled ones (their bytes as they came, each once) as far as there are any, then made ones: a site's furniture
around 250 to 900 words of made-up text (Zipf's law, so that two texts share no sentences), with JSON-LD and OpenGraph.
A host answers after its own latency (log-normal over the hosts, median 80 ms) with some jitter, at any number of requests.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import resource
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from html import escape
from itertools import accumulate
from multiprocessing.connection import Connection
from pathlib import Path

from labelled import html_of, read_rows

NEWS_SETS = ("scrapinghub", "fundus_eval", "fundus", "trafilatura", "htmldate", "wcxb")
MEDIAN_LATENCY = 0.08  # seconds
_NEWEST = datetime.now(UTC).replace(microsecond=0)


@dataclass(slots=True)
class Host:
    address: str
    latency: float  # seconds
    pages: dict[str, bytes] = field(default_factory=dict)  # by path


Web = list[Host]


def make_web(hosts: int, pages: int, labelled: Path | None, seed: int) -> Web:
    """`pages` pages over `hosts` hosts. labelled: the folder with the sets of labelled pages; None: made pages alone."""
    draw = random.Random(seed)
    web = [
        Host(f"127.1.{number // 250}.{1 + number % 250}", MEDIAN_LATENCY * draw.lognormvariate(0, 0.7))
        for number in range(hosts)
    ]
    writer = Writer(draw)
    real = real_pages(labelled, draw)[:pages] if labelled else []
    for number in range(pages):
        host = web[number % hosts]
        body = real[number] if number < len(real) else writer.page(host.address, number)
        host.pages[f"/{_NEWEST:%Y/%m/%d}/story-{number}.html"] = body
    return web


def real_pages(folder: Path, draw: random.Random) -> list[bytes]:
    """The labelled pages of news sites, each address once, in random order."""
    found = {
        row["url"]: html_of(row)
        for name in NEWS_SETS
        for row in read_rows(folder / f"{name}.jsonl.xz")
        if row.get("page_type", "article") in ("article", "news")
    }
    pages = list(found.values())
    draw.shuffle(pages)
    return pages


@contextmanager
def serve(web: Web) -> Iterator[tuple[int, multiprocessing.connection.Connection]]:
    """The web in a process of its own: its port, and a pipe that answers anything sent with its CPU seconds so far."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_run, args=(web, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        process.kill()
        process.join()


def write_sources(folder: Path, web: Web, port: int, delay: float) -> None:
    """A source file for each host, with its feed. delay: seconds between two requests to it."""
    folder.mkdir()
    for number, host in enumerate(web):
        origin = f"http://{host.address}:{port}"
        (folder / f"s{number}.yaml").write_text(
            f"id: s{number}\nname: Site {number}\nhomepage: {origin}/\nendpoints:\n  - {{feed: {origin}/feed.xml}}\n"
            f"crawl_delay: {delay}\nallow_private: true\n"
        )


def feed_of(host: Host, port: int) -> bytes:
    """Addresses and dates alone, so that every tool has the rest to find out."""
    items = "".join(
        f"<item><link>http://{host.address}:{port}{path}</link>"
        f"<pubDate>{_NEWEST - timedelta(minutes=place):%a, %d %b %Y %H:%M:%S +0000}</pubDate></item>"
        for place, path in enumerate(host.pages)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{host.address}</title><link>http://{host.address}:{port}/</link>{items}</channel></rss>'.encode()


def _run(web: Sequence[Host], pipe: Connection) -> None:
    asyncio.run(_serve(web, pipe))


async def _serve(web: Sequence[Host], pipe: Connection) -> None:
    with socket.create_server((web[0].address, 0)) as first:
        port: int = first.getsockname()[1]  # free on the other addresses too, which nobody else uses
    for host in web:
        await asyncio.start_server(partial(_talk, host, port), host.address, port, limit=1 << 16)
    pipe.send(port)
    loop = asyncio.get_running_loop()

    def tell() -> None:
        pipe.recv()
        used = resource.getrusage(resource.RUSAGE_SELF)
        pipe.send(used.ru_utime + used.ru_stime)

    loop.add_reader(pipe.fileno(), tell)
    await asyncio.Event().wait()


async def _talk(host: Host, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            path = head.split(b" ", 2)[1].decode("latin-1")
            await asyncio.sleep(host.latency * random.uniform(0.7, 1.5))
            kind, body = answer(host, path, port)
            status = b"404 Not Found" if body is None else b"200 OK"
            writer.write(
                b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (status, kind, len(body or b""))
            )
            writer.write(body or b"")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
        pass
    finally:
        writer.close()


def answer(host: Host, path: str, port: int) -> tuple[bytes, bytes | None]:
    """The content type, and the body; None: there is no such page."""
    if path == "/robots.txt":
        return b"text/plain", b"User-agent: *\nAllow: /\n"
    if path == "/feed.xml":
        return b"application/rss+xml", feed_of(host, port)
    if path == "/":
        return b"text/html; charset=utf-8", (
            b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>'
            b"<p>Home</p></body></html>"
        )
    return b"text/html", host.pages.get(path)


_SYLLABLES = (
    "ba be bo bra ca ce cor da de di dor el en er fa fen gra ha hol in ka kel la len lor ma men mi mor na ne nor pa per ra "
    "ren ri ro sa sel si sol ta ten ti tor ur va ven vi vor wa wen"
).split()
_FIRST = "Anna Marie Tom Peter Laura James Sofia Daniel Emma Martin Clara Victor Nina Oscar Helen Simon".split()
_PLACES = (
    "London Paris Berlin Madrid Rome Vienna Oslo Dublin Lisbon Warsaw Athens Prague Toronto Sydney Cairo Lima".split()
)


class Writer:
    """Words of a made-up language between English function words, drawn by Zipf's law."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        known = {"".join(draw.choices(_SYLLABLES, k=draw.randint(2, 4))) for _ in range(30_000)}
        self._words = ["the", "of", "and", "to", "in", "a", "that", "was", "for", "on", "with", "said", *sorted(known)]
        self._weights = list(accumulate(1 / rank for rank in range(1, len(self._words) + 1)))

    def sentence(self) -> str:
        words = self._draw.choices(self._words, cum_weights=self._weights, k=self._draw.randint(9, 26))
        if self._draw.random() < 0.5:
            words[self._draw.randrange(1, len(words))] = self.name()
        if self._draw.random() < 0.3:
            words.append("in " + self._draw.choice(_PLACES))
        return " ".join(words).capitalize() + "."

    def name(self) -> str:
        return f"{self._draw.choice(_FIRST)} {self._draw.choice(self._words[200:6000]).capitalize()}"

    def same_page(self, site: str, number: int) -> bytes:
        """The page of this number, the same whenever it is asked for."""
        self._draw.seed(number)
        return self.page(site, number)

    def page(self, site: str, number: int) -> bytes:
        title = self.sentence()[:90].rstrip(".")
        author, when = self.name(), (_NEWEST - timedelta(minutes=number % 600)).isoformat()
        paragraphs, words = [], self._draw.randint(250, 900)
        while words > 0:
            text = " ".join(self.sentence() for _ in range(self._draw.randint(2, 5)))
            paragraphs.append(f"<p>{escape(text)}</p>")
            words -= len(text.split())
        linked = json.dumps({
            "@context": "https://schema.org", "@type": "NewsArticle", "headline": title, "datePublished": when,
            "author": {"@type": "Person", "name": author},
        })  # fmt: skip
        menu = "".join(
            f'<li class="nav__item"><a href="/section-{n}/">Section {n} of {site}</a></li>' for n in range(60)
        )
        more = "".join(
            f'<div class="card"><a href="/more-{number}-{n}.html"><img src="/i/{n}.jpg" alt=""><h3>{escape(self.sentence()[:70])}</h3></a></div>'
            for n in range(24)
        )
        script = "window.__state__ = " + json.dumps({f"key{n}": n * number for n in range(1500)}) + ";"
        return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} - {site}</title>
<meta property="og:title" content="{escape(title)}"><meta property="og:type" content="article">
<meta property="article:published_time" content="{when}"><script type="application/ld+json">{linked}</script>
<script>{script}</script></head><body><header><nav><ul>{menu}</ul></nav></header><main><article>
<h1>{escape(title)}</h1><p class="byline">By {author}</p><time datetime="{when}">today</time>{"".join(paragraphs)}
</article><aside class="related">{more}</aside></main><footer>All rights of {site} reserved. Terms, privacy, contact.</footer>
</body></html>""".encode()
