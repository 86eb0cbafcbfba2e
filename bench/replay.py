"""Replay labelled pages through the whole pipeline, and score the bodies that arrive in the table.

    python bench/replay.py DATA/extract/scrapinghub.jsonl.xz DATA/extract/wcxb.jsonl.xz … [--limit N] [--type article]

DATA/extract is a folder of JSON lines (`id, url, html|html_b64, body, …`) with its own `score.py` beside them. Each
set's pages are served over loopback as sites with feeds and sitemaps (addresses only: no title, no date), `newsdesk
ingest` runs on them into an empty database, and `news.article.body` is scored against gold, next to plain trafilatura
on the same pages in the same run. What each step costs: `bench/pipeline.py --stages`.
"""

from __future__ import annotations

import argparse
import itertools
import os
import runpy
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import trafilatura

from labelled import html_of, read_rows
from newsdesk.store.database import rows, transaction
from newsdesk.urls import canonical_key
from own_server import own_server

SITES = 24


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, help="files of pages, or a folder of them")
    parser.add_argument("--limit", type=int, help="only the first N pages of each set")
    parser.add_argument("--type", help="score only gold pages of this page_type")
    options = parser.parse_args()
    files = [file for path in options.sets for file in (sorted(path.glob("*.jsonl.xz")) if path.is_dir() else [path])]
    if missing := [str(file) for file in files if not file.exists()]:
        sys.exit(f"replay: no such file: {', '.join(missing)}")
    for file in files:
        replay(file, options.limit, options.type)


def replay(file: Path, limit: int | None, page_type: str | None) -> None:
    pages = list(read_rows(file))[:limit]
    print(f"\n## {file.name}: {len(pages)} pages")
    with own_server("replay") as (home, dsn), serve(pages) as addresses:
        write_sources(home / "sources", addresses)
        seconds = ingest(home, dsn)
        articles = read_articles(dsn, addresses)
        report_outcomes(dsn, len(articles), seconds)
        report_scores(file, pages, articles, page_type)


@contextmanager
def serve(pages: list[dict[str, Any]]) -> Iterator[dict[str, list[tuple[str, int]]]]:
    """The pages on SITES loopback servers: {origin: [(address, place in `pages`)]}. The original path is kept."""
    bodies: dict[int, dict[str, bytes]] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = bodies[self.server.server_port].get(self.path)
            self.send_response(200 if body is not None else 404)
            xml = self.path in ("/feed.xml", "/sitemap.xml")
            self.send_header("Content-Type", "application/xml" if xml else "text/html")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    # each page keeps its own path, which tells an extractor much; where two have the same, they stand on other sites
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Handler) for _ in range(SITES)]
    addresses: dict[str, list[tuple[str, int]]] = {}
    taken: set[str] = set()
    for place, page in enumerate(pages):
        parts = urlsplit(page["url"])
        query = f"?{quote(parts.query, safe='=&%+')}" if parts.query else ""
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + query
        for turn in itertools.count(sum(page["domain"].encode())):
            if turn - sum(page["domain"].encode()) >= len(servers):
                servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
            server = servers[turn % len(servers)]
            origin = f"http://127.0.0.1:{server.server_port}"
            if (key := canonical_key(origin + path)) not in taken:
                break
        taken.add(key)
        bodies.setdefault(server.server_port, {})[path] = html_of(page)
        addresses.setdefault(origin, []).append((origin + path, place))
    for number, (origin, named) in enumerate(addresses.items()):
        links = [address.replace("&", "&amp;") for address, _ in named]
        if number % 2:
            body = "".join(f"<url><loc>{link}</loc></url>" for link in links)
            bodies[int(origin.rpartition(":")[2])]["/sitemap.xml"] = f"<urlset>{body}</urlset>".encode()
        else:
            body = "".join(f"<item><link>{link}</link></item>" for link in links)
            bodies[int(origin.rpartition(":")[2])]["/feed.xml"] = (
                f'<rss version="2.0"><channel>{body}</channel></rss>'.encode()
            )
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield addresses
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def write_sources(folder: Path, addresses: dict[str, list[tuple[str, int]]]) -> None:
    folder.mkdir()
    for number, origin in enumerate(addresses):
        endpoint = f"sitemap: {origin}/sitemap.xml" if number % 2 else f"feed: {origin}/feed.xml"
        (folder / f"s{number}.yaml").write_text(
            f"id: s{number}\nname: Site {number}\nhomepage: {origin}/\nendpoints:\n  - {{{endpoint}}}\n"
            "crawl_delay: 0\nallow_private: true\n"
        )


