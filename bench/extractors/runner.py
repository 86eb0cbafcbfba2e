"""The process of one tool: `python runner.py TOOL SECONDS`. Pickled pages in on stdin, pickled answers out on stdout.

It runs in whatever environment has the tool, so at its top it imports the standard library alone. A frame is a length
(8 bytes, big-endian) and that many bytes. First out: {"tool", "version"} once the tool has read a page, or
{"missing": why}. Then for each page {"url", "html" (bytes), "text" (the same, decoded)} one answer:
{"text", "title", "authors", "date" (YYYY-MM-DD), "published" (ISO 8601 with zone), "outcome", "cpu" (seconds)},
each absent where the tool does not tell it, or {"error", "cpu"}. An alarm ends it SECONDS after a page came, should
the parent no longer be there to do so.
"""

from __future__ import annotations

import logging
import os
import pickle
import re
import resource
import signal
import struct
import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, BinaryIO

LENGTH = struct.Struct(">Q")
MEMORY = 4 << 30  # bytes of address space; a tool beyond it fails on that page
Answer = dict[str, Any]
Read = Callable[[bytes, str, str], Answer]  # (bytes of the page, the same as text, URL)

# As that of newsdesk.extract.worker: what a tool loads at its first use is not counted for the first page that needs it.
_WARM_UP = (
    "<html lang=en><head><title>The bridge is open again</title></head><body><article><h1>The bridge is open again</h1>"
    "<p class='date'>the 2nd of Wintermonth 2026 at 14:05</p><p>After two years of work the bridge over the river was "
    "opened by the town's mayor, to the sound of a band.</p><p>Some hundred people came to see it, and the first of them "
    "had crossed it before the ribbon was cut.</p></article></body></html>"
)


def newsdesk() -> Read:
    from trafilatura.external import jt_stoplist_init

    from newsdesk.extract.page import extract
    from newsdesk.model import Page

    jt_stoplist_init()  # loaded for a page in fifty, and not counted for it

    def read(html: bytes, text: str, url: str) -> Answer:
        found = extract(Page(url, html, fetched_at=datetime.now(UTC)))
        return {
            "text": found.text, "title": found.title, "authors": list(found.authors), **_when(found.published),
            "date": found.published_day.isoformat() if found.published_day else None,
            "outcome": str(found.outcome or "article"),
        }  # fmt: skip

    return read


def trafilatura(**options: Any) -> Callable[[], Read]:
    def make() -> Read:
        from trafilatura import bare_extraction
        from trafilatura.external import jt_stoplist_init

        jt_stoplist_init()

        def read(html: bytes, text: str, url: str) -> Answer:
            found = bare_extraction(html, url=url, with_metadata=True, **options)
            if found is None:
                return {}
            authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
            return {"text": found.text, "title": found.title, "authors": authors, "date": found.date}

        return read

    return make


def newspaper4k() -> Read:
    from newspaper import Article, Config

    config = Config()
    config.fetch_images = False
    config.disable_category_cache = True

    def read(html: bytes, text: str, url: str) -> Answer:
        article = Article(url, config=config)
        article.download(input_html=text)
        article.parse()
        return {
            "text": article.text, "title": article.title, "authors": list(article.authors),
            **_when(article.publish_date),
        }  # fmt: skip

    return read


def news_please() -> Read:
    from newsplease import NewsPlease

    def read(html: bytes, text: str, url: str) -> Answer:
        found = NewsPlease.from_html(text, url=url, fetch_images=False)
        return {
            "text": found.maintext, "title": found.title, "authors": list(found.authors or []),
            **_when(found.date_publish),
        }  # fmt: skip

    return read


def readability() -> Read:
    from lxml.html import document_fromstring
    from readability import Document

    def read(html: bytes, text: str, url: str) -> Answer:
        document = Document(text, url=url)
        summary = document.summary(html_partial=True)
        return {"text": _plain(document_fromstring(summary)) if summary else "", "title": document.short_title()}

    return read


def resiliparse() -> Read:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def read(html: bytes, text: str, url: str) -> Answer:
        tree = HTMLTree.parse(text)
        return {"text": extract_plain_text(tree, main_content=True, alt_texts=False), "title": tree.title}

    return read


