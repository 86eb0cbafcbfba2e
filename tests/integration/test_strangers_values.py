"""Whatever strangers send, no step ends by it: each of these values goes from discover to publish by real HTTP, beside a
healthy source whose articles are published.
"""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from foreign_imports import STORIES, page_of
from in_process import ingest_here
from newsdesk import visiting
from newsdesk.desk import Desk
from newsdesk.settings import read_settings
from newsdesk.store.database import rows, transaction
from scripted_site import Answer, Site, open_site

HEALTHY = ("council-opens-the-new-bridge", "ferry-aground-off-the-port", "school-closes-for-the-winter")
TOKEN = "".join(random.Random(7).choices(string.ascii_lowercase + string.digits, k=2_100))
LONG = "".join(random.Random(8).choices(string.ascii_lowercase, k=4_000))
WWW = ".".join(random.Random(9).choices([f"ww{n}" for n in range(100)], k=1_600))  # none of it is in a key
HTML = {"Content-Type": "text/html; charset=utf-8"}

PAGES = {  # name -> what its page has beside a story: in its head, in its text
    "port-twice": ('<link rel="canonical" href="https://www.example.com:80:80/story">', ""),
    "empty-label": ('<link rel="canonical" href="https://www..example.com/x">', ""),
    "placeholder": ('<link rel="canonical" href="https://%%HOST%%/x">', ""),
    "long-canonical": (f'<link rel="canonical" href="/x?token={TOKEN}">', ""),
    "long-name": ("", f"J. K{LONG} said so, and {LONG.title()} Ltd of Paris agreed with J. K{LONG} on Monday."),
    "odd-characters": ('<meta property="article:section" content="a&#0;b&#xd800;c">', "A&#0;b &#xdfff; c \x07 \ufffe."),
}


@dataclass
class Web:
    """Sites on loopback, and a newsroom that reads them."""

    desk: Desk
    stack: ExitStack
    stories: Iterator[Any] = field(default_factory=lambda: cycle(STORIES))

    def open(self) -> Site:
        return self.stack.enter_context(open_site())

    def source(self, name: str, home: Site, *endpoints: str) -> None:
        lines = [f"id: {name}", f"name: {name}", f"homepage: {home.base}/", "allow_private: true", "crawl_delay: 0"]
        lines += ["endpoints:", *(f"  - {endpoint}" for endpoint in endpoints)] if endpoints else []
        (Path(self.desk.settings.sources) / f"{name}.yaml").write_text("\n".join(lines) + "\n")

    def page(self, head: str = "", more: str = "") -> bytes:
        _, _, page = page_of(next(self.stories), more=more)
        return page.replace(b"<head>", b"<head>" + head.encode())

    def ask(self, sql: str) -> list[dict[str, Any]]:
        with transaction(self.desk.dsn) as cursor:
            cursor.execute(sql)
            return rows(cursor)


