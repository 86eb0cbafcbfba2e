"""Publishers on the loopback that do to a pipeline whatever the web does, each URL with the outcome it must end in.

A `Host` is a port with its robots.txt, its feed or sitemap, and its `Scene`s; scenes that a good guest answers by
leaving the host alone have a host of their own. Raw sockets, since most of what is sent is not HTTP as a library
would send it.

    with HostileNewsroom() as newsroom:
        newsroom.write_sources(folder)
        … run the stages …
        newsroom.asked()  # how often each URL was asked for
"""

from __future__ import annotations

import gzip
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

import yaml

from newsdesk.model import Outcome

MAX_BYTES = 6_000_000  # the limit that scenes of size are made for
DEADLINE = 2.0  # seconds, likewise for scenes of time
HANG = 3 * DEADLINE  # how long a scene that never ends goes on, in case nobody hangs up

Answer = bytes | Iterable[bytes]
Play = Callable[["HostileNewsroom"], Answer]


class Reset(Exception):
    """Raised by a scene: close the connection with RST."""


@dataclass(frozen=True)
class Scene:
    """`outcome` of the first visit, `again` of a later one. `asks`: how often a visit may ask for it."""

    path: str
    outcome: Outcome
    play: Play | None = None  # None: never asked for
    asks: int = 1
    again: Outcome | None = None  # None: as the first


@dataclass(frozen=True)
class Host:
    name: str
    scenes: tuple[Scene, ...] = ()
    robots: Answer | None = None  # None: 404
    endpoint: str = "feed: /feed.xml"
    pages: dict[str, Play] = field(default_factory=dict)  # what no feed names: targets of redirects, sitemaps


# ---- what is sent ------------------------------------------------------------------------------------------------


