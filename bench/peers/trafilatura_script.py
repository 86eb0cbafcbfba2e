"""The script that most begin with: feedparser finds the pages, requests fetches them in threads, trafilatura reads them.

Downloads by trafilatura itself (`fetch_url`, `find_feed_urls`) refuse loopback, so requests stands in for them.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import feedparser
from common import THREADS, Table, arguments, get
from trafilatura import bare_extraction


def main() -> None:
    dsn, feeds = arguments()
    table = Table(dsn)
    with ThreadPoolExecutor(THREADS) as pool:
        found = [entry.link for feed in pool.map(_fetch, feeds) for entry in feedparser.parse(feed).entries]
        for url, html in zip(found, pool.map(_fetch, found), strict=True):
            document = bare_extraction(html, url=url, with_metadata=True)
            if document is not None:
                table.put(url, document.title, document.text, document.author, document.date, document.language)
    table.commit()


def _fetch(url: str) -> bytes:
    return get(url).content


main()
