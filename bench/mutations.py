"""Mutated feeds, sitemaps and robots.txt files: no parser may raise, or take long, whatever comes.

    python bench/mutations.py --kind feed|sitemap|robots [--count 10000] [--seed 1] [--slow 5]

Seeds are the texts below and, where they are there, the rows of the conformance set (NEWSDESK_SHARED_DATA, or
../shared/data beside the repository). Each mutant takes one to six steps: bits flipped, bytes cut, doubled, repeated
many times, taken from another seed, tags swapped, hostile pieces put in. One seed number gives one run.

Ends with 1 if a parser raised, gave a date without zone or an address that is not http(s), or took more than --slow
seconds of CPU; the mutant is then left in the working directory, to become a test.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import json
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from newsdesk.discover.feeds import parse_feed
from newsdesk.discover.sitemaps import parse_sitemap
from newsdesk.fetch.robots import parse_robots

ROOT = Path(__file__).resolve().parent.parent
URL = "https://news.example/there"

RSS = b"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>N</title><link>https://news.example/</link><ttl>60</ttl><skipHours><hour>3</hour></skipHours>
<item><title>Caf&#233; &amp;amp; <![CDATA[<b>bar</b>]]></title><link>/a?x=1&amp;y=2</link><guid isPermaLink="false">1</guid>
<pubDate>Wed, 01 May 2024 14:00:00 +0200</pubDate><description>&lt;p&gt;One&lt;/p&gt;</description></item>
<item><title>Two</title><guid>https://news.example/b</guid><dc:date>2024-05-01T12:00:00Z</dc:date></item>
</channel></rss>"""
ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/x/"><title>N</title>
<entry><id>urn:1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>bold</b> step</div></title>
<link rel="enclosure" href="/sound.mp3"/><link href="a/1"/><published>1 mai 2024 14:00</published>
<updated>2024-05-01T12:30:00Z</updated></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://news.example/"><title>N</title></channel>
<item rdf:about="https://news.example/a"><title>T &nbsp; & more</title><dc:date>2024-05-01</dc:date></item></rdf:RDF>"""
CDF = (
    b"""<CHANNEL><ITEM HREF="https://news.example/a" LASTMOD="2024-05-01T12:00:00Z"><TITLE>T</TITLE></ITEM></CHANNEL>"""
)
JSON_FEED = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": [{"id": 1, "url": "/a", "title":
"A", "date_published": "2024-05-01T12:00:00Z"}, {"id": "https://news.example/b", "date_modified": 1714557600}]}"""
URLSET = b"""<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc> https://news.example/a?x=1&amp;y=2 </loc>
<lastmod>2024-05-01T12:30:00Z</lastmod><news:news><news:publication_date>2024-05-01</news:publication_date>
<news:title>A &amp;amp; B</news:title></news:news></url><url><loc>https://news.example/b</loc></url></urlset>"""
INDEX = b"""<sitemapindex><sitemap><loc>https://news.example/1.xml.gz</loc></sitemap><sitemap><loc>/2.xml</loc></sitemap>
</sitemapindex>"""
LINES = b"https://news.example/a\r\nhttps://news.example/b\n# none\n"
ROBOTS = b"""# ours\nUser-agent: *\nDisallow: /private/*.html$\nAllow: /private/open\nCrawl-delay: 2.5\n\nUser-agent: newsdesk
User-agent: other/2.0\nDisallow: /%7ejoe/\nDisallow:\nRequest-rate: 1/5\nSitemap: https://news.example/sitemap.xml\n"""

FEEDS = (RSS, ATOM, RDF, CDF, JSON_FEED, RSS.decode().encode("utf-16"), gzip.compress(RSS))
SITEMAPS = (URLSET, INDEX, LINES, RSS, URLSET.decode().encode("utf-16"), gzip.compress(URLSET))
ROBOTS_FILES = (ROBOTS, b"\xef\xbb\xbf" + ROBOTS.replace(b"\n", b"\r\n"), ROBOTS.decode().encode("utf-16"))

HOSTILE = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b\x08", b"&", b"&#0;", b"&#xFFFFFF;", b"&nbsp;", b"&x;", b"<", b"<!--"),
    *(b"-->", b"<![CDATA[", b"]]>", b"<?xml version='1.0' encoding='punycode'?>", b"<?", b"?>", b"<!DOCTYPE a [", b"]>"),
    *(b'<!ENTITY a "&b;&b;">', b"<item>", b"</item>", b"<x:y>", b"<a b=c>", b"<loc>", b"</channel>", b"{", b"[", b'"\\ud800"'),
    *(b"1e999", b"99999999999999999999", b"0001-01-01T00:00:00+23:59", b"9999-12-31T24:00:00-12:00", b"+9999", b"\xc3\x28"),
    *(b"http://[::1", b"https://x:99999/", b"javascript:", b"//", b"Disallow: ", b"*" * 60, b"$", b"%", b"%zz", b"Sitemap:"),
    *(b"User-agent: ", b"Crawl-delay: -1e400", b"xml:base='http://a b'", b" xmlns='urn:x'", "\u0130\u2028\ud7ff".encode()),
)  # fmt: skip
_TAG = re.compile(rb"<[^<>]{1,60}>")
_LONGEST = 400_000  # bytes of a mutant


