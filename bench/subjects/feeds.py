"""Feeds: RSS, Atom, RDF, CDF and JSON Feed, whole ones, single elements, and traps."""

from __future__ import annotations

import base64
import calendar
import html
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ada_url import URL

from subjects.scoring import OURS, Reader, Row, Subject, reader

BASE = "https://news.example/feed.xml"
_COMPARED = {"link", "title", "published", "updated", "date", "id"}
_NO_PAGE = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)  # tag: and urn: are no addresses of pages
_TAG = re.compile(r"<[^<>]*>")


@dataclass
class Read:
    """What a reader made of a feed. Times are ISO 8601, UTC, whole seconds."""

    failed: bool
    entries: list[dict[str, str | None]] = field(default_factory=list)


def part(row: Row) -> str | None:
    expected = row["expected"]
    if expected.get("lenient") or expected["by"] == "disputed" or not _comparable(expected):
        return None
    if expected.get("not_a_feed") and body(row).startswith(b"\x1f\x8b"):
        return None  # a gzipped feed, whose trap is lenient too
    return {"unit": "single elements", "whole": "whole feeds", "trap": "traps"}[row["kind"]]


def _comparable(expected: Row) -> bool:
    whole = {"n", "must_have", "must_fail", "max_seconds", "must_not_contain"}
    return bool(whole & expected.keys()) or any(_COMPARED & entry.keys() for entry in expected.get("entries") or [])


def judge(row: Row, read: Read) -> list[str]:
    expected = row["expected"]
    wrong = []
    links = [entry["link"] for entry in read.entries]
    if expected.get("must_fail") and (read.entries or not read.failed):
        wrong.append("should be told as a failure")
    if expected.get("n") is not None and len(read.entries) != expected["n"]:
        wrong.append(f"{len(read.entries)} entries, {expected['n']} expected")
    wrong += [f"lacks {url}" for url in expected.get("must_have") or [] if url not in links]
    if (leak := expected.get("must_not_contain")) and leak in repr(read):
        wrong.append(f"contains {leak!r}")
    strictly = expected["by"] == "ours"
    for at, (told, got) in enumerate(zip(expected.get("entries") or [], read.entries, strict=False)):
        wrong += [
            f"{key} of {at}: {_got(got, key)!r}, {told[key]!r} expected"
            for key in sorted(_COMPARED & told.keys())
            if not _agrees(key, told[key], _got(got, key), base(row), strictly)
        ]
    return wrong


def _got(entry: dict[str, str | None], key: str) -> str | None:
    return (entry["published"] or entry["updated"]) if key == "date" else entry[key]


def _agrees(key: str, told: str | None, got: str | None, base: str, strictly: bool) -> bool:
    if key == "link":
        return _same_link(told, got, base)
    if key == "title" and "\ufffd" in (told or ""):  # the majority could not read its characters
        return bool(re.fullmatch(".{1,3}".join(map(re.escape, re.split("\ufffd+", _plain(told)))), _plain(got)))
    if key == "title":
        return _plain(told) == _plain(got) or (
            not strictly and _plain(html.unescape(told or "")) == _plain(html.unescape(got or ""))
        )
    return (told or None) == (got or None)


def _same_link(told: str | None, got: str | None, base: str) -> bool:
    """Written alike, or the same address after joining to the base; `http://a` is `http://a/`."""
    told, got = (None if not link or _NO_PAGE.match(link) else link for link in (told, got))
    if told is None or got is None:
        return told == got
    return told == got or _href(told, base) == _href(got, base)


def _href(link: str, base: str) -> str:
    """As a browser reads it: `http://a` is `http://a/`, `^` is `%5E`."""
    try:
        return str(URL(link, base).href).rstrip("/")
    except ValueError:
        return link


def _plain(title: str | None) -> str:
    return " ".join(_TAG.sub("", title or "").split())


def base(row: Row) -> str:
    """The address that the feed came from. feedparser serves its own tests from a fixed one."""
    told = row["expected"].get("resolved_with") or (row.get("headers") or {}).get("Content-Location") or ""
    if not told and row["id"].startswith("feedparser/"):
        told = f"http://127.0.0.1:8097/tests/{row['id'].removeprefix('feedparser/')}"
    return told if isinstance(told, str) and told.startswith("http") else BASE


def body(row: Row) -> bytes:
    return base64.b64decode(row["bytes_b64"])


def ours() -> Callable[[Row], Read]:
    from newsdesk.discover.feeds import parse_feed

    def read(row: Row) -> Read:
        feed = parse_feed(body(row), row["content_type"], base(row))
        return Read(
            feed.problem is not None,
            [
                {
                    "link": e.url,
                    "title": e.title,
                    "published": _iso(e.published),
                    "updated": _iso(e.updated),
                    "id": e.id,
                }
                for e in feed.entries
            ],
        )

    return read


def feedparser_6() -> Callable[[Row], Read]:
    import feedparser

    def read(row: Row) -> Read:
        # Without the media type: of text/xml it would believe that the feed is ASCII. This gives it its best score.
        headers = {"content-location": base(row), **(row.get("headers") or {})}
        if "charset" in (row["content_type"] or ""):
            headers["content-type"] = row["content_type"]
        found = feedparser.parse(io.BytesIO(body(row)), response_headers=headers)
        return Read(
            not found.get("version") or (bool(found.bozo) and not found.entries),
            [
                {"link": e.get("link"), "title": e.get("title"), "published": _struct(e, "published"),
                 "updated": _struct(e, "updated"), "id": e.get("id")}
                for e in found.entries
            ],
        )  # fmt: skip

    return read


def fast() -> Callable[[Row], Read]:
    import fastfeedparser

    def read(row: Row) -> Read:
        try:
            found = fastfeedparser.parse(body(row))
        except ValueError:  # its way to say that this is no feed
            return Read(failed=True)
        return Read(
            failed=False,
            entries=[
                {"link": e.get("link"), "title": e.get("title"), "published": _text(e.get("published")),
                 "updated": _text(e.get("updated")), "id": e.get("id")}
                for e in found.entries
            ],
        )  # fmt: skip

    return read


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _struct(entry: Any, name: str) -> str | None:
    # `in` first: asked for a missing `updated`, feedparser answers with `published`
    parsed = entry.get(f"{name}_parsed") if name in entry else None
    return _iso(datetime.fromtimestamp(calendar.timegm(parsed), UTC)) if parsed else None


def _text(moment: str | None) -> str | None:
    if not moment:
        return None
    try:
        return _iso(datetime.fromisoformat(moment))
    except ValueError:
        return moment


def readers() -> list[Reader]:
    return [
        Reader(OURS, ours()),
        reader("feedparser", "feedparser", feedparser_6),
        reader("fastfeedparser", "fastfeedparser", fast),
    ]


FEEDS = Subject(
    "feeds", "feeds",
    "A row is right when the number of entries and each told link, title and date agree; where the data has the "
    "majority of several readings, those of the libraries here are among them. Left out: rows that only tell the "
    "feed's own fields, and those whose outcome may be argued.",
    part, readers, judge, speed_of="whole feeds",
)  # fmt: skip