@pytest.fixture
def web(dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setattr(visiting, "LONGEST_DELAY", 0.05)
    (tmp_path / "sources").mkdir()
    settings = read_settings({
        "NEWSDESK_HOME": str(tmp_path), "NEWSDESK_SOURCES": str(tmp_path / "sources"),
        "NEWSDESK_ARCHIVE": str(tmp_path / "archive"), "NEWSDESK_FETCH_DEADLINE": "3", "NEWSDESK_CRAWL_DELAY": "0",
    })  # fmt: skip
    with ExitStack() as stack:
        yield Web(Desk(settings, dsn), stack)


def build(web: Web) -> tuple[Site, Site]:
    """The site of the healthy source, and the one whose endpoints are looked for."""
    good, bad = web.open(), web.open()
    good.answers = {f"/{name}": Answer(web.page(), HTML) for name in HEALTHY}
    good.answers["/rss"] = Answer(good.rss(*HEALTHY), {"ETag": '"a\0b"'})
    web.source("healthy", good, f"feed: {good.base}/rss")

    for name, (head, more) in PAGES.items():
        bad.answers[f"/story-of-the-{name}"] = Answer(web.page(head, more), HTML)
    bad.answers["/story-of-the-long-redirect"] = Answer(b"", {"Location": f"/arrived?token={TOKEN}"}, 302)
    bad.answers[f"/arrived?token={TOKEN}"] = Answer(web.page(), HTML)
    bad.answers["/story-of-the-odd-type"] = Answer(b"x", {"Content-Type": "image/x\0y"})
    bad.answers["/story-of-the-odd-redirect"] = Answer(b"", {"Location": "http://a/\0"}, 302)
    names = [*PAGES, "long-redirect", "odd-type", "odd-redirect"]
    bad.answers["/rss"] = Answer(bad.rss(*(f"story-of-the-{name}" for name in names)))
    items = [
        {"id": "1\0", "url": "/json-nul", "title": "a\0b"},
        {"id": "2", "url": "/json-half", "title": "a\ud800b"},
        {"id": "3", "url": f"https://{WWW}.example.com/story-of-the-long-host-123456", "title": "c"},
        {"id": "4", "url": "https://a.example/\ud800", "title": "d"},
    ]
    bad.answers["/feed.json"] = Answer(
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()
    )
    title = base64.b64encode(b"a\0b").decode()
    bad.answers["/atom"] = Answer(
        f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a\u0001</id><link href="{bad.base}/atom-nul"/>'
        f'<title type="image/x">{title}</title></entry></feed>'.encode()
    )
    bad.answers["/moved"] = Answer(b"", {"Location": "http://a/\0"}, 302)
    bad.answers["/section"] = Answer(b"x", {"Content-Type": "image/x\0"})
    bad.answers["/map"] = Answer(b"<sitemapindex><sitemap><loc>https://a..b/x</loc></sitemap></sitemapindex>")
    web.source(
        "bad", bad, *(f"feed: {bad.base}{path}" for path in ("/rss", "/feed.json", "/atom", "/moved")),
        f"section: {bad.base}/section", f"sitemap: {bad.base}/map",
    )  # fmt: skip

    robots = {
        "multipart": Answer(b"", {"Content-Type": "multipart/x\0y"}),
        "huge-delay": Answer(b"User-agent: *\nCrawl-delay: 1e39"),
        "tiny-delay": Answer(b"User-agent: *\nCrawl-delay: 1e-60"),
    }
    for name, answer in robots.items():  # its feed lies elsewhere, so that its host is met by fetching
        home = web.open()
        home.answers = {"/robots.txt": answer, f"/story-of-the-{name}": Answer(web.page(), HTML)}
        good.answers[f"/{name}.xml"] = Answer(home.rss(f"story-of-the-{name}"))
        web.source(name, home, f"feed: {good.base}/{name}.xml")

    sought = web.open()
    sought.answers["/"] = Answer(
        f'<link rel="alternate" type="application/rss+xml" href="/rss?utm_source={LONG}">'.encode(), HTML
    )
    sought.answers[f"/rss?utm_source={LONG}"] = Answer(
        sought.rss(*(f"world/story-number-{n}-of-day" for n in range(9)))
    )
    web.source("sought", sought)
    return good, sought


def test_no_value_of_a_stranger_ends_a_step_or_the_next_run(web: Web) -> None:
    good, sought = build(web)
    ended = ingest_here(web.desk)
    assert ended.failures == []
    assert set(ended.counts) >= {"discover", "deduplicate", "publish"}
    found = {row["url"].rpartition("/")[2]: row["outcome"] for row in web.ask("SELECT url, outcome FROM ops.frontier")}
    published = (*HEALTHY, *(f"story-of-the-{name}" for name in (*PAGES, "long-redirect", "huge-delay", "tiny-delay")))
    assert found == {  # neither the host of 1,600 labels nor the half character is a URL
        **dict.fromkeys(published, "published"), **dict.fromkeys(("json-nul", "json-half", "atom-nul"), "gone"),
        "story-of-the-odd-type": "wrong_type", "story-of-the-odd-redirect": "blocked_address", "story-of-the-multipart": "wrong_type",
    }  # fmt: skip
    assert web.ask("SELECT 1 FROM ops.visit WHERE settled_at IS NULL") == []
    titles = {
        row["title"] for row in web.ask("SELECT title FROM ops.frontier WHERE url LIKE '%-nul' OR url LIKE '%-half'")
    }
    assert titles == {"ab", "a?b"}
    failed = {
        row["url"].rpartition("/")[2]: row["outcome"]
        for row in web.ask("SELECT url, outcome FROM ops.endpoint WHERE outcome IS NOT NULL")
    }
    assert failed == {"moved": "blocked_address", "section": "wrong_type", "map": "blocked_address"}
    assert f"/rss?utm_source={LONG}" in [path for path, _, _ in sought.asked]
    assert web.ask("SELECT kind, url FROM ops.endpoint WHERE source_id = 'sought'") == [  # in place of that feed
        {"kind": "section", "url": f"{sought.base}/"}
    ]

    again = ingest_here(web.desk)
    assert again.failures == []
    assert "publish" in again.counts
    assert good.polls("/rss") == [(None, None), ('"a b"', None)]
