"""Writes fuzz/corpus: small inputs of each kind, whole and broken, made here and taken from nobody.

python fuzz/corpus.py
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "bench"), str(HERE.parent / "tests"), str(HERE.parent / "plugins")]

import mutations  # noqa: E402 - where it lies is known only now
import warc_making as made  # noqa: E402

STORY = made.html("A bridge opens", ["The bridge over the river was opened on Monday, the council said. " * 4] * 4)
MARKED = made.html(
    "Harbour <b>reopens</b>",
    ["Ships returned to the harbour after a week of storms, and the port's office counted forty of them. " * 3] * 3,
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Harbour","datePublished":'
    '"2024-05-01T10:00:00+02:00","author":[{"name":"A. Writer"}]}</script><meta property="og:image" content="/a.png">'
    '<link rel="canonical" href="/harbour"><meta http-equiv="refresh" content="5;url=javascript:x">',
)
ODD = (
    b"<html><body><svg><style><!--</style><img src=x onerror=a()></svg><table><p>" + b"<div>" * 300 + b"deep"
    b"<a href='java\tscript:x'>a</a><math><mi xlink:href='javascript:x'>&#x110000;&nosuch;<![CDATA[x]]><noscript><p>t"
)
FRENCH = made.html("Le pont", ["Le conseil a ouvert le pont lundi, a dit la maire devant une foule. " * 4] * 3).replace(
    b"utf-8", b"iso-8859-1"
)
RECORDS = (
    made.record("warcinfo", block=b"software: x\r\n"),
    made.record(block=made.http(STORY)),
    made.record(block=made.http(b"5\r\nhello\r\n0\r\n\r\n", "200 OK", "text/html", "Transfer-Encoding: chunked")),
    made.record(block=made.http(gzip.compress(STORY, mtime=0), "200 OK", "text/html", "Content-Encoding: gzip")),
    made.record(url="file:///etc/passwd", block=made.http(STORY)),
    made.record(url="http://127.0.0.1/", block=made.http(STORY), end="\n"),
    made.record(length=99_999_999, block=b"short"),
)
SOURCE = b"""id: example-times
name: The Example Times
homepage: https://www.example.com/
language: en
country: GB
timezone: Europe/London
tags: [daily, "a: b"]
endpoints:
  - {feed: https://www.example.com/rss.xml}
  - sitemap: 'https://www.example.com/news-sitemap.xml'
expect: {articles_per_day: [20, 400]}
include: ['^https://www\\.example\\.com/']
revisit: [1h, 7d]
crawl_delay: 2.5
"""
ODD_YAML = b"""%YAML 1.1
---
id: &a [x, *a]
name: !!python/object/apply:os.system [x]
? {a: b}
: |
  text
date: 2026-02-30
n: 1:59:59
big: 0x7fffffffffffffffffff
<<: {a: !!binary aGk=, b: !!set {c}}
...
"""
SEEDS: dict[str, tuple[bytes, ...]] = {
    "feed": mutations.FEEDS,
    "sitemap": mutations.SITEMAPS,
    "robots": mutations.ROBOTS_FILES,
    "html": (STORY, MARKED, ODD, FRENCH, STORY.decode().encode("utf-16")),
    "warc": (*RECORDS, b"".join(RECORDS), made.packed(*RECORDS), gzip.compress(b"".join(RECORDS), mtime=0)),
    "yaml": (SOURCE, ODD_YAML, b"id: [\n- x", SOURCE.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + SOURCE),
    "source": (bytes(range(64, 0, -1)), b"\x3d" * 20, b"\xff" * 20 + b"\x05\x41\x20", b"\xff\x32\xff" * 9),
}


def main() -> None:
    for kind, seeds in SEEDS.items():
        folder = HERE / "corpus" / kind
        folder.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds):
            (folder / f"{number:02}").write_bytes(seed)


if __name__ == "__main__":
    main()
