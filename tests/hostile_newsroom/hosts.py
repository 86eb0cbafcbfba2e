"""The publishers: what each does, URL by URL, and the outcome that each URL must end in."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from hostile_newsroom.scenes import (
    Addresses,
    Host,
    Scene,
    article,
    endless,
    ends,
    in_chunks,
    moved,
    never_asked,
    reply,
    reset_in_mid_body,
    silence,
    trickle,
)
from hostile_newsroom.texts import CHECK, INDEX, LOST, SHELL, WALL, big_json_ld, page
from hostile_server import bomb
from newsdesk.model import Outcome

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
    ), pages={"/": lambda newsroom: reply(INDEX), "/elsewhere": lambda newsroom: reply(page("/elsewhere"))}),
    Host("ends", (
        ends("/2026/404", Outcome.GONE, reply(LOST, status="404 Not Found")),
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
        "/": lambda newsroom: reply(INDEX),
        "/login": lambda newsroom: reply("<!doctype html><title>Log in</title><form>Name <input name=name> <input type=submit></form>"),
        "/hop/3": lambda newsroom: reply(page("/hop/3")),
        "/hop/2": lambda newsroom: reply(page("/hop/2")),
        "/caf%C3%A9": lambda newsroom: reply(page("/cafe")),
        "/caf%E9": lambda newsroom: reply(page("/cafe")),
    }),
    Host("pages", (
        ends("/2026/wall", Outcome.WALL, lambda: reply(WALL)),
        ends("/2026/shell", Outcome.NEEDS_JS, lambda: reply(SHELL)),
        ends("/2026/index", Outcome.INDEX, lambda: reply(INDEX)),
        ends("/2026/image", Outcome.WRONG_TYPE, reply(b"\x89PNG\r\n\x1a\n" + b"\0" * 500, kind="image/png")),
        ends("/2026/json", Outcome.WRONG_TYPE, reply("{}", kind="application/json")),
        ends("/2026/film", Outcome.WRONG_TYPE, reply(b"\0" * 500, kind="video/mp4")),
        article("/2026/between-11"),
        ends("/2026/pdf", Outcome.WRONG_TYPE, lambda: reply(b"%PDF-1.7\n" + random.Random(1).randbytes(9_000))),
        article("/2026/octets", lambda text: reply(text, kind="application/octet-stream")),
        ends("/2026/soft-404", Outcome.GONE, lambda: reply(LOST)),
        ends("/2026/challenge", Outcome.CHALLENGE, lambda: reply(CHECK)),
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
    Host("mistaken", endpoint="feed: /a-page.xml", pages={"/a-page.xml": lambda newsroom: reply(INDEX)}),
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


def index(newsroom: Addresses, *paths: str) -> str:
    named = "".join(f"<sitemap><loc>{newsroom.url('ring', path)}</loc></sitemap>" for path in paths)
    return (
        f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{named}</sitemapindex>'
    )


def flood() -> Iterator[bytes]:
    yield reply("", length=None, kind="text/xml") + b'<rss version="2.0"><channel>'
    for _ in range(50):
        yield b"<item><title>Again</title></item>" * 31_776