def reply(
    body: bytes | str, *headers: str, status: str = "200 OK", length: int | None = -1, kind: str | None = "text/html; charset=utf-8"
) -> bytes:  # fmt: skip
    """A response as bytes; `length` -1: the right Content-Length, None: no such header."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", *headers, "Connection: close"]
    if kind:
        lines.append(f"Content-Type: {kind}")
    if length is not None:
        lines.append(f"Content-Length: {len(raw) if length == -1 else length}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + raw


def moved(location: str, status: str = "301 Moved Permanently") -> bytes:
    return reply(b"", f"Location: {location}", status=status)


@cache
def bomb(size: int, layers: int = 1) -> bytes:
    data = b" " * size
    for _ in range(layers):
        data = gzip.compress(data)
    return data


_WHO = "council,harbour board,school,library,museum,fire service,market,hospital,ferry company,farmers,orchestra,college,bakers"
_WHAT = (
    "opened,closed,repaired,sold,bought,painted,moved,extended,inspected,rebuilt,cleaned,lent,measured,praised,planned"
)
_THING = "bridge,wall,road,hall,garden,tower,boat,clock,roof,archive,field,kitchen,pier,lift,fountain,stage,engine,map"
_WHEN = (
    "on Monday,last week,in March,after two years of work,before the storm,at noon,in the spring,this winter,overnight"
)
_WHY = "because the old one leaked,to save money,after a long dispute,so that more visitors come,as the law asks,for the fair"


def prose(name: str, paragraphs: int = 5) -> list[str]:
    """Paragraphs of a text of its own for each name."""
    chance = random.Random(name)

    def sentence() -> str:
        who, what, thing, when, why = (chance.choice(words.split(",")) for words in (_WHO, _WHAT, _THING, _WHEN, _WHY))
        return f"The {who} of {name.strip('/').replace('/', ' ').title()} {what} its {thing} number {chance.randint(2, 99)} {when}, {why}."

    return [" ".join(sentence() for _ in range(4)) for _ in range(paragraphs)]


def title_of(path: str) -> str:
    return f"What happened at {path.strip('/').replace('/', ' ').replace('-', ' ')} this week"


def page(path: str, *, head: str = "", body: str | None = None, before: str = "", after: str = "") -> str:
    paragraphs = "".join(f"<p>{text}</p>" for text in prose(path)) if body is None else body
    return (
        f'<!doctype html><html lang="en"><head><title>{title_of(path)}</title>{head}'
        '<meta property="article:published_time" content="2026-03-02T10:00:00Z"></head><body>'
        f"{before}<article><h1>{title_of(path)}</h1>{paragraphs}</article>{after}</body></html>"
    )


# ---- scenes ------------------------------------------------------------------------------------------------------


def article(path: str, answer: Callable[[str], Answer] | None = None, *, asks: int = 1) -> Scene:
    """An article, sent by `answer` where not as any other."""
    sent = answer or reply
    return Scene(path, Outcome.PUBLISHED, lambda newsroom: sent(page(path)), asks, Outcome.UNCHANGED)


def ends(path: str, outcome: Outcome, answer: Answer | Callable[[], Answer], *, asks: int = 1) -> Scene:
    """A URL that leads to no article."""
    return Scene(path, outcome, lambda newsroom: answer() if callable(answer) else answer, asks)


def never_asked(path: str, outcome: Outcome) -> Scene:
    return Scene(path, outcome, asks=0)


def in_chunks(text: str) -> bytes:
    raw = text.encode()
    body = b"".join(b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in (raw[:700], raw[700:])) + b"0\r\nX-T: 1\r\n\r\n"
    return reply(body, "Transfer-Encoding: chunked", length=None)


def trickle(head: bytes, drop: bytes, pause: float = 0.2) -> Iterator[bytes]:
    yield head
    until = time.monotonic() + HANG
    while time.monotonic() < until:
        time.sleep(pause)
        yield drop


def silence() -> Iterator[bytes]:
    time.sleep(HANG)
    yield b""


def endless() -> Iterator[bytes]:
    yield reply(b"", length=None)
    for _ in range(10 * MAX_BYTES // 65_536):
        yield b"<p>more</p>" * 5_957


def reset_in_mid_body() -> Iterator[bytes]:
    yield reply(page("/reset")[:500], length=9_000)
    time.sleep(0.1)
    raise Reset


def big_json_ld(path: str) -> str:
    filler = ",".join(f'"k{n}": "{"x" * 90}"' for n in range(50_000))
    return page(path, head=f'<script type="application/ld+json">{{"@type": "NewsArticle", {filler}}}</script>')


_LINKS = "".join(f'<li><a href="/2026/story-{n}">{title_of(f"/story-{n}")}</a></li>' for n in range(60))
_INDEX = f"<!doctype html><title>World</title><h1>World</h1><ul>{_LINKS}</ul>"
_SHELL = '<!doctype html><title>App</title><body><div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript><script src="/app.js"></script>'
_CHECK = "<!doctype html><title>Just a moment...</title><h1>Checking your browser before accessing the site</h1><p>Please enable cookies.</p>"
_WALL = page(
    "/wall",
    body=f'<p>{prose("/wall")[0]}</p><div class="paywall"><p>Subscribe to continue reading.</p><p>Already a subscriber? Log in.</p></div>',
)
_LOST = "<!doctype html><title>404 Page not found</title><h1>Page not found</h1><p>Sorry, the page that you are looking for does not exist.</p>"

HOSTS = (
    Host("press", (
        article("/2026/plain"),
        article("/2026/gzip", lambda text: reply(gzip.compress(text.encode()), "Content-Encoding: gzip")),
        article("/2026/gzip-twice", lambda text: reply(gzip.compress(gzip.compress(text.encode())), "Content-Encoding: gzip, gzip")),
        article("/2026/gzip-tail", lambda text: reply(gzip.compress(text.encode()) + b"\0" * 40, "Content-Encoding: gzip")),
        article("/2026/says-gzip", lambda text: reply(text, "Content-Encoding: gzip"), asks=2),
        article("/2026/chunks", in_chunks),
        article("/2026/chunks-and-length", lambda text: in_chunks(text).replace(b"Connection", b"Content-Length: 7\r\nConnection", 1)),
        article("/2026/no-length", lambda text: reply(text, length=None).replace(b"HTTP/1.1", b"HTTP/1.0")),
        article("/2026/hints", lambda text: b"HTTP/1.1 103 Early Hints\r\nLink: </s.css>; rel=preload\r\n\r\n" + reply(text)),
        article("/2026/continues", lambda text: b"HTTP/1.1 100 Continue\r\n\r\n" * 20 + reply(text)),
        article("/2026/no-colon", lambda text: reply(text, "this is no header")),
        article("/2026/no-type", lambda text: reply(text, kind=None)),
        article("/2026/cookies", lambda text: reply(text, *(f"Set-Cookie: c{n}=1" for n in range(60)))),
        article("/2026/latin1", lambda text: reply(text.replace("storm", "tempête").encode("latin-1"), kind="text/html; charset=iso-8859-1")),
        article("/2026/lying-charset", lambda text: reply(text.replace("storm", "tempête").encode("cp1252"))),
        article("/2026/torn-characters", lambda text: reply(text.encode().replace(b"storm", b"sto\xc3rm\xff"))),
        article("/2026/utf16", lambda text: reply(b"\xff\xfe" + text.encode("utf-16-le"), kind="text/html")),
        article("/2026/nul", lambda text: reply(text.replace("storm", "sto\0rm"))),
        Scene("/2026/json-ld", Outcome.PUBLISHED, lambda newsroom: reply(big_json_ld("/2026/json-ld")), again=Outcome.UNCHANGED),
        article("/2026/nested", lambda text: reply(text.replace("<article>", "<div>" * 150 + "<article>"))),
        # no parser of ours reads so deep, and no page that people read is so: only it is lost
        ends("/2026/deep", Outcome.NO_TEXT, lambda: reply(page("/deep", before="<div>" * 20_000))),
        Scene("/2026/twin", Outcome.DUPLICATE_URL, lambda newsroom: reply(page("/2026/plain", head=f'<link rel="canonical" href="{newsroom.url("press", "/2026/plain")}">'))),
        never_asked("/sport/2026/match", Outcome.EXCLUDED),
    ), pages={"/": lambda newsroom: reply(_INDEX), "/elsewhere": lambda newsroom: reply(page("/elsewhere"))}),
    Host("ends", (
        ends("/2026/404", Outcome.GONE, reply(_LOST, status="404 Not Found")),
        ends("/2026/410", Outcome.GONE, reply("", status="410 Gone")),
        article("/2026/between-1"),
        ends("/2026/500", Outcome.HTTP_ERROR, reply("oops", status="500 Internal Server Error")),
        ends("/2026/502", Outcome.HTTP_ERROR, reply("busy", status="502 Bad Gateway")),
        ends("/2026/520", Outcome.HTTP_ERROR, reply("", status="520 Unknown")),
        article("/2026/between-2"),
        ends("/2026/401", Outcome.WALL, reply("", "WWW-Authenticate: Basic", status="401 Unauthorized")),
        ends("/2026/403", Outcome.HTTP_ERROR, reply("no", status="403 Forbidden")),
        article("/2026/between-3"),
        ends("/2026/451", Outcome.FORBIDDEN, reply("", status="451 Unavailable For Legal Reasons")),
        ends("/2026/999", Outcome.HTTP_ERROR, reply("", status="999 Request denied")),
        article("/2026/between-4"),
        ends("/2026/202", Outcome.HTTP_ERROR, reply("in progress", status="202 Accepted")),
        ends("/2026/406", Outcome.HTTP_ERROR, reply("", status="406 Not Acceptable"), asks=2),
        ends("/2026/204", Outcome.HTTP_ERROR, reply("", status="204 No Content", length=None)),
        ends("/2026/206", Outcome.HTTP_ERROR, lambda: reply(page("/206")[:900], "Content-Range: bytes 0-899/5000", status="206 Partial Content")),
        ends("/2026/304", Outcome.HTTP_ERROR, reply("", 'ETag: "x"', status="304 Not Modified", length=None), asks=2),
    )),
    # The host asks to be left alone: its second URL is not asked for, and both come again later.
    Host("limited", (
        ends("/2026/first", Outcome.RATE_LIMITED, reply("slow down", "Retry-After: 7200", status="429 Too Many Requests")),
        never_asked("/2026/second", Outcome.RATE_LIMITED),
    )),
    Host("busy", (
        ends("/2026/later", Outcome.RATE_LIMITED, lambda: reply("", f"Retry-After: {format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)}", status="503 Service Unavailable")),
    )),
    Host("tired", (
        ends("/2026/soon", Outcome.RATE_LIMITED, reply("busy", status="503 Service Unavailable")),
    )),
    Host("sizes", (
        ends("/2026/bomb", Outcome.TOO_LARGE, lambda: reply(bomb(60_000_000), "Content-Encoding: gzip")),
        ends("/2026/bomb-in-layers", Outcome.TOO_LARGE, lambda: reply(bomb(60_000_000, 3), "Content-Encoding: gzip, gzip, gzip")),
        ends("/2026/two-gigabytes", Outcome.TOO_LARGE, reply("", length=2_000_000_000)),
        ends("/2026/endless", Outcome.TOO_LARGE, endless),
        article("/2026/between-5"),
        ends("/2026/cut", Outcome.INCOMPLETE, lambda: reply(page("/cut")[:900], length=9_000)),
        ends("/2026/gzip-cut", Outcome.INCOMPLETE, lambda: reply(gzip.compress(page("/gzip-cut").encode())[:-40], "Content-Encoding: gzip")),
        ends("/2026/no-last-chunk", Outcome.INCOMPLETE, lambda: in_chunks(page("/no-last-chunk")).removesuffix(b"0\r\nX-T: 1\r\n\r\n")),
        ends("/2026/empty", Outcome.INCOMPLETE, reply("")),
        article("/2026/between-6"),
        ends("/2026/six-layers", Outcome.PROTOCOL, lambda: reply(bomb(100, 6), "Content-Encoding: " + ", ".join(["gzip"] * 6)), asks=2),
        ends("/2026/two-lengths", Outcome.PROTOCOL, lambda: reply(page("/two-lengths"), "Content-Length: 17")),
    )),
    Host("slow-body", (
        ends("/2026/trickle", Outcome.TIMEOUT, lambda: trickle(reply("", length=100_000), b"<p>")),
        ends("/2026/silent", Outcome.TIMEOUT, silence),
        article("/2026/between-7"),
    )),
    Host("slow-head", (
        ends("/2026/trickled-headers", Outcome.TIMEOUT, lambda: trickle(b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n")),
        ends("/2026/headers-only", Outcome.TIMEOUT, lambda: trickle(reply("", length=5_000), b"")),
        article("/2026/between-8"),
    )),
    Host("wires", (
        ends("/2026/reset", Outcome.CONNECTION, reset_in_mid_body),
        ends("/2026/hang-up", Outcome.CONNECTION, b""),
        article("/2026/between-9"),
        ends("/2026/garbage", Outcome.PROTOCOL, b"\x16\x03\x01\x00\x05garbage\r\n\r\n"),
        ends("/2026/http09", Outcome.PROTOCOL, b"<html><body>no status line</body></html>\r\n"),
        ends("/2026/long-header", Outcome.PROTOCOL, lambda: reply(page("/long"), f"X-Long: {'x' * 70_000}")),
        article("/2026/between-10"),
    )),
    Host("moves", (
        ends("/2026/loop", Outcome.REDIRECT_LOOP, moved("/2026/loop"), asks=2),
        ends("/2026/chain-0", Outcome.REDIRECT_LOOP, moved("/chain/1")),
        Scene("/2026/two-hops", Outcome.PUBLISHED, lambda newsroom: moved("/hop/1", "302 Found"), again=Outcome.UNCHANGED),
        Scene("/2026/latin1-location", Outcome.PUBLISHED, lambda newsroom: moved("/caf\xe9", "307 Temporary Redirect"), again=Outcome.UNCHANGED),
        Scene("/2026/off-site", Outcome.PUBLISHED, lambda newsroom: moved(newsroom.url("press", "/elsewhere")), again=Outcome.UNCHANGED),
        Scene("/2026/old-address", Outcome.DUPLICATE_URL, lambda newsroom: moved(newsroom.url("press", "/2026/plain"))),
        ends("/2026/to-private", Outcome.BLOCKED_ADDRESS, moved("http://10.0.0.1/admin")),
        ends("/2026/to-metadata", Outcome.BLOCKED_ADDRESS, moved("http://169.254.169.254/latest/meta-data/")),
        ends("/2026/to-file", Outcome.BLOCKED_ADDRESS, moved("file:///etc/passwd")),
        ends("/2026/to-unknown-port", Outcome.BLOCKED_ADDRESS, moved("http://127.0.0.1:9/")),
        ends("/2026/nowhere", Outcome.BAD_REDIRECT, reply("", status="302 Found")),
        ends("/2026/story-1234-gone-home", Outcome.GONE, moved("/")),
        ends("/2026/to-login", Outcome.WALL, moved("/login?next=/2026/to-login")),
        article("/2026/refreshed", lambda text: reply('<!doctype html><title>One moment</title><meta http-equiv="refresh" content="0; url=/hop/3">')),
        Scene("/2026/to-the-denied", Outcome.ROBOTS_DENIED, lambda newsroom: moved(newsroom.url("private", "/private/target"))),
    ), pages={
        **{f"/chain/{n}": lambda newsroom, n=n: moved(f"/chain/{n + 1}") for n in range(1, 30)},  # type: ignore[misc]
        "/hop/1": lambda newsroom: moved("/hop/2"),
        "/": lambda newsroom: reply(_INDEX),
        "/login": lambda newsroom: reply("<!doctype html><title>Log in</title><form>Name <input name=name> <input type=submit></form>"),
        "/hop/3": lambda newsroom: reply(page("/hop/3")),
        "/hop/2": lambda newsroom: reply(page("/hop/2")),
        "/caf%C3%A9": lambda newsroom: reply(page("/cafe")),
        "/caf%E9": lambda newsroom: reply(page("/cafe")),
    }),
    Host("pages", (
        ends("/2026/wall", Outcome.WALL, lambda: reply(_WALL)),
        ends("/2026/shell", Outcome.NEEDS_JS, lambda: reply(_SHELL)),
        ends("/2026/index", Outcome.NOT_ARTICLE, lambda: reply(_INDEX)),
        ends("/2026/image", Outcome.WRONG_TYPE, reply(b"\x89PNG\r\n\x1a\n" + b"\0" * 500, kind="image/png")),
        ends("/2026/json", Outcome.WRONG_TYPE, reply("{}", kind="application/json")),
        ends("/2026/film", Outcome.WRONG_TYPE, reply(b"\0" * 500, kind="video/mp4")),
        article("/2026/between-11"),
        ends("/2026/pdf", Outcome.WRONG_TYPE, lambda: reply(b"%PDF-1.7\n" + random.Random(1).randbytes(9_000))),
        article("/2026/octets", lambda text: reply(text, kind="application/octet-stream")),
        ends("/2026/soft-404", Outcome.GONE, lambda: reply(_LOST)),
        ends("/2026/challenge", Outcome.CHALLENGE, lambda: reply(_CHECK)),
    )),
    Host("private", (
        never_asked("/private/a", Outcome.ROBOTS_DENIED),
        never_asked("/private/b", Outcome.ROBOTS_DENIED),
        article("/2026/open"),
    ), robots=reply("User-agent: *\nDisallow: /private/\n", kind="text/plain"), pages={"/private/target": lambda newsroom: reply(page("/target"))}),
    Host("shut", (never_asked("/2026/a", Outcome.HTTP_ERROR),), robots=reply("", status="500 Internal Server Error")),
    Host("torn", (article("/2026/whole-1"), article("/2026/whole-2")), endpoint="feed: /torn.xml", pages={
        "/torn.xml": lambda newsroom: reply(newsroom.feed("torn").partition("</channel>")[0] + "<item><title>Cut &", kind="text/xml"),
    }),
    Host("ring", (article("/2026/in-the-ring-1"), article("/2026/in-the-ring-2")), endpoint="sitemap: /index.xml", pages={
        "/index.xml": lambda newsroom: reply(index(newsroom, "/index.xml", "/other.xml", "/pages.xml.gz"), kind="text/xml"),
        "/other.xml": lambda newsroom: reply(index(newsroom, "/index.xml", "/other.xml"), kind="text/xml"),
        "/pages.xml.gz": lambda newsroom: reply(gzip.compress(newsroom.sitemap("ring").encode()), kind="application/x-gzip"),
    }),
    Host("flood", endpoint="feed: /feed-of-50-mb.xml", pages={"/feed-of-50-mb.xml": lambda newsroom: flood()}),
    Host("mistaken", endpoint="feed: /a-page.xml", pages={"/a-page.xml": lambda newsroom: reply(_INDEX)}),
    Host("hanging", endpoint="feed: /never.xml", pages={"/never.xml": lambda newsroom: silence()}),
)  # fmt: skip

# What the press' feed names beside its own: not to be asked for, whoever says so.
STRANGERS = {
    "http://10.0.0.1/2026/a": Outcome.BLOCKED_ADDRESS,
    "http://169.254.169.254/latest/meta-data/": Outcome.BLOCKED_ADDRESS,
    "http://127.0.0.1:1/2026/a": Outcome.BLOCKED_ADDRESS,
    "http://[::1]/2026/a": Outcome.BLOCKED_ADDRESS,
    "http://0x7f.1:6379/2026/a": Outcome.BLOCKED_ADDRESS,
}
UNUSABLE = ("mailto:editor@news.example", "javascript:alert(1)", "ftp://127.0.0.1/a", "file:///etc/passwd")


def index(newsroom: HostileNewsroom, *paths: str) -> str:
    named = "".join(f"<sitemap><loc>{newsroom.url('ring', path)}</loc></sitemap>" for path in paths)
    return (
        f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{named}</sitemapindex>'
    )


def flood() -> Iterator[bytes]:
    yield reply("", length=None, kind="text/xml") + b'<rss version="2.0"><channel>'
    for _ in range(50):
        yield b"<item><title>Again</title></item>" * 31_776


# ---- the server --------------------------------------------------------------------------------------------------


class HostileNewsroom:
    """All `HOSTS` on the air. `log` has each request as (host's name, path), in order."""

    def __init__(self) -> None:
        self.log: list[tuple[str, str]] = []
        self._hosts = {host.name: host for host in HOSTS}
        self._listeners = {host.name: socket.create_server(("127.0.0.1", 0), backlog=64) for host in HOSTS}

    def __enter__(self) -> Self:
        for name, listener in self._listeners.items():
            threading.Thread(target=self._accept, args=(self._hosts[name], listener), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        for listener in self._listeners.values():
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def url(self, host: str, path: str) -> str:
        return f"http://127.0.0.1:{self._listeners[host].getsockname()[1]}{path}"

    def scenes(self) -> dict[str, Scene]:
        """Every URL that is to be found, with what it must end in."""
        ours = {self.url(host.name, scene.path): scene for host in HOSTS for scene in host.scenes}
        return ours | {url: never_asked(url, outcome) for url, outcome in STRANGERS.items()}

    def asked(self) -> Counter[str]:
        return Counter(self.url(host, path) for host, path in self.log)

    def write_sources(self, folder: Path) -> None:
        """Two sources: all that has a feed which can be read now and then, and one whose only feed hangs."""
        groups = {"hostile": [host for host in HOSTS if host.name != "hanging"], "hanging": [self._hosts["hanging"]]}
        for name, hosts in groups.items():
            endpoints = []
            for host in hosts:
                kind, path = host.endpoint.split(": ")
                endpoints.append({kind: self.url(host.name, path)})
            described = {
                "id": name, "name": f"The {name.title()} Press", "homepage": self.url(hosts[0].name, "/"), "language": "en",
                "endpoints": endpoints, "exclude": ["/sport/"], "allow_private": True,
            }  # fmt: skip
            (folder / f"{name}.yaml").write_text(yaml.safe_dump(described))

    def feed(self, name: str) -> str:
        """The host's feed: first scene first, a minute apart; the press' names what no publisher should."""
        links = [self.url(name, scene.path) for scene in self._hosts[name].scenes]
        if name == "press":
            links += [*STRANGERS, *UNUSABLE, self.url("shut", "/2026/a")]
        newest = datetime.now(UTC) - timedelta(hours=1)
        items = "".join(
            f"<item><title>{title_of(link.partition('//')[2].partition('/')[2] or link)}</title><link>{link}</link>"
            f"<pubDate>{format_datetime(newest - timedelta(minutes=number), usegmt=True)}</pubDate></item>"
            for number, link in enumerate(links)
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'

    def sitemap(self, name: str) -> str:
        urls = "".join(f"<url><loc>{self.url(name, scene.path)}</loc></url>" for scene in self._hosts[name].scenes)
        return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'

    def _accept(self, host: Host, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(host, connection), daemon=True).start()

    def _serve(self, host: Host, connection: socket.socket) -> None:
        with connection:
            try:
                connection.settimeout(2 * HANG)
                path = _read_path(connection)
                if path is None:
                    return
                self.log.append((host.name, path))
                answer = self._answer(host, path)
                for part in [answer] if isinstance(answer, bytes) else answer:
                    connection.sendall(part)
                # An answer that is cut must arrive before the end of the connection does.
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1)
            except Reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            except OSError:
                pass  # the client has had enough

    def _answer(self, host: Host, path: str) -> Answer:
        path = path.partition("?")[0]
        if path == "/robots.txt":
            return host.robots or reply("", status="404 Not Found")
        if path in host.pages:
            return host.pages[path](self)
        if path == "/feed.xml":
            return reply(self.feed(host.name), kind="application/rss+xml")
        scene = next((scene for scene in host.scenes if scene.path == path), None)
        if scene is None or scene.play is None:
            return reply("no such page", status="404 Not Found")
        return scene.play(self)


def _read_path(connection: socket.socket) -> str | None:
    head = b""
    while b"\r\n\r\n" not in head:
        received = connection.recv(65_536)
        if not received:
            return None
        head += received
    parts = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    return parts[1] if len(parts) == 3 else None
