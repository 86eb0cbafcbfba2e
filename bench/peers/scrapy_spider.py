"""A Scrapy spider as most are written: feeds give the requests, the callback hands the page to trafilatura."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import scrapy
from common import THREADS, Table, arguments
from scrapy.crawler import CrawlerProcess
from trafilatura import bare_extraction

DSN, FEEDS = arguments()
TABLE = Table(DSN)


class News(scrapy.spiders.XMLFeedSpider):
    name = "news"
    start_urls = FEEDS
    itertag = "item"

    def parse_node(self, response: Any, node: Any) -> Iterator[Any]:
        yield scrapy.Request(node.xpath("link/text()").get(), callback=self.page)

    def page(self, response: Any) -> None:
        document = bare_extraction(response.text, url=response.url, with_metadata=True)
        if document is not None:
            TABLE.put(response.url, document.title, document.text, document.author, document.date, document.language)


crawler = CrawlerProcess({
    "LOG_ENABLED": False, "ROBOTSTXT_OBEY": True, "CONCURRENT_REQUESTS": THREADS, "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "TELNETCONSOLE_ENABLED": False,
})  # fmt: skip
crawler.crawl(News)
crawler.start()
TABLE.commit()