def goose3() -> Read:
    from goose3 import Configuration, Goose

    config = Configuration()
    config.enable_image_fetching = False
    goose = Goose(config)

    def read(html: bytes, text: str, url: str) -> Answer:
        found = goose.extract(raw_html=text)
        told = found.publish_datetime_utc or found.publish_date
        return {"text": found.cleaned_text, "title": found.title, "authors": list(found.authors or []), **_when(told)}

    return read


def justext() -> Read:
    from justext import get_stoplist, get_stoplists
    from justext import justext as classify

    names = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
             "nl": "Dutch", "pl": "Polish", "ru": "Russian", "sv": "Swedish", "da": "Danish", "cs": "Czech",
             "fi": "Finnish", "hu": "Hungarian", "tr": "Turkish", "uk": "Ukrainian", "ro": "Romanian", "el": "Greek",
             "nb": "Norwegian_Bokmal", "no": "Norwegian_Bokmal", "id": "Indonesian"}  # fmt: skip
    stop_words = {code: get_stoplist(name) for code, name in names.items() if name in get_stoplists()}
    lang = re.compile(r"<html[^>]{0,500}?\blang\s*=\s*[\"']?([a-z]{2})", re.IGNORECASE)

    def read(html: bytes, text: str, url: str) -> Answer:
        told = lang.search(text[:5000])
        words = stop_words.get(told[1].lower() if told else "en", stop_words["en"])
        return {"text": "\n".join(part.text for part in classify(html, words) if not part.is_boilerplate)}

    return read


# name -> (package, what makes its reader)
TOOLS: dict[str, tuple[str, Callable[[], Read]]] = {
    "newsdesk": ("newsdesk", newsdesk),
    "trafilatura": ("trafilatura", trafilatura()),
    "trafilatura fast": ("trafilatura", trafilatura(fast=True)),
    "trafilatura precision": ("trafilatura", trafilatura(favor_precision=True)),
    "trafilatura recall": ("trafilatura", trafilatura(favor_recall=True)),
    "trafilatura comments off": ("trafilatura", trafilatura(include_comments=False)),
    "newspaper4k": ("newspaper4k", newspaper4k),
    "news-please": ("news-please", news_please),
    "readability-lxml": ("readability-lxml", readability),
    "resiliparse": ("resiliparse", resiliparse),
    "goose3": ("goose3", goose3),
    "jusText": ("jusText", justext),
}

_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p "
    "pre section table td th tr ul".split()
)


def _plain(tree: Any) -> str:
    """The text, a line a block: words that only inline tags part stay whole."""
    parts: list[str] = []
    for element in tree.iter():
        if isinstance(element.tag, str) and element.tag in _BLOCKS:
            element.text = "\n" + (element.text or "")
            element.tail = "\n" + (element.tail or "")
    parts.extend(str(text) for text in tree.itertext())
    return "".join(parts)


def _when(told: datetime | date | str | None) -> Answer:
    """`date` as the tool writes the day, and `published` where it knows the zone."""
    if isinstance(told, str):
        return {"date": told[:10]}
    if told is None:
        return {}
    zoned = isinstance(told, datetime) and told.tzinfo is not None
    return {"date": told.isoformat()[:10], "published": told.isoformat() if zoned else None}


def main() -> None:
    package, make = TOOLS[sys.argv[1]]
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not get between the frames
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    try:
        found = "" if package == "newsdesk" else version(package)
        read = make()
    except (PackageNotFoundError, ImportError) as error:
        _write(answers, {"missing": f"{type(error).__name__}: {error}"})
        return
    read(_WARM_UP.encode(), _WARM_UP, "https://www.example.com/bridge")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    _write(answers, {"tool": sys.argv[1], "version": found})
    pages = sys.stdin.buffer
    while head := pages.read(LENGTH.size):
        page = pickle.loads(pages.read(LENGTH.unpack(head)[0]))
        signal.setitimer(signal.ITIMER_REAL, float(sys.argv[2]))
        began = time.process_time()
        try:
            answer = read(page["html"], page["text"], page["url"])
        except Exception as error:  # a tool's fault is what is measured here  # noqa: BLE001
            answer = {"error": f"{type(error).__name__}: {error}"[:200]}
        signal.setitimer(signal.ITIMER_REAL, 0)
        _write(answers, {**answer, "cpu": time.process_time() - began})


def _write(answers: BinaryIO, answer: Answer) -> None:
    body = pickle.dumps(answer)
    answers.write(LENGTH.pack(len(body)) + body)
    answers.flush()


if __name__ == "__main__":
    main()