def environment(home: Path, dsn: str) -> dict[str, str]:
    return {
        "NEWSDESK_HOME": str(home), "NEWSDESK_DSN": dsn, "NEWSDESK_SOURCES": str(home / "sources"),
        "NEWSDESK_MAX_PER_RUN": "1000000", "NEWSDESK_BATCH_SIZE": "50",
    }  # fmt: skip


def ingest(home: Path, dsn: str) -> float:
    """`newsdesk ingest` as a user runs it. Returns seconds of wall clock."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "newsdesk.cli", "ingest", "--quiet"],
        env=os.environ | environment(home, dsn),
        check=False,
    )
    if done.returncode not in (0, 1):  # 1: a source needs a person; here that says something of the pages only
        sys.exit(f"newsdesk ingest ended with {done.returncode}")
    return time.monotonic() - began


def read_articles(dsn: str, addresses: dict[str, list[tuple[str, int]]]) -> dict[int, dict[str, Any]]:
    """Place in `pages` -> the row of news.article that its address leads to."""
    places = {address: place for named in addresses.values() for address, place in named}
    with transaction(dsn) as cursor:
        cursor.execute(
            "SELECT f.url AS found, a.* FROM ops.frontier AS f JOIN news.article AS a ON a.article_id = f.article_id"
        )
        return {places[row["found"]]: row for row in rows(cursor)}


def report_outcomes(dsn: str, articles: int, seconds: float) -> None:
    with transaction(dsn) as cursor:
        cursor.execute("SELECT outcome, count(*) FROM news.url_status GROUP BY 1 ORDER BY 2 DESC")
        outcomes = dict(cursor.fetchall())
    print(f"outcomes   {', '.join(f'{count} {outcome}' for outcome, count in outcomes.items())}")
    print(
        f"speed      {articles} articles in {seconds:.1f} s: {articles / seconds:.1f} a second ({os.cpu_count()} cores, start-up included)"
    )


def report_scores(
    file: Path, pages: list[dict[str, Any]], articles: dict[int, dict[str, Any]], page_type: str | None
) -> None:
    score = runpy.run_path(str(file.parent / "score.py"))["score"]
    wanted = [place for place, page in enumerate(pages) if not page_type or page.get("page_type") == page_type]
    gold = [pages[place] for place in wanted]
    plain, peer_cpu = plain_trafilatura(gold)
    ours = [
        {
            "id": pages[place]["id"], "text": row["body"], "title": row["title"], "authors": row["authors"],
            "date": row["published_at"] and row["published_at"].date().isoformat(),
            "published": row["published_at"] and row["published_at"].isoformat(),
        }
        for place in wanted if (row := articles.get(place))
    ]  # fmt: skip
    for name, predicted in (("newsdesk", ours), ("trafilatura", plain)):
        found = score(gold, predicted)
        for part in ("body", "snip", "title", "authors", "date", "published"):
            if part in found:
                print(f"{name:<11}{part:<10}{' '.join(f'{key}={value}' for key, value in found[part].items())}")
    print(f"trafilatura's CPU: {peer_cpu * 1000 / max(1, len(gold)):.1f} ms a page (bare_extraction with metadata)")


def plain_trafilatura(pages: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], float]:
    """bare_extraction as it comes, with metadata. Returns its answers and CPU seconds."""
    answers = []
    began = time.process_time()
    for page in pages:
        found = trafilatura.bare_extraction(html_of(page), url=page["url"], with_metadata=True)
        if found is not None:
            authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
            answers.append(
                {"id": page["id"], "text": found.text, "title": found.title, "date": found.date, "authors": authors}
            )
    return answers, time.process_time() - began


if __name__ == "__main__":
    main()
