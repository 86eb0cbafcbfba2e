"""news-please as a library: requests fetches in threads, `NewsPlease.from_html` reads, without its fetching of images.

Its own `from_url` asks for the images of each page at their hosts, which a bench on loopback must not.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import re

from common import THREADS, Table, arguments, get
from newsplease import NewsPlease


def main() -> None:
    dsn, feeds = arguments()
    table = Table(dsn)
    with ThreadPoolExecutor(THREADS) as pool:
        found = [link for feed in pool.map(_fetch, feeds) for link in re.findall(r"<item><link>([^<]+)", feed)]
        for url, html in zip(found, pool.map(_fetch, found), strict=True):
            try:
                article = NewsPlease.from_html(html, url=url, fetch_images=False)
            except Exception as error:  # noqa: BLE001 - a page that it cannot read is its loss, not the run's
                print(f"{url}: {error!r}"[:300], file=sys.stderr)
                continue
            if article is not None:
                authors = ", ".join(article.authors or [])
                table.put(url, article.title, article.maintext, authors, article.date_publish, article.language)
    table.commit()


def _fetch(url: str) -> str:
    return get(url).text


main()