def mutate(seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """One of the seeds after one to six steps."""
    body = chance.choice(seeds)
    for _ in range(chance.randint(1, 6)):
        body = chance.choice(_STEPS)(body, seeds, chance)[:_LONGEST]
    return body


def _place(body: bytes, chance: random.Random) -> int:
    return chance.randint(0, len(body))


def _flip(body: bytes, seeds: Sequence[bytes], chance: random.Random) -> bytes:
    flipped = bytearray(body)
    for _ in range(chance.randint(1, 8) if body else 0):
        flipped[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _cut(body: bytes, seeds: Sequence[bytes], chance: random.Random) -> bytes:
    start, end = sorted((_place(body, chance), _place(body, chance)))
    return chance.choice((body[:start], body[end:], body[:start] + body[end:]))


def _splice(body: bytes, seeds: Sequence[bytes], chance: random.Random) -> bytes:
    other = chance.choice(seeds)
    return body[: _place(body, chance)] + other[_place(other, chance) :]


def _repeat(body: bytes, seeds: Sequence[bytes], chance: random.Random) -> bytes:
    start = _place(body, chance)
    chunk = body[start : start + chance.choice((1, 7, 30, 300))]
    return body[:start] + chunk * chance.choice((2, 10, 500)) + body[start:]


def _insert(body: bytes, seeds: Sequence[bytes], chance: random.Random) -> bytes:
    at = _place(body, chance)
    return body[:at] + chance.choice(HOSTILE) * chance.choice((1, 1, 1, 2, 300)) + body[at:]


def _swap_tags(body: bytes, seeds: Sequence[bytes], chance: random.Random) -> bytes:
    tags = list(_TAG.finditer(body))
    if len(tags) < 2:
        return body
    first, second = sorted(chance.sample(tags, 2), key=lambda tag: tag.start())
    between = body[first.end() : second.start()]
    return body[: first.start()] + second[0] + between + first[0] + body[second.end() :]


_STEPS = (_flip, _cut, _splice, _repeat, _insert, _swap_tags)


def check_feed(body: bytes) -> str:
    """What came of it; AssertionError for a result that breaks a promise."""
    feed = parse_feed(body, "application/rss+xml", URL)
    check_links(feed.links)
    assert feed.ttl is None or feed.ttl.total_seconds() > 0
    assert feed.entries or feed.problem or feed.kind
    return "entries" if feed.entries else "problem" if feed.problem else "empty"


def check_sitemap(body: bytes) -> str:
    sitemap = parse_sitemap(body, "application/xml", URL)
    check_links(sitemap.pages)
    assert all(url.startswith(("http://", "https://")) for url in sitemap.sitemaps)
    return "addresses" if sitemap.pages or sitemap.sitemaps else "problem" if sitemap.problem else "empty"


def check_robots(body: bytes) -> str:
    robots = parse_robots(body)
    verdicts = [
        robots.allowed("newsdesk/1.0", f"https://news.example{path}") for path in ("/", "/private/a.html?x=%zz")
    ]
    delay = robots.crawl_delay("newsdesk")
    assert delay is None or isinstance(delay, float | int)
    assert all(isinstance(url, str) for url in robots.sitemaps)
    return "allowed" if all(verdicts) else "some denied"


def check_links(links: Iterable[object]) -> None:
    for link in links:
        assert str(getattr(link, "url", "")).startswith(("http://", "https://"))
        for moment in (getattr(link, "published", None), getattr(link, "updated", None)):
            assert moment is None or moment.utcoffset() is not None


CHECKS: dict[str, tuple[Callable[[bytes], str], tuple[bytes, ...], str]] = {
    "feed": (check_feed, FEEDS, "feeds"),
    "sitemap": (check_sitemap, SITEMAPS, "sitemaps"),
    "robots": (check_robots, ROBOTS_FILES, "robots"),
}


def conformance_seeds(name: str) -> list[bytes]:
    """The bytes of the rows of the conformance set; none where the set is not there."""
    file = (
        Path(os.environ.get("NEWSDESK_SHARED_DATA", ROOT.parent / "shared" / "data"))
        / "conformance"
        / f"{name}.jsonl.gz"
    )
    if not file.exists():
        return []
    found = []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            packed = row.get("bytes_b64") or row.get("robots_b64")
            found.append(base64.b64decode(packed) if packed else str(row.get("robots") or "").encode())
    return [body for body in found if body]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kind", choices=sorted(CHECKS), required=True)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slow", type=float, default=5.0, help="seconds of CPU that no mutant may take")
    options = parser.parse_args()
    check, own, file = CHECKS[options.kind]
    # Half of the mutants from our own seeds, which are small and reach far; the rows make up the other half.
    pools = [own, rows] if (rows := conformance_seeds(file)) else [own]
    chance = random.Random(options.seed)
    results: Counter[str] = Counter()
    slowest, failed, started = 0.0, 0, time.monotonic()
    for _ in range(options.count):
        body = mutate(chance.choice(pools), chance)
        begun = time.process_time()
        try:
            result = check(body)
        except Exception as fault:  # noqa: BLE001 - which it is, is the finding
            result = f"{type(fault).__name__}: {str(fault)[:100]}"
            failed += _leave(body, options.kind, result)
        spent = time.process_time() - begun
        slowest = max(slowest, spent)
        if spent > options.slow:
            failed += _leave(body, options.kind, f"{spent:.1f} s of CPU")
        results[result] += 1
    print(
        f"{options.kind}: {options.count} mutants of {sum(map(len, pools))} seeds, {failed} failed, "
        f"slowest {slowest:.2f} s of CPU, {time.monotonic() - started:.0f} s in all"
    )
    for result, count in results.most_common(12):
        print(f"  {count:7} {result}")
    return 1 if failed else 0


def _leave(body: bytes, kind: str, why: str) -> int:
    file = Path(f"mutant-{kind}-{hashlib.sha256(body).hexdigest()[:10]}.bin")
    file.write_bytes(body)
    print(f"{file}: {why}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
