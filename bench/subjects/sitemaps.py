"""Sitemaps: single files, traps, and whole sites from robots.txt down."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from ada_url import URL

from subjects.scoring import OURS, NotAsked, Reader, Row, Subject, reader

ADDRESS = "https://news.example/sitemap.xml"


@dataclass
class Read:
    """What a reader made of a sitemap: the addresses in order; of each page what is told of it."""

    pages: list[str]
    sitemaps: list[str] = field(default_factory=list)
    titles: list[str | None] = field(default_factory=list)
    published: list[datetime | None] = field(default_factory=list)
    lastmods: list[datetime | None] = field(default_factory=list)


def part(row: Row) -> str | None:
    if row["kind"] == "site":
        return "whole sites"
    return "files" if row["kind"] == "file" else "traps"


def judge(row: Row, read: Read) -> list[str]:
    return _judge_site(row, read) if row["kind"] == "site" else _judge_file(row["expected"], read)


def _judge_site(row: Row, read: Read) -> list[str]:
    """Of a sitemap that is cut, the last address may count or not; of a bomb, the page beside it."""
    got, told = set(map(_normal, read.pages)), set(map(_normal, row["expected"]["pages_of_robots_sitemaps"]))
    if got == told:
        return []
    if "prematurely" in row["id"] and told - got and len(told - got) == 1 and got < told:
        return []
    if "billion_laughs" in row["id"] and not got:
        return []
    return [f"{len(got - told)} pages too many, {len(told - got)} missing"]


def _judge_file(expected: Row, read: Read) -> list[str]:
    wrong = []
    got = [_normal(url) for url in read.pages]
    if expected.get("pages") is not None and list(map(_normal, expected["pages"])) != got:
        wrong.append(f"pages {got[:3]}…, {expected['pages'][:3]}… expected")
    if expected.get("sitemaps") is not None and list(map(_normal, expected["sitemaps"])) != list(
        map(_normal, read.sitemaps)
    ):
        wrong.append(f"sitemaps {read.sitemaps[:3]}…, {expected['sitemaps'][:3]}… expected")
    wrong += [f"lacks {url}" for url in expected.get("must_have") or [] if _normal(url) not in got]
    if len(got) < (expected.get("min_pages") or 0):
        wrong.append(f"{len(got)} pages, at least {expected['min_pages']} expected")
    if (leak := expected.get("must_not_contain")) and leak in repr(read):
        wrong.append("gives away a file of this machine")
    if "date" in expected and read.pages:
        wrong += _judge_date("published", expected["date"], read.published[0])
    for told, title, published, lastmod in zip(
        expected.get("fields") or [], read.titles, read.published, read.lastmods, strict=False
    ):
        if told.get("title") and told["title"] != title:
            wrong.append(f"title {title!r}, {told['title']!r} expected")
        if told.get("publication_date"):
            wrong += _judge_date("published", _utc(told["publication_date"]), published)
        if told.get("lastmod"):
            wrong += _judge_date("lastmod", _utc(told["lastmod"]), lastmod)
    return wrong


def _judge_date(what: str, told: str | None, got: datetime | None) -> list[str]:
    """What is told only to the day or month is compared so far."""
    found = got.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if got else ""
    return [] if found.startswith(told or "-") or (not told and not found) else [f"{what} {found}, {told} expected"]


def _utc(told: str) -> str:
    if "T" not in told:
        return told
    moment = datetime.fromisoformat(told)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _normal(url: str) -> str:
    try:
        return str(URL(url).href)
    except ValueError:
        return url


def ours() -> Callable[[Row], Read]:
    from newsdesk.discover.sitemaps import parse_sitemap

    try:
        read_tree = import_module("newsdesk.discover.tree").read_tree
    except ImportError:  # this version reads no trees
        read_tree = None

    def read(row: Row) -> Read:
        if row["kind"] == "site":
            if read_tree is None:
                raise NotAsked
            from newsdesk.fetch.robots import parse_robots

            # Named by robots.txt, asked for one by one: the same that `sources add` does.
            robots = row["responses"].get(row["start"] + "robots.txt")
            start = parse_robots(_body(robots)).sitemaps if robots and robots["status"] == 200 else ()
            tree = read_tree(lambda address, lastmod: _answer(row, address), start)
            return Read([link.url for link in tree.pages])
        found = parse_sitemap(base64.b64decode(row["bytes_b64"]), row["content_type"], ADDRESS)
        return Read(
            [link.url for link in found.pages], list(found.sitemaps), [link.title for link in found.pages],
            [link.published for link in found.pages], [link.updated for link in found.pages],
        )  # fmt: skip

    return read


def _body(response: Row) -> bytes:
    return base64.b64decode(response["body_b64"])


def _answer(row: Row, address: str) -> bytes | None:
    response = row["responses"].get(address)
    return _body(response) if response and response["status"] == 200 else None


def usp() -> Callable[[Row], Read]:
    import logging

    from usp.fetch_parse import SitemapFetcher
    from usp.objects.sitemap import AbstractSitemap, InvalidSitemap
    from usp.tree import sitemap_tree_for_homepage
    from usp.web_client.abstract_client import (
        AbstractWebClient,
        AbstractWebClientSuccessResponse,
        WebClientErrorResponse,
    )

    logging.getLogger("usp").setLevel(logging.CRITICAL)

    class Answer(AbstractWebClientSuccessResponse):
        def __init__(self, url: str, data: bytes, headers: dict[str, str]) -> None:
            self._url, self._data = url, data
            self._headers = {name.lower(): value for name, value in headers.items()}

        def status_code(self) -> int:
            return 200

        def status_message(self) -> str:
            return "OK"

        def header(self, case_insensitive_name: str) -> str | None:
            return self._headers.get(case_insensitive_name.lower())

        def raw_data(self) -> bytes:
            return self._data

        def url(self) -> str:
            return self._url

    class Stored(AbstractWebClient):
        """Answers from the row instead of the network."""

        def __init__(self, row: Row) -> None:
            self._row = row

        def set_max_response_data_length(self, max_response_data_length: int | None) -> None:
            pass

        def get(self, url: str) -> Any:
            if self._row["kind"] == "site":
                found = self._row["responses"].get(url)
                if found and found["status"] == 200:
                    return Answer(url, _body(found), found["headers"])
            elif url == ADDRESS:
                kind = self._row["content_type"]
                return Answer(url, base64.b64decode(self._row["bytes_b64"]), {"Content-Type": kind} if kind else {})
            return WebClientErrorResponse("404 Not Found", retryable=False)

    def read(row: Row) -> Read:
        client = Stored(row)
        tree: AbstractSitemap
        if row["kind"] == "site":
            tree = sitemap_tree_for_homepage(row["start"], web_client=client, use_known_paths=False)
        else:
            tree = SitemapFetcher(ADDRESS, 0, client).sitemap()
        if isinstance(tree, InvalidSitemap):
            return Read([])
        pages = list(tree.all_pages())
        return Read(
            [page.url for page in pages], [sub.url for sub in tree.sub_sitemaps],
            [page.news_story.title if page.news_story else None for page in pages],
            [page.news_story.publish_date if page.news_story else None for page in pages],
            [page.last_modified for page in pages],
        )  # fmt: skip

    return read


def readers() -> list[Reader]:
    return [Reader(OURS, ours()), reader("ultimate-sitemap-parser", "ultimate-sitemap-parser", usp)]


SITEMAPS = Subject(
    "sitemaps", "sitemaps",
    "A row is right when pages and further sitemaps are the told ones in the told order, and what is told of them "
    "agrees. Addresses are compared as WHATWG URLs. Sites: what robots.txt leads to; of a cut sitemap the last "
    "address may count or not.",
    part, readers, judge, speed_of="files",
)  # fmt: skip
